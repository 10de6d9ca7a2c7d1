"""Many thin lines at once: sorted into colours by NumPy, drawn by Qt from NumPy's memory.

No Python runs per line, and Python's interpreter is free while Qt draws. Two things make Qt's
raster engine fast: a clip rectangle, and cosmetic pens no wider than 1 (wider ones go through
the general stroker).
"""

from functools import lru_cache
from itertools import pairwise

import numpy as np
from PySide6.QtGui import QColor, QPainter

from gui import theme
from gui.network_view.unheld import BYTES_PER_LINE, draw_lines
from gui.network_view.written import Run, ThinPen, Written, WrittenLines

VISIBLE = 0.016  # opacity
LEVELS = 16  # strengths; with the two signs, 32 colours
MOST_SMOOTH = 400  # lines that are antialiased, the strongest: elsewhere no step would show


def strength_alpha(strength: float, strongest: float = 0.9, gamma: float = 1.7) -> float:
    """Return how opaque an edge of a strength in [0, 1] is."""
    return strongest * strength**gamma


@lru_cache(maxsize=64)
def pens(name: theme.ThemeName, prefix: str, strongest: float, gamma: float) -> list[ThinPen]:
    """Return the pens of all colours: weakest first, positive before negative.

    Parameters
    ----------
    name : str
        The theme.
    prefix : str
        ``''`` for values, ``'gradient_'`` for derivatives of the loss.
    strongest, gamma : float
        See :func:`strength_alpha`.
    """
    colors = theme.PALETTES[name]
    made = []
    for bucket in range(2 * LEVELS):
        strength = (bucket // 2 + 0.5) / LEVELS
        color = QColor(getattr(colors, prefix + ("negative" if bucket % 2 else "positive")))
        color.setAlphaF(strength_alpha(strength, strongest, gamma))
        made.append(ThinPen(color))
    return made


def faintest(of_pens: list[ThinPen]) -> int:
    """Return the first colour that can be seen; the two of level 0 never are."""
    return next((b for b in range(2, len(of_pens)) if of_pens[b].color().alphaF() >= VISIBLE), 2)


def draw_segments(painter: QPainter, starts: np.ndarray, ends: np.ndarray) -> None:
    """Draw straight lines between points (n, 2) with the painter's pen."""
    if len(starts):
        lines = np.ascontiguousarray(np.hstack([starts, ends]), dtype=float)
        draw_lines(painter, lines.ctypes.data, len(lines))


class Buckets:
    """Lines sorted by colour, the strongest last, so that they end up on top.

    Parameters
    ----------
    edges : int
        How many lines.

    Attributes
    ----------
    lines : ndarray (edges, 4)
        The sorted lines.
    stops : ndarray (2 · LEVELS,)
        Where each colour ends in them.
    """

    def __init__(self, edges: int) -> None:
        self.lines = np.empty((edges, 4))
        self._address = self.lines.ctypes.data
        self._written = WrittenLines(self.lines)
        self.stops = np.zeros(2 * LEVELS, dtype=np.intp)
        self._strength = np.empty(edges, dtype=np.float32)
        self._bucket = np.empty(edges, dtype=np.uint8)
        self._negative = np.empty(edges, dtype=bool)

    def sort(self, lines: np.ndarray, values: np.ndarray, threshold: float = 0.0) -> None:
        """Sort lines (edges, 4) by their values (edges,), finite and in [-1, 1]."""
        strength, bucket, negative = self._strength, self._bucket, self._negative
        np.abs(values, out=strength)
        if threshold:
            strength[strength < threshold] = 0
        strength *= LEVELS
        np.minimum(strength, LEVELS - 1, out=strength)
        np.copyto(bucket, strength, casting="unsafe")
        np.less(values, 0, out=negative)
        bucket <<= 1
        bucket |= negative.view(np.uint8)
        order = np.argsort(bucket, kind="stable")  # a radix sort for bytes
        np.take(lines, order, axis=0, out=self.lines, mode="clip")
        np.add.accumulate(np.bincount(bucket, minlength=2 * LEVELS), out=self.stops)

    def draw(
        self, painter: QPainter, with_pens: list[ThinPen], most_smooth: int = MOST_SMOOTH
    ) -> None:
        """Draw all that are not too faint to be seen.

        The strongest, whole colours of them and at most `most_smooth`, are antialiased:
        elsewhere no step would show.
        """
        self._written.draw(painter, self._runs(with_pens, most_smooth))

    def write(self, with_pens: list[ThinPen], most_smooth: int, ground: QColor) -> Written:
        """Return what :meth:`draw` would draw, on a ground, to be drawn later."""
        return self._written.write(self._runs(with_pens, most_smooth), ground)

    def _runs(self, with_pens: list[ThinPen], most_smooth: int) -> list[Run]:
        first = faintest(with_pens)
        smooth = int(np.searchsorted(self.stops, len(self.lines) - most_smooth)) + 1
        bounds = enumerate(pairwise(self.stops[first - 1 :].tolist()), first)
        return [
            (with_pens[colour], start, stop, colour >= smooth)
            for colour, (start, stop) in bounds
            if stop > start
        ]

    def draw_lines(self, painter: QPainter, start: int, stop: int) -> None:
        """Draw the sorted lines ``start … stop`` with the painter's pen."""
        draw_lines(painter, self._address + start * BYTES_PER_LINE, stop - start)

    def draw_part(self, painter: QPainter, with_pens: list[ThinPen], start: int, stop: int) -> None:
        """Draw the sorted lines ``start … stop`` only."""
        bucket = int(np.searchsorted(self.stops, start, side="right"))
        while start < stop:
            end = min(stop, int(self.stops[bucket]))
            painter.setPen(with_pens[bucket])
            self.draw_lines(painter, start, end)
            start, bucket = end, bucket + 1
