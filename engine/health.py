"""What ails a network: neurons that are dead or saturated, gradients that vanish or explode.

A neuron learns by its slope f′(z): where that is flat for every row, nothing reaches its
weights any more. Between the layers it is the error signal ∂L/∂a that may die away or grow on
its way back (Glorot and Bengio, "Understanding the difficulty of training deep feedforward
neural networks", AISTATS 2010). Both are measured here over rows of the data, block by block.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.activations import Activation
from engine.layers import DenseCache
from engine.network import Network

Array = np.ndarray
Kind = Literal["dead", "saturated", "vanishing", "exploding"]

FLAT = 0.05
"""A slope below this part of the activation's steepest counts as flat."""
MOSTLY = 0.95
"""Share of the rows at which a bounded neuron must be flat to be called saturated."""
WEAK, STRONG = 1e-3, 1e3
"""How much weaker or stronger than at the outputs the signal in a layer may be."""
HUGE = 1e4
"""Weighted sums beyond this, in root mean square, are on their way to infinity."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes
    ----------
    kind : {'dead', 'saturated', 'vanishing', 'exploding'}
    layer : int
        Counted as in pictures of the network: 0 are the inputs.
    neuron : int or None
        None where it is about the whole layer.
    reason, advice : str
        A sentence each: what was measured, and what to try.
    """

    kind: Kind
    layer: int
    neuron: int | None
    reason: str
    advice: str


@dataclass(frozen=True, eq=False)
class Health:
    """Everything that was found.

    Attributes
    ----------
    rows : int
        Over how many rows it was measured.
    findings : tuple of Finding
        Layers first, then neurons; empty where all is well.
    signals : tuple of float
        For each dense layer the root mean square of ∂L/∂a, for the last of ∂L/∂z.
    """

    rows: int
    findings: tuple[Finding, ...]
    signals: tuple[float, ...]

    def of(self, layer: int, neuron: int | None = None) -> tuple[Finding, ...]:
        """Return what was found of one neuron, or of a layer as a whole."""
        return tuple(f for f in self.findings if (f.layer, f.neuron) == (layer, neuron))


