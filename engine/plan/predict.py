"""One row through the network as fast as Python allows, and safe in any thread.

Nothing is shared between calls: what is computed is new memory, worked on in place.
"""

from collections.abc import Callable
from functools import singledispatch

import numpy as np

from engine.activations import Activation, Linear, ReLU, Softmax, Tanh
from engine.layers import Dense, Dropout
from engine.network import Network

Array = np.ndarray
Function = Callable[[Array], Array]


def compile_prediction(network: Network) -> Function | None:
    """Return a function from one row (fan_in,) to the outputs; None where there is no such form."""
    known = all(isinstance(layer, Dense | Dropout) for layer in network.layers)
    if not known or any(network.switched_off):
        return None
    stages = [
        (
            layer.weights,
            layer.bias,
            in_place(layer.activation, layer.weights.shape[1], network.dtype),
        )
        for layer in network.dense
    ]
    add = np.add

    def predict(row: Array) -> Array:
        for weights, bias, activate in stages:
            row = row.dot(weights)
            if bias is not None:
                add(row, bias, row)
            row = activate(row)
        return row

    return predict


@singledispatch
def in_place(activation: Activation, units: int, dtype: np.dtype) -> Function:
    """Return a function from z to a that may use up z."""
    return activation.value


@in_place.register
def _linear(activation: Linear, units: int, dtype: np.dtype) -> Function:
    return lambda z: z


@in_place.register
def _tanh(activation: Tanh, units: int, dtype: np.dtype) -> Function:
    return lambda z: np.tanh(z, z)


@in_place.register
def _relu(activation: ReLU, units: int, dtype: np.dtype) -> Function:
    zero, maximum = np.zeros((), dtype), np.maximum
    return lambda z: maximum(z, zero, out=z)


@in_place.register
def _softmax(activation: Softmax, units: int, dtype: np.dtype) -> Function:
    ones = np.ones((units, units), dtype)
    divide, exp = np.divide, np.exp

    def softmax(z: Array) -> Array:
        largest = max(z.tolist())
        if not -50 < largest < 50:  # within, eᶻ neither overflows nor adds up to nothing
            z -= largest
        exp(z, z)
        return divide(z, z.dot(ones), z)  # a product is the fastest sum of a few numbers

    return softmax if units <= 64 else activation.value
