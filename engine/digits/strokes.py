"""From the strokes of a pen to the 8×8 picture that a network reads.

The digits of the training set went through the standard normalisation of NIST: sheared
upright, stretched to fill a box, drawn with nearly the same ink, reduced to the sums of 4×4
blocks of a 32×32 bitmap. The strokes of a drawing take the same road as *vectors*, and are
drawn anew at its end, so that nothing depends on where, how large or how thick they came:

1. **cleaned**: what is not a number is dropped, and the rest is cut into short segments;
2. **upright**: sheared by their slant, and boxed;
3. **placed** on a grid of 32×32, filling its height, the width between "filled" and "in
   proportion";
4. **inked** with a round pen, as wide as makes the ink the same for every drawing;
5. averaged over blocks of 4×4: the **picture**.

Steps 3 and 4 depend on each other, as a wide pen leaves less room: a few secant steps find the
pen. The whole takes less than a millisecond.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Picture = NDArray[np.float32]
Strokes = Iterable[Sequence[tuple[float, float]] | ArrayLike]

GRID = 32  # cells of the fine grid, in height and width
CELL = 4  # fine cells in a pixel of the picture, in height and width
INK = 290  # fine cells that are covered with ink; the training set has 312 ± 34
PENS = (2.0, 12.0)  # the thinnest and the thickest pen, in fine cells
WIDTH = 22.0  # what a digit is stretched to, as far as it is
WIDEST = 26.0
STEEPEST = 0.6  # shear that is undone at most; a stroke at 45° has 1
SPACING = 1 / 16  # of a segment, as a share of the drawing's longer side
MOST_SEGMENTS = 160  # a longer path is cut more coarsely, and still drawn in time


@dataclass(frozen=True, eq=False)
class Stages:
    """A drawing on its way to the network, picture by picture.

    Attributes
    ----------
    strokes : tuple of ndarray, each of shape (points, 2)
        What came, in its own units, without what is not a number.
    upright : tuple of ndarray, each of shape (points, 2)
        The same, sheared upright and boxed: centred on 0, the longer side from −½ to ½.
    placed : tuple of ndarray, each of shape (points, 2)
        The same where the pen draws them, in cells of the 32×32 grid.
    slant : float
        The shear that was undone: how far x runs with y.
    pen : float
        Width of the pen in cells of the 32×32 grid; 0 for a blank drawing.
    inked : ndarray of float32, shape (32, 32)
        The drawing drawn anew, 0 (paper) to 1 (ink).
    picture : ndarray of float32, shape (8, 8)
        What the network sees, 0 (paper) to 16 (ink).
    """

    strokes: tuple[Array, ...]
    upright: tuple[Array, ...]
    placed: tuple[Array, ...]
    slant: float
    pen: float
    inked: Picture
    picture: Picture

    @property
    def blank(self) -> bool:
        """Whether nothing was drawn."""
        return not self.strokes


def picture(strokes: Strokes) -> Picture:
    """Return the 8×8 picture of a drawing, 0 (paper) to 16 (ink); see :func:`stages`."""
    return stages(strokes).picture


def stages(strokes: Strokes) -> Stages:
    """Normalise a drawing, and keep every picture on the way.

    Parameters
    ----------
    strokes : iterable of array-like, each of shape (points, 2)
        The points (x, y) of each stroke in the order of drawing, y down, in any unit. Points
        that are not finite are left out; a stroke of one point is a dot.

    Examples
    --------
    >>> one = stages([[(5, 0), (5, 100)]])
    >>> one.picture.round().astype(int)[3]
    array([ 0,  0,  3, 16, 16,  3,  0,  0])
    >>> np.allclose(one.picture, picture([[(0.1, 0.3), (0.1, 0.7)]]))
    True
    """
    cleaned = clean(strokes)
    if not cleaned:
        blank = np.zeros((GRID, GRID), np.float32)
        return Stages((), (), (), 0.0, 0.0, blank, downsampled(blank))
    boxed = box(cleaned)
    slant = float(np.clip(_slant(*segments(boxed)), -STEEPEST, STEEPEST))
    upright = box([points - points[:, 1:] * [slant, 0] for points in boxed])
    starts, ends = segments(upright)
    size = np.maximum(starts, ends).max(axis=0) - np.minimum(starts, ends).min(axis=0)
    pen, inked = _inked(starts, ends, size)
    scale = placement(size, pen)
    placed = tuple(points * scale + GRID / 2 for points in upright)
    return Stages(cleaned, tuple(upright), placed, slant, pen, inked, downsampled(inked))


def clean(strokes: Strokes) -> tuple[Array, ...]:
    """Return the strokes as arrays, without points that are not finite and without empty ones."""
    arrays = (np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in strokes)
    finite = (points[np.isfinite(points).all(axis=1)] for points in arrays)
    return tuple(points for points in finite if len(points))


def box(strokes: Sequence[Array]) -> list[Array]:
    """Centre the strokes' bounding box on 0 and make its longer side 1.

    Coordinates are rounded to 2⁻²⁰: the same drawing elsewhere gives the same bits.
    """
    low = np.min([points.min(axis=0) for points in strokes], axis=0)
    high = np.max([points.max(axis=0) for points in strokes], axis=0)
    # Halves first: the extremes of a float64 would overflow.
    centre, side = low / 2 + high / 2, 2 * float((high / 2 - low / 2).max())
    side = side if side > 1e-290 else 1.0
    return [np.round((points - centre) * (2**20 / side)) / 2**20 for points in strokes]


def segments(strokes: Sequence[Array]) -> tuple[Array, Array]:
    """Cut boxed strokes into segments of nearly equal length; return their starts and ends."""
    along = [_arc_length(points) for points in strokes]
    total = sum(lengths[-1] for lengths in along)
    spacing = max(SPACING, total / MOST_SEGMENTS)
    pieces = [_resampled(*each, spacing) for each in zip(strokes, along, strict=True)]
    starts = np.concatenate([points[:-1] for points in pieces])
    ends = np.concatenate([points[1:] for points in pieces])
    # Hundreds of dots would each be a segment: an even choice of them shows the same.
    chosen = slice(None, None, 1 + len(starts) // (2 * MOST_SEGMENTS))
    return starts[chosen], ends[chosen]


def _arc_length(points: Array) -> Array:
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _resampled(points: Array, along: Array, spacing: float) -> Array:
    count = max(1, math.ceil(along[-1] / spacing))
    marks = np.linspace(0, along[-1], count + 1)
    return np.stack([np.interp(marks, along, points[:, axis]) for axis in (0, 1)], axis=1)


def _slant(starts: Array, ends: Array) -> float:
    """Return cov(x, y) / var(y) of the ink, each segment being a uniform line of it."""
    steps = ends - starts
    length = np.hypot(*steps.T) + 1e-12
    middle = (starts + ends) / 2
    middle -= length @ middle / length.sum()
    # Within itself, a segment from −½ to ½ of its step has the second moment step²/12.
    xy = length @ (middle[:, 0] * middle[:, 1] + steps[:, 0] * steps[:, 1] / 12)
    yy = length @ (middle[:, 1] ** 2 + steps[:, 1] ** 2 / 12)
    return float(xy / yy) if yy > 1e-9 else 0.0


def placement(size: Array, pen: float) -> Array:
    """Return the scales (x, y) that lay a box of `size` (width, height) on the 32×32 grid.

    The ink, which reaches half a pen beyond the box, fills the height. The width is the
    geometric mean of :data:`WIDTH` and of what keeps the proportions, :data:`WIDEST` at most.
    Thin drawings are not blown up to it, and a lying stroke stays one.
    """
    width, height = np.maximum(size, 1e-3)
    inner_height = GRID - pen
    proportional = width / height * inner_height
    inner_width = min(math.sqrt((WIDTH - pen) * proportional), WIDEST - pen)
    if width * 6 < height:
        inner_width = min(inner_width, 2 * proportional)
    scale = np.array([inner_width / width, inner_height / height])
    return np.full(2, scale[0]) if height * 4 < width else scale


def _inked(starts: Array, ends: Array, size: Array) -> tuple[float, Picture]:
    """Find the pen that covers :data:`INK` cells, and draw with it.

    Ink is nearly a power of the pen's width, so the secant method runs on their logarithms.
    """
    length = np.hypot(*((ends - starts) * placement(size, 4.0)).T).sum()
    pen = float(np.clip(1.1 * INK / (length + 4), *PENS))
    power, last_pen, last_excess = 1.0, pen, 0.0
    for _ in range(5):
        scale = placement(size, pen)
        inked = coverage(starts * scale + GRID / 2, ends * scale + GRID / 2, pen / 2)
        excess = math.log(max(float(inked.sum()), 1.0) / INK)
        if pen != last_pen:
            power = (excess - last_excess) / math.log(pen / last_pen)
        wanted = pen * math.exp(-excess / min(max(power, 0.4), 1.6))
        following = float(np.clip(wanted, *PENS))
        if abs(excess) < 0.004 or following == pen:
            break
        last_pen, last_excess, pen = pen, excess, following
    else:
        pen = last_pen  # the one that `inked` was drawn with
    return pen, inked


def coverage(starts: Array, ends: Array, radius: float) -> Picture:
    """Draw segments with a round pen: how much of each cell of the 32×32 grid is ink.

    A cell's share is read off the distance d of its middle to the nearest segment, as
    ``clip(radius + ½ − d, 0, 1)``. With s the place of the foot of the perpendicular along a
    segment (0 its start, 1 its end), and t = clip(s, 0, 1) the nearest place on it,
    d² = |start → cell|² − t (2s − t) |start → end|²; everything but t is a sum of a part that
    depends on x and one that depends on y.
    """
    middles = np.arange(GRID, dtype=np.float32) + np.float32(0.5)
    origin = starts.astype(np.float32)
    step = (ends - starts).astype(np.float32)
    squared = np.maximum((step * step).sum(axis=1), np.float32(1e-9))
    dx, dy = middles - origin[:, :1], middles - origin[:, 1:]
    along = step / squared[:, None]
    s = (dx * along[:, :1])[:, None, :] + (dy * along[:, 1:])[:, :, None]
    distance = (dx * dx)[:, None, :] + (dy * dy)[:, :, None]
    t = np.clip(s, 0, 1)
    s += s
    s -= t
    s *= t
    s *= squared[:, None, None]
    distance -= s
    nearest = np.sqrt(np.maximum(distance.min(axis=0), 0))
    return np.clip(np.float32(radius + 0.5) - nearest, 0, 1)


def downsampled(inked: Picture) -> Picture:
    """Average 32×32 shares of ink over blocks: 8×8 pixels from 0 to 16, as in the data set."""
    blocks = inked.reshape(GRID // CELL, CELL, GRID // CELL, CELL)
    result = blocks.sum(axis=(1, 3))
    inked.setflags(write=False)
    result.setflags(write=False)
    return result
