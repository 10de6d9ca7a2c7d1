"""Marks on the neurons that dropout leaves out of a training step."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.network_view.items import Neuron
from gui.network_view.picture import Picture
from gui.network_view.style import write
from gui.network_view.tiles import CORNER

SMALLEST_DASHED = 9.0
LEGEND = "Sat out the last step, in its first row (dropout)"


def sits_out(picture: Picture, neuron: Neuron) -> bool | None:
    """Return whether dropout leaves a neuron out; None where its layer has no dropout."""
    absent = _absent(picture, neuron.layer)
    return None if absent is None else bool(absent[neuron.index])


def _absent(picture: Picture, layer: int) -> np.ndarray | None:
    known = picture.frame.sits_out
    return known[layer - 1] if layer and known else None


def draw_sitting_out(painter: QPainter, picture: Picture, layer: int, square: bool) -> None:
    """Mark the neurons of a layer that sit out."""
    absent, layout = _absent(picture, layer), picture.layout
    if absent is not None:
        places = layout.centers[layer][absent[layout.shown[layer]]]
        radius = layout.radii[layer]
        _draw_marks(painter, picture, places, radius, radius >= SMALLEST_DASHED, square)


def dash(pen: QPen) -> QPen:
    """Return a pen for the outline of a neuron that sits out."""
    dashed = QPen(pen)
    dashed.setDashPattern([2.2, 2.0])
    return dashed


def _draw_marks(
    painter: QPainter,
    picture: Picture,
    places: np.ndarray,
    radius: float,
    dashed: bool,
    square: bool = False,
) -> None:
    """Empty neurons, with a dashed outline or, where that is too small to see, a cross."""
    style = picture.style
    ground, line = style.color("canvas", 0.85), style.color("node")
    pen = QPen(line, max(1.0, min(radius / 6, 1.4 * style.unit)))
    for x, y in places.tolist():
        box = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
        painter.setPen(dash(pen) if dashed else Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        if square:
            painter.drawRoundedRect(box, CORNER, CORNER)
        elif dashed:
            painter.drawEllipse(box)
        else:
            painter.fillRect(box.adjusted(-1, -1, 1, 1), style.color("canvas"))
            painter.setPen(pen)
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.drawLine(box.topRight(), box.bottomLeft())


def draw_mark_words(
    painter: QPainter, picture: Picture, x: float, y: float, words: str = LEGEND
) -> None:
    """Say what the marks mean, where there are any."""
    layers = [k + 1 for k, absent in enumerate(picture.frame.sits_out) if absent is not None]
    if layers:
        style, on_network = picture.style, picture.layout.radii[layers[0]]
        radius = min(on_network, 0.45 * style.small.height)
        place = np.array([[x + radius, y]])
        _draw_marks(painter, picture, place, radius, on_network >= SMALLEST_DASHED)
        beside = (x + 2 * radius + 7 * style.unit, y)
        write(painter, style.small, style.color("muted"), beside, words)


def legend_line_width(picture: Picture, words: str = LEGEND) -> float:
    """Return how wide the line over the legend is at most; 0 where there is none."""
    style = picture.style
    if not picture.frame.sits_out:
        return 0.0
    return 0.9 * style.small.height + 7 * style.unit + style.small.width(words)
