"""Training: an experiment carried out, one epoch after the other.

Training is an iterator: to pause is not to pull, to step is one ``next``. Nothing here
calls back, and nothing depends on how the work is sliced.
"""

import math
from collections.abc import Iterator
from time import perf_counter

import numpy as np

from engine import datasets
from engine.batches import Draws, Rows
from engine.blas import use_one_thread
from engine.carrying import Learnt, carry
from engine.datasets import Dataset
from engine.digits.fresh_copies import FreshCopies
from engine.divergence import explain_divergence
from engine.history import NAN, History, Record
from engine.knobs import SettingError, changed_knobs
from engine.network import Network
from engine.outcome import Best, Outcome
from engine.plan.steps import Evaluation, PlannedSteps
from engine.reshaping import Descent, descent
from engine.scores import Score
from engine.snapshot import Snapshot, frozen, frozen_all
from engine.spec import Experiment
from engine.steps import START, DefinedSteps, Progress, Steps

Array = np.ndarray


class Trainer:
    """Carries out an experiment.

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

    Attributes
    ----------
    network : Network
        Its parameters change in place as the training goes on; another one where its layers
        are changed.
    history : History
        One record for each completed epoch.
    epoch : int
        Completed epochs.
    batch : int
        The next batch in the epoch under way.
    copies : int
        How many augmented copies of the data are mixed into the epoch under way; more are made
        as time goes by (see :mod:`engine.digits.fresh_copies`).
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

    def __init__(
        self, experiment: Experiment, dataset: Dataset | None = None, *, planned: bool = True
    ) -> None:
        use_one_thread()
        data = datasets.load(experiment.data) if dataset is None else dataset
        self.network = build_network(experiment, data)
        self.experiment = experiment
        self.dataset = data
        self.history = History()
        self.epoch = 0
        self.batch = 0
        self.copies = 0
        self.outcome: Outcome | None = None
        dtype = self.network.dtype
        self._rows = Rows(data.x_train, data.y_train, dtype)
        self._in_order = np.arange(len(self._rows))
        self._held_out_rows = {
            "test": Rows(data.x_test, data.y_test, dtype),
            "validation": Rows(data.x_validation, data.y_validation, dtype),
        }
        self._held_out = self._evaluations()
        self._draws = Draws(experiment.network.seed)
        self._kind = PlannedSteps if planned else DefinedSteps
        self._steps = self._make_steps()
        self._seconds_per_batch = 0.0
        self._best = Best()
        self._begin_epoch()

    def _evaluations(self) -> dict[str, tuple[int, Evaluation]]:
        return {
            name: (
                len(rows) * self._answers_per_row,
                Evaluation(self.network, rows, self.dataset.task),
            )
            for name, rows in self._held_out_rows.items()
            if len(rows)
        }

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

    @property
    def masks(self) -> tuple[Array, ...]:
        """For each dropout layer the factors of the last step, (rows, units); the next overwrites.

        None before the first step.
        """
        return self._steps.masks

    @property
    def x_train(self) -> Array:
        """The training rows as the epoch under way has them; the data's own, or augmented."""
        return self._rows.x

    @property
    def rows_of_batch(self) -> Array:
        """Indices into the training rows of the next batch."""
        size = self._steps.batch_size
        return self._order[self.batch * size : (self.batch + 1) * size]

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
            with np.errstate(all="ignore"):  # infinity and NaN are looked for, and explained
                completed = self._slice(seconds)
            yield completed

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
        parameters = self.network.parameters
        return math.isfinite(np.add.reduce(parameters)) or bool(np.isfinite(parameters).all())

    def _begin_epoch(self, progress: Progress | None = None, copies: int | None = None) -> None:
        """Deal the rows out; all of them at once need no order."""
        if self.dataset.fresh is not None:
            self._take_fresh_rows(self.dataset.fresh, copies)
        if self.experiment.train.shuffle and self.batches_per_epoch > 1:
            self._order = self._draws.order(len(self._rows), self.epoch)
        else:
            self._order = self._in_order
        progress = progress or START
        self._steps.begin(self._order, self.epoch, progress)
        self._mark(progress)

    def _mark(self, progress: Progress) -> None:
        """Remember where to begin again should the numbers grow beyond all bounds."""
        self._finite_before = (self.batch, progress, *self._learnt())

    def _take_fresh_rows(self, fresh: FreshCopies, copies: int | None) -> None:
        """Mix the epoch's rows from the copies that are ready, or from as many as are given."""
        ready = fresh.ask()
        self.copies = ready if copies is None else min(copies, ready)
        self._rows.x[...] = fresh.rows(self.epoch, self.copies, self.experiment.network.seed)
        self._in_order = self._in_order.copy()  # the same order, but of other rows

    def _learnt(self) -> tuple[Array, dict[str, Array]]:
        return self.network.parameters.copy(), self._steps.state

    def _complete_epoch(self) -> None:
        record = self._record()
        self.history.append(record)
        self.epoch += 1
        self.batch = 0
        self._decide(record)
        self._begin_epoch()

    @property
    def _answers_per_row(self) -> int:
        return self.dataset.outputs if self.dataset.task == "binary" else 1

    def _record(self) -> Record:
        """Measure the epoch just trained."""
        answers = len(self._rows) * self._answers_per_row
        figures = self._figures("train", answers, self._steps.score)
        for name, (answers, evaluation) in self._held_out.items():
            figures |= self._figures(name, answers, evaluation.score())
        return Record(epoch=self.epoch + 1, learning_rate=self.learning_rate, **figures)

    def _figures(self, name: str, answers: int, score: Score) -> dict[str, float]:
        mean = self.experiment.train.reduction == "mean"
        rows = answers // self._answers_per_row
        counts = self.dataset.task != "regression"
        return {
            f"{name}_loss": score.loss / rows if mean else score.loss,
            f"{name}_accuracy": score.right / answers if counts else NAN,
        }

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
        self.batch, progress, parameters, state = self._finite_before
        self.network.parameters[...] = parameters
        self._steps.state = state
        self._steps.begin(self._order, self.epoch, progress)
        rate = self.learning_rate
        while self._finite():
            before = self._learnt()
            self._steps.run(self.batch, self.batch + 1, rate)
            self.batch += 1
        self.batch -= 1
        self.network.parameters[...], self._steps.state = before
        self.outcome = self._explained(rate)

    def _explained(self, rate: float) -> Outcome:
        taken = self.rows_of_batch
        layer, message = explain_divergence(
            self.network, self._rows.x[taken], self._rows.y[taken], self.experiment.train, rate
        )
        where = f"Epoch {self.epoch + 1}, batch {self.batch + 1}: "
        return Outcome("diverged", where + message, self.epoch, layer)

    # ------------------------------------------------------------ states

    def snapshot(self) -> Snapshot:
        """Return where the training stands, in read-only copies."""
        return Snapshot(
            epoch=self.epoch,
            batch=self.batch,
            weights=frozen_all(self.network.weights),
            biases=tuple(None if b is None else frozen(b) for b in self.network.biases),
            optimizer=self.experiment.train.optimizer.name,
            optimizer_state={name: frozen(a) for name, a in self._steps.state.items()},
            masks=frozen_all(self._steps.masks),
            record=self.history.record(-1) if len(self.history) else None,
            progress=self._steps.progress() if self.batch else START,
            copies=self.copies,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to `snapshot`; the settings stay what they are now.

        What the optimizer remembers comes back too, unless another optimizer is in use; and
        the epoch under way is taken up where it was, unless batches have another size now.

        Raises
        ------
        ValueError
            When the snapshot is of another network; nothing is changed then.
        """
        self.network.set_weights(snapshot.weights, snapshot.biases)
        fresh = self._fresh_state()
        same = snapshot.optimizer == self.experiment.train.optimizer.name
        self._steps.state = snapshot.optimizer_state if same else fresh
        self.history = self.history.until(snapshot.epoch)
        self.epoch, self.batch = snapshot.epoch, snapshot.batch
        self.outcome = None
        self._best = Best()
        progress = snapshot.progress
        if self.batch and progress.batch_size != self._steps.batch_size:
            self.batch, progress = 0, START
        self._begin_epoch(progress, snapshot.copies)

    # ------------------------------------------------------------ live changes

    def set_parameter(self, layer: int, source: int | None, target: int, value: float) -> None:
        """Set a weight, or where `source` is None a bias, of dense layer number `layer`.

        Raises
        ------
        ValueError
            When there is no such number, or the value is not finite; nothing is changed then.
        """
        if not math.isfinite(value):
            raise ValueError(f"a weight must be a finite number, not {value}")
        weights, bias = self.network.weights[layer], self.network.biases[layer]
        array, entry = (bias, (target,)) if source is None else (weights, (source, target))
        if array is None:
            raise ValueError("the network has no biases")
        if not all(0 <= k < size for k, size in zip(entry, array.shape, strict=True)):
            raise ValueError(f"layer {layer} has no such neuron: {entry}")
        array[entry] = value
        self._mark(self._steps.progress() if self.batch else START)

    def learnt(self) -> Learnt:
        """Return the parameters and what the optimizer remembers of them: copies."""
        return Learnt(*self._learnt())

    def apply(
        self,
        experiment: Experiment,
        came: Descent | None = None,
        memory: Learnt | None = None,
    ) -> None:
        """Take over settings that may change while training; early stopping counts anew.

        A new optimizer starts with a fresh memory; a new batch size, shuffling or output
        activation deals the rows of the epoch under way anew. Where layers change, what was
        learnt is carried over (:mod:`engine.carrying`). A training that had ended may go on.

        Parameters
        ----------
        experiment : Experiment
        came : tuple of Origin or None, optional
            Where the hidden layers come from; guessed if not given.
        memory : Learnt, optional
            Of a network of the new shape, for what the present one does not have.

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
        old, kind = self._steps, type(self.experiment.train.optimizer)
        state, progress = old.state, old.progress()
        if any(path.startswith("network.") for path in changes):
            state = self._reshape(experiment, state, came, memory)
        self.experiment = experiment
        self.outcome, self._best = None, Best()
        if changes.keys() <= {"train.learning_rate", "train.epochs", "train.patience"}:
            return
        self._steps = self._make_steps()
        if kind is type(experiment.train.optimizer):
            self._steps.state = state
        anew = ("train.batch_size", "train.shuffle", "network.output")
        same_batches = not any(path.startswith(anew) for path in changes)
        if not same_batches:
            self.batch = 0
        self._begin_epoch(progress if same_batches else None, self.copies)

    def _reshape(
        self,
        experiment: Experiment,
        state: dict[str, Array],
        came: Descent | None,
        memory: Learnt | None,
    ) -> dict[str, Array]:
        """Put a network of other layers in place; return the optimizer's state for it."""
        if came is None:
            came = descent(self.experiment.network.hidden, experiment.network.hidden)
        network = build_network(experiment, self.dataset)
        state = carry(self.network, state, network, experiment.network, came, memory)
        self.network = network
        self._held_out = self._evaluations()
        return state

    def _make_steps(self) -> Steps:
        train, task = self.experiment.train, self.dataset.task
        return self._kind(self.network, self._rows, task, train, self._draws)

    def _fresh_state(self) -> dict[str, Array]:
        return self.experiment.train.optimizer.init(
            self.network.parameters.size, self.network.dtype
        )


def build_network(experiment: Experiment, data: Dataset) -> Network:
    """Make an experiment's network, with its initial weights, for its data."""
    network = Network.build(
        experiment.network, data.features, data.outputs, data.task, experiment.train.loss
    )
    check_targets(network, data)
    return network


def check_targets(network: Network, data: Dataset) -> None:
    """Refuse targets outside [0, 1] for a loss of probabilities."""
    y = data.y_train
    if network.loss.of_probabilities and (y.min() < 0 or y.max() > 1):
        raise SettingError(
            "train.loss",
            f"{network.loss.label} needs targets between 0 and 1, not {y.min():g} to {y.max():g}",
        )
