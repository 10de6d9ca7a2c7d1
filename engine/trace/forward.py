"""Unfolds the way forward, and the loss."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from engine.formulas import (
    Fraction,
    Group,
    Node,
    Number,
    Operator,
    Row,
    Scripts,
    Symbol,
    equation,
    mentions,
    replace,
    right_side,
    row,
)
from engine.formulas.reader import RAISED, read
from engine.formulas.writer import number
from engine.knobs import knobs
from engine.layers import Dense, DenseCache, Dropout
from engine.trace.kinds import AlongRow, Elementwise, Total
from engine.trace.moment import Moment, given_parameters
from engine.trace.rules import letter
from engine.trace.step import Array, Operand, Step, constant
from engine.trace.sums import Product
from engine.update import Update

_RAISED = {plain: raised for raised, plain in RAISED.items()}


def raised(layer: int) -> str:
    """Return a layer's number as an exponent: ⁽¹⁾."""
    return "".join(_RAISED[each] for each in f"({layer})")


@dataclass(frozen=True, eq=False)
class Unfolding:
    """An update on its way to becoming a list of steps.

    Attributes
    ----------
    steps : list of Step
        Those so far.
    known : dict of Operand
        What was given and what the steps made, by key.
    """

    moment: Moment
    steps: list[Step] = field(default_factory=list)
    known: dict[str, Operand] = field(default_factory=dict)

    @cached_property
    def update(self) -> Update:
        """The update by its definition."""
        return self.moment.update()

    def add(self, step: Step, meaning: str = "") -> Operand:
        """Append a step; return its result as an operand."""
        self.steps.append(step)
        made = self.known[step.key] = step.operand(meaning)
        return made

    @property
    def rows(self) -> int:
        return len(self.moment.x)

    @property
    def averages(self) -> bool:
        """Whether gradients are divided by the number of rows, and that is not 1."""
        return self.moment.train.reduction == "mean" and self.rows > 1

    @property
    def row_count(self) -> Operand:
        return constant("N", "N", self.rows, "rows in the batch")


def unfold_given(unfolding: Unfolding) -> None:
    """Make operands of what the update starts from."""
    moment, known = unfolding.moment, unfolding.known
    known["x"] = Operand("x", "x", moment.x, "data", "the inputs", "x", True)
    known["y"] = Operand("y", "y", moment.y, "target", "the targets", "y", True)
    for key, value in given_parameters(moment.network).items():
        name, layer = key[0], int(key[1:])
        what = "weights" if name == "W" else "biases"
        known[key] = Operand(
            name + raised(layer), key, value, "weight", f"the {what} of layer {layer}", key
        )


# ---------------------------------------------------------------- layers


def unfold_forward(unfolding: Unfolding) -> None:
    """Add the steps of every layer, in the order in which they are computed."""
    passed, number_ = unfolding.known["x"], 0
    for layer, cache in zip(unfolding.moment.network.layers, unfolding.update.caches, strict=True):
        if isinstance(layer, Dense):
            number_ += 1
            z = _weighted_sums(unfolding, number_, layer, cache, passed)
            passed = _activations(unfolding, number_, layer, cache, z)
        elif isinstance(layer, Dropout):
            passed = _dropout(unfolding, number_, layer, cache, passed)
        else:
            raise TypeError(f"a {type(layer).__name__} layer cannot be unfolded yet")


def _weighted_sums(
    unfolding: Unfolding, layer: int, dense: Dense, cache: DenseCache, x: Operand
) -> Operand:
    up, known = raised(layer), unfolding.known
    operands = [x, known[f"W{layer}"]]
    formula, code = f"z{up} = {x.name}·W{up}", f"{x.code} @ W{layer}"
    if dense.bias is not None:
        operands.append(known[f"b{layer}"])
        formula, code = f"{formula} + b{up}", f"{code} + b{layer}"
    step = Product(
        f"z{layer}", "weighted_sum", "forward", layer, "Weighted sums",
        "Each neuron multiplies every input by its weight, and adds it all up with its bias."
        if dense.bias is not None
        else "Each neuron multiplies every input by its weight, and adds it all up.",
        read(formula), code, tuple(operands), cache.z,
    )  # fmt: skip
    return unfolding.add(step, f"the weighted sums of layer {layer}")


