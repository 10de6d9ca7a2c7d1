"""Draws the neurons that are lit in the hues of their numbers, the numbers beside them."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from engine.formulas.writer import number
from gui import theme
from gui.debugger.matrices import draw_heat_map, heat_map, scale_of, signed_pixels
from gui.network_view.items import Neuron
from gui.network_view.picture import Picture
from gui.network_view.sitting_out import draw_sitting_out
from gui.network_view.sprites import SHADES, draw_discs, shade_of

HUES = {
    "data": ("positive", "negative"),
    "weight": ("positive", "negative"),
    "gradient": ("gradient_positive", "gradient_negative"),
}


def hue(role: str, value: float, alpha: float = 1.0) -> QColor:
    """Return the colour of a number's sign."""
    return theme.palette().color(HUES.get(role, HUES["data"])[value < 0], alpha)


def draw_nodes(
    painter: QPainter, picture: Picture, layer: int, values: np.ndarray, role: str,
    marked: int | None,
) -> None:  # fmt: skip
    """Draw a layer's neurons in the hues of their numbers; those that sit out are marked."""
    layout, style = picture.layout, picture.style
    if layer == 0 and layout.block is not None:
        _draw_block(painter, picture, values, role, marked)
        return
    values = np.asarray(values, float)
    strength = np.nan_to_num(values / scale_of(values), posinf=1, neginf=-1)[layout.shown[layer]]
    pen = QPen(style.color("node"), max(0.6, min(layout.radii[layer] / 7, 1.6 * style.unit)))
    centers, radius = layout.centers[layer], layout.radii[layer]
    shades, which = _shades(style.colors.name, role), shade_of(strength)
    draw_discs(painter, centers, radius, pen, shades, which, picture.cached)
    draw_sitting_out(painter, picture, layer, square=False)
    _draw_marked(painter, picture, layer, marked)
    _write_values(painter, picture, layer, values)


@lru_cache(maxsize=8)
def _shades(_name: theme.ThemeName, role: str) -> tuple[int, ...]:
    """Return the colours of all numbers from the most negative to the largest."""
    return tuple(signed_pixels(np.linspace(-1, 1, SHADES), role).tolist())


def _draw_marked(painter: QPainter, picture: Picture, layer: int, marked: int | None) -> None:
    """Draw a ring around the neuron in focus."""
    slot = None if marked is None else picture.layout.slot(Neuron(layer, marked))
    if slot is not None:
        x, y = picture.layout.centers[layer][slot].tolist()
        radius, style = picture.layout.radii[layer], picture.style
        painter.setPen(QPen(style.color("text"), 2.2 * style.unit))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x, y), radius, radius)


def _write_values(painter: QPainter, picture: Picture, layer: int, values: np.ndarray) -> None:
    """Write the number at each neuron of a layer with room for it."""
    layout, style = picture.layout, picture.style
    places = layout.centers[layer].tolist()
    pitch = places[1][1] - places[0][1] if len(places) > 1 else 99.0
    font = theme.font(9 * min(style.unit, 1.5), tabular=True)
    metrics = QFontMetricsF(font)
    radius = layout.radii[layer]
    beside = pitch < 2 * radius + metrics.height()
    if pitch < metrics.height() * 0.95:
        return
    painter.setFont(font)
    painter.setPen(style.color("text"))
    for (x, y), index in zip(places, layout.shown[layer].tolist(), strict=True):
        text = number(float(values[index]), 3)
        wide = metrics.horizontalAdvance(text) + 4
        if beside:
            box = QRectF(x - radius - wide - 4, y - metrics.height() / 2, wide, metrics.height())
        else:
            # Under the last input stands what the example is: its numbers are above.
            above = y - radius - 2 - metrics.height()
            top = y + radius + 2 if layer else above
            box = QRectF(x - wide / 2, top, wide, metrics.height())
        painter.fillRect(box, style.color("canvas", 0.7))  # edges may pass behind
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def draw_rings(painter: QPainter, picture: Picture, layer: int, marked: int | None) -> None:
    """Draw a layer's neurons empty, where only the edges between have numbers."""
    layout, style = picture.layout, picture.style
    if layer == 0 and layout.block is not None:
        return
    empty = style.color("canvas").rgb()
    which = np.zeros(len(layout.shown[layer]), int)
    centers, radius = layout.centers[layer], layout.radii[layer]
    pen = QPen(style.color("node"), 1.0)
    draw_discs(painter, centers, radius, pen, (empty,), which, picture.cached)
    _draw_marked(painter, picture, layer, marked)


def _draw_block(
    painter: QPainter, picture: Picture, values: np.ndarray, role: str, marked: int | None
) -> None:
    layout, shape = picture.layout, picture.frame.shape.image_shape
    block = layout.block
    if block is None or shape is None:
        return
    place = QRectF(block.x, block.y, block.width, block.height)
    if is_gray(picture, 0, values, role):
        _draw_gray(painter, place, values.reshape(shape))
    else:
        draw_heat_map(painter, place, heat_map(values.reshape(shape), role))
    if marked is not None:
        x, y = layout.centers[0][marked].tolist()
        half = layout.radii[0]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(picture.style.color("accent"), 2.2 * picture.style.unit))
        painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))


def is_gray(picture: Picture, layer: int, values: np.ndarray, role: str) -> bool:
    """Return whether a layer is a picture of ink on paper."""
    pixels = layer == 0 and picture.layout.block is not None
    return pixels and role != "gradient" and bool(values.min() >= 0)


def _draw_gray(painter: QPainter, place: QRectF, values: np.ndarray) -> None:
    pixels = np.ascontiguousarray(theme.grayscale(values / max(1.0, float(values.max()))))
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(place, image)
