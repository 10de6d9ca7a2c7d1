"""The line above a plot: what it shows, which curve is which, and the values under the mouse."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme

SWATCH = 20.0
SMALL_SWATCH = 8.0
GAP = 12.0
SMALL_GAP = 7.0
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
        self._note = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: Iterable[Entry], note: str = "") -> None:
        """Show other curves, values or another note."""
        shown = tuple(entries)
        if (shown, note) != (self._entries, self._note):
            self._entries, self._note = shown, note
            self.update()

    def text(self) -> str:
        """Return what is shown, as a sentence for screen readers and tests."""
        parts = [f"{entry.name} {entry.value}".strip() for entry in self._entries]
        return f"{self.title}: {', '.join(parts)}" + (f" ({self._note})" if self._note else "")

    def sizeHint(self) -> QSize:
        """Return one line of text."""
        return QSize(200, round(QFontMetricsF(theme.font(10, bold=True)).height() + 8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self._draw_text(painter, 2.0, self.title, "text", theme.font(10, bold=True)) + GAP
        roomy = self._width_needed() <= self.width() - x
        swatch, gap = (SWATCH, GAP) if roomy else (SMALL_SWATCH, SMALL_GAP)
        for entry in self._entries:
            x = self._draw_entry(painter, x, entry, swatch) + gap
        self._draw_note(painter, x)

    def _width_needed(self) -> float:
        names, values = QFontMetricsF(theme.font(9)), QFontMetricsF(theme.font(9, tabular=True))
        return sum(
            SWATCH + 12 + GAP + names.horizontalAdvance(each.name)
            + values.horizontalAdvance(each.value)
            for each in self._entries
        )  # fmt: skip

    def _draw_entry(self, painter: QPainter, x: float, entry: Entry, swatch: float) -> float:
        middle = self.height() / 2
        painter.setPen(QPen(theme.palette().color(entry.role), 1.4))
        if swatch > SMALL_SWATCH:
            painter.drawLine(QPointF(x, middle), QPointF(x + swatch, middle))
        draw_marker(painter, entry.marker, QPointF(x + swatch / 2, middle), entry.role, "window")
        x = self._draw_text(painter, x + swatch + 5, entry.name, "muted", theme.font(9))
        if entry.value:
            font = theme.font(9, tabular=True)
            x = self._draw_text(painter, x + 5, entry.value, "text", font)
        return x

    def _draw_note(self, painter: QPainter, left: float) -> None:
        font = theme.font(9, tabular=True)
        metrics = QFontMetricsF(font)
        room = self.width() - left - 4
        if metrics.horizontalAdvance(self._note) <= room:
            box = QRectF(left, 0, room, self.height())
            painter.setFont(font)
            painter.setPen(theme.palette().color("muted"))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, flags, self._note)

    def _draw_text(self, painter: QPainter, x: float, text: str, role: str, font: object) -> float:
        """Draw text at `x`; return where it ends."""
        painter.setFont(font)  # type: ignore[arg-type]
        painter.setPen(theme.palette().color(role))
        width = painter.fontMetrics().horizontalAdvance(text)
        painter.drawText(
            QRectF(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        return x + width
