"""The title of a dock: its name, a button to float it and one to close it.

Docks that share a place have their names on tabs; the buttons then stand at the end of the tabs,
and the title is not needed.
"""

from PySide6.QtCore import QEvent, QObject, QSize, Signal
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QTabBar, QToolButton, QWidget

from gui import theme
from gui.own_fonts import give_font


class DockButtons(QWidget):
    """Floats and closes a dock."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.dock: QDockWidget | None = None
        self._float = self._button("Float the panel, or dock it again")
        self._close = self._button("Close the panel; the View menu opens it again")
        self._float.clicked.connect(self._toggle_floating)
        self._close.clicked.connect(self._close_dock)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 6, 3)
        row.setSpacing(0)
        row.addWidget(self._float)
        row.addWidget(self._close)

    def _button(self, help: str) -> QToolButton:
        button = QToolButton(self)
        button.setIconSize(QSize(14, 14))
        button.setAutoRaise(True)
        button.setProperty("narrow", True)
        button.setToolTip(help)
        return button

    def belong_to(self, dock: QDockWidget) -> None:
        """Act on a dock from now on."""
        self.dock = dock
        for button in (self._float, self._close):
            button.setAccessibleName(f"{button.toolTip().split(';')[0]}: {dock.windowTitle()}")

    def _toggle_floating(self) -> None:
        if self.dock is not None:
            self.dock.setFloating(not self.dock.isFloating())

    def _close_dock(self) -> None:
        if self.dock is not None:
            self.dock.close()

    def dress(self) -> None:
        """Take the icons' colours from the theme."""
        self._float.setIcon(theme.icon("float", "muted"))
        self._close.setIcon(theme.icon("close", "muted"))


class DockTitle(QWidget):
    """Stands in for the style's own title, which knows neither our font nor our icons.

    What is pressed beside the buttons falls through to the dock, which is dragged by it.
    """

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._name = QLabel(dock.windowTitle())
        give_font(self._name, bold=True)
        self._buttons = DockButtons(self)
        self._buttons.belong_to(dock)
        self._folded = False
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._name, 1)
        row.addWidget(self._buttons)
        self.dress()

    def fold(self, folded: bool) -> None:
        """Take no room where tabs say and do the same."""
        if folded != self._folded:
            self._folded = folded
            for part in (self._name, self._buttons):
                part.setVisible(not folded)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(0, 0) if self._folded else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0) if self._folded else super().minimumSizeHint()

    def dress(self) -> None:
        """Take the icons' colours from the theme."""
        self._buttons.dress()


class TabsEnd(QObject):
    """The buttons of the dock in front, at the end of the tabs of all that share its place.

    Signals
    -------
    resized
        There may be room now, or no longer.
    """

    resized = Signal()

    def __init__(self, tabs: QTabBar) -> None:
        super().__init__(tabs)
        self._tabs = tabs
        self._buttons = DockButtons(tabs)
        tabs.installEventFilter(self)

    def show_for(self, dock: QDockWidget) -> bool:
        """Act on a dock; return whether there is room beside the tabs."""
        tabs, buttons = self._tabs, self._buttons
        buttons.belong_to(dock)
        buttons.dress()
        width = buttons.sizeHint().width()
        left = tabs.width() - width
        fits = tabs.tabRect(tabs.count() - 1).right() < left
        buttons.setGeometry(left, 0, width, tabs.height())
        buttons.setVisible(fits)
        return fits

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.resized.emit()
        return False
