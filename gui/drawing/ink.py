"""How strokes are painted: smooth, antialiased, with round ends."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from gui import theme
from gui.drawing.sketch import Stroke

MOST_POINTS = 1000
"""Of a stroke that are painted: more take longer than a frame, and look the same."""


def smooth_path(stroke: Stroke, side: float) -> QPainterPath:
    """Return a stroke of the unit square on a canvas of `side` pixels.

    The curve passes through the middles between neighbouring points, with the points
    themselves as its control points: no corner shows, however coarse the mouse's steps.
    """
    points = stroke[thinned(len(stroke))] * side
    path = QPainterPath(QPointF(*points[0]))
    if len(points) == 1:
        path.lineTo(QPointF(points[0, 0] + 0.01, points[0, 1]))
        return path
    middles = (points[:-1] + points[1:]) / 2
    for (x, y), (middle_x, middle_y) in zip(
        points[1:-1].tolist(), middles[1:].tolist(), strict=True
    ):
        path.quadTo(x, y, middle_x, middle_y)
    path.lineTo(QPointF(*points[-1]))
    return path


def paint_strokes(
    painter: QPainter, strokes: Iterable[Stroke], side: float, width: float, color: QColor
) -> None:
    """Paint strokes of the unit square; `width` is in pixels."""
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, cap, join))
    for stroke in strokes:
        painter.drawPath(smooth_path(stroke, side))


def thinned(points: int, most: int = MOST_POINTS) -> np.ndarray:
    """Return which of so many points of a stroke are painted: the last, and the others evenly.

    >>> len(thinned(7)), len(thinned(10_000)), thinned(10_000)[-1]
    (7, 1000, np.int64(9999))
    """
    return np.linspace(0, points - 1, min(points, most)).astype(np.intp)


def fitted(strokes: Iterable[Stroke], margin: float = 0.1) -> tuple[Stroke, ...]:
    """Return strokes moved and scaled, alike in both directions, to fill the unit square."""
    strokes = tuple(strokes)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (1 - 2 * margin) / max(float((high - low).max()), 1e-6)
    return tuple((each - (low + high) / 2) * scale + 0.5 for each in strokes)


class InkLayer:
    """Strokes as pixels, painted again only when something about them changed."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._strokes: tuple[Stroke, ...] | None = None
        self._look: tuple[object, ...] = ()

    def pixmap(
        self, strokes: tuple[Stroke, ...], side: float, width: float, ratio: float
    ) -> QPixmap:
        """Return a square of `side` logical pixels, `ratio` device pixels each."""
        look = (side, width, ratio, theme.palette().name)
        if strokes is not self._strokes or look != self._look:
            self._strokes, self._look = strokes, look
            self._pixmap = QPixmap(round(side * ratio), round(side * ratio))
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._pixmap)
            paint_strokes(painter, strokes, side, width, theme.palette().color("ink"))
            painter.end()
        return self._pixmap
