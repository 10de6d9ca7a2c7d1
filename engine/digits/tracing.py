"""From the picture of a digit, a photograph even, to the strokes that might have drawn it.

So a picture takes the same road as a drawing (:mod:`engine.digits.strokes`), whatever its size, its
pen and its margins, and can be edited on the canvas:

1. **ink** is what differs from the paper around it, darker or lighter; shadows go with the
   paper. The threshold is Otsu's (1979); specks are dropped.
2. **thinned** to lines one pixel wide (Zhang and Suen 1984);
3. **traced** from end to end and from crossing to crossing.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

Bits = NDArray[np.bool_]
Points = NDArray[np.float64]

LARGEST = 256  # pixels of the longer side that are looked at
FINE = 64  # pixels of the digit's longer side when it is thinned
FAINTEST = 0.08  # contrast of the faintest ink, where paper and full ink differ by 1
SPECK = 0.04  # share of the largest blot; what is smaller is dirt
SPUR = 6  # pixels; shorter ends at a crossing are the pen's width, not its way

EVERYWHERE = np.ones((3, 3), bool)
# The eight neighbours, clockwise from above; each is one bit of a pixel's surroundings.
NEIGHBOURS = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def strokes_of(grey: ArrayLike) -> list[Points]:
    """Return strokes, each (points, 2) with y down, that draw what a picture shows.

    Parameters
    ----------
    grey : array-like, shape (height, width)
        Brightness: whole numbers from 0 to 255, or others from 0 to 1 (to their largest, if
        that is more). Dark on light or light on dark.

    Returns
    -------
    list of ndarray
        In pixels of the digit; empty where there is no ink.

    Examples
    --------
    >>> paper = np.full((40, 30), 230, np.uint8)
    >>> paper[5:35, 14:17] = 40
    >>> (stroke,) = strokes_of(paper)
    >>> bool(np.ptp(stroke[:, 0]) < 2 and np.ptp(stroke[:, 1]) > 50)
    True
    """
    return trace(thin(enlarged(ink(brightness(grey)))))


# ---------------------------------------------------------------- ink


def brightness(grey: ArrayLike) -> NDArray[np.float64]:
    """Return a picture as numbers from 0 to 1, its longer side about 256 pixels at most."""
    given = np.asarray(grey)
    if given.ndim != 2 or not given.size:
        raise ValueError(f"a picture must have shape (height, width), not {given.shape}")
    whole = np.issubdtype(given.dtype, np.integer)
    light = np.nan_to_num(given.astype(np.float64), posinf=1.0, neginf=0.0)
    light /= 255 if whole else max(1.0, light.max())
    step = -(-max(light.shape) // LARGEST)
    height, width = (max(1, side // step) for side in light.shape)
    if step > 1 and min(light.shape) >= step:
        light = light[: height * step, : width * step]
        light = light.reshape(height, step, width, step).mean(axis=(1, 3))
    return np.clip(light, 0, 1)


def ink(light: NDArray[np.float64]) -> Bits:
    """Tell ink from paper, by what differs from the surroundings."""
    rim = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    paper = np.median(rim)
    low, high = np.quantile(light, [0.01, 0.99])
    likely, other = (1 - light, light) if high - paper > paper - low else (light, 1 - light)
    found = dark_ink(likely)
    return found if found.any() else dark_ink(other)  # the rim was no paper, but a table


def dark_ink(light: NDArray[np.float64]) -> Bits:
    """Tell dark ink from lighter paper around it."""
    smooth = ndimage.gaussian_filter(light, max(light.shape) / 150)
    reach = 2 * (max(light.shape) // 6) + 1
    margin = reach // 2
    wide = np.pad(smooth, margin, mode="edge")
    lit = ndimage.grey_closing(wide, reach)[margin:-margin, margin:-margin] if margin else smooth
    contrast = lit - smooth
    contrast -= np.median(contrast)  # ink is the lesser part
    grain = 1.5 * np.median(np.abs(contrast))
    if contrast.max() < max(FAINTEST, 8 * grain):
        return np.zeros(light.shape, bool)
    return without_specks(contrast > max(otsu(contrast), FAINTEST / 2))


def otsu(values: NDArray[np.float64]) -> float:
    """Return the threshold between two groups of values that parts them best.

    >>> bool(0.1 < otsu(np.array([0.0, 0.1, 0.1, 0.8, 0.9])) < 0.8)
    True
    """
    counts, edges = np.histogram(values, bins=128)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    sums = np.cumsum(counts * middles)
    above = below[-1] - below
    difference = sums / np.maximum(below, 1) - (sums[-1] - sums) / np.maximum(above, 1)
    return float(edges[1 + np.argmax(below * above * difference**2)])


def without_specks(inked: Bits) -> Bits:
    """Keep the blots that are not much smaller than the largest."""
    blots, count = ndimage.label(inked, EVERYWHERE)
    if count < 2:
        return inked
    sizes = np.bincount(blots.ravel())
    sizes[0] = 0
    return (sizes > SPECK * sizes.max())[blots]


def enlarged(inked: Bits) -> Bits:
    """Crop to the ink and bring its longer side to :data:`FINE` pixels, edges smoothed."""
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return inked
    cropped = inked[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = FINE / max(cropped.shape)
    margin = 4
    padded = np.pad(cropped.astype(np.float64), max(2, round(margin / scale)))
    fine = ndimage.zoom(padded, scale, order=1, grid_mode=True, mode="nearest")
    return ndimage.gaussian_filter(fine, max(1.0, scale / 2)) > 0.5


# ---------------------------------------------------------------- thinned


def thin(inked: Bits) -> Bits:
    """Thin ink to lines one pixel wide, keeping what hangs together.

    >>> bar = np.zeros((5, 9), bool)
    >>> bar[1:4, 1:8] = True
    >>> thin(bar).sum(axis=0).max()
    np.int64(1)
    """
    cells = np.pad(inked, 1).astype(np.uint8)
    inner = cells[1:-1, 1:-1]
    thinner = True
    while thinner:
        thinner = False
        for removable in _removable():
            doomed = removable[_surroundings(cells)] & (inner > 0)
            thinner |= bool(doomed.any())
            inner[doomed] = 0
    return inner > 0


def _surroundings(cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return for each inner cell which neighbours are ink, one bit each."""
    height, width = cells.shape
    bits = np.zeros((height - 2, width - 2), np.uint8)
    for bit, (dy, dx) in enumerate(NEIGHBOURS):
        bits |= cells[1 + dy : height - 1 + dy, 1 + dx : width - 1 + dx] << bit
    return bits


