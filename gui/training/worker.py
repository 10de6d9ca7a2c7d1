"""The thread that trains, and how the window meets it.

The window *posts* commands, obeyed between two batches; each has a number, and facts tell the
number of the newest that was obeyed before them. The worker leaves the newest
:class:`~gui.frame.Frame` in a one-slot mailbox, and rare facts (:mod:`gui.training.facts`) in
a queue. While it trains, the window asks for the interpreter before it paints: the worker
publishes a frame and parks at the end of its slice until the painting is done, so that the
two never fight for it. There is no Qt in this file.
"""

import logging
import queue
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.digits.drawings import Drawing
from engine.reshaping import Descent
from engine.spec import Experiment
from gui.frame import Frame
from gui.training.facts import (
    Answered,
    Ended,
    Fact,
    Failed,
    Loaded,
    NotAnswered,
    Paused,
    Refused,
)
from gui.training.gate import Gate
from gui.training.on_screen import OnScreen
from gui.training.pace import Pace
from gui.training.requests import LongRequests, Request
from gui.training.sprints import Sprints

if TYPE_CHECKING:
    from engine.training_file import SavedTraining
    from gui.training.run import Run

log = logging.getLogger(__name__)


class Worker(threading.Thread):
    """Trains one run after another until it is told to quit.

    Parameters
    ----------
    sprints : bool
        Whether a training at full speed may be carried on by a process of its own.

    Attributes
    ----------
    facts : queue of Fact
        What happened, oldest first; the window empties it.
    training : bool
        Whether the training runs at present; may be read from any thread.
    """

    def __init__(self, sprints: bool = False) -> None:
        super().__init__(name="training", daemon=True)
        self.facts: queue.SimpleQueue[Fact] = queue.SimpleQueue()
        self.training = False
        self._gate = Gate()
        self._pace = Pace()
        self._mail: Frame | None = None
        self._commands: queue.SimpleQueue[tuple[int, Callable[[], None]]] = queue.SimpleQueue()
        self._posted = self._obeyed = 0  # the newest commands' numbers
        self._drawing: list[np.ndarray] | None = None
        self._drawing_is_new = False
        self._woken = threading.Event()
        self._quit = False
        self._screen = OnScreen()
        self._slices: Iterator[bool] | None = None
        self._requests = LongRequests(self._tell, self._refuse)
        self._sprints = Sprints(sprints)

    # ------------------------------------------------------------ for the window

    def take_frame(self, timeout: float = 0.004) -> Frame | None:
        """Hold the worker and return the newest frame; None if there is nothing new to show."""
        self.hold(timeout)
        frame, self._mail = self._mail, None
        return frame

    def hold(self, timeout: float = 0.004, news: bool = True) -> None:
        """Park the worker, if it is busy, until :meth:`release`; wait `timeout` seconds at most.

        With `news` it leaves its newest state before.
        """
        if self.training or self._requests.under_way:
            self._gate.ask(news)
            self._woken.set()
            self._gate.wait(timeout)

    def release(self) -> None:
        """Say that the painting is done."""
        self._gate.release()

    @contextmanager
    def lent(self, back: bool = True, timeout: float = 0.004) -> Iterator[None]:
        """Let a worker that is held go on meanwhile, and hold it again where it is wanted back."""
        held = self._gate.wanted
        self._gate.release()
        try:
            yield
        finally:
            if held and back:
                self.hold(timeout, news=False)

    def load(
        self,
        experiment: Experiment,
        play: bool = False,
        inherits: bool = False,
        saved: "SavedTraining | None" = None,
    ) -> int:
        """Build a new run, and train it at once if `play`; see :meth:`OnScreen.load`."""
        return self._post(self._load, experiment, play, inherits, saved)

    def apply(
        self,
        experiment: Experiment,
        came: Descent | None = None,
        leaves: object = None,
        enters: object = None,
    ) -> int:
        """Change live settings of the present run; see :meth:`Run.apply`."""
        return self._post(self._apply, experiment, came, leaves, enters)

    def set_parameter(
        self, generation: int, layer: int, source: int | None, target: int, value: float
    ) -> None:
        """Set a weight or bias of the run of that generation, if it is still there."""
        self._post(self._set_parameter, generation, layer, source, target, value)

    def play(self) -> int:
        """Train on, at the speed that is set."""
        return self._post(self._set_training, True)

    def play_until(self, epoch: int) -> int:
        """Train at full speed until `epoch` epochs are complete, then rest."""
        return self._post(self._set_training, True, epoch)

    def pause(self) -> int:
        """Let the training rest after the batches under way."""
        return self._post(self._set_training, False)

    def step_epoch(self) -> int:
        """Train to the end of the present epoch, then pause."""
        return self._post(self._step_epoch)

    def set_speed(self, epochs_per_second: float | None) -> None:
        """Hold the training to a speed; None is as fast as it goes."""
        self._post(self._set_speed, epochs_per_second)

    def show_row(self, generation: int, index: int) -> None:
        """Show a row of the data of that generation, if its run is still on screen."""
        self._post(self._screen.show_row, generation, index)

    def draw(self, strokes: list[np.ndarray] | None) -> None:
        """Read a drawing; of several that wait, only the newest is read."""
        self._drawing, self._drawing_is_new = strokes, True
        self._woken.set()

    def watch(self, drawings: tuple[Drawing, ...]) -> None:
        """Read these drawings too, a few times a second."""
        self._post(self._screen.watch, drawings)

    def show_gradients(self, shown: bool) -> None:
        """Let the frames carry ∂L/∂W, which costs a little."""
        self._post(self._screen.show_gradients, shown)

    def show_trained(self) -> int:
        """Put the trained network on screen, and the one in training aside, as it is."""
        return self._post(self._show, self._screen.show_trained)

    def show_training(self) -> int:
        """Go on with the network in training, if it was put aside."""
        return self._post(self._show, self._screen.show_training)

    def ask(self, request: Request) -> None:
        """Have a request's `work(run)` done in this thread between two batches.

        What takes long returns an iterator: the worker goes through it a little at a time, so
        that nothing waits for it, and what it yields, unless that is None, is an answer.
        """
        request.command = self._post(self._answer, request)

    def quit(self) -> None:
        """Ask the thread to end; join it afterwards."""
        self._quit = True
        self._sprints.kill()  # whatever it is about, nobody waits for it any more
        self._gate.release()
        self._woken.set()

    def _post(self, method: Callable[..., None], *arguments: Any) -> int:
        self._posted += 1
        self._commands.put((self._posted, partial(method, *arguments)))
        self._woken.set()
        return self._posted

    # ------------------------------------------------------------ in the thread

    def run(self) -> None:
        while not self._quit:
            try:
                self._turn()
            except Exception as error:  # whatever it is, the window must survive and say so
                log.exception("the training thread failed")
                self._stop_training()
                reason = f"{type(error).__name__}: {error}"
                self.facts.put(Failed(self._obeyed, reason, traceback.format_exc()))
        self._sprints.close()

    def _turn(self) -> None:
        """Obey what was posted, hand over if asked to, then train a slice or wait."""
        self._woken.clear()
        self._obey()
        if self._gate.wanted:
            if self._gate.news_is_wanted:
                self._sprints.follow(self._screen.run)
                self._publish()
            self._gate.park()
        works, run = self._requests.work(), self._screen.run
        if not (self.training and run):
            self._publish()
            if not (works or (run and run.look(hurry=True))):
                self._woken.wait()
        elif self._sprints.carries(run, self._pace):
            if not (works or run.look()):
                self._woken.wait()
        elif wait := self._pace.wait(run.progress):
            if not (works or run.look()):
                self._woken.wait(wait)
        else:
            self._train(run)
            run.look()

    def _obey(self) -> None:
        while not self._commands.empty():
            self._obeyed, command = self._commands.get()
            command()
        if self._drawing_is_new:
            self._drawing_is_new = False
            self._screen.draw(self._drawing)

    def _publish(self) -> None:
        news = self._screen.run.news() if self._screen.run else None
        if news is not None:
            self._mail = news

    def _train(self, run: "Run") -> None:
        if self._slices is None:
            self._slices = run.trainer.slices(self._pace.slice_seconds)
        run.note()
        epoch_completed = next(self._slices, None)
        if epoch_completed is None:
            self._end(run)
        elif epoch_completed and run.trainer.epoch == self._pace.until:
            self._stop_training()
            self.facts.put(Paused(self._obeyed))

    def _end(self, run: "Run") -> None:
        self._stop_training()
        outcome = run.trainer.outcome
        if outcome is not None:
            self.facts.put(Ended(self._obeyed, outcome.kind, outcome.message))

    def _stop_training(self) -> None:
        self.training = False
        self._slices = None
        self._sprints.end()

    def _step_epoch(self) -> None:
        if run := self._screen.run:
            self._set_training(True, run.trainer.epoch + 1)

    def _set_training(self, training: bool, until: int | None = None) -> None:
        self._stop_training()
        self._pace.until = until
        run = self._screen.run
        if not training or run is None or run.trainer.epoch == until:
            self.facts.put(Paused(self._obeyed))
            return
        self._pace.restart(run.progress)
        self.training = True

    def _set_speed(self, epochs_per_second: float | None) -> None:
        self._pace.epochs_per_second = epochs_per_second
        self._slices = None
        self._sprints.end()
        if run := self._screen.run:
            self._pace.restart(run.progress)

    def _load(self, experiment: Experiment, play: bool, *how: Any) -> None:
        self._sprints.end()
        try:
            self._screen.load(experiment, *how)
        except Exception as error:  # the run before stands as it did, whatever it is
            self._refuse_experiment(error)
            return
        self._put_on_screen(begun=True)
        if play:
            self._set_training(True)

    def _show(self, change: Callable[[], bool]) -> None:
        """Put another run on screen, where there is one to change to."""
        self._sprints.end()
        if change():
            self._put_on_screen(begun=False)

    def _put_on_screen(self, begun: bool) -> None:
        """Hand over what belongs together: the run's data set and its first frame."""
        self._stop_training()
        self._requests.drop()
        run = self._screen.run
        assert run is not None
        self._mail = None
        self.facts.put(
            Loaded(
                self._obeyed,
                run.generation,
                run.dataset,
                self._screen.history,
                run.frame(),
                begun,
            )
        )

    def _refuse_experiment(self, error: Exception) -> None:
        if not isinstance(error, ValueError):
            log.error("an experiment could not be taken over", exc_info=error)
        if isinstance(error, MemoryError):
            error = ValueError("it needs more memory than this computer has")
        run = self._screen.in_training
        present = run.trainer.experiment if run else None
        self.facts.put(Refused(self._obeyed, error, present, self.training))

    def _set_parameter(self, generation: int, *entry: Any) -> None:
        run = self._screen.run
        self._sprints.end()
        try:
            if run and run.generation == generation:
                run.set_parameter(*entry)
        except (ValueError, IndexError) as error:  # it has gone in the meantime
            log.info("not set: %s", error)

    def _apply(self, experiment: Experiment, *how: Any) -> None:
        self._sprints.end()
        try:
            if self._screen.run:
                self._screen.run.apply(experiment, *how)
        except Exception as error:
            self._refuse_experiment(error)

    def _answer(self, request: Request) -> None:
        run = self._screen.run
        if request.cancelled:
            return
        if run is None:
            self._refuse(request, ValueError("nothing is loaded yet"))
            return
        self._sprints.end()
        try:
            answer = request.work(run)
        except Exception as error:  # whose fault it is, it is not the training's
            self._refuse(request, error)
            return
        if isinstance(answer, Iterator):
            self._requests.begin(request, answer)
        else:
            self._tell(request, answer)

    def _tell(self, request: Request, answer: Any) -> None:
        self.facts.put(Answered(request, answer))

    def _refuse(self, request: Request, error: Exception) -> None:
        self.facts.put(NotAnswered(request, error))
