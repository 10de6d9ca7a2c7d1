"""Neurons that are switched off: hollow, and crossed out."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from gui.network_view.items import Neuron
from gui.network_view.picture import Picture
from gui.network_view.tiles import CORNER, Tiles, shows_weights

DIAGONAL = 0.707
SMALLEST_CROSSED = 4.0  # radius; smaller ones are only hollow


def draw_switched_off(painter: QPainter, picture: Picture, tiles: Tiles) -> None:
    """Cover every neuron that is switched off and shown."""
    layout, style = picture.layout, picture.style
    for layer, neurons in enumerate(picture.frame.shape.switched_off):
        radius = layout.radii[layer]
        if not neurons:
            continue
        ratio = painter.device().devicePixelRatio()
        square = tiles.of(picture, layer, ratio) is not None or shows_weights(picture, layer)
        reach = (0.9 if square else DIAGONAL) * radius
        line = QPen(style.color("muted"), max(1.0, min(radius / 6, 1.8 * style.unit)))
        for neuron in neurons:
            slot = layout.slot(Neuron(layer, neuron))
            if slot is None:
                continue
            x, y = layout.centers[layer][slot].tolist()
            painter.setPen(line)
            painter.setBrush(style.color("canvas"))
            if square:
                box = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
                painter.drawRoundedRect(box, CORNER, CORNER)
            else:
                painter.drawEllipse(QPointF(x, y), radius, radius)
            if radius >= SMALLEST_CROSSED:
                for slant in (-reach, reach):
                    painter.drawLine(QPointF(x - reach, y - slant), QPointF(x + reach, y + slant))
