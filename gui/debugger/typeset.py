"""Typesets formulas: from the tree to boxes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainterPath
from PySide6.QtWidgets import QApplication

from engine.formulas import (
    ADDITIVE,
    MULTIPLICATIVE,
    PUNCTUATION,
    RELATIONS,
    Accent,
    Cases,
    Fraction,
    Group,
    Linked,
    Node,
    Number,
    Operator,
    Prefixed,
    Root,
    Row,
    Scripts,
    Sum,
    Symbol,
    Word,
)
from gui import theme
from gui.debugger.boxes import Box, Composite, Glyphs, Stroke, around, beside

SCRIPT = 0.72  # size of an index against its base
SMALLEST = 0.6  # of the formula's own size
IN_FRACTION = 0.92
SUBSTITUTES = {"ℓ": "l", "∘": "·"}  # what the shipped font has no character for

Colors = Callable[[int], QColor]


@lru_cache(maxsize=256)
def _font_at(points: float, italic: bool, _usual: float) -> tuple[QFont, QFontMetricsF]:
    """Return a font and its metrics; `_usual`, the application's size, tells them apart."""
    font = theme.font(points)
    font.setItalic(italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font, QFontMetricsF(font)


@lru_cache(maxsize=4096)
def _advance(text: str, points: float, italic: bool, usual: float) -> float:
    """Return how wide a run of characters is; asking Qt takes longer than all else here."""
    return _font_at(points, italic, usual)[1].horizontalAdvance(text)


@dataclass
class Setter:
    """Turns formulas into boxes of one size.

    Parameters
    ----------
    points : float
        Size of the letters, as :func:`gui.theme.font` takes it.
    color : QColor
        Of what is not linked.
    colors : callable
        Given an operand's number, the colour of what stands for it.
    """

    points: float
    color: QColor
    colors: Colors | None = None

    def __post_init__(self) -> None:
        self._now = self.color
        self._made: dict[
            tuple[int, float, int], Box
        ] = {}  # parts are asked for again to break lines
        self._usual = QApplication.font().pointSizeF()

    def box(self, node: Node, scale: float = 1.0) -> Box:
        """Typeset a formula in one line; the formula must outlive the setter."""
        key = (id(node), scale, self._now.rgba())
        if key not in self._made:
            self._made[key] = self._box(node, max(scale, SMALLEST))
        return self._made[key]

    def _box(self, node: Node, scale: float) -> Box:
        match node:
            case Symbol(text):
                return self._glyphs(SUBSTITUTES.get(text, text), scale, italic=text not in "′…")
            case Word(text) | Operator(text):
                return self._glyphs(SUBSTITUTES.get(text, text), scale)
            case Number(text):
                return self._number(text, scale)
            case Row(items):
                return beside(self.spaced(items, scale))
            case Fraction(over, under):
                return self._fraction(over, under, scale)
            case Scripts(base, sub, sup):
                return self._scripts(base, sub, sup, scale)
            case Prefixed(mark, body):
                return beside([self._glyphs(mark, scale), self.box(body, scale)])
            case Root(body):
                return self._root(body, scale)
            case Accent(base, mark):
                return self._accent(base, mark, scale)
            case Group(body, left, right):
                return self._group(body, left, right, scale)
            case Sum(index, body):
                return self._sum(index, body, scale)
            case Cases(rows):
                return self._cases(rows, scale)
            case Linked(body, ref):
                return self._linked(body, ref, scale)
        raise TypeError(f"not a formula: {node!r}")

    def em(self, scale: float) -> float:
        """Return the size of the letters in pixels."""
        return self._font(scale)[1].height() * 0.8

    def _font(self, scale: float, italic: bool = False) -> tuple[QFont, QFontMetricsF]:
        return _font_at(self.points * scale, italic, self._usual)

    # ------------------------------------------------------------ simple things

    def _glyphs(self, text: str, scale: float, italic: bool = False) -> Box:
        font, metrics = self._font(scale, italic)
        size = metrics.height()
        wide = _advance(text, self.points * scale, italic, self._usual)
        return Glyphs(wide, 0.72 * size, 0.2 * size, text, font, self._now)

    def _number(self, text: str, scale: float) -> Box:
        plain, power = _split_power(text)
        made = self._glyphs(plain, scale)
        if not power:
            return made
        raised = self._glyphs(power, max(scale * SCRIPT, SMALLEST))
        up = -0.42 * self.em(scale)
        return around([(made, 0, 0), (raised, made.width, up)], made.width + raised.width)

    def _linked(self, body: Node, ref: int, scale: float) -> Box:
        before = self._now
        if self.colors is not None:
            self._now = self.colors(ref)
        inner = self.box(body, scale)
        self._now = before
        return Composite(inner.width, inner.ascent, inner.descent, [(inner, 0, 0)], ref=ref)

    def _stroke(self, path: QPainterPath, box: Box, scale: float) -> Stroke:
        thickness = max(1.0, self.em(scale) * 0.07)
        return Stroke(box.width, box.ascent, box.descent, path, thickness, self._now)

    # ------------------------------------------------------------ rows

    def spaced(
        self, items: Sequence[Node], scale: float = 1.0, continued: bool = False
    ) -> list[Box]:
        """Typeset the items of a row with the space that belongs between them.

        A sign that begins a row belongs to its number, unless the row is `continued` from
        the line above.
        """
        boxes: list[Box] = []
        for index, item in enumerate(items):
            earlier = items[index - 2] if index > 1 else (Symbol("") if continued else None)
            space = self._space(earlier, items[index - 1], item, scale) if index else 0.0
            if space:
                boxes.append(Box(space, 0, 0))
            boxes.append(self.box(item, scale))
        return boxes

    def _space(self, earlier: Node | None, before: Node, item: Node, scale: float) -> float:
        """Return the space between two neighbours, in pixels; `earlier` stands before both."""
        em = self.em(scale)
        if isinstance(item, Operator):
            if item.text in PUNCTUATION:
                return 0.0
            after_relation = isinstance(before, Operator) and before.text in RELATIONS
            return (0.32 if after_relation else _beside_operator(item, before, scale)) * em
        if isinstance(before, Operator):
            unary = earlier is None or isinstance(earlier, Operator)
            if before.text in ADDITIVE and unary:
                return 0.05 * em  # a minus that belongs to the number
            return _beside_operator(before, item, scale) * em
        if isinstance(before, Word) or isinstance(item, Word):
            return 0.05 * em if isinstance(item, Group) else 0.3 * em
        return (
            0.0 if isinstance(item, Group) and isinstance(before, Symbol | Scripts) else 0.12 * em
        )

    # ------------------------------------------------------------ built things

    def _fraction(self, over: Node, under: Node, scale: float) -> Box:
        small = scale * (IN_FRACTION if scale == 1.0 else 0.85)
        top, bottom = self.box(over, small), self.box(under, small)
        em = self.em(scale)
        axis, gap = 0.3 * em, 0.14 * em
        width = max(top.width, bottom.width) + 0.3 * em
        path = QPainterPath()
        path.moveTo(0.05 * em, -axis)
        path.lineTo(width - 0.05 * em, -axis)
        bar = self._stroke(path, Box(width, axis, 0), scale)
        return around(
            [
                (top, (width - top.width) / 2, -axis - gap - top.descent),
                (bar, 0, 0),
                (bottom, (width - bottom.width) / 2, -axis + gap + bottom.ascent),
            ],
            width,
        )

    def _scripts(self, base: Node, sub: Node | None, sup: Node | None, scale: float) -> Box:
        body, em = self.box(base, scale), self.em(scale)
        inside = [(body, 0.0, 0.0)]
        x, width = body.width + 0.03 * em, body.width
        small = max(scale * SCRIPT, SMALLEST)
        if sup is not None:
            raised = self.box(sup, small)
            up = max(0.42 * em, body.ascent - 0.5 * raised.ascent)
            inside.append((raised, x, -up))
            width = max(width, x + raised.width)
        if sub is not None:
            lowered = self.box(sub, small)
            down = max(0.2 * em, body.descent - 0.1 * em)
            inside.append((lowered, x, down))
            width = max(width, x + lowered.width)
        return around(inside, width + 0.04 * em)

    def _root(self, body: Node, scale: float) -> Box:
        inner, em = self.box(body, scale), self.em(scale)
        hook, top = 0.6 * em, inner.ascent + 0.12 * em
        width = hook + inner.width + 0.1 * em
        path = QPainterPath()
        path.moveTo(0.04 * em, -0.32 * em)
        path.lineTo(0.18 * em, -0.4 * em)
        path.lineTo(0.36 * em, inner.descent)
        path.lineTo(hook - 0.04 * em, -top)
        path.lineTo(width, -top)
        sign = self._stroke(path, Box(width, top, inner.descent), scale)
        return around([(sign, 0, 0), (inner, hook, 0)], width)

    def _accent(self, base: Node, mark: str, scale: float) -> Box:
        inner, em = self.box(base, scale), self.em(scale)
        middle, top = inner.width / 2 + 0.06 * em, -0.74 * em
        half = 0.2 * em
        path = QPainterPath()
        if mark == "hat":
            path.moveTo(middle - half, top + 0.1 * em)
            path.lineTo(middle, top - 0.05 * em)
            path.lineTo(middle + half, top + 0.1 * em)
        else:
            path.moveTo(middle - half, top + 0.08 * em)
            path.cubicTo(
                middle - half / 2, top - 0.14 * em, middle + half / 2, top + 0.2 * em,
                middle + half, top - 0.02 * em,
            )  # fmt: skip
        sign = self._stroke(path, Box(inner.width, 0.9 * em, 0), scale)
        return around([(inner, 0, 0), (sign, 0, 0)], inner.width)

    def _group(self, body: Node, left: str, right: str, scale: float) -> Box:
        inner = self.box(body, scale)
        em = self.em(scale)
        if inner.height < 1.35 * em:
            return beside([self._glyphs(left, scale), inner, self._glyphs(right, scale)])
        return beside(
            [self._tall(left, inner, scale, True), inner, self._tall(right, inner, scale, False)]
        )

    def _tall(self, bracket: str, inner: Box, scale: float, opens: bool) -> Box:
        em = self.em(scale)
        width, top, bottom = 0.34 * em, -inner.ascent, inner.descent
        near, far = (width - 0.06 * em, 0.08 * em) if opens else (0.06 * em, width - 0.08 * em)
        path = QPainterPath()
        if bracket in "()":
            path.moveTo(near, top)
            reach = (bottom - top) * 0.28
            path.cubicTo(far, top + reach, far, bottom - reach, near, bottom)
        elif bracket in "[]":
            path.moveTo(near, top)
            path.lineTo(far, top)
            path.lineTo(far, bottom)
            path.lineTo(near, bottom)
        else:
            for x in (width / 2,) if bracket == "|" else (width * 0.35, width * 0.7):
                path.moveTo(x, top)
                path.lineTo(x, bottom)
        return self._stroke(path, Box(width, inner.ascent, inner.descent), scale)

    def _sum(self, index: Node | None, body: Node, scale: float) -> Box:
        em = self.em(scale)
        sign = self._glyphs("Σ", scale * 1.35)
        sign = Composite(sign.width, sign.ascent, sign.descent, [(sign, 0, 0.06 * em)])
        parts: list[tuple[Box, float, float]] = [(sign, 0.0, 0.0)]
        width = sign.width
        if index is not None:
            below = self.box(index, max(scale * SCRIPT, SMALLEST))
            parts.append((below, sign.width + 0.02 * em, 0.3 * em))
            width += below.width + 0.04 * em
        inner = self.box(body, scale)
        parts.append((inner, width + 0.16 * em, 0.0))
        return around(parts, width + 0.16 * em + inner.width)

    def _cases(self, rows: tuple[tuple[Node, Node | None], ...], scale: float) -> Box:
        em = self.em(scale)
        values = [self.box(value, scale) for value, _ in rows]
        conditions = [
            self.box(Word("else"), scale)
            if condition is None
            else beside([self._glyphs("if ", scale), self.box(condition, scale)])
            for _, condition in rows
        ]
        heights = [
            max(v.height, c.height) + 0.25 * em for v, c in zip(values, conditions, strict=True)
        ]
        total, left = sum(heights), 0.5 * em
        second = left + max(v.width for v in values) + 0.7 * em
        parts: list[tuple[Box, float, float]] = []
        y = -total / 2 - 0.3 * em
        for value, condition, height in zip(values, conditions, heights, strict=True):
            base = y + 0.12 * em + max(value.ascent, condition.ascent)
            parts += [(value, left, base), (condition, second, base)]
            y += height
        brace = self._brace(total, scale)
        width = second + max(c.width for c in conditions)
        return around([(brace, 0, -0.3 * em), *parts], width)

    def _brace(self, height: float, scale: float) -> Box:
        em, half = self.em(scale), height / 2
        path = QPainterPath()
        path.moveTo(0.4 * em, -half)
        path.cubicTo(0.1 * em, -half, 0.32 * em, -0.12 * em, 0.06 * em, 0)
        path.cubicTo(0.32 * em, 0.12 * em, 0.1 * em, half, 0.4 * em, half)
        return self._stroke(path, Box(0.45 * em, half, half), scale)


def _beside_operator(operator: Operator, other: Node, scale: float) -> float:
    """Return the space beside a sign, in em."""
    if operator.text in RELATIONS:
        return 0.32
    if operator.text in ADDITIVE:
        return 0.0 if isinstance(other, Operator) else 0.24
    if operator.text in PUNCTUATION:
        return 0.25 if scale > SCRIPT else 0.02
    return 0.1 if operator.text in MULTIPLICATIVE else 0.0


_POWERS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789−", strict=True))


def _split_power(text: str) -> tuple[str, str]:
    """Tell a number's power of ten from it, to be set as a power.

    >>> _split_power("1.2·10⁻⁵")
    ('1.2·10', '−5')
    """
    start = next((i for i, each in enumerate(text) if each in _POWERS), len(text))
    return text[:start], "".join(_POWERS[each] for each in text[start:])
