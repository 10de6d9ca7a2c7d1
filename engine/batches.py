"""Rows, and the randomness of a run: which meet in a batch, which neurons sit out.

What is drawn is a function of the seed and of where the training stands, never of how it got
there: any moment can be drawn again, whatever was paused, restored or stepped in between.
"""

import numpy as np
from numpy.typing import NDArray

from engine.memory import aligned

Array = np.ndarray

ORDER, MASKS = 1, 2  # two streams of one seed


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


def row_order(n: int, seed: int, epoch: int) -> NDArray[np.intp]:
    """Return the order in which epoch number `epoch` (0 the first) takes `n` shuffled rows.

    >>> sorted(row_order(5, seed=0, epoch=7).tolist())
    [0, 1, 2, 3, 4]
    """
    return _generator(seed, ORDER, epoch, 0).permutation(n)


def mask_generator(seed: int, epoch: int, batch: int) -> np.random.Generator:
    """Return the generator from which the layers draw at random in one training step."""
    return _generator(seed, MASKS, epoch, batch)


def _generator(seed: int, stream: int, epoch: int, batch: int) -> np.random.Generator:
    key = np.array([seed, stream], np.uint64)
    counter = np.array([0, 0, batch, epoch], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))
