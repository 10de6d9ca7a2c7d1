"""What was learnt, carried over into a network of another shape.

Every weight between neurons that both networks have stays, with what the optimizer remembers
of it. What is new is set so that the network goes on saying what it said, as far as it can:

- a new neuron listens with fresh weights and is not listened to yet: its outgoing weights
  are 0, and grow as it turns out to be of use;
- a new layer as wide as the one before passes on what it is given: its weights are the
  identity (Net2Net: Chen, Goodfellow and Shlens 2016). Nothing changes where an activation
  applied twice is the same as once, as with ReLU; little does near 0 with tanh;
- where a layer is gone, the weights around it are multiplied out: what the two did together,
  but for the activation between them;
- anything else starts with fresh weights.

A network that goes *back* to an earlier shape takes what is missing from what was remembered
of it instead, so that undoing a change undoes it exactly.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from engine.network import Network
from engine.optimizers import State
from engine.reshaping import Descent
from engine.spec import NetworkSpec

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Learnt:
    """Parameters and what the optimizer remembers of each, as they once were."""

    parameters: Array
    state: State

    def refill(self, parameters: Array, state: State) -> None:
        """Write others of the same shapes over these."""
        np.copyto(self.parameters, parameters)
        for name, array in self.state.items():
            np.copyto(array, state[name])


@dataclass(frozen=True, eq=False)
class Source:
    """Whose values a layer of the new network has: a layer of the old one, 0 the inputs.

    Attributes
    ----------
    neurons : ndarray of int
        For each neuron, which it was; −1 for a new one.
    """

    layer: int
    neurons: Array


def carry(
    old: Network,
    state: State,
    new: Network,
    spec: NetworkSpec,
    came: Descent,
    memory: Learnt | None = None,
) -> State:
    """Fill in the parameters of `new`; return the state of its optimizer.

    Parameters
    ----------
    old : Network
    state : dict of ndarray
        What the optimizer of `old` remembers.
    new : Network
        For the same inputs and outputs.
    spec : NetworkSpec
        Of `new`: says how fresh weights are drawn. The draw depends on its seed and on the
        weights of `old`, so that the same change of the same network is always the same.
    came : Descent
        Where the hidden layers of `new` come from.
    memory : Learnt, optional
        Of a network of the shape of `new`, for what `old` does not have.
    """
    sources = _sources(old, new, came)
    size = old.parameters.size
    vectors = {name: each for name, each in state.items() if each.shape == (size,)}
    made = {name: np.zeros_like(new.parameters) for name in vectors}
    if memory is not None:
        new.parameters[...] = memory.parameters
        made |= {name: memory.state[name].copy() for name in vectors if name in memory.state}
    else:
        drawn = zlib.crc32(old.parameters.tobytes(), spec.seed)
        new.draw_weights(replace(spec, seed=drawn))
        sources = _keep_the_function(old, new, sources)
    for number, before, source, target in _shared(sources):
        for vector, into in [(old.parameters, new.parameters), *_pairs(vectors, made)]:
            _copy(old, before, vector, new, number, into, source, target)
    return state | made


def _pairs(some: dict[str, Array], others: dict[str, Array]) -> Iterator[tuple[Array, Array]]:
    return ((some[name], others[name]) for name in some)


def _sources(old: Network, new: Network, came: Descent) -> list[Source | None]:
    """Return where each layer comes from, inputs and outputs included."""
    hidden = [
        None if each is None else Source(each.layer + 1, np.array(each.neurons)) for each in came
    ]
    inputs = Source(0, np.arange(old.sizes[0]))
    outputs = Source(len(old.sizes) - 1, np.arange(old.sizes[-1]))
    return [inputs, *hidden, outputs]


def _shared(
    sources: list[Source | None],
) -> Iterator[tuple[int, int, Source, Source]]:
    """Yield the dense layers that both have: the new number, the old one, and both ends."""
    for number, (source, target) in enumerate(pairwise(sources)):
        if source and target and target.layer == source.layer + 1:
            yield number, source.layer, source, target


def _copy(
    old: Network, before: int, vector: Array, new: Network, number: int, into: Array,
    source: Source, target: Source,
) -> None:  # fmt: skip
    """Copy what both networks have of a layer's weights and biases from vector to vector."""
    rows, columns = source.neurons >= 0, target.neurons >= 0
    theirs = old.block_of(vector, old.weights[before])
    kept = theirs[np.ix_(source.neurons[rows], target.neurons[columns])]
    new.block_of(into, new.weights[number])[np.ix_(rows, columns)] = kept
    old_bias, new_bias = old.biases[before], new.biases[number]
    if old_bias is not None and new_bias is not None:
        known = old.block_of(vector, old_bias)[target.neurons[columns]]
        new.block_of(into, new_bias)[columns] = known


