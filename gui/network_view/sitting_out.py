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
        _draw_marks(painter, picture, places, layout.radii[layer], square)


def _draw_marks(
    painter: QPainter, picture: Picture, places: np.ndarray, radius: float, square: bool
) -> None:
    """Empty neurons, with a dashed outline; small ones give way to a cross."""
    style = picture.style
    ground, line = style.color("canvas", 0.85), style.color("node")
    dashed = radius >= SMALLEST_DASHED
    pen = QPen(line, max(1.0, min(radius / 6, 1.4 * style.unit)))
    if dashed:
        pen.setDashPattern([2.2, 2.0])
    for x, y in places.tolist():
        box = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
        painter.setPen(pen if dashed else Qt.PenStyle.NoPen)
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


def draw_legend_line(painter: QPainter, picture: Picture, x: float, y: float) -> None:
    """Say over the legend what the marks mean, where there are any."""
    layers = [k + 1 for k, absent in enumerate(picture.frame.sits_out) if absent is not None]
    if layers:
        style = picture.style
        radius = min(picture.layout.radii[layers[0]], 0.45 * style.small.height)
        _draw_marks(painter, picture, np.array([[x + radius, y]]), radius, square=False)
        place = (x + 2 * radius + 7 * style.unit, y)
        write(painter, style.small, style.color("muted"), place, LEGEND)
