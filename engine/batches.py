"""The randomness of a run: which rows meet in a batch, which neurons sit out.

Both are functions of the seed and of where the training stands, never of how it got there:
any moment can be drawn again, whatever was paused, restored or stepped in between.
"""

import numpy as np
from numpy.typing import NDArray

ORDER, MASKS = 1, 2  # two streams of one seed


def row_order(n: int, seed: int, epoch: int, shuffle: bool) -> NDArray[np.intp]:
    """Return the order in which epoch number `epoch` (0 the first) takes the `n` rows.

    >>> row_order(5, seed=0, epoch=0, shuffle=False).tolist()
    [0, 1, 2, 3, 4]
    >>> sorted(row_order(5, seed=0, epoch=7, shuffle=True).tolist())
    [0, 1, 2, 3, 4]
    """
    if not shuffle:
        return np.arange(n)
    return _generator(seed, ORDER, epoch, 0).permutation(n)


def mask_generator(seed: int, epoch: int, batch: int) -> np.random.Generator:
    """Return the generator from which the layers draw at random in one training step."""
    return _generator(seed, MASKS, epoch, batch)


def _generator(seed: int, stream: int, epoch: int, batch: int) -> np.random.Generator:
    key = np.array([seed, stream], np.uint64)
    counter = np.array([0, 0, batch, epoch], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))
