"""Files that are dragged over the window and dropped there."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

TABLES = (".csv", ".tsv", ".txt", ".data")
TRAININGS = (".chainrule",)
"""Endings of what the window takes, wherever on it that is dropped."""


class Dropping(QObject):
    """Takes tables and saved trainings that are dropped on a window.

    Signals
    -------
    dropped(Path)
        This file was.
    """

    dropped = Signal(Path)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        path = file_in(event) if isinstance(event, QDropEvent) else None  # one that enters, too
        if path is None:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.Drop:
            self.dropped.emit(path)
        return True


def file_in(event: QDropEvent) -> Path | None:
    """Return the first file that the window takes among what is dragged, and accept it."""
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    found = next((each for each in files if each.suffix.lower() in (*TABLES, *TRAININGS)), None)
    if found is not None:
        event.acceptProposedAction()
    return found
