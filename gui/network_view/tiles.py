"""Neurons of two-input networks as tiles: what each says all over the input plane."""

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

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
            pixels = theme.diverging(tile_values(np.nan_to_num(shown), label))
            images = [_tile(each, radius, ratio) for each in pixels]
            made = self._made[layer] = (maps, look, images)
        return made[2]


def maps_of(frame: Frame, layer: int) -> np.ndarray | None:
    maps = frame.maps
    return None if maps is None else maps[layer]


def outline_width(picture: Picture, radius: float) -> float:
    """Return how wide the line around neurons is."""
    return max(1.0, min(radius / 7, 1.6 * picture.style.unit))


def _tile(pixels: np.ndarray, radius: float, ratio: float) -> QImage:
    """Return one map as a picture, smooth between its points."""
    rows, columns = pixels.shape
    lines = np.ascontiguousarray(pixels).data
    source = QImage(lines, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    side = max(1, round(2 * radius * ratio))
    ignore, smooth = (
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    image = source.scaled(side, side, ignore, smooth)
    image.setDevicePixelRatio(ratio)
    return image


@lru_cache(maxsize=16)
def _frame(name: theme.ThemeName, radius: float, width: float, ratio: float) -> QImage:
    """Return what lies over a tile: its frame, and the canvas where its corners are cut."""
    side = 2 * math.ceil((radius + width) * ratio)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    colors, box = theme.PALETTES[name], QRectF(-radius, -radius, 2 * radius, 2 * radius)
    rounded = QPainterPath()
    rounded.addRoundedRect(box, CORNER, CORNER)
    corners = QPainterPath()
    corners.addRect(box)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / 2 / ratio, side / 2 / ratio)
    painter.fillPath(corners.subtracted(rounded), colors.color("canvas"))
    painter.strokePath(rounded, QPen(colors.color("node"), width))
    painter.end()
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


def draw_tiles(painter: QPainter, picture: Picture, layer: int, images: list[QImage]) -> None:
    """Draw the tiles of a layer, each in a frame."""
    radius, ratio = picture.layout.radii[layer], painter.device().devicePixelRatio()
    frame = _frame(picture.style.colors.name, radius, outline_width(picture, radius), ratio)
    for (x, y), image in zip(picture.layout.centers[layer].tolist(), images, strict=True):
        for part in (image, frame):
            half = part.deviceIndependentSize().width() / 2
            painter.drawImage(QPointF(x - half, y - half), part)
