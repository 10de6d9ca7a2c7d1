"""The mouse and the pen, pressed and moved as the system reports it."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
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


class Mouse:
    """Does with the mouse, and with a pen, what events say."""

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
        if is_alive(handle):
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
            if is_alive(handle):
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
            if is_alive(handle):
                self._point(handle, inside(handle, point))
        target = handle if is_alive(handle) else QApplication.topLevelWindows()[0]
        QTest.mouseRelease(target, button, modifiers, inside(target, end))

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


def is_alive(handle):
    return isValid(handle) and handle.isVisible()


def inside(handle, point):
    return QPoint(
        min(max(point.x(), 0), max(handle.width() - 1, 0)),
        min(max(point.y(), 0), max(handle.height() - 1, 0)),
    )
