"""A step to take away: as text, as LaTeX, and as NumPy that runs by itself."""

import re
import textwrap

import numpy as np

from engine.formulas.writer import number, to_latex, to_text
from engine.trace.step import Array, Index, Operand, Step

WIDTH = 88


def as_text(step: Step, index: Index) -> str:
    """Return a step and one of its entries in words and lines of text."""
    element = step.element(index)
    lines = [f"{step.title}{_where(step)}", to_text(step.tree), ""]
    lines += [to_text(line).strip() for line in element.worked]
    shapes = [f"{each.name} {_shape(each.value)}" for each in step.operands if each.value.ndim]
    lines += [
        "",
        f"{step.key} {_shape(step.value)}" + (f" from {', '.join(shapes)}" * bool(shapes)),
    ]
    return "\n".join(lines)


def _where(step: Step) -> str:
    return f", {step.phase}" if step.layer is None else f", {step.phase}, layer {step.layer}"


def _shape(value: Array) -> str:
    return " × ".join(map(str, value.shape)) or "1"


def as_latex(step: Step, index: Index) -> str:
    """Return the formula and one entry worked out, as LaTeX for a display."""
    lines = [to_latex(line) for line in step.element(index).worked]
    aligned = [line.replace(" = ", " &= ", 1) if "=" in line[1:] else line for line in lines[:1]]
    aligned = [line.replace(r"\leftarrow", r"&\leftarrow", 1) for line in aligned]
    aligned += [line.replace("=", "&=", 1) for line in lines[1:]]
    body = " \\\\\n  ".join(aligned)
    return f"\\begin{{aligned}}\n  {body}\n\\end{{aligned}}"


# ---------------------------------------------------------------- NumPy


def as_numpy(step: Step, index: Index) -> str:
    """Return a program of NumPy alone that computes one entry and prints it.

    It holds those numbers that the entry depends on, in full precision; where that is an
    update's whole gradient, the lengths of its parts.

    Raises
    ------
    ValueError
        When the step has no code to show.
    """
    if not step.code:
        raise ValueError(f"there is no NumPy for {step.title.lower()}")
    index = step.checked(index)
    used = [
        (operand, part)
        for operand, part in zip(step.operands, step.sliced(index), strict=True)
        if re.search(rf"\b{re.escape(operand.code)}\b", step.code)
    ]
    lines = ["import math", ""] if "math." in step.code else []
    lines += ["import numpy as np", ""]
    for operand, part in used:
        lines += [f"# {operand.meaning}", _assignment(operand, part)]
    shown = to_text(step.element(index).left)
    picked = ", ".join(map(str, step.picked(index)))
    picked = f"[{picked}]" if picked else ""
    lines += ["", f"{step.key} = {step.code}"]
    lines += [f"# {shown} = {number(float(step.value[index]), 6)}", _printed(step.key, picked)]
    return "\n".join(lines) + "\n"


def _printed(name: str, picked: str) -> str:
    return f'print(f"{{{name}{picked}:.6g}}")'


def _assignment(operand: Operand, part: Array) -> str:
    if not part.ndim:
        return f"{operand.code} = {part.item()!r}"
    text = f"{operand.code} = np.array({_listed(part)}, dtype=np.{part.dtype})"
    return "\n".join(textwrap.wrap(text, WIDTH, subsequent_indent="    ", break_long_words=False))


def _listed(part: Array) -> str:
    """Write an array as nested lists, each number as short as its type allows."""
    if part.ndim > 1:
        return f"[{', '.join(_listed(each) for each in part)}]"
    names = {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}
    texts = [np.format_float_scientific(v, trim="-") if 0 < abs(v) < 1e-4 else str(v) for v in part]
    return f"[{', '.join(names.get(text, text) for text in texts)}]"
