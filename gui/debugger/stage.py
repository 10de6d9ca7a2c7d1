"""Gives the walk the room it needs in the window, and gives it back afterwards."""

from PySide6.QtCore import QByteArray, QObject, Qt, Slot
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
        self._before: QByteArray | None = None
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

    @property
    def layout_before(self) -> QByteArray | None:
        """How the window was arranged before it made room; None if it has not."""
        return self._before

    @Slot()
    def remember(self) -> None:
        """Note how the window is arranged, before the panel asks for room."""
        if self._before is None:
            self._before = self._window.saveState()
            self._narrow = self._window.width() - self._view.geometry().right()

    @Slot()
    def forget(self) -> None:
        """Drop the note where the walk did not begin."""
        if not self._panel.debugger.active:
            self._before = None

    @Slot()
    def make_room(self) -> None:
        """Put other panels away and widen the debugger's."""
        self.remember()
        for dock in self._yields:
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
        if self._before is not None:
            self._window.restoreState(self._before)
            self._before = None
            self._dock.raise_()
            narrow = [self._narrow]
            self._window.resizeDocks([self._dock], narrow, Qt.Orientation.Horizontal)
            self._view.setFocus()  # what had it is hidden, and Qt would give it to any number
