"""The one owner of the experiment, its training and its undo history.

Panels ask the session for things and listen to its signals; none talks to the worker or to
another panel. The three views (train, draw, step) show one session.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from engine.datasets import Dataset
from engine.digits.drawings import Drawing
from engine.history import History
from engine.knobs import needs_restart
from engine.reshaping import NOTHING_KEPT, Descent
from engine.spec import Experiment
from gui.changes import Change, Entry, ParameterChange
from gui.frame import Frame
from gui.training.facts import Answered, Ended, Fact, Failed, Loaded, Paused, Refused, Shown
from gui.training.worker import Worker

FIRST_SPEED = 10.0
"""Epochs a second at the start: slow enough to see the digits being learnt."""

if TYPE_CHECKING:
    from gui.training.run import Run

State = Literal["loading", "paused", "running", "finished", "failed"]


class Session(QObject):
    """An experiment being trained, watched and changed.

    Parameters
    ----------
    experiment : Experiment
        What is trained at first.
    folder : Path or None
        Where panels may keep what a person made, between two starts; None keeps nothing.

    Attributes
    ----------
    experiment : Experiment
        What is trained, with the newest changes.
    dataset, history : Dataset, History or None
        Of the present run; None until it is loaded.
    frame : Frame or None
        The newest state to draw.
    state : str
        'loading', 'paused', 'running', 'finished' or 'failed'.
    speed : float or None
        Epochs a second that the training is held to; None is as fast as it goes.
    trained : bool
        Whether the trained network is on screen, in place of the one in training.
    run : int
        Counts what has been in training, be it on screen or not.
    walked : bool
        Whether an update is being stepped through, on a copy of the training.
    undo_stack : QUndoStack
        Changes of the experiment, and of what panels keep.

    Signals
    -------
    experimentChanged, stateChanged, frameChanged, speedChanged, trainedChanged
        The attribute of that name is another one now.
    historyReset
        A new run began: `dataset` and `history` are other objects.
    refused(ValueError)
        A change could not be made; the experiment is as it was.
    answered(object)
        What was asked with :meth:`ask` has been worked out.
    unfoldWanted(str, tuple)
        Rows are to be stepped through, as :meth:`unfold` was told.
    noticed(str)
        A sentence for the status line.
    failed(str, str)
        Something broke: what, and the details for a report.
    """

    experimentChanged = Signal()
    stateChanged = Signal()
    frameChanged = Signal()
    speedChanged = Signal()
    trainedChanged = Signal()
    historyReset = Signal()
    refused = Signal(object)
    answered = Signal(object)
    unfoldWanted = Signal(str, tuple)
    noticed = Signal(str)
    failed = Signal(str, str)

    def __init__(
        self,
        experiment: Experiment,
        parent: QObject | None = None,
        folder: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self.experiment = experiment
        self.folder = folder
        self.dataset: Dataset | None = None
        self.history: History | None = None
        self.frame: Frame | None = None
        self.state: State = "loading"
        self.speed: float | None = FIRST_SPEED
        self.trained = False
        self.walked = False
        self._resume = False
        self.undo_stack = QUndoStack(self)
        self._row = 0
        self._generation = 0  # of what is on screen
        self.run = 0
        self._reverting = False
        self._worker = Worker()

    @property
    def running(self) -> bool:
        """Whether the training runs, or is about to."""
        return self.state == "running"

    @property
    def _would_play(self) -> bool:
        """Whether the training runs, or will when it is back on screen."""
        return self.running or (self.trained and self._resume)

    def start(self, play: bool = True) -> None:
        """Start the worker and build the first run."""
        self._worker.start()
        self._worker.set_speed(self.speed)
        self._load(play)

    def close(self) -> None:
        """End the worker and wait for it."""
        self._worker.quit()
        if self._worker.is_alive():
            self._worker.join()

    # ------------------------------------------------------------ the heartbeat

    def collect(self) -> bool:
        """Take what the worker left; return whether there is a new frame.

        To be followed by :meth:`release` once the painting is done.
        """
        frame = self._worker.take_frame()
        while not self._worker.facts.empty():
            self._learn(self._worker.facts.get())
        if frame is None or frame.generation != self._generation:
            return False
        self.frame = frame
        self.frameChanged.emit()
        return True

    def hold(self) -> None:
        """Keep the interpreter until :meth:`release`, for work that paints at once."""
        self._worker.hold()

    def release(self) -> None:
        """Let the training go on."""
        self._worker.release()

    def lent(self) -> AbstractContextManager[None]:
        """Let the training go on while something is drawn without the interpreter."""
        return self._worker.lent()

    def _learn(self, fact: Fact) -> None:
        match fact:
            case Loaded():
                self._generation = self.run = fact.generation
                self.dataset, self.history = fact.dataset, fact.history
                if self.state == "loading":
                    self._set_state("running" if self._worker.training else "paused")
                self.historyReset.emit()
            case Refused():
                if fact.experiment == self.experiment:  # else a later change is on its way
                    self._revert(fact.error)
            case Paused():
                self._set_state("paused")
            case Shown():
                self._generation = fact.generation
                known = (self.dataset, self.history)
                self.dataset, self.history = fact.dataset, fact.history
                if known != (fact.dataset, fact.history):
                    self.historyReset.emit()
            case Answered():
                self.answered.emit(fact.answer)
            case Ended():
                self._set_state("finished")
                self.noticed.emit(fact.message)
            case Failed():
                self._set_state("failed")
                self.failed.emit(fact.message, fact.details)

    def _set_state(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.stateChanged.emit()

    # ------------------------------------------------------------ training

    def play(self) -> None:
        self._leave_trained()
        self._set_state("running")
        self._worker.play()

    def pause(self) -> None:
        self._worker.pause()

    def toggle(self) -> None:
        """Pause if it runs, play if it does not."""
        if self.running:
            self.pause()
        else:
            self.play()

    def play_until(self, epoch: int) -> None:
        """Train at full speed until `epoch` epochs are complete, then rest."""
        self._leave_trained()
        self._set_state("running")
        self._worker.play_until(epoch)

    def step(self) -> None:
        """Train to the end of the present epoch."""
        self._leave_trained()
        self._worker.step_epoch()

    def reset(self) -> None:
        """Go back to the same initial weights, and rest there."""
        self._load(play=False)
        self.noticed.emit("Back at the initial weights.")

    def new_seed(self) -> None:
        """Draw other initial weights."""
        seed = int(np.random.default_rng().integers(10_000))
        network = replace(self.experiment.network, seed=seed)
        self.change(replace(self.experiment, network=network), f"Seed {seed}")

    def set_speed(self, epochs_per_second: float | None) -> None:
        """Hold the training to a speed; None is as fast as it goes."""
        self.speed = epochs_per_second
        self._worker.set_speed(epochs_per_second)
        self.speedChanged.emit()

    def ask(self, work: "Callable[[Run], object]") -> None:
        """Have something worked out in the training's thread; see `answered`."""
        self._worker.ask(work)

    def take_history(self, history: History) -> None:
        """Go on with another past: the training was put back, or walked by hand."""
        self.history = history
        self.historyReset.emit()

    def _load(self, play: bool) -> None:
        self._leave_trained()
        self._set_state("running" if play else "paused")
        self._worker.load(self.experiment, play)

    # ------------------------------------------------------------ changing the experiment

    def change(
        self,
        experiment: Experiment,
        text: str,
        apart: bool = False,
        came: Descent | None = None,
    ) -> None:
        """Make `experiment` the present one; undoable, called `text` in the menu.

        Live settings take effect between two batches; the others restart the training. Where
        layers change, it goes on with what was learnt, or restarts if nothing can be kept.

        Parameters
        ----------
        apart : bool
            Whether it is undone alone, however quickly others of its kind follow.
        came : tuple of Origin or None, optional
            Where the hidden layers come from; guessed if not given.

        Raises
        ------
        SettingError
            When its parts do not go together; nothing has changed then.
        """
        if experiment != self.experiment:
            self.check(experiment)
            self.undo_stack.push(Change(self, self.experiment, experiment, text, apart, came))

    def open(self, experiment: Experiment, text: str, play: bool) -> None:
        """Go over to another experiment at its start, training or at rest; undoable.

        Undone, the one before trains or rests as it did.

        Raises
        ------
        SettingError
            When its parts do not go together; nothing has changed then.
        """
        if experiment == self.experiment:
            self._load(play)
            return
        self.check(experiment)
        change = Change(
            self,
            self.experiment,
            experiment,
            text,
            apart=True,
            came=NOTHING_KEPT,
            plays=(self._would_play, play),
        )
        self.undo_stack.push(change)

    def check(self, experiment: Experiment) -> None:
        """Refuse at once what can be told without loading other data, with a SettingError."""
        from engine.compatibility import check_network  # not needed to start

        data = self.dataset
        if data is not None and experiment.data == self.experiment.data:
            check_network(experiment.network, data.task, data.outputs, experiment.train.loss)

    def use(
        self,
        experiment: Experiment,
        came: Descent | None = None,
        leaves: object = None,
        enters: object = None,
        play: bool | None = None,
    ) -> None:
        """Go over to an experiment; for what stands on the undo stack.

        Parameters
        ----------
        came : tuple of Origin or None, optional
            Where the hidden layers come from; None where nothing of them can be kept.
        leaves, enters : object
            What the network as it was, and as it will be, is remembered under.
        play : bool, optional
            Whether a training that starts anew runs or rests; as now if not given.
        """
        before, self.experiment = self.experiment, experiment
        if not self._reverting:
            if came is None or needs_restart(before, experiment):
                self._load(play=self._would_play if play is None else play)
                self.noticed.emit("The training starts anew with this change.")
            else:
                self.show_training()
                self._worker.apply(experiment, came, leaves, enters)
        self.experimentChanged.emit()

    def _revert(self, error: ValueError) -> None:
        if not self.undo_stack.canUndo():
            self._set_state("failed")
            self.failed.emit(str(error), "")
            return
        self._reverting = True
        stack = self.undo_stack
        last = stack.index() - 1
        while last and not isinstance(stack.command(last), Change):
            last -= 1  # what a panel did since then stays done
        change = stack.command(last)
        change.undo()
        change.setObsolete(True)
        if last == stack.index() - 1:
            stack.undo()  # only drops it: what is obsolete is not undone
        self._reverting = False
        self.refused.emit(error)
        self.noticed.emit(f"Not changed: {error}")

    # ------------------------------------------------------------ weights set by hand

    def set_parameter(self, entry: Entry, value: float, run: int) -> None:
        """Set a weight or bias between two batches, without a trace on the undo stack.

        Nothing is set if the training has begun anew since that run.
        """
        if run != self.run:
            self.noticed.emit("Nothing to set: the training has begun anew since then.")
            return
        self.show_training()
        self._worker.set_parameter(run, *entry, value)

    def keep_parameter(
        self, entry: Entry, before: float, after: float, text: str, run: int
    ) -> None:
        """Set a weight or bias of a run; undoable, called `text` in the menu."""
        self.undo_stack.push(ParameterChange(self, run, entry, before, after, text))

    # ------------------------------------------------------------ what is shown

    def show_trained(self) -> None:
        """Put the trained network on screen; the one in training rests, exactly as it is.

        Whatever goes on with the training puts it back: :meth:`show_training` as it was.
        """
        if not self.trained and self.dataset is not None:
            self._resume = self.running
            self.trained = True
            self._worker.show_trained()
            if self.running:
                self._set_state("paused")
            self.trainedChanged.emit()

    def show_training(self) -> None:
        """Go on with the network in training where it was left, if it was left."""
        if self.trained:
            self._leave_trained()
            if self._resume:
                self.play()

    def _leave_trained(self) -> None:
        if self.trained:
            self.trained = False
            self._worker.show_training()
            self.trainedChanged.emit()

    def watch(self, drawings: tuple[Drawing, ...]) -> None:
        """Have these drawings read too, a few times a second; see `frame.watched`."""
        self._worker.watch(drawings)

    def show_gradients(self, shown: bool) -> None:
        """Let the frames carry the loss's gradient; see `frame.gradients`."""
        self._worker.show_gradients(shown)

    def draw(self, strokes: list[np.ndarray] | None) -> None:
        """Let the network read a drawing; None shows the data again.

        Parameters
        ----------
        strokes : list of ndarray (n, 2) or None
            Points of the pen, x to the right and y down, in any unit.
        """
        self._worker.draw(strokes)

    def show_row(self, index: int) -> None:
        """Show a row of the test data flowing through the network."""
        self._row = index
        self._worker.show_row(index)

    def unfold(self, kind: Literal["train", "test"], rows: tuple[int, ...]) -> None:
        """Have the debugger step through what rows teach the network, the first one first."""
        self.unfoldWanted.emit(kind, rows)

    def show_next_row(self, step: int = 1) -> None:
        """Show the next row of the test data, or the one before with -1."""
        self.show_row(self._row + step)
