"""Carries an event out, as the system would deliver it to the window."""

import traceback

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QInputDevice,
    QKeyEvent,
    QPointingDevice,
    QTabletEvent,
    QWindow,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from shiboken6 import isValid

from tests.soak._paths import find, within

BUTTONS = {
    "left": Qt.MouseButton.LeftButton,
    "right": Qt.MouseButton.RightButton,
    "middle": Qt.MouseButton.MiddleButton,
}
MODIFIERS = {
    "": Qt.KeyboardModifier.NoModifier,
    "ctrl": Qt.KeyboardModifier.ControlModifier,
    "shift": Qt.KeyboardModifier.ShiftModifier,
    "alt": Qt.KeyboardModifier.AltModifier,
    "ctrl+shift": Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
}
NONE = MODIFIERS[""]
LEFT = BUTTONS["left"]


def held(event):
    return MODIFIERS[event.get("mods", "")]


class Deeds:
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

    # ------------------------------------------------------------ the mouse

    def _place(self, event, at="at", x="x", y="y"):
        widget = find(event[at])
        handle, point = within(widget, event[x], event[y]) if widget is not None else (None, None)
        return (handle, point) if handle is not None else (None, None)

    def _point(self, handle, point):
        QTest.mouseMove(handle, point)
        self._turn()

    def _click(self, event):
        handle, point = self._place(event)
        if handle is None:
            return False
        self._point(handle, point)
        self._press_at(handle, LEFT, held(event), point)
        return True

    def _press_at(self, handle, button, modifiers, point):
        """Press and let go, unless the window has gone with the press, as a menu does."""
        QTest.mousePress(handle, button, modifiers, point)
        if _alive(handle):
            QTest.mouseRelease(handle, button, modifiers, point)
        self._turn()

    def _double(self, event):
        handle, point = self._place(event)
        if handle is None:
            return False
        if handle is self._window.windowHandle():
            QTest.mouseDClick(handle, LEFT, held(event), point)
            return True
        for _ in range(2):
            if _alive(handle):
                self._press_at(handle, LEFT, held(event), point)
        return True

    def _right(self, event):
        handle, point = self._place(event)
        if handle is None:
            return False
        self._point(handle, point)
        self._press_at(handle, BUTTONS["right"], NONE, point)
        return True

    def _move(self, event):
        handle, point = self._place(event)
        if handle is None:
            return False
        QTest.mouseMove(handle, point)
        return True

    def _drag(self, event):
        handle, start = self._place(event)
        other, end = self._place(event, "to", "x2", "y2")
        if handle is None or other is None:
            return False
        if other is not handle:
            end = handle.mapFromGlobal(other.mapToGlobal(end))
        self._pull(handle, start, end, event["n"], BUTTONS[event["button"]], held(event))
        return True

    def _pull(self, handle, start, end, steps, button=LEFT, modifiers=NONE):
        self._point(handle, start)
        QTest.mousePress(handle, button, modifiers, start)
        for step in range(1, steps + 1):
            point = start + (end - start) * (step / steps)
            if _alive(handle):
                self._point(handle, _inside(handle, point))
        target = handle if _alive(handle) else QApplication.topLevelWindows()[0]
        QTest.mouseRelease(target, button, modifiers, _inside(target, end))

    def _wheel(self, event):
        handle, point = self._place(event)
        if handle is None:
            return False
        QTest.wheelEvent(handle, QPointF(point), QPoint(0, event["by"]), QPoint(), held(event))
        return True

    def _tablet(self, event):
        handle, point = self._place(event)
        if handle is None:
            return False
        pen = QInputDevice.primaryKeyboard()  # any device's name will do: the type counts
        pen = QPointingDevice.primaryPointingDevice() or pen
        kinds = (QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease)
        for number, kind in enumerate(kinds):
            at = QPointF(point + QPoint(5, 3) * number)
            pressed = LEFT if kind != kinds[2] else Qt.MouseButton.NoButton
            pressure = event["pressure"]
            where = (at, QPointF(handle.mapToGlobal(at)))
            angles = (0.0, 0.0, 0.0, 0.0, 0.0)
            made = QTabletEvent(kind, pen, *where, pressure, *angles, NONE, LEFT, pressed)
            QApplication.sendEvent(handle, made)
        return True

    # ------------------------------------------------------------ the keyboard

    def _press(self, name, modifiers=NONE):
        """Press a key in the window that has the keyboard, if it is ours and stands there."""
        handle = QApplication.focusWindow() or self._window.windowHandle()
        if handle is not None:
            self._strike(handle, getattr(Qt.Key, f"Key_{name}"), modifiers)

    def _strike(self, handle, key, modifiers=NONE):
        if QApplication.activePopupWidget() is not None and modifiers != NONE:
            self._strike(handle, Qt.Key.Key_Alt)  # closes a menu: what follows finds no window
            modifiers = NONE
            if not _alive(handle):
                return
        if modifiers != NONE and handle is not self._window.windowHandle():
            self._send(handle, key, modifiers)
        else:
            QTest.keyPress(handle, key, modifiers)
            if _alive(handle):
                QTest.keyRelease(handle, key, modifiers)
        self._turn()

    @staticmethod
    def _send(handle, key, modifiers):
        """Send a key to a dialog: QTest turns the loop between a modifier and its key.

        The dialog may be gone by then, and QTest would send the key to it all the same.
        """
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            if _alive(handle):
                QApplication.sendEvent(handle, QKeyEvent(kind, key, modifiers))

    def _key(self, event):
        for _ in range(event["n"]):
            if self._quits(event):
                return False
            self._press(event["key"], held(event))
        return True

    @staticmethod
    def _quits(event):
        return event["key"] == "Q" and "ctrl" in event.get("mods", "")

    def _type(self, text):
        for letter in text:
            handle = QApplication.focusWindow()
            if handle is not None and letter.isascii():
                self._strike(handle, Qt.Key(ord(letter.upper())))

    def _shortcut(self, event):
        action = self._window.menu_actions[event["name"]]
        keys = action.shortcut()
        if keys.isEmpty():
            return False
        pressed = keys[0]
        handle = QApplication.focusWindow() or self._window.windowHandle()
        self._strike(handle, pressed.key(), pressed.keyboardModifiers())
        return True

    def _field(self, event):
        if self._double(event) is False:
            return False
        self._press("A", MODIFIERS["ctrl"])
        self._type(event["text"])
        if event["ends"]:
            self._press(event["ends"])
        return True

    def _focus(self, event):
        widget = find(event["at"])
        if widget is None:
            return False
        widget.window().activateWindow()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _undo(self, event):
        modifiers = MODIFIERS["ctrl+shift" if event["redo"] else "ctrl"]
        for _ in range(event["n"]):
            self._press("Z", modifiers)

    def _walk(self, event):
        self._press("F8")
        for key in event["keys"]:
            self._press(key)

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


def _alive(handle):
    return isValid(handle) and handle.isVisible()


def _inside(handle, point):
    return QPoint(
        min(max(point.x(), 0), max(handle.width() - 1, 0)),
        min(max(point.y(), 0), max(handle.height() - 1, 0)),
    )
