"""The legend of a step: what the colours of its edges and neurons mean, with their numbers."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QLinearGradient, QPainter

from engine.formulas.writer import number
from gui import theme
from gui.debugger.lighting import hue, is_gray
from gui.debugger.lit import Lit
from gui.debugger.lit_edges import edge_alpha
from gui.debugger.matrices import scale_of, signed_pixels
from gui.network_view.legend import draw_legend_ground, draw_legend_line, draw_scale
from gui.network_view.picture import Picture
from gui.network_view.style import Style

EDGES, NEURONS, GAP = 130.0, 84.0, 26.0
SITS_OUT = "Sits out (dropout)"
STEPS = np.linspace(-1, 1, 33)


def draw_lit_legend(
    painter: QPainter, picture: Picture, lit: Lit, wide: float, height: float
) -> None:
    """Draw a scale for the edges that are lit, and one for each layer of neurons."""
    style, name = picture.style, picture.style.colors.name
    x, top = draw_legend_ground(painter, picture, wide, height)
    draw_legend_line(painter, picture, height, SITS_OUT)
    if lit.edges is not None:
        box = QRectF(x, top, EDGES * style.unit, style.legend_height)
        gradient = _edge_gradient(name, lit.edge_role)
        draw_scale(
            painter, style, box, lit.edge_words, gradient, _around_zero(style, box, lit.edges)
        )
        x = box.right() + GAP * style.unit
    for layer in sorted(lit.nodes):
        values, role = lit.nodes[layer], lit.roles.get(layer, "data")
        box = QRectF(x, top, NEURONS * style.unit, style.legend_height)
        if is_gray(picture, layer, values, role):
            labels = ("0", "", number(max(1.0, float(values.max())), 2))
            gradient = _gray_gradient(name)
        else:
            labels, gradient = _around_zero(style, box, values), _neuron_gradient(name, role)
        draw_scale(painter, style, box, lit.node_words[layer], gradient, labels)
        x = box.right() + GAP * style.unit


def _around_zero(style: Style, box: QRectF, values: np.ndarray) -> tuple[str, str, str]:
    """Return the numbers under a scale from the least to the largest, as far as they fit."""
    text = number(scale_of(values), 2)
    labels = f"−{text}", "0", f"+{text}"
    fits = style.figures.width("  ".join(labels)) <= box.width()
    return labels if fits else ("", f"± {text}", "")


@lru_cache(maxsize=8)
def _edge_gradient(_name: theme.ThemeName, role: str) -> QLinearGradient:
    return _gradient([hue(role, at, edge_alpha(abs(at))) for at in STEPS.tolist()])


@lru_cache(maxsize=8)
def _neuron_gradient(_name: theme.ThemeName, role: str) -> QLinearGradient:
    return _gradient([QColor(each) for each in signed_pixels(STEPS, role).tolist()])


@lru_cache(maxsize=4)
def _gray_gradient(_name: theme.ThemeName) -> QLinearGradient:
    shades = theme.grayscale(np.linspace(0, 1, len(STEPS)))
    return _gradient([QColor(each) for each in shades.tolist()])


def _gradient(colors: list[QColor]) -> QLinearGradient:
    made = QLinearGradient(0, 0, 1, 0)
    for k, color in enumerate(colors):
        made.setColorAt(k / (len(colors) - 1), color)
    return made
