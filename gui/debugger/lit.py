"""What of the network a step is about: edges and neurons, each with a number and a hue."""

from dataclasses import dataclass, field

import numpy as np

from engine.trace import Step, Trace
from gui.debugger.focus import Focus, inputs_of, parameter_of
from gui.debugger.words import quantity


@dataclass(frozen=True, eq=False)
class Lit:
    """What is lit on the drawing of the network.

    Attributes
    ----------
    gap : int or None
        The layer that the lit edges leave, the inputs are 0; None if no edges are lit.
    edges : ndarray (sources, targets) or None
        Their numbers.
    nodes : dict of int to ndarray
        For each lit layer the numbers of its neurons.
    roles : dict of int to str
        For each lit layer the kind of quantity.
    edge_role : str
        That of the edges.
    direction : int
        1 forward, -1 backward, 0 neither.
    swells : bool
        Whether the edges swell: they are being changed.
    mark : dict of int to int
        For each layer the neuron in focus.
    note : str
        What the numbers are, where they are not the step's own.
    edge_words, node_words : str and dict of int to str
        What the numbers of the edges, and of each lit layer, are.
    """

    gap: int | None = None
    edges: np.ndarray | None = None
    nodes: dict[int, np.ndarray] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    edge_role: str = "data"
    direction: int = 0
    swells: bool = False
    mark: dict[int, int] = field(default_factory=dict)
    note: str = ""
    edge_words: str = ""
    node_words: dict[int, str] = field(default_factory=dict)


def lit_by(trace: Trace, step: Step, focus: Focus) -> Lit:
    """Return what a step lights up, for the sample in focus."""
    n = focus.sample
    layer = step.layer or len(trace.moment.network.dense)
    kind = step.kind
    if kind == "weighted_sum":
        x, weights = inputs_of(trace, layer)[n], trace.given[f"W{layer}"].value
        return Lit(
            layer - 1, x[:, None] * weights, {layer - 1: x, layer: step.value[n]},
            direction=1, mark=_mark(focus, layer - 1, layer), edge_words="input × weight",
            node_words={layer - 1: _inputs(layer), layer: f"z, layer {layer}"},
        )  # fmt: skip
    if kind == "input_gradient":
        dz, weights = trace[f"dz{layer}"].value[n], trace.given[f"W{layer}"].value
        return Lit(
            layer - 1, dz[None, :] * weights, {layer - 1: step.value[n], layer: dz},
            {layer - 1: "gradient", layer: "gradient"}, "gradient", -1,
            mark=_mark(focus, layer - 1, layer), edge_words="∂L/∂z × weight",
            node_words={
                layer - 1: f"{quantity(step)}, layer {layer - 1}" if layer > 1 else "∂L/∂x",
                layer: f"∂L/∂z, layer {layer}",
            },
        )  # fmt: skip
    if step.phase == "update":
        return _updated(trace, step, focus, layer)
    if kind == "weight_gradient":
        nodes = {layer - 1: inputs_of(trace, layer)[n], layer: trace[f"dz{layer}"].value[n]}
        return Lit(
            layer - 1, step.value, nodes, {layer: "gradient"}, "gradient", -1,
            mark=_mark(focus, layer - 1, layer), edge_words=quantity(step),
            node_words={layer - 1: _inputs(layer), layer: f"∂L/∂z, layer {layer}"},
        )  # fmt: skip
    return _neurons(trace, step, focus, layer)


def _neurons(trace: Trace, step: Step, focus: Focus, layer: int) -> Lit:
    """Return the neurons of one layer."""
    gradient = {layer: "gradient"} if step.role == "gradient" else {}
    direction = {"forward": 1, "loss": 0, "backward": -1}.get(step.phase, 0)
    if step.phase == "loss":
        values = trace.outputs[focus.sample] - trace.moment.y[focus.sample]
    else:
        values = step.value if not step.by_row else step.value[focus.sample]
    note = "outputs minus targets" if step.phase == "loss" else ""
    words = "output − target" if note else f"{quantity(step)}, layer {layer}"
    return Lit(nodes={layer: values}, roles=gradient, direction=direction,
               mark=_mark(focus, layer), note=note, node_words={layer: words})  # fmt: skip


def _updated(trace: Trace, step: Step, focus: Focus, layer: int) -> Lit:
    """Return the parameters that a step of the update is about."""
    key = parameter_of(step.key)
    swells = step.kind in ("change", "new_parameters")
    if not key:
        return Lit()
    value = trace[f"change{key}"].value if swells else step.value
    role = "weight" if swells else "gradient"
    words = f"change of the {'biases' if key.startswith('b') else 'weights'}"
    words = words if swells else f"{quantity(step)}, layer {layer}"
    if key.startswith("b"):
        return Lit(nodes={layer: value}, roles={layer: role}, mark=_mark(focus, layer),
                   swells=swells, node_words={layer: words})  # fmt: skip
    return Lit(layer - 1, value, edge_role=role, swells=swells, edge_words=words,
               mark=_mark(focus, layer - 1, layer))  # fmt: skip


def _inputs(layer: int) -> str:
    return f"a, layer {layer - 1}" if layer > 1 else "inputs x"


def _mark(focus: Focus, *layers: int) -> dict[int, int]:
    return {layer: focus.neurons[layer] for layer in layers}
