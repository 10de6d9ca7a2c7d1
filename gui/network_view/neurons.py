"""The neurons, the picture at the input, and what the outputs say."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QRadialGradient, QTransform

from gui import theme
from gui.network_view.items import Neuron
from gui.network_view.picture import Picture, rectangle
from gui.network_view.values import BOUNDED, activation_scale

SMALLEST_OUTLINED = 2.4
SMALLEST_WITH_BIAS = 7.0
LARGEST_IN_GUTTER = 7.0
BIAS_SPAN = 150.0  # degrees that the largest bias takes of the ring


def draw_pixels(painter: QPainter, target: QRectF, pixels: np.ndarray) -> None:
    """Draw ``0xffRRGGBB`` pixels (height, width), each as a sharp square."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(target, image)


def draw_block(painter: QPainter, picture: Picture) -> None:
    """Draw the inputs as the picture they are, or the focused neuron's weights over it."""
    block, style = picture.layout.block, picture.style
    shape = picture.frame.shape.image_shape
    if block is None or shape is None:
        return
    margin = 4 * style.unit
    painter.setPen(QPen(style.color("line"), 1.2 * style.unit))
    painter.setBrush(style.color("plate"))
    painter.drawRoundedRect(rectangle(block, margin), margin, margin)
    pixels = block_pixels(picture)
    if pixels is not None:
        draw_pixels(painter, rectangle(block), pixels.reshape(shape))
    _draw_grid(painter, picture)
    if isinstance(picture.focus, Neuron) and picture.focus.layer == 0:
        x, y = picture.layout.centers[0][picture.focus.index]
        half = picture.layout.radii[0]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(style.color("text"), 2 * style.unit))
        painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))


def block_pixels(picture: Picture) -> np.ndarray | None:
    """Return the block's colours, flat: the focused neuron's weights, or the example."""
    focus = picture.focus
    if isinstance(focus, Neuron) and focus.layer == 1:
        weights = picture.frame.weights[0][:, focus.index]
        return theme.diverging(weights / (np.abs(weights).max() or 1.0))
    if picture.frame.probe is None:
        return None
    x = picture.frame.probe.x
    if x.min() < 0:
        return theme.diverging(x / np.abs(x).max())
    return theme.grayscale(x / max(1.0, float(x.max())))


def _draw_grid(painter: QPainter, picture: Picture) -> None:
    block, shape = picture.layout.block, picture.frame.shape.image_shape
    assert block is not None
    assert shape is not None
    cell = block.width / shape[1]
    if cell < 6:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(picture.style.color("plate"), 1 if cell < 16 else 2))
    for column in range(1, shape[1]):
        x = round(block.x + column * cell)
        painter.drawLine(QPointF(x, block.y), QPointF(x, block.bottom))
    for row in range(1, shape[0]):
        y = round(block.y + row * cell)
        painter.drawLine(QPointF(block.x, y), QPointF(block.right, y))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def draw_neurons(painter: QPainter, picture: Picture) -> None:
    """Draw every neuron that is not a pixel, filled by its activation."""
    layout = picture.layout
    for layer in range(len(layout.sizes)):
        if layer or layout.block is None:
            _draw_layer(painter, picture, layer)
    _draw_ring(painter, picture)


def fills(picture: Picture, layer: int) -> list[int]:
    """Return the colours of a layer's neurons."""
    shown = picture.layout.shown[layer]
    if picture.frame.probe is None:
        return [picture.style.color("neutral").rgb()] * len(shown)
    values = picture.frame.probe.activations[layer]
    label = picture.frame.shape.activations[layer - 1] if layer else ""
    return theme.diverging(values[shown] / activation_scale(values, label)).tolist()


