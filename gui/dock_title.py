"""The title of a dock: its name, a button to float it and one to close it."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from gui import theme


class DockTitle(QWidget):
    """Stands in for the style's own title, which knows neither our font nor our icons.

    What is pressed beside the buttons falls through to the dock, which is dragged by it.
    """

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._name = QLabel(dock.windowTitle())
        self._float = self._button("Float the panel, or dock it again", dock)
        self._close = self._button("Close the panel; the View menu opens it again", dock)
        self._float.clicked.connect(self._toggle_floating)
        self._close.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 4, 3)
        row.setSpacing(0)
        row.addWidget(self._name, 1)
        row.addWidget(self._float)
        row.addWidget(self._close)
        self.dress()

    def _button(self, help: str, dock: QDockWidget) -> QToolButton:
        button = QToolButton(self)
        button.setIconSize(QSize(14, 14))
        button.setAutoRaise(True)
        button.setToolTip(help)
        button.setAccessibleName(f"{help.split(';')[0]}: {dock.windowTitle()}")
        return button

    def _toggle_floating(self) -> None:
        dock = self.parent()
        assert isinstance(dock, QDockWidget)
        dock.setFloating(not dock.isFloating())

    def dress(self) -> None:
        """Take colours and the text's size from the theme."""
        self._name.setFont(theme.font(10, bold=True))
        self._float.setIcon(theme.icon("float", "muted"))
        self._close.setIcon(theme.icon("close", "muted"))
