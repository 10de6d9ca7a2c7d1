"""What goes together: task, activations, loss and targets; and what is chosen for one."""

import numpy as np

from engine.activations import Activation, Linear, Sigmoid, Softmax
from engine.datasets import Task
from engine.knobs import SettingError
from engine.losses import BinaryCrossEntropy, CategoricalCrossEntropy, Loss, MeanSquaredError
from engine.spec import HiddenLayer, NetworkSpec


def check_network(
    spec: NetworkSpec, task: Task, outputs: int, loss: Loss | None = None
) -> tuple[Activation, Loss]:
    """Return output activation and loss, chosen where automatic, if all goes together.

    Raises
    ------
    SettingError
        Naming the setting that does not fit.
    """
    output = output_activation(spec, task)
    loss = loss or automatic_loss(output, task)
    check_output(output, loss, outputs)
    for index, hidden in enumerate(spec.hidden):
        check_hidden(index, hidden)
    return output, loss


def output_activation(spec: NetworkSpec, task: Task) -> Activation:
    """Return the output layer's activation, chosen for the task where it is automatic."""
    automatic = {"classification": Softmax(), "binary": Sigmoid(), "regression": Linear()}
    if task not in automatic:
        raise ValueError(f"task must be one of {', '.join(automatic)}, not {task!r}")
    return spec.output or automatic[task]


def automatic_loss(output: Activation, task: Task) -> Loss:
    """Return cross-entropy for classes where the output is a probability, else squared error."""
    if task != "regression" and isinstance(output, Softmax):
        return CategoricalCrossEntropy()
    if task != "regression" and isinstance(output, Sigmoid):
        return BinaryCrossEntropy()
    return MeanSquaredError()


def check_output(output: Activation, loss: Loss, outputs: int) -> None:
    """Refuse an output activation and a loss that cannot work together."""
    if isinstance(output, Softmax) and outputs == 1:
        raise SettingError(
            "network.output",
            "softmax needs at least 2 outputs: alone it always says 1; use sigmoid",
        )
    if isinstance(loss, CategoricalCrossEntropy) and not isinstance(output, Softmax):
        raise SettingError(
            "train.loss",
            f"categorical cross-entropy needs a softmax output, not {output.label}",
        )
    if loss.of_probabilities and not (output.low >= 0 and output.high <= 1):
        raise SettingError(
            "train.loss",
            f"{loss.label} needs outputs between 0 and 1 (sigmoid), not {output.label}",
        )


def check_hidden(index: int, hidden: HiddenLayer) -> None:
    """Refuse a hidden layer that could never learn."""
    if isinstance(hidden.activation, Softmax) and hidden.units == 1:
        raise SettingError(
            f"network.hidden[{index}].activation",
            "softmax needs at least 2 neurons: alone it always says 1",
        )


def check_targets_suit(loss: Loss, y: np.ndarray) -> None:
    """Refuse targets (rows, outputs) outside [0, 1] for a loss of probabilities."""
    if loss.of_probabilities and (y.min() < 0 or y.max() > 1):
        raise SettingError(
            "train.loss",
            f"{loss.label} needs targets between 0 and 1, not {y.min():g} to {y.max():g}",
        )
