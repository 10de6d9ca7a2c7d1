"""Is a drawing like anything in the training set?

A network always answers, and is sure of itself also where it has no reason: given a horse, it
says "4". So the picture is compared with the training set itself, the way a drawing comes:
with the rows, and with a few augmented copies of them (:mod:`engine.digits.augmentation`). Two
things speak against it:

- it is **far** from the nearest of them: Euclidean distance of the pixels, from 0 to 1 each;
- it lies **between the classes**: the nearest few show different digits.

    novelty = (distance to the nearest + ½ · share of the nearest 8 that show another digit
               than most of them) / threshold

The answer does not depend on the network, so it holds for every network on screen, trained or
not. Distances to the nearest neighbours as a measure of novelty are an old tool (Ramaswamy,
Rastogi and Shim 2000); in the last hidden layer of a well-trained network they do as well, in
that of a network in training they mean nothing yet.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from engine.datasets import Dataset

COPIES = 4  # augmented copies that are compared with, besides the rows themselves
NEIGHBOURS = 8
DISAGREEMENT = 0.5  # distance that wholly different neighbours count as
THRESHOLD = 2.05  # 19 in 20 augmented test digits stay below


class Novelty:
    """Measures how far a picture is from a training set.

    Parameters
    ----------
    pictures : array-like, shape (n, 64)
        The training set, pixels from 0 to 16.
    labels : array-like of int, shape (n,)
        The digit that each shows.
    seed : int
        Decides the augmented copies.
    """

    def __init__(self, pictures: ArrayLike, labels: ArrayLike, seed: int = 0) -> None:
        from engine.digits.augmentation import Augmentation  # SciPy is slow to start

        rows = np.asarray(pictures, np.float32)
        augmentation = Augmentation(rows, labels, seed)
        copies = [augmentation.copy(number) for number in range(COPIES)]
        self._pictures = np.concatenate([rows, *copies]) / np.float32(16)
        self._labels = np.tile(np.asarray(labels, np.intp), 1 + COPIES)
        self._half_squares = (self._pictures**2).sum(axis=1) / 2

    def __call__(self, picture: ArrayLike) -> float:
        """Return the novelty of an 8×8 picture, pixels from 0 to 16.

        Up to 1 it is like the training set, above it is not. Blank paper is infinitely novel.
        """
        pixels = np.asarray(picture, np.float32).ravel() / np.float32(16)
        if not pixels.any():
            return float("inf")
        nearest, distances = self._neighbours(pixels)
        votes = np.bincount(self._labels[nearest])
        disagreement = 1 - votes.max() / votes.sum()
        return float((distances.min() + DISAGREEMENT * disagreement) / THRESHOLD)

    def nearest(self, picture: ArrayLike) -> int:
        """Return which row of the training set an 8×8 picture comes nearest to."""
        pixels = np.asarray(picture, np.float32).ravel() / np.float32(16)
        nearest, distances = self._neighbours(pixels)
        rows = len(self._pictures) // (1 + COPIES)
        return int(nearest[distances.argmin()]) % rows

    def _neighbours(self, pixels: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray]:
        """Return the nearest pictures, in no order, and their distances."""
        closeness = self._pictures @ pixels - self._half_squares  # ½|x|² − ½|x − p|²
        count = min(NEIGHBOURS, len(closeness))
        nearest = np.argpartition(closeness, -count)[-count:]
        squares = pixels @ pixels - 2 * closeness[nearest]
        return nearest, np.sqrt(np.maximum(squares, 0))


@lru_cache(maxsize=2)
def novelty_for(data: "Dataset") -> Novelty:
    """Return the measure for a data set of 8×8 pictures; made once, in half a second.

    >>> from engine import datasets, spec
    >>> data = datasets.load(spec.DataSpec())
    >>> novelty = novelty_for(data)
    >>> novelty(data.x_test[0] * 16) < 1
    True
    >>> novelty(np.full((8, 8), 16)) > 1
    True
    """
    raw = data.x_train if data.scaling is None else data.scaling.invert(data.x_train)
    return Novelty(raw, data.y_train.argmax(axis=1))
