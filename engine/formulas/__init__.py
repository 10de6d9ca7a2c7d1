"""Formulas as trees: to be typeset, to have numbers put in, to be copied as text or LaTeX.

A formula is written the way it is read (``"∂L/∂W = xᵀ·∂L/∂z"``) and turned into a tree by
:func:`engine.formulas.reader.read`. What stands for a number is found in the tree by what it
is, so the same formula serves with its symbols, with indices, and with numbers put in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import chain
from typing import Any, get_args

PREFIXES = "∂Δ"
RELATIONS = "=←≈≠<>≤≥"
ADDITIVE = "+−"
MULTIPLICATIVE = "·×∘"
PUNCTUATION = ",;"


@dataclass(frozen=True)
class Symbol:
    """A variable, set in italics: one letter."""

    text: str


@dataclass(frozen=True)
class Word:
    """A name or a plain word, set upright: ``max``, ``ln``, ``if``."""

    text: str


@dataclass(frozen=True)
class Number:
    """Digits as they are to be read; a minus may lead."""

    text: str

    @property
    def guarded(self) -> bool:
        """Whether it needs brackets under an exponent."""
        return not self.text.replace(".", "").isalnum() or not self.text.isascii()


@dataclass(frozen=True)
class Operator:
    """A sign between two terms, or a minus before one."""

    text: str


@dataclass(frozen=True)
class Row:
    """One after the other; never holds another row."""

    items: tuple["Node", ...]


@dataclass(frozen=True)
class Fraction:
    """One over the other."""

    over: "Node"
    under: "Node"


@dataclass(frozen=True)
class Scripts:
    """A base with an index, an exponent, or both."""

    base: "Node"
    sub: "Node | None" = None
    sup: "Node | None" = None


@dataclass(frozen=True)
class Prefixed:
    """A letter that is one with what follows: ∂L, Δw."""

    mark: str
    body: "Node"


@dataclass(frozen=True)
class Root:
    """A square root."""

    body: "Node"


@dataclass(frozen=True)
class Accent:
    """A mark over a letter: 'hat' or 'tilde'."""

    base: "Node"
    mark: str


@dataclass(frozen=True)
class Group:
    """Something in brackets, which grow with it."""

    body: "Node"
    left: str = "("
    right: str = ")"


@dataclass(frozen=True)
class Sum:
    """Σ of what follows it, over an index if one is given."""

    index: "Node | None"
    body: "Node"


@dataclass(frozen=True)
class Cases:
    """One value of several, each with its condition; the last without one is 'else'."""

    rows: tuple[tuple["Node", "Node | None"], ...]


@dataclass(frozen=True)
class Linked:
    """A part that stands for the operand number `ref` of a step."""

    body: "Node"
    ref: int


Node = (
    Symbol
    | Word
    | Number
    | Operator
    | Row
    | Fraction
    | Scripts
    | Prefixed
    | Root
    | Accent
    | Group
    | Sum
    | Cases
    | Linked
)

_PLAIN = ("text", "mark", "left", "right", "ref")
_PARTS: dict[type, tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(kind) if each.name not in _PLAIN)
    for kind in get_args(Node)
}
"""Of each kind of node the attributes that hold other nodes; a letter or a sign has none."""


def row(items: Sequence[Node]) -> Node:
    """Put nodes side by side; rows inside dissolve, and one node alone stays itself.

    A negative number is put in brackets where another sign precedes it, and two factors that
    stood side by side get a dot between them where they became numbers.
    """
    flat: list[Node] = []
    for item in items:
        for each in item.items if isinstance(item, Row) else (item,):
            if flat:
                each = _beside(flat, each)
            flat.append(each)
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def _beside(before: list[Node], node: Node) -> Node:
    number = node.body if isinstance(node, Linked) else node
    if not isinstance(number, Number):
        return node
    last = before[-1]
    joined = not isinstance(last, Operator | Word)
    if joined:
        before.append(Operator("·"))
    after_sign = isinstance(last, Operator) and last.text not in RELATIONS + PUNCTUATION
    negative = number.text.startswith("−")
    return Group(node) if negative and (joined or after_sign or isinstance(last, Word)) else node


def stripped(node: Node) -> Node:
    """Return what stands in round brackets, or the node itself."""
    return node.body if isinstance(node, Group) and node.left == "(" else node


def replace(node: Node, parts: Mapping[Node, Node]) -> Node:
    """Return the tree with some of its parts replaced.

    >>> from engine.formulas.reader import read
    >>> from engine.formulas.writer import to_text
    >>> z, y = read("z"), read("y")
    >>> to_text(replace(read("α·z − y²"), {z: Number("0.5"), y: Number("−2")}))
    'α·0.5 − (−2)²'
    """
    return transform(node, parts.get)


def transform(node: Node, rule: Callable[[Node], Node | None]) -> Node:
    """Return the tree with every part for which `rule` gives another replaced, from the top."""
    new = rule(node)
    if new is not None:
        return new
    if isinstance(node, Row):
        return row([transform(each, rule) for each in node.items])
    if isinstance(node, Scripts) and node.sub is not None and node.sup is not None:
        base = rule(Scripts(node.base, node.sub))
        if base is not None:  # β₁ in β₁ᵗ
            return _guarded(Scripts(base, None, transform(node.sup, rule)))
    if isinstance(node, Cases):
        pairs = ((v, None if c is None else transform(c, rule)) for v, c in node.rows)
        return Cases(tuple((transform(value, rule), condition) for value, condition in pairs))
    inner = _PARTS[type(node)]
    if not inner:
        return node
    changed = {name: _transformed(getattr(node, name), rule) for name in inner}
    made = type(node)(**{f.name: getattr(node, f.name) for f in fields(node)} | changed)
    if isinstance(made, Fraction):
        return Fraction(stripped(made.over), stripped(made.under))
    return _guarded(made) if isinstance(made, Scripts) else made


def _transformed(part: Any, rule: Callable[[Node], Node | None]) -> Any:
    return transform(part, rule) if isinstance(part, Node) else part


def _guarded(node: Scripts) -> Scripts:
    """Put brackets around a base that needs them; merge an index with an exponent."""
    base = node.base.body if isinstance(node.base, Linked) else node.base
    if isinstance(base, Scripts) and node.sup is None and base.sub is None:
        return Scripts(base.base, node.sub, base.sup)
    if isinstance(base, Number):
        needs = base.guarded
    else:
        raised = isinstance(base, Scripts) and base.sup is not None
        needs = raised or isinstance(base, Fraction | Row)
    return Scripts(Group(node.base), node.sub, node.sup) if needs else node


def sides(node: Node) -> tuple[Node, Node]:
    """Return what stands left and right of the first relation, such as an equals sign.

    Raises
    ------
    ValueError
        When there is none.
    """
    items = node.items if isinstance(node, Row) else (node,)
    for index, item in enumerate(items):
        if isinstance(item, Operator) and item.text in RELATIONS:
            return row(items[:index]), row(items[index + 1 :])
    raise ValueError("a formula needs an equals sign")


def right_side(node: Node) -> Node:
    """Return what stands right of the equals sign, without the remark behind a comma."""
    items = sides(node)[1]
    if not isinstance(items, Row):
        return items
    ends = (i for i, each in enumerate(items.items) if each == Operator(","))
    return row(items.items[: next(ends, None)])


def equation(left: Node, right: Node, relation: str = "=") -> Node:
    """Join two sides."""
    return row([left, Operator(relation), stripped(right)])


def expanded(node: Node, terms: Sequence[Mapping[Node, Node]], more: Node | None = None) -> Node:
    """Write out every Σ in a tree: its body once with each of `terms` put in, then `more`.

    >>> from engine.formulas.reader import read
    >>> from engine.formulas.writer import to_text
    >>> a = read("a")
    >>> to_text(expanded(read("2·Σ a²"), [{a: Number("3")}, {a: Number("4")}], Word("…")))
    '2·(3² + 4² + …)'
    """

    def rule(part: Node) -> Node | None:
        if not isinstance(part, Sum):
            return None
        parts = [replace(part.body, each) for each in terms] + ([] if more is None else [more])
        return added(parts)

    return transform(node, rule)


def added(parts: Sequence[Node]) -> Node:
    """Put plus signs between, and brackets around if there is more than one."""
    spread: list[Node] = []
    for part in parts:
        spread += [Operator("+"), part] if spread else [part]
    return Group(row(spread)) if len(parts) > 1 else spread[0]


def mentions(node: Node, part: Node) -> bool:
    """Tell whether a part occurs in a tree."""
    return part in _known_parts(node)


@lru_cache(maxsize=1024)
def _known_parts(node: Node) -> frozenset[Node]:
    return frozenset(_all_parts(node))


def _all_parts(node: Node) -> Iterator[Node]:
    """Yield a tree and everything in it; an exponent's base with its index is a part, too."""
    yield node
    inside: Iterable[Node | None]
    if isinstance(node, Row):
        inside = node.items
    elif isinstance(node, Cases):
        inside = chain.from_iterable(node.rows)
    else:
        inside = [getattr(node, name) for name in _PARTS[type(node)]]
    if isinstance(node, Scripts) and node.sub is not None and node.sup is not None:
        yield Scripts(node.base, node.sub)  # β₁ in β₁ᵗ
    for each in inside:
        if each is not None:
            yield from _all_parts(each)


