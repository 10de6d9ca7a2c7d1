"""Where a training stands, and how it is changed from outside: looked at, put back, altered.

What goes on in it is :mod:`engine.trainer`.
"""

from collections.abc import Iterable

import numpy as np

from engine import datasets
from engine.batches import Dealer
from engine.blas import use_one_thread
from engine.carrying import Learnt, carry, carry_to_outputs
from engine.compatibility import check_targets_suit
from engine.datasets import Dataset
from engine.history import History, Record
from engine.live_changes import live_change
from engine.measures import Measures
from engine.network import Network
from engine.outcome import Best, Outcome
from engine.plan.steps import PlannedSteps
from engine.reshaping import Descent, descent
from engine.snapshot import Snapshot, frozen, frozen_all, frozen_biases
from engine.spec import Experiment
from engine.steps import START, DefinedSteps, Progress, Steps

Array = np.ndarray


class Training:
    """A training at rest between two batches; :class:`~engine.trainer.Trainer` carries it on.

    Parameters are those of :class:`~engine.trainer.Trainer`.

    Attributes
    ----------
    network : Network
        Its parameters change in place as the training goes on; another one where its layers
        are changed.
    history : History
        One record for each completed epoch.
    experiment : Experiment
        With the settings in use.
    dataset : Dataset
        What it learns from.
    epoch : int
        Completed epochs.
    batch : int
        The next batch in the epoch under way.
    outcome : Outcome or None
        None while the training can go on.
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
        self.outcome: Outcome | None = None
        self._dealer = Dealer(data, self.network.dtype, experiment.network.seed)
        self._measures = Measures(self.network, data)
        self._kind = PlannedSteps if planned else DefinedSteps
        self._steps = self._make_steps()
        self._best = Best()
        self._learnt_before: Learnt | None = None
        self._begin_epoch()

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

        Empty before the first step.
        """
        return self._steps.masks

    @property
    def x_train(self) -> Array:
        """The training rows as the epoch under way has them; the data's own, or augmented."""
        return self._dealer.rows.x

    @property
    def copies(self) -> int:
        """How many augmented copies of the data are mixed into the epoch under way.

        More are made as time goes by; see :mod:`engine.digits.fresh_copies`.
        """
        return self._dealer.copies

    @property
    def rows_of_batch(self) -> Array:
        """Indices into the training rows of the next batch."""
        size = self._steps.batch_size
        return self._dealer.order[self.batch * size : (self.batch + 1) * size]

    # ------------------------------------------------------------ states

    def snapshot(self) -> Snapshot:
        """Return where the training stands, in read-only copies."""
        return Snapshot(
            epoch=self.epoch,
            batch=self.batch,
            weights=frozen_all(self.network.weights),
            biases=frozen_biases(self.network.biases),
            optimizer=self.experiment.train.optimizer.name,
            optimizer_state={name: frozen(a) for name, a in self._steps.memory.items()},
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
        self.history = self.history.until(snapshot.epoch)
        self._take_up(snapshot)

    def follow(self, snapshot: Snapshot, records: Iterable[Record]) -> None:
        """Take up where the same training, carried on elsewhere, stands by now.

        Parameters
        ----------
        snapshot : Snapshot
        records : iterable of Record
            The epochs it has completed since; they are added to the history.

        Raises
        ------
        ValueError
            When the snapshot is of another network; nothing is changed then.
        """
        self.network.set_weights(snapshot.weights, snapshot.biases)
        for record in records:
            self.history.append(record)
        self._take_up(snapshot)

    def _take_up(self, snapshot: Snapshot) -> None:
        """Go on from a snapshot whose weights are here already."""
        fresh = self._fresh_state()
        same = snapshot.optimizer == self.experiment.train.optimizer.name
        self._steps.put(snapshot.optimizer_state if same else fresh)
        self.epoch, self.batch = snapshot.epoch, snapshot.batch
        self.outcome = None
        self._best = Best()
        progress = snapshot.progress
        if self.batch and not self._steps.suits(progress):
            self.batch, progress = 0, START
        self._begin_epoch(progress, snapshot.copies)

    def inherit(self, other: "Training") -> bool:
        """Go on from where a training on other rows stands, with all that it has learnt.

        Its history is gone on with. What its optimizer remembers is, too, unless there are other
        outputs now.

        Returns
        -------
        bool
            Whether it could be done; nothing has changed where not.
        """
        if not carry_to_outputs(other.network, self.network):
            return False
        settings = self.experiment.train, other.experiment.train
        same = settings[0].optimizer == settings[1].optimizer
        if same and other.network.sizes == self.network.sizes:
            self._steps.put(other._steps.state)
        self.history, self.epoch, self.batch = other.history, other.epoch, 0
        self._begin_epoch()
        return True

    def learnt(self) -> Learnt:
        """Return the parameters and what the optimizer remembers of them: copies."""
        return Learnt(self.network.parameters.copy(), self._steps.state)

    def _put_back(self, learnt: Learnt) -> None:
        self.network.parameters[...] = learnt.parameters
        self._steps.put(learnt.state)

    # ------------------------------------------------------------ live changes

    def set_parameter(self, layer: int, source: int | None, target: int, value: float) -> None:
        """Set a weight or bias by hand; see :meth:`Network.set_parameter`."""
        self.network.set_parameter(layer, source, target, value)
        self._mark(self._steps.progress() if self.batch else START)

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
        change = live_change(self.experiment, experiment)
        if change is None:
            return
        state, progress = self._steps.state, self._steps.progress()
        if change.network:
            state = self._reshape(experiment, state, came, memory)
        self.experiment = experiment
        self.outcome, self._best = None, Best()
        if not change.steps:
            return
        self._steps, self._learnt_before = self._make_steps(), None
        if not change.optimizer:
            self._steps.put(state)
        if change.batches:
            self.batch, progress = 0, START
        self._begin_epoch(progress, self.copies)

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
        self._measures.follow(network)
        return state

    # ------------------------------------------------------------ beginning again

    def _begin_epoch(self, progress: Progress = START, copies: int | None = None) -> None:
        """Deal the rows out; all of them at once need no order."""
        shuffle = self.experiment.train.shuffle and self.batches_per_epoch > 1
        self._dealer.deal(self.epoch, shuffle, copies)
        self._steps.begin(self._dealer.order, self.epoch, progress)
        self._mark(progress)

    def _mark(self, progress: Progress) -> None:
        """Remember where to begin again should the numbers grow beyond all bounds."""
        if self._learnt_before is None:
            self._learnt_before = self.learnt()
        else:
            self._learnt_before.refill(self.network.parameters, self._steps.memory)
        self._finite_before = self.batch, progress

    def _make_steps(self) -> Steps:
        rows, draws = self._dealer.rows, self._dealer.draws
        return self._kind(self.network, rows, self.dataset.task, self.experiment.train, draws)

    def _fresh_state(self) -> dict[str, Array]:
        return self.experiment.train.optimizer.init(
            self.network.parameters.size, self.network.dtype
        )


def build_network(experiment: Experiment, data: Dataset) -> Network:
    """Make an experiment's network, with its initial weights, for its data."""
    network = Network.build(
        experiment.network, data.features, data.outputs, data.task, experiment.train.loss
    )
    check_targets_suit(network.loss, data.y_train)
    return network
