"""What of the network a step is about: edges and neurons, each with a number and a hue."""

from dataclasses import dataclass, field

import numpy as np

from engine.trace import Step, Trace
from gui.debugger.focus import Focus, inputs_of, parameter_of


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


def lit_by(trace: Trace, step: Step, focus: Focus) -> Lit:
    """Return what a step lights up, for the sample in focus."""
    n = focus.sample
    layer = step.layer or len(trace.moment.network.dense)
    kind = step.kind
    if kind == "weighted_sum":
        x, weights = inputs_of(trace, layer)[n], trace.given[f"W{layer}"].value
        return Lit(
            layer - 1, x[:, None] * weights, {layer - 1: x, layer: step.value[n]},
            direction=1, mark=_mark(focus, layer - 1, layer),
        )  # fmt: skip
    if kind == "input_gradient":
        dz, weights = trace[f"dz{layer}"].value[n], trace.given[f"W{layer}"].value
        return Lit(
            layer - 1, dz[None, :] * weights, {layer - 1: step.value[n], layer: dz},
            {layer - 1: "gradient", layer: "gradient"}, "gradient", -1,
            mark=_mark(focus, layer - 1, layer),
        )  # fmt: skip
    if step.phase == "update":
        return _updated(trace, step, focus, layer)
    if kind == "weight_gradient":
        nodes = {layer - 1: inputs_of(trace, layer)[n], layer: trace[f"dz{layer}"].value[n]}
        return Lit(
            layer - 1, step.value, nodes, {layer: "gradient"}, "gradient", -1,
            mark=_mark(focus, layer - 1, layer),
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
    return Lit(nodes={layer: values}, roles=gradient, direction=direction,
               mark=_mark(focus, layer), note=note)  # fmt: skip


def _updated(trace: Trace, step: Step, focus: Focus, layer: int) -> Lit:
    """Return the parameters that a step of the update is about."""
    key = parameter_of(step.key)
    swells = step.kind in ("change", "new_parameters")
    if not key:
        return Lit()
    value = trace[f"change{key}"].value if swells else step.value
    role = "weight" if swells else "gradient"
    if key.startswith("b"):
        return Lit(nodes={layer: value}, roles={layer: role}, mark=_mark(focus, layer),
                   swells=swells)  # fmt: skip
    return Lit(layer - 1, value, edge_role=role, swells=swells,
               mark=_mark(focus, layer - 1, layer))  # fmt: skip


def _mark(focus: Focus, *layers: int) -> dict[int, int]:
    return {layer: focus.neurons[layer] for layer in layers}