class Examination:
    """Measures a network over rows of data, a block at a time.

    Parameters
    ----------
    network : Network
        Its weights must stand still until :meth:`health`.

    Examples
    --------
    >>> from engine.spec import HiddenLayer, NetworkSpec
    >>> network = Network.build(NetworkSpec(hidden=(HiddenLayer(2),)), 1, 1, "regression")
    >>> network.set_weights([[[1.0, 1.0]], [[1.0], [1.0]]], [[0.0, -9.0], [0.0]])
    >>> examination = Examination(network)
    >>> examination.take(np.array([[0.5], [2.0]]), np.array([[1.0], [0.0]]))
    >>> [(each.kind, each.layer, each.neuron) for each in examination.health().findings]
    [('dead', 1, 1)]
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._rows = 0
        self._flat = [np.zeros(len(layer.weights[0])) for layer in network.dense]
        self._sums = np.zeros(len(network.dense))
        self._signals = np.zeros(len(network.dense))

    def take(self, x: Array, y: Array) -> None:
        """Measure further rows, (rows, fan_in), with their targets, (rows, outputs)."""
        network = self._network
        with np.errstate(all="ignore"):
            _outputs, caches = network.forward(network.checked_inputs(x))
            self._measure_signals(caches, np.asarray(y, network.dtype))
            dense = [each for each in caches if isinstance(each, DenseCache)]
            for index, (layer, cache) in enumerate(zip(network.dense, dense, strict=True)):
                self._flat[index] += flat(layer.activation, cache.z, cache.a).sum(axis=0)
                self._sums[index] += np.square(cache.z, dtype=np.float64).mean() * len(x)
        self._rows += len(x)

    def _measure_signals(self, caches: list, y: Array) -> None:
        network, last = self._network, caches[-1]
        dy = network.loss.backward(last.z, last.a, y, network.dense[-1].activation)
        index = len(network.dense) - 1
        self._signals[index] += np.square(dy, dtype=np.float64).mean() * len(y)
        dy, _grads = network.dense[-1].backward_from_logits(dy, last)
        for layer, cache in zip(network.layers[-2::-1], caches[-2::-1], strict=True):
            if isinstance(cache, DenseCache):
                index -= 1
                self._signals[index] += np.square(dy, dtype=np.float64).mean() * len(y)
            dy, _grads = layer.backward(dy, cache)

    def health(self) -> Health:
        """Conclude from the rows taken, at least one."""
        rows = max(self._rows, 1)
        signals = np.sqrt(self._signals / rows)
        sizes = np.sqrt(self._sums / rows)
        findings = [*layer_findings(signals, sizes)]
        for index, layer in enumerate(self._network.dense[:-1]):
            share = self._flat[index] / rows
            share[[*self._network.switched_off[index]]] = 0  # silent, as it is meant to be
            findings += neuron_findings(index + 1, layer.activation, share, rows)
        return Health(self._rows, tuple(findings), tuple(signals.tolist()))


def flat(activation: Activation, z: Array, a: Array) -> Array:
    """Return where hardly any gradient passes, (rows, units) of bool."""
    if not activation.elementwise:
        return np.zeros(z.shape, bool)
    steepest = 0.25 if (activation.low, activation.high) == (0.0, 1.0) else 1.0
    return np.abs(activation.derivative(z, a)) < FLAT * steepest


def neuron_findings(
    layer: int, activation: Activation, share: Array, rows: int
) -> Iterator[Finding]:
    """Say which neurons of a layer are flat: dead where one side is, saturated where both are.

    Parameters
    ----------
    layer : int
        As in :class:`Finding`.
    share : ndarray (units,)
        Share of the rows at which each neuron is flat.
    """
    bounded = np.isfinite(activation.low) and np.isfinite(activation.high)
    for neuron in np.flatnonzero(share >= (MOSTLY if bounded else 1.0)).tolist():
        if bounded:
            yield Finding(
                "saturated",
                layer,
                neuron,
                f"At its flat ends for {share[neuron]:.0%} of {rows} rows: hardly any gradient "
                "passes.",
                "Try a lower learning rate, smaller initial weights, or inputs scaled to about 1.",
            )
        else:
            yield Finding(
                "dead",
                layer,
                neuron,
                f"Silent for all of {rows} rows: no gradient reaches its weights any more.",
                "Try a lower learning rate, leaky ReLU, or another seed.",
            )


def layer_findings(signals: Array, sizes: Array) -> Iterator[Finding]:
    """Say in which layers the signal dies away or numbers grow beyond measure.

    Parameters
    ----------
    signals : ndarray (layers,)
        Root mean square of ∂L/∂a in each dense layer, of ∂L/∂z in the last.
    sizes : ndarray (layers,)
        Root mean square of the weighted sums.
    """
    at_outputs = signals[-1]
    for index in range(len(signals)):
        part = signals[index] / at_outputs if at_outputs > 0 else 1.0
        if not part <= STRONG or not sizes[index] <= HUGE:
            yield Finding("exploding", index + 1, None, *_exploding(part, sizes[index]))
        elif part < WEAK:
            yield Finding("vanishing", index + 1, None, *_vanishing(part))


def _vanishing(part: float) -> tuple[str, str]:
    if part == 0:
        return (
            "No error signal comes back to this layer: all neurons of one after it are dead.",
            "Try a lower learning rate, leaky ReLU, or another seed.",
        )
    return (
        f"The error signal has shrunk to 1/{1 / part:,.0f} on its way here from the outputs: "
        "this layer hardly learns.",
        "Try ReLU or tanh, fewer layers, or He or Xavier initial weights.",
    )


def _exploding(part: float, size: float) -> tuple[str, str]:
    if part > STRONG:
        grown = f"{part:,.0f}-fold" if part < 1e6 else "more than a million-fold"
        reason = f"The error signal has grown {grown} on its way here from the outputs."
    else:
        reason = f"The weighted sums have grown to {size:.2g}."
    return reason, "Try a lower learning rate, smaller initial weights, or clip the gradient."
