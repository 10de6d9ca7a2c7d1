"""The square that shows a drawing: its ink, what the strokes say, the eraser."""

from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.drawing.ink import InkLayer, paint_strokes
from gui.drawing.samples import sample
from gui.drawing.sketch import Sketch
from gui.drawing.strip import PixelsPaint
from gui.drawing.why import Weights, paint_weights

Tool = Literal["pen", "eraser"]

ERASER_RADIUS = 0.05
HINT = sample(3)


class Easel(QWidget):
    """Shows strokes of the unit square, so that a resize keeps the drawing.

    Attributes
    ----------
    sketch : Sketch
        What is drawn.
    tool : {'pen', 'eraser'}
        What mouse, pen and finger do; a pen's rubber end always erases.
    pen_width : float
        Of the strokes as they are shown, as a share of the square.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sketch = Sketch()
        self.tool: Tool = "pen"
        self.pen_width = 0.055
        self._eraser_at: QPointF | None = None
        self._weights: Weights | None = None
        self._picture: np.ndarray | None = None
        self._layer = InkLayer()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_pen_width(self, share: float) -> None:
        """Show the strokes thinner or thicker."""
        self.pen_width = share
        self.update()

    def show_weights(self, weights: Weights | None) -> None:
        """Colour the strokes by what they say; None shows plain ink."""
        if weights is not None or self._weights is not None:
            self._weights = weights
            self.update()

    def show_picture(self, picture: np.ndarray | None) -> None:
        """Show a picture (8, 8), from 0 to 16, where nothing is drawn; None shows the hint."""
        if picture is not None or self._picture is not None:
            self._picture = picture
            self.update()

    # ------------------------------------------------------------ geometry

    def sizeHint(self) -> QSize:
        return QSize(300, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 140)

    @property
    def square(self) -> QRectF:
        """The part of the widget that is drawn on."""
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _to_unit(self, position: QPointF) -> tuple[float, float]:
        square = self.square
        at = position - square.topLeft()
        return at.x() / square.width(), at.y() / square.height()

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square, colors = self.square, theme.palette()
        painter.setPen(QPen(colors.color("accent" if self.hasFocus() else "line"), 1))
        painter.setBrush(colors.color("canvas"))
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if not self.sketch.strokes and self._picture is not None:
            inner = square.adjusted(1, 1, -1, -1)
            PixelsPaint(self._picture / 16, theme.grayscale)(painter, inner)
        elif not self.sketch.strokes:
            self._paint_placeholder(painter, square)
        painter.translate(square.topLeft())
        self._paint_ink(painter, square.width())
        painter.translate(-square.topLeft())
        if self.tool == "eraser" and self._eraser_at is not None:
            painter.setPen(QPen(colors.color("muted"), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            radius = ERASER_RADIUS * square.width()
            painter.drawEllipse(self._eraser_at, radius, radius)

    def _paint_ink(self, painter: QPainter, side: float) -> None:
        """Paint the finished strokes from memory, the one under the pen, and what they say."""
        sketch, width = self.sketch, self.pen_width * side
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(0, 0, self._layer.pixmap(sketch.finished, side, width, ratio))
        if sketch.current is not None:
            ink = theme.palette().color("ink")
            paint_strokes(painter, (sketch.current,), side, width, ink)
        if self._weights is not None:
            strokes = sketch.strokes
            if [len(each) for each in strokes] == [len(each) for each in self._weights]:
                paint_weights(painter, strokes, self._weights, side, 0.6 * width)

    def _paint_placeholder(self, painter: QPainter, square: QRectF) -> None:
        colors = theme.palette()
        painter.translate(square.topLeft())
        paint_strokes(
            painter, HINT, square.width(), square.width() * 0.05, colors.color("muted", 0.13)
        )
        painter.translate(-square.topLeft())
        painter.setPen(colors.color("muted"))
        painter.setFont(theme.font(11))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(
            square.adjusted(8, 8, -8, -12), flags | Qt.TextFlag.TextWordWrap, "Draw a digit here"
        )
