"""What each optimizer does with a gradient, line by line.

The numbers are those of the optimizer's own state before and after its update; the lines
name them as the papers do. An optimizer without lines of its own here is shown by its one
formula.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch

from engine.formulas import right_side
from engine.formulas.reader import read
from engine.formulas.writer import to_text
from engine.optimizers import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Optimizer,
    RMSProp,
    State,
    adam_moments,
)
from engine.trace.step import Array


@dataclass(frozen=True, eq=False)
class Rule:
    """One line.

    Attributes
    ----------
    name, key : str
        Of what is computed, in formulas and in NumPy.
    title, meaning : str
        In words.
    formula, code : str
        Its right side. g is the gradient, θ the parameter, η the learning rate, t the
        number of the update; the others are settings and earlier lines.
    value : ndarray (n,)
        The result for all parameters; None for the change itself.
    before : ndarray (n,) or None
        What it was before, where the formula refers to that by the same name.
    """

    name: str
    key: str
    title: str
    meaning: str
    formula: str
    code: str
    value: Array | None = None
    before: Array | None = None


def change(formula: str, code: str, meaning: str) -> Rule:
    """Return the last line: what is added to the parameters."""
    return Rule("Δθ", "change", "Change", meaning, formula, code)


@singledispatch
def rules(optimizer: Optimizer, before: State, after: State) -> Iterable[Rule]:
    """Return the lines of an optimizer, the change of the parameters last."""
    formula = to_text(right_side(read(optimizer.formula.split(";")[-1].strip())))
    return [change(formula, "", f"{optimizer.label} turns the gradient into a step.")]


@rules.register
def _(optimizer: SGD, before: State, after: State) -> Iterable[Rule]:
    if not optimizer.momentum:
        return [change("−η·g", "-eta * g", "Downhill: against the gradient, by the learning rate.")]
    speed = Rule(
        "s", "s", "Velocity", "What is left of the steps before, and this gradient added.",
        "μ·s + g", "momentum * s_before + g", after["velocity"], before["velocity"],
    )  # fmt: skip
    if optimizer.nesterov:
        ahead = "The gradient corrected for where the velocity leads next."
        return [speed, change("−η·(g + μ·s)", "-eta * (g + momentum * s)", ahead)]
    return [speed, change("−η·s", "-eta * s", "Along the velocity, by the learning rate.")]


@rules.register
def _(optimizer: AdaGrad, before: State, after: State) -> Iterable[Rule]:
    squares = Rule(
        "r", "r", "Sum of squares", "All squared gradients so far.",
        "r + g²", "r_before + g**2", after["squares"], before["squares"],
    )  # fmt: skip
    meaning = "Against the gradient, the shorter the more there has been of it."
    return [squares, change("−η·g / (√r + ε)", "-eta * g / (np.sqrt(r) + epsilon)", meaning)]


@rules.register
def _(optimizer: RMSProp, before: State, after: State) -> Iterable[Rule]:
    share = 1.0 - optimizer.rho
    squares = Rule(
        "v", "v", "Mean square", "The running mean of the squared gradient.",
        "ρ·v + (1 − ρ)·g²", "rho * v_before + (1 - rho) * g**2",
        share * after["squares"], share * before["squares"],
    )  # fmt: skip
    meaning = "Against the gradient, measured in its usual size."
    return [squares, change("−η·g / (√v + ε)", "-eta * g / (np.sqrt(v) + epsilon)", meaning)]


def _moments(optimizer: Adam | AdamW, before: State, after: State) -> list[Rule]:
    mean, square = adam_moments(after, optimizer.beta1, optimizer.beta2)
    first, second = 1.0 - optimizer.beta1, 1.0 - optimizer.beta2
    return [
        Rule(
            "m", "m", "First moment", "The running mean of the gradient.",
            "β₁·m + (1 − β₁)·g", "beta1 * m_before + (1 - beta1) * g",
            first * after["gradients"], first * before["gradients"],
        ),
        Rule(
            "v", "v", "Second moment", "The running mean of the squared gradient.",
            "β₂·v + (1 − β₂)·g²", "beta2 * v_before + (1 - beta2) * g**2",
            second * after["squares"], second * before["squares"],
        ),
        Rule(
            "m\u0302", "m_hat", "First moment, corrected",
            "The mean started at 0; this takes out how much of that is left after t updates.",
            "m / (1 − β₁ᵗ)", "m / (1 - beta1**t)", mean,
        ),
        Rule(
            "v\u0302", "v_hat", "Second moment, corrected", "The same for the squares.",
            "v / (1 − β₂ᵗ)", "v / (1 - beta2**t)", square,
        ),
    ]  # fmt: skip


@rules.register
def _(optimizer: Adam, before: State, after: State) -> Iterable[Rule]:
    formula = "−η·m\u0302 / (√v\u0302 + ε)"
    meaning = "Against the mean gradient, measured in its usual size: about η, whatever its scale."
    step = change(formula, "-eta * m_hat / (np.sqrt(v_hat) + epsilon)", meaning)
    return [*_moments(optimizer, before, after), step]


@rules.register
def _(optimizer: AdamW, before: State, after: State) -> Iterable[Rule]:
    formula = "−η·(m\u0302 / (√v\u0302 + ε) + λ·θ)"
    code = "-eta * (m_hat / (np.sqrt(v_hat) + epsilon) + weight_decay * theta)"
    meaning = "Adam's step, and a share λ of the parameter itself taken away."
    return [*_moments(optimizer, before, after), change(formula, code, meaning)]


def letter(label: str) -> str:
    """Return the symbol at the end of a setting's label.

    >>> letter("Decay β₁"), letter("ε"), letter("Nesterov")
    ('β₁', 'ε', '')
    """
    last = label.split()[-1]
    return last if len(last) <= 2 and not last.isascii() else ""
