"""Formulas: read from text, written again, with indices and with numbers put in."""

import pytest

from engine.activations import ACTIVATIONS
from engine.formulas import Number, expanded, indexed, mentions, replace, sides
from engine.formulas.reader import read
from engine.formulas.writer import number, to_latex, to_text
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS

DECLARED = [
    getattr(each, which)
    for registry in (ACTIVATIONS, LOSSES, OPTIMIZERS)
    for each in registry.values()
    for which in ("formula", "derivative_formula")
    if hasattr(each, which)
]


@pytest.mark.parametrize("text", DECLARED)
def test_every_declared_formula_can_be_read_and_written_again(text):
    tree = read(text)
    assert read(to_text(tree)) == tree
    assert to_latex(tree).count("{") == to_latex(tree).count("}")


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("∂L/∂a = −y / a", r"\frac{\partial L}{\partial a} = -\frac{y}{a}"),
        ("a = 1 / (1 + e⁻ᶻ)", r"a = \frac{1}{1 + e^{-z}}"),
        ("z₃⁽¹⁾", "z_{3}^{(1)}"),
        ("w_{12,3}", "w_{12,3}"),
        ("√(m̂ + ε)", r"\sqrt{\hat{m} + \varepsilon}"),
        ("f(z) = z if z > 0, else α·z",
         r"f \left( z \right) = \begin{cases} z & \text{if } z > 0 \\ \alpha \cdot z & \text{else}"
         r" \end{cases}"),
    ],
)  # fmt: skip
def test_latex(text, latex):
    assert to_latex(read(text)) == latex


@pytest.mark.parametrize("text", ["(a + b", "a + ", "√", "a = = b )", "", "a / "])
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(ValueError, match=r"cannot read|breaks off|empty place"):
        read(text)


def test_numbers_are_put_in_with_the_brackets_they_need():
    z = read("z")
    minus = {z: Number("−2")}
    assert to_text(replace(read("α·z"), minus)) == "α·(−2)"
    assert to_text(replace(read("z·α"), minus)) == "−2·α"
    assert to_text(replace(read("z²"), minus)) == "(−2)²"
    assert to_text(replace(read("ln z"), minus)) == "ln(−2)"
    assert to_text(replace(read("½z"), minus)) == "½·(−2)"
    assert to_text(replace(read("max(0, z)"), minus)) == "max(0, −2)"


def test_an_index_joins_the_layer_that_stands_as_exponent():
    assert to_text(indexed(read("∂L/∂W⁽²⁾"), read("3,1"))) == "∂L/∂w₃,₁⁽²⁾"
    assert to_text(indexed(read("∂a⁽²⁾/∂z⁽²⁾"), read("3"))) == "∂a₃⁽²⁾/∂z₃⁽²⁾"
    assert to_text(replace(read("e⁻ᶻ"), {read("z"): read("z₃⁽¹⁾")})) == "e^{−z₃⁽¹⁾}"
    assert to_text(replace(read("a²"), {read("a"): read("a⁽¹⁾")})) == "(a⁽¹⁾)²"


def test_a_sum_is_written_out():
    a = read("a")
    assert to_text(expanded(read("−Σ a²"), [{a: Number("3")}])) == "−3²"


def test_parts_and_sides():
    tree = read("W⁽¹⁾ ← W⁽¹⁾ + ΔW⁽¹⁾")
    assert to_text(sides(tree)[0]) == "W⁽¹⁾"
    assert mentions(tree, read("ΔW⁽¹⁾"))
    assert not mentions(tree, read("b"))
    with pytest.raises(ValueError, match="equals sign"):
        sides(read("a + b"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (-0.5, "−0.5"), (0.1234567, "0.1235"), (12345.6, "12346"),
        (1e-8, "10⁻⁸"), (-2.5e-5, "−2.5·10⁻⁵"), (1e9, "10⁹"), (float("nan"), "undefined"),
        (float("-inf"), "−∞"),
    ],
)  # fmt: skip
def test_numbers(value, text):
    assert number(value) == text