def _activations(
    unfolding: Unfolding, layer: int, dense: Dense, cache: DenseCache, z: Operand
) -> Operand:
    f = dense.activation
    left = read(f"a{raised(layer)}")
    settings = constants_of(f)
    key, title = f"a{layer}", f"Activation: {f.label}"
    right = named(right_side(read(f.formula)), {"z": z})
    code = coded(f.code, {"z": z.code})
    step: Step
    if f.elementwise:
        operands = (z, *_mentioned(right, settings))
        step = Elementwise(
            key, "activation", "forward", layer, title, f.good_for, equation(left, right), code,
            operands, cache.a,
        )  # fmt: skip
    else:
        left = Scripts(Symbol("a"), Symbol("i"), read(f"({layer})"))
        step = AlongRow(
            key, "activation", "forward", layer, title, f.good_for, equation(left, right), code,
            (z,), cache.a, own="i",
            sizes=lambda n, k: float(np.exp(cache.z[n, k] - cache.z[n].max())),
        )  # fmt: skip
    return unfolding.add(step, f"the outputs of layer {layer}")


def _dropout(
    unfolding: Unfolding, layer: int, dropout: Dropout, mask: Array, a: Operand
) -> Operand:
    up = raised(layer)
    factor = number(1 / (1 - dropout.rate))
    drawn = Operand(
        f"m{up}", f"mask{layer}", mask, "constant",
        f"0 for the neurons of layer {layer} that sit out, else {factor}", "", True,
    )  # fmt: skip
    unfolding.known[f"mask{layer}"] = drawn
    title, meaning = "Dropout", (
        f"Each neuron sits out this step with probability {dropout.rate:g}; those that stay "
        f"count {factor} times, to make up for it."
    )  # fmt: skip
    if not dropout.rate:
        title, meaning = "Switched off", "Who is switched off says 0; the others say what they do."
    elif dropout.switched_off:
        meaning += " Who is switched off sits out every step."
    step = Elementwise(
        f"d{layer}", "dropout", "forward", layer, title, meaning,
        read(f"ã{up} = m{up}·a{up}"), f"mask{layer} * a{layer}", (drawn, a), mask * a.value,
    )  # fmt: skip
    return unfolding.add(step, f"the outputs of layer {layer}, some dropped")


# ---------------------------------------------------------------- the loss


def unfold_loss(unfolding: Unfolding) -> None:
    """Add the loss of each row, and what is made small: their mean or sum, and penalties."""
    moment = unfolding.moment
    penalised = bool(moment.train.l1 or moment.train.l2)
    alone = unfolding.rows == 1 and not penalised
    row_losses = _row_losses(unfolding, "L" if alone else "Lₙ")
    if alone:
        return
    parts = [row_losses]
    if penalised:
        parts.append(_penalty(unfolding))
    _objective(unfolding, parts)


def _row_losses(unfolding: Unfolding, name: str) -> Operand:
    moment, known = unfolding.moment, unfolding.known
    loss, layer = moment.network.loss, len(moment.network.dense)
    a, y, z = known[f"a{layer}"], known["y"], known[f"z{layer}"]
    right = named(right_side(read(loss.formula)), {"a": a})
    fused = loss.fuses(moment.network.dense[-1].activation)
    extra = [*constants_of(loss), output_count(a)]
    error = Operand("e", "(a - y)", a.value - y.value, "data", "the error a − y", "", True)
    operands = [a, y, *_mentioned(right, [*extra, *([] if fused else [error])])]
    code = coded(loss.code, {"a": a.code})
    meaning = f"How wrong the outputs are. {loss.good_for}"
    if fused:
        operands.append(z)
        code = coded(loss.logits_code, {"z": z.code})
        meaning += " Computed from z, so that it stays finite even where a rounds to 0 or 1."

    def size(n: int, k: int) -> float:
        return float(loss.value(a.value[n : n + 1, k : k + 1], y.value[n : n + 1, k : k + 1])[0])

    step = AlongRow(
        "L" if name == "L" else "l", "loss", "loss", None,
        loss.label if name == "L" else f"{loss.label} of each sample",
        meaning, equation(read(name), right), code, tuple(operands),
        moment.network.row_losses(unfolding.update.caches, moment.y), sizes=size,
    )  # fmt: skip
    return unfolding.add(step, "the loss of each sample")


