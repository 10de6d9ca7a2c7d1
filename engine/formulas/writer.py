"""Writes formulas: as a line of text, as LaTeX, and numbers the way people read them."""

import math

from engine.formulas import (
    ADDITIVE,
    MULTIPLICATIVE,
    PUNCTUATION,
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
from engine.formulas.reader import ACCENTS, HALF, LOWERED, RAISED

_TO_RAISED = {plain: raised for raised, plain in RAISED.items()}
_TO_LOWERED = {plain: lowered for lowered, plain in LOWERED.items()} | {",": ","}
_MARKS = {name: mark for mark, name in ACCENTS.items()}

LATEX = {
    "α": r"\alpha", "β": r"\beta", "δ": r"\delta", "ε": r"\varepsilon", "η": r"\eta",
    "θ": r"\theta", "λ": r"\lambda", "μ": r"\mu", "ρ": r"\rho", "σ": r"\sigma",
    "φ": r"\varphi", "Φ": r"\Phi", "ℓ": r"\ell", "Δ": r"\Delta ", "∂": r"\partial ",
    "−": "-", "·": r"\cdot", "×": r"\times", "∘": r"\circ", "←": r"\leftarrow", "≈": r"\approx",
    "≠": r"\neq", "≤": r"\le", "≥": r"\ge", "∞": r"\infty", "…": r"\dots", "‖": r"\|",
    "′": r"\prime",
}  # fmt: skip
LATEX_FUNCTIONS = ("ln", "max", "min", "exp", "tanh")


def number(value: float, digits: int = 4) -> str:
    """Write a number with so many significant digits.

    >>> number(-0.03125), number(2.0), number(1.25e-7), number(123456.0), number(float("inf"))
    ('−0.03125', '2', '1.25·10⁻⁷', '1.235·10⁵', '∞')
    """
    value = float(value)
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}g}"
    if value != 0 and not 1e-4 <= abs(float(text)) < 10.0 ** max(digits, 5):
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        power = "10" + "".join(_TO_RAISED[each] for each in str(int(exponent)).replace("-", "−"))
        text = {"1": power, "-1": f"-{power}"}.get(mantissa, f"{mantissa}·{power}")
    elif "e" in text:
        text = f"{value:.0f}"
    return ("0" if text == "-0" else text).replace("-", "−")


# ---------------------------------------------------------------- text


def to_text(node: Node) -> str:
    """Write a formula in one line, readable by people and by :func:`~engine.formulas.reader.read`.

    >>> from engine.formulas.reader import read
    >>> to_text(read("∂L/∂w₁₂ = −η·(m̂ / (√v̂ + ε) + λ·θ)"))
    '∂L/∂w₁₂ = −η·(m̂ / (√v̂ + ε) + λ·θ)'
    """
    match node:
        case Symbol(text) | Word(text) | Number(text) | Operator(text):
            return text
        case Row(items):
            return _row_text(items)
        case Fraction(over, under):
            return _fraction_text(over, under)
        case Scripts(base, sub, sup):
            return to_text(base) + _script_text(sub, "_") + _script_text(sup, "^")
        case Prefixed(mark, body):
            return mark + to_text(body)
        case Root(body):
            simple = not isinstance(body, Row | Fraction | Sum) and "·" not in to_text(body)
            return f"√{to_text(body)}" if simple else f"√({to_text(body)})"
        case Accent(base, mark):
            return to_text(base) + _MARKS[mark]
        case Group(body, left, right):
            return left + to_text(body) + right
        case Sum(index, body):
            return f"Σ{_script_text(index, '_')} {to_text(body)}"
        case Cases(rows):
            return ", ".join(_case_text(value, condition) for value, condition in rows)
        case Linked(body, _ref):
            return to_text(body)
    raise TypeError(f"not a formula: {node!r}")


def _row_text(items: tuple[Node, ...]) -> str:
    written = ""
    for index, item in enumerate(items):
        text, before = to_text(item), items[index - 1] if index else None
        if isinstance(item, Fraction) and _is_ratio(item) and len(items) > 1:
            text = f"({text})"  # a number over something, beside other factors
        if isinstance(item, Operator):
            unary = item.text in ADDITIVE and (before is None or isinstance(before, Operator))
            if item.text in MULTIPLICATIVE or unary:
                written += text
            elif item.text in PUNCTUATION:
                written += f"{text} "
            else:
                written = f"{written.rstrip()} {text} "
            continue
        touching = before is None or isinstance(before, Operator) or isinstance(item, Group)
        tight = touching or (not isinstance(before, Word) and not isinstance(item, Word | Sum))
        written += text if tight else f" {text}"
    return written


