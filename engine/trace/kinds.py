"""The kinds of arithmetic in an update, each able to work out a single entry."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import final

import numpy as np

from engine.formulas import (
    Cases,
    Group,
    Node,
    Number,
    Operator,
    Row,
    Scripts,
    Sum,
    Symbol,
    Word,
    added,
    indexed,
    mentions,
    replace,
    stripped,
    transform,
)
from engine.formulas.writer import to_text
from engine.trace.step import (
    Array,
    Element,
    Factor,
    Index,
    Operand,
    Step,
    Terms,
    subscript,
)

SHOWN_TERMS = 3  # of a sum too long to be spelled out


def entry_name(operand: Operand, index: Index, with_row: bool = False) -> Node:
    """Return the name of one entry: z⁽¹⁾ becomes z₃⁽¹⁾, or z₇,₃⁽¹⁾ where rows are told apart."""
    below = subscript(index, operand.by_row and not with_row)
    return operand.symbol if below is None else indexed(operand.symbol, below)


def entry(operand: Operand, index: Index, with_row: bool = False) -> Factor:
    """Return one entry of an operand; of a constant, the constant."""
    index = index if operand.value.ndim else ()
    return Factor(
        entry_name(operand, index, with_row),
        float(operand.value[index]),
        operand.role,
        operand.meaning,
        operand.place(index),
    )


def put_in(tree: Node, operands: Sequence[Operand], factors: Sequence[Factor]) -> tuple[Node, Node]:
    """Return a formula with the names, and with the numbers, of the operands' entries."""
    symbols = [each.symbol for each in operands]
    names = {s: f.linked_name(ref) for ref, (s, f) in enumerate(zip(symbols, factors, strict=True))}
    values = {
        s: f.linked_number(ref) for ref, (s, f) in enumerate(zip(symbols, factors, strict=True))
    }
    plain = {s: f.value for s, f in zip(symbols, factors, strict=True)}
    return replace(tree, names), replace(decided(tree, plain), values)


def decided(tree: Node, values: dict[Node, float]) -> Node:
    """Choose among cases with the numbers that decide; leave what cannot be decided."""

    def rule(node: Node) -> Node | None:
        if not isinstance(node, Cases):
            return None
        for value, condition in node.rows:
            if condition is None or holds(condition, values):
                return Group(value) if isinstance(value, Row) else value
        return None

    return transform(tree, rule)


def holds(condition: Node, values: dict[Node, float]) -> bool:
    """Tell whether a comparison of two quantities is true."""
    assert isinstance(condition, Row)
    left, sign, right = condition.items
    assert isinstance(sign, Operator)
    a, b = evaluated(left, values), evaluated(right, values)
    return {">": a > b, "<": a < b, "≤": a <= b, "≥": a >= b, "=": a == b}[sign.text]


def evaluated(node: Node, values: dict[Node, float]) -> float:
    """Return the value of a number, a known symbol, or the size |…| of one."""
    if isinstance(node, Number):
        return float(node.text.replace("−", "-"))
    if isinstance(node, Group) and node.left == "|":
        return abs(evaluated(node.body, values))
    return values[node]


# ---------------------------------------------------------------- entry by entry


@final
@dataclass(frozen=True, eq=False)
class Elementwise(Step):
    """Every entry from the operands' entries at the same place: a = f(z), Δw = −η·g."""

    def element(self, index: Index) -> Element:
        index = self.checked(index)
        factors = tuple(entry(each, index) for each in self.operands)
        names, numbers = put_in(self.right, self.operands, factors)
        left = entry_name(self.operand(), index)
        result = float(self.value[index])
        return Element(
            index, left, names, stripped(numbers), result, factors, relation=self.relation
        )

    def sliced(self, index: Index) -> tuple[Array, ...]:
        cut = tuple(slice(i, i + 1) for i in index)
        return tuple(each.value[cut] if each.value.ndim else each.value for each in self.operands)


# ---------------------------------------------------------------- along a row


