"""Which entry of each step is looked at: a sample, and a neuron in every layer."""

import re
from dataclasses import dataclass, field, replace

import numpy as np

from engine.trace import Place, Step, Trace
from engine.trace.step import Index


@dataclass(frozen=True)
class Focus:
    """A path through the network.

    A step's entry follows from it: of a layer's values the neuron of that layer, of weights
    those between two neurons.

    Attributes
    ----------
    sample : int
        Row of the batch.
    neurons : tuple of int
        One for each layer, the inputs first.
    """

    sample: int = 0
    neurons: tuple[int, ...] = field(default=())

    @classmethod
    def on(cls, trace: Trace, sample: int = 0) -> "Focus":
        """Choose what is worth looking at: the path that matters most for the loss."""
        layers = len(trace.moment.network.dense)
        error = np.abs(np.nan_to_num(trace[f"dz{layers}"].value[sample]))
        neurons = [int(error.argmax())]
        for layer in range(layers, 0, -1):
            weights = trace.given[f"W{layer}"].value[:, neurons[0]]
            inputs = inputs_of(trace, layer)[sample]
            share = np.abs(np.nan_to_num(weights * inputs))
            neurons.insert(0, int(share.argmax()))
        return cls(sample, tuple(neurons))

    def at(self, layer: int, neuron: int) -> "Focus":
        """Return the path through another neuron of a layer."""
        neurons = list(self.neurons)
        neurons[layer] = neuron
        return replace(self, neurons=tuple(neurons))

    def index(self, key: str, shape: tuple[int, ...], by_row: bool) -> Index:
        """Return the entry of a step, or of something given, that lies on the path."""
        layer = layer_of(key)
        if not shape:
            return ()
        if by_row and len(shape) == 1:
            return (self.sample,)
        if by_row:
            return (self.sample, self.neurons[layer])
        if len(shape) == 2:
            return (self.neurons[layer - 1], self.neurons[layer])
        return (self.neurons[layer],)

    def of(self, step: Step) -> Index:
        """Return the entry of a step that lies on the path."""
        return self.index(step.key, step.shape, step.by_row)

    def through(self, place: Place, by_row: bool) -> "Focus":
        """Return the path that leads through an entry."""
        layer, index = layer_of(place.key), place.index
        if by_row:
            focus = replace(self, sample=index[0])
            return focus.at(layer, index[1]) if len(index) > 1 else focus
        if len(index) == 2:
            return self.at(layer - 1, index[0]).at(layer, index[1])
        return self.at(layer, index[0]) if index else self


def layer_of(key: str) -> int:
    """Return the layer whose neurons a key's values belong to; the inputs are layer 0.

    >>> layer_of("dW2"), layer_of("x"), layer_of("dx"), layer_of("y"), layer_of("v_hatb1")
    (2, 0, 0, -1, 1)
    """
    found = re.search(r"\d+$", key)
    if found:
        return int(found.group())
    return 0 if key in ("x", "dx") else -1


def inputs_of(trace: Trace, layer: int) -> np.ndarray:
    """Return what a layer was given, (rows, fan_in)."""
    if layer == 1:
        return trace.given["x"].value
    key = f"d{layer - 1}" if f"d{layer - 1}" in trace else f"a{layer - 1}"
    return trace[key].value


def parameter_of(key: str) -> str:
    """Return the parameter that an update's step is about, W1 or b1; empty if none.

    >>> parameter_of("m_hatW12"), parameter_of("db1"), parameter_of("z1")
    ('W12', 'b1', '')
    """
    found = re.search(r"[Wb]\d+$", key)
    return found.group() if found else ""
