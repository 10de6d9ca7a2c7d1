"""Neurons that are switched off: hollow, and crossed out."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from gui.network_view.items import Neuron
from gui.network_view.picture import Picture

DIAGONAL = 0.707
SMALLEST_CROSSED = 4.0  # radius; smaller ones are only hollow


def draw_switched_off(painter: QPainter, picture: Picture) -> None:
    """Cover every neuron that is switched off and shown."""
    layout, style = picture.layout, picture.style
    for layer, neurons in enumerate(picture.frame.shape.switched_off):
        radius = layout.radii[layer]
        line = QPen(style.color("muted"), max(1.0, min(radius / 6, 1.8 * style.unit)))
        for neuron in neurons:
            slot = layout.slot(Neuron(layer, neuron))
            if slot is None:
                continue
            x, y = layout.centers[layer][slot].tolist()
            painter.setPen(line)
            painter.setBrush(style.color("canvas"))
            painter.drawEllipse(QPointF(x, y), radius, radius)
            if radius >= SMALLEST_CROSSED:
                reach = DIAGONAL * radius
                for slant in (-reach, reach):
                    painter.drawLine(QPointF(x - reach, y - slant), QPointF(x + reach, y + slant))
