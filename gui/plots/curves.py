"""A training's history, in bins small enough to draw in every frame."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.history import History
from gui.plots.pyramid import Pyramid, outline

Array = NDArray[np.float64]

COLUMNS = (
    "train_loss",
    "test_loss",
    "validation_loss",
    "train_accuracy",
    "test_accuracy",
    "validation_accuracy",
)
TEST_ACCURACY = COLUMNS.index("test_accuracy")


@dataclass(frozen=True)
class Bins:
    """What is drawn of the columns: the extremes of equal stretches of epochs.

    Attributes
    ----------
    x : ndarray (bins,)
        The middle of each bin, in epochs; the last bin is put at the newest epoch.
    low, high : ndarray (columns, bins)
        Extremes; NaN where a column has no value.
    """

    x: Array
    low: Array
    high: Array

    def part(self, columns: tuple[str, ...], scale: float = 1.0) -> "Bins":
        """Return some of the columns, in another unit."""
        rows = [COLUMNS.index(column) for column in columns]
        return Bins(self.x, self.low[rows] * scale, self.high[rows] * scale)

    def log10(self, smallest: float) -> "Bins":
        """Return decimal logarithms; what is below `smallest` counts as that."""
        return Bins(
            self.x,
            np.log10(np.maximum(self.low, smallest)),
            np.log10(np.maximum(self.high, smallest)),
        )

    def outline(self, row: int) -> tuple[Array, Array]:
        """Return the polyline of one of the columns; it is empty where the column is."""
        return outline(self.x, self.low[row], self.high[row])

    @property
    def extremes(self) -> tuple[float, float] | None:
        """Smallest and largest of all values; None without any."""
        if not self.low.size or np.isnan(self.low).all():
            return None
        return float(np.nanmin(self.low)), float(np.nanmax(self.high))


class Curves:
    """Follows a history as it grows, at constant cost for each look at it.

    Attributes
    ----------
    best : (float, float) or None
        Epoch and value of the first highest test accuracy.
    """

    def __init__(self) -> None:
        self._start_over(None)

    def _start_over(self, history: History | None) -> None:
        self._history = history
        self._all = _Summary(0)
        self._detail: _Summary | None = None
        self.best: tuple[float, float] | None = None

    def __len__(self) -> int:
        """Return the number of epochs taken in."""
        return self._all.end

    def follow(self, history: History | None) -> bool:
        """Take in what is new; return whether this is another history than before."""
        length = 0 if history is None else len(history)
        other = history is not self._history or length < len(self)
        if other:
            self._start_over(history)
        if history is not None and length > len(self):
            first = len(self)
            self._find_best(first, self._all.take(history, length)[TEST_ACCURACY])
        return other

    def _find_best(self, first: int, accuracy: Array) -> None:
        if np.isnan(accuracy).all():
            return
        row = int(np.nanargmax(accuracy))
        if self.best is None or accuracy[row] > self.best[1]:
            self.best = self.epoch_of(first + row), float(accuracy[row])

    # ------------------------------------------------------------ single epochs

    @property
    def last_epoch(self) -> float:
        """The newest epoch; 0 before the first."""
        return self.epoch_of(len(self) - 1) if len(self) else 0.0

    def epoch_of(self, row: int) -> float:
        """Return the epoch that a row of the history tells of."""
        return float(self._epochs[row])

    def nearest_row(self, epoch: float) -> int | None:
        """Return the row of the nearest epoch; None before the first."""
        if not len(self):
            return None
        after = min(int(np.searchsorted(self._epochs, epoch)), len(self) - 1)
        before = max(after - 1, 0)
        nearer = abs(self._epochs[before] - epoch) < abs(self._epochs[after] - epoch)
        return before if nearer else after

    def values(self, row: int) -> dict[str, float]:
        """Return the exact values of one row, of the columns that have any."""
        if self._history is None or not len(self):
            return {}
        measured = np.flatnonzero((~np.isnan(self._all.pyramid.low)).any(axis=1))
        names = (COLUMNS[column] for column in measured)
        return {name: float(self._history[name][row]) for name in names}

    @property
    def _epochs(self) -> Array:
        return np.empty(0) if self._history is None else self._history["epoch"][: len(self)]

    # ------------------------------------------------------------ many epochs

    def bins(self, most: int, window: tuple[float, float] | None = None) -> Bins:
        """Return what to draw of all epochs, or of those in a window in more detail.

        Parameters
        ----------
        most : int
            Number of bins at most.
        window : (float, float) or None
            First and last epoch.
        """
        if not len(self):
            return Bins(np.empty(0), self._all.pyramid.low, self._all.pyramid.high)
        summary = self._all if window is None else self._detail_of(*window)
        stride, low, high = summary.pyramid.at_most(most)
        epochs = self._epochs[summary.first : summary.end]
        x = epochs[::stride] + (stride - 1) / 2
        x[-1] = epochs[-1]
        return Bins(x, low, high)

    def _detail_of(self, low: float, high: float) -> "_Summary":
        """Return the bins of a window and one epoch beyond either end, kept while it stands."""
        assert self._history is not None
        start = int(np.searchsorted(self._epochs, math.floor(low))) - 1
        first = min(max(0, start), len(self) - 1)
        end = max(first + 1, int(np.searchsorted(self._epochs, math.ceil(high), "right")) + 1)
        end = min(end, len(self))
        if self._detail is None or self._detail.first != first or self._detail.end > end:
            self._detail = _Summary(first)
        self._detail.take(self._history, end)
        return self._detail


class _Summary:
    """The bins of all columns from row `first` on."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.pyramid = Pyramid(len(COLUMNS))

    @property
    def end(self) -> int:
        """The row after the last one taken in."""
        return self.first + len(self.pyramid)

    def take(self, history: History, end: int) -> Array:
        """Take in the rows up to `end`; return those that are new, (columns, n).

        What is not finite is passed over, as it has no place on an axis.
        """
        new = np.stack([history[column][self.end : end] for column in COLUMNS])
        new[~np.isfinite(new)] = np.nan
        self.pyramid.extend(new)
        return new
