"""Small painted parts of a form: quiet buttons, glyphs, labels that wrap."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from gui import theme

ICON = 14
PADDING = 6
ICON_PADDING = 2
KEYBOARD = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
}


def paint_icon(painter: QPainter, at: QPointF, name: str, role: str, size: int = ICON) -> None:
    """Draw an icon of the theme with its upper left corner at a point."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(at, theme.icon_pixmap(name, role, size, ratio))


class QuietButton(QToolButton):
    """A button without a frame until it is pointed at, with an icon, a text or both.

    Parameters
    ----------
    text : str
        What it says; empty for an icon alone.
    icon : str
        Name of an icon of the theme; empty for a text alone.
    name : str
        What a screen reader says; the text if empty.
    bold : bool
        Whether it is the head of something.
    """

    def __init__(self, text: str = "", icon: str = "", name: str = "", bold: bool = False) -> None:
        super().__init__()
        self.icon_name = icon
        self._bold = bold
        self._by_keyboard = False
        self.setText(text)
        self.setAccessibleName(name or text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str) -> None:
        """Put another icon in the place of the present one."""
        self.icon_name = name
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self._metrics()
        width = 2 * PADDING + metrics.horizontalAdvance(self.text())
        if self.icon_name:
            width += ICON + (ICON_PADDING + 4 - PADDING if self.text() else 0)
        return QSize(width, max(metrics.height(), ICON) + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self.updateGeometry()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() in KEYBOARD
        super().focusInEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        painter.setFont(theme.font(10 if self._bold else 9.5, bold=self._bold))
        x = float(ICON_PADDING if self.icon_name and self.text() else PADDING)
        role = self._role()
        if self.icon_name:
            paint_icon(painter, QPointF(x, (self.height() - ICON) / 2), self.icon_name, role)
            x += ICON + 4
        painter.setPen(theme.palette().color(role))
        space = QRectF(x, 0, self.width() - x, self.height())
        painter.drawText(space, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(theme.font(10 if self._bold else 9.5, bold=self._bold))

    def _ringed(self) -> bool:
        return self.hasFocus() and self._by_keyboard

    def _role(self) -> str:
        if not self.isEnabled():
            return "line"
        lit = self._bold or self.underMouse() or self._ringed()
        return "text" if lit else "muted"

    def _paint_ground(self, painter: QPainter) -> None:
        colors = theme.palette()
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isEnabled() and (self.underMouse() or self.isDown()):
            painter.setBrush(colors.color("line", 1.0 if self.isDown() else 0.6))
            painter.drawRoundedRect(frame, 5, 5)
        if self._ringed():
            painter.setPen(QPen(colors.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 5, 5)


class Chip(QuietButton):
    """A word that is on or off, such as 'all' beside a batch size."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text, name=name)
        self.setCheckable(True)

    def _role(self) -> str:
        return "accent" if self.isChecked() else super()._role()

    def _paint_ground(self, painter: QPainter) -> None:
        super()._paint_ground(painter)
        colors = theme.palette()
        on = self.isChecked()
        painter.setPen(QPen(colors.color("accent" if on or self._ringed() else "line"), 1))
        painter.setBrush(colors.color("accent", 0.15) if on else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)


class Glyph(QWidget):
    """A small icon that says something and does nothing."""

    def __init__(self, icon: str, role: str, size: int = ICON) -> None:
        super().__init__()
        self._icon, self._role, self._size = icon, role, size
        self.setFixedSize(size, size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, QPointF(0, 0), self._icon, self._role, self._size)
        painter.end()
