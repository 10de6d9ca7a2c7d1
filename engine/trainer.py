"""Training: an experiment carried out, one epoch after the other.

Training is an iterator: to pause is not to pull, to step is one ``next``. Nothing here
calls back, and nothing depends on how the work is sliced.
"""

import math
from collections.abc import Iterator
from contextvars import copy_context
from time import perf_counter

import numpy as np

from engine.divergence import explain_divergence
from engine.history import Record
from engine.outcome import Outcome
from engine.snapshot import Snapshot
from engine.training import Training

LONG = 60.0  # seconds per slice: however long an epoch takes, it is in few slices


class Trainer(Training):
    """Carries out an experiment; where it stands are the attributes of :class:`Training`.

    The process computes matrix products with one thread from here on: faster at these sizes,
    and the same bits on every machine of a kind.

    Parameters
    ----------
    experiment : Experiment
        What to do; the same one gives the same run, to the bit.
    dataset : Dataset, optional
        Data of one's own in place of ``experiment.data``.
    planned : bool
        False trains by the readable definition instead of the compiled plan: the same
        numbers but for rounding, slower.

    Raises
    ------
    ValueError
        When data, network and loss do not go together.

    Examples
    --------
    >>> from engine.spec import Experiment, TrainSpec
    >>> trainer = Trainer(Experiment(train=TrainSpec(epochs=2)))
    >>> [snapshot.epoch for snapshot in trainer]
    [1, 2]
    >>> trainer.outcome.kind
    'finished'
    """

    _seconds_per_batch = 0.0  # of the last slice; 0 before the first

    def __iter__(self) -> Iterator[Snapshot]:
        """Train on, and yield a snapshot after each epoch."""
        for completed in self.slices(LONG):
            if completed:
                yield self.snapshot()

    def slices(self, seconds: float = 0.001) -> Iterator[bool]:
        """Train on in slices of about `seconds`: whole batches, at least one.

        Yields
        ------
        bool
            Whether the slice completed an epoch; a slice never crosses an epoch's end. The
            iterator ends when `outcome` is there. With 0 seconds every batch is a slice.
        """
        unwarned = copy_context()  # quicker to enter, slice by slice, than np.errstate
        unwarned.run(np.seterr, all="ignore")  # infinity and NaN are looked for, and explained
        while self.outcome is None:
            yield unwarned.run(self._slice, seconds)

    def _slice(self, seconds: float) -> bool:
        wanted = int(seconds / self._seconds_per_batch) if self._seconds_per_batch else 1
        last = min(self.batch + max(1, wanted), self.batches_per_epoch)
        started = perf_counter()
        self._steps.run(self.batch, last, self.learning_rate)
        self._seconds_per_batch = (perf_counter() - started) / (last - self.batch)
        self.batch = last
        complete = self.batch == self.batches_per_epoch
        if (complete or not self._steps.looks_finite()) and not self._finite():
            self._diverge()
            return False
        if complete:
            self._complete_epoch()
        return complete

    def _finite(self) -> bool:
        parameters = self.network.parameters  # their product with themselves: quicker than a sum
        return math.isfinite(parameters.dot(parameters)) or bool(np.isfinite(parameters).all())

    def _complete_epoch(self) -> None:
        record = self._record()
        self.history.append(record)
        self.epoch += 1
        self.batch = 0
        self._decide(record)
        self._begin_epoch()

    def _record(self) -> Record:
        """Measure the epoch just trained."""
        mean = self.experiment.train.reduction == "mean"
        figures = self._measures.figures(self._steps.score, mean)
        return Record(epoch=self.epoch + 1, learning_rate=self.learning_rate, **figures)

    def _decide(self, record: Record) -> None:
        """End the training if the experiment says so."""
        train = self.experiment.train
        if train.patience is not None:
            self._best = self._best.after(record, self.network.parameters)
            if self.epoch - self._best.epoch >= train.patience:
                self.network.parameters[...] = self._best.parameters
                self.outcome = self._best.outcome(train.patience, self.epoch)
                return
        if train.epochs is not None and self.epoch >= train.epochs:
            self.outcome = Outcome("finished", f"All {train.epochs} epochs done.", self.epoch)

    # ------------------------------------------------------------ divergence

    def _diverge(self) -> None:
        """Go back to the last finite weights, batch by batch, and say what happened."""
        self.batch, progress = self._finite_before
        learnt = self._learnt_before
        assert learnt is not None
        self._put_back(learnt)
        self._steps.begin(self._dealer.order, self.epoch, progress)
        rate = self.learning_rate
        while self._finite():
            learnt = self.learnt()
            self._steps.run(self.batch, self.batch + 1, rate)
            self.batch += 1
        self.batch -= 1
        self._put_back(learnt)
        self.outcome = self._explained(rate)

    def _explained(self, rate: float) -> Outcome:
        taken, rows = self.rows_of_batch, self._dealer.rows
        layer, message = explain_divergence(
            self.network, rows.x[taken], rows.y[taken], self.experiment.train, rate
        )
        where = f"Epoch {self.epoch + 1}, batch {self.batch + 1}: "
        return Outcome("diverged", where + message, self.epoch, layer)
