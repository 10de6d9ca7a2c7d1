"""Fresh copies of the digits, written a little differently each time.

The training set holds 1,437 pictures of 8×8, by few hands. People draw rounder, wider, more
slanted; so each copy of the set bends every digit anew and brings it through the same
normalisation as a drawing (:mod:`engine.digits.strokes`):

1. **rebuilt**: each pixel counts the dark cells of a 4×4 block of a 32×32 bitmap. The bitmap is
   guessed: a smooth enlargement of the picture, of which each block's darkest cells are
   switched on, as many as the pixel counts (:mod:`engine.digits.bitmaps`). Some zeros get a slash,
   some ones a foot.
2. **warped**: turned, sheared, stretched, its waist moved, and bent by a smooth random field;
   what lies above a random threshold is ink, so that pens are thin and thick.
3. **normalised**: sheared upright and stretched into the box, both with a little error, and
   averaged back to 8×8.

The warps are those of P. Simard, D. Steinkraus and J. Platt, "Best practices for convolutional
neural networks applied to visual document analysis" (ICDAR 2003), on the rebuilt bitmaps. A
copy of the set takes about 0.1 s.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from engine.digits.bitmaps import bitmaps, footed, slashed
from engine.digits.strokes import CELL, GRID, WIDEST

Array = NDArray[np.float32]
Writing = Callable[[Array, np.random.Generator], Array]

ROTATION = 18.0  # degrees, either way
SHEAR = 0.3
STRETCH = 0.2  # of the logarithm of width and of height
WAIST = 0.08  # standard deviation of what the middle is moved up or down, of half the height
BEND, BEND_POINTS = 3.0, 4  # σ of the field, in cells, at 4×4 points over the digit
THRESHOLD = 0.42, 0.8
WIDTH = 18.0, 24.0  # of the box that is filled, in cells
SLANT_ERROR = 0.1  # standard deviation of the shear that is left
PLACE_ERROR = 0.5  # cells
SHARPNESS = 3.0  # from paper to ink within a third of a cell's range of grey
SLASHED_ZEROS, FOOTED_ONES = 0.1, 0.1  # share of the zeros, of the ones

MARGIN = 16  # cells around a bitmap
CANVAS = 54  # cells of the picture that is warped into, in height and width
CHUNK = 128  # rows at a time: what is computed on stays in the processor's cache

_centred = np.arange(CANVAS, dtype=np.float32) - (CANVAS - 1) / 2
_target = np.arange(GRID, dtype=np.float32) - (GRID - 1) / 2


class Augmentation:
    """Makes copies of 8×8 pictures.

    Parameters
    ----------
    pictures : array-like, shape (n, 64)
        Pixels from 0 to 16.
    labels : array-like of int, shape (n,), optional
        The digits shown; without them no zero gets a slash and no one a foot.
    seed : int
        Decides every copy.

    Examples
    --------
    >>> bar = np.zeros((1, 8, 8))
    >>> bar[:, :, 3:5] = 16
    >>> copies = Augmentation(bar.reshape(1, 64), seed=1)
    >>> copies.copy(0).shape
    (1, 64)
    >>> bool((copies.copy(0) == copies.copy(0)).all())
    True
    >>> bool((copies.copy(0) == copies.copy(1)).all())
    False
    """

    def __init__(self, pictures: ArrayLike, labels: ArrayLike | None = None, seed: int = 0) -> None:
        drawn = bitmaps(np.asarray(pictures, np.float64).reshape(-1, 8, 8))
        self.rows = len(drawn)
        self.seed = seed
        self._other = np.arange(self.rows)  # where each row's other way of writing stands
        self._share = np.zeros(self.rows)  # how often that is taken
        self._sources = _padded_and_blurred(drawn)
        if labels is not None:
            self._write_otherwise(drawn, np.asarray(labels) == 0, slashed, SLASHED_ZEROS)
            self._write_otherwise(drawn, np.asarray(labels) == 1, footed, FOOTED_ONES)

    def _write_otherwise(
        self, drawn: Array, which: NDArray[np.bool_], way: Writing, share: float
    ) -> None:
        """Add another way of writing some digits, to be taken for a share of their copies."""
        rows = np.flatnonzero(which).tolist()
        if rows:
            written = [way(drawn[row], np.random.default_rng([self.seed, row])) for row in rows]
            self._other[rows] = len(self._sources) + np.arange(len(rows))
            self._share[rows] = share
            self._sources = np.concatenate([self._sources, _padded_and_blurred(np.stack(written))])

    def copy(self, number: int) -> Array:
        """Return copy `number` of all the pictures, shape (n, 64), 0 to 16.

        The same seed and number give the same copy.
        """
        return np.concatenate(list(self.parts(number)))

    def parts(self, number: int) -> Iterator[Array]:
        """Make a copy in pieces: some rows at a time, a hundredth of a second's work."""
        rng = np.random.default_rng([self.seed, number])
        for start in range(0, self.rows, CHUNK):
            yield self._part(np.arange(start, min(start + CHUNK, self.rows)), rng)

    def _part(self, rows: NDArray[np.intp], rng: np.random.Generator) -> Array:
        otherwise = rng.random(len(rows)) < self._share[rows]
        grey = warped(self._sources[np.where(otherwise, self._other[rows], rows)], rng)
        threshold = _uniform(rng, len(rows), *THRESHOLD)
        return normalised(grey, threshold, rng)


