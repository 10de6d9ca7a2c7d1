"""What can be done from a menu, a button or the keyboard; each declared once."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui import theme


@dataclass(frozen=True)
class ActionEntry:
    """One action.

    Attributes
    ----------
    name : str
        How the code calls it.
    text : str
        What people read; an ampersand marks the menu's key.
    help : str
        What it does, for the tooltip and the status line.
    icon : str
        File name in ``resources/icons`` without its ending; may be empty.
    shortcut : str
        Key sequence as Qt writes it; may be empty.
    """

    name: str
    text: str
    help: str
    icon: str = ""
    shortcut: str = ""


ACTIONS = (
    ActionEntry("play", "&Play", "Start or pause the training", "play", "F5"),
    ActionEntry("step", "S&tep", "Train one epoch, then pause", "step", "F6"),
    ActionEntry("debug", "Step through &backprop", "Stop, and unfold the next update", "", "F8"),
    ActionEntry("reset", "&Reset", "Go back to the same initial weights", "reset", "Ctrl+R"),
    ActionEntry("seed", "New &seed", "Draw other initial weights", "seed", "Ctrl+Shift+R"),
    ActionEntry(
        "back", "&Go back to epoch…", "Return to an earlier epoch, and go on from there", "", "F7"
    ),
    ActionEntry("faster", "&Faster", "Train faster", "", "Ctrl+]"),
    ActionEntry("slower", "S&lower", "Train slower", "", "Ctrl+["),
    ActionEntry("next_row", "&Next example", "Show the next test example", "", "Ctrl+Right"),
    ActionEntry(
        "previous_row", "Pre&vious example", "Show the test example before", "", "Ctrl+Left"
    ),
    ActionEntry("table", "&Open table…", "Train on a table of your own, a CSV file", "", "Ctrl+O"),
    ActionEntry(
        "open", "Open t&raining…", "Go on with a training that was saved", "", "Ctrl+Shift+O"
    ),
    ActionEntry("save", "&Save training", "Save the training with all it has learnt", "", "Ctrl+S"),
    ActionEntry("save_as", "Save training &as…", "Save it in another file", "", "Ctrl+Shift+S"),
    ActionEntry("screenshot", "Save &picture…", "Save a picture of the window", "", "Ctrl+P"),
    ActionEntry(
        "record", "&Record the training", "Record the network as it learns, or stop", "", "F9"
    ),
    ActionEntry("quit", "&Quit", "Close the window", "", "Ctrl+Q"),
    ActionEntry("theme", "&Light or dark", "Switch between dark and light", "sun", "Ctrl+L"),
    ActionEntry("larger", "L&arger text", "Make everything larger", "", "Ctrl++"),
    ActionEntry("smaller", "S&maller text", "Make everything smaller", "", "Ctrl+-"),
    ActionEntry("usual_size", "&Usual text size", "Back to the usual size", "", "Ctrl+0"),
    ActionEntry("still", "Reduced &motion", "Let nothing flow or sweep over the drawing"),
    ActionEntry("layout", "&Reset layout", "Put every panel back in its place"),
    ActionEntry("shortcuts", "&Keyboard shortcuts", "List the shortcuts", "", "F1"),
    ActionEntry("log", "Open the &log file", "Show what to attach to a bug report"),
    ActionEntry("about", "&About Chainrule", "Version and licence"),
)


class Actions(dict[str, QAction]):
    """The window's actions by name."""

    def __init__(self, owner: QWidget, slots: dict[str, Callable[..., object]]) -> None:
        super().__init__()
        self._entries = {entry.name: entry for entry in ACTIONS}
        for entry in ACTIONS:
            action = QAction(entry.text, owner)
            action.setStatusTip(entry.help)
            if entry.shortcut:
                action.setShortcut(QKeySequence(entry.shortcut))
            action.triggered.connect(slots[entry.name])
            owner.addAction(action)
            self[entry.name] = action
            self.set_tool_tip(entry.name, entry.help)
        self.refresh_icons()

    def set_tool_tip(self, name: str, text: str) -> None:
        """Set what the tooltip says; the shortcut is added to it."""
        keys = _native(self[name].shortcut())
        self[name].setToolTip(f"{text} ({keys})" if keys else text)

    def set_icon(self, name: str, icon: str, role: str = "text") -> None:
        self[name].setIcon(theme.icon(icon, role))

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the present theme."""
        for name, entry in self._entries.items():
            if entry.icon:
                self.set_icon(name, entry.icon)


def shortcuts() -> list[tuple[str, str]]:
    """List the shortcuts: keys, as this system writes them, and what they do."""
    return [(_native(QKeySequence(each.shortcut)), each.help) for each in ACTIONS if each.shortcut]


def _native(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
