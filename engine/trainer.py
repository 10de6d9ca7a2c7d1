"""Training: an experiment carried out, one epoch after the other.

Training is an iterator: to pause is not to pull, to step is one ``next``. Nothing here
calls back, and nothing depends on how the work is sliced.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

import numpy as np

from engine import datasets
from engine.batches import row_order
from engine.datasets import Dataset, Task
from engine.history import NAN, History, Record
from engine.knobs import SettingError, changed_knobs
from engine.network import Network
from engine.snapshot import Snapshot, frozen, frozen_all
from engine.spec import Experiment
from engine.steps import DefinedSteps, Steps

Array = np.ndarray


@dataclass(frozen=True)
class Outcome:
    """How a training ended.

    Attributes
    ----------
    kind : {'finished', 'stopped_early', 'diverged'}
    message : str
        A sentence or two for people.
    epoch : int
        Completed epochs.
    """

    kind: Literal["finished", "stopped_early", "diverged"]
    message: str
    epoch: int


class Trainer:
    """Carries out an experiment.

    Parameters
    ----------
    experiment : Experiment
        What to do; the same one gives the same run, to the bit.
    dataset : Dataset, optional
        Data of one's own in place of ``experiment.data``.

    Attributes
    ----------
    network : Network
        Its parameters change in place as the training goes on.
    history : History
        One record for each completed epoch.
    epoch : int
        Completed epochs.
    batch : int
        The next batch in the epoch under way.
    outcome : Outcome or None
        None while the training can go on.

    Raises
    ------
    ValueError
        When data, network and loss do not go together.

    Examples
    --------
    >>> from engine.spec import TrainSpec
    >>> trainer = Trainer(Experiment(train=TrainSpec(epochs=2)))
    >>> [snapshot.epoch for snapshot in trainer]
    [1, 2]
    >>> trainer.outcome.kind
    'finished'
    """

    def __init__(self, experiment: Experiment, dataset: Dataset | None = None) -> None:
        data = datasets.load(experiment.data) if dataset is None else dataset
        train = experiment.train
        self.network = Network.build(
            experiment.network, data.features, data.outputs, data.task, train.loss
        )
        check_targets(self.network, data)
        self.experiment = experiment
        self.dataset = data
        self.history = History()
        self.epoch = 0
        self.batch = 0
        self.outcome: Outcome | None = None
        dtype = self.network.dtype
        self._x, self._y = data.x_train.astype(dtype), data.y_train.astype(dtype)
        self._held_out = {
            name: (x.astype(dtype), y.astype(dtype))
            for name, x, y in (
                ("test", data.x_test, data.y_test),
                ("validation", data.x_validation, data.y_validation),
            )
            if len(x)
        }
        self._seconds_per_batch = 0.0
        self._steps = self._make_steps()
        self._start_epoch()
        self._best: tuple[float, int, Array] | None = None

    # ------------------------------------------------------------ running

    @property
    def batches_per_epoch(self) -> int:
        """How many updates make an epoch."""
        return self._steps.batches

    @property
    def learning_rate(self) -> float:
        """The rate in use, the schedule's factor included."""
        train = self.experiment.train
        return train.learning_rate * train.schedule.factor(self.epoch)

    def __iter__(self) -> Iterator[Snapshot]:
        """Train on, and yield a snapshot after each epoch."""
        for completed in self.slices():
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
        while self.outcome is None:
            yield self._slice(seconds)

    def _slice(self, seconds: float) -> bool:
        wanted = int(seconds / self._seconds_per_batch) if self._seconds_per_batch else 1
        last = min(self.batch + max(1, wanted), self.batches_per_epoch)
        started = perf_counter()
        with np.errstate(all="ignore"):
            self._steps.run(self.batch, last, self.learning_rate)
        self._seconds_per_batch = (perf_counter() - started) / (last - self.batch)
        self.batch = last
        if not np.isfinite(self.network.parameters).all():
            self._diverge()
            return False
        if self.batch < self.batches_per_epoch:
            return False
        self._complete_epoch()
        return True

    def _start_epoch(self, outputs: Array | None = None) -> None:
        train = self.experiment.train
        seed = self.experiment.network.seed
        order = row_order(len(self._x), seed, self.epoch, train.shuffle)
        self._steps.begin(order, self.epoch, self._y[:0] if outputs is None else outputs)
        if outputs is None or not len(outputs):
            self._order = order
            self._before_epoch = (self.network.parameters.copy(), self._steps.state)

    def _complete_epoch(self) -> None:
        record = self._record()
        self.history.append(record)
        self.epoch += 1
        self.batch = 0
        self._start_epoch()
        self._decide(record)

    def _record(self) -> Record:
        """Measure the epoch just trained."""
        total, outputs = self._steps.totals()
        per_row = 1 / len(self._x) if self.experiment.train.reduction == "mean" else 1.0
        figures = {"train_loss": total * per_row}
        task = self.dataset.task
        figures["train_accuracy"] = accuracy(outputs, self._y[self._order], task)
        for name, (x, y) in self._held_out.items():
            outputs, caches = self.network.forward(x)
            losses = self.network.row_losses(caches, y)
            mean = self.experiment.train.reduction == "mean"
            figures[f"{name}_loss"] = float(losses.mean() if mean else losses.sum())
            figures[f"{name}_accuracy"] = accuracy(outputs, y, task)
        return Record(epoch=self.epoch + 1, learning_rate=self.learning_rate, **figures)

    def _decide(self, record: Record) -> None:
        """End the training if the experiment says so."""
        train = self.experiment.train
        if train.patience is not None and self._out_of_patience(record, train.patience):
            assert self._best is not None
            best_loss, best_epoch, parameters = self._best
            self.network.parameters[...] = parameters
            self.outcome = Outcome(
                "stopped_early",
                f"No better than {best_loss:.4g} for {train.patience} epochs: stopped, with the "
                f"weights of epoch {best_epoch}, the best.",
                self.epoch,
            )
        elif train.epochs is not None and self.epoch >= train.epochs:
            self.outcome = Outcome("finished", f"All {train.epochs} epochs done.", self.epoch)

    def _out_of_patience(self, record: Record, patience: int) -> bool:
        losses = (record.validation_loss, record.test_loss, record.train_loss)
        loss = next(each for each in losses if each == each)
        if self._best is None or loss < self._best[0]:
            self._best = (loss, self.epoch, self.network.parameters.copy())
        return self.epoch - self._best[1] >= patience

    def _diverge(self) -> None:
        parameters, state = self._before_epoch
        self.network.parameters[...] = parameters
        self._steps.state = state
        self.batch = 0
        self._start_epoch()
        self.outcome = Outcome(
            "diverged",
            f"Learning rate {self.learning_rate:g} is too high: the weights grew beyond all "
            f"bounds in epoch {self.epoch + 1}.",
            self.epoch,
        )

    # ------------------------------------------------------------ states

    def snapshot(self) -> Snapshot:
        """Return where the training stands, in read-only copies."""
        return Snapshot(
            epoch=self.epoch,
            batch=self.batch,
            weights=frozen_all(self.network.weights),
            biases=tuple(None if b is None else frozen(b) for b in self.network.biases),
            optimizer_state={name: frozen(a) for name, a in self._steps.state.items()},
            masks=frozen_all(self._steps.masks),
            record=self.history.record(-1) if len(self.history) else None,
            outputs=frozen(self._steps.outputs()),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to `snapshot`; the settings stay what they are now.

        What the optimizer remembers comes back too, unless another optimizer is in use.
        """
        self.network.set_weights(snapshot.weights, snapshot.biases)
        fresh = self._fresh_state()
        fits = snapshot.optimizer_state.keys() == fresh.keys()
        self._steps.state = snapshot.optimizer_state if fits else fresh
        self.history = self.history.until(snapshot.epoch)
        self.epoch, self.batch = snapshot.epoch, snapshot.batch
        self.outcome = None
        self._best = None
        self._start_epoch()
        if self.batch:
            self._start_epoch(snapshot.outputs)

    # ------------------------------------------------------------ live changes

    def apply(self, experiment: Experiment) -> None:
        """Take over settings that may change while training.

        A new optimizer starts with a fresh memory; a new batch size or shuffling deals the
        rows of the epoch under way anew.

        Raises
        ------
        SettingError
            When a change needs a restart; nothing is changed then.
        """
        changes = dict(changed_knobs(self.experiment, experiment))
        for path, each in changes.items():
            if each.applies == "restart":
                raise SettingError(path, f"{each.label} cannot change while training: restart")
        if not changes:
            return
        old = self._steps
        same_optimizer = type(experiment.train.optimizer) is type(self.experiment.train.optimizer)
        self.experiment = experiment
        if self.outcome is not None and self.outcome.kind != "diverged":
            self.outcome = None
        self._steps = self._make_steps()
        if same_optimizer:
            self._steps.state = old.state
        if {"train.batch_size", "train.shuffle"} & changes.keys():
            self.batch = 0
        self._start_epoch(old.outputs() if self.batch else None)

    def _make_steps(self) -> Steps:
        seed = self.experiment.network.seed
        return DefinedSteps(self.network, self._x, self._y, self.experiment.train, seed)

    def _fresh_state(self) -> dict[str, Array]:
        return self.experiment.train.optimizer.init(
            self.network.parameters.size, self.network.dtype
        )


def check_targets(network: Network, data: Dataset) -> None:
    """Refuse targets outside [0, 1] for a loss of probabilities."""
    y = data.y_train
    if network.loss.of_probabilities and (y.min() < 0 or y.max() > 1):
        raise SettingError(
            "train.loss",
            f"{network.loss.label} needs targets between 0 and 1, not {y.min():g} to {y.max():g}",
        )


def accuracy(outputs: Array, y: Array, task: Task) -> float:
    """Return the share of rows whose class is right; NaN for regression."""
    if task == "classification":
        right: Any = outputs.argmax(axis=1) == y.argmax(axis=1)
    elif task == "binary":
        right = (outputs >= 0.5) == (y >= 0.5)
    else:
        return NAN
    return float(right.mean())
