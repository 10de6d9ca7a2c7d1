"""Fonts and colours of the drawing at one size, with what costs time kept."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QStaticText

from gui import theme

MOST_TEXTS = 1000


class Type:
    """A font, its measures, and the texts set in it so far.

    Attributes
    ----------
    font : QFont
        The font.
    height, cap : float
        Of a line, and of a capital letter.
    """

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetricsF(font)
        self.height = self._metrics.height()
        self.cap = self._metrics.capHeight()
        self.ascent = self._metrics.ascent()
        self._texts: dict[str, tuple[QStaticText, float]] = {}

    def width(self, text: str) -> float:
        return self._set(text)[1]

    def text(self, text: str) -> QStaticText:
        """Return a text as Qt lays it out; that takes far longer than to paint it."""
        return self._set(text)[0]

    def _set(self, text: str) -> tuple[QStaticText, float]:
        found = self._texts.get(text)
        if found is None:
            if len(self._texts) > MOST_TEXTS:
                self._texts.clear()
            static = QStaticText(text)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.prepare(font=self.font)
            found = self._texts[text] = static, self._metrics.horizontalAdvance(text)
        return found


class Style:
    """Fonts and colours for a drawing whose lengths are `unit` times the usual."""

    def __init__(self, unit: float) -> None:
        text = min(max(unit**0.6, 0.88), 1.5)
        self.unit = unit
        self.colors = theme.palette()
        self.title = Type(theme.font(10.5 * text, bold=True))
        self.body = Type(theme.font(9.5 * text))
        self.strong = Type(theme.font(9.5 * text, bold=True, tabular=True))
        self.small = Type(theme.font(8.5 * text))
        self.figures = Type(theme.font(8.5 * text, tabular=True))
        self.legend_bar = 12 * text
        self.legend_height = self.legend_bar + 2 * self.small.height + 4
        self._made: dict[tuple[str, float], QColor] = {}

    def color(self, role: str, alpha: float = 1.0) -> QColor:
        """Return a colour of the palette; not to be changed."""
        made = self._made.get((role, alpha))
        if made is None:
            made = self._made[role, alpha] = self.colors.color(role, alpha)
        return made

    def signed(self, value: float, alpha: float = 1.0) -> QColor:
        """Return the hue of a sign."""
        return self.colors.color("negative" if value < 0 else "positive", alpha)


def write(
    painter: QPainter,
    kind: Type,
    color: QColor,
    at: tuple[float, float],
    text: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Write one line, the middle of its capitals at a point."""
    x, y = at
    if align == Qt.AlignmentFlag.AlignHCenter:
        x -= kind.width(text) / 2
    elif align == Qt.AlignmentFlag.AlignRight:
        x -= kind.width(text)
    painter.setFont(kind.font)
    painter.setPen(color)
    painter.drawStaticText(QPointF(x, y + kind.cap / 2 - kind.ascent), kind.text(text))
