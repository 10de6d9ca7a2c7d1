"""Reads a formula as people write it in a line of text.

- One letter is a variable, several are a word: ``z``, ``η``, ``max``, ``ln``. A letter may carry
  a hat or a tilde. ``∂`` and ``Δ`` are one with what follows.
- Raised and lowered characters are exponents and indices (``e⁻ᶻ``, ``W⁽¹⁾``, ``w₁₂``), or
  ``^{…}`` and ``_{…}`` for what has no such character. Of two raised letters the second
  is the index of the first.
- ``/`` is a fraction: of its two neighbours where no blank stands beside it (``∂L/∂a``), of
  the whole products at its sides where there are blanks (``−η·g / (√r + ε)``). Brackets
  around either are dropped.
- ``√`` takes the next factor, ``Σ`` the product that follows.
- ``A if c, else B`` is a choice between cases.
"""

import re
from functools import lru_cache

from engine.formulas import (
    ADDITIVE,
    MULTIPLICATIVE,
    PREFIXES,
    PUNCTUATION,
    RELATIONS,
    Accent,
    Cases,
    Fraction,
    Group,
    Node,
    Number,
    Operator,
    Prefixed,
    Root,
    Scripts,
    Sum,
    Symbol,
    Word,
    row,
    stripped,
)

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᶻᵗᵀⁿᵏⁱʲᵃ′", "0123456789+−()ztTnkija′", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑᵢⱼₖₙₜₓ", "0123456789+−()aeijkntx", strict=True))
ACCENTS = {"\u0302": "hat", "\u0303": "tilde"}
BRACKETS = {"(": ")", "[": "]", "|": "|", "‖": "‖"}
HALF = Fraction(Number("1"), Number("2"))

_TOKENS = re.compile(
    rf"""(?P<number>\d+(?:\.\d+)?)
    |(?P<raised>[{"".join(RAISED)}]+|\^{{[^}}]*}})
    |(?P<lowered>[{"".join(LOWERED)}]+|_{{[^}}]*}})
    |(?P<word>[A-Za-z]{{2,}}(?![{"".join(ACCENTS)}])|…)
    |(?P<half>½)
    |(?P<letter>[^\W\d_][{"".join(ACCENTS)}]?)
    |(?P<other>\S)""",
    re.VERBOSE,
)


@lru_cache(maxsize=2048)
def read(text: str) -> Node:
    """Return the tree of a formula.

    Raises
    ------
    ValueError
        When a bracket is not closed or something is missing.

    Examples
    --------
    >>> read("z/2")
    Fraction(over=Symbol(text='z'), under=Number(text='2'))
    """
    reader = _Reader(text)
    node = reader.row(())
    if reader.more:
        raise ValueError(f"cannot read '{text}' from '{reader.value}' on")
    return node


class _Reader:
    """Goes through the tokens of one formula."""

    def __init__(self, text: str) -> None:
        self.text = text = text.replace("ã", "a\u0303")
        self._tokens = list(_TOKENS.finditer(text))
        self._at = 0

    @property
    def more(self) -> bool:
        return self._at < len(self._tokens)

    @property
    def kind(self) -> str:
        return str(self._tokens[self._at].lastgroup) if self.more else ""

    @property
    def value(self) -> str:
        return self._tokens[self._at].group() if self.more else ""

    @property
    def _spaced(self) -> bool:
        """Whether a blank stands before the present token or behind it."""
        start, end = self._tokens[self._at].span()
        return self.text[start - 1 : start] == " " or self.text[end : end + 1] == " "

    def take(self) -> str:
        if not self.more:
            raise ValueError(f"'{self.text}' breaks off")
        value = self.value
        self._at += 1
        return value

    # ------------------------------------------------------------ terms

    def row(self, stops: tuple[str, ...]) -> Node:
        """Read until one of `stops`, which is left."""
        items: list[Node] = []
        while self.more and self.value not in stops:
            if self.value in RELATIONS + ADDITIVE + PUNCTUATION:
                items.append(Operator(self.take()))
            elif self.value == "if":
                self._cases(items, stops)
            else:
                items.append(self._product(stops))
        if not items or (isinstance(items[-1], Operator) and items[-1].text in ADDITIVE):
            raise ValueError(f"'{self.text}' has an empty place")
        return row(items)

    def _cases(self, items: list[Node], stops: tuple[str, ...]) -> None:
        """Turn the value just read, 'if', and what follows into cases."""
        relations = [
            i for i, each in enumerate(items) if isinstance(each, Operator) and each.text in "="
        ]
        start = relations[-1] + 1 if relations else 0
        rows: list[tuple[Node, Node | None]] = []
        value = row(items[start:])
        while self.value == "if":
            self.take()
            rows.append((value, self.row((",", *stops))))
            self.take()  # the comma
            otherwise = self.value == "else"
            if otherwise:
                self.take()
            value = self.row((",", "if", *stops))
        rows.append((value, None))
        items[start:] = [Cases(tuple(rows))]

    def _product(self, stops: tuple[str, ...]) -> Node:
        factors = [self._factor()]
        while self.more and self.value not in stops:
            if self.value in MULTIPLICATIVE:
                factors += [Operator(self.take()), self._factor()]
            elif self.value == "/":
                self.take()
                return Fraction(stripped(row(factors)), stripped(self._product(stops)))
            elif self.value in RELATIONS + ADDITIVE + PUNCTUATION or self.value == "if":
                break
            else:
                factors.append(self._factor())
        return row(factors)

    def _factor(self) -> Node:
        node = self._scripted()
        while self.value == "/" and not self._spaced:
            self.take()
            node = Fraction(stripped(node), stripped(self._scripted()))
        return node

    # ------------------------------------------------------------ single things

    def _scripted(self) -> Node:
        node = self._atom()
        sub: Node | None = None
        sup: Node | None = None
        while self.kind in ("raised", "lowered"):
            if self.kind == "raised":
                sup = self._script(RAISED)
            else:
                sub = self._script(LOWERED)
        return node if sub is None and sup is None else Scripts(node, sub, sup)

    def _script(self, characters: dict[str, str]) -> Node:
        text = self.take()
        if text[0] in "^_":
            return read(text[2:-1])
        plain = "".join(characters[each] for each in text)
        if len(plain) == 2 and plain.isalpha():
            return Scripts(Symbol(plain[0]), Symbol(plain[1]))
        if plain.startswith("−") and plain[1:].isalpha():
            return row([Operator("−"), Symbol(plain[1:])])
        return Symbol(plain) if plain == "′" else read(plain)

    def _atom(self) -> Node:
        kind, value = self.kind, self.take()
        if kind == "number":
            return Number(value)
        if kind == "word":
            return Word(value)
        if value in PREFIXES:
            return Prefixed(value, self._scripted())
        if value == "Σ":
            index = self._script(LOWERED) if self.kind == "lowered" else None
            return Sum(index, self._product((")", "]")))
        if kind == "letter":
            return _letter(value)
        return self._sign(value)

    def _sign(self, value: str) -> Node:
        if value in BRACKETS:
            right = BRACKETS[value]
            body = self.row((right,))
            self.take()
            alone = isinstance(body, Fraction) and value == "("
            return body if alone else Group(body, value, right)
        if value == "√":
            return Root(stripped(self._scripted()))
        if value == "½":
            return HALF
        if value == "∞":
            return Number(value)
        raise ValueError(f"cannot read '{value}' in '{self.text}'")


def _letter(value: str) -> Node:
    base = Symbol(value[0])
    return Accent(base, ACCENTS[value[1]]) if len(value) > 1 else base
