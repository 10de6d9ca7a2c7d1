"""What can be done to a neuron, an edge or a layer, and why some of it cannot be done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from engine.activations import ACTIVATIONS, Activation
from engine.knobs import ListOf, SettingError, knobs
from engine.spec import NetworkSpec
from gui.network_view.items import Edge, Item, Neuron
from gui.network_view.touching import INPUTS, NO_BIAS, Touching

FULL = "There are as many layers as there may be."
LAYERS = next(each.domain for each in knobs(NetworkSpec) if each.name == "hidden")


@dataclass(frozen=True, eq=False)
class Deed:
    """Something that can be done, or the reason why not."""

    text: str
    do: Callable[[], object]
    reason: str = ""
    checked: bool | None = None


def item_deeds(touching: Touching, item: Item) -> list[Deed]:
    """Return what can be done to a neuron or an edge itself."""
    if isinstance(item, Edge):
        return [Deed("Set &weight…", lambda: touching.edit(item), touching.reason)]
    if not isinstance(item, Neuron):
        return []
    shape, layer, index = touching.frame.shape, item.layer, item.index
    off = shape.is_off(layer, index)
    no_bias = INPUTS if layer == 0 else NO_BIAS if touching.bias(item) is None else ""
    last = "It is the layer's last neuron: remove the layer instead."
    of_layer = touching.shape_reason(layer)
    only = last if shape.sizes[layer] == 1 else ""
    turn = f"Switch this neuron o{'n' if off else 'ff'}"
    return [
        Deed("Set &bias…", lambda: touching.edit(item), touching.reason or no_bias),
        Deed(turn, lambda: touching.switch(item), of_layer),
        Deed("&Remove this neuron", lambda: touching.remove_neuron(item), of_layer or only),
    ]


def layer_deeds(touching: Touching, layer: int) -> list[Deed]:
    """Return what can be done to a layer, and beside it."""
    of_layer, outputs = touching.shape_reason(layer), touching.is_output(layer)
    assert isinstance(LAYERS, ListOf)
    full = FULL if len(touching.network.hidden) >= LAYERS.at_most else ""
    before, after = INPUTS if layer == 0 else "", "Nothing comes after it." if outputs else ""
    reason = touching.reason
    return [
        Deed("&Add a neuron", lambda: touching.add_neuron(layer), of_layer),
        Deed("Remove the last neuron", lambda: touching.drop_neuron(layer), of_layer),
        Deed("&Width…", lambda: touching.edit_width(layer), of_layer),
        Deed(
            "Add a layer be&fore", lambda: touching.add_layer(layer - 1), reason or before or full
        ),
        Deed("Add a layer af&ter", lambda: touching.add_layer(layer), reason or after or full),
        Deed("Re&move this layer", lambda: touching.remove_layer(layer), of_layer),
    ]


def activation_deeds(touching: Touching, layer: int) -> list[Deed]:
    """Return the activations that a layer may have, and why not the others."""
    if touching.reason or layer == 0:
        return []
    present = touching.frame.shape.activations[layer - 1]
    made = []
    for kind in ACTIVATIONS.values():
        activation = kind()
        made.append(
            Deed(
                activation.label,
                partial(touching.set_activation, layer, activation),
                _misfit(touching, layer, activation),
                activation.label == present,
            )
        )
    return made


def _misfit(touching: Touching, layer: int, activation: Activation) -> str:
    """Return why a layer cannot have an activation; empty if it can."""
    session = touching.session
    network = touching.with_activation(layer, activation).network
    try:
        session.check(replace(session.experiment, network=network))
    except SettingError as error:
        reason = error.reason[0].upper() + error.reason[1:]
        return f"{reason}. Loss and output activation belong together."
    return ""
