"""Small plots: a few lines over common axes, with ticks that can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from engine.formulas.writer import number
from gui import theme


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a plot: its points, the palette's role for its colour, its style."""

    x: np.ndarray
    y: np.ndarray
    role: str
    name: str = ""
    dashed: bool = False
    width: float = 1.6


@dataclass(frozen=True)
class View:
    """Where numbers lie on the screen."""

    box: QRectF
    x0: float
    x1: float
    y0: float
    y1: float

    def at(self, x: float, y: float) -> QPointF:
        """Return the place of a point."""
        return QPointF(*self.along(x, y))

    def along(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return where numbers, or arrays of them, lie to the right and downwards."""
        right = (x - self.x0) / ((self.x1 - self.x0) or 1.0)
        up = (y - self.y0) / ((self.y1 - self.y0) or 1.0)
        return self.box.x() + right * self.box.width(), self.box.bottom() - up * self.box.height()


def extent(values: Sequence[np.ndarray], margin: float = 0.08) -> tuple[float, float]:
    """Return the least and the largest of some numbers, with room around them."""
    joined = np.concatenate([np.ravel(each) for each in values]) if values else np.zeros(1)
    joined = joined[np.isfinite(joined)]
    if not joined.size:
        return -1.0, 1.0
    low, high = float(joined.min()), float(joined.max())
    room = (high - low) * margin or abs(high) * 0.5 or 1.0
    return low - room, high + room


def draw_lines(painter: QPainter, view: View, lines: Sequence[Line]) -> None:
    """Draw lines; what is not finite is left out."""
    painter.save()
    painter.setClipRect(view.box.adjusted(-1, -1, 1, 1), Qt.ClipOperation.IntersectClip)
    for line in lines:
        pen = QPen(theme.palette().color(line.role), line.width)
        if line.dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        finite = np.isfinite(line.x) & np.isfinite(line.y)
        x, y = view.along(line.x[finite], line.y[finite])
        painter.drawPolyline(QPolygonF(list(map(QPointF, x.tolist(), y.tolist()))))
    painter.restore()


def draw_frame(painter: QPainter, view: View, title: str = "") -> None:
    """Draw the ground, the zero lines, and the numbers at the ends of the axes."""
    colors = theme.palette()
    painter.fillRect(view.box, colors.color("field"))
    painter.setPen(QPen(colors.color("line"), 1))
    painter.drawRect(view.box)
    if view.y0 < 0 < view.y1:
        painter.drawLine(view.at(view.x0, 0), view.at(view.x1, 0))
    if view.x0 < 0 < view.x1:
        painter.drawLine(view.at(0, view.y0), view.at(0, view.y1))
    font = theme.font(8, tabular=True)
    painter.setFont(font)
    painter.setPen(colors.color("muted"))
    high = QFontMetricsF(font).height()
    box = view.box
    right = Qt.AlignmentFlag.AlignRight
    painter.drawText(QRectF(box.x() - 62, box.top() - 2, 58, high), right, number(view.y1, 2))
    painter.drawText(
        QRectF(box.x() - 62, box.bottom() - high + 2, 58, high), right, number(view.y0, 2)
    )
    if title:
        painter.setFont(theme.font(8.5))
        painter.drawText(QPointF(box.x() + 6, box.top() + high), title)
