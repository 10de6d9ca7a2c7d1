"""Saves the training in a file, with all it has learnt, and goes on with one that was saved."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.files import name_of, reason_of
from engine.spec import DataSpec
from gui.dropping import TRAININGS
from gui.messages import complain
from gui.session import Session
from gui.training.requests import Request
from gui.waiting import Waiting

if TYPE_CHECKING:
    from engine.training_file import SavedTraining
    from gui.training.run import Run

SUFFIX = TRAININGS[0]
FILTER = f"Trainings (*{SUFFIX});;All files (*)"


def state_of(run: "Run") -> "SavedTraining":
    """Return where the training stands; in the training's thread."""
    from engine.training_file import SavedTraining

    return SavedTraining.of(run.trainer)


def write(path: Path, saved: "SavedTraining", _request: Request) -> None:
    """Save a training.

    Raises
    ------
    ValueError
        Saying why it cannot be written.
    """
    from engine.training_file import save_training

    try:
        save_training(path, saved)
    except OSError as error:
        raise ValueError(f"{path} cannot be written: {reason_of(error)}") from None


def read(path: Path, _request: Request) -> "SavedTraining":
    """Read a training that was saved."""
    from engine.training_file import load_training

    return load_training(path)


class TrainingFiles(QObject):
    """Where the training is saved, and which one was opened.

    Parameters
    ----------
    session : Session
        Whose training it is.
    window : QWidget
        Its title names the file; dialogs stand in front of it.

    Signals
    -------
    saved(SavedTraining)
        The training was written to a file, as it stood then.
    notSaved
        It could not be.
    """

    saved = Signal(object)
    notSaved = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._waiting = Waiting(session, window)
        self._path: Path | None = None
        self._data: DataSpec | None = None
        self._opened: QUndoCommand | None = None
        self._before: Path | None = None  # what was open before that
        session.experimentChanged.connect(self._part_with_other_data)
        session.undo_stack.indexChanged.connect(self._follow_undo)

    @property
    def path(self) -> Path | None:
        """The file that the training is saved in; None if there is none."""
        return self._path

    # ------------------------------------------------------------ saving

    @Slot()
    def save(self) -> bool:
        """Save in the file it was saved in before, or ask for one; return whether that goes on."""
        if self._path is None:
            return self.ask_where_to_save()
        self.save_in(self._path)
        return True

    @Slot()
    def ask_where_to_save(self) -> bool:
        """Let a person choose a file to save in; return whether they did."""
        proposed = str(self._path or f"training{SUFFIX}")
        name, _kind = QFileDialog.getSaveFileName(
            self._window, "Save the training", proposed, FILTER
        )
        if name:
            path = Path(name)
            self.save_in(path if path.suffix else path.with_suffix(SUFFIX))
        return bool(name)

    def save_in(self, path: Path) -> None:
        """Save in a file, the training as it stands now."""
        self._session.show_training()  # the trained network comes with the program anyway
        self._session.ask(state_of, partial(self._write, path), self._not_saved, of_run=False)

    def _write(self, path: Path, saved: "SavedTraining") -> None:
        self._session.ask_aside(
            partial(write, path, saved),
            partial(self._written, path, saved),
            self._not_saved,
            writes=True,
        )

    def _written(self, path: Path, saved: "SavedTraining", _nothing: None) -> None:
        if saved.experiment.data == self._session.experiment.data:  # else it is another training
            self._name(path)
        self._session.noticed.emit(f"Saved {path.name} at epoch {saved.snapshot.epoch:,}.")
        self.saved.emit(saved)

    def _not_saved(self, why: str) -> None:
        complain(
            self._window,
            "Not saved",
            "The training was not saved.",
            advice=f"{why}. Choose another place.",
        )
        self.notSaved.emit()

    # ------------------------------------------------------------ opening

    @Slot()
    def ask_what_to_open(self) -> None:
        """Let a person choose a training to go on with."""
        folder = str(self._path.parent) if self._path else ""
        name, _kind = QFileDialog.getOpenFileName(self._window, "Open a training", folder, FILTER)
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Go on with a training that was saved."""
        self._waiting.read(
            path.name, partial(read, path), partial(self._found, path), self._not_opened
        )

    def _found(self, path: Path, saved: "SavedTraining") -> None:
        """Take it up; what stands in its place now can be come back to."""
        self._session.show_training()
        self._session.ask(state_of, partial(self._resume, path, saved), self._not_opened)

    def _resume(self, path: Path, saved: "SavedTraining", before: "SavedTraining") -> None:
        self._session.resume(
            saved,
            f"Open {name_of(path)}",
            before,
            taken=partial(self._taken_up, path, saved, self._path),
            refused=self._not_opened,
        )

    def _taken_up(self, path: Path, saved: "SavedTraining", before: Path | None) -> None:
        stack = self._session.undo_stack
        self._opened, self._before = stack.command(stack.index() - 1), before
        self._name(path)
        epoch = saved.snapshot.epoch
        self._session.noticed.emit(f"{name_of(path)} at epoch {epoch:,}: press Play to go on.")

    def _not_opened(self, why: str) -> None:
        self._session.noticed.emit("")
        complain(self._window, "Not opened", "The training was not opened.", advice=f"{why}.")

    # ------------------------------------------------------------ which file it is

    def _name(self, path: Path | None) -> None:
        """Say which file it is; None is no file."""
        self._path, self._data = path, self._session.experiment.data
        self._window.setWindowTitle(f"{name_of(path)} – Chainrule" if path else "Chainrule")

    @Slot()
    def _part_with_other_data(self) -> None:
        """Forget the file where other data are learnt: to save would write over the others'."""
        if self._path is not None and self._session.experiment.data != self._data:
            self._name(None)

    @Slot(int)
    def _follow_undo(self, index: int) -> None:
        """Part with a file whose opening was undone: to save would write another training there."""
        stack = self._session.undo_stack
        if self._opened is None:
            return
        done = any(stack.command(at) is self._opened for at in range(index))
        if not done:
            self._opened = None
            self._name(self._before)
