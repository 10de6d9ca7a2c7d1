"""The neurons: filled by what they say, ringed by their biases, mapped where there is a map."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QRadialGradient

from gui import theme
from gui.network_view.items import Neuron
from gui.network_view.picture import Picture
from gui.network_view.sitting_out import draw_sitting_out
from gui.network_view.sprites import SHADES, draw_discs, shade_of
from gui.network_view.strokes import draw_segments
from gui.network_view.tiles import (
    CORNER,
    Tiles,
    draw_tiles,
    draw_weight_tiles,
    outline_width,
    shows_weights,
)
from gui.network_view.values import activation_scale

SMALLEST_OUTLINED = 2.4
SMALLEST_WITH_BIAS = 7.0
LARGEST_IN_GUTTER = 7.0
BIAS_SPAN = 150.0  # degrees that the largest bias takes of the ring


def draw_neurons(painter: QPainter, picture: Picture, tiles: Tiles) -> None:
    """Draw every neuron that is not a pixel, filled by its activation."""
    layout = picture.layout
    for layer in range(len(layout.sizes)):
        if layer or layout.block is None:
            _draw_layer(painter, picture, tiles, layer)
    _draw_ring(painter, picture, tiles)


def strengths(picture: Picture, layer: int) -> np.ndarray:
    """Return how active a layer's neurons are, in [-1, 1]."""
    shown = picture.layout.shown[layer]
    if picture.frame.probe is None:
        return np.zeros(len(shown))
    values = picture.frame.probe.activations[layer]
    label = picture.frame.shape.activations[layer - 1] if layer else ""
    finite = np.nan_to_num(values[shown] / activation_scale(values, label))
    return np.clip(finite, -1, 1)


def _draw_layer(painter: QPainter, picture: Picture, tiles: Tiles, layer: int) -> None:
    style, radius = picture.style, picture.layout.radii[layer]
    places = picture.layout.centers[layer].tolist()
    crowded = len(places) > 1 and places[1][1] - places[0][1] < 3 * radius
    if crowded and radius < LARGEST_IN_GUTTER * style.unit:
        _draw_gutter(painter, picture, layer)
    images = tiles.of(picture, layer, painter.device().devicePixelRatio())
    tiled = images is not None
    if radius >= SMALLEST_WITH_BIAS and picture.layout.curved and images is None:
        _draw_halos(painter, picture, layer)
    if images is not None:
        draw_tiles(painter, picture, layer, images)
    elif shows_weights(picture, layer):
        draw_weight_tiles(painter, picture, theme.diverging(strengths(picture, layer)).tolist())
    else:
        _draw_discs(painter, picture, layer)
    tiled |= shows_weights(picture, layer)
    if layer and radius >= SMALLEST_WITH_BIAS and (tiled or not crowded):
        _draw_biases(painter, picture, layer, tiled)
    draw_sitting_out(painter, picture, layer, square=tiled)


def _draw_discs(painter: QPainter, picture: Picture, layer: int) -> None:
    """Draw a layer's neurons as discs in the colours of their activations."""
    radius, style = picture.layout.radii[layer], picture.style
    tiny = radius < SMALLEST_OUTLINED
    width = 0.6 if tiny else outline_width(picture, radius)
    pen = QPen(style.color("node", 0.6 if tiny else 1.0), width)
    shades, which = _shades(style.colors.name), shade_of(strengths(picture, layer))
    centers = picture.layout.centers[layer]
    draw_discs(painter, centers, radius, pen, shades, which, picture.cached)


@lru_cache(maxsize=4)
def _shades(_name: theme.ThemeName) -> tuple[int, ...]:
    """Return the colours of all activations from -1 to 1."""
    return tuple(theme.diverging(np.linspace(-1, 1, SHADES)).tolist())


def _draw_halos(painter: QPainter, picture: Picture, layer: int) -> None:
    """Let strongly active neurons glow."""
    layout, strength = picture.layout, strengths(picture, layer)
    radius = 1.8 * layout.radii[layer]
    ratio = painter.device().devicePixelRatio()
    halos = _halo_sprites(picture.style.colors.name, round(2 * radius * ratio), ratio)
    for (x, y), value in zip(layout.centers[layer].tolist(), strength.tolist(), strict=True):
        if abs(value) > 0.1:
            painter.setOpacity(0.4 * abs(value))
            painter.drawImage(QPointF(x - radius, y - radius), halos[value < 0])
    painter.setOpacity(1.0)


@lru_cache(maxsize=32)
def _halo_sprites(name: theme.ThemeName, side: int, ratio: float) -> tuple[QImage, QImage]:
    """Return the glow of a positive and of a negative value: gradients are slow to paint."""
    made = []
    for role in ("positive", "negative"):
        image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        gradient = QRadialGradient(side / 2, side / 2, side / 2)
        gradient.setColorAt(0.4, theme.PALETTES[name].color(role))
        gradient.setColorAt(1, theme.PALETTES[name].color(role, 0))
        painter = QPainter(image)
        painter.fillRect(image.rect(), gradient)
        painter.end()
        image.setDevicePixelRatio(ratio)
        made.append(image)
    return made[0], made[1]


def _draw_gutter(painter: QPainter, picture: Picture, layer: int) -> None:
    """Draw ground under a crowded column, so that its neurons stand out from the edges."""
    places, radius = picture.layout.centers[layer], picture.layout.radii[layer]
    half = radius + 2.5 * picture.style.unit
    x, top, bottom = places[0, 0], places[0, 1], places[-1, 1]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(picture.style.color("canvas"))
    painter.drawRoundedRect(
        QRectF(x - half, top - half, 2 * half, bottom - top + 2 * half), half, half
    )


def _draw_biases(painter: QPainter, picture: Picture, layer: int, tiled: bool) -> None:
    """Draw each bias as an arc from the top, clockwise if positive; under tiles as a bar."""
    biases = picture.frame.biases[layer - 1]
    if biases is None:
        return
    style, layout = picture.style, picture.layout
    spans = biases[layout.shown[layer]] / picture.values.scales[layer - 1]
    spans = np.clip(np.nan_to_num(spans), -1, 1)
    radius = layout.radii[layer] + 3 * style.unit
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for negative in (False, True):
        of_sign = (spans < 0) == negative
        pen = QPen(style.color("negative" if negative else "positive"), 2 * style.unit)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        places = layout.centers[layer][of_sign]
        if tiled:
            start = places + np.array([0, radius])
            draw_segments(painter, start, start + np.outer(spans[of_sign], (radius, 0)))
            continue
        for (x, y), span in zip(places.tolist(), spans[of_sign].tolist(), strict=True):
            ring = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
            painter.drawArc(ring, 90 * 16, round(-span * BIAS_SPAN * 16))


def _draw_ring(painter: QPainter, picture: Picture, tiles: Tiles) -> None:
    """Draw a ring around what is in focus."""
    focus, layout = picture.focus, picture.layout
    if not isinstance(focus, Neuron) or (focus.layer == 0 and layout.block):
        return
    slot = layout.slot(focus)
    if slot is None:
        return
    x, y = layout.centers[focus.layer][slot]
    radius = layout.radii[focus.layer] + 3.5 * picture.style.unit
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(picture.style.color("text"), 2 * picture.style.unit))
    images = tiles.of(picture, focus.layer, painter.device().devicePixelRatio())
    if images is not None or shows_weights(picture, focus.layer):
        box = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
        painter.drawRoundedRect(box, 1.5 * CORNER, 1.5 * CORNER)
    else:
        painter.drawEllipse(QPointF(x, y), radius, radius)
