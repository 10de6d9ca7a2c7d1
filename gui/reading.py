"""How the network on screen reads the drawing: made by the worker, shown by the panels."""

from dataclasses import dataclass

import numpy as np

from engine.digits.strokes import Stages
from engine.network import Network


@dataclass(frozen=True)
class Reading:
    """A drawing as the network sees it, and the network's answer.

    Attributes
    ----------
    picture : ndarray (8, 8)
        What the network sees, 0 (paper) to 16 (ink).
    probabilities : ndarray (outputs,)
        The answer, one probability for each class.
    known : bool or None
        Whether the drawing is like anything the network was trained on; None where unmeasured.
    novelty : float
        How unlike a digit it is, 1.0 at the threshold; NaN where unmeasured.
    like : str
        What it is more like, one of :data:`engine.digits.novelty.KINDS`; empty where that
        cannot be told.
    stages : Stages or None
        The pictures on the way from the strokes to the 8×8.
    contributions : ndarray (8, 8) or None
        What each pixel adds to the answer, see :func:`contributions`.
    """

    picture: np.ndarray
    probabilities: np.ndarray
    known: bool | None = None
    stages: Stages | None = None
    novelty: float = float("nan")
    like: str = ""
    contributions: np.ndarray | None = None

    @property
    def answer(self) -> int:
        """The class with the largest probability."""
        return int(np.argmax(self.probabilities))

    @property
    def confidence(self) -> float:
        """The probability of the answer, 0 to 1."""
        return float(np.max(self.probabilities))


def contributions(network: Network, x: np.ndarray) -> np.ndarray:
    """Return what each input adds to the answer: gradient × input, (fan_in,).

    The gradient is that of the winning logit minus the mean of the others, as softmax cares
    about differences only: where all logits are negative, the winner still has something that
    speaks for it. Without biases a ReLU network's difference is exactly the sum over the inputs.

    Parameters
    ----------
    network : Network
        What reads the input.
    x : ndarray (fan_in,)
        One input.
    """
    outputs, caches = network.forward(network.checked_inputs(x[None]))
    dz = np.full_like(outputs, -1 / max(outputs.shape[1] - 1, 1))
    dz[0, outputs.argmax()] = 1
    dy, _ = network.dense[-1].backward_from_logits(dz, caches[-1])
    for layer, cache in zip(network.layers[-2::-1], caches[-2::-1], strict=True):
        dy, _ = layer.backward(dy, cache)
    return np.asarray(dy[0] * x)
