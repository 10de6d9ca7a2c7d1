"""A training in its thread, as the window sees it: its state, its newest frame, what it is told."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.datasets import Dataset
from engine.digits.drawings import Drawing
from engine.history import History
from engine.spec import Experiment
from gui.asking import Asking
from gui.frame import Frame
from gui.training.facts import Answered, Ended, Fact, Failed, Loaded, NotAnswered, Paused, Refused
from gui.training.worker import Worker

PATIENCE = 2.0
"""Seconds that closing waits for the worker."""
WRITING = 10.0
"""Seconds that it waits for files being written."""
FIRST_SPEED = 10.0
"""Epochs a second at the start: slow enough to see the digits being learnt."""

VARIED = (
    "From here on the handwriting is varied. That is harder to learn: the training loss jumps, "
    "and drawings are read better."
)

if TYPE_CHECKING:
    from engine.training_file import SavedTraining

State = Literal["loading", "paused", "running", "finished", "failed"]


class WatchedTraining(Asking):
    """Starts, stops and shows a training, or the trained network in its place.

    Parameters
    ----------
    sprints : bool
        Whether a training at full speed may be carried on by a process of its own.

    Attributes
    ----------
    dataset, history : Dataset, History or None
        Of the present run; None until it is loaded.
    frame : Frame or None
        The newest state to draw; always of the run that `dataset` is of.
    state : str
        'loading', 'paused', 'running', 'finished' or 'failed'.
    speed : float or None
        Epochs a second that the training is held to; None is as fast as it goes.
    trained : bool
        Whether the trained network is on screen, in place of the one in training.
    run : int
        Counts what has been in training, be it on screen or not.

    Signals
    -------
    stateChanged, frameChanged, speedChanged, trainedChanged
        The attribute of that name is another one now.
    historyReset
        Another run is on screen: `dataset`, `history` and `frame` are other objects.
    failed(str, str)
        Something broke: what, and the details for a report.
    """

    stateChanged = Signal()
    frameChanged = Signal()
    speedChanged = Signal()
    trainedChanged = Signal()
    historyReset = Signal()
    failed = Signal(str, str)

    def __init__(self, parent: QObject | None = None, sprints: bool = False) -> None:
        super().__init__(parent, Worker(sprints))
        self.dataset: Dataset | None = None
        self.history: History | None = None
        self.frame: Frame | None = None
        self.state: State = "loading"
        self.speed: float | None = FIRST_SPEED
        self.trained = False
        self.run = 0
        self._resume = False
        self._row = 0
        self._generation = 0  # of what is on screen
        self._varied = 0  # the run whose rows were last seen to be varied
        self._steered = 0  # the newest command that decides whether the training runs

    @property
    def running(self) -> bool:
        """Whether the training runs, or is about to."""
        return self.state == "running"

    @property
    def hurried(self) -> bool:
        """Whether it trains as fast as it goes: frames come faster than anyone reads."""
        return self.running and self.speed is None

    @property
    def _would_play(self) -> bool:
        """Whether the training runs, or will when it is back on screen."""
        return self.running or (self.trained and self._resume)

    def _start(self) -> None:
        """Start the worker; it has nothing to train yet."""
        self._worker.start()
        self._worker.set_speed(self.speed)

    def close(self) -> None:
        """End the worker; wait for it a while, but not for a file that never comes."""
        self._worker.quit()
        if self._worker.is_alive():
            self._worker.join(PATIENCE)
        self._background.finish(WRITING)
        if self.dataset is not None and self.dataset.fresh is not None:
            self.dataset.fresh.release()

    def left_behind(self) -> "SavedTraining | None":
        """Return where the training stands at the end; None where it does not rest."""
        return None if self._worker.is_alive() else self._worker.stands()

    # ------------------------------------------------------------ the heartbeat

    def collect(self) -> bool:
        """Take what the worker left; return whether there is a new frame.

        To be followed by :meth:`release` once the painting is done.
        """
        before, frame = self.frame, self._worker.take_frame()
        while not self._worker.facts.empty():
            self._learn(self._worker.facts.get())
        if frame is not None and frame.generation == self._generation:
            self._show(frame)
        return self.frame is not before

    def _show(self, frame: Frame) -> None:
        self.frame = frame
        self.frameChanged.emit()
        self._tell_of_varied_rows(frame)

    def _tell_of_varied_rows(self, frame: Frame) -> None:
        """Say once in a run why the training's figures jump."""
        if frame.varied and self._varied != self.run:
            self._varied = self.run
            if frame.epoch:  # else they were varied from the start
                self.noticed.emit(VARIED)

    def hold(self) -> None:
        """Keep the interpreter until :meth:`release`, for work that paints at once."""
        self._worker.hold()

    def release(self) -> None:
        """Let the training go on."""
        self._worker.release()

    def lent(self, back: bool = True) -> AbstractContextManager[None]:
        """Let the training go on while something is drawn without the interpreter.

        Where it is not wanted back, it goes on for good: it takes longer to stop it once more
        than to share the interpreter for what little follows.
        """
        return self._worker.lent(back)

    def _learn(self, fact: Fact) -> None:
        match fact:
            case Loaded():
                self._take_run(fact)
            case Paused():
                self._settle(fact.command, "paused")
            case Answered() | NotAnswered():
                self._hand_over(fact)
            case Refused():
                self._settle(fact.command, "running" if fact.training else "paused")
            case Ended():
                if self._settle(fact.command, "finished"):
                    self.noticed.emit(fact.message)
            case Failed():
                self._settle(fact.command, "failed")
                self.failed.emit(fact.message, fact.details)

    def _take_run(self, fact: Loaded) -> None:
        """Show another run: data, history and frame change together."""
        self._generation = fact.generation
        if fact.begun:
            self.run = fact.generation
        self.dataset, self.history, self.frame = fact.dataset, fact.history, fact.frame
        probe = fact.frame.probe
        self._row = probe.index if probe is not None and probe.source == "row" else 0
        if self.state == "loading":
            self._set_state("running" if self._worker.training else "paused")
        self.historyReset.emit()
        self._show(fact.frame)

    def _settle(self, command: int, state: State) -> bool:
        """Take a state the training has come to, unless something else was wanted since."""
        current = command >= self._steered
        if current:
            self._set_state(state)
        return current

    def _set_state(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.stateChanged.emit()

    # ------------------------------------------------------------ training

    def play(self) -> None:
        self._leave_trained()
        self._set_state("running")
        self._steered = self._worker.play()

    def pause(self) -> None:
        self._steered = self._worker.pause()

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
        self._steered = self._worker.play_until(epoch)

    def step(self) -> None:
        """Train to the end of the present epoch."""
        self._leave_trained()
        self._steered = self._worker.step_epoch()

    def set_speed(self, epochs_per_second: float | None) -> None:
        """Hold the training to a speed; None is as fast as it goes."""
        self.speed = epochs_per_second
        self._worker.set_speed(epochs_per_second)
        self.speedChanged.emit()

    def take_history(self, history: History) -> None:
        """Go on with another past: the training was put back, or walked by hand."""
        self.history = history
        self.historyReset.emit()

    def _load(
        self,
        experiment: Experiment,
        play: bool,
        inherits: bool = False,
        saved: "SavedTraining | None" = None,
    ) -> int:
        self._leave_trained()
        self._set_state("running" if play else "paused")
        self._steered = self._changed_run = self._worker.load(experiment, play, inherits, saved)
        return self._changed_run

    # ------------------------------------------------------------ what is shown

    def show_trained(self) -> None:
        """Put the trained network on screen; the one in training rests, exactly as it is.

        Whatever goes on with the training puts it back: :meth:`show_training` as it was.
        """
        if not self.trained and self.dataset is not None:
            self._resume = self.running
            self.trained = True
            self._steered = self._changed_run = self._worker.show_trained()
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
            self._steered = self._changed_run = self._worker.show_training()
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
        self._worker.show_row(self._generation, index)

    def show_next_row(self, step: int = 1) -> None:
        """Show the next row of the test data, or the one before with -1."""
        self.show_row(self._row + step)
