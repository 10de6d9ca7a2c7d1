"""What the Help menu opens."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.version import __version__
from gui.actions import shortcuts
from gui.log import log_file

ABOUT = (
    f"<h3>Chainrule {__version__}</h3><p>Watch a neural network learn, and understand "
    "why it does.</p><p>MIT licence. Digits: Optical Recognition of Handwritten Digits "
    "(E. Alpaydin, C. Kaynak), as shipped with scikit-learn. Typeface: Inter (SIL OFL)."
    "</p>"
)


KEYS_IN_PLACE = {
    "The network, clicked on": (
        ("Space", "Start or pause the training"),
        ("Arrows", "Walk from neuron to neuron"),
        ("Enter, Esc", "Hold on to a neuron, let go"),
        ("F2", "Change the number in sight"),
        ("F", "Fold or unfold a wide layer"),
        ("T", "Its numbers as a table"),
        ("+, −, 0", "Zoom in, out, to fit"),
    ),
    "The canvas, clicked on": (
        ("0 to 9", "A sample digit"),
        ("P, E", "Pen, eraser"),
        ("Delete", "Clear"),
        ("W", "Why this answer?"),
        ("L", "Say what it is"),
        ("Ctrl+V", "Paste a picture"),
    ),
    "Stepping through backprop": (
        ("←, →", "One operation back or on"),
        ("↑, ↓", "One layer back or on"),
        ("PgUp, PgDown", "Another row of the batch"),
        ("Home, End", "To the start, to the end"),
        ("Space", "Walk on by itself, or stop"),
        ("Esc", "Leave"),
    ),
}
"""Keys that work in one part of the window, while it has the focus."""


class Help(QObject):
    """Shows what the Help menu offers, above a window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    @Slot()
    def show_shortcuts(self) -> None:
        undo = (("Ctrl+Z", "Undo"), ("Ctrl+Shift+Z", "Redo"))
        left, right = _listed({"Everywhere": (*shortcuts(), *undo)}), _listed(KEYS_IN_PLACE)
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Keyboard shortcuts")
        box.setText(f"<table><tr><td>{left}</td><td width='36'></td><td>{right}</td></tr></table>")
        box.open()

    @Slot()
    def open_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file().parent)))

    @Slot()
    def show_about(self) -> None:
        QMessageBox.about(self._window, "About Chainrule", ABOUT)


def _listed(keys_of: Mapping[str, Iterable[tuple[str, str]]]) -> str:
    """Write what keys do, by the places where they work, as one table."""
    rows: list[str] = []
    for place, keys in keys_of.items():
        above = "8" if rows else "0"
        rows.append(f"<tr><td colspan='2' style='padding-top:{above}px'><b>{place}</b></td></tr>")
        rows += [
            f"<tr><td><b>{name}</b></td><td style='padding-left:16px'>{does}</td></tr>"
            for name, does in keys
        ]
    return f"<table style='white-space:nowrap'>{''.join(rows)}</table>"
