"""One update of the parameters, written out: the definition that training is held to."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.network import Network
from engine.optimizers import State
from engine.spec import TrainSpec

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Update:
    """Everything one training step computes.

    Attributes
    ----------
    outputs : ndarray (rows, outputs)
        What the network said before the update.
    caches : list
        What each layer computed on the way forward, dropout masks included.
    row_losses : ndarray (rows,)
        How wrong it was.
    gradient : ndarray (n,)
        Of the reduced loss with its penalties, clipped if so wished.
    change : ndarray (n,)
        What the optimizer adds to the parameters.
    state : dict of ndarray
        The optimizer's next state.
    """

    outputs: Array
    caches: list[Any]
    row_losses: Array
    gradient: Array
    change: Array
    state: State


def compute_update(
    network: Network,
    x: Array,
    y: Array,
    train: TrainSpec,
    state: State,
    learning_rate: float,
    rng: np.random.Generator | None = None,
) -> Update:
    """Compute one update from a batch; nothing is changed.

    The objective is the sum or mean over the rows, plus λ₁·Σ|w| + ½·λ₂·Σw² over the weights
    (biases are left free).

    Parameters
    ----------
    x, y : ndarray (rows, fan_in), (rows, outputs)
        The batch.
    train : TrainSpec
        Reduction, penalties, clipping, optimizer.
    state : dict of ndarray
        The optimizer's.
    learning_rate : float
        With the schedule's factor.
    rng : Generator or None
        For dropout; None leaves every neuron in.
    """
    outputs, caches = network.forward(x, rng)
    scale = 1.0 / len(x) if train.reduction == "mean" else 1.0
    gradient = network.backward(caches, y, scale)
    gradient = gradient + penalty_gradient(network, train)
    gradient = clipped(gradient, train.clip_norm)
    change, state = train.optimizer.update(gradient, state, network.parameters, learning_rate)
    return Update(outputs, caches, network.row_losses(caches, y), gradient, change, state)


def penalty_gradient(network: Network, train: TrainSpec) -> Array:
    """Return ∂/∂θ of λ₁·Σ|w| + ½·λ₂·Σw²; |w| counts as flat at 0, so no weight is stuck there."""
    theta = network.parameters
    return network.penalised * (train.l1 * np.sign(theta) + train.l2 * theta)


def clipped(gradient: Array, longest: float | None) -> Array:
    """Return the gradient, shortened to length `longest` if it is longer.

    >>> clipped(np.array([3.0, 4.0]), 1.0).tolist()
    [0.6000000000000001, 0.8]
    >>> clipped(np.array([3.0, 4.0]), 10.0).tolist()
    [3.0, 4.0]
    """
    if longest is None:
        return gradient
    length = float(np.sqrt(gradient @ gradient))
    return gradient * (longest / length) if length > longest else gradient
