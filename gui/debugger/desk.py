"""What is stepped through, and the work it takes; used in the training's thread alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from engine.history import History
from engine.spec import Experiment
from engine.trace import Moment, Place, Trace
from engine.trace.nudge import Nudge, NudgeTest
from engine.trace.stepper import Stepper
from engine.trace.xray import Work, XRay, xray
from gui.training.run import Run

PAST_NUMBERS = 3_000_000  # parameters trained again in all to tell the past of one
LEAST_PAST, MOST_PAST = 20, 100  # updates

Kind = Literal["batch", "train", "test", "drawing"]


@dataclass(frozen=True)
class Subject:
    """The rows whose update is unfolded.

    Attributes
    ----------
    kind : {'batch', 'train', 'test', 'drawing'}
        The next mini-batch, one row of the data, or the drawing.
    index : int
        Which row.
    label : int
        The class that the drawing is said to be.
    """

    kind: Kind = "batch"
    index: int = 0
    label: int = 0


@dataclass(frozen=True, eq=False)
class Traced:
    """An update, unfolded.

    Attributes
    ----------
    trace : Trace
        Its steps.
    subject : Subject
        Of what.
    batches_per_epoch : int
        How many updates make an epoch.
    steps : int
        How many the training was walked on since it was stopped; negative if back.
    can_go_back, edited : bool
        Whether a walked step, or a changed number, can be taken back.
    outcome : str
        How the training ended, if it did on the way.
    """

    trace: Trace
    subject: Subject
    batches_per_epoch: int
    steps: int
    can_go_back: bool
    edited: bool
    outcome: str = ""


@dataclass(frozen=True, eq=False)
class Taught:
    """What some updates on the rows in view have brought.

    Attributes
    ----------
    updates : int
        How many there were.
    before, after : ndarray (rows, outputs)
        What the network said, and says now.
    """

    updates: int
    before: np.ndarray
    after: np.ndarray


@dataclass(frozen=True, eq=False)
class Nudged:
    """A parameter nudged by ever smaller steps, and by the step asked for."""

    nudge: Nudge
    series: tuple[Nudge, ...]


@dataclass(frozen=True, eq=False)
class Checked:
    """All parameters, or a sample of them, nudged."""

    results: tuple[Nudge, ...]
    parameters: int


@dataclass(frozen=True)
class Left:
    """The walk is over: the training goes on from where it was, or from where it led."""

    kept: bool
    steps: int
    history: History = field(repr=False)


@dataclass(frozen=True)
class NotPossible:
    """What was asked for cannot be done, and why."""

    reason: str


Answer = Traced | Taught | Nudged | Checked | XRay | Left | NotPossible


class Desk:
    """One walk through a training: where it stands, and what is looked at."""

    def __init__(self) -> None:
        self._subject = Subject()
        self._run: Run | None = None
        self._xray: Work | None = None

    def work(self, method: str, *arguments: Any) -> Callable[[Run], Answer]:
        """Return the work of a method, to be done in the training's thread."""

        def done(run: Run) -> Answer:
            try:
                with np.errstate(all="ignore"):  # what is not finite is shown as such
                    return getattr(self, method)(*arguments) if self._run else self.enter(run)
            except ValueError as error:
                return NotPossible(str(error))
            except IndexError:  # a place of a network that has changed since
                return NotPossible("this is no longer there: the network has changed")

        return done

    def enter(self, run: Run) -> Traced:
        """Begin where the training stands."""
        self._run = run
        self._stepper = Stepper(run.trainer)
        return self._look()

    # ------------------------------------------------------------ what is looked at

    def choose(self, subject: Subject) -> Answer:
        """Look at other rows."""
        before, self._subject = self._subject, subject
        try:
            return self._look()
        except ValueError:
            self._subject = before
            raise

    def choose_wrong(self, after: int) -> Answer:
        """Look at the next test row that the network gets wrong."""
        assert self._run is not None
        data = self._run.dataset
        x, y = data.shown_rows
        if data.task == "regression":
            raise ValueError("numbers are never quite right or wrong: choose a row")
        said = self._stepper.trainer.network.predict(x)
        if data.task == "binary":
            wrong = np.flatnonzero(((said >= 0.5) != (y >= 0.5)).any(axis=1))
        else:
            wrong = np.flatnonzero(said.argmax(axis=1) != y.argmax(axis=1))
        if not len(wrong):
            raise ValueError("every row is answered right")
        following = wrong[wrong > after]
        index = int(following[0] if len(following) else wrong[0])
        return self.choose(Subject("test" if data.held_back else "train", index))

    def _look(self) -> Traced:
        self._edits: list[Moment] = []
        self._moment = self._moment_of(self._subject)
        return self._traced()

    def _moment_of(self, subject: Subject) -> Moment:
        trainer = self._stepper.trainer
        data = trainer.dataset
        if subject.kind == "batch":
            return Moment.of(trainer)
        if subject.kind == "drawing":
            return Moment.on(trainer, self._drawn(), self._one_hot(subject.label))
        x = data.x_test if subject.kind == "test" else data.x_train
        y = data.y_test if subject.kind == "test" else data.y_train
        if not len(x):
            raise ValueError("no rows are held back for testing")
        index = subject.index % len(x)
        self._subject = replace(subject, index=index)
        return Moment.on(trainer, x[index], y[index])

    def _drawn(self) -> np.ndarray:
        assert self._run is not None
        x = self._run.drawn()
        if x is None and self._run.dataset.image_shape is None:
            raise ValueError("this network reads no drawings: its inputs are no pictures")
        if x is None:
            raise ValueError("nothing is drawn: draw a digit first")
        return x

    def _one_hot(self, label: int) -> np.ndarray:
        outputs = self._stepper.trainer.dataset.outputs
        return np.eye(outputs)[label] if outputs > 1 else np.array([float(label)])

    def _traced(self) -> Traced:
        trainer = self._stepper.trainer
        return Traced(
            Trace.of(self._moment),
            self._subject,
            trainer.batches_per_epoch,
            self._stepper.steps,
            self._stepper.can_go_back,
            bool(self._edits),
            trainer.outcome.message if trainer.outcome else "",
        )

    # ------------------------------------------------------------ walking

    def walk(self, how: Literal["forward", "back", "forward_epoch", "back_epoch"]) -> Answer:
        """Go a batch or an epoch on or back."""
        if not getattr(self._stepper, how)():
            outcome = self._stepper.trainer.outcome
            raise ValueError(outcome.message if outcome else "this is where the training began")
        return self._look()

    def teach(self, updates: int) -> Answer:
        """Make updates on the rows in view."""
        moment = self._moment
        before = moment.network.predict(moment.x)
        self._stepper.teach(moment, updates)
        after = self._stepper.trainer.network.predict(moment.x)
        return Taught(updates, before, after)

    def look_again(self) -> Answer:
        """Unfold the same rows anew, with the weights as they are now."""
        return self._look()

    def apply(self, experiment: Experiment) -> Answer:
        """Take over settings changed meanwhile."""
        self._stepper.apply(experiment)
        return self._look()

    # ------------------------------------------------------------ changing numbers

    def edit(self, place: Place, value: float) -> Answer:
        """Change an input, target, weight or bias, and compute everything anew."""
        moment = self._moment.edited(place, value)
        self._edits.append(self._moment)
        self._moment = moment
        return self._traced()

    def undo_edit(self) -> Answer:
        """Take the last change back."""
        if self._edits:
            self._moment = self._edits.pop()
        return self._traced()

    # ------------------------------------------------------------ tests

    def nudge(self, place: Place, epsilon: float) -> Answer:
        """Nudge one parameter."""
        test = NudgeTest(self._moment)
        return Nudged(test.nudge(place, epsilon), tuple(test.series(place)))

    def check(self) -> Answer:
        """Nudge every parameter, or a sample where there are many."""
        test = NudgeTest(self._moment)
        return Checked(tuple(test.check()), self._moment.network.parameters.size)

    def xray(self, place: Place, updates: int) -> Iterator[XRay | NotPossible | None]:
        """Follow one parameter through the last updates and the next, a little at a time."""
        assert self._run is not None
        trainer = self._stepper.trainer
        most = min(max(PAST_NUMBERS // trainer.network.parameters.size, LEAST_PAST), MOST_PAST)
        since = self._run.past.before(trainer, most)
        self._xray = xray(trainer, self._moment, place, updates, since, most)
        return self._following(self._xray)

    def _following(self, work: Work) -> Iterator[XRay | NotPossible | None]:
        """Go on until it is done, or another parameter is asked for."""
        while work is self._xray:
            try:
                next(work)
            except StopIteration as done:
                yield done.value
                return
            except ValueError as error:
                yield NotPossible(f"this parameter cannot be followed: {error}")
                return
            yield None

    # ------------------------------------------------------------ leaving

    def leave(self, keep: bool) -> Answer:
        """End the walk; with `keep` the training goes on from where it led."""
        assert self._run is not None
        if keep:
            self._run.adopt(self._stepper.trainer)
        return Left(keep, self._stepper.steps, self._run.trainer.history)
