"""Files that are dragged over the window and dropped there."""

from pathlib import Path

from PySide6.QtGui import QDropEvent

TABLES = (".csv", ".tsv", ".txt", ".data")
TRAININGS = (".chainrule",)
"""Endings of what the window takes, wherever on it that is dropped."""


def file_in(event: QDropEvent, *suffixes: str) -> Path | None:
    """Return the first file of a kind among what is dragged, if there is one, and accept it."""
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    found = next((each for each in files if each.suffix.lower() in suffixes), None)
    if found is not None:
        event.acceptProposedAction()
    return found