def superscripted(node: Node, sup: Node) -> Node:
    """Give a variable an exponent beside the index, or behind the exponent, it may have."""
    if isinstance(node, Scripts):
        joined = sup if node.sup is None else row([node.sup, sup])
        return Scripts(node.base, node.sub, joined)
    return Scripts(node, None, sup)


def indexed(node: Node, index: Node) -> Node:
    """Give a quantity an index: z becomes z₃, ∂L/∂W becomes ∂L/∂w₃.

    A capital stands for a whole matrix; one entry of it is written small.
    """
    if isinstance(node, Fraction):
        of_loss = node.over == Prefixed("∂", Symbol("L"))
        over = node.over if of_loss else indexed(node.over, index)
        return Fraction(over, indexed(node.under, index))
    if isinstance(node, Prefixed):
        return Prefixed(node.mark, indexed(node.body, index))
    if isinstance(node, Scripts):
        return Scripts(_small(node.base), index, node.sup)
    if isinstance(node, Row) and isinstance(node.items[-1], Group):  # f′(z)
        inner = node.items[-1]
        return row([*node.items[:-1], Group(indexed(inner.body, index), inner.left, inner.right)])
    return Scripts(_small(node), index)


def _small(node: Node) -> Node:
    return Symbol("w") if node == Symbol("W") else node