# ---------------------------------------------------------------- what is new


def _keep_the_function(
    old: Network, new: Network, sources: list[Source | None]
) -> list[Source | None]:
    """Set what cannot be copied so that the outputs stay as they are, as far as may be.

    Returns
    -------
    list of Source or None
        The same; a layer that passes on what it is given stands for the one before it.
    """
    passed = list(sources)
    for number in range(len(new.dense)):
        source, target = passed[number], sources[number + 1]
        weights, bias = new.weights[number], new.biases[number]
        if source is None:
            continue
        if target is not None:
            _join(old, source, target, weights, bias)
        elif number and weights.shape[0] == weights.shape[1]:
            weights[...] = np.eye(len(weights))
            passed[number + 1] = source
    return passed


def _join(old: Network, source: Source, target: Source, weights: Array, bias: Array | None) -> None:
    """Set the weights between two layers that are not new to what led from one to the other."""
    rows, columns = source.neurons >= 0, target.neurons >= 0
    between, offset = _multiplied_out(old, source.layer, target.layer)
    weights[np.ix_(rows, columns)] = between[np.ix_(source.neurons[rows], target.neurons[columns])]
    weights[np.ix_(~rows, columns)] = 0
    if bias is not None:
        bias[columns] = offset[target.neurons[columns]]


def _multiplied_out(network: Network, first: int, last: int) -> tuple[Array, Array]:
    """Return weights and biases from one layer to a later one, as if all between were linear."""
    weights = network.weights[first]
    offset = network.biases[first]
    offset = np.zeros(weights.shape[1], weights.dtype) if offset is None else offset
    for number in range(first + 1, last):
        bias = network.biases[number]
        offset = offset @ network.weights[number] + (0 if bias is None else bias)
        weights = weights @ network.weights[number]
    return weights, offset


# ---------------------------------------------------------------- other outputs

UNHEARD = 3.0
"""How far below the least likely class a new one begins, in logits: answers hardly change."""


def carry_to_outputs(old: Network, new: Network) -> bool:
    """Fill in the parameters of a network for other classes, or for the same ones.

    Hidden layers are copied, with the logits of the classes that both have. Two classes are one
    output, the logit of the second against the first, or two: what is said stays the same. A new
    class is unlikely everywhere at first.

    Returns
    -------
    bool
        Whether it could be done: inputs, hidden layers and biases have to be alike.
    """
    alike = old.sizes[:-1] == new.sizes[:-1] and old.dtype == new.dtype
    if not alike or [b is None for b in old.biases] != [b is None for b in new.biases]:
        return False
    for mine, theirs in zip(new.weights[:-1], old.weights[:-1], strict=True):
        mine[...] = theirs
    for into, bias in zip(new.biases[:-1], old.biases[:-1], strict=True):
        if into is not None:
            into[...] = bias
    mix = _mix_of_logits(old.sizes[-1], new.sizes[-1])
    new.weights[-1][...] = old.weights[-1] @ mix
    before, after = old.biases[-1], new.biases[-1]
    if before is not None and after is not None:
        after[...] = before @ mix
        unheard = np.arange(new.sizes[-1]) >= max(old.sizes[-1], 2)
        after[unheard] = min(0.0, float(after.min())) - UNHEARD
    return True


def _mix_of_logits(old: int, new: int) -> Array:
    """Return the matrix (old, new) that makes the logits of some outputs from those of others."""
    if old == new:
        return np.eye(old)
    if old == 1:  # the second class against the first, whose logit is then 0
        return np.eye(1, new, 1)
    if new == 1:
        return np.eye(old, 1, -1) - np.eye(old, 1)
    return np.eye(old, new)
