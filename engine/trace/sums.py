"""The sums of products in an update: matrix products, sums over rows, a Jacobian."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, final

import numpy as np

from engine.formulas import (
    Fraction,
    Node,
    Number,
    Operator,
    Prefixed,
    Sum,
    Symbol,
    Word,
    added,
    indexed,
    replace,
    row,
    stripped,
)
from engine.formulas.reader import read
from engine.formulas.writer import number
from engine.trace.kinds import SHOWN_TERMS, entry, entry_name
from engine.trace.step import SPELLED_OUT, Array, Element, Factor, Index, Operand, Step, Terms

Orientation = Literal["", "left", "right"]


@final
@dataclass(frozen=True, eq=False)
class Product(Step):
    """A product of two matrices, one of them perhaps transposed, plus a bias if there is one."""

    transposed: Orientation = ""
    running: str = "i"

    def _vectors(self, index: Index) -> tuple[Array, Array]:
        """Return the left and the right factors of an entry's terms."""
        left, right = self.operands[0].value, self.operands[1].value
        return (
            left[:, index[0]] if self.transposed == "left" else left[index[0]],
            right[index[1]] if self.transposed == "right" else right[:, index[1]],
        )

    def _pair(self, row_: int, column: int, k: int) -> tuple[Index, Index]:
        left = (k, row_) if self.transposed == "left" else (row_, k)
        right = (column, k) if self.transposed == "right" else (k, column)
        return left, right

    def _factors(self, index: Index, rows: int, k: int) -> tuple[Factor, Factor]:
        left, right = self._pair(index[0], index[1], k)
        over_rows = self.transposed == "left" and rows > 1
        return entry(self.operands[0], left, over_rows), entry(self.operands[1], right, over_rows)

    def element(self, index: Index) -> Element:
        index = self.checked(index)
        left, right = self._vectors(index)
        terms = Terms(left, right, partial(self._factors, index, len(left)))
        bias = [entry(each, index[1:]) for each in self.operands[2:]]
        symbols, numbers, factors = (
            spelled(terms) if len(left) <= SPELLED_OUT else self._folded(index, terms)
        )
        refs = range(len(factors), len(factors) + len(bias))
        symbols += [each.linked_name(ref) for each, ref in zip(bias, refs, strict=True)]
        numbers += [each.linked_number(ref) for each, ref in zip(bias, refs, strict=True)]
        return Element(
            index,
            entry_name(self.operand(), index),
            stripped(added(symbols)),
            stripped(added(numbers)),
            float(self.value[index]),
            (*factors, *bias),
            terms,
        )

    def _folded(
        self, index: Index, terms: Terms
    ) -> tuple[list[Node], list[Node], tuple[Factor, ...]]:
        """Return Σ in symbols, and the largest terms in numbers with the rest in one."""
        shown = terms.largest(SHOWN_TERMS)
        _symbols, numbers, factors = spelled(terms, shown)
        more = _more(terms, len(shown))
        running = Symbol(self.running)
        names = [self._running_name(self.operands[side], index, side) for side in (0, 1)]
        symbol = Sum(running, row([names[0], Operator("·"), names[1]]))
        return [symbol], [*numbers, more], factors

    def _running_name(self, operand: Operand, index: Index, side: int) -> Node:
        """Return an operand's name with the running index where the sum goes along it."""
        pair = self._pair(index[0], index[1], -1)[side]
        parts = [self.running if i == -1 else str(i + 1) for i in pair]
        if operand.by_row and self.running != "n":
            parts = parts[1:]
        return indexed(operand.symbol, read(",".join(parts)))

    def sliced(self, index: Index) -> tuple[Array, ...]:
        i, j = index
        left, right = self.operands[0].value, self.operands[1].value
        a = left[:, i : i + 1] if self.transposed == "left" else left[i : i + 1]
        b = right[j : j + 1] if self.transposed == "right" else right[:, j : j + 1]
        return (a, b, *(each.value[j : j + 1] for each in self.operands[2:]))


def _more(terms: Terms, shown: int) -> Word:
    """Fold all but the largest terms."""
    return Word(f"({len(terms.left) - shown} more terms: {number(terms.rest(shown))})")


def spelled(
    terms: Terms, which: Sequence[int] | None = None
) -> tuple[list[Node], list[Node], tuple[Factor, ...]]:
    """Return some terms as symbols and as numbers, and the factors they refer to."""
    symbols: list[Node] = []
    numbers: list[Node] = []
    factors: list[Factor] = []
    for k in range(len(terms.left)) if which is None else which:
        ref, (a, b) = len(factors), terms.factors(k)
        symbols.append(row([a.linked_name(ref), Operator("·"), b.linked_name(ref + 1)]))
        numbers.append(row([a.linked_number(ref), Operator("·"), b.linked_number(ref + 1)]))
        factors += [a, b]
    return symbols, numbers, tuple(factors)


