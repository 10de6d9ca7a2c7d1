"""Saves the training in a file, with all it has learnt, and goes on with one that was saved."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.spec import DataSpec
from gui.dropping import TRAININGS
from gui.messages import complain
from gui.session import Session

if TYPE_CHECKING:
    from engine.training_file import SavedTraining
    from gui.training.run import Run

SUFFIX = TRAININGS[0]
FILTER = f"Trainings (*{SUFFIX});;All files (*)"


@dataclass(frozen=True)
class Written:
    """A training was saved."""

    path: Path
    epoch: int


@dataclass(frozen=True, eq=False)
class Found:
    """What a file holds, and where the training stood that it takes the place of."""

    path: Path
    saved: "SavedTraining"
    before: "SavedTraining"


@dataclass(frozen=True)
class Failed:
    """Why a file could not be written or read, for people."""

    title: str
    why: str


def write(path: Path, run: "Run") -> Written | Failed:
    """Save the training; in the training's thread."""
    from engine.training_file import SavedTraining, save_training

    try:
        saved = SavedTraining.of(run.trainer)
        save_training(path, saved)
    except OSError as error:
        return Failed("Not saved", f"{path} cannot be written: {error.strerror}.")
    return Written(path, saved.snapshot.epoch)


def read(path: Path, run: "Run") -> Found | Failed:
    """Read a training that was saved; in the training's thread."""
    from engine.training_file import SavedTraining, load_training

    try:
        return Found(path, load_training(path), SavedTraining.of(run.trainer))
    except OSError as error:
        return Failed("Not opened", f"{path.name} cannot be read: {error.strerror}.")
    except ValueError as error:
        return Failed("Not opened", f"{error}.")


class TrainingFiles(QObject):
    """Where the training is saved, and which one was opened.

    Parameters
    ----------
    session : Session
        Whose training it is.
    window : QWidget
        Its title names the file; dialogs stand in front of it.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._path: Path | None = None
        self._data: DataSpec | None = None
        self._opening = False
        session.answered.connect(self._take_answer)
        session.experimentChanged.connect(self._part_with_other_data)
        session.historyReset.connect(self._opened)
        session.refused.connect(self._refused)

    @Slot()
    def save(self) -> None:
        """Save in the file it was saved in before, or ask for one."""
        if self._path is None:
            self.ask_where_to_save()
        else:
            self.save_in(self._path)

    @Slot()
    def ask_where_to_save(self) -> None:
        """Let a person choose a file to save in."""
        proposed = str(self._path or f"training{SUFFIX}")
        name, _kind = QFileDialog.getSaveFileName(
            self._window, "Save the training", proposed, FILTER
        )
        if name:
            path = Path(name)
            self.save_in(path if path.suffix else path.with_suffix(SUFFIX))

    def save_in(self, path: Path) -> None:
        """Save in a file."""
        self._session.show_training()  # the trained network comes with the program anyway
        self._session.ask(partial(write, path))

    @Slot()
    def ask_what_to_open(self) -> None:
        """Let a person choose a training to go on with."""
        folder = str(self._path.parent) if self._path else ""
        name, _kind = QFileDialog.getOpenFileName(self._window, "Open a training", folder, FILTER)
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Go on with a training that was saved."""
        self._session.show_training()
        self._session.ask(partial(read, path))

    @Slot(object)
    def _take_answer(self, answer: object) -> None:
        match answer:
            case Written():
                self._name(answer.path)
                self._session.noticed.emit(f"Saved {answer.path.name} at epoch {answer.epoch:,}.")
            case Found():
                title = f"Open {answer.path.name}"
                self._session.resume(answer.saved, title, answer.before)
                self._name(answer.path)
                self._opening = True
                epoch = answer.saved.snapshot.epoch
                self._session.noticed.emit(
                    f"{answer.path.name} at epoch {epoch:,}: press Play to go on."
                )
            case Failed():
                self._complain(answer)

    # ------------------------------------------------------------ which file it is

    def _name(self, path: Path | None) -> None:
        """Say which file it is; None is no file."""
        self._path, self._data = path, self._session.experiment.data
        self._window.setWindowTitle(f"{path.name} – Chainrule" if path else "Chainrule")

    @Slot()
    def _part_with_other_data(self) -> None:
        """Forget the file where other data are learnt: to save would write over the others'."""
        if self._path is not None and self._session.experiment.data != self._data:
            self._name(None)

    @Slot()
    def _opened(self) -> None:
        self._opening = False

    @Slot(object)
    def _refused(self, error: ValueError) -> None:
        if self._opening:
            self._opening = False
            self._name(None)
            self._complain(Failed("Not opened", f"{error}."))

    def _complain(self, failed: Failed) -> None:
        complain(self._window, failed.title, failed.title + ".", advice=failed.why)
