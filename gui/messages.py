"""Message boxes: of a sensible size, whatever they are told."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.files import short

MOST_LETTERS = 300
MOST_DETAILS = 20_000
LONGEST_WORD = 16
"""Letters in a row after which a line may be broken."""
_LONG = re.compile(rf"[^\s/\\]{{{LONGEST_WORD}}}(?=[^\s/\\])|[/\\]")


def complain(
    parent: QWidget | None, title: str, text: str, details: str = "", advice: str = ""
) -> QMessageBox:
    """Say what is wrong in a box that nobody waits for, and return it; see :func:`message_box`."""
    box = message_box(parent, title, text, details, advice)
    box.open()
    return box


def message_box(
    parent: QWidget | None, title: str, text: str, details: str = "", advice: str = ""
) -> QMessageBox:
    """Return a box to be opened, which goes when it is closed by any way.

    Parameters
    ----------
    parent : QWidget or None
        What it stands in front of.
    title, text : str
        In a few words, and in a sentence or two.
    details : str
        Shown where they are asked for.
    advice : str
        What to do about it, below the text.
    """
    box = QMessageBox(QMessageBox.Icon.Warning, short(title, 60), "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)  # what a file is called is no markup
    box.setText(breakable(short(text, MOST_LETTERS)))
    box.setInformativeText(breakable(short(advice, MOST_LETTERS)))
    if details:
        box.setDetailedText(details[-MOST_DETAILS:])
    box.setEscapeButton(box.addButton(QMessageBox.StandardButton.Ok))  # else ✕ may be refused
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box


def breakable(text: str) -> str:
    r"""Return a text whose long words may be broken at the end of a line.

    >>> breakable("short " + 17 * "w") == "short " + 16 * "w" + "\u200b" + "w"
    True
    """
    return _LONG.sub(lambda found: found.group() + "\u200b", text)
