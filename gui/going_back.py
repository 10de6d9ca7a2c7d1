"""Goes back to an epoch of the training, which can be gone on from there; undoable."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QInputDialog, QWidget

from gui.session import Session
from gui.training.requests import Request

if TYPE_CHECKING:
    from engine.training_file import SavedTraining
    from gui.training.run import Run


@dataclass(frozen=True, eq=False)
class Back:
    """The training at the epoch that was wanted, and as it stood before."""

    there: "SavedTraining"
    before: "SavedTraining"


def back_to(epoch: int, run: "Run") -> Iterator[Back | None]:
    """Train again up to an epoch; in the training's thread, a little at a time."""
    from engine.training_file import SavedTraining

    before = replace(SavedTraining.of(run.trainer), timeline=run.timeline)
    for there in run.timeline.back_to(epoch, run.trainer):
        yield None if there is None else Back(there, before)


class GoingBack(QObject):
    """Answers the wish for an earlier epoch.

    Parameters
    ----------
    session : Session
        Whose training goes back.
    window : QWidget
        What stands behind the question for an epoch.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._request: Request | None = None
        session.epochWanted.connect(self.go)

    @Slot()
    def ask_for_epoch(self) -> None:
        """Let a person say which epoch."""
        last = len(self._session.history) if self._session.history is not None else 0
        epoch, chosen = QInputDialog.getInt(
            self._window, "Go back", f"Go back to epoch (0 to {last:,}):", max(last - 1, 0), 0, last
        )
        if chosen:
            self.go(epoch)

    @Slot(int)
    def go(self, epoch: int) -> None:
        """Go back to an epoch, and rest there."""
        if self._request is not None:
            self._request.cancel()  # of two epochs, the one that was wanted last
        self._session.show_training()
        self._session.pause()
        self._session.noticed.emit(f"Going back to epoch {epoch:,} …")
        self._request = self._session.ask(partial(back_to, epoch), partial(self._resume, epoch))

    def _resume(self, epoch: int, back: Back) -> None:
        self._session.resume(back.there, f"Go back to epoch {epoch:,}", back.before)
        self._session.noticed.emit(
            f"At epoch {epoch:,} again: press Play to go on from here, Ctrl+Z to return."
        )
