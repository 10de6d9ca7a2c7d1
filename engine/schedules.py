"""Schedules: how the learning rate changes as the training goes on.

A schedule is a pure function of the number of completed epochs (0 during the first one):
the rate in use is ``learning_rate · factor(epoch)``.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, final

from engine.knobs import Declared, Integer, Real, Registry, knob


class Schedule(Declared, ABC):
    """A multiplier of the learning rate.

    Attributes
    ----------
    name, label, formula, good_for, watch_out : str
        As for activations; t is the number of completed epochs.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    formula: ClassVar[str]
    good_for: ClassVar[str]
    watch_out: ClassVar[str]

    @abstractmethod
    def factor(self, epoch: int) -> float:
        """Return the multiplier after `epoch` completed epochs."""


SCHEDULES: Registry[Schedule] = Registry("schedule", Schedule)


def _epochs(default: int, label: str, help: str) -> int:
    return knob(
        default,
        label=label,
        help=help,
        domain=Integer(1, 10_000_000),
        applies="live",
        unit="epochs",
    )


@SCHEDULES.register
@final
@dataclass(frozen=True)
class Constant(Schedule):
    """The learning rate as it is."""

    name: ClassVar[str] = "constant"
    label: ClassVar[str] = "Constant"
    formula: ClassVar[str] = "1"
    good_for: ClassVar[str] = "A first try, and optimizers that adapt by themselves."
    watch_out: ClassVar[str] = "Near the minimum the steps do not get smaller: it may circle."

    def factor(self, epoch: int) -> float:
        return 1.0


@SCHEDULES.register
@final
@dataclass(frozen=True)
class Step(Schedule):
    """Falls by a factor every so many epochs.

    >>> [Step(every=2, rate=0.1).factor(t) for t in range(4)]
    [1.0, 1.0, 0.1, 0.1]
    """

    name: ClassVar[str] = "step"
    label: ClassVar[str] = "Step"
    formula: ClassVar[str] = "rate^⌊t / every⌋"
    good_for: ClassVar[str] = "Large steps first, then fine work."
    watch_out: ClassVar[str] = "When to step down has to be guessed."

    every: int = _epochs(100, "Every", "Epochs between two steps down.")
    rate: float = knob(
        0.5,
        label="Factor",
        help="What the learning rate is multiplied by at each step.",
        domain=Real(0, 1, open_low=True),
        applies="live",
    )

    def factor(self, epoch: int) -> float:
        return self.rate ** (epoch // self.every)


@SCHEDULES.register
@final
@dataclass(frozen=True)
class Exponential(Schedule):
    """Falls by the same factor in every epoch."""

    name: ClassVar[str] = "exponential"
    label: ClassVar[str] = "Exponential"
    formula: ClassVar[str] = "rateᵗ"
    good_for: ClassVar[str] = "A smooth way down without choosing moments."
    watch_out: ClassVar[str] = "A rate too far below 1 stops the learning early."

    rate: float = knob(
        0.99,
        label="Factor per epoch",
        help="0.99 halves the learning rate in 69 epochs.",
        domain=Real(0, 1, open_low=True),
        applies="live",
    )

    def factor(self, epoch: int) -> float:
        return self.rate**epoch


@SCHEDULES.register
@final
@dataclass(frozen=True)
class Cosine(Schedule):
    """Falls along half a cosine, then stays at the floor (Loshchilov & Hutter 2016, eq. 5).

    >>> [round(Cosine(epochs=2, floor=0.0).factor(t), 3) for t in range(4)]
    [1.0, 0.5, 0.0, 0.0]
    """

    name: ClassVar[str] = "cosine"
    label: ClassVar[str] = "Cosine"
    formula: ClassVar[str] = "floor + (1 − floor)·½(1 + cos(π·t / epochs))"
    good_for: ClassVar[str] = "Runs of known length: fast at first, gentle at the end."
    watch_out: ClassVar[str] = "After the last of its epochs only the floor is left."

    epochs: int = _epochs(100, "Over", "Epochs from the full rate down to the floor.")
    floor: float = knob(
        0.01,
        label="Floor",
        help="Share of the learning rate that remains.",
        domain=Real(0, 1),
        applies="live",
    )

    def factor(self, epoch: int) -> float:
        done = min(epoch / self.epochs, 1.0)
        return self.floor + (1.0 - self.floor) * 0.5 * (1.0 + math.cos(math.pi * done))


@SCHEDULES.register
@final
@dataclass(frozen=True)
class WarmUp(Schedule):
    """Rises in a straight line over the first epochs, then stays.

    >>> [WarmUp(epochs=4).factor(t) for t in range(5)]
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """

    name: ClassVar[str] = "warm_up"
    label: ClassVar[str] = "Warm-up"
    formula: ClassVar[str] = "min(1, (t + 1) / epochs)"
    good_for: ClassVar[str] = "Large learning rates that would blow up on fresh weights."
    watch_out: ClassVar[str] = "The first epochs learn slowly."

    epochs: int = _epochs(10, "Over", "Epochs until the full learning rate.")

    def factor(self, epoch: int) -> float:
        return min(1.0, (epoch + 1) / self.epochs)
