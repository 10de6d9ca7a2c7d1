"""The panels in their docks: made, placed, remembered, put back."""

import threading
from importlib import import_module

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QWidget

from gui.dock_title import DockTitle
from gui.panels import PANELS, PanelEntry
from gui.session import Session

LAYOUT_VERSION = 1


class Docks(QObject):
    """One dock for each panel.

    Parameters
    ----------
    window : QMainWindow
        Where they are docked.
    session : Session
        Handed to every panel.
    """

    def __init__(self, window: QMainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.docks: dict[str, QDockWidget] = {}
        for entry in PANELS:
            self.docks[entry.name] = self._dock(entry)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._late = [entry for entry in PANELS if entry.late]
        self._importer: threading.Thread | None = None
        self._usual: QByteArray | None = None

    def panel(self, name: str) -> QWidget:
        """Return the panel called `name`, or its place-holder while it is not made yet."""
        return self.docks[name].widget()

    @property
    def complete(self) -> bool:
        """Whether every panel is made."""
        return not self._late

    def _dock(self, entry: PanelEntry) -> QDockWidget:
        dock = QDockWidget(entry.title, self._window)
        dock.setObjectName(entry.name)
        dock.setTitleBarWidget(DockTitle(dock))
        dock.setWidget(_placeholder() if entry.late else entry.make(self._session))
        self._window.addDockWidget(entry.area, dock)
        return dock

    # ------------------------------------------------------------ late panels

    def start_late_imports(self) -> None:
        """Import in the background what is too slow to wait for before the first painting."""
        modules = [entry.module for entry in self._late]
        self._importer = threading.Thread(
            target=_import_all, args=(modules,), name="imports", daemon=True
        )
        self._importer.start()

    def make_late_panels(self) -> None:
        """Make the panels whose modules have arrived; cheap to call again and again."""
        if self._importer is None or self._importer.is_alive():
            return
        self._importer = None
        for entry in self._late:
            self.docks[entry.name].setWidget(entry.make(self._session))
        self._late = []

    def close(self) -> None:
        """Wait for what is still being imported."""
        if self._importer is not None:
            self._importer.join()

    # ------------------------------------------------------------ layout

    def place(self) -> None:
        """Give every dock its usual share of the window, and remember that as the usual."""
        width, height = self._window.width(), self._window.height()
        left = min(max(round(width * 0.21), 300), 340)
        right = min(max(round(width * 0.24), 300), 440)
        bottom = min(max(round(height * 0.28), 200), 380)
        docks = self.docks
        side, below = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self._window.resizeDocks([docks["experiment"], docks["draw"]], [left, right], side)
        self._window.resizeDocks([docks["curves"]], [bottom], below)

    def reset(self) -> None:
        """Put every panel back where it stood at the first start."""
        for entry in PANELS:
            dock = self.docks[entry.name]
            dock.setFloating(False)
            self._window.addDockWidget(entry.area, dock)
            dock.show()
        self.place()


def _placeholder() -> QWidget:
    label = QLabel("Loading …")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setProperty("role", "muted")
    return label


def _import_all(modules: list[str]) -> None:
    for module in modules:
        import_module(module)
