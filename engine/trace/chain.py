"""The chain rule for a single weight: ∂L/∂w = ∂L/∂a · ∂a/∂z · ∂z/∂w."""

from dataclasses import dataclass

import numpy as np

from engine.formulas import Fraction, Node, Number, Operator, Prefixed, Symbol, Word, equation, row
from engine.formulas.writer import number
from engine.trace import Trace
from engine.trace.kinds import entry, entry_name
from engine.trace.step import Factor, Operand


@dataclass(frozen=True, eq=False)
class Chain:
    """One weight's gradient, factor by factor.

    Attributes
    ----------
    lines : tuple of Node
        The formula, the numbers, the result; then, for a batch, what the other rows add.
    factors : tuple of Factor
        To which the lines' :class:`~engine.formulas.Linked` parts refer.
    gradient : float
        The weight's, over the whole batch.
    """

    lines: tuple[Node, ...]
    factors: tuple[Factor, ...]
    gradient: float


def chain(trace: Trace, layer: int, source: int, target: int, sample: int = 0) -> Chain:
    """Work out ∂L/∂w of the weight from one neuron to another.

    Parameters
    ----------
    layer : int
        That the weight belongs to; the first is 1.
    source, target : int
        Its row and column in W.
    sample : int
        The row of the batch whose share is shown.

    Examples
    --------
    >>> from engine.formulas.writer import to_text
    >>> from engine.spec import Experiment
    >>> from engine.trace import Moment
    >>> from engine.trainer import Trainer
    >>> trace = Trace.of(Moment.of(Trainer(Experiment())))
    >>> to_text(chain(trace, 1, 12, 3).lines[0])
    '∂L/∂w₁₃,₄⁽¹⁾ = ∂L/∂a₄⁽¹⁾·∂a₄⁽¹⁾/∂z₄⁽¹⁾·∂z₄⁽¹⁾/∂w₁₃,₄⁽¹⁾ + …'
    """
    weight = trace.given[f"W{layer}"]
    name = entry_name(weight, (source, target))
    through = _through_neuron(trace, layer, target, sample)
    last = _through_weight(trace, layer, source, target, sample, name)
    factors = (*through, last)
    left = Fraction(Prefixed("∂", Symbol("L")), Prefixed("∂", name))
    symbols = _times([each.linked_name(ref) for ref, each in enumerate(factors)])
    numbers = _times([each.linked_number(ref) for ref, each in enumerate(factors)])
    dz = trace[f"dz{layer}"].value[sample, target]
    share = float(dz) * last.value
    total = float(trace[f"dW{layer}"].value[source, target])
    lines = [equation(left, symbols), row([Operator("="), numbers])]
    lines.append(row([Operator("="), Number(number(share, 6))]))
    rows = len(trace.moment.x)
    if rows > 1:
        others = Word(f"({rows - 1} other samples: {number(total - share)})")
        lines[0] = row([lines[0], Operator("+"), Word("…")])
        lines[2] = row([lines[2], Operator("+"), others])
        lines.append(row([Operator("="), Number(number(total, 6))]))
    return Chain(tuple(lines), factors, total)


def _through_neuron(trace: Trace, layer: int, target: int, sample: int) -> tuple[Factor, ...]:
    """Return ∂L/∂a and ∂a/∂z, or ∂L/∂z alone where they cannot be parted."""
    index = (sample, target)
    if f"slope{layer}" not in trace:  # softmax: every sum moves every output
        return (entry(trace[f"dz{layer}"].operand(), index),)
    parts = tuple(entry(trace[f"{key}{layer}"].operand(), index) for key in ("da", "slope"))
    return parts if all(np.isfinite(each.value) for each in parts) else (
        entry(trace[f"dz{layer}"].operand(), index),
    )  # fmt: skip


def _through_weight(
    trace: Trace, layer: int, source: int, target: int, sample: int, weight: Node
) -> Factor:
    inputs = inputs_of(trace, layer)
    z = entry_name(trace[f"z{layer}"].operand(), (sample, target))
    came_in = entry(inputs, (sample, source))
    slope = Fraction(Prefixed("∂", z), Prefixed("∂", weight))
    return Factor(slope, came_in.value, "data", "what came in through this weight", came_in.place)


def inputs_of(trace: Trace, layer: int) -> Operand:
    """Return what a layer was given: x, or what the layer before put out."""
    if layer == 1:
        return trace.given["x"]
    before = f"d{layer - 1}" if f"d{layer - 1}" in trace else f"a{layer - 1}"
    return trace[before].operand()


def _times(parts: list[Node]) -> Node:
    spread: list[Node] = []
    for part in parts:
        spread += [Operator("·"), part] if spread else [part]
    return row(spread)
