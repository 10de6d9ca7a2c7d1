"""The panels in their docks: made, placed, remembered, put back."""

import queue
import threading
from importlib import import_module

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QWidget

from gui.dock_title import DockTitle
from gui.panels import PANELS, PanelEntry
from gui.session import Session

LAYOUT_VERSION = 2


class Docks(QObject):
    """One dock for each panel, empty at first.

    The panels follow one by one after the first painting, so that the window stands, and
    the network learns, before the slower modules are even imported.

    Parameters
    ----------
    window : QMainWindow
        Where they are docked.
    session : Session
        Handed to every panel.

    Signals
    -------
    completed
        Every panel is made.
    """

    completed = Signal()

    def __init__(self, window: QMainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.docks: dict[str, QDockWidget] = {}
        for entry in PANELS:
            self.docks[entry.name] = self._dock(entry)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        window.setDocumentMode(True)
        self._suited: list[str] = []
        session.historyReset.connect(self._bring_forward)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._missing = len(PANELS)
        self._arrived: queue.SimpleQueue[PanelEntry] = queue.SimpleQueue()
        self._importer = threading.Thread(target=self._import_all, name="imports", daemon=True)

    def panel(self, name: str) -> QWidget:
        """Return the panel called `name`, or its place-holder while it is not made yet."""
        return self.docks[name].widget()

    @property
    def complete(self) -> bool:
        """Whether every panel is made."""
        return self._missing == 0

    def _dock(self, entry: PanelEntry) -> QDockWidget:
        dock = QDockWidget(entry.title, self._window)
        dock.setObjectName(entry.name)
        dock.setTitleBarWidget(DockTitle(dock))
        dock.setWidget(QWidget())
        self._add(entry, dock)
        return dock

    def _add(self, entry: PanelEntry, dock: QDockWidget) -> None:
        """Put a dock where it stands at first."""
        self._window.addDockWidget(entry.area, dock)
        if entry.tab_with:
            other = self.docks[entry.tab_with]
            self._window.tabifyDockWidget(other, dock)
            other.raise_()

    # ------------------------------------------------------------ making the panels

    def start(self) -> None:
        """Begin to import the panels' modules, in the background."""
        self._importer.start()

    def _import_all(self) -> None:
        for entry in PANELS:
            import_module(entry.module)
            self._arrived.put(entry)

    def make_next(self) -> None:
        """Make one panel whose module has arrived; cheap to call again and again."""
        if self.complete or self._arrived.empty():
            return
        entry = self._arrived.get()
        self.docks[entry.name].setWidget(entry.make(self._session))
        self._missing -= 1
        if self.complete:
            self.completed.emit()

    def close(self) -> None:
        """Wait for what is still being imported."""
        if self._importer.is_alive():
            self._importer.join()

    # ------------------------------------------------------------ layout

    @Slot()
    def _bring_forward(self) -> None:
        """Bring to the front what suits the data, when data of another kind have come."""
        data = self._session.dataset
        if data is None:
            return
        suited = [entry.name for entry in PANELS if entry.suits and entry.suits(data)]
        if suited != self._suited:
            self._suited = suited
            for name in suited:
                self.docks[name].raise_()

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
            self._add(entry, dock)
            dock.show()
        self._suited = []
        self._bring_forward()
        self.place()