def _draw_layer(painter: QPainter, picture: Picture, layer: int) -> None:
    style, radius = picture.style, picture.layout.radii[layer]
    tiny = radius < SMALLEST_OUTLINED
    width = 0.6 if tiny else max(1.0, min(radius / 7, 1.6 * style.unit))
    outline = QPen(style.color("node", 0.6 if tiny else 1.0), width)
    places = picture.layout.centers[layer].tolist()
    crowded = len(places) > 1 and places[1][1] - places[0][1] < 3 * radius
    if crowded and radius < LARGEST_IN_GUTTER * style.unit:
        _draw_gutter(painter, picture, layer)
    maps = maps_of(picture, layer)
    colors = fills(picture, layer)
    if radius >= SMALLEST_WITH_BIAS and picture.layout.curved and maps is None:
        _draw_halos(painter, picture, layer)
    painter.setPen(outline)
    if maps is not None:
        for (x, y), values in zip(places, maps, strict=True):
            _draw_tile(painter, QRectF(x - radius, y - radius, 2 * radius, 2 * radius), values)
    else:
        for (x, y), fill in zip(places, colors, strict=True):
            painter.setBrush(QColor(fill))
            painter.drawEllipse(QPointF(x, y), radius, radius)
    if layer and radius >= SMALLEST_WITH_BIAS and not crowded:
        _draw_biases(painter, picture, layer)


def maps_of(picture: Picture, layer: int) -> np.ndarray | None:
    """Return what a layer's neurons say all over the input plane, (shown, height, width)."""
    maps = getattr(picture.frame, "maps", None)
    if maps is None or maps[layer] is None:
        return None
    values = maps[layer][picture.layout.shown[layer]]
    label = picture.frame.shape.activations[layer - 1] if layer else "Tanh"
    if label == "Sigmoid":
        values = 2 * values - 1  # the boundary lies at one half
    elif label not in BOUNDED:
        peak = np.abs(values).max(axis=(1, 2), keepdims=True, initial=1e-9)
        values = values / peak
    return values


def _draw_tile(painter: QPainter, box: QRectF, values: np.ndarray) -> None:
    """Draw a neuron's own map as a tile with the painter's pen."""
    pixels = np.ascontiguousarray(theme.diverging(values))
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    place = QTransform.fromTranslate(box.x(), box.y()).scale(
        box.width() / width, box.height() / height
    )
    brush = QBrush(image)
    brush.setTransform(place)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    painter.setBrush(brush)
    painter.drawRoundedRect(box, 4, 4)


def _draw_halos(painter: QPainter, picture: Picture, layer: int) -> None:
    """Let strongly active neurons glow."""
    probe, layout = picture.frame.probe, picture.layout
    if probe is None:
        return
    label = picture.frame.shape.activations[layer - 1] if layer else ""
    values = probe.activations[layer]
    strength = values[layout.shown[layer]] / activation_scale(values, label)
    radius = 1.8 * layout.radii[layer]
    ratio = painter.device().devicePixelRatio()
    halos = _halo_sprites(picture.style.colors.name, round(2 * radius * ratio), ratio)
    for (x, y), value in zip(layout.centers[layer].tolist(), strength.tolist(), strict=True):
        if abs(value) > 0.1:
            painter.setOpacity(0.4 * min(1.0, abs(value)))
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


def _draw_biases(painter: QPainter, picture: Picture, layer: int) -> None:
    """Draw each bias as an arc from the top, clockwise if positive."""
    biases = picture.frame.biases[layer - 1]
    if biases is None:
        return
    style, layout = picture.style, picture.layout
    spans = biases[layout.shown[layer]] / picture.values.scales[layer - 1]
    spans = np.clip(np.nan_to_num(spans), -1, 1) * BIAS_SPAN
    radius = layout.radii[layer] + 3 * style.unit
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for (x, y), span in zip(layout.centers[layer].tolist(), spans.tolist(), strict=True):
        pen = QPen(style.signed(span), 2 * style.unit)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        ring = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
        painter.drawArc(ring, 90 * 16, round(-span * 16))


def _draw_ring(painter: QPainter, picture: Picture) -> None:
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
    painter.drawEllipse(QPointF(x, y), radius, radius)
