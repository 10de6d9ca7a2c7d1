"""Why a training blew up, in words."""

import numpy as np

from engine.layers import Dense, DenseCache
from engine.network import Network
from engine.spec import TrainSpec

Array = np.ndarray


def explain_divergence(
    network: Network, x: Array, y: Array, train: TrainSpec, learning_rate: float
) -> tuple[int, str]:
    """Say what goes beyond all bounds at the next update.

    Parameters
    ----------
    network : Network
        At its last finite weights.
    x, y : ndarray (rows, fan_in), (rows, outputs)
        The batch whose update is not finite.
    train : TrainSpec
    learning_rate : float
        In use, the schedule's factor included.

    Returns
    -------
    layer : int
        Index of the first dense layer concerned.
    message : str
        One or two sentences.
    """
    layer, what = first_excess(network, x, y)
    where = f"hidden layer {layer + 1}" if layer + 1 < len(network.dense) else "the output layer"
    return (
        layer,
        f"{what} of {where} grew beyond all bounds. {likely_reason(x, train, learning_rate)}",
    )


def first_excess(network: Network, x: Array, y: Array) -> tuple[int, str]:
    """Return the first dense layer whose numbers are not finite, and which numbers these are."""
    with np.errstate(all="ignore"):
        _outputs, caches = network.forward(x)
        dense = [cache for cache in caches if isinstance(cache, DenseCache)]
        for index, cache in enumerate(dense):
            if not (np.isfinite(cache.z).all() and np.isfinite(cache.a).all()):
                return index, "the weighted sums"
        gradient = network.backward(caches, y)
    for index in reversed(range(len(network.dense))):
        if not np.isfinite(network.block(network.dense[index], gradient)).all():
            return index, "the gradients"
    return largest_layer(network.dense), "the weights"


def largest_layer(layers: tuple[Dense, ...]) -> int:
    """Return the index of the layer with the largest weight."""
    return int(np.argmax([np.abs(layer.weights).max() for layer in layers]))


def likely_reason(x: Array, train: TrainSpec, learning_rate: float) -> str:
    """Return the likeliest reason and what to try."""
    size = float(np.abs(x).max())
    rate = f"Learning rate {learning_rate:g}"
    if size > 100 and learning_rate <= 1:
        return f"The inputs are as large as {size:.3g}: scale them to about 1."
    if train.reduction == "sum" and len(x) > 1:
        return (
            f"{rate} is too high for {train.optimizer.label} with gradients added up over "
            f"{len(x)} rows: average them, or try {learning_rate / len(x):.2g}."
        )
    return f"{rate} is too high for {train.optimizer.label}: try {learning_rate / 10:.2g}."
