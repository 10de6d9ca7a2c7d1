"""One row through the network as fast as Python allows, and safe in any thread.

A row goes through buffers of its own, taken from a stock and put back afterwards; only the
outputs are new memory.
"""

from collections.abc import Callable
from functools import partial, singledispatch
from itertools import pairwise
from typing import Any

import numpy as np

from engine.activations import Activation, Linear, ReLU, Softmax, Tanh
from engine.layers import Dense, Dropout
from engine.network import Network
from engine.plan.tape import Array, Tape

Function = Callable[[Array], Array]
Way = tuple[Callable[..., Any], Array, Tape, Callable[[], Array]]


def compile_prediction(network: Network) -> Function | None:
    """Return a function from one row (fan_in,) to the outputs; None where there is no such form."""
    known = all(isinstance(layer, Dense | Dropout) for layer in network.layers)
    if not known or any(network.switched_off):
        return None
    stock: list[Way] = []
    take, put = stock.pop, stock.append  # safe in any thread

    def predict(row: Array) -> Array:
        try:
            way = take()
        except IndexError:
            way = way_through(network)
        enter, z, tape, leave = way
        enter(row, z)
        for f, args in tape:
            f(*args)
        outputs = leave()
        put(way)
        return outputs

    return predict


def way_through(network: Network) -> Way:
    """Return the calls for one row, with buffers of their own.

    They are the first layer's product, from a row into the buffer that comes with it; what
    follows up to the last layer's weighted sums; and what gives the outputs in new memory.
    """
    first = network.dense[0]
    inputs = below_one(first)
    z = inputs[:-1]
    enter, entered = first.weights.T.dot, z
    tape: Tape = [] if first.bias is None else [(np.add, (z, first.bias, z))]
    for before, layer in pairwise(network.dense):
        tape += in_place(before.activation, z)
        weights = layer.weights if layer.bias is None else network.block(layer)
        source = z if layer.bias is None else inputs
        inputs = below_one(layer)
        z = inputs[:-1]
        tape.append((source.dot, (weights, z)))
    return enter, entered, tape, to_outputs(network.dense[-1].activation, z)


def below_one(layer: Dense) -> Array:
    """Return a buffer for a layer's values with a one at the end: the input of a bias."""
    return np.ones(layer.weights.shape[1] + 1, layer.weights.dtype)


@singledispatch
def in_place(activation: Activation, z: Array) -> Tape:
    """Return the calls that turn z into a, where it lies."""
    value = activation.value

    def defined() -> None:
        z[...] = value(z)

    return [(defined, ())]


@in_place.register
def _linear(activation: Linear, z: Array) -> Tape:
    return []


@in_place.register
def _tanh(activation: Tanh, z: Array) -> Tape:
    return [(np.tanh, (z, z))]


@in_place.register
def _relu(activation: ReLU, z: Array) -> Tape:
    return [(partial(np.maximum, out=z), (z, np.zeros_like(z)))]  # quicker than one zero


@singledispatch
def to_outputs(activation: Activation, z: Array) -> Callable[[], Array]:
    """Return a function that gives the outputs for z in new memory; it may use up z."""
    value = activation.value
    return lambda: np.array(value(z))


@to_outputs.register
def _softmax(activation: Softmax, z: Array) -> Callable[[], Array]:
    if z.size > 64:
        return partial(activation.value, z)
    ones, sums = np.ones((z.size, z.size), z.dtype), np.empty_like(z)
    divide, exp, largest, item, add_up = np.divide, np.exp, z.argmax, z.item, z.dot

    def softmax() -> Any:
        top = item(largest())
        if not -50.0 < top < 50.0:  # within, eᶻ neither overflows nor adds up to nothing
            np.subtract(z, top, z)
        exp(z, z)
        add_up(ones, sums)  # a product is the fastest sum of a few numbers
        return divide(z, sums)

    return softmax
