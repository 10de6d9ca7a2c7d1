"""The picture at the input: what is shown to the network, or how a neuron weighs it."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from gui import theme
from gui.network_view.items import Neuron
from gui.network_view.picture import Picture, rectangle

SMALLEST_CELL_APART = 6.0  # pixels nearer than this touch each other
BROAD_CELL = 16.0


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
        ratio = painter.device().devicePixelRatio()
        side = round(block.width * ratio), round(block.height * ratio)
        image = _raster(pixels.tobytes(), shape, side, ratio, style.colors.name)
        painter.drawImage(QPointF(block.x, block.y), image)
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
        return theme.diverging(_share(weights, float(np.abs(weights).max()) or 1.0))
    if picture.frame.probe is None:
        return None
    x = picture.frame.probe.x
    if x.min() < 0:
        return theme.diverging(_share(x, float(np.abs(x).max())))
    return theme.grayscale(_share(x, max(1.0, float(x.max()))))


def _share(values: np.ndarray, largest: float) -> np.ndarray:
    """Return values as parts of the largest; 0 for what is no number, and beside infinity."""
    return np.nan_to_num(values / largest, nan=0.0, posinf=1.0, neginf=-1.0)


@lru_cache(maxsize=4)
def _raster(
    pixels: bytes,
    shape: tuple[int, int],
    side: tuple[int, int],
    ratio: float,
    name: theme.ThemeName,
) -> QImage:
    """Return ``0xffRRGGBB`` pixels as squares with the plate between them.

    The same picture is shown for a long time: it is scaled once, not in every frame.
    """
    rows, columns = shape
    source = QImage(pixels, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    image = QImage(*side, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.drawImage(image.rect(), source)
    width, height = side
    cell = width / columns
    if cell / ratio >= SMALLEST_CELL_APART:
        gap = (2 if cell / ratio >= BROAD_CELL else 1) * ratio
        painter.setPen(QPen(theme.PALETTES[name].color("plate"), gap))
        for column in range(1, columns):
            x = round(column * cell)
            painter.drawLine(QPointF(x, 0), QPointF(x, height))
        for row in range(1, rows):
            y = round(row * height / rows)
            painter.drawLine(QPointF(0, y), QPointF(width, y))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image
