"""The panels in their docks: made, placed, remembered, put back."""

from collections.abc import Iterator
from importlib import import_module

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QTabWidget, QWidget

from gui.dock_title import DockTitle, TabsEnd
from gui.panels import PANELS, PanelEntry
from gui.session import Session

LAYOUT_VERSION = 2


class Docks(QObject):
    """One dock for each panel, empty at first.

    The panels follow after the first painting, a bit in every beat, so that the window stands,
    and the network learns, before the slower modules are even imported. All of it happens in
    the window's thread: PySide makes its classes when they are first named, and two threads
    that do so at once crash.

    Parameters
    ----------
    window : QMainWindow
        Where they are docked.
    session : Session
        Handed to every panel.

    Attributes
    ----------
    docks : dict of QDockWidget
        By the panels' names.
    complete : bool
        Whether every panel is made.

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
        later = Qt.ConnectionType.QueuedConnection  # when the window has arranged its tabs
        window.tabifiedDockWidgetActivated.connect(self.arrange_titles, later)
        for dock in self.docks.values():
            for moved in (dock.dockLocationChanged, dock.topLevelChanged, dock.visibilityChanged):
                moved.connect(self.arrange_titles, later)
        self._suited: list[str] = []
        session.historyReset.connect(self._bring_forward)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.complete = False
        self._making = self._make_panels()

    def panel(self, name: str) -> QWidget:
        """Return the panel called `name`, or its place-holder while it is not made yet."""
        return self.docks[name].widget()

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

    def dress(self) -> None:
        """Let the titles follow the theme, and leave the room that larger tabs take."""
        for dock in self.docks.values():
            _title_of(dock).dress()
        self.arrange_titles()

    @Slot()
    def arrange_titles(self) -> None:
        """Leave the titles out of docks that have tabs, whose ends bear the buttons then."""
        folded = set()
        here = Qt.FindChildOption.FindDirectChildrenOnly
        for tabs in self._window.findChildren(QTabBar, options=here):
            names = [tabs.tabText(index) for index in range(tabs.count())]
            docks = [dock for dock in self.docks.values() if dock.windowTitle() in names]
            front = tabs.tabText(tabs.currentIndex())
            found = [dock for dock in docks if dock.windowTitle() == front]
            if not tabs.isHidden() and found and self._end_of(tabs).show_for(found[0]):
                folded.update(docks)
        for dock in self.docks.values():
            _title_of(dock).fold(dock in folded)

    def _end_of(self, tabs: QTabBar) -> TabsEnd:
        end = tabs.findChild(TabsEnd)
        if end is None:
            end = TabsEnd(tabs)
            end.resized.connect(self.arrange_titles, Qt.ConnectionType.QueuedConnection)
        return end

    # ------------------------------------------------------------ making the panels

    def make_more(self) -> None:
        """Import or make one panel; cheap to call again and again."""
        next(self._making, None)

    def _make_panels(self) -> Iterator[None]:
        for entry in PANELS:
            import_module(entry.module)
            yield
            self.docks[entry.name].setWidget(entry.make(self._session))
            yield
        self.complete = True
        self.completed.emit()

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

    def expect_another(self) -> None:
        """Bring what suits the data forward when they come next, of whatever kind they are."""
        self._suited = []

    def place(self) -> None:
        """Give every dock its usual share of the window."""
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
        self.expect_another()
        self._bring_forward()
        self.place()


def _title_of(dock: QDockWidget) -> DockTitle:
    title = dock.titleBarWidget()
    assert isinstance(title, DockTitle)
    return title
