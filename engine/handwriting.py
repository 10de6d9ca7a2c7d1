"""Reading handwriting: a drawing, or a picture of a digit, and the network that is shipped.

>>> seven = [[(10, 10), (60, 10), (30, 90)]]
>>> int(read_digit(seven).argmax())
7
>>> read_digit([])  # nothing was drawn: nothing is known
array([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])

The road from strokes to the 8×8 picture is :mod:`engine.digits.strokes`, that from a photograph to
strokes :mod:`engine.digits.tracing`; whether the picture is like a digit at all,
:mod:`engine.digits.novelty`.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.data_sources import RESOURCES
from engine.digits.strokes import Stages, Strokes, picture, stages
from engine.knobs import from_plain, to_plain
from engine.network import Network
from engine.spec import Experiment

__all__ = ["Stages", "picture", "picture_of", "read_digit", "reader", "sample_drawings", "stages"]

READER = RESOURCES / "digits-network.npz"
SAMPLES = RESOURCES / "sample-drawings.json"


def read_digit(strokes: Strokes, network: Network | None = None) -> NDArray[np.float64]:
    """Return how probable each digit is, shape (10,), summing to 1.

    Parameters
    ----------
    strokes : iterable of array-like, each of shape (points, 2)
        The points (x, y) of each stroke in the order of drawing, y down, in any unit.
    network : Network, optional
        Reads pixels from 0 to 1, as trained on the digits "divided by 16"; without it, the one
        that is shipped.
    """
    drawn = stages(strokes)
    if drawn.blank:
        return np.full(10, 0.1)
    network = reader()[1] if network is None else network
    probabilities = network.predict(drawn.picture.ravel() / 16).astype(np.float64)
    return probabilities / probabilities.sum()


@lru_cache(maxsize=1)
def reader() -> tuple[Experiment, Network]:
    """Return the shipped network, and the experiment that it was trained by.

    ``python -m engine.train_reader`` makes it from the digits of scikit-learn alone.
    """
    return load_reader(READER)


def save_reader(path: Path, experiment: Experiment, network: Network) -> None:
    """Write a network and its experiment as npz: arrays and JSON, no pickles."""
    arrays: dict[str, Any] = {"experiment": json.dumps(to_plain(experiment))}
    arrays |= {f"weights_{layer}": each for layer, each in enumerate(network.weights)}
    arrays |= {f"bias_{layer}": each for layer, each in enumerate(network.biases)}
    np.savez_compressed(path, **arrays)


def load_reader(path: Path) -> tuple[Experiment, Network]:
    """Read what :func:`save_reader` wrote."""
    with np.load(path, allow_pickle=False) as file:
        experiment = from_plain(Experiment, json.loads(str(file["experiment"])))
        layers = range(1 + len(experiment.network.hidden))
        weights = [file[f"weights_{layer}"] for layer in layers]
        biases = [file[f"bias_{layer}"] for layer in layers]
    source, loss = experiment.data.source, experiment.train.loss
    network = Network.build(experiment.network, 64, len(source.class_names), source.task, loss)
    network.set_weights(weights, biases)
    return experiment, network


def picture_of(grey: ArrayLike) -> NDArray[np.float32]:
    """Return the 8×8 picture, 0 (paper) to 16 (ink), of an image of a digit.

    Parameters
    ----------
    grey : array-like, shape (height, width)
        Brightness, dark on light or light on dark; see :func:`engine.digits.tracing.strokes_of`. An
        image of 8×8 is taken for a picture already.
    """
    from engine.digits import tracing  # SciPy is slow to start

    if np.shape(grey) == (8, 8):
        light = tracing.brightness(grey)
        return (16 * (light if light.mean() < 0.5 else 1 - light)).astype(np.float32)
    return picture(tracing.strokes_of(grey))


@lru_cache(maxsize=1)
def sample_drawings() -> tuple[dict, ...]:
    """Return drawings made for the project, to try the canvas with.

    Each has a ``name``, a ``label`` (the digit, or None: a letter, a horse, a scribble), and
    ``strokes`` (lists of points, y down).
    """
    return tuple(json.loads(SAMPLES.read_text("utf-8")))
