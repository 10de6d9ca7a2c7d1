"""Says what a drawing shows: the right answer, from the person who drew it."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gui import theme
from gui.panel_parts import SmallButton


class LabelButton(SmallButton):
    """Opens the ten digits to choose from, and says which was chosen.

    Signals
    -------
    labelled(object)
        The digit that the drawing shows, or None to take the label back.
    """

    labelled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._menu = QMenu(self)
        self._digits = [self._menu.addAction(f"This is a &{digit}") for digit in range(10)]
        for digit, action in enumerate(self._digits):
            action.setData(digit)
            action.setCheckable(True)
        self._menu.addSeparator()
        self._back = self._menu.addAction("&Nobody knows")
        self._menu.triggered.connect(self._choose)
        self.clicked.connect(self.open)
        self.label: int | None = None
        self.show_label(None)

    def show_label(self, label: int | None) -> None:
        """Show what the drawing was said to be."""
        self.label = label
        self.setText("What is it?" if label is None else f"It is a {label}")
        self.setToolTip(
            "Tell the right digit, and the drawing is one of your own digits to train on (L); "
            "a click on a column above does the same"
        )
        for digit, action in enumerate(self._digits):
            action.setChecked(digit == label)
        self._back.setEnabled(label is not None)
        self.dress()

    def open(self) -> None:
        """Open the menu below the button."""
        if self.isEnabled():
            self._menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _choose(self, action: QAction) -> None:
        self.labelled.emit(action.data())

    def dress(self) -> None:
        """Take the icon from the theme."""
        known = self.label is not None
        self.setIcon(theme.icon("check" if known else "chevron-down", "good" if known else "muted"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.dress()
        super().changeEvent(event)
