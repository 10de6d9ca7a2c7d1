"""Layers: forward and backward, as a textbook has them.

Rows come first: x is (rows, …). A layer keeps nothing between the two directions: `forward`
returns what it computed as a cache, and `backward` takes it back. With ∂L/∂y it gives
∂L/∂x, for the layer before, and the gradients of its own parameters. Gradients are of the
**sum** of the rows' losses; a mean is a matter of what `dy` was divided by.

Training runs a compiled form of these (:mod:`engine.plan`), which tests hold to them.
"""

from __future__ import annotations  # numpy.random is slow to import, and only named here

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from engine.activations import Activation

Array = np.ndarray


class Layer(ABC):
    """One stage of a network.

    Attributes
    ----------
    parameters : tuple of ndarray
        What is learnt, as views into the network's one vector; empty if nothing is.
    """

    parameters: tuple[Array, ...] = ()

    @abstractmethod
    def forward(self, x: Array, rng: np.random.Generator | None = None) -> tuple[Array, Any]:
        """Return the outputs for `x` and the cache that `backward` needs.

        `rng` is given while training, to layers that act at random; without it a layer
        behaves as in prediction.
        """

    @abstractmethod
    def backward(self, dy: Array, cache: Any) -> tuple[Array, tuple[Array, ...]]:
        """Return ∂L/∂x and one gradient for each of `parameters`, given `dy` = ∂L/∂y."""


@dataclass(frozen=True, eq=False)
class DenseCache:
    """What a dense layer computed: inputs x, weighted sums z, outputs a."""

    x: Array
    z: Array
    a: Array


@final
@dataclass(frozen=True, eq=False)
class Dense(Layer):
    """Every input to every neuron: z = x·W + b, a = f(z).

    Attributes
    ----------
    weights : ndarray (fan_in, fan_out)
        W; column j holds the weights of neuron j.
    bias : ndarray (fan_out,) or None
        b; None for a layer without.
    activation : Activation
        f.

    Examples
    --------
    >>> from engine.activations import ReLU
    >>> layer = Dense(np.array([[2.0, -1.0]]), np.array([0.5, 0.5]), ReLU())
    >>> a, cache = layer.forward(np.array([[3.0]]))
    >>> cache.z.tolist(), a.tolist()
    ([[6.5, -2.5]], [[6.5, 0.0]])
    >>> dx, (dW, db) = layer.backward(np.ones((1, 2)), cache)
    >>> dx.tolist(), dW.tolist(), db.tolist()
    ([[2.0]], [[3.0, 0.0]], [1.0, 0.0])
    """

    weights: Array
    bias: Array | None
    activation: Activation

    @property
    def parameters(self) -> tuple[Array, ...]:  # type: ignore[override]
        return (self.weights,) if self.bias is None else (self.weights, self.bias)

    def forward(self, x: Array, rng: np.random.Generator | None = None) -> tuple[Array, DenseCache]:
        z = x @ self.weights
        if self.bias is not None:
            z = z + self.bias
        a = self.activation.value(z)
        return a, DenseCache(x, z, a)

    def backward(self, dy: Array, cache: DenseCache) -> tuple[Array, tuple[Array, ...]]:
        return self.backward_from_logits(self.activation.backward(dy, cache.z, cache.a), cache)

    def backward_from_logits(self, dz: Array, cache: DenseCache) -> tuple[Array, tuple[Array, ...]]:
        """Return the same from `dz` = ∂L/∂z, where a loss gives that directly."""
        dW = cache.x.T @ dz
        dx = dz @ self.weights.T
        return dx, ((dW,) if self.bias is None else (dW, dz.sum(axis=0)))


@final
@dataclass(frozen=True, eq=False)
class Dropout(Layer):
    """Lets each neuron sit out a training step with probability `rate` (Srivastava et al. 2014).

    Those that stay are scaled up by 1 / (1 − rate), so that nothing changes in prediction.
    Those that are switched off sit out always, in prediction too.

    Attributes
    ----------
    rate : float
        In [0, 1).
    switched_off : tuple of int
        Neurons that say 0 and learn nothing.
    """

    rate: float
    switched_off: tuple[int, ...] = ()

    def forward(self, x: Array, rng: np.random.Generator | None = None) -> tuple[Array, Array]:
        mask = np.ones_like(x) if rng is None else self.mask(x.shape, x.dtype, rng)
        mask[..., self.switched_off] = 0
        return x * mask, mask

    def backward(self, dy: Array, cache: Array) -> tuple[Array, tuple[Array, ...]]:
        return dy * cache, ()

    def mask(self, shape: tuple[int, ...], dtype: Any, rng: np.random.Generator) -> Array:
        """Draw 0 for those who sit out and 1 / (1 − rate) for the others."""
        if not self.rate:
            return np.ones(shape, dtype)
        stays = rng.random(shape, np.dtype(dtype)) >= self.rate
        return stays * np.dtype(dtype).type(1.0 / (1.0 - self.rate))
