"""Small parts that panels are made of."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QWidget,
)

from gui.own_fonts import give_font


def muted_label(text: str = "") -> QLabel:
    """Return a text that stands beside what is read first; it wraps."""
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setWordWrap(True)  # after the policy, of which its height for a width is a part
    return label


class SmallButton(QToolButton):
    """A button in small letters, and not much higher than these."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        give_font(self, 9)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFixedHeight(self.fontMetrics().height() + 10)


class Fence(QWidget):
    """Keeps a widget whose words change all the time from laying out the whole window.

    A label with another text asks its layout for another place, that one the one around it, up
    to the window's; here the question ends. The widget fills the room it once asked for.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget
        widget.setParent(self)
        self.setSizePolicy(widget.sizePolicy())

    def sizeHint(self) -> QSize:
        return self._widget.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._widget.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._widget.resize(event.size())

    def changeEvent(self, event: QEvent) -> None:
        """Ask for other room where fonts or style are others."""
        self.updateGeometry()
        super().changeEvent(event)


class Stretched(Fence):
    """Shows the last picture of a widget, stretched, while its size goes on changing.

    For what takes long to be painted at another size.

    Parameters
    ----------
    widget : QWidget
        What is shown.
    milliseconds : int
        Without another size, until it is painted for this one; where several would be painted
        in the same frame, each has its own.

    Signals
    -------
    settled
        The widget has another size.
    """

    settled = Signal()

    def __init__(self, widget: QWidget, milliseconds: int) -> None:
        super().__init__(widget)
        self._picture: QPixmap | None = None
        self._is_dressed_anew = False
        self._rest = once_at_rest(self, milliseconds, self._settle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.oldSize().isEmpty() or not self.isVisible() or self._is_dressed_anew:
            self._settle()
            return
        if self._picture is None:
            self._picture = self._widget.grab()
            self._widget.hide()
        self._rest.start()

    def changeEvent(self, event: QEvent) -> None:
        """Paint anew at once in another font: a picture of it is no less work."""
        self._is_dressed_anew |= event.type() == QEvent.Type.FontChange
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is not None:
            QPainter(self).drawPixmap(self.rect(), self._picture)

    @Slot()
    def _settle(self) -> None:
        self._picture, self._is_dressed_anew = None, False
        self._widget.resize(self.size())
        self._widget.show()
        self.settled.emit()


class CalmComboBox(QComboBox):
    """A choice that a wheel turned over it does not change."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CalmSpinBox(QSpinBox):
    """A whole number that a wheel turned over it does not change."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CalmDoubleSpinBox(QDoubleSpinBox):
    """A number that a wheel turned over it does not change."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def set_quietly(spin: QSpinBox | QDoubleSpinBox, value: float) -> None:
    """Show a number without telling anybody; nothing is painted where it is shown already."""
    if spin.value() != value:
        spin.blockSignals(True)
        spin.setValue(value)  # type: ignore[arg-type]
        spin.blockSignals(False)


def once_at_rest(parent: QObject, milliseconds: int, slot: Callable[[], object]) -> QTimer:
    """Return a timer that calls a slot once nobody has started it anew for a while."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer
