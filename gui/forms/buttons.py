"""Small painted parts of a form: quiet buttons, glyphs, labels that wrap."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from gui import theme

ICON = 14
LABEL_WIDTH = 118
PADDING = 6
ICON_PADDING = 2
KEYBOARD = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
}


def scaled(pixels: float) -> int:
    """Return a length that grows with the application's text."""
    return round(pixels * theme.font(10).pointSizeF() / 10)


def paint_icon(painter: QPainter, at: QPointF, name: str, role: str, size: int) -> None:
    """Draw an icon of the theme with its upper left corner at a point."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(at, theme.icon_pixmap(name, role, size, ratio))


class QuietButton(QToolButton):
    """A button without a frame until it is pointed at, with an icon, a text or both.

    Parameters
    ----------
    parent : QWidget
        What holds it.
    text : str
        What it says; empty for an icon alone.
    icon : str
        Name of an icon of the theme; empty for a text alone.
    name : str
        What a screen reader says; the text if empty.
    bold : bool
        Whether it is the head of something.
    """

    def __init__(
        self, parent: QWidget, text: str = "", icon: str = "", name: str = "", bold: bool = False
    ) -> None:
        super().__init__(parent)
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
            width += scaled(ICON) + (ICON_PADDING + 4 - PADDING if self.text() else 0)
        return QSize(width, max(metrics.height(), scaled(ICON)) + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

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
            size = scaled(ICON)
            paint_icon(painter, QPointF(x, (self.height() - size) / 2), self.icon_name, role, size)
            x += size + 4
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

    def __init__(self, parent: QWidget, text: str, name: str) -> None:
        super().__init__(parent, text, name=name)
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


class Switch(QCheckBox):
    """A check box drawn as a switch: its knob is at the right when it is on."""

    def sizeHint(self) -> QSize:
        return QSize(scaled(30), scaled(18))

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = theme.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pill = QRectF(QPointF(0, 0), QSizeF(self.sizeHint())).adjusted(1, 1, -1, -1)
        pill.moveTop((self.height() - pill.height()) / 2)
        on = self.isChecked()
        painter.setPen(QPen(colors.color("accent" if on or self.hasFocus() else "muted"), 1))
        painter.setBrush(colors.color("accent" if on else "field"))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        radius = pill.height() / 2 - 3
        x = pill.right() - pill.height() / 2 if on else pill.left() + pill.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color("on_accent" if on else "muted"))
        painter.drawEllipse(QPointF(x, pill.center().y()), radius, radius)
        if self.hasFocus() and on:
            painter.setPen(QPen(colors.color("text"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.end()


class Glyph(QWidget):
    """A small icon that says something and does nothing."""

    def __init__(self, parent: QWidget, icon: str, role: str, size: int = ICON) -> None:
        super().__init__(parent)
        self._icon, self._role, self._size = icon, role, size
        self.setFixedSize(scaled(size), scaled(size))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFixedSize(scaled(self._size), scaled(self._size))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, QPointF(0, 0), self._icon, self._role, self.width())
        painter.end()


class LabelBox(QWidget):
    """The text beside an editor, and a mark behind it if changes restart the training."""

    def __init__(
        self, parent: QWidget, text: str, inset: int, restarts: bool, buddy: QWidget
    ) -> None:
        super().__init__(parent)
        self._inset = inset
        self._fit()
        label = QLabel(text, self)
        label.setWordWrap(True)
        label.setBuddy(buddy)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        line.addWidget(label, 1)
        if restarts:
            line.addWidget(Glyph(self, "reset", "muted", 12))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(scaled(LABEL_WIDTH) - self._inset)
