"""Gives the walk the room it needs in the window, and gives it back afterwards."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow

from gui.debugger.in_place import InPlace
from gui.network_view import NetworkView
from gui.panels.debugger import DebuggerPanel

SHARE = 0.45  # of the window's width
LEAST, MOST = 540, 1150


class Stage(QObject):
    """Joins the debugger's panel to the window and to the drawing of the network.

    Parameters
    ----------
    window : QMainWindow
        Whose docks make room.
    view : NetworkView
        Shows the walk's weights, and what each step is about; what is clicked there comes
        into focus here.
    dock : QDockWidget
        The one that holds the panel.
    yields : list of QDockWidget
        Those that are put away meanwhile.
    """

    def __init__(
        self, window: QMainWindow, view: NetworkView, dock: QDockWidget, yields: list[QDockWidget]
    ) -> None:
        super().__init__(window)
        panel = dock.widget()
        assert isinstance(panel, DebuggerPanel)
        self._window, self._dock, self._yields = window, dock, yields
        self._view, self._panel = view, panel
        self._put_away: list[tuple[QDockWidget, int, int]] | None = None  # with their sizes
        view.set_overlay(panel.overlay)
        view.pinned.connect(panel.select)
        panel.overlay.moved.connect(view.update_overlay)
        panel.debugger.framed.connect(view.set_frame)
        self.in_place = InPlace(panel.debugger, view)
        panel.opening.connect(self.remember)
        panel.debugger.opened.connect(self.make_room)
        panel.debugger.closed.connect(self.give_back)
        panel.debugger.refused.connect(self.forget)
        dock.toggleViewAction().toggled.connect(self._leave_with_the_panel)

    @Slot()
    def remember(self) -> None:
        """Note how the window is arranged, before the panel asks for room."""
        if self._put_away is None:
            self._put_away = [
                (dock, dock.width(), dock.height())
                for dock in self._yields
                if not (dock.isHidden() or dock.isFloating())
            ]
            here = [self._dock, *self._window.tabifiedDockWidgets(self._dock)]
            in_front = [dock for dock in here if not dock.visibleRegion().isEmpty()]
            self._narrow = (in_front or here)[0].width()

    @Slot()
    def forget(self) -> None:
        """Drop the note where the walk did not begin."""
        if not self._panel.debugger.active:
            self._put_away = None

    @Slot()
    def make_room(self) -> None:
        """Put other panels away and widen the debugger's."""
        self.remember()
        for dock, _width, _height in self._put_away or ():
            dock.hide()
        self._dock.show()
        self._dock.raise_()
        wide = min(max(round(self._window.width() * SHARE), LEAST), MOST)
        self._window.resizeDocks([self._dock], [wide], Qt.Orientation.Horizontal)

    @Slot(bool)
    def _leave_with_the_panel(self, shown: bool) -> None:
        """End the walk where its panel was closed: nothing else would tell how."""
        if not shown:
            self._panel.debugger.leave()

    @Slot()
    def give_back(self) -> None:
        """Arrange the window as it was."""
        put_away, self._put_away = self._put_away, None
        if put_away is not None:
            # Not by QMainWindow.restoreState: at times it leaves tabs behind over the others.
            for dock, width, height in put_away:
                dock.show()
                self._window.resizeDocks([dock], [width], Qt.Orientation.Horizontal)
                self._window.resizeDocks([dock], [height], Qt.Orientation.Vertical)
            self._dock.raise_()
            self._window.resizeDocks([self._dock], [self._narrow], Qt.Orientation.Horizontal)
            self._view.setFocus()  # what had it is hidden, and Qt would give it to any number
