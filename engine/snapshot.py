"""A frozen state of the training."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from engine.history import Record
from engine.steps import Progress

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Where a training stands, in read-only copies: to look at, to keep, to go back to.

    Attributes
    ----------
    epoch : int
        Completed epochs.
    batch : int
        The next batch in the epoch under way.
    weights : tuple of ndarray (fan_in, fan_out)
        One for each dense layer.
    biases : tuple of ndarray (fan_out,) or None
        Likewise; None where a layer has no bias.
    optimizer : str
        Name of the optimizer whose state this is.
    optimizer_state : dict of ndarray
        What the optimizer remembers; see :mod:`engine.optimizers`.
    masks : tuple of ndarray (rows, units)
        For each dropout layer, the factors of the last training step: 0 for who sat out.
    record : Record or None
        The last completed epoch's figures.
    progress : Progress
        How far the epoch under way has come.
    copies : int
        How many augmented copies of the data are mixed into it.
    """

    epoch: int
    batch: int
    weights: tuple[Array, ...]
    biases: tuple[Array | None, ...]
    optimizer_state: dict[str, Array] = field(repr=False)
    optimizer: str = ""
    masks: tuple[Array, ...] = field(default=(), repr=False)
    record: Record | None = None
    progress: Progress = field(default_factory=Progress, repr=False)
    copies: int = 0


def frozen(array: Array) -> Array:
    """Return a read-only, C-contiguous copy."""
    copy = np.array(array, order="C")
    copy.flags.writeable = False
    return copy


def frozen_all(arrays: Iterable[Array]) -> tuple[Array, ...]:
    """Return read-only copies."""
    return tuple(frozen(each) for each in arrays)


def frozen_biases(biases: Iterable[Array | None]) -> tuple[Array | None, ...]:
    """Return read-only copies; None where a layer has no bias."""
    return tuple(None if bias is None else frozen(bias) for bias in biases)
