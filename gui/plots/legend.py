"""The line above a plot: what it shows, which curve is which, and the values under the mouse."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme

SPACE = 5.0
CORNERS = {
    "diamond": ((0, -3.6), (3.6, 0), (0, 3.6), (-3.6, 0)),
    "pointer": ((0, 3), (-3.6, 9.5), (3.6, 9.5)),
}


@dataclass(frozen=True)
class Entry:
    """One curve: its name, the palette's role for its colour, its marker, the value shown."""

    name: str
    role: str
    marker: str
    value: str = ""


@dataclass(frozen=True)
class Density:
    """How much of each entry there is room for: swatch, gap to the next, name or not."""

    swatch: float
    gap: float
    names: bool


DENSITIES = (Density(20.0, 12.0, True), Density(8.0, 7.0, True), Density(8.0, 6.0, False))


def draw_marker(painter: QPainter, marker: str, at: QPointF, role: str, ground: str) -> None:
    """Draw a curve's marker: the second cue beside its colour.

    Parameters
    ----------
    marker : {'disc', 'ring', 'diamond', 'pointer'}
        Its shape.
    at : QPointF
        Its middle.
    role, ground : str
        The palette's roles for its colour and for what lies inside a ring.
    """
    colors = theme.palette()
    painter.setPen(QPen(colors.color(role), 1.6))
    painter.setBrush(colors.color(ground if marker == "ring" else role))
    if marker in CORNERS:
        painter.drawPolygon([at + QPointF(x, y) for x, y in CORNERS[marker]])
    else:
        painter.drawEllipse(at, 3.0, 3.0)


class Legend(QWidget):
    """Title, one swatch, name and value for each curve, and a note at the right end."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self._entries: tuple[Entry, ...] = ()
        self._note = self._aside = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: Iterable[Entry], note: str = "", aside: str = "") -> None:
        """Show other curves or values; `aside` only where there is room for it."""
        shown = tuple(entries)
        if (shown, note, aside) != (self._entries, self._note, self._aside):
            self._entries, self._note, self._aside = shown, note, aside
            self.update()

    def text(self) -> str:
        """Return what is shown, as a sentence for screen readers and tests."""
        parts = [f"{entry.name} {entry.value}".strip() for entry in self._entries]
        note = self._note or self._aside
        return f"{self.title}: {', '.join(parts)}" + (f" ({note})" if note else "")

    def sizeHint(self) -> QSize:
        """Return one line of text."""
        return QSize(200, round(QFontMetricsF(theme.font(10, bold=True)).height() + 8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold = theme.font(10, bold=True)
        x = 2 + QFontMetricsF(bold).horizontalAdvance(self.title) + 12
        room = self.width() - x
        fitting = [each for each in DENSITIES if self._width_of(each) <= room]
        if fitting:
            self._draw_text(painter, 2, self.title, "text", bold)
        else:
            x = 2  # values are worth more than the title
        density = (*fitting, DENSITIES[-1])[0]
        for entry in self._entries:
            if not fitting and x + self._least_width_of(entry) > self.width():
                break  # half a number is none
            x = self._draw_entry(painter, x, entry, density) + density.gap
        room = self.width() - x - 4
        if not self._draw_note(painter, x, room, self._note or self._aside) and self._note:
            self._draw_note(painter, x, room, self._note.removeprefix("epoch "))

    def _width_of(self, density: Density) -> float:
        """Return the width of all entries and the note."""
        metrics = QFontMetricsF(theme.font(9, tabular=True))
        values = sum(metrics.horizontalAdvance(each.value) for each in self._entries)
        names = sum(metrics.horizontalAdvance(each.name) for each in self._entries)
        each = density.swatch + 2 * SPACE + density.gap
        note = metrics.horizontalAdvance(self._note)
        return values + density.names * names + each * len(self._entries) + note

    @staticmethod
    def _least_width_of(entry: Entry) -> float:
        """Return the width of an entry at its densest."""
        metrics = QFontMetricsF(theme.font(9, tabular=True))
        return DENSITIES[-1].swatch + SPACE + metrics.horizontalAdvance(entry.value or entry.name)

    def _draw_entry(self, painter: QPainter, x: float, entry: Entry, density: Density) -> float:
        middle = self.height() / 2
        painter.setPen(QPen(theme.palette().color(entry.role), 1.4))
        if density is DENSITIES[0]:
            painter.drawLine(QPointF(x, middle), QPointF(x + density.swatch, middle))
        at = QPointF(x + density.swatch / 2, middle)
        draw_marker(painter, entry.marker, at, entry.role, "window")
        x += density.swatch + SPACE
        if density.names or not entry.value:
            x = self._draw_text(painter, x, entry.name, "muted", theme.font(9)) + SPACE
        return self._draw_text(painter, x, entry.value, "text", theme.font(9, tabular=True))

    def _draw_note(self, painter: QPainter, left: float, room: float, note: str) -> bool:
        """Draw a note at the right end; return whether there was room for it."""
        font = theme.font(9, tabular=True)
        if QFontMetricsF(font).horizontalAdvance(note) > room:
            return False
        painter.setFont(font)
        painter.setPen(theme.palette().color("muted"))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(left, 0, room, self.height()), flags, note)
        return True

    def _draw_text(self, painter: QPainter, x: float, text: str, role: str, font: QFont) -> float:
        """Draw text at `x`; return where it ends."""
        painter.setFont(font)
        painter.setPen(theme.palette().color(role))
        width = painter.fontMetrics().horizontalAdvance(text)
        painter.drawText(
            QRectF(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        return x + width
