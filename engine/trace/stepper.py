"""A training walked by hand: batch by batch and epoch by epoch, forward and back.

It is walked on a trainer of its own, so that the training it was taken from stands exactly
where it stood; :meth:`Stepper.trainer` may take its place afterwards.
"""

from collections import deque
from collections.abc import Callable

import numpy as np

from engine.snapshot import Snapshot
from engine.spec import Experiment
from engine.trace.moment import Moment
from engine.trainer import Trainer

KEPT_NUMBERS = 30_000_000  # parameters remembered in all; older states are forgotten
LEAST_KEPT, MOST_KEPT = 10, 2000


class Stepper:
    """Walks a training.

    Parameters
    ----------
    trainer : Trainer
        Where to start; it is not touched.

    Attributes
    ----------
    steps : int
        How many steps were taken and not taken back; negative behind the start.

    Examples
    --------
    >>> from engine.spec import Experiment
    >>> stepper = Stepper(Trainer(Experiment()))
    >>> stepper.forward()
    True
    >>> stepper.trainer.batch, stepper.back(), stepper.trainer.batch
    (1, True, 0)
    """

    def __init__(self, trainer: Trainer) -> None:
        self._origin = trainer
        self._own: Trainer | None = None
        size = max(trainer.network.parameters.size, 1)
        kept = min(max(KEPT_NUMBERS // (3 * size), LEAST_KEPT), MOST_KEPT)
        self._past: deque[Snapshot] = deque(maxlen=kept)
        self.steps = 0

    @property
    def trainer(self) -> Trainer:
        """The training as it stands after the steps; the original one before any."""
        return self._own or self._origin

    @property
    def can_go_back(self) -> bool:
        """Whether there is anything before this."""
        return bool(self._past) or (self.trainer.epoch, self.trainer.batch) != (0, 0)

    def forward(self) -> bool:
        """Train one batch; return whether that was possible."""
        return self._walk(lambda trainer: next(trainer.slices(0), None) is not None)

    def forward_epoch(self) -> bool:
        """Train to the end of the epoch; return whether that was possible."""
        return self._walk(_to_the_end)

    def back(self) -> bool:
        """Take the last step back, or go a batch behind the start; return whether there was one.

        Raises
        ------
        ValueError
            When the way to here cannot be trained again.
        """
        if self._past:
            self._walking().restore(self._past.pop())
        else:
            epoch, batch = self.trainer.epoch, self.trainer.batch
            if (epoch, batch) == (0, 0):
                return False
            last = self.trainer.batches_per_epoch - 1
            self._train_again(*((epoch, batch - 1) if batch else (epoch - 1, last)))
        self.steps -= 1
        return True

    def back_epoch(self) -> bool:
        """Go back to where the epoch began, or to where the one before it did."""
        epoch, batch = self.trainer.epoch, self.trainer.batch
        target = (epoch, 0) if batch else (epoch - 1, 0)
        if target[0] < 0 and not self._past:
            return False
        while self._past and (self.trainer.epoch, self.trainer.batch) > target:
            self.back()
        if (self.trainer.epoch, self.trainer.batch) > target:
            self._train_again(*target)
            self.steps -= 1
        return True

    def _train_again(self, epoch: int, batch: int) -> None:
        """Stand at an earlier moment: the same experiment trains to the same bits again."""
        here = self.trainer
        again = Trainer(here.experiment, here.dataset)
        _train_to(again, epoch, batch)
        then = again.snapshot()
        _train_to(again, here.epoch, here.batch)
        if not np.array_equal(again.network.parameters, here.network.parameters):
            raise ValueError(
                "there is no way back from here: settings or weights were changed while training"
            )
        again.restore(then)
        self._own = again

    def teach(self, moment: Moment, updates: int = 1) -> Moment:
        """Make updates on the rows of a moment and put the outcome in place of the training's.

        Returns
        -------
        Moment
            The same rows after the last update.
        """
        for _ in range(updates):
            moment = moment.after()
        if not np.isfinite(moment.network.parameters).all():
            raise ValueError("with this update the weights would grow beyond all bounds")
        own = self._walking()
        before = own.snapshot()
        own.restore(moment.put_into(before))
        self._remember(before)
        return moment

    def apply(self, experiment: Experiment) -> None:
        """Take over settings that may change while training; see :meth:`Trainer.apply`."""
        self._walking().apply(experiment)

    def _walk(self, step: Callable[[Trainer], bool]) -> bool:
        own = self._walking()
        before = own.snapshot()
        if not step(own):
            return False
        self._remember(before)
        return True

    def _remember(self, before: Snapshot) -> None:
        self._past.append(before)
        self.steps += 1

    def _walking(self) -> Trainer:
        """Return a trainer of our own, made at the first step."""
        if self._own is None:
            origin = self._origin
            own = Trainer(origin.experiment, origin.dataset)
            own.restore(origin.snapshot())
            own.history = origin.history.until(origin.epoch)
            own.outcome = origin.outcome
            self._own = own
        return self._own


def _train_to(trainer: Trainer, epoch: int, batch: int) -> None:
    """Train on to a moment."""
    while trainer.epoch < epoch and _to_the_end(trainer):
        pass
    for _ in trainer.slices(0) if trainer.batch < batch else ():
        if trainer.batch >= batch:
            break


def _to_the_end(trainer: Trainer) -> bool:
    went = False
    for completed in trainer.slices(60.0):
        went = True
        if completed:
            break
    return went
