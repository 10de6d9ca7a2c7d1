"""Running the batches of an epoch: what the trainer asks for, and the definition of it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import final

import numpy as np

from engine.batches import Draws, Rows
from engine.datasets import Task
from engine.layers import Dropout
from engine.network import Network
from engine.optimizers import State
from engine.scores import Score, count_right
from engine.spec import TrainSpec
from engine.update import compute_update

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Progress:
    """How far an epoch has come.

    Attributes
    ----------
    batches : int
        Done so far.
    score : Score
        Of the rows that have been scored.
    outputs : ndarray (rows, outputs)
        What was said to the rows, the latest, that have not; logits where losses need them.
    batch_size : int
        Rows of a full batch; 0 before the first.
    """

    batches: int = 0
    score: Score = field(default_factory=Score)
    outputs: Array = field(default_factory=lambda: np.empty((0, 0)), repr=False)
    batch_size: int = 0


START = Progress()


class Steps(ABC):
    """Changes a network batch by batch.

    Attributes
    ----------
    batch_size, batches : int
        Rows of a full batch, and how many batches make an epoch; the last may be smaller.
    """

    def __init__(
        self, network: Network, rows: Rows, task: Task, train: TrainSpec, draws: Draws
    ) -> None:
        self.network, self.rows, self.task = network, rows, task
        self.train, self.draws = train, draws
        self.batch_size = min(train.batch_size or len(rows), len(rows))
        self.batches = -(-len(rows) // self.batch_size)

    @abstractmethod
    def begin(self, order: Array, epoch: int, progress: Progress) -> None:
        """Deal the rows out in `order` for epoch number `epoch` (0 the first).

        `progress` is where to take the epoch up; ``Progress()`` at its start.
        """

    def suits(self, progress: Progress) -> bool:
        """Tell whether an epoch can be taken up there; what was said may be more than is kept."""
        return progress.batch_size == self.batch_size

    @abstractmethod
    def run(self, first: int, last: int, learning_rate: float) -> None:
        """Train on the batches `first` to `last` − 1, which must be the next ones."""

    @abstractmethod
    def progress(self) -> Progress:
        """Return how far the epoch has come; all is scored at its end."""

    @property
    @abstractmethod
    def score(self) -> Score:
        """Of the rows of this epoch that have been scored; all of them at its end."""

    @abstractmethod
    def looks_finite(self) -> bool:
        """Glance at the last batch's outputs: False where the parameters deserve a look."""

    @property
    @abstractmethod
    def memory(self) -> State:
        """What the optimizer remembers, as it lies: the next step changes it."""

    @property
    def state(self) -> State:
        """The optimizer's state: copies of its memory."""
        return {name: np.array(each) for name, each in self.memory.items()}

    @abstractmethod
    def put(self, state: State) -> None:
        """Have the optimizer remember this."""

    @property
    @abstractmethod
    def masks(self) -> tuple[Array, ...]:
        """The dropout masks of the last step, (rows, units) each; none before the first."""


@final
class DefinedSteps(Steps):
    """The readable definition, one :func:`~engine.update.compute_update` after the other."""

    def __init__(
        self, network: Network, rows: Rows, task: Task, train: TrainSpec, draws: Draws
    ) -> None:
        super().__init__(network, rows, task, train, draws)
        self._state = train.optimizer.init(network.parameters.size, network.dtype)
        self._masks: tuple[Array, ...] = ()

    def begin(self, order: Array, epoch: int, progress: Progress) -> None:
        self._order, self._epoch = order, epoch
        self._done, self._score = progress.batches, progress.score

    def run(self, first: int, last: int, learning_rate: float) -> None:
        for batch in range(first, last):
            self._step(batch, learning_rate)
        self._done = last

    def _step(self, batch: int, learning_rate: float) -> None:
        taken = self._order[batch * self.batch_size : (batch + 1) * self.batch_size]
        x, y = self.rows.x[taken], self.rows.y[taken]
        rng = self.draws.masks(self._epoch, batch)
        update = compute_update(self.network, x, y, self.train, self._state, learning_rate, rng)
        self.network.parameters += update.change
        self._state = update.state
        loss = float(update.row_losses.sum(dtype=np.float64))
        self._score += Score(loss, count_right(update.outputs, y, self.task))
        self._masks = tuple(
            cache
            for layer, cache in zip(self.network.layers, update.caches, strict=True)
            if isinstance(layer, Dropout)
        )

    def progress(self) -> Progress:
        return Progress(self._done, self._score, batch_size=self.batch_size)

    @property
    def score(self) -> Score:
        return self._score

    def looks_finite(self) -> bool:
        return False

    @property
    def memory(self) -> State:
        return self._state

    def put(self, state: State) -> None:
        self._state = {name: array.copy() for name, array in state.items()}

    @property
    def masks(self) -> tuple[Array, ...]:
        return self._masks
