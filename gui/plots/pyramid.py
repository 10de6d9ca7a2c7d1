"""A curve of any length in a fixed number of points that still shows every extreme."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Pyramid:
    """The smallest and the largest value of equal stretches of growing columns.

    Each bin covers `stride` consecutive rows. When the bins are full, neighbours are merged
    and the stride doubles: adding a row costs O(1) on average, drawing costs the same at any
    length, and no extreme is ever lost. NaN stands for "no value" and is passed over.

    Parameters
    ----------
    columns : int
        Number of curves.
    bins : int
        An even number of bins at most.

    Examples
    --------
    >>> pyramid = Pyramid(columns=1, bins=4)
    >>> pyramid.extend(np.array([[5.0, 1.0, 2.0, 9.0, 3.0, 4.0]]))
    >>> pyramid.stride, pyramid.low, pyramid.high
    (2, array([[1., 2., 3.]]), array([[5., 9., 4.]]))
    """

    def __init__(self, columns: int, bins: int = 2048) -> None:
        if bins < 2 or bins % 2:
            raise ValueError(f"bins must be an even number from 2 on, not {bins}")
        self.bins = bins
        self.stride = 1
        self._length = 0
        self._low = np.full((columns, bins), np.nan)
        self._high = np.full((columns, bins), np.nan)

    def __len__(self) -> int:
        """Return the number of rows taken in."""
        return self._length

    @property
    def used(self) -> int:
        """Number of bins that hold rows; the last may not be complete."""
        return -(-self._length // self.stride)

    @property
    def low(self) -> Array:
        """Smallest value of each bin, (columns, used)."""
        return self._low[:, : self.used]

    @property
    def high(self) -> Array:
        """Largest value of each bin, (columns, used)."""
        return self._high[:, : self.used]

    def extend(self, values: Array) -> None:
        """Take in new rows.

        Parameters
        ----------
        values : ndarray (columns, n)
            They follow those taken in before.
        """
        n = values.shape[1]
        if n == 0:
            return
        while self._length + n > self.bins * self.stride:
            self._halve()
        first, into_first = divmod(self._length, self.stride)
        starts = np.arange(-into_first, n, self.stride)
        starts[0] = 0
        target = slice(first, first + len(starts))
        for bins, extreme in ((self._low, np.fmin), (self._high, np.fmax)):
            extreme(bins[:, target], extreme.reduceat(values, starts, axis=1), out=bins[:, target])
        self._length += n

    def _halve(self) -> None:
        half = self.bins // 2
        for bins, extreme in ((self._low, np.fmin), (self._high, np.fmax)):
            bins[:, :half] = extreme(bins[:, 0::2], bins[:, 1::2])
            bins[:, half:] = np.nan
        self.stride *= 2

    def at_most(self, bins: int) -> tuple[int, Array, Array]:
        """Return stride, low and high with whole bins merged until at most `bins` are left.

        Bins always begin at the first row, so that a growing curve does not shimmer.
        """
        merge = 1
        while self.used > bins * merge:
            merge *= 2
        if merge == 1:
            return self.stride, self.low, self.high
        starts = np.arange(0, self.used, merge)
        return (
            self.stride * merge,
            np.fmin.reduceat(self.low, starts, axis=1),
            np.fmax.reduceat(self.high, starts, axis=1),
        )


def outline(x: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Return the polyline through both extremes of every bin.

    A falling curve comes to each bin at its largest value and leaves at the smallest, a
    rising one the other way round. Bins without a value are passed over.

    Parameters
    ----------
    x, low, high : ndarray (bins,)
        Place and extremes of each bin.

    Returns
    -------
    x, y : ndarray
        One point for each bin where the extremes are the same everywhere, otherwise two.

    Examples
    --------
    >>> outline(np.array([0.0, 2.0]), np.array([4.0, 1.0]), np.array([5.0, 3.0]))
    (array([0., 0., 2., 2.]), array([5., 4., 3., 1.]))
    """
    there = ~np.isnan(low)
    if not there.all():
        x, low, high = x[there], low[there], high[there]
    if np.array_equal(low, high):
        return x, low
    middle = low + high
    rising = np.gradient(middle) > 0 if len(middle) > 1 else np.zeros(len(middle), bool)
    y = np.empty((len(x), 2))
    y[:, 0] = np.where(rising, low, high)
    y[:, 1] = np.where(rising, high, low)
    return np.repeat(x, 2), y.ravel()
