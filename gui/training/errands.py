"""What the window asks for and takes long, done a little at a time; in the worker's thread."""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

SLICE = 0.001
"""Seconds that it works before it looks up."""


class Errands:
    """Goes through one iterator of answers at a time; a new one takes the place of the last.

    Parameters
    ----------
    tell : callable
        Given each answer that is not None.

    Attributes
    ----------
    under_way : bool
        Whether there is anything left to do; may be read from any thread.
    """

    def __init__(self, tell: Callable[[Any], None]) -> None:
        self._tell = tell
        self._errand: Iterator[Any] | None = None

    @property
    def under_way(self) -> bool:
        return self._errand is not None

    def begin(self, errand: Iterator[Any]) -> None:
        """Go through these answers from now on."""
        self._errand = errand

    def work(self) -> bool:
        """Do a slice; return whether there is more."""
        more = False
        try:
            more = self._errand is not None and self._go_on(self._errand)
        finally:
            if not more:  # at its end, and where it failed
                self._errand = None
        return more

    def _go_on(self, errand: Iterator[Any]) -> bool:
        end = perf_counter() + SLICE
        for answer in errand:
            if answer is not None:
                self._tell(answer)
            if perf_counter() > end:
                return True
        return False
