"""What the outputs say: names, probabilities, and which one wins."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gui.network_view.names import number, output_name
from gui.network_view.picture import BAR_WIDTH, Picture
from gui.network_view.style import write


def draw_outputs(painter: QPainter, picture: Picture) -> None:
    """Write the outputs' names with their probabilities, the winner standing out."""
    layout, frame = picture.layout, picture.frame
    last = len(layout.sizes) - 1
    values = frame.probe.outputs if frame.probe is not None else None
    winner = int(np.argmax(values)) if values is not None and len(values) > 1 else -1
    pitch = layout.centers[last][1, 1] - layout.centers[last][0, 1] if layout.sizes[-1] > 1 else 99
    if pitch < 9:
        return
    for slot, index in enumerate(layout.shown[last].tolist()):
        value = None if values is None else float(values[index])
        _draw_output(painter, picture, slot, index, value, index == winner)


def _draw_output(
    painter: QPainter, picture: Picture, slot: int, index: int, value: float | None, wins: bool
) -> None:
    style, layout = picture.style, picture.layout
    x, y = layout.centers[-1][slot].tolist()
    x += layout.radii[-1] + 10 * style.unit
    color = style.color("text" if wins or value is None else "muted")
    name = output_name(picture.frame.shape, index)
    write(painter, style.title if wins else style.body, color, (x, y), name)
    if value is None:
        return
    x += picture.room.name
    if picture.frame.shape.task == "regression":
        write(painter, style.figures, color, (x, y), number(value))
        return
    width, height = BAR_WIDTH * style.unit, 5 * style.unit
    track = QRectF(x, y - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.color("line", 0.55))
    painter.drawRoundedRect(track, height / 2, height / 2)
    if value > 0.005:
        track.setWidth(max(height, width * min(value, 1.0)))
        painter.setBrush(style.color("positive" if wins else "node"))
        painter.drawRoundedRect(track, height / 2, height / 2)
    text = f"{100 * value:.0f} %" if np.isfinite(value) else "–"
    right = Qt.AlignmentFlag.AlignRight
    end = x + width + picture.room.percent
    write(painter, style.strong if wins else style.figures, color, (end, y), text, right)
