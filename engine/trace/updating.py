"""Unfolds what becomes of the gradients: penalties, clipping, the optimizer, new weights."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.formulas import Node, Number, Operator, Root, Scripts, Symbol, mentions, row
from engine.formulas import replace as put
from engine.formulas.reader import read
from engine.formulas.writer import number
from engine.trace.forward import Unfolding, coded, constants_of, raised
from engine.trace.kinds import Elementwise, Total
from engine.trace.moment import given_parameters
from engine.trace.rules import Rule, rules
from engine.trace.step import Array, Operand, constant
from engine.update import penalty_gradient


@dataclass(frozen=True, eq=False)
class Parameter:
    """One array of parameters on its way to its new values."""

    key: str
    layer: int
    given: Operand
    gradient: Operand
    view: Array

    @property
    def noun(self) -> str:
        return f"{'weights' if self.key[0] == 'W' else 'biases'} of layer {self.layer}"


def unfold_update(unfolding: Unfolding) -> None:
    """Add what is done to each array of parameters, the first layer first."""
    known = unfolding.known
    parameters = [
        Parameter(key, int(key[1:]), known[key], known[f"d{key}"], view)
        for key, view in given_parameters(unfolding.moment.network).items()
    ]
    parameters = [_penalised(unfolding, each) for each in parameters]
    parameters = _clipped(unfolding, parameters)
    moment = unfolding.moment
    lines = tuple(rules(moment.train.optimizer, moment.state, unfolding.update.state))
    for each in parameters:
        _optimized(unfolding, each, lines)


def _penalised(unfolding: Unfolding, parameter: Parameter) -> Parameter:
    train, network = unfolding.moment.train, unfolding.moment.network
    if parameter.key[0] == "b" or not (train.l1 or train.l2):
        return parameter
    up, g, w = raised(parameter.layer), parameter.gradient, parameter.given
    formula, code, operands = g.name, g.code, [g]
    if train.l1:
        formula, code = f"{formula} + λ₁·sign({w.name})", f"{code} + l1 * np.sign({w.code})"
        operands.append(constant("λ₁", "l1", train.l1, "strength of the L1 penalty"))
    if train.l2:
        formula, code = f"{formula} + λ₂·{w.name}", f"{code} + l2 * {w.code}"
        operands.append(constant("λ₂", "l2", train.l2, "strength of the L2 penalty"))
    penalty = network.block_of(penalty_gradient(network, train), parameter.view)
    step = Elementwise(
        f"g{parameter.key}", "penalty", "update", parameter.layer, "Penalty",
        "Every weight is pulled towards zero: large weights must earn their keep.",
        read(f"g{up} = {formula}"), code, (*operands, w), g.value + penalty, "gradient", False,
    )  # fmt: skip
    return replace(
        parameter, gradient=unfolding.add(step, f"the gradient of the {parameter.noun}, penalised")
    )


# ---------------------------------------------------------------- clipping


def _clipped(unfolding: Unfolding, parameters: list[Parameter]) -> list[Parameter]:
    longest = unfolding.moment.train.clip_norm
    if longest is None:
        return parameters
    length = _length(unfolding, parameters, longest)
    if float(length.value) <= longest:
        return parameters
    limit = constant("c", "c", longest, "the longest that a gradient may be")
    return [_shortened(unfolding, each, limit, length) for each in parameters]


def _length(unfolding: Unfolding, parameters: list[Parameter], longest: float) -> Operand:
    parts = [
        constant("‖g‖", f"norm_{each.gradient.code}", float(np.sqrt(np.square(each.gradient.value,
                 dtype=np.float64).sum())), f"length of the gradient of the {each.noun}")
        for each in parameters
    ]  # fmt: skip
    flat = np.concatenate([each.gradient.value.ravel() for each in parameters])
    value = np.sqrt(flat @ flat)
    squares: list[Node] = []
    for part in parts:
        square = Scripts(Number(number(float(part.value))), None, Number("2"))
        squares += [Operator("+"), square] if squares else [square]
    too_long = "It is longer than allowed and will be cut." if value > longest else (
        f"It is no longer than {number(longest)}, so it stays as it is."
    )  # fmt: skip
    step = Total(
        "norm", "norm", "update", None, "Length of the gradient",
        f"All gradients seen as one arrow. {too_long}",
        read("‖g‖ = √(Σ g²)"), f"np.sqrt({' + '.join(f'{each.code}**2' for each in parts)})",
        tuple(parts), np.asarray(value), "gradient", False, numbers=Root(row(squares)),
    )  # fmt: skip
    return unfolding.add(step, "the length of the whole gradient")


def _shortened(
    unfolding: Unfolding, parameter: Parameter, limit: Operand, length: Operand
) -> Parameter:
    up, g = raised(parameter.layer), parameter.gradient
    value = unfolding.moment.network.block_of(unfolding.update.gradient, parameter.view)
    step = Elementwise(
        f"c{parameter.key}", "clip", "update", parameter.layer, "Clipping",
        "The gradient keeps its direction and is cut to the allowed length.",
        read(f"g̃{up} = {g.name}·(c / ‖g‖)"), f"{g.code} * (c / norm)", (g, limit, length), value,
        "gradient", False,
    )  # fmt: skip
    return replace(
        parameter, gradient=unfolding.add(step, f"the gradient of the {parameter.noun}, clipped")
    )


# ---------------------------------------------------------------- the optimizer


def _optimized(unfolding: Unfolding, parameter: Parameter, lines: Sequence[Rule]) -> None:
    """Add the optimizer's lines and the new values for one array of parameters."""
    moment, update = unfolding.moment, unfolding.update
    optimizer, network = moment.train.optimizer, moment.network
    step = int(update.state["step"])
    known = {
        "g": parameter.gradient,
        "θ": parameter.given,
        "η": constant("η", "eta", moment.learning_rate, "learning rate"),
        "t": constant("t", "t", step, "number of this update"),
    }
    known |= {each.name: each for each in constants_of(optimizer)}
    for rule in lines:
        flat = update.change if rule.value is None else rule.value
        value = network.block_of(flat, parameter.view)
        if rule.before is not None:
            known[rule.name] = Operand(
                rule.name, f"{rule.key}_before", network.block_of(rule.before, parameter.view),
                "gradient", f"{rule.title.lower()} before this update",
            )  # fmt: skip
        known[rule.name] = _line(unfolding, parameter, rule, known, value)
    _renewed(unfolding, parameter, known["Δθ"])


