"""Small parts that panels are made of."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QSizePolicy, QSpinBox


def muted_label(text: str = "") -> QLabel:
    """Return a text that stands beside what is read first; it wraps."""
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


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
