"""Carries an event out, as the system would deliver it to the window."""

import traceback

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QWindow,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from tests.soak._keyboard import Keyboard
from tests.soak._mouse import LEFT, MODIFIERS, NONE, Mouse
from tests.soak._paths import find, within


class Deeds(Mouse, Keyboard):
    """Does to the window what events say.

    Parameters
    ----------
    window : QMainWindow
        The program's.
    turn : callable
        Called where, in life, a turn of the loop ends within an event of several parts.
    """

    def __init__(self, window, turn):
        self._window = window
        self._turn = turn

    def do(self, event):
        """Carry an event out; return whether what it is about was there."""
        try:
            return getattr(self, f"_{event['do']}")(event) is not False
        except RuntimeError as error:
            if "already deleted" in str(error) and not _in_the_program(error):
                return False  # the window closed in the middle of it
            raise

    # ------------------------------------------------------------ menus, files, windows

    def _action(self, event):
        """Trigger an entry of a menu, unless something stands in front of the window."""
        if QApplication.activeModalWidget() is not None:
            return False
        actions, kept = self._window.menuBar().actions(), []
        for title in event["path"]:
            kept.append(actions)  # a menu's wrapper goes with its action's
            found = next((each for each in actions if each.text() == title), None)
            if found is None or not found.isEnabled():
                return False
            actions = found.menu().actions() if found.menu() else []
        if found.menu():
            return False
        found.trigger()
        return True

    _example = _action

    def _menu(self, event):
        bar = self._window.menuBar()
        place = bar.actionGeometry(bar.actions()[event["n"]]).center()
        handle, point = within(bar, place.x(), place.y())
        self._press_at(handle, LEFT, NONE, point)

    def _drop(self, event):
        handle, point = self._place(event)
        if handle is None:
            return False
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(each) for each in event["files"]])
        how = (Qt.DropAction.CopyAction, data, LEFT, NONE)
        enter = QDragEnterEvent(point, *how)
        enter.ignore()
        QApplication.sendEvent(handle, enter)
        if not enter.isAccepted():
            return True  # nothing more of it comes to the window
        move = QDragMoveEvent(point, *how)
        QApplication.sendEvent(handle, move)
        last = QDropEvent(QPointF(point), *how) if move.isAccepted() else QDragLeaveEvent()
        QApplication.sendEvent(handle, last)
        return True

    def _paste(self, event):
        data = QMimeData()
        match event["what"]:
            case "text":
                data.setText("a\tb\n1\t2\n")
            case "number":
                data.setText("0.25")
            case "image":
                image = QImage(40, 60, QImage.Format.Format_RGB32)
                image.fill(event["luck"])
                data.setImageData(image)
            case "files":
                data.setUrls([QUrl.fromLocalFile("/nowhere/a.png")])
            case "noise":
                data.setData("application/x-qt-image", b"\x00\x01\x02")
                data.setData("text/plain", bytes(range(256)))
        QApplication.clipboard().setMimeData(data)
        if self._click(event) is False:
            return False
        self._press("V", MODIFIERS["ctrl"])
        return True

    def _size(self, event):
        window = self._window
        match event["how"]:
            case "to":
                window.showNormal()
                window.resize(event["w"], event["h"])
            case "by":
                window.resize(window.width() + event["w"] % 41 - 20, window.height())
            case "minimise":
                window.showMinimized()
            case "maximise":
                window.showMaximized()
            case "full":
                window.showFullScreen()
            case "usual":
                window.showNormal()

    def _dock(self, event):
        dock = self._window.docks.docks[event["name"]]
        match event["how"]:
            case "float":
                dock.setFloating(not dock.isFloating())
            case "hide":
                dock.toggleViewAction().trigger()
            case "raise":
                dock.raise_()
            case _:
                handle, start = self._place(event)
                if handle is None:
                    return False
                aim = self._window.mapToGlobal(QPoint(event["x2"], event["y2"]))
                self._pull(handle, start, handle.mapFromGlobal(aim), 6)
        return True

    def _layout(self, _event):
        if QApplication.activeModalWidget() is None:
            self._window.menu_actions["layout"].trigger()

    def _away(self, event):
        """Take the keyboard away, as another program's window does, and give it back."""
        QApplication.sendEvent(self._window, QEvent(QEvent.Type.WindowDeactivate))
        other = QWindow()
        other.resize(10, 10)
        other.show()
        other.requestActivate()
        QTest.qWait(event["ms"])
        other.close()
        other.deleteLater()
        self._window.activateWindow()

    def _look(self, event):
        if QApplication.activeModalWidget() is None:
            self._window.menu_actions[event["name"]].trigger()

    def _speed(self, event):
        from gui.transport import SPEEDS

        self._window.session.set_speed(SPEEDS[event["index"] % len(SPEEDS)])

    def _rest(self, _event):
        """Nothing; who carries events out waits."""

    def _close(self, event):
        widget = find(event["at"]) if event["at"] else None
        if widget is None or widget is self._window:
            return False
        match event["how"]:
            case "close" | "alt+F4":
                widget.close()
            case "button":
                buttons = [
                    each for each in widget.findChildren(QAbstractButton) if each.isVisible()
                ]
                if not buttons:
                    widget.close()
                else:
                    buttons[event["n"] % len(buttons)].click()
            case key:
                widget.activateWindow()
                self._press(key)
        return True


def _in_the_program(error):
    frames = traceback.extract_tb(error.__traceback__)
    return "/tests/" not in frames[-1].filename
