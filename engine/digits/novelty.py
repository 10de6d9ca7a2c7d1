"""Is a drawing a digit at all?

A network that knows digits only answers anything with one: given a horse, it says "4", and is
sure of it. So another network looks first. It has seen digits in many hands
(:mod:`engine.digits.hands`) and what is no digit: letters, signs, pictures, scribbles, more
than one digit (:mod:`engine.digits.others`); it has an output for each digit and each of these
kinds. With z its logits,

    novelty = (Σ over the kinds of e^z) / (Σ over the digits of e^z) / threshold

and what it finds most probable among the kinds says why. The threshold is what 79 of 80 digits
stay below, of rows that were kept back from it. To learn from examples of what does not belong
is "outlier exposure" (Hendrycks, Mazeika and Dietterich 2019); an output for the rest is as old
as pattern recognition itself (Chow 1970).

It sees more than the 8×8, where a T is a 7 and a heart a 0 (:func:`features`): the ink twice as
fine, and where on the grid the pen goes which way, as in readers of handwriting (Bai and Huo
2005). It does not depend on the network on screen, so it holds for every one that was trained on
digits, for however long. ``python -m engine.train_novelty`` makes it from the digits of
scikit-learn and those drawings.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.data_sources import RESOURCES
from engine.digits.strokes import CELL, GRID, Stages, placement, segments

Array = NDArray[np.float32]

NOVELTY = RESOURCES / "novelty-network.npz"
DIGITS = 10
KINDS = ("letter", "sign", "picture", "scribble", "more")
SIDE = GRID // CELL  # cells of the coarse grid, in height and width
CLEAR = 0.7  # logits by which a kind must lead, to be named
CLOSE = 3.0  # pixels, of 16, root mean square: what a hand repeats itself by
WAYS = 4  # directions of the pen that are told apart: —, \, |, /
FEATURES = (GRID // 2) ** 2 + WAYS * SIDE**2 + 3


def features(drawn: Stages) -> Array:
    """Return what tells digits from other drawings, shape (515,).

    The ink at 16×16; at 8×8, the length of line in each of four directions, shared out
    between neighbouring cells and directions; the pen's width, thin for much ink; the
    proportions; the slant.
    """
    ink = drawn.inked.reshape(GRID // 2, 2, GRID // 2, 2).mean(axis=(1, 3))
    points = np.concatenate(drawn.upright)
    size = np.ptp(points, axis=0)
    scale = placement(size, drawn.pen)
    starts, ends = (each * scale for each in segments(drawn.upright))
    shape = drawn.pen / 6, np.log((size[0] + 0.05) / (size[1] + 0.05)), drawn.slant
    lines = np.minimum(_directions(starts, ends) / CELL, 2)
    return np.concatenate([ink.ravel(), lines, shape]).astype(np.float32)


def _directions(starts: NDArray, ends: NDArray) -> NDArray:
    """Return the length of line by direction, row and column of the coarse grid."""
    steps = ends - starts
    lengths = np.hypot(*steps.T)
    way = np.arctan2(steps[:, 1], steps[:, 0]) % np.pi * (WAYS / np.pi)
    place = ((starts + ends) / 2 + GRID / 2) / CELL - 0.5
    x, y = np.clip(place, 0, SIDE - 1.001).T
    sums = np.zeros(WAYS * SIDE * SIDE)
    for w, share_w in _shares(way):
        for row, share_y in _shares(y):
            for column, share_x in _shares(x):
                cell = (w % WAYS * SIDE + row) * SIDE + column
                sums += np.bincount(cell, lengths * share_w * share_y * share_x, len(sums))
    return sums


def _shares(place: NDArray) -> tuple[tuple[NDArray, NDArray], ...]:
    """Share a place out between the whole numbers around it."""
    below = place.astype(np.intp)
    return (below, 1 - (place - below)), (below + 1, place - below)


class Novelty:
    """Measures how unlike a digit a drawing is.

    Parameters
    ----------
    weights, biases : sequence of array-like
        Of each layer of the network that looks: 515 features in, ReLU between, the logits of
        the ten digits and of :data:`KINDS` out.
    threshold : float
        Logarithm of the odds against a digit from which on a drawing is novel.
    """

    def __init__(
        self, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], threshold: float = 0.0
    ) -> None:
        self.weights = [np.asarray(each, np.float32) for each in weights]
        self.biases = [np.asarray(each, np.float32) for each in biases]
        self.threshold = threshold

    def __call__(self, drawn: Stages) -> float:
        """Return how novel a drawing is; see :meth:`look`."""
        return self.look(drawn)[0]

    def look(self, drawn: Stages) -> tuple[float, str]:
        """Return how novel a drawing is, and what it is like, if not like a digit.

        Up to 1 it is like a digit, above it is not. Blank paper is infinitely novel, and like
        nothing; so is what might be one kind or another.
        """
        if drawn.blank:
            return float("inf"), ""
        logits = self.logits(features(drawn))
        novelty = float(np.exp(np.clip(odds(logits) - self.threshold, -50, 50)))
        second, first = np.argsort(logits[DIGITS:])[-2:]
        clear = logits[DIGITS + first] - logits[DIGITS + second] > CLEAR
        return novelty, KINDS[first] if clear else ""

    def logits(self, x: Array) -> Array:
        """Return the logits of features, shape (515,) or (n, 515)."""
        for weights, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = np.maximum(x @ weights + bias, 0)
        return x @ self.weights[-1] + self.biases[-1]


def odds(logits: Array) -> Array:
    """Return the logarithm of the odds against a digit: of shape () or (n,)."""
    return _log_sum(logits[..., DIGITS:]) - _log_sum(logits[..., :DIGITS])


def _log_sum(logits: Array) -> Array:
    largest = logits.max(axis=-1)
    return largest + np.log(np.exp(logits - largest[..., None]).sum(axis=-1))


def resembles(picture: ArrayLike, own: ArrayLike) -> bool:
    """Say whether an 8×8 picture is close to one of others, (n, 64), pixels from 0 to 16.

    What people draw and train on themselves is known, whatever it is.
    """
    apart = np.asarray(own, np.float32) - np.asarray(picture, np.float32).ravel()
    return bool((apart**2).mean(axis=1).min(initial=np.inf) < CLOSE**2)


def save_novelty(path: Path, novelty: Novelty) -> None:
    """Write a measure as npz: arrays without pickles, weights in half precision."""
    arrays: dict[str, Any] = {"threshold": np.array(novelty.threshold)}
    for layer, (weights, bias) in enumerate(zip(novelty.weights, novelty.biases, strict=True)):
        arrays[f"weights_{layer}"] = weights.astype(np.float16)
        arrays[f"bias_{layer}"] = bias.astype(np.float16)
    np.savez_compressed(path, **arrays)


@lru_cache(maxsize=1)
def measure() -> Novelty:
    """Return the measure that is shipped.

    >>> from engine.digits.strokes import stages
    >>> seven = stages([[(10, 10), (60, 10), (30, 90)]])
    >>> measure()(seven) < 1
    True
    >>> cross = stages([[(0, 50), (100, 50)], [(50, 0), (50, 100)]])
    >>> measure()(cross) > 1
    True
    """
    with np.load(NOVELTY, allow_pickle=False) as file:
        layers = range(len(file.files) // 2)
        weights = [file[f"weights_{layer}"] for layer in layers]
        biases = [file[f"bias_{layer}"] for layer in layers]
        return Novelty(weights, biases, float(file["threshold"]))