def _padded_and_blurred(drawn: Array) -> Array:
    padded = np.pad(drawn, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))
    return ndimage.gaussian_filter(padded, (0, 1, 1))


# ---------------------------------------------------------------- warped


def warped(sources: Array, rng: np.random.Generator) -> Array:
    """Warp padded bitmaps, (n, 64, 64), each in its own way; (n, 54, 54)."""
    n = len(sources)
    angle = np.deg2rad(_uniform(rng, n, -ROTATION, ROTATION))
    shear = _uniform(rng, n, -SHEAR, SHEAR)
    width, height = np.exp(_uniform(rng, 2 * n, -STRETCH, STRETCH)).reshape(2, n, 1, 1)
    basis = _smooth_basis()
    field = basis @ _normal(rng, BEND, (2, n, BEND_POINTS, BEND_POINTS)) @ basis.T
    waist = _normal(rng, WAIST * GRID / 2, (n, 1, 1))
    bulge = np.maximum(1 - (_centred / (GRID / 2)) ** 2, 0)
    x = _centred + field[0]
    y = _centred[:, None] + field[1] + waist * bulge[:, None]
    cos, sin = np.cos(angle)[:, None, None], np.sin(angle)[:, None, None]
    middle = np.float32((sources.shape[1] - 1) / 2)
    source_x = cos / width * x + (sin / width + shear[:, None, None]) * y + middle
    source_y = -sin / height * x + cos / height * y + middle
    return sample(sources, source_x, source_y)


@lru_cache(maxsize=1)
def _smooth_basis() -> Array:
    """Return the (54, 4) matrix that blends the values of 4 points over the canvas."""
    last = BEND_POINTS - 1
    place = np.clip((_centred + 20) / 40 * last, 0, last)
    distance = np.abs(place[:, None] - np.arange(BEND_POINTS))
    near = np.maximum(1 - distance, 0)
    return (near * near * (3 - 2 * near)).astype(np.float32)