@lru_cache(maxsize=1)
def _removable() -> tuple[Bits, Bits]:
    """Return which surroundings let a cell go, in the two halves of a round."""
    ring = (np.arange(256)[:, None] >> np.arange(8)) & 1
    number = ring.sum(axis=1)
    runs = ((ring == 0) & (np.roll(ring, -1, axis=1) == 1)).sum(axis=1)
    edge = (number >= 2) & (number <= 6) & (runs == 1)
    north, east, south, west = ring[:, 0], ring[:, 2], ring[:, 4], ring[:, 6]
    first = edge & (north * east * south == 0) & (east * south * west == 0)
    second = edge & (north * east * west == 0) & (north * south * west == 0)
    return first, second


# ---------------------------------------------------------------- traced


def trace(lines: Bits) -> list[Points]:
    """Follow lines one pixel wide; return the ways between ends and crossings, smoothed."""
    rows, columns = np.nonzero(lines)
    cells = list(zip(rows.tolist(), columns.tolist(), strict=True))
    joined = _joined(set(cells))
    ways = [way for way in _ways(joined) if not _is_spur(way, joined)]
    dots = [[cell] for cell in cells if not joined[cell]]
    return [_smoothed(np.array(way, np.float64)[:, ::-1] + 0.5) for way in ways + dots]


Cell = tuple[int, int]


def _joined(cells: set[Cell]) -> dict[Cell, list[Cell]]:
    """Return which cells each cell touches; diagonally only where there is no way around."""
    joined: dict[Cell, list[Cell]] = {cell: [] for cell in cells}
    for y, x in sorted(cells):
        for dy, dx in NEIGHBOURS:
            around = {(y + dy, x), (y, x + dx)} & cells if dy and dx else None
            if (y + dy, x + dx) in cells and not around:
                joined[y, x].append((y + dy, x + dx))
    return joined


def _ways(joined: dict[Cell, list[Cell]]) -> list[list[Cell]]:
    """Walk every line once: first from ends and crossings, then around what is left."""
    walked: set[tuple[Cell, Cell]] = set()
    ways = []
    for start in sorted(joined, key=lambda cell: (len(joined[cell]) == 2, cell)):
        for following in joined[start]:
            if (start, following) not in walked:
                ways.append(_walk(start, following, joined, walked))
    return ways


def _walk(
    cell: Cell,
    following: Cell,
    joined: dict[Cell, list[Cell]],
    walked: set[tuple[Cell, Cell]],
) -> list[Cell]:
    way = [cell]
    while (cell, following) not in walked:
        walked |= {(cell, following), (following, cell)}
        way.append(following)
        if len(joined[following]) == 2:
            one, other = joined[following]
            cell, following = following, other if one == cell else one
    return way


def _is_spur(way: list[Cell], joined: dict[Cell, list[Cell]]) -> bool:
    ends = sorted(len(joined[cell]) for cell in (way[0], way[-1]))
    return len(way) < SPUR and ends[0] == 1 and ends[1] > 2


def _smoothed(points: Points) -> Points:
    """Round off the stairs of pixels; ends stay where they are, a ring stays closed."""
    if len(points) < 4:
        return points
    ring = bool((points[0] == points[-1]).all())
    for _ in range(4):
        before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
        if ring:
            before[0], after[-1] = points[-2], points[1]
        else:
            before[0], after[-1] = points[0], points[-1]
        points = points / 2 + (before + after) / 4
    return points