def _fraction_text(over: Node, under: Node) -> str:
    if _is_one(over) and _is_one(under):
        if Fraction(over, under) == HALF:
            return "½"
        return f"{to_text(over)}/{to_text(under)}"
    left, right = to_text(over), to_text(under)
    additive = isinstance(over, Row) and any(
        isinstance(each, Operator) and each.text in ADDITIVE for each in over.items[1:]
    )
    left = f"({left})" if additive else left
    right = f"({right})" if isinstance(under, Row | Fraction) else right
    return f"{left} / {right}"


def _is_ratio(node: Fraction) -> bool:
    return isinstance(node.over, Number) and _is_one(node.under) and node != HALF


def _is_one(node: Node) -> bool:
    """Whether a node is read as one thing."""
    if isinstance(node, Linked):
        return _is_one(node.body)
    if isinstance(node, Scripts):
        return _is_one(node.base)
    return isinstance(node, Symbol | Prefixed | Accent | Number)


def _script_text(node: Node | None, how: str) -> str:
    if node is None:
        return ""
    plain = to_text(node).replace(" ", "")
    table = _TO_LOWERED if how == "_" else _TO_RAISED
    if isinstance(node, Scripts) and node.sup is None and how == "^":  # zᵢ as an exponent
        flat = "".join(LOWERED.get(each, each) for each in plain)
        plain = flat if all(each in table for each in flat) else plain
    if all(each in table for each in plain):
        return "".join(table[each] for each in plain)
    return f"{how}{{{plain}}}"


def _case_text(value: Node, condition: Node | None) -> str:
    if condition is None:
        return f"else {to_text(value)}"
    return f"{to_text(value)} if {to_text(condition)}"


# ---------------------------------------------------------------- LaTeX


def to_latex(node: Node) -> str:
    r"""Write a formula as LaTeX, to stand between dollar signs.

    >>> from engine.formulas.reader import read
    >>> to_latex(read("∂L/∂a = −y / a"))
    '\\frac{\\partial L}{\\partial a} = -\\frac{y}{a}'
    """
    match node:
        case Symbol(text) | Operator(text):
            return LATEX.get(text, text)
        case Word(text):
            return _word_latex(text)
        case Number(text):
            return _number_latex(text)
        case Row(items):
            return _row_latex(items)
        case Fraction(over, under):
            return rf"\frac{{{to_latex(over)}}}{{{to_latex(under)}}}"
        case Scripts(base, sub, sup):
            return to_latex(base) + _script_latex(sub, "_") + _script_latex(sup, "^")
        case Prefixed(mark, body):
            return LATEX[mark] + to_latex(body)
        case Root(body):
            return rf"\sqrt{{{to_latex(body)}}}"
        case Accent(base, mark):
            return rf"\{mark}{{{to_latex(base)}}}"
        case Group(body, left, right):
            return rf"\left{LATEX.get(left, left)} {to_latex(body)} \right{LATEX.get(right, right)}"
        case Sum(index, body):
            return rf"\sum{_script_latex(index, '_')} {to_latex(body)}"
        case Cases(rows):
            lines = r" \\ ".join(_case_latex(value, condition) for value, condition in rows)
            return rf"\begin{{cases}} {lines} \end{{cases}}"
        case Linked(body, _ref):
            return to_latex(body)
    raise TypeError(f"not a formula: {node!r}")


def _row_latex(items: tuple[Node, ...]) -> str:
    written = ""
    for index, item in enumerate(items):
        unary = isinstance(item, Operator) and item.text in ADDITIVE
        unary = unary and (index == 0 or isinstance(items[index - 1], Operator))
        written += to_latex(item) + ("" if unary else " ")
    return written.rstrip()


def _script_latex(node: Node | None, how: str) -> str:
    if node is None:
        return ""
    if isinstance(node, Group):
        return f"{how}{{({to_latex(node.body)})}}"
    return f"{how}{{{to_latex(node).replace(' , ', ',')}}}"


def _number_latex(text: str) -> str:
    powers = [each for each in text if each in RAISED]
    if powers:
        exponent = "".join(RAISED[each] for each in powers).replace("−", "-")
        plain = "".join(each for each in text if each not in RAISED).replace("−", "-")
        return plain.replace("·", r" \cdot ") + f"^{{{exponent}}}"
    return LATEX.get(text, text.replace("−", "-").replace("∞", LATEX["∞"]))


def _word_latex(text: str) -> str:
    if text == "…":
        return LATEX[text]
    return rf"\{text}" if text in LATEX_FUNCTIONS else rf"\text{{ {text} }}"


def _case_latex(value: Node, condition: Node | None) -> str:
    when = r"\text{else}" if condition is None else rf"\text{{if }} {to_latex(condition)}"
    return f"{to_latex(value)} & {when}"
