"""What was recorded: moments of a training, and when each was seen."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from gui.frame import Frame
from gui.network_view.look import Moment


class Film:
    """Moments, oldest first.

    Attributes
    ----------
    seconds : float
        How long it is.
    bytes : int
        How much memory the frames keep.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.bytes = 0
        self._times: list[float] = []
        self._moments: list[Moment] = []
        self._held: tuple[Any, ...] = ()

    def __len__(self) -> int:
        return len(self._moments)

    @property
    def last(self) -> Moment | None:
        """The newest moment."""
        return self._moments[-1] if self._moments else None

    def add(self, moment: Moment, seconds: float) -> None:
        """Show a moment for so many seconds more."""
        if not moment.same_as(self.last):
            if self.last is None or moment.frame is not self.last.frame:
                self._weigh(moment.frame)
            self._times.append(self.seconds)
            self._moments.append(moment)
        self.seconds += seconds

    def _weigh(self, frame: Frame) -> None:
        """Count what a frame keeps in memory, but for what it shares with the one before."""
        parts = tuple(getattr(frame, field.name) for field in fields(frame))
        self.bytes += sum(
            bytes_of(part) for part in parts if not any(part is held for held in self._held)
        )
        self._held = parts

    def pictures(self, rate: int) -> Iterator[tuple[Moment, int]]:
        """Yield what to show at `rate` pictures a second, and for how many of them."""
        count = max(1, round(self.seconds * rate)) if self._moments else 0
        shown, times = None, 0
        for number in range(count):
            moment = self._moments[bisect_right(self._times, number / rate) - 1]
            if moment is not shown and shown is not None:
                yield shown, times
                times = 0
            shown, times = moment, times + 1
        if shown is not None:
            yield shown, times


def bytes_of(thing: object) -> int:
    """Return how much memory the arrays in an object, or in what it is made of, take up.

    >>> bytes_of((np.zeros(3), [None, np.zeros(2)]))
    40
    """
    if isinstance(thing, np.ndarray):
        return thing.nbytes
    if isinstance(thing, tuple | list):
        return sum(map(bytes_of, thing))
    if is_dataclass(thing):
        return sum(bytes_of(getattr(thing, field.name)) for field in fields(thing))
    return 0
