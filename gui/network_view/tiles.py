"""Neurons of two-input networks as tiles: what each says all over the input plane."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from gui import theme
from gui.frame import Frame
from gui.network_view.picture import Picture
from gui.network_view.values import BOUNDED

SMALLEST_TILE = 7.0  # half the breadth below which a map could not be read
SMALLEST_WEIGHT_TILE = 9.0
CORNER = 4.0


def tile_values(maps: np.ndarray, label: str) -> np.ndarray:
    """Bring maps (neurons, rows, columns) of an activation to the scale of colours, [-1, 1]."""
    if label == "Sigmoid":
        return 2 * maps - 1  # the boundary lies at one half
    if label in BOUNDED:
        return maps
    peak = np.abs(maps).max(axis=(1, 2), keepdims=True, initial=0)
    return maps / np.where(peak > 0, peak, 1)


class Tiles:
    """The maps as pictures, made when a map changes, not in every frame."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[np.ndarray, tuple[object, ...], list[QImage]]] = {}

    def of(self, picture: Picture, layer: int, ratio: float) -> list[QImage] | None:
        """Return a layer's tiles, None where it has none."""
        maps = maps_of(picture.frame, layer)
        radius = picture.layout.radii[layer]
        if maps is None or radius < SMALLEST_TILE:
            return None
        colors = picture.style.colors.name
        look = (radius, ratio, colors, len(picture.layout.shown[layer]))
        made = self._made.get(layer)
        if made is None or made[0] is not maps or made[1] != look:
            label = picture.frame.shape.activations[layer - 1] if layer else ""
            shown = maps[picture.layout.shown[layer]]
            values = tile_values(np.nan_to_num(shown), label)
            images = [_tile(each, radius, ratio) for each in values]
            made = self._made[layer] = (maps, look, images)
        return made[2]


def maps_of(frame: Frame, layer: int) -> np.ndarray | None:
    maps = frame.maps
    return None if maps is None else maps[layer]


def _tile(values: np.ndarray, radius: float, ratio: float) -> QImage:
    """Return one map as a rounded picture, smooth between its points."""
    pixels = np.ascontiguousarray(theme.diverging(values))
    rows, columns = pixels.shape
    source = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    side = max(1, round(2 * radius * ratio))
    ignore, smooth = (
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    scaled = source.scaled(side, side, ignore, smooth)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(scaled))
    painter.drawRoundedRect(image.rect(), CORNER * ratio, CORNER * ratio)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def shows_weights(picture: Picture, layer: int) -> bool:
    """Tell whether a layer's neurons are large enough to show how they weigh the input picture."""
    layout = picture.layout
    return layer == 1 and layout.block is not None and layout.radii[1] >= SMALLEST_WEIGHT_TILE


def draw_weight_tiles(painter: QPainter, picture: Picture, frames: list[int]) -> None:
    """Draw the neurons after the input as the pictures they look for, framed in colours."""
    layout, shape = picture.layout, picture.frame.shape.image_shape
    assert shape is not None
    radius, height = layout.radii[1], painter.viewport().height()
    x, y = layout.centers[1].T
    seen = np.flatnonzero((y > -radius) & (y < height + radius))
    weights = picture.frame.weights[0][:, layout.shown[1][seen]].T
    peak = np.abs(weights).max(axis=1, keepdims=True)
    pixels = np.ascontiguousarray(theme.diverging(weights / np.where(peak > 0, peak, 1)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for slot, tile in zip(seen.tolist(), pixels.reshape(-1, *shape), strict=True):
        box = QRectF(x[slot] - radius, y[slot] - radius, 2 * radius, 2 * radius)
        image = QImage(tile.data, shape[1], shape[0], 4 * shape[1], QImage.Format.Format_RGB32)
        painter.drawImage(box, image)
        painter.setPen(QPen(picture.style.color("node"), 3))
        painter.drawRect(box)
        painter.setPen(QPen(QColor(frames[slot]), 1.5))
        painter.drawRect(box)


def draw_tiles(
    painter: QPainter, places: list[list[float]], radius: float, images: list[QImage], outline: QPen
) -> None:
    """Draw tiles with their middles at places, each in a frame."""
    painter.setPen(outline)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for (x, y), image in zip(places, images, strict=True):
        painter.drawImage(QPointF(x - radius, y - radius), image)
        box = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
        painter.drawRoundedRect(box, CORNER, CORNER)