def sample(sources: Array, x: Array, y: Array) -> Array:
    """Read pictures, (n, height, width), at x and y, (n, rows, columns), bilinearly.

    Beyond the edge, the edge goes on.
    """
    n, height, width = sources.shape
    x = np.clip(x, 0, width - 1.001)
    y = np.clip(y, 0, height - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    x -= left
    y -= top
    index = top * width + left
    index += np.arange(n, dtype=np.int32)[:, None, None] * (height * width)
    cells = sources.ravel()
    upper = _blend(cells, index, x)
    index += width
    upper += (_blend(cells, index, x) - upper) * y
    return upper


def _blend(cells: Array, index: NDArray[np.int32], share: Array) -> Array:
    left = cells.take(index)
    left += (cells.take(index + 1) - left) * share
    return left


# ---------------------------------------------------------------- normalised


def normalised(grey: Array, threshold: Array, rng: np.random.Generator) -> Array:
    """Bring warped digits, (n, 54, 54), into the box and back to 8×8; (n, 64), 0 to 16."""
    n = len(grey)
    dark = grey > threshold[:, None, None]
    middle, slant = _middle_and_slant(dark)
    slant += _normal(rng, SLANT_ERROR, (n,))
    left, right, top, bottom = _box(dark, middle, slant)
    wide, high = np.maximum(right - left, 2), np.maximum(bottom - top, 4)
    scale_x = _width(wide * GRID / high, wide, high, _uniform(rng, n, *WIDTH)) / wide
    shift_x, shift_y = _uniform(rng, 2 * n, -PLACE_ERROR, PLACE_ERROR).reshape(2, n, 1)
    y = (_target + shift_y) / (GRID / high)[:, None] + ((top + bottom) / 2)[:, None]
    x = (_target + shift_x) / scale_x[:, None] + ((left + right) / 2)[:, None]
    upright = x[:, None, :] + (slant[:, None] * (y - middle[:, None]))[:, :, None]
    origin = np.float32((CANVAS - 1) / 2)
    rows = np.broadcast_to((y + origin)[:, :, None], upright.shape)
    cells = sample(grey, upright + origin, rows)
    ink = np.clip((cells - threshold[:, None, None]) * SHARPNESS + 0.5, 0, 1)
    side = GRID // CELL
    return ink.reshape(n, side, CELL, side, CELL).sum(axis=(2, 4)).reshape(n, side * side)


def _middle_and_slant(dark: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Return the ink's mean y, and cov(x, y) / var(y)."""
    ink = dark.astype(np.float32)
    per_row, x_per_row = ink.sum(axis=2), ink @ _centred
    total = per_row.sum(axis=1) + np.float32(1e-6)
    middle_x, middle_y = x_per_row.sum(axis=1) / total, per_row @ _centred / total
    y = _centred - middle_y[:, None]
    xy = ((x_per_row - per_row * middle_x[:, None]) * y).sum(axis=1)
    yy = (per_row * y * y).sum(axis=1) + np.float32(1e-6)
    return middle_y, np.clip(xy / yy, -0.8, 0.8)


def _box(dark: NDArray[np.bool_], middle: Array, slant: Array) -> tuple[Array, ...]:
    """Return left, right, top and bottom of the ink once it is sheared upright."""
    inked = np.any(dark, axis=2)
    first = _centred[dark.argmax(axis=2)] - 0.5
    last = _centred[CANVAS - 1 - dark[:, :, ::-1].argmax(axis=2)] + 0.5
    shift = slant[:, None] * (_centred - middle[:, None])
    left = np.where(inked, first - shift, np.inf).min(axis=1)
    right = np.where(inked, last - shift, -np.inf).max(axis=1)
    top = np.where(inked, _centred - 0.5, np.inf).min(axis=1)
    bottom = np.where(inked, _centred + 0.5, -np.inf).max(axis=1)
    blank = ~np.any(inked, axis=1)
    edges = zip((left, right, top, bottom), (-10, 10, -16, 16), strict=True)
    return tuple(np.where(blank, other, edge).astype(np.float32) for edge, other in edges)


def _width(proportional: Array, wide: Array, high: Array, filled: Array) -> Array:
    """Return how wide a digit becomes; as :func:`engine.digits.strokes.placement` has it."""
    width = np.minimum(np.sqrt(filled * proportional), WIDEST)
    return np.where(wide * 5 < high, np.minimum(width, proportional * 1.6), width)


def _uniform(rng: np.random.Generator, n: int, low: float, high: float) -> Array:
    return rng.uniform(low, high, n).astype(np.float32)


def _normal(rng: np.random.Generator, sigma: float, shape: tuple[int, ...]) -> Array:
    return rng.normal(0, sigma, shape).astype(np.float32)