@final
@dataclass(frozen=True, eq=False)
class AlongRow(Step):
    """Every entry from its whole row: the loss of a row, softmax and its way back.

    In the formula, an operand with the index `own` is its entry in the column computed; one
    within Σ runs over all columns.
    """

    own: str = ""
    sizes: Callable[[int, int], float] | None = field(default=None)
    """Given row and column, the size of that column's term of the sum: the largest are shown."""

    def operand(self, meaning: str = "") -> Operand:
        made, left = super().operand(meaning), self.left
        if not self.own or not isinstance(left, Scripts):
            return made
        return dataclasses.replace(made, name=to_text(Scripts(left.base, None, left.sup)))

    def element(self, index: Index) -> Element:
        index = self.checked(index)
        factors: list[Factor] = []
        names: dict[Node, Node] = {}
        numbers: dict[Node, Node] = {}
        for operand in self.operands:
            at = self._own_index(operand, index)
            if at is None:
                continue
            factor, ref = entry(operand, at), len(factors)
            symbol = indexed(operand.symbol, Symbol(self.own)) if at else operand.symbol
            names[symbol], numbers[symbol] = factor.linked_name(ref), factor.linked_number(ref)
            factors.append(factor)
        formula = replace(self.right, names)
        written = replace(self._written_out(self.right, index[0], factors), numbers)
        left = entry_name(self.operand(), index)
        return Element(index, left, formula, stripped(written), float(self.value[index]),
                       tuple(factors))  # fmt: skip

    def _own_index(self, operand: Operand, index: Index) -> Index | None:
        if not operand.value.ndim:
            return ()
        return index if self.own and len(index) == 2 else None

    def _written_out(self, tree: Node, row_: int, factors: list[Factor]) -> Node:
        """Write the largest terms of each Σ with their numbers."""
        columns = self._columns(row_)
        left_out = self._width - len(columns)

        def rule(node: Node) -> Node | None:
            if not isinstance(node, Sum):
                return None
            parts = [self._term(node, row_, k, factors) for k in columns]
            none = self.sizes is not None and not any(self.sizes(row_, k) for k in set(
                range(self._width)) - set(columns))  # fmt: skip
            what = f"({left_out} terms of 0)" if none else f"({left_out} more)"
            more: list[Node] = [Word(what)] if left_out else []
            return added(parts + more)

        return transform(tree, rule)

    def _term(self, total: Sum, row_: int, column: int, factors: list[Factor]) -> Node:
        numbers: dict[Node, Node] = {}
        values: dict[Node, float] = {}
        for operand in self.operands:
            index: Index = (row_, column) if operand.value.ndim else ()
            symbol = operand.symbol
            if index and total.index is not None:
                symbol = indexed(symbol, total.index)
            if not mentions(total.body, symbol):
                continue
            factor = entry(operand, index)
            numbers[symbol] = factor.linked_number(len(factors))
            values[symbol] = factor.value
            factors.append(factor)
        return replace(decided(total.body, values), numbers)

    @property
    def _width(self) -> int:
        return max(each.value.shape[1] for each in self.operands if each.value.ndim == 2)

    def _columns(self, row_: int) -> list[int]:
        """Return the columns whose terms are written down."""
        if self._width <= SHOWN_TERMS or self.sizes is None:
            return list(range(min(self._width, SHOWN_TERMS)))
        sizes = np.array([abs(self.sizes(row_, k)) for k in range(self._width)])
        largest = np.argsort(-np.nan_to_num(sizes, nan=np.inf), kind="stable")[:SHOWN_TERMS]
        counted = [k for k in largest.tolist() if sizes[k] != 0]
        return counted or largest[:1].tolist()

    def sliced(self, index: Index) -> tuple[Array, ...]:
        cut = slice(index[0], index[0] + 1)
        return tuple(each.value[cut] if each.value.ndim else each.value for each in self.operands)

    def picked(self, index: Index) -> Index:
        return (0, *index[1:])


# ---------------------------------------------------------------- one number of everything


@final
@dataclass(frozen=True, eq=False)
class Total(Step):
    """A single number made of whole arrays: the mean of the rows' losses, a length."""

    numbers: Node = field(default=Number("0"))
    averages: bool = False

    def element(self, index: Index) -> Element:
        index = self.checked(index)
        result = float(self.value)
        return Element(
            index, self.left, self.right, self.numbers, result, (), self._terms(), self.relation
        )

    def _terms(self) -> Terms | None:
        """Return what each row of the batch adds, where it is a sum over them."""
        rows = self.operands[0]
        if not rows.by_row:
            return None
        share = np.full(len(rows.value), 1 / len(rows.value) if self.averages else 1.0)
        return Terms(rows.value, share, self._factors)

    def _factors(self, k: int) -> tuple[Factor, Factor]:
        share = Number("1/N") if self.averages else Number("1")
        value = 1 / len(self.operands[0].value) if self.averages else 1.0
        constant = Factor(share, value, "constant", "each row's share", None)
        return entry(self.operands[0], (k,), with_row=True), constant

    def sliced(self, index: Index) -> tuple[Array, ...]:
        return tuple(each.value for each in self.operands)
