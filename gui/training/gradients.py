"""The loss's gradient where the training stands; lives in the worker's thread."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from engine.trainer import Trainer
from engine.update import penalty_gradient

PATIENCE = 8.0
"""How many times its own cost a gradient rests: 8 is at most 11 % of the time."""


@dataclass(frozen=True, eq=False)
class Slopes:
    """The loss's gradients by every parameter, read-only.

    Attributes
    ----------
    weights : tuple of ndarray (fan_in, fan_out)
        ∂L/∂W, one for each layer.
    biases : tuple of ndarray (fan_out,) or None
        ∂L/∂b likewise, None where a layer has no bias.
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray | None, ...]


class Gradients:
    """The gradients of the next batch, worked out anew as the network learns.

    Attributes
    ----------
    seen : Slopes or None
        The newest.
    version : int
        Counts them.
    """

    def __init__(self) -> None:
        self.seen: Slopes | None = None
        self.version = 0
        self._of: tuple[object, ...] = ()
        self._due = 0.0

    def work(self, trainer: Trainer, hurry: bool) -> bool:
        """Work them out if the network is another by now, and it is time or there is a hurry."""
        started = perf_counter()
        if not hurry and started < self._due:
            return False
        parameters = trainer.network.parameters
        stage = (trainer, trainer.epoch, trainer.batch, np.add.reduce(parameters).tobytes())
        if stage == self._of:
            return False
        self.seen, self._of = loss_gradients(trainer), stage
        self.version += 1
        ended = perf_counter()
        self._due = ended + PATIENCE * (ended - started)
        return True


def loss_gradients(trainer: Trainer) -> Slopes:
    """Return the gradients of the next batch of a training.

    It is the definition's gradient, penalties included and with every neuron taking part:
    what the optimizer is about to be given, but for dropout and clipping.
    """
    network, train, rows = trainer.network, trainer.experiment.train, trainer.rows_of_batch
    x = trainer.x_train[rows]
    y = trainer.dataset.y_train[rows].astype(network.dtype, copy=False)
    with np.errstate(all="ignore"):  # where the training diverges, its gradients do
        _outputs, caches = network.forward(x)
        scale = 1.0 / len(rows) if train.reduction == "mean" else 1.0
        flat = network.backward(caches, y, scale) + penalty_gradient(network, train)
    flat.flags.writeable = False
    return Slopes(
        tuple(network.block_of(flat, weights) for weights in network.weights),
        tuple(None if b is None else network.block_of(flat, b) for b in network.biases),
    )
