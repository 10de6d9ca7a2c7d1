"""Unfolds the way back: the chain rule, layer by layer."""

import numpy as np

from engine.activations import Activation
from engine.formulas import equation, mentions, right_side
from engine.formulas.reader import read
from engine.layers import Dense, DenseCache, Dropout
from engine.trace.forward import (
    Unfolding,
    coded,
    constants_of,
    mean_over_rows,
    named,
    output_count,
    raised,
)
from engine.trace.kinds import Elementwise
from engine.trace.step import Array, Operand, Step
from engine.trace.sums import ColumnSum, Product, ThroughJacobian

FUSED = (
    "The chain rule's two halves, multiplied out: what divides in the one is multiplied in the "
    "other, and a − y is left. So it is computed, as the halves alone may be infinite."
)


def unfold_backward(unfolding: Unfolding) -> None:
    """Add the gradients of every layer, the last layer first."""
    network, caches = unfolding.moment.network, unfolding.update.caches
    number = len(network.dense)
    da = _from_loss(unfolding, number)
    for layer, cache in zip(network.layers[::-1], caches[::-1], strict=True):
        if isinstance(layer, Dropout):
            da = _through_dropout(unfolding, number, cache, da)
        elif isinstance(layer, Dense):
            last = number == len(network.dense)
            dz = _through_activation(unfolding, number, layer.activation, cache, da, last)
            _parameter_gradients(unfolding, number, layer, cache, dz)
            da = _to_inputs(unfolding, number, layer, dz)
            number -= 1


def _from_loss(unfolding: Unfolding, layer: int) -> Operand:
    loss, known = unfolding.moment.network.loss, unfolding.known
    a, y = known[f"a{layer}"], known["y"]
    right = named(right_side(read(loss.derivative_formula)), {"a": a})
    code = coded(loss.derivative_code, {"a": a.code})
    operands = [a, y]
    operands += [
        each for each in (*constants_of(loss), output_count(a)) if mentions(right, each.symbol)
    ]
    meaning = "How much the loss would grow if an output grew by a little."
    if unfolding.averages:
        right, code = mean_over_rows(right), f"1 / N * ({code})"
        operands.append(unfolding.row_count)
        meaning += " Each sample has its share, 1/N, of the mean."
    with np.errstate(all="ignore"):
        value = loss.derivative(a.value, y.value) * _scale(unfolding)
    step = Elementwise(
        f"da{layer}", "loss_gradient", "backward", layer, "Gradient at the outputs", meaning,
        equation(read(f"∂L/∂a{raised(layer)}"), right), code, tuple(operands), value, "gradient",
    )  # fmt: skip
    return unfolding.add(step, "how the loss depends on each output")


def _scale(unfolding: Unfolding) -> np.floating:
    network = unfolding.moment.network
    return network.dtype.type(1.0 / unfolding.rows if unfolding.averages else 1.0)


# ---------------------------------------------------------------- through a layer


def _through_activation(
    unfolding: Unfolding, layer: int, f: Activation, cache: DenseCache, da: Operand, last: bool
) -> Operand:
    fused = last and unfolding.moment.network.loss.fuses(f)
    if f.elementwise:
        slope = _slope(unfolding, layer, f, cache)
    with np.errstate(all="ignore"):
        if fused:
            loss, y = unfolding.moment.network.loss, unfolding.moment.y
            value = loss.backward(cache.z, cache.a, y, f) * _scale(unfolding)
        else:
            value = f.backward(da.value, cache.z, cache.a)
    up = raised(layer)
    formula, code = f"∂L/∂z{up} = ∂L/∂a{up}·∂a{up}/∂z{up}", f"da{layer} * slope{layer}"
    operands = [da, slope] if f.elementwise else [da]
    if not f.elementwise:
        formula = f"∂L/∂z{up} = Σᵢ ∂L/∂aᵢ{up}·∂aᵢ{up}/∂z{up}"
        code = f"a{layer} * (da{layer} - (da{layer} * a{layer}).sum(axis=-1, keepdims=True))"
        operands.append(unfolding.known[f"a{layer}"])
    if fused:
        ending, code = ("(a{0} − y) / N", "(a{1} - y) / N") if unfolding.averages else (
            "a{0} − y", "a{1} - y"
        )  # fmt: skip
        formula, code = f"{formula} = {ending.format(up)}", code.format("", layer)
        operands = list(dict.fromkeys([*operands, unfolding.known[f"a{layer}"],
                                       unfolding.known["y"]]))  # fmt: skip
        operands += [unfolding.row_count] if unfolding.averages else []
    common = (
        f"dz{layer}", "sum_gradient", "backward", layer, "Gradient at the weighted sums",
        FUSED if fused else "The chain rule: through the activation, by its slope.",
        read(formula), code, tuple(operands), value, "gradient",
    )  # fmt: skip
    step: Step
    if f.elementwise:
        step = Elementwise(*common)  # type: ignore[arg-type]
    else:
        step = ThroughJacobian(*common, fused=fused)  # type: ignore[arg-type]
    return unfolding.add(step, f"how the loss depends on each weighted sum of layer {layer}")