def _penalty(unfolding: Unfolding) -> Operand:
    train, weights = unfolding.moment.train, unfolding.moment.network.weights
    formulas, codes, written, operands, value = [], [], [], [], 0.0
    sizes = sum(float(np.abs(each).sum()) for each in weights)
    squares = sum(float(np.square(each).sum()) for each in weights)
    for strength, name, code, total, what, factor, sum_of in (
        (train.l1, "λ₁", "l1", sizes, "sum_abs", 1.0, "Σ |w|"),
        (train.l2, "λ₂", "l2", squares, "sum_sq", 0.5, "Σ w²"),
    ):
        if not strength:
            continue
        half = "½·" if factor == 0.5 else ""
        formulas.append(f"{half}{name}·{sum_of}")
        codes.append(f"{'0.5 * ' if half else ''}{code} * {what}")
        written.append(f"{half}{number(strength)}·{number(total)}")
        operands += [
            constant(name, code, strength, "strength of the penalty"),
            constant(sum_of, what, total, "summed over all weights"),
        ]
        value += factor * strength * total
    step = Total(
        "P", "penalty_loss", "loss", None, "Penalty",
        "What large weights cost, beside the errors; biases are free.",
        read(f"P = {' + '.join(formulas)}"), " + ".join(codes), tuple(operands),
        np.asarray(value), by_row=False, numbers=_sum_of(written),
    )  # fmt: skip
    return unfolding.add(step, "the penalty on the weights")


def _objective(unfolding: Unfolding, parts: Sequence[Operand]) -> None:
    losses = parts[0]
    total = float(losses.value.sum(dtype=np.float64))
    if unfolding.averages:
        formula, code = "(1/N) Σₙ Lₙ", f"{losses.code}.mean()"
        written = f"{number(total)} / {unfolding.rows}"
        value, what = total / unfolding.rows, "mean"
    else:
        formula, code, written, value, what = (
            "Σₙ Lₙ", f"{losses.code}.sum()", number(total), total, "sum"
        )  # fmt: skip
    if len(parts) > 1:
        formula, code = f"{formula} + P", f"{code} + P"
        value += float(parts[1].value)
    numbers = [read(written)] + [Number(number(float(each.value))) for each in parts[1:]]
    step = Total(
        "L", "objective", "loss", None, f"The {what} over the batch",
        f"What the training makes small: the {what} over the batch"
        + (", and the penalty." if len(parts) > 1 else "."),
        read(f"L = {formula}"), code, tuple(parts), np.asarray(value), by_row=False,
        numbers=row([each for n in numbers for each in (Operator("+"), n)][1:]),
        averages=unfolding.averages,
    )  # fmt: skip
    unfolding.add(step, "the loss")


def _sum_of(written: Sequence[str]) -> Node:
    return read(" + ".join(written))


# ---------------------------------------------------------------- helpers


def named(tree: Node, names: dict[str, Operand]) -> Node:
    """Put the operands' own names in place of one-letter ones: z becomes z⁽¹⁾."""
    return replace(tree, {Symbol(short): each.symbol for short, each in names.items()})


def coded(code: str, names: dict[str, str]) -> str:
    """Do the same in NumPy.

    >>> coded("np.where(z > 0, z, 0)", {"z": "z1"})
    'np.where(z1 > 0, z1, 0)'
    """
    for short, long in names.items():
        code = re.sub(rf"\b{short}\b", long, code)
    return code


def constants_of(declared: Any) -> list[Operand]:
    """Return the settings of an activation, loss or optimizer that have a letter of their own."""
    return [
        constant(letter(each.label), each.name, getattr(declared, each.name), each.label)
        for each in knobs(declared)
        if letter(each.label)
    ]


def output_count(a: Operand) -> Operand:
    """Return k, the number of outputs."""
    return constant("k", "k", a.value.shape[-1], "outputs")


def _mentioned(tree: Node, operands: Sequence[Operand]) -> list[Operand]:
    return [each for each in operands if mentions(tree, each.symbol)]


def mean_over_rows(tree: Node) -> Node:
    """Return a formula divided by the number of rows."""
    additive = isinstance(tree, Row) and any(each in tree.items for each in map(Operator, "+−"))
    tree = Group(tree) if additive else tree
    return row([Fraction(Number("1"), Symbol("N")), Operator("·"), tree])
