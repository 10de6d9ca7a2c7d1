"""A field for one number on the drawing: typed, or dragged sideways."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QLineEdit, QWidget

from engine.knobs import Integer, Real
from gui import theme
from gui.forms.buttons import scaled

FINE, COARSE = 0.1, 10.0
WIDEST_ERROR = 220
HELP = "Type a number and press Enter, or drag sideways: finer with Shift, coarser with Ctrl"
KEYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


class InlineNumber(QWidget):
    """A small field that stands at a point of its parent until its number is decided.

    Typing takes effect with Enter; Escape, or going elsewhere, leaves the number as it was.
    Dragging sideways, and the keys Up and Down, change it at once; the end of a drag decides,
    and the field stays for another. It deletes itself when it is done.

    Parameters
    ----------
    parent : QWidget
        What it stands on.
    label : str
        What the number is.
    value : float
        The number before.
    domain : Real, optional
        What it may be; any finite number otherwise.
    step : float
        What a pixel of dragging, or a key, changes.

    Signals
    -------
    edited(float)
        The number is this at present, not decided yet.
    accepted(float)
        It is to be this; another number than before.
    cancelled
        It is to be what it was before, or was accepted last; the field goes.
    """

    edited = Signal(float)
    accepted = Signal(float)
    cancelled = Signal()

    def __init__(
        self,
        parent: QWidget,
        label: str,
        value: float,
        domain: Real | None = None,
        step: float = 0.01,
    ) -> None:
        super().__init__(parent)
        self._domain = domain or Real()
        self._step = step
        self._parent = parent
        self._decided = self._value = value
        self._exact = value  # while dragged, with what rounding leaves out
        self._pressed: QPointF | None = None
        self._dragged = self._done = False
        self._label = QLabel(label, self)
        self._label.setProperty("role", "muted")
        self.line = QLineEdit(self)
        self.line.setFrame(False)
        self.line.setFixedWidth(scaled(84))
        self.line.setAccessibleName(label)
        self.line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # see below
        self.line.installEventFilter(self)
        self.line.returnPressed.connect(self._enter)
        self.line.textEdited.connect(self._typed)
        self.error = QLabel(self)
        self.error.setProperty("role", "error")
        self.error.setWordWrap(True)
        self.error.setMaximumWidth(scaled(WIDEST_ERROR))
        self.error.hide()
        self.setFocusProxy(self.line)
        self.setToolTip(HELP)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self._lay_out()
        self._show_value()

    def open_at(self, x: float, y: float) -> None:
        """Appear centred above a point, as far as the parent reaches, and take the keys."""
        self._at = QPoint(round(x), round(y))
        self._fit()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)
        self.line.selectAll()

    def cancel(self) -> None:
        """Leave the number as it was decided last, and go."""
        if not self._done:
            self._go()
            self.cancelled.emit()

    # ------------------------------------------------------------ looks

    def _lay_out(self) -> None:
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(10, 6, 8, 6)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.addWidget(self._label, 0, 0)
        grid.addWidget(self.line, 0, 1)
        grid.addWidget(self.error, 1, 0, 1, 2)

    def _fit(self) -> None:
        """Take the size that the words need, inside the parent."""
        self._grid.activate()
        size, room = self._grid.totalSizeHint(), self._parent.size()
        height = max(size.height(), self._grid.totalHeightForWidth(size.width()))
        x, y = self._at.x() - size.width() // 2, self._at.y() - height - scaled(10)
        x = max(4, min(x, room.width() - size.width() - 4))
        y = y if y >= 4 else min(self._at.y() + scaled(10), room.height() - height - 4)
        self.setGeometry(x, y, size.width(), height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = theme.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wrong = self.error.isVisibleTo(self)
        painter.setPen(QPen(colors.color("error" if wrong else "accent"), 1.5))
        painter.setBrush(colors.color("field"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
        painter.end()

    def _show_value(self) -> None:
        self._shown = f"{self._value:.6g}"
        self.line.setText(self._shown)
        self._complain("")

    def _complain(self, reason: str) -> None:
        if reason != self.error.text():
            self.error.setText(reason)
            self.error.setVisible(bool(reason))
            self._fit()
            self.update()

    # ------------------------------------------------------------ typing

    def _typed(self) -> None:
        self._complain("")

    def _enter(self) -> None:
        if self.line.text() != self._shown:
            try:
                self._value = self._domain.parse(self.line.text())
            except ValueError as error:
                empty = not self.line.text().strip()
                self._complain("Type a number" if empty else str(error))
                return
        if self._value == self._decided:
            self.cancel()
        else:
            self._go()
            self.accepted.emit(self._value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep Escape, Up and Down from the window's shortcuts; leave with the focus."""
        kind = event.type()
        if isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Escape, *KEYS):
            if kind == QEvent.Type.ShortcutOverride:
                event.accept()
            elif kind == QEvent.Type.KeyPress:
                self._press(event)
            return True
        if kind == QEvent.Type.FocusOut:
            self.cancel()
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.cancel()
        else:
            self._exact = self._value
            self._change(KEYS[key], event.modifiers())

    # ------------------------------------------------------------ dragging

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), False
            self._exact = self._value

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        pixels = event.position().x() - self._pressed.x()
        if self._dragged or abs(pixels) >= QApplication.startDragDistance():
            self._dragged, self._pressed = True, event.position()
            self._change(pixels, event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        if not self._dragged:
            inside = self.line.mapFromParent(event.position().toPoint())
            self.line.setCursorPosition(self.line.cursorPositionAt(inside))
        elif self._value != self._decided:
            self._decided = self._value
            self.line.selectAll()
            self.accepted.emit(self._value)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.line.selectAll()

    def _change(self, steps: float, modifiers: Qt.KeyboardModifier) -> None:
        """Change the number at once; where it may not go on, it stays."""
        step = self._step
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            step *= FINE
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            step *= COARSE
        domain = self._domain
        self._exact = min(max(self._exact + steps * step, domain.low), domain.high)
        whole = isinstance(domain, Integer)
        rounded = round(self._exact) if whole else step * round(self._exact / step)
        try:
            value = domain.check(min(max(rounded, domain.low), domain.high))
        except ValueError:
            return
        if value != self._value:
            self._value = value
            self._show_value()
            self.edited.emit(value)

    def _go(self) -> None:
        self._done = True
        self.hide()
        self.deleteLater()
