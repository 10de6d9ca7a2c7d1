"""Running the batches of an epoch: what the trainer asks for, and the definition of it."""

from abc import ABC, abstractmethod
from typing import final

import numpy as np

from engine.batches import mask_generator
from engine.layers import Dropout
from engine.network import Network
from engine.optimizers import State
from engine.spec import TrainSpec
from engine.update import compute_update

Array = np.ndarray


class Steps(ABC):
    """Changes a network batch by batch.

    Attributes
    ----------
    batch_size, batches : int
        Rows of a full batch, and how many batches make an epoch; the last may be smaller.
    """

    def __init__(self, network: Network, x: Array, y: Array, train: TrainSpec, seed: int) -> None:
        self.network = network
        self.x, self.y = x, y
        self.train = train
        self.seed = seed
        self.batch_size = min(train.batch_size or len(x), len(x))
        self.batches = -(-len(x) // self.batch_size)

    @abstractmethod
    def begin(self, order: Array, epoch: int, outputs: Array) -> None:
        """Deal the rows out in `order` for epoch number `epoch` (0 the first).

        `outputs`, (rows, outputs), is what was said to the rows already done: none at the
        start of an epoch, more when one is taken up in the middle.
        """

    @abstractmethod
    def run(self, first: int, last: int, learning_rate: float) -> None:
        """Train on the batches `first` to `last` − 1, which must be the next ones."""

    @abstractmethod
    def outputs(self) -> Array:
        """Return what was said to the rows of this epoch so far, (rows, outputs)."""

    @abstractmethod
    def totals(self) -> tuple[float, Array]:
        """Return the sum of the row losses of this epoch, and what was said to each row."""

    @property
    @abstractmethod
    def state(self) -> State:
        """The optimizer's state: copies."""

    @state.setter
    @abstractmethod
    def state(self, state: State) -> None: ...

    @property
    @abstractmethod
    def masks(self) -> tuple[Array, ...]:
        """The dropout masks of the last step, (rows, units) each."""


@final
class DefinedSteps(Steps):
    """The readable definition, one :func:`~engine.update.compute_update` after the other."""

    def __init__(self, network: Network, x: Array, y: Array, train: TrainSpec, seed: int) -> None:
        super().__init__(network, x, y, train, seed)
        self._state = train.optimizer.init(network.parameters.size, network.dtype)
        self._masks: tuple[Array, ...] = ()
        self._outputs: list[Array] = []
        self._loss = 0.0

    def begin(self, order: Array, epoch: int, outputs: Array) -> None:
        self._order, self._epoch = order, epoch
        self._outputs = [outputs] if len(outputs) else []
        self._loss = 0.0
        if len(outputs):
            self._loss = float(
                self.network.loss.value(outputs, self.y[order[: len(outputs)]]).sum()
            )

    def run(self, first: int, last: int, learning_rate: float) -> None:
        for batch in range(first, last):
            rows = self._order[batch * self.batch_size : (batch + 1) * self.batch_size]
            update = compute_update(
                self.network,
                self.x[rows],
                self.y[rows],
                self.train,
                self._state,
                learning_rate,
                mask_generator(self.seed, self._epoch, batch),
            )
            self.network.parameters += update.change
            self._state = update.state
            self._outputs.append(update.outputs)
            self._loss += float(update.row_losses.sum())
            self._masks = tuple(
                cache
                for layer, cache in zip(self.network.layers, update.caches, strict=True)
                if isinstance(layer, Dropout)
            )

    def outputs(self) -> Array:
        return np.concatenate(self._outputs) if self._outputs else self.y[:0]

    def totals(self) -> tuple[float, Array]:
        return self._loss, self.outputs()

    @property
    def state(self) -> State:
        return {name: array.copy() for name, array in self._state.items()}

    @state.setter
    def state(self, state: State) -> None:
        self._state = {name: array.copy() for name, array in state.items()}

    @property
    def masks(self) -> tuple[Array, ...]:
        return self._masks