@final
@dataclass(frozen=True, eq=False)
class ColumnSum(Step):
    """The sum of a matrix over the rows of the batch: ∂L/∂b."""

    def element(self, index: Index) -> Element:
        index = self.checked(index)
        operand = self.operands[0]
        column = operand.value[:, index[0]]
        terms = Terms(column, np.ones_like(column), partial(self._factors, index))
        count = len(column)
        which = list(range(count)) if count <= SPELLED_OUT else terms.largest(SHOWN_TERMS)
        factors = tuple(self._factors(index, k)[0] for k in which)
        names: list[Node] = [each.linked_name(ref) for ref, each in enumerate(factors)]
        numbers: list[Node] = [each.linked_number(ref) for ref, each in enumerate(factors)]
        if count > SPELLED_OUT:
            names = [Sum(Symbol("n"), indexed(operand.symbol, read(f"n,{index[0] + 1}")))]
            numbers.append(_more(terms, len(which)))
        return Element(
            index,
            entry_name(self.operand(), index),
            stripped(added(names)),
            stripped(added(numbers)),
            float(self.value[index]),
            factors,
            terms,
        )

    def _factors(self, index: Index, k: int) -> tuple[Factor, Factor]:
        factor = entry(self.operands[0], (k, *index), len(self.operands[0].value) > 1)
        return factor, Factor(Number("1"), 1.0, "constant", "each sample counts once", None)

    def sliced(self, index: Index) -> tuple[Array, ...]:
        return (self.operands[0].value[:, index[0] : index[0] + 1],)


@final
@dataclass(frozen=True, eq=False)
class ThroughJacobian(Step):
    """Back through softmax, where every weighted sum moves every output.

    ∂L/∂zⱼ = Σᵢ ∂L/∂aᵢ·∂aᵢ/∂zⱼ with ∂aᵢ/∂zⱼ = aᵢ·(1[i = j] − aⱼ). The first two operands are
    ∂L/∂a and a; if `fused`, the next are y and perhaps N, and the sum is a − y in short.
    """

    fused: bool = False

    def element(self, index: Index) -> Element:
        index = self.checked(index)
        n, j = index
        gradients, outputs = self.operands[0].value[n], self.operands[1].value[n]
        column = outputs * ((np.arange(len(outputs)) == j) - outputs[j])
        terms = Terms(gradients, column, partial(self._factors, index, column))
        count = len(column)
        which = list(range(count)) if count <= SHOWN_TERMS else terms.largest(SHOWN_TERMS)
        symbols, numbers, factors = spelled(terms, which)
        if count > SHOWN_TERMS:
            below = self._slope_name(Symbol("i"), j)
            gradient = indexed(self.operands[0].symbol, Symbol("i"))
            symbols = [Sum(Symbol("i"), row([gradient, Operator("·"), below]))]
            numbers.append(_more(terms, len(which)))
        names, values = stripped(added(symbols)), stripped(added(numbers))
        if self.fused:
            names, values, factors = self._in_short(index, names, values, factors)
        left = entry_name(self.operand(), index)
        return Element(index, left, names, values, float(self.value[index]), factors, terms)

    def _factors(self, index: Index, column: Array, i: int) -> tuple[Factor, Factor]:
        slope = Factor(
            self._slope_name(Number(str(i + 1)), index[1]),
            float(column[i]),
            "gradient",
            "how this output depends on the weighted sum: aᵢ·(1[i = j] − aⱼ)",
            self.operands[1].place((index[0], i)),
        )
        return entry(self.operands[0], (index[0], i)), slope

    def _slope_name(self, i: Node, j: int) -> Node:
        a = self.operands[1].symbol
        z = replace(a, {Symbol("a"): Symbol("z")})
        return Fraction(Prefixed("∂", indexed(a, i)), Prefixed("∂", indexed(z, Number(str(j + 1)))))

    def _in_short(
        self, index: Index, names: Node, values: Node, factors: tuple[Factor, ...]
    ) -> tuple[Node, Node, tuple[Factor, ...]]:
        parts = [entry(each, index) for each in self.operands[1:]]
        refs = range(len(factors), len(factors) + len(parts))
        short = [
            self._difference([each.linked_name(r) for each, r in zip(parts, refs, strict=True)]),
            self._difference([each.linked_number(r) for each, r in zip(parts, refs, strict=True)]),
        ]
        joined = [row([long, Operator("="), brief]) for long, brief in zip((names, values), short,
                                                                         strict=True)]  # fmt: skip
        return joined[0], joined[1], (*factors, *parts)

    def _difference(self, parts: list[Node]) -> Node:
        difference = row([parts[0], Operator("−"), parts[1]])
        return difference if len(parts) == 2 else Fraction(difference, parts[2])

    def sliced(self, index: Index) -> tuple[Array, ...]:
        cut = slice(index[0], index[0] + 1)
        return tuple(each.value[cut] if each.value.ndim else each.value for each in self.operands)

    def picked(self, index: Index) -> Index:
        return (0, index[1])
