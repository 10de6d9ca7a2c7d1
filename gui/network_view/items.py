"""What can be pointed at on the drawing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Neuron:
    """A neuron: layer 0 holds the inputs; both counts start at 0."""

    layer: int
    index: int


@dataclass(frozen=True)
class Edge:
    """A weight, ``weights[layer][source, target]``, from `layer` to the one after it."""

    layer: int
    source: int
    target: int


Item = Neuron | Edge | None
