"""What the window draws: one frozen state of the training, made by the worker thread."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from engine.datasets import Task

if TYPE_CHECKING:
    from gui.training.overview import Seen
    from gui.training.watched import Watched


@dataclass(frozen=True)
class Shape:
    """What the picture's geometry depends on; a new one lays the drawing out afresh.

    Attributes
    ----------
    sizes : tuple of int
        Neurons of each layer, the inputs first: ``(64, 64, 10)``.
    activations : tuple of str
        Label of each layer's activation, the inputs left out: ``('ReLU', 'Softmax')``.
    image_shape : (int, int) or None
        Height and width where the inputs are an image.
    input_names, output_names : tuple of str
        What the inputs and the outputs are called.
    task : str
        ``'classification'``, ``'binary'`` or ``'regression'``.
    switched_off : tuple of tuple of int
        For each layer, the inputs first, the neurons that always say 0; empty if none does.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    image_shape: tuple[int, int] | None
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    task: Task
    switched_off: tuple[tuple[int, ...], ...] = ()

    def is_off(self, layer: int, neuron: int) -> bool:
        """Return whether a neuron is switched off; layer 0 are the inputs."""
        return layer < len(self.switched_off) and neuron in self.switched_off[layer]


@dataclass(frozen=True)
class Probe:
    """One example that is shown flowing through the network.

    Attributes
    ----------
    source : {'row', 'drawing'}
        A row of the data, or what the person drew.
    x : ndarray (fan_in,)
        Its inputs, as the network receives them.
    label : int or None
        The true class where it is known.
    activations : tuple of ndarray
        The output of every layer, the input first; the last is the network's answer.
    caption : str
        What it is called; empty for what its source says.
    """

    source: Literal["row", "drawing"]
    x: np.ndarray
    label: int | None
    activations: tuple[np.ndarray, ...]
    index: int = -1
    caption: str = ""

    @property
    def outputs(self) -> np.ndarray:
        """The network's answer, (outputs,)."""
        return self.activations[-1]


@dataclass(frozen=True)
class Frame:
    """The newest state of the training, with everything the window shows of it.

    Attributes
    ----------
    generation : int
        Counts restarts; a frame of an older generation is stale.
    epoch, batch, batches_per_epoch : int
        Completed epochs, the next batch in this one, and how many there are.
    weights : tuple of ndarray
        One ``(fan_in, fan_out)`` for each layer; read-only copies.
    biases : tuple of ndarray or None
        One ``(fan_out,)`` for each layer, None where it has no bias.
    shape : Shape
        The same object as long as the architecture stays.
    probe : Probe or None
        The example shown.
    reading : Reading or None
        How the drawing was read; None where nothing is drawn.
    seen : Seen or None
        What is looked at less often: the surface over two inputs, the answers to all test
        rows, how well a number is predicted, the network's health.
    watched : Watched or None
        How the drawings of :meth:`gui.session.Session.watch` are read.
    gradients, bias_gradients : tuple of ndarray or None
        ∂L/∂W and ∂L/∂b of the next batch, shaped like `weights` and `biases`, where the window
        asked for them.
    sits_out : tuple of ndarray (units,) of bool or None
        For each layer who sat out the last training step, or its first row where a batch has
        several; None where a layer has no dropout, empty where none has.
    walked : bool
        Whether an update is being stepped through; who sits out then does so in that one.
    trained : bool
        Whether this is the trained network that comes with the program, in place of the one
        in training.
    varied : bool
        Whether the rows of the epoch under way are mixed with augmented copies.
    """

    generation: int
    epoch: int
    batch: int
    batches_per_epoch: int
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray | None, ...]
    shape: Shape
    probe: Probe | None = None
    reading: Any = None
    learning_rate: float = field(default=float("nan"))
    seen: "Seen | None" = None
    watched: "Watched | None" = None
    gradients: tuple[np.ndarray, ...] | None = None
    bias_gradients: tuple[np.ndarray | None, ...] | None = None
    sits_out: tuple[np.ndarray | None, ...] = ()
    walked: bool = False
    trained: bool = False
    varied: bool = False

    @property
    def maps(self) -> tuple[np.ndarray | None, ...] | None:
        """What every neuron says all over the input plane; None where that is no plane."""
        return getattr(self.seen and self.seen.surface, "maps", None)
