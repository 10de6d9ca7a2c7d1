"""What stands above and below a fit: its figures, and which mark is what."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.data.cloud import arrow, dot
from gui.data.fit_axes import perfect_pen
from gui.data.key import write

LEFT, GAP, MARKER, BESIDE = 0.0, 14.0, 16.0, 4.0
"""Pixels before the first entry, between two, for a mark, and from a name to its figure."""
RADIUS = 4.0


@dataclass(frozen=True)
class Entry:
    """A name and its figure, behind a mark: 'train', 'test', 'perfect', 'beyond' or none."""

    name: str
    figure: str
    mark: str = ""


class FitLine(QWidget):
    """Names and figures side by side; what there is no room for begins another line.

    Parameters
    ----------
    points : float
        Size of the text.
    """

    def __init__(self, points: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()
        self._points = points
        self._role = "test"
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_entries(self, entries: tuple[Entry, ...], role: str = "test") -> None:
        """Show other figures; `role` is the palette's, of the points counted."""
        if (entries, role) != (self.entries, self._role):
            before = self.heightForWidth(self.width())
            self.entries, self._role = entries, role
            self.setAccessibleName(self.text())
            if self.heightForWidth(self.width()) != before:
                self.updateGeometry()
            self.update()

    def text(self) -> str:
        """Return what is shown as a sentence."""
        return ", ".join(f"{each.name} {each.figure}".strip() for each in self.entries)

    # ------------------------------------------------------------ geometry

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, round(self._line()))

    def heightForWidth(self, width: int) -> int:
        """Return the height of as many lines as it takes."""
        lines = max((line for _x, line in self._places(width)), default=0) + 1
        return round(lines * self._line())

    def _line(self) -> float:
        return QFontMetricsF(theme.font(self._points)).height() * 1.4

    def _width(self, entry: Entry) -> float:
        plain, bold = (theme.font(self._points, bold=b, tabular=True) for b in (False, True))
        name = QFontMetricsF(plain).horizontalAdvance(entry.name)
        figure = QFontMetricsF(bold).horizontalAdvance(entry.figure)
        return (MARKER if entry.mark else 0) + name + (BESIDE + figure if entry.figure else 0)

    def _places(self, width: float) -> list[tuple[float, int]]:
        """Return where each entry begins, and on which line."""
        places, x, line = [], LEFT, 0
        for entry in self.entries:
            wide = self._width(entry)
            if x > LEFT and x + wide > width:
                x, line = LEFT, line + 1
            places.append((x, line))
            x += wide + GAP
        return places

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for entry, (x, line) in zip(self.entries, self._places(self.width()), strict=True):
            middle = (line + 0.5) * self._line()
            if entry.mark:
                self._draw_mark(painter, entry.mark, QPointF(x + MARKER / 2 - 3, middle))
                x += MARKER
            x = write(painter, entry.name, x, middle, "muted", points=self._points) + BESIDE
            write(painter, entry.figure, x, middle, "text", bold=True, points=self._points)
        painter.end()

    def _draw_mark(self, painter: QPainter, mark: str, at: QPointF) -> None:
        if mark == "perfect":
            painter.setPen(perfect_pen())
            painter.drawLine(at + QPointF(-5, 5), at + QPointF(5, -5))
            return
        colors, ratio = theme.palette(), self.devicePixelRatioF()
        color = colors.color(self._role).rgb()
        if mark == "beyond":
            picture = arrow(colors.name, color, True, RADIUS, ratio)
        else:
            picture = dot(colors.name, color, mark == "test", RADIUS, ratio)
        painter.drawPixmap(at - QPointF(RADIUS + 2, RADIUS + 2), picture)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.updateGeometry()
            self.update()
        super().changeEvent(event)
