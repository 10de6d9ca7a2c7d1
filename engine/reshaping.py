"""Changing a network's hidden layers, and where each neuron of the new ones comes from.

A specification alone does not tell which neuron of a layer is gone, or which of two layers
alike. So each change here gives both: the new specification, and the descent of its hidden
layers, by which :mod:`engine.carrying` carries over what was learnt. Layers and neurons are
counted from 0, hidden layers alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import takewhile

from engine.activations import Activation
from engine.spec import HiddenLayer, NetworkSpec

Layers = tuple[HiddenLayer, ...]
FIRST_WIDTH = 8  # of the layer that is added where there was none


@dataclass(frozen=True)
class Origin:
    """Where a hidden layer comes from.

    Attributes
    ----------
    layer : int
        Which it was.
    neurons : tuple of int
        For each of its neurons, which it was; −1 for a new one.
    """

    layer: int
    neurons: tuple[int, ...]


Descent = tuple[Origin | None, ...]
"""For each hidden layer where it comes from; None for a new one."""
NOTHING_KEPT: Descent = (None,)
"""Of a network that has nothing to do with the one before it, whatever its layers."""


def descent(before: Layers, after: Layers) -> Descent:
    """Guess how `after` came about: layers alike at both ends stayed, the others follow in order.

    >>> [each and each.layer for each in descent(
    ...     (HiddenLayer(8), HiddenLayer(4)), (HiddenLayer(8), HiddenLayer(6), HiddenLayer(4))
    ... )]
    [0, None, 1]
    """
    if len(before) == len(after):
        return tuple(_origin(k, before[k], after[k]) for k in range(len(after)))
    shorter = min(len(before), len(after))
    first = _common(before, after, shorter)
    last = _common(before[::-1], after[::-1], shorter - first)
    made: list[Origin | None] = []
    for k, layer in enumerate(after):
        from_end = k - len(after)
        if from_end >= -last:
            made.append(_origin(len(before) + from_end, layer, layer))
        elif k < len(before) - last:
            made.append(_origin(k, before[k], layer))
        else:
            made.append(None)
    return tuple(made)


def _common(some: Layers, others: Layers, most: int) -> int:
    pairs = zip(some[:most], others[:most], strict=True)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _origin(number: int, before: HiddenLayer, after: HiddenLayer) -> Origin:
    neurons = (k if k < before.units else -1 for k in range(after.units))
    return Origin(number, tuple(neurons))


def reverse(came: Descent, before: Layers) -> Descent:
    """Return the descent of `before`, on the way back from what came of it.

    >>> reverse((Origin(0, (0, 2)),), (HiddenLayer(3),))
    (Origin(layer=0, neurons=(0, -1, 1)),)
    """
    made: list[Origin | None] = [None] * len(before)
    for number, origin in enumerate(came):
        if origin is not None:
            found = {old: new for new, old in enumerate(origin.neurons) if old >= 0}
            neurons = tuple(found.get(k, -1) for k in range(before[origin.layer].units))
            made[origin.layer] = Origin(number, neurons)
    return tuple(made)


def follow(first: Descent, second: Descent) -> Descent:
    """Return the descent by two changes, one after the other."""
    made: list[Origin | None] = []
    for origin in second:
        older = first[origin.layer] if origin is not None else None
        if origin is None or older is None:
            made.append(None)
        else:
            neurons = tuple(older.neurons[k] if k >= 0 else -1 for k in origin.neurons)
            made.append(Origin(older.layer, neurons))
    return tuple(made)


def keeps_anything(came: Descent) -> bool:
    """Tell whether any weights stay; they do without hidden layers, too."""
    return not came or any(origin is not None for origin in came)


# ---------------------------------------------------------------- the changes


@dataclass(frozen=True)
class Reshaped:
    """A network's specification, changed, and where its hidden layers come from."""

    network: NetworkSpec
    came: Descent


def add_neuron(network: NetworkSpec, layer: int) -> Reshaped:
    """Add a neuron at the end of a layer."""
    return set_width(network, layer, network.hidden[layer].units + 1)


def set_width(network: NetworkSpec, layer: int, units: int) -> Reshaped:
    """Give a layer another number of neurons, taken away or added at its end."""
    return _changed(network, layer, lambda old: replace(old, units=units))


def set_activation(network: NetworkSpec, layer: int, activation: Activation) -> Reshaped:
    """Give a layer another activation."""
    return _changed(network, layer, lambda old: replace(old, activation=activation))


def switch(network: NetworkSpec, layer: int, neuron: int, off: bool) -> Reshaped:
    """Switch a neuron off, or on again."""
    others = {*network.hidden[layer].switched_off} - {neuron}
    silent = tuple(sorted(others | {neuron} if off else others))
    return _changed(network, layer, lambda old: replace(old, switched_off=silent))


def remove_neuron(network: NetworkSpec, layer: int, neuron: int) -> Reshaped:
    """Take one neuron out of a layer.

    Raises
    ------
    ValueError
        When it is the layer's last.
    """
    old = network.hidden[layer]
    if old.units == 1:
        raise ValueError("it is the layer's last neuron: remove the layer instead")
    silent = tuple(k - (k > neuron) for k in old.switched_off if k != neuron)
    made = replace(old, units=old.units - 1, switched_off=silent)
    came = list(descent(network.hidden, network.hidden))
    came[layer] = Origin(layer, tuple(k for k in range(old.units) if k != neuron))
    hidden = (*network.hidden[:layer], made, *network.hidden[layer + 1 :])
    return Reshaped(replace(network, hidden=hidden), tuple(came))


def add_layer(network: NetworkSpec, at: int) -> Reshaped:
    """Add a layer so that `at` hidden layers come before it, as wide as the one that it follows.

    A layer before all others is put behind the first: which of two alike is the new one
    makes no difference, and so the first keeps what it has learnt from the inputs.

    Raises
    ------
    SettingError
        When there are as many layers as there may be.
    """
    at = max(at, min(1, len(network.hidden)))
    model = network.hidden[at - 1] if at else HiddenLayer(FIRST_WIDTH)
    made = replace(model, dropout=0.0, switched_off=())
    before = descent(network.hidden, network.hidden)
    hidden = (*network.hidden[:at], made, *network.hidden[at:])
    return Reshaped(replace(network, hidden=hidden), (*before[:at], None, *before[at:]))


def remove_layer(network: NetworkSpec, layer: int) -> Reshaped:
    """Take a layer out."""
    before = descent(network.hidden, network.hidden)
    hidden = network.hidden[:layer] + network.hidden[layer + 1 :]
    return Reshaped(replace(network, hidden=hidden), before[:layer] + before[layer + 1 :])


def _changed(
    network: NetworkSpec, layer: int, change: Callable[[HiddenLayer], HiddenLayer]
) -> Reshaped:
    made = change(network.hidden[layer])
    hidden = (*network.hidden[:layer], made, *network.hidden[layer + 1 :])
    return Reshaped(replace(network, hidden=hidden), descent(network.hidden, hidden))
