"""Whether the training holds work that no file has."""

import time

from PySide6.QtCore import QObject, Slot

from engine.recipes import RECIPES
from gui.changes import Change, ParameterChange
from gui.first import FIRST
from gui.session import Session
from gui.training_files import TrainingFiles

LONG = 120.0
"""Seconds of training that nobody would like to wait for again."""
SHIPPED = (FIRST.experiment, *(each.experiment for group in RECIPES for each in group))


class Unsaved(QObject):
    """Watches what is done and trained since the training was saved, or opened.

    Parameters
    ----------
    session : Session
    files : TrainingFiles
        Tells when the training is saved.
    """

    def __init__(self, session: Session, files: TrainingFiles) -> None:
        super().__init__(files)
        self._session = session
        self._trained = 0.0  # seconds, since then
        self._since: float | None = None  # when the training began to run
        self._recovered = False
        session.stateChanged.connect(self._count)
        files.saved.connect(self.note_saved)
        files.opened.connect(self.note_saved)

    @Slot()
    def note_saved(self) -> None:
        """Count from here on."""
        self._count()
        self._session.undo_stack.setClean()
        self._trained, self._recovered = 0.0, False

    def note_recovered(self) -> None:
        """Hold what is on screen for work until it is saved: somebody wanted it back."""
        self._recovered = True

    @Slot()
    def _count(self) -> None:
        now = time.monotonic()
        if self._since is not None:
            self._trained += now - self._since
        self._since = now if self._session.running else None

    @property
    def seconds(self) -> float:
        """Seconds of training since it was saved."""
        self._count()
        return self._trained

    @property
    def has_learnt(self) -> bool:
        """Whether there is anything to keep: a network at its start is made again at once."""
        return self._session.history is not None and len(self._session.history) > 0

    @property
    def is_work(self) -> bool:
        """Whether a person would miss it: they made it, or it took long."""
        return self.has_learnt and (self._recovered or self._is_made() or self.seconds > LONG)

    def _is_made(self) -> bool:
        """Tell whether anything was changed since, and is not just an example by now."""
        stack = self._session.undo_stack
        first, last = sorted((max(stack.cleanIndex(), 0), stack.index()))
        commands = [stack.command(at) for at in range(first, min(last, stack.count()))]
        if any(isinstance(each, ParameterChange) for each in commands):
            return True
        changed = any(isinstance(each, Change) for each in commands)
        return changed and self._session.experiment not in SHIPPED
