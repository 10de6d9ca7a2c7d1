"""What forms are put together from: what unfolds, and what says that something is wrong."""

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui import theme
from gui.forms.buttons import Glyph, QuietButton
from gui.forms.editor import SPACING

INDENT = 12
GAP = 6


class Tail(QWidget):
    """What stands under a setting: why an entry is refused, and what a choice unfolds."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.complaint = ""
        self._sign: Complaint | None = None
        self._below: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def complain(self, reason: str) -> None:
        """Show what is wrong; with an empty reason, nothing."""
        if reason == self.complaint == "":
            return
        self.complaint = reason[:1].upper() + reason[1:]
        if self._sign is None:
            self._sign = Complaint(self)
            self._column.insertWidget(0, self._sign)
        self._sign.message.setText(self.complaint)
        self._sign.setVisible(bool(reason))
        self._show()
        if reason:
            QTimer.singleShot(0, self, self._reveal)  # once the layout has made room for it

    def unfold(self, below: QWidget | None) -> None:
        """Show another widget under the setting, or none."""
        self._below = below
        if below is not None:
            self._column.addWidget(below)
        self._show()

    def _reveal(self) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None and self._sign is not None and self._sign.isVisible():
            area.ensureWidgetVisible(self._sign, 0, 8)

    def _show(self) -> None:
        self.setVisible(self._below is not None or bool(self.complaint))


class Complaint(QWidget):
    """Why an entry is refused, in words and with a sign."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.message = QLabel(self)
        self.message.setProperty("role", "error")
        self.message.setWordWrap(True)
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * INDENT, 4, 0, 2)
        line.setSpacing(SPACING)
        line.addWidget(Glyph(self, "warning", "error"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.message, 1)


class Indented(QWidget):
    """Holds what belongs to the setting above it, with a line that leads down from there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(INDENT, GAP, 0, 0)
        self._column.setSpacing(GAP)

    def add(self, widget: QWidget) -> None:
        """Put another widget under the others."""
        self._column.addWidget(widget)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.palette().color("line"))
        painter.drawLine(QPoint(3, GAP), QPoint(3, self.height()))
        painter.end()


class More(QWidget):
    """Settings that are seldom turned, folded away until asked for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.button = QuietButton(self, "More", "chevron-right")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._fold)
        self.body = QWidget(self)
        self._rows = QVBoxLayout(self.body)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.button)
        column.addWidget(self.body)
        self.body.hide()

    def add(self, widget: QWidget) -> None:
        """Put another setting under the others."""
        self._rows.addWidget(widget)

    def count(self, changed: int) -> None:
        """Say how many of the settings within are not at their defaults."""
        self.button.setText(f"More · {changed} changed" if changed else "More")
        self.button.setAccessibleName(self.button.text())
        self.button.updateGeometry()

    def _fold(self, opened: bool) -> None:
        self.body.setVisible(opened)
        self.button.show_icon("chevron-down" if opened else "chevron-right")