def _line(
    unfolding: Unfolding, parameter: Parameter, rule: Rule, known: dict[str, Operand], value: Array
) -> Operand:
    theta, gradient = parameter.given, parameter.gradient
    right = read(rule.formula)
    used = [each for name, each in known.items() if mentions(right, read(name))]
    tree = put(right, {Symbol("g"): gradient.symbol, Symbol("θ"): theta.symbol})
    left = put(read(rule.name), {Symbol("θ"): theta.symbol})
    names = {"g": gradient.code, "theta": theta.code}
    names |= {r: f"{r}{parameter.key}" for r in ("m", "v", "s", "r", "m_hat", "v_hat")}
    code = coded(rule.code, names)
    is_change = rule.value is None
    relation = Operator("=" if rule.before is None else "←")
    step = Elementwise(
        f"{rule.key}{parameter.key}", "change" if is_change else "memory", "update",
        parameter.layer, f"{rule.title} of the {parameter.noun.split()[0]}", rule.meaning,
        row([left, relation, tree]), code, tuple(used), value, "gradient", False,
    )  # fmt: skip
    return unfolding.add(step, f"{rule.title.lower()} of the {parameter.noun}")


def _renewed(unfolding: Unfolding, parameter: Parameter, change: Operand) -> None:
    given = parameter.given
    step = Elementwise(
        f"new{parameter.key}", "new_parameters", "update", parameter.layer,
        f"New {parameter.noun.split()[0]}",
        f"The {parameter.noun} with which the next batch is met.",
        read(f"{given.name} ← {given.name} + {change.name}"), f"{given.code} + {change.code}",
        (given, change), given.value + change.value, "weight", False,
    )  # fmt: skip
    unfolding.add(step, f"the new {parameter.noun}")
