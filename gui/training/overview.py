"""What is shown of a run but too costly for every frame: surface, answers, fit, health.

It is computed in slices of about a millisecond between those of the training, from a copy of
the weights that stands still meanwhile, and no oftener than can be seen, or than costs a small
share of the time. There is no Qt in this file; it lives in the worker's thread.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np

from engine.answers import Answers
from engine.fit import Fit
from engine.health import Examination, Health
from engine.network import Network
from engine.surfaces import (
    Curve,
    Surface,
    curve,
    extent_of,
    outputs_in_blocks,
    rows_at_once,
    surface,
)
from engine.trainer import Trainer
from engine.training import build_network

SURFACE_SECONDS = 1 / 18
ANSWER_SECONDS = 0.25
HEALTH_SECONDS = 0.5
PATIENCE = 12.0
"""How many times its own cost a result rests: 12 is at most 8 % of the time."""
EXAMINED_ROWS = 512
JUDGED_ROWS = 4096


@dataclass(frozen=True, eq=False)
class Seen:
    """The newest results; those that do not apply, or are not there yet, are None.

    Attributes
    ----------
    surface : Surface, Curve or None
        The outputs all over one or two inputs.
    answers : Answers or None
        How the rows shown (the test rows, or the training rows without any) are classified.
    trained_answers : Answers or None
        The same for the training rows, where there is a surface to show them on.
    fit : Fit or None
        How well a number is predicted for the rows shown, where there is no surface.
    health : Health or None
        What ails the network.
    """

    surface: Surface | Curve | None = None
    answers: Answers | None = None
    trained_answers: Answers | None = None
    fit: Fit | None = None
    health: Health | None = None


Result = Generator[None, None, dict[str, Any]]
Stage = tuple[float, int]


class Job:
    """One of the results: how it is made, and when it is due again."""

    def __init__(self, make: Callable[[], Result], seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._running: Result | None = None
        self._cost = 0.0
        self._of: Stage | None = None
        self._will_be_of: Stage | None = None
        self._due = 0.0

    def wanted(self, stage: Stage, hurry: bool) -> bool:
        """Return whether there is anything to do at a stage of the training."""
        if self._running is not None:
            return True
        return stage != self._of and (hurry or perf_counter() >= self._due)

    def work(self, stage: Stage) -> dict[str, Any] | None:
        """Do a slice; return the results when they are complete."""
        started = perf_counter()
        if self._running is None:
            self._running, self._will_be_of, self._cost = self._make(), stage, 0.0
        try:
            next(self._running)
        except StopIteration as end:
            self._finish(started)
            return end.value
        self._cost += perf_counter() - started
        return None

    def _finish(self, started: float) -> None:
        now = perf_counter()
        self._running, self._of = None, self._will_be_of
        self._due = now + max(self._seconds, PATIENCE * (self._cost + now - started))


class Overview:
    """Looks at a network in training.

    Parameters
    ----------
    trainer : Trainer
        Whose network is looked at.

    Attributes
    ----------
    seen : Seen
        The newest results, each of a moment of its own.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._network = trainer.network
        self._data = trainer.dataset
        self._still = build_network(trainer.experiment, trainer.dataset)
        self._extent = extent_of(self._data)
        self.seen = Seen()
        self._jobs = tuple(self._plan())
        self._turn = 0
        while self._extent is not None and self.seen.surface is None:
            self.work((0.0, 0), hurry=True)  # the first picture needs it

    def _plan(self) -> Iterator[Job]:
        if self._extent is not None:
            yield Job(self._look_around, SURFACE_SECONDS)
        elif self._data.task != "regression":
            yield Job(self._judge, ANSWER_SECONDS)
        elif self._data.outputs == 1:
            yield Job(self._compare, ANSWER_SECONDS)
        yield Job(self._examine, HEALTH_SECONDS)

    def work(self, stage: Stage, hurry: bool = False) -> bool:
        """Do a slice of whatever is due; return whether there was anything.

        Parameters
        ----------
        stage : (float, int)
            Epochs trained, and changes by hand: what was made at this stage needs no renewal.
        hurry : bool
            Whether nothing is gained by waiting, as when the training rests.
        """
        job = self._next_job(stage, hurry)
        if job is None:
            return False
        with np.errstate(all="ignore"):  # a network on its way to infinity is shown as it is
            results = job.work(stage)
        if results is not None:
            self.seen = replace(self.seen, **results)
            self._turn += 1
        return True

    def _next_job(self, stage: Stage, hurry: bool) -> Job | None:
        """Return the job under way, else the next in turn that is due: one copy of weights."""
        for offset in range(len(self._jobs)):
            job = self._jobs[(self._turn + offset) % len(self._jobs)]
            if job.wanted(stage, hurry):
                self._turn += offset
                return job
        return None

    # ------------------------------------------------------------ the results

    def _look_around(self) -> Result:
        assert self._extent is not None
        network, data = self._stand_still(), self._data
        seen: Surface | Curve
        if data.features == 2:
            seen = yield from surface(network, self._extent)
        else:
            seen = yield from curve(network, self._extent)
        if data.task == "regression":
            return {"surface": seen}
        outputs = yield from outputs_in_blocks(network, data.x_train[:JUDGED_ROWS])
        trained = Answers.judge(outputs, data.y_train[:JUDGED_ROWS])
        answers = yield from self._answers(network)
        return {"surface": seen, "answers": answers, "trained_answers": trained}

    def _judge(self) -> Result:
        answers = yield from self._answers(self._stand_still())
        return {"answers": answers}

    def _answers(self, network: Network) -> Generator[None, None, Answers]:
        x, y = self._data.shown_rows
        outputs = yield from outputs_in_blocks(network, x[:JUDGED_ROWS])
        return Answers.judge(outputs, y[:JUDGED_ROWS])

    def _compare(self) -> Result:
        x, y = self._data.shown_rows
        outputs = yield from outputs_in_blocks(self._stand_still(), x[:JUDGED_ROWS])
        return {"fit": Fit.judge(outputs, y[:JUDGED_ROWS], self._data.target_scaling)}

    def _examine(self) -> Result:
        examination = Examination(self._stand_still())
        x, y = self._data.x_train[:EXAMINED_ROWS], self._data.y_train[:EXAMINED_ROWS]
        block = max(16, rows_at_once(self._still) // 3)  # forward, and backward twice as much
        for start in range(0, len(x), block):
            examination.take(x[start : start + block], y[start : start + block])
            yield
        return {"health": examination.health()}

    def _stand_still(self) -> Network:
        """Copy the weights as they are now."""
        self._still.parameters[...] = self._network.parameters
        return self._still
