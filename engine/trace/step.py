"""One operation of an update, with everything that is needed to follow it.

A :class:`Step` holds its operands and its result as arrays. What is shown of one entry (its
formula with indices, with numbers put in, the terms of its sum) is an :class:`Element`,
made on demand, so that a large network's update costs no more than its arithmetic.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from engine.formulas import (
    RELATIONS,
    Linked,
    Node,
    Number,
    Operator,
    Row,
    equation,
    right_side,
    row,
    sides,
)
from engine.formulas.reader import read
from engine.formulas.writer import number, to_text

Array = np.ndarray
Index = tuple[int, ...]
Phase = Literal["forward", "loss", "backward", "update"]
Role = Literal["data", "target", "weight", "gradient", "constant"]

SPELLED_OUT = 4  # the most terms of a sum that are all written down


@dataclass(frozen=True)
class Place:
    """One number: the key of the step that made it, or of what was given, and its entry.

    Given are ``x``, ``y``, and ``W1``, ``b1``, … of each layer.
    """

    key: str
    index: Index


@dataclass(frozen=True, eq=False)
class Operand:
    """What goes into an operation.

    Attributes
    ----------
    name : str
        As in formulas: ``W⁽¹⁾``.
    code : str
        As in NumPy: ``W1``.
    value : ndarray
        Its numbers.
    role : str
        What kind of quantity it is.
    meaning : str
        What it is, in words.
    origin : str
        Key of the step that made it or of what was given; empty for a constant.
    by_row : bool
        Whether its first axis counts the rows of the batch.
    """

    name: str
    code: str
    value: Array
    role: Role
    meaning: str
    origin: str = ""
    by_row: bool = False

    @property
    def symbol(self) -> Node:
        """Its name as a formula."""
        return read(self.name)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def place(self, index: Index) -> Place | None:
        """Return where an entry comes from."""
        return Place(self.origin, index) if self.origin else None


def constant(name: str, code: str, value: float, meaning: str) -> Operand:
    """Make an operand of a single number that is set, not computed."""
    return Operand(name, code, np.asarray(value), "constant", meaning)


@dataclass(frozen=True, eq=False)
class Factor:
    """A number in an element's formula: its name there, and where it comes from."""

    name: Node
    value: float
    role: Role
    meaning: str
    place: Place | None

    def linked_name(self, ref: int) -> Node:
        return Linked(self.name, ref)

    def linked_number(self, ref: int) -> Node:
        return Linked(Number(number(self.value)), ref)


@dataclass(frozen=True, eq=False)
class Terms:
    """The products that a sum adds up.

    Attributes
    ----------
    left, right : ndarray (n,)
        The two factors of each term.
    factors : callable
        Given a term's number, its two :class:`Factor`.
    """

    left: Array
    right: Array
    factors: Callable[[int], tuple[Factor, Factor]]

    @cached_property
    def products(self) -> Array:
        """The terms themselves, (n,)."""
        return self.left * self.right

    @cached_property
    def order(self) -> Array:
        """The numbers of the terms, the largest in size first."""
        return np.argsort(-np.abs(np.nan_to_num(self.products)), kind="stable")

    def largest(self, count: int) -> list[int]:
        """Return the numbers of the largest terms, those of 0 left out; at least one."""
        first: list[int] = self.order[:count].tolist()
        return [k for k in first if self.products[k] != 0] or first[:1]

    def rest(self, shown: int) -> float:
        """Return the sum of all but the `shown` largest."""
        return float(self.products[self.order[shown:]].sum())


@dataclass(frozen=True, eq=False)
class Element:
    """One number of a step, worked out.

    Attributes
    ----------
    left : Node
        What is computed, with its indices.
    formula, numbers : Node
        How: with symbols, and with numbers put in. A part that stands for one of `factors`
        is a :class:`~engine.formulas.Linked` with its position there.
    result : float
        What comes out.
    factors : tuple of Factor
        What goes in.
    terms : Terms or None
        Where it is a sum of products.
    relation : str
        An equals sign, or an arrow where something gets a new value.
    """

    index: Index
    left: Node
    formula: Node
    numbers: Node
    result: float
    factors: tuple[Factor, ...]
    terms: Terms | None = None
    relation: str = "="

    @property
    def worked(self) -> tuple[Node, ...]:
        """The lines to read: with symbols, with numbers unless they say no more, the result."""
        result = Number(number(self.result, 6))
        plain = self.numbers.body if isinstance(self.numbers, Linked) else self.numbers
        lines = [equation(self.left, self.formula, self.relation)]
        if not (isinstance(plain, Number) and plain.text == number(self.result)):
            lines.append(row([Operator("="), self.numbers]))
        return (*lines, row([Operator("="), result]))


@dataclass(frozen=True, eq=False)
class Step(ABC):
    """One operation.

    Attributes
    ----------
    key : str
        Its own within the trace, and the name of its result in NumPy: ``z1``.
    kind : str
        What sort of operation it is: ``weighted_sum``, ``activation``, ….
    phase : {'forward', 'loss', 'backward', 'update'}
    layer : int or None
        Number of the dense layer it belongs to, the first is 1; None if to none.
    title, meaning : str
        A few words, and a sentence or two.
    tree : Node
        The formula, for the whole array.
    code : str
        The same in NumPy, in the operands' names; empty where there is none.
    operands : tuple of Operand
        In the order in which the formula has them.
    value : ndarray
        The result.
    role : str
        What kind of quantity the result is.
    by_row : bool
        Whether the result's first axis counts the rows of the batch.
    """

    key: str
    kind: str
    phase: Phase
    layer: int | None
    title: str
    meaning: str
    tree: Node
    code: str
    operands: tuple[Operand, ...]
    value: Array
    role: Role = "data"
    by_row: bool = True

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    @property
    def left(self) -> Node:
        """What is computed."""
        return sides(self.tree)[0]

    @property
    def relation(self) -> str:
        """The sign between the two."""
        items = self.tree.items if isinstance(self.tree, Row) else ()
        signs = (each.text for each in items if isinstance(each, Operator))
        return next(each for each in signs if each in RELATIONS)

    @property
    def right(self) -> Node:
        """How."""
        return right_side(self.tree)

    def operand(self, meaning: str = "") -> Operand:
        """Return the result as an operand of a later step."""
        name = to_text(self.left)
        return Operand(
            name, self.key, self.value, self.role, meaning or self.title, self.key, self.by_row
        )

    @abstractmethod
    def element(self, index: Index) -> Element:
        """Work out the entry at `index` of the result."""

    @abstractmethod
    def sliced(self, index: Index) -> tuple[Array, ...]:
        """Return of each operand what the entry depends on: `code` then gives that entry."""

    def picked(self, index: Index) -> Index:
        """Return where the entry is found in what `code` gives for the slices."""
        return (0,) * self.value.ndim

    def checked(self, index: Index) -> Index:
        """Return `index`, or raise IndexError where the result has no such entry."""
        fits = len(index) == self.value.ndim and all(
            0 <= i < n for i, n in zip(index, self.value.shape, strict=True)
        )
        if not fits:
            raise IndexError(f"{self.key} has the shape {self.value.shape}: no entry {index}")
        return index


def subscript(index: Index, by_row: bool) -> Node | None:
    """Return an entry's index as formulas show it, counted from 1, without the row.

    >>> subscript((4, 2), by_row=True), subscript((), by_row=False)
    (Number(text='3'), None)
    """
    shown = index[1:] if by_row else index
    return read(",".join(str(each + 1) for each in shown)) if shown else None
