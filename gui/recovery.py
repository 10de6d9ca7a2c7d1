"""What is not saved survives a crash: kept every half minute, and offered at the next start."""

import logging
import os
import secrets
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from engine import locks
from engine.files import short
from gui.session import Session
from gui.training.requests import Request
from gui.training_files import SUFFIX, TrainingFiles, read, state_of
from gui.unsaved import Unsaved

if TYPE_CHECKING:
    from engine.training_file import SavedTraining

log = logging.getLogger(__name__)

FOLDER = "recovery"
SECONDS = 30
MOST_BYTES = 200_000_000
"""Of a training; a larger one takes too long to write again and again."""
MOST_FILES = 5


class RecoveryFile:
    """One program's file, locked as long as that runs.

    Parameters
    ----------
    path : Path
        Where the training is kept; the lock stands beside it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO | None = None

    @property
    def _lock_path(self) -> Path:
        return self.path.with_suffix(".lock")

    def take(self) -> bool:
        """Make it this program's; return whether no other program has it."""
        if self._lock is None:
            lock = self._lock_path.open("ab")
            if not locks.take(lock):
                lock.close()
                return False
            self._lock = lock
        return True

    def write(self, saved: "SavedTraining", _request: Request | None = None) -> None:
        """Write a training, unless it is too large."""
        from engine.training_file import save_training

        if saved.nbytes <= MOST_BYTES:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.take():
                save_training(self.path, saved)

    def leave(self) -> None:
        """Let another program find it."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def remove(self) -> None:
        """Keep it no longer."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
            if self._lock is not None:
                self._lock_path.unlink(missing_ok=True)
        self.leave()


def left_behind(folder: Path) -> list[RecoveryFile]:
    """Return the files of programs that are gone, the newest first; they are this one's now."""
    found = []
    with suppress(OSError):
        paths = sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime)
        for path in reversed(paths):
            file = RecoveryFile(path)
            if file.take():
                found.append(file)
    for file in found[MOST_FILES:]:
        file.remove()
    return found[:MOST_FILES]


class Recovery(QObject):
    """Keeps the training now and then, and offers what an earlier program has left.

    Parameters
    ----------
    session : Session
        Whose training is kept, in its folder; nothing is without one.
    files : TrainingFiles
        Takes up what is offered.
    unsaved : Unsaved
        Knows whether there is anything to keep.
    window : QWidget
        What the offer stands in front of.
    """

    def __init__(
        self, session: Session, files: TrainingFiles, unsaved: Unsaved, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._files, self._unsaved = session, files, unsaved
        self._window = window
        self._found: list[RecoveryFile] = []
        self._kept: object = None  # where the training stood that is in the file
        self._request: Request | None = None
        self._own: RecoveryFile | None = None
        self._look = QTimer(self)
        self._look.timeout.connect(self.keep)
        if session.folder is not None:
            started = time.strftime("%Y%m%d-%H%M%S")
            name = f"{started}-{os.getpid()}-{secrets.token_hex(2)}{SUFFIX}"
            self._own = RecoveryFile(session.folder / FOLDER / name)
            self._look.start(1000 * SECONDS)

    # ------------------------------------------------------------ keeping

    @Slot()
    def keep(self) -> None:
        """Keep the training as it stands, if it has come farther; nobody waits for it."""
        if self._own is None or not self._unsaved.has_learnt or self._session.trained:
            return
        if self._request is None or not self._session.waits(self._request):
            self._request = self._session.ask(state_of, self._write, self._missed)

    def _write(self, saved: "SavedTraining") -> None:
        by_hand = self._session.undo_stack.index()  # a weight that was set leaves the rest as it is
        stands = saved.experiment, saved.snapshot.epoch, saved.snapshot.batch, by_hand
        if self._own is None or stands == self._kept:
            self._request = None
            return
        self._kept = stands
        work = partial(self._own.write, saved)
        self._request = self._session.ask_aside(work, self._written, self._missed, writes=True)

    def _written(self, _nothing: None) -> None:
        self._request = None

    def _missed(self, why: str) -> None:
        self._request = None
        log.warning("the training could not be kept for recovery: %s", why)

    def keep_now(self) -> None:
        """Keep what is worth it as the program ends; the training's thread has ended before."""
        if self._own is None:
            return
        if not (self._unsaved.is_work or self._unsaved.seconds > SECONDS):
            self.forget()
            return
        self._leave_offered()
        saved = self._session.left_behind()
        try:
            if saved is not None:  # else what was kept last stays
                self._own.write(saved)
        except OSError as error:
            log.warning("the training could not be kept for recovery: %s", error)
        self._own.leave()
        self._own = None

    def forget(self) -> None:
        """Keep nothing: the training was saved, or is not wanted."""
        self._leave_offered()
        if self._own is not None:
            self._own.remove()

    def _leave_offered(self) -> None:
        self._look.stop()
        for file in self._found:
            file.leave()

    # ------------------------------------------------------------ offering

    @Slot()
    def offer(self) -> None:
        """Offer what an earlier program has left, if it has left anything."""
        if self._session.folder is not None:
            self._found = left_behind(self._session.folder / FOLDER)
            self._offer_next()

    def _offer_next(self) -> None:
        if self._found:
            file = self._found.pop(0)
            self._session.ask_aside(
                partial(read, file.path), partial(self._ask, file), partial(self._set_aside, file)
            )

    def _set_aside(self, file: RecoveryFile, why: str) -> None:
        log.warning("what was kept for recovery cannot be read: %s", why)
        with suppress(OSError):
            file.path.replace(file.path.with_suffix(".damaged"))
        file.remove()
        self._session.noticed.emit(f"An unsaved training of last time cannot be read: {why}.")
        self._offer_next()

    def _ask(self, file: RecoveryFile, saved: "SavedTraining") -> None:
        then = time.localtime(file.path.stat().st_mtime)
        when = f"{then.tm_mday} {time.strftime('%B, %H:%M', then)}"
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Unsaved training",
            "A training was not saved when Chainrule ended last time.",
            parent=self._window,
        )
        title = short(saved.experiment.data.source.title, 60)
        box.setInformativeText(f"{title}, epoch {saved.snapshot.epoch:,}, as it stood on {when}.")
        go_on = box.addButton("Go on with it", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("Discard it", QMessageBox.ButtonRole.DestructiveRole)
        later = box.addButton("Ask me next time", QMessageBox.ButtonRole.RejectRole)
        box.setEscapeButton(later)
        box.setDefaultButton(go_on)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        go_on.clicked.connect(partial(self._take_up, file, saved))
        discard.clicked.connect(file.remove)
        box.finished.connect(partial(self._finish, file))
        box.open()

    def _finish(self, file: RecoveryFile, _result: int) -> None:
        if file is not self._own:  # else it was taken up
            file.leave()
        self._offer_next()

    def _take_up(self, file: RecoveryFile, saved: "SavedTraining", _checked: bool = False) -> None:
        self._files.take_up(None, saved)
        self._unsaved.note_recovered()
        self._own, own = file, self._own  # it stays kept until it is saved
        if own is not None:
            own.remove()
