"""The legend: what colour, strength and filling mean, with their numbers."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QLinearGradient, QPainter, QPen, QPolygonF, QTransform

from gui import theme
from gui.network_view.names import number
from gui.network_view.particles import draw_flow_words
from gui.network_view.picture import Picture
from gui.network_view.sitting_out import LEGEND, draw_mark_words
from gui.network_view.strokes import strength_alpha
from gui.network_view.style import Style, write
from gui.network_view.values import activation_scale

TITLES = {
    "weight": "Weight",
    "contribution": "Contribution: weight × activation",
    "change": "Change of weight since the start",
    "gradient": "∂L/∂w: gradient of the loss",
}
LEFT = 36.0  # of where the legend begins
WIDE = 960.0  # from here on there is room for the bias
CENTER = Qt.AlignmentFlag.AlignHCenter


def legend_top(style: Style, height: float) -> float:
    """Return where the strip of the legend begins in a widget of this height."""
    return height - style.legend_height - 14 * style.unit


def legend_numbers(picture: Picture) -> tuple[object, ...]:
    """Return what the legend says that another frame may change."""
    return picture.values.scales, _activation_range(picture)


def draw_legend(painter: QPainter, picture: Picture, wide: float, height: float) -> None:
    """Draw the legend along the lower edge of a widget of this size."""
    style = picture.style
    x, top = draw_legend_ground(painter, picture, wide, height)
    width = 190 * style.unit
    _draw_edge_scale(painter, picture, QRectF(x, top, width, style.legend_height))
    span = _activation_range(picture)
    if span is not None:
        box = QRectF(x + width + 44 * style.unit, top, width * 0.5, style.legend_height)
        _draw_activation_scale(painter, picture, box, *span)
    biased = any(bias is not None for bias in picture.frame.biases)
    if biased and wide >= WIDE * max(style.unit, 1.0):
        _draw_bias_key(painter, picture, x + 1.5 * width + 80 * style.unit, top)


def draw_legend_ground(
    painter: QPainter, picture: Picture, wide: float, height: float
) -> tuple[float, float]:
    """Draw what a legend's scales stand on; return where the first of them begins.

    Where the network is magnified, what reaches under the legend is quieted.
    """
    style = picture.style
    x, top = LEFT * style.unit, legend_top(style, height)
    if picture.zoomed:
        edge = top - 10 - _line_height(style)
        painter.fillRect(QRectF(0, edge, wide, height - edge), style.color("canvas", 0.88))
    return x, top


def draw_legend_line(
    painter: QPainter, picture: Picture, height: float, sits_out: str = LEGEND
) -> None:
    """Say in a line over the scales what flows, and what marks the neurons that sit out."""
    style = picture.style
    y = legend_top(style, height) - _line_height(style) / 2
    x = draw_flow_words(painter, picture, LEFT * style.unit, y)
    draw_mark_words(painter, picture, x, y, sits_out)


def _line_height(style: Style) -> float:
    return 1.5 * style.small.height


def _draw_bias_key(painter: QPainter, picture: Picture, x: float, top: float) -> None:
    """Draw what marks a bias, as on the neurons: part of a ring, or a bar under a tile."""
    style = picture.style
    middle = top + style.small.height + 2 + style.legend_bar / 2
    write(painter, style.small, style.color("muted"), (x, top + style.small.height / 2), "Bias")
    radius = 0.45 * style.legend_bar
    x += radius + 3 * style.unit
    painter.setBrush(Qt.BrushStyle.NoBrush)
    around = radius + 2 * style.unit
    tiled = picture.frame.maps is not None
    for at, turn in ((x, 1), (x + 4 * radius, -1)):
        neuron = QRectF(at - radius, middle - radius, 2 * radius, 2 * radius)
        painter.setPen(QPen(style.color("node"), 1))
        painter.drawRoundedRect(neuron, 2, 2) if tiled else painter.drawEllipse(neuron)
        painter.setPen(QPen(style.signed(-turn), 2 * style.unit))
        if tiled:
            below = middle + around
            painter.drawLine(QPointF(at, below), QPointF(at - turn * radius, below))
        else:
            ring = QRectF(at - around, middle - around, 2 * around, 2 * around)
            painter.drawArc(ring, 90 * 16, turn * 110 * 16)
    y = middle + style.legend_bar / 2 + 2 + style.small.height / 2
    write(painter, style.figures, style.color("text"), (x, y), "−", CENTER)
    write(painter, style.figures, style.color("text"), (x + 4 * radius, y), "+", CENTER)


def scale_label(scales: tuple[float, ...]) -> str:
    """Return the value of full strength, or one for each layer where they differ."""
    distinct = [number(scale, 2) for scale in scales]
    return distinct[0] if len(set(distinct)) == 1 else " · ".join(distinct)


def _draw_edge_scale(painter: QPainter, picture: Picture, box: QRectF) -> None:
    style = picture.style
    bar = _bar(box, style)
    write(painter, style.small, style.color("muted"), _title_at(box, style), TITLES[picture.mode])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_across(bar, _edge_gradient(*picture.look)))
    if picture.layout.curved:
        painter.drawPolygon(_bow_tie(bar))
    else:
        painter.drawRoundedRect(bar, 4, 4)
    x = bar.center().x()
    y = _label_y(bar, style)
    label = scale_label(picture.values.scales)
    color = style.color("text")
    if len(label) < 8:
        write(painter, style.figures, color, (bar.left(), y), f"−{label}")
        write(painter, style.figures, color, (x, y), "0", CENTER)
        right = Qt.AlignmentFlag.AlignRight
        write(painter, style.figures, color, (bar.right(), y), f"+{label}", right)
    else:
        text = f"± {label}  layer by layer"
        text = text if style.figures.width(text) <= bar.width() else f"± {label}"
        write(painter, style.figures, color, (x, y), text, CENTER)


def _activation_range(picture: Picture) -> tuple[float, float] | None:
    """Return the lowest activation in parts of the highest, and the highest."""
    if picture.frame.probe is None:
        return None
    labels = picture.frame.shape.activations
    layers = list(zip(picture.frame.probe.activations[1:], labels, strict=True))
    lowest = min(float(values.min(initial=0)) for values, _ in layers)
    highest = max(activation_scale(values, label) for values, label in layers[:-1] or layers)
    return -1.0 if lowest < -0.05 else 0.0, highest


def _draw_activation_scale(
    painter: QPainter, picture: Picture, box: QRectF, low: float, highest: float
) -> None:
    scale = number(highest)
    labels = (f"−{scale}" if low else "0", "", scale)
    gradient = _activation_gradient(picture.style.colors.name, low)
    draw_scale(painter, picture.style, box, "Activation", gradient, labels)


def draw_scale(
    painter: QPainter,
    style: Style,
    box: QRectF,
    title: str,
    gradient: QLinearGradient,
    labels: tuple[str, str, str],
) -> None:
    """Draw a bar of colours with its title above, and the numbers left, middle and right below."""
    bar, color = _bar(box, style), style.color("text")
    write(painter, style.small, style.color("muted"), _title_at(box, style), title)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_across(bar, gradient))
    painter.drawRoundedRect(bar, 4, 4)
    y, right = _label_y(bar, style), Qt.AlignmentFlag.AlignRight
    write(painter, style.figures, color, (bar.left(), y), labels[0])
    write(painter, style.figures, color, (bar.center().x(), y), labels[1], CENTER)
    write(painter, style.figures, color, (bar.right(), y), labels[2], right)


@lru_cache(maxsize=4)
def _edge_gradient(name: theme.ThemeName, prefix: str) -> QLinearGradient:
    """Return the colours of edges from the most negative to the most positive."""
    gradient = QLinearGradient(0, 0, 1, 0)
    for at in np.linspace(-1, 1, 33).tolist():
        role = prefix + ("negative" if at < 0 else "positive")
        color = theme.PALETTES[name].color(role, strength_alpha(abs(at)))
        gradient.setColorAt((at + 1) / 2, color)
    return gradient


@lru_cache(maxsize=4)
def _activation_gradient(name: theme.ThemeName, low: float) -> QLinearGradient:
    """Return the colours of neurons from an activation of `low` to 1."""
    gradient = QLinearGradient(0, 0, 1, 0)
    steps = np.linspace(low, 1, 17)
    for at, color in zip(steps.tolist(), theme.diverging(steps).tolist(), strict=True):
        gradient.setColorAt((at - low) / (1 - low), color)
    return gradient


def _across(bar: QRectF, gradient: QLinearGradient) -> QBrush:
    """Return a brush that lays a gradient over a bar from left to right."""
    brush = QBrush(gradient)
    brush.setTransform(QTransform.fromTranslate(bar.x(), 0).scale(bar.width(), 1))
    return brush


def _bar(box: QRectF, style: Style) -> QRectF:
    height = style.small.height
    return QRectF(box.x(), box.y() + height + 2, box.width(), style.legend_bar)


def _title_at(box: QRectF, style: Style) -> tuple[float, float]:
    return box.x(), box.y() + style.small.height / 2


def _label_y(bar: QRectF, style: Style) -> float:
    return bar.bottom() + 2 + style.small.height / 2


def _bow_tie(bar: QRectF) -> QPolygonF:
    """Return a shape as high at each value as an edge of it is wide."""
    middle, thin = bar.center().y(), 0.6
    return QPolygonF(
        [
            bar.topLeft(),
            QPointF(bar.center().x(), middle - thin),
            bar.topRight(),
            bar.bottomRight(),
            QPointF(bar.center().x(), middle + thin),
            bar.bottomLeft(),
        ]
    )
