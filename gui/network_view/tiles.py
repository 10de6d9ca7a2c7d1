"""Neurons of two-input networks as tiles: what each says all over the input plane."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPen

from gui import theme
from gui.frame import Frame
from gui.network_view.picture import Picture
from gui.network_view.values import BOUNDED

SMALLEST_TILE = 7.0  # half the breadth below which a map could not be read
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
