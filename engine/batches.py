"""Rows, and the randomness of a run: which meet in a batch, which neurons sit out.

What is drawn is a function of the seed and of where the training stands, never of how it got
there: any moment can be drawn again, whatever was paused, restored or stepped in between.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.datasets import Dataset
from engine.digits.fresh_copies import FreshCopies
from engine.memory import aligned

Array = np.ndarray

ORDER, MASKS = 1, 2  # streams of one seed
ORDERS_AHEAD = 4096  # rows; so many are put in order at a time, for few rows several epochs'


class Rows:
    """The rows of a data set in a network's type, ready to be dealt out.

    Attributes
    ----------
    augmented : ndarray (n, fan_in + 1)
        Inputs, with a one behind each row: the bias is the weight of an input that is 1.
    x : ndarray (n, fan_in)
        The inputs alone; a view.
    y : ndarray (n, outputs)
        Targets.
    labels : ndarray (n,) or None
        The right class, where every target is one-hot.
    """

    def __init__(self, x: Array, y: Array, dtype: np.typing.DTypeLike) -> None:
        n, fan_in = x.shape
        self.augmented = aligned(n * (fan_in + 1), dtype).reshape(n, fan_in + 1)
        self.augmented[:, :fan_in] = x
        self.augmented[:, fan_in] = 1
        self.x = self.augmented[:, :fan_in]
        self.y = np.ascontiguousarray(y, dtype)
        self.labels = one_hot_labels(self.y)

    def __len__(self) -> int:
        return len(self.x)


def one_hot_labels(y: Array) -> NDArray[np.intp] | None:
    """Return the class of each row if all are one-hot, else None.

    >>> one_hot_labels(np.array([[0.0, 1.0], [1.0, 0.0]]))
    array([1, 0])
    >>> one_hot_labels(np.array([[0.5, 0.5]])) is None
    True
    """
    rows, outputs = y.shape
    if outputs < 2 or np.count_nonzero(y) != rows:
        return None
    labels = y.argmax(axis=1)
    return labels if (y[np.arange(rows), labels] == 1).all() else None


class Draws:
    """What a run draws at random, by a counter-based generator (Salmon et al. 2011).

    >>> draws = Draws(seed=0)
    >>> first = draws.order(5, epoch=7)
    >>> sorted(first.tolist())
    [0, 1, 2, 3, 4]
    >>> (draws.order(5, epoch=7) == first).all()
    np.True_
    """

    def __init__(self, seed: int) -> None:
        self._streams = [
            np.random.Philox(key=np.array([seed, stream], np.uint64)) for stream in (ORDER, MASKS)
        ]
        self._generators = [np.random.Generator(stream) for stream in self._streams]
        self._fresh: list[Any] = [stream.state for stream in self._streams]
        self._ahead: tuple[tuple[int, int], list[NDArray[np.intp]]] = (0, 0), []

    def order(self, n: int, epoch: int) -> NDArray[np.intp]:
        """Return the order in which epoch number `epoch` (0 the first) takes `n` rows."""
        count = max(1, ORDERS_AHEAD // n)
        block, number = divmod(epoch, count)
        if self._ahead[0] != (n, block):
            generator = self._at(0, block, 0)
            self._ahead = (n, block), [generator.permutation(n) for _ in range(count)]
        return self._ahead[1][number].copy()  # another array each time: see Dealer.order

    def masks(self, epoch: int, batch: int) -> np.random.Generator:
        """Return what the layers draw from in one training step; good until the next call."""
        return self._at(1, epoch, batch)

    def _at(self, stream: int, epoch: int, batch: int) -> np.random.Generator:
        state = self._fresh[stream]
        counter = state["state"]["counter"]
        counter[2], counter[3] = batch, epoch
        self._streams[stream].state = state  # many times faster than a new generator
        return self._generators[stream]


class Dealer:
    """Deals the training rows out: what they are in an epoch, and in which order they come.

    Parameters
    ----------
    data : Dataset
    dtype : dtype
        The network's.
    seed : int
        Of everything that is drawn.

    Attributes
    ----------
    rows : Rows
        As the epoch under way has them: the data's own, or augmented.
    order : ndarray (n,) of int
        In which they come; another array whenever the rows or their order are others.
    copies : int
        How many augmented copies of the data are mixed into the epoch under way.
    draws : Draws
        The randomness of the run.
    """

    def __init__(self, data: Dataset, dtype: np.typing.DTypeLike, seed: int) -> None:
        self.rows = Rows(data.x_train, data.y_train, dtype)
        self.order = self._in_order = np.arange(len(self.rows))
        self.copies = 0
        self.draws = Draws(seed)
        self._fresh, self._seed = data.fresh, seed

    def deal(self, epoch: int, shuffle: bool, copies: int | None = None) -> None:
        """Deal the rows out for epoch number `epoch` (0 the first).

        Parameters
        ----------
        shuffle : bool
            False takes them in the order of the data.
        copies : int, optional
            How many augmented copies to mix in, if there are so many; all if not given.
        """
        if self._fresh is not None:
            self._mix(self._fresh, epoch, copies)
        self.order = self.draws.order(len(self.rows), epoch) if shuffle else self._in_order

    def _mix(self, fresh: FreshCopies, epoch: int, copies: int | None) -> None:
        ready = fresh.ask()
        self.copies = ready if copies is None else min(copies, ready)
        self.rows.x[...] = fresh.rows(epoch, self.copies, self._seed)
        self._in_order = self._in_order.copy()  # the same order, but of other rows