def _slope(unfolding: Unfolding, layer: int, f: Activation, cache: DenseCache) -> Operand:
    known, up = unfolding.known, raised(layer)
    z, a = known[f"z{layer}"], known[f"a{layer}"]
    right = named(right_side(read(f.derivative_formula)), {"z": z, "a": a})
    operands = [each for each in (z, a, *constants_of(f)) if mentions(right, each.symbol)]
    code = coded(f.derivative_code, {"z": z.code, "a": a.code})
    if not operands or (z not in operands and f"z{layer}" in code):
        operands.append(z)
    step = Elementwise(
        f"slope{layer}", "slope", "backward", layer, f"Slope of {f.label}",
        "How steep the activation is at each weighted sum. Where it is flat, nothing is learnt.",
        equation(read(f"∂a{up}/∂z{up}"), right), code, tuple(operands),
        f.derivative(cache.z, cache.a), "gradient",
    )  # fmt: skip
    return unfolding.add(step, f"the slope of the activation in layer {layer}")


def _parameter_gradients(
    unfolding: Unfolding, layer: int, dense: Dense, cache: DenseCache, dz: Operand
) -> None:
    up = raised(layer)
    x = _inputs(unfolding, layer)
    _dx, grads = dense.backward_from_logits(dz.value, cache)
    step: Step = Product(
        f"dW{layer}", "weight_gradient", "backward", layer, "Gradient of the weights",
        "A weight matters as much as what came in through it, times how much its neuron's sum "
        "matters" + ("; added up over the samples." if unfolding.rows > 1 else "."),
        read(f"∂L/∂W{up} = {x.name}ᵀ·∂L/∂z{up}"), f"{x.code}.T @ dz{layer}", (x, dz), grads[0],
        "gradient", by_row=False, transposed="left", running="n",
    )  # fmt: skip
    unfolding.add(step, f"the gradient of the weights of layer {layer}")
    if dense.bias is None:
        return
    total = f"Σₙ ∂L/∂zₙ{up}" if unfolding.rows > 1 else f"∂L/∂z{up}"
    step = ColumnSum(
        f"db{layer}", "bias_gradient", "backward", layer, "Gradient of the biases",
        "A bias is a weight of an input that is always 1"
        + ("; added up over the samples." if unfolding.rows > 1 else "."),
        read(f"∂L/∂b{up} = {total}"), f"dz{layer}.sum(axis=0)", (dz,), grads[1],
        "gradient", by_row=False,
    )  # fmt: skip
    unfolding.add(step, f"the gradient of the biases of layer {layer}")


def _to_inputs(unfolding: Unfolding, layer: int, dense: Dense, dz: Operand) -> Operand:
    up = raised(layer)
    x = _inputs(unfolding, layer)
    key = f"d{x.code}" if x.code != "x" else "dx"
    meaning = (
        "What each input was worth: the sums it fed, each by its weight. Nothing is changed by "
        "it, but it tells what the network looks at."
        if x.code == "x"
        else "How much the layer before matters: each output by the sums it fed, and the weights "
        "between."
    )
    step = Product(
        key, "input_gradient", "backward", layer,
        "Gradient at the inputs" if x.code == "x" else "Back to the layer before", meaning,
        read(f"∂L/∂{x.name} = ∂L/∂z{up}·W{up}ᵀ"), f"dz{layer} @ W{layer}.T",
        (dz, unfolding.known[f"W{layer}"]), dz.value @ dense.weights.T, "gradient",
        transposed="right", running="j",
    )  # fmt: skip
    return unfolding.add(step, f"how the loss depends on the inputs of layer {layer}")


def _inputs(unfolding: Unfolding, layer: int) -> Operand:
    """Return what a layer was given."""
    known = unfolding.known
    if layer == 1:
        return known["x"]
    return known.get(f"d{layer - 1}", known[f"a{layer - 1}"])


def _through_dropout(unfolding: Unfolding, number: int, mask: Array, dd: Operand) -> Operand:
    up = raised(number)
    step = Elementwise(
        f"da{number}", "dropout_gradient", "backward", number, "Back through dropout",
        "Who sat out has no share in the loss, and learns nothing from it.",
        read(f"∂L/∂a{up} = m{up}·∂L/∂ã{up}"), f"mask{number} * dd{number}",
        (unfolding.known[f"mask{number}"], dd), dd.value * mask, "gradient",
    )  # fmt: skip
    return unfolding.add(step, f"how the loss depends on the outputs of layer {number}")
