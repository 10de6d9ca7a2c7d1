"""What happens next: random events drawn from one generator, as plain dicts that can be kept."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QLineEdit,
    QMenu,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from tests.soak._paths import path_of, top_levels

WEIGHTS = {
    "click": 22,
    "move": 16,
    "drag": 10,
    "key": 12,
    "wheel": 9,
    "shortcut": 5,
    "field": 5,
    "action": 5,
    "right": 4,
    "double": 3,
    "example": 2.5,
    "undo": 2,
    "drop": 2,
    "walk": 2,
    "rest": 1.5,
    "paste": 1.2,
    "tablet": 1.2,
    "focus": 1.2,
    "size": 1,
    "dock": 1.5,
    "menu": 1,
    "away": 0.7,
    "look": 0.5,
    "close": 1,
    "layout": 0.5,
    "speed": 1,
}
"""How often each kind of event comes, of their sum."""

MODIFIERS = ("", "", "", "", "", "ctrl", "shift", "alt", "ctrl+shift")
KEYS = (
    *("Left", "Right", "Up", "Down") * 3,
    *("Home", "End", "PageUp", "PageDown", "Escape", "Return", "Enter", "Tab", "Backtab"),
    *("Space", "Delete", "Backspace", "Menu", "Insert", "Escape", "Tab", "Return"),
    *(f"F{n}" for n in (1, 2, 5, 6, 8, 8, 9, 10)),
    *"0123456789ABCSVXZYK",
    *("Plus", "Minus", "Period", "Comma", "Slash", "BracketLeft", "BracketRight"),
)
TEXTS = (
    *("0", "1", "-1", "0.05", "3", "7", "12", "1e-3", "1e9", "-0.0", "nan", "inf", "1,5", ".5"),
    *("", " ", "abc", "ä½", "½", "99999999999", "0.2", "100", "64", "2", "00", "--", "0x10", "e"),
)
SHORTCUTS = ("play", "step", "debug", "reset", "seed", "faster", "slower", "next_row", "back")
PARTS = ("click", "click", "move", "drag", "wheel", "right", "double", "key", "field")


class Events:
    """Draws events for the windows that are open now.

    Parameters
    ----------
    random : random.Random
        The one generator.
    window : QMainWindow
        The program's.
    files, places : list of str
        Files to be opened or dropped; where to save.
    """

    def __init__(self, random, window, files, places):
        self._random = random
        self._window = window
        self._files, self._places = files, places
        self._kinds = tuple(WEIGHTS)
        self._weights = tuple(WEIGHTS.values())
        self._widgets: list[QWidget] = []
        self._age = 0
        self._titles = window.menuBar().actions()  # kept: a menu's wrapper goes with its action's
        self._menus = {each.text(): each.menu() for each in self._titles}

    def next(self):
        """Return another event: what, where, and the luck of whatever it sets off."""
        random = self._random
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if self._window.isMinimized() and random.random() < 0.3:
            return {"do": "size", "how": "usual", "luck": 0}
        if front is not None and random.random() < 0.12:
            kind = "close"
        elif front is not None:
            kind = random.choice(PARTS)
        else:
            kind = random.choices(self._kinds, self._weights)[0]
        event = {"do": kind}
        event.update(getattr(self, f"_{kind}")())
        event["luck"] = random.randrange(1 << 20)
        return event

    # ------------------------------------------------------------ where

    def _target(self):
        """Return a visible widget that the mouse can reach, or the keyboard."""
        random = self._random
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        window = front or random.choice([self._window] * 6 + self._others())
        if random.random() < 0.4:
            point = QPoint(
                random.randrange(max(window.width(), 1)), random.randrange(max(window.height(), 1))
            )
            return window.childAt(point) or window
        return random.choice(self._shown(window))

    def _others(self):
        return [each for each in top_levels() if each is not self._window] or [self._window]

    def _shown(self, window):
        """Return the visible widgets of a window; of the main one, as they were a moment ago."""
        if window is not self._window:
            found = [each for each in window.findChildren(QWidget) if each.isVisible()]
            return found or [window]
        self._age -= 1
        if self._age < 0:
            self._age = 25
            seen = window.findChildren(QWidget)
            self._widgets = [each for each in seen if each.isVisible()]
        fresh = [each for each in self._widgets if isValid(each) and each.isVisible()]
        return fresh or [window]

    def _at(self, widget=None):
        widget = widget or self._target()
        return {
            "at": path_of(widget),
            "x": self._random.randrange(max(widget.width(), 1)),
            "y": self._random.randrange(max(widget.height(), 1)),
        }

    def _of(self, kinds):
        """Return a visible widget of one of these classes, or any other."""
        window = QApplication.activeModalWidget() or self._window
        found = [each for each in self._shown(window) if isinstance(each, kinds)]
        return self._random.choice(found) if found else self._target()

    # ------------------------------------------------------------ the mouse

    def _modifiers(self):
        modifiers = self._random.choice(MODIFIERS)
        return {"mods": modifiers} if modifiers else {}

    def _click(self):
        return {**self._at(), **self._modifiers()}

    def _double(self):
        return self._click()

    def _right(self):
        return self._at()

    def _move(self):
        return self._at()

    def _drag(self):
        """Press, move over two or more points, let go: there, or on another widget."""
        random = self._random
        start = self._at()
        other = self._target() if random.random() < 0.3 else None
        end = self._at(other) if other else self._near(start)
        steps = random.choice((1, 2, 3, 8))
        return {
            **start,
            "to": end["at"],
            "x2": end["x"],
            "y2": end["y"],
            "n": steps,
            **self._held(),
        }

    def _near(self, start):
        reach = self._random.choice((4, 30, 200))
        x, y = (start[axis] + self._random.randint(-reach, reach) for axis in "xy")
        return {"at": start["at"], "x": max(x, 0), "y": max(y, 0)}

    def _held(self):
        button = self._random.choice(("left",) * 6 + ("right", "middle"))
        return {"button": button, **self._modifiers()}

    def _wheel(self):
        by = self._random.choice((120, 120, -120, -120, 15, -15, 600, -600))
        return {**self._at(), "by": by, **self._modifiers()}

    def _tablet(self):
        return {**self._at(), "pressure": round(self._random.random(), 2)}

    # ------------------------------------------------------------ the keyboard

    def _key(self):
        n = self._random.choice((1, 1, 1, 1, 2, 5))
        return {"key": self._random.choice(KEYS), "n": n, **self._modifiers()}

    def _shortcut(self):
        return {"name": self._random.choice(SHORTCUTS)}

    def _field(self):
        kinds = (QLineEdit, QAbstractSpinBox, QComboBox)
        ends = self._random.choice(("Return", "Return", "Tab", "Escape", ""))
        return {**self._at(self._of(kinds)), "text": self._random.choice(TEXTS), "ends": ends}

    def _focus(self):
        return {"at": path_of(self._target())}

    def _undo(self):
        return {"n": self._random.choice((1, 2, 4, 12)), "redo": self._random.random() < 0.4}

    def _walk(self):
        n = self._random.randrange(1, 8)
        keys = [
            self._random.choice(("Right", "Right", "Left", "Space", "Escape")) for _ in range(n)
        ]
        return {"keys": keys}

    # ------------------------------------------------------------ menus, files, windows

    def _action(self):
        """Choose an entry of the menus of the menu bar, by its text."""
        title = self._random.choice(list(self._menus))
        return {"path": self._entry(self._menus[title], [title])}

    def _entry(self, menu, path):
        entries = [each for each in menu.actions() if each.isEnabled() and not each.isSeparator()]
        entries = [each for each in entries if each.isVisible() and "Quit" not in each.text()]
        if not entries:
            return path
        chosen = self._random.choice(entries)
        path = [*path, chosen.text()]
        return self._entry(chosen.menu(), path) if chosen.menu() else path

    def _example(self):
        title = next(each for each in self._menus if "xamples" in each)
        return {"path": self._entry(self._menus[title], [title])}

    def _menu(self):
        return {"n": self._random.randrange(len(self._titles))}

    def _drop(self):
        n = 2 if self._random.random() < 0.1 else 1
        files = [self._random.choice(self._files) for _ in range(n)]
        return {**self._at(), "files": files}

    def _paste(self):
        what = self._random.choice(("text", "number", "image", "files", "nothing", "noise"))
        return {**self._at(), "what": what}

    def _size(self):
        random = self._random
        how = random.choice(("to", "to", "by", "minimise", "maximise", "usual", "full"))
        return {"how": how, "w": random.randint(300, 1700), "h": random.randint(200, 1100)}

    def _dock(self):
        """Take a title or a tab elsewhere, let a dock float, or hide it."""
        titles = [each for each in self._shown(self._window) if isinstance(each, QTabBar)]
        docks = self._window.findChildren(QDockWidget)
        how = self._random.choice(("drag", "drag", "tab", "float", "hide", "raise"))
        seen = [each for each in docks if each.isVisible()]
        if how == "tab" and titles:
            start = self._at(self._random.choice(titles))
        else:
            dock = self._random.choice(seen or docks)
            bar = dock.titleBarWidget() or dock
            start = self._at(bar if bar.isVisible() else self._window)
        end = self._at(self._window)
        name = self._random.choice(docks).objectName()
        return {**start, "how": how, "name": name, "x2": end["x"], "y2": end["y"]}

    def _layout(self):
        return {}

    def _away(self):
        return {"ms": self._random.choice((0, 30))}

    def _look(self):
        return {"name": self._random.choice(("theme", "larger", "smaller", "usual_size", "still"))}

    def _speed(self):
        return {"index": self._random.randrange(20)}

    def _rest(self):
        return {"ms": self._random.choice((20, 100, 300))}

    def _close(self):
        """Close a dialog, a menu or a floating dock in one of the ways there are."""
        others = [each for each in top_levels() if each is not self._window]
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        kinds = (QDialog, QMenu)
        chosen = front or next((each for each in others if isinstance(each, kinds)), None)
        how = self._random.choice(("button", "button", "Escape", "Return", "close", "alt+F4"))
        n = self._random.randrange(4)
        return {"at": path_of(chosen) if chosen is not None else "", "how": how, "n": n}
