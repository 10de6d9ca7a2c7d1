"""The ground of predicted against true: axes that are alike, and the diagonal between them."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from engine.surfaces import Extent
from gui import theme
from gui.data.geometry import Geometry, in_full, ticks
from gui.data.ground import TICK_ROOM, frame_of

TOP, RIGHT = 8.0, 12.0
"""Pixels beside the frame where no axis is."""
TEXT_GAP, TICK_GAP = 5.0, 6.0
"""Pixels from a name to its numbers, and from those to the frame."""
LEAST_SIDE, APART = 40.0, 10.0
"""Pixels of the frame, and between two numbers, at least."""
DASHES = (5.0, 4.0)
Marks = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class FitAxes:
    """Where the frame lies in a widget, and the numbers along both of its axes.

    Attributes
    ----------
    geometry : Geometry
        A square, so that perfect predictions lie on its diagonal.
    ticks : tuple of (float, str)
        Numbers and how they are written.
    """

    geometry: Geometry
    ticks: Marks

    @classmethod
    def within(cls, extent: Extent, width: float, height: float | None = None) -> "FitAxes":
        """Lay the axes out for a widget; without its height, for one high enough."""
        metrics = QFontMetricsF(theme.font(8.5, tabular=True))
        marks: Marks = ()
        left = side = 0.0
        for most in range(max(int(width / TICK_ROOM), 2), 1, -1):  # as many as there is room for
            values = ticks(extent.left, extent.right, most)
            step = values[1] - values[0] if len(values) > 1 else extent.width
            marks = tuple((value, in_full(value, step)) for value in values)
            widest = _widest(marks)
            left = metrics.height() + TEXT_GAP + widest + TICK_GAP
            side = max(width - left - RIGHT, LEAST_SIDE)
            if step / extent.width * side >= widest + APART:
                break
        if height is not None:
            side = min(side, max(height - TOP - cls.below(), LEAST_SIDE))
            left += max(width - left - RIGHT - side, 0) / 2
        return cls(Geometry(extent, left, TOP, side, side), marks)

    @staticmethod
    def below() -> float:
        """Return the pixels that numbers and name take below the frame."""
        numbers = QFontMetricsF(theme.font(8.5, tabular=True)).height()
        return TEXT_GAP + numbers + QFontMetricsF(theme.font(9, bold=True)).height() * 1.2 + 2

    @property
    def height(self) -> float:
        """The pixels it all takes from the widget's upper edge down."""
        return TOP + self.geometry.height + self.below()

    # ------------------------------------------------------------ painting

    def draw_ground(self, painter: QPainter) -> None:
        """Draw the frame, hairlines at the numbers, and the line of perfect predictions."""
        colors, box = theme.palette(), frame_of(self.geometry)
        painter.fillRect(box, colors.color("canvas"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colors.color("line", 0.55), 1))
        for value, _text in self.ticks:
            x, y = self._pixels_of(value)
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        painter.setPen(QPen(colors.color("line"), 1))
        painter.drawRect(box)
        painter.setPen(perfect_pen())
        painter.drawLine(box.bottomLeft(), box.topRight())

    def draw_texts(self, painter: QPainter, across: str, up: str) -> None:
        """Write numbers and names along the lower and the left edge."""
        box, font = frame_of(self.geometry), theme.font(8.5, tabular=True)
        line = QFontMetricsF(font).height()
        center, right = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font)
        painter.setPen(theme.palette().color("muted"))
        end = box.right() + RIGHT
        for value, text in self.ticks:
            x, y = self._pixels_of(value)
            half = QFontMetricsF(font).horizontalAdvance(text) / 2
            x = min(x, end - half)  # a long number at the very end stays in the widget
            painter.drawText(QRectF(x - 60, box.bottom() + TEXT_GAP, 120, line), center, text)
            beside = QRectF(0, y - line / 2, box.left() - TICK_GAP, line)
            painter.drawText(beside, right | middle, text)
        self._write_names(painter, across, up, line)

    def _write_names(self, painter: QPainter, across: str, up: str, numbers: float) -> None:
        box, font = frame_of(self.geometry), theme.font(9, bold=True)
        metrics, center = QFontMetricsF(font), Qt.AlignmentFlag.AlignCenter
        line = metrics.height() * 1.2
        across, up = (
            metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, box.width() + RIGHT)
            for name in (across, up)
        )
        painter.setFont(font)
        painter.setPen(theme.palette().color("text"))
        below = box.bottom() + TEXT_GAP + numbers
        painter.drawText(QRectF(box.left(), below, box.width(), line), center, across)
        painter.save()
        painter.translate(box.left() - self._room_for_numbers() - numbers, box.bottom())
        painter.rotate(-90)
        painter.drawText(QRectF(-RIGHT, -2, box.height() + 2 * RIGHT, line), center, up)
        painter.restore()

    def _room_for_numbers(self) -> float:
        return _widest(self.ticks) + TEXT_GAP + TICK_GAP

    def _pixels_of(self, value: float) -> tuple[float, float]:
        """Return where a number stands on the lower and on the left axis."""
        extent, at = self.geometry.extent, self.geometry
        part = (value - extent.left) / extent.width
        return at.x + part * at.width, at.y + (1 - part) * at.height


def _widest(marks: Marks) -> float:
    metrics = QFontMetricsF(theme.font(8.5, tabular=True))
    return max((metrics.horizontalAdvance(text) for _value, text in marks), default=0.0)


def perfect_pen() -> QPen:
    """Return the pen of the line of perfect predictions."""
    pen = QPen(theme.palette().color("muted", 0.75), 1.2)
    pen.setDashPattern(DASHES)
    return pen
