"""The 32×32 bitmaps that the 8×8 digits were counted from, guessed; and other ways to write them.

The set has few hands, and hardly a zero with a slash or a one with a foot. Both are common,
and are read as 8 and as 2 by those who never saw one.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from engine.digits.strokes import CELL, GRID

Array = NDArray[np.float32]


def bitmaps(pictures: NDArray[np.float64]) -> Array:
    """Rebuild the 32×32 bitmaps that pictures of 8×8 were counted from.

    Parameters
    ----------
    pictures : ndarray, shape (n, 8, 8)
        Pixels from 0 to 16.

    Returns
    -------
    ndarray of float32, shape (n, 32, 32)
        Cells of 0 and 1, of which each 4×4 block holds as many ones as its pixel says.

    Examples
    --------
    >>> picture = np.arange(64.0).reshape(1, 8, 8) % 17
    >>> counts = bitmaps(picture).reshape(8, 4, 8, 4).sum(axis=(1, 3))
    >>> bool((counts == picture).all())
    True
    """
    n, side = len(pictures), 8
    enlarge = _enlargement()
    smooth = enlarge @ pictures @ enlarge.T
    blocks = smooth.reshape(n, side, CELL, side, CELL).swapaxes(2, 3)
    darkest_first = np.argsort(-blocks.reshape(n, side, side, -1), axis=3, kind="stable")
    rank = np.argsort(darkest_first, axis=3)
    dark = rank < np.round(pictures)[..., None]
    cells = dark.reshape(n, side, side, CELL, CELL).swapaxes(2, 3)
    return cells.reshape(n, GRID, GRID).astype(np.float32)


@lru_cache(maxsize=1)
def _enlargement() -> NDArray[np.float64]:
    """Return the (32, 8) matrix of a cubic spline through 8 pixels, slightly blurred."""
    padded = np.pad(np.eye(8), ((2, 2), (0, 0)))
    fine = ndimage.zoom(padded, (CELL, 1), order=3, grid_mode=True, mode="grid-constant")
    return ndimage.gaussian_filter1d(fine, 0.6, axis=0)[2 * CELL : -2 * CELL]


def slashed(bitmap: Array, rng: np.random.Generator) -> Array:
    """Return a zero's bitmap with a slash through it."""
    x, y = GRID / 2 + rng.normal(0, 1.5, 2)
    return _with_line(bitmap, x, y, -rng.uniform(0.5, 1.2), rng.uniform(10, 22), rng)


def footed(bitmap: Array, rng: np.random.Generator) -> Array:
    """Return a one's bitmap with a bar to stand on."""
    columns = np.flatnonzero(bitmap[3 * GRID // 4 :].any(axis=0))
    middle = columns.mean() + 0.5 if len(columns) else GRID / 2
    x, y = middle + rng.normal(0, 1.5), GRID - rng.uniform(1, 3)
    return _with_line(bitmap, x, y, rng.normal(0, 0.08), rng.uniform(4, 10), rng)


def _with_line(
    bitmap: Array, x: float, y: float, angle: float, reach: float, rng: np.random.Generator
) -> Array:
    """Add a line through (x, y) that goes on for `reach` to either side."""
    rows, columns = np.mgrid[:GRID, :GRID] + 0.5
    along = (columns - x) * np.cos(angle) + (rows - y) * np.sin(angle)
    across = (rows - y) * np.cos(angle) - (columns - x) * np.sin(angle)
    beyond = np.maximum(np.abs(along) - reach, 0)
    line = np.hypot(across, beyond) < rng.uniform(1.3, 2.3)
    return np.maximum(bitmap, line).astype(np.float32)
