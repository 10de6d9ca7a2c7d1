"""The keyboard, struck as the system reports it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QKeyEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.soak._mouse import MODIFIERS, NONE, held, is_alive
from tests.soak._paths import find


class Keyboard:
    """Does with keys what events say."""

    def _press(self, name, modifiers=NONE):
        """Press a key in the window that has the keyboard, if it is ours and stands there."""
        handle = QApplication.focusWindow() or self._window.windowHandle()
        if handle is not None:
            self._strike(handle, getattr(Qt.Key, f"Key_{name}"), modifiers)

    def _strike(self, handle, key, modifiers=NONE):
        if QApplication.activePopupWidget() is not None and modifiers != NONE:
            self._strike(handle, Qt.Key.Key_Alt)  # closes a menu: what follows finds no window
            modifiers = NONE
            if not is_alive(handle):
                return
        if modifiers != NONE and handle is not self._window.windowHandle():
            self._send(handle, key, modifiers)
        else:
            QTest.keyPress(handle, key, modifiers)
            if is_alive(handle):
                QTest.keyRelease(handle, key, modifiers)
        self._turn()

    @staticmethod
    def _send(handle, key, modifiers):
        """Send a key to a dialog: QTest turns the loop between a modifier and its key.

        The dialog may be gone by then, and QTest would send the key to it all the same.
        """
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            if is_alive(handle):
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
