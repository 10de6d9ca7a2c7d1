"""The card beside what is pointed at: its numbers."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui.network_view.items import Edge, Neuron
from gui.network_view.picture import Picture, number, output_name, write

Rows = list[tuple[str, str]]


def describe(picture: Picture) -> tuple[str, Rows]:
    """Return a title and rows of (name, value) for what is in focus."""
    focus = picture.focus
    if isinstance(focus, Neuron):
        return _describe_neuron(picture, focus)
    if isinstance(focus, Edge):
        return _describe_edge(picture, focus)
    return "", []


def _describe_neuron(picture: Picture, neuron: Neuron) -> tuple[str, Rows]:
    frame, layer, index = picture.frame, neuron.layer, neuron.index
    name = picture.neuron_name(neuron)
    title = f"{picture.layer_name(layer)} · {name}"
    if layer == len(frame.shape.sizes) - 1:
        title = f"Output · {output_name(frame, index)}"
    rows: Rows = []
    if frame.probe is not None:
        what = "Activation" if layer else "Value"
        rows.append((what, number(float(frame.probe.activations[layer][index]))))
    if layer == 0:
        return title, rows
    bias = frame.biases[layer - 1]
    if bias is not None:
        rows.append(("Bias", number(float(bias[index]), signed=True)))
    incoming = frame.weights[layer - 1][:, index]
    rows.append(("Inputs", f"{len(incoming)}"))
    strongest = int(np.argmax(np.abs(incoming)))
    source = picture.neuron_name(Neuron(layer - 1, strongest))
    rows.append(("Largest weight", f"{number(float(incoming[strongest]), signed=True)}"))
    rows.append(("", f"from {source}"))
    return title, rows


def _describe_edge(picture: Picture, edge: Edge) -> tuple[str, Rows]:
    frame = picture.frame
    weights = frame.weights[edge.layer]
    value = float(weights[edge.source, edge.target])
    rank = int((np.abs(weights) > abs(value)).sum()) + 1
    source = picture.neuron_name(Neuron(edge.layer, edge.source))
    target = picture.neuron_name(Neuron(edge.layer + 1, edge.target))
    rows = [("Weight", number(value, signed=True))]
    if frame.probe is not None:
        activation = float(frame.probe.activations[edge.layer][edge.source])
        rows.append(("× activation", number(activation)))
        rows.append(("= contribution", number(activation * value, signed=True)))
    rows.append(("By size", f"{rank:,} of {weights.size:,}".replace(",", " ")))
    return f"{source} → {target}", rows


def draw_card(painter: QPainter, picture: Picture, width: float, height: float) -> None:
    """Draw the card where it hides none of the edges it is about."""
    title, rows = describe(picture)
    if not title:
        return
    style = picture.style
    pad = 12 * style.unit
    line = QFontMetricsF(style.body).height() * 1.12
    head = QFontMetricsF(style.title).height() * 1.15
    label = max((QFontMetricsF(style.body).horizontalAdvance(name) for name, _ in rows), default=0)
    value = max(
        (QFontMetricsF(style.strong).horizontalAdvance(text) for _, text in rows), default=0
    )
    wide = max(label + value + 18 * style.unit, QFontMetricsF(style.title).horizontalAdvance(title))
    size = (wide + 2 * pad, head + line * len(rows) + 1.6 * pad)
    x, y = place(picture, size, width, height)
    box = QRectF(x, y, *size)
    painter.setPen(QPen(style.color("line"), 1))
    painter.setBrush(style.color("window"))
    painter.drawRoundedRect(box, 8 * style.unit, 8 * style.unit)
    y += 0.8 * pad + head / 2
    write(painter, style.title, style.color("text"), (x + pad, y), title)
    y += (head + line) / 2
    for name, text in rows:
        write(painter, style.body, style.color("muted"), (x + pad, y), name)
        right = Qt.AlignmentFlag.AlignRight
        write(painter, style.strong, style.color("text"), (box.right() - pad, y), text, right)
        y += line


def place(
    picture: Picture, size: tuple[float, float], width: float, height: float
) -> tuple[float, float]:
    """Return the upper left corner of a card: beside its column, away from its edges."""
    layout, unit, focus = picture.layout, picture.style.unit, picture.focus
    if isinstance(focus, Edge):
        at = picture.pointer or (width / 2, height / 2)
        x, y = at[0] + 18 * unit, at[1] + 18 * unit
    else:
        assert isinstance(focus, Neuron)
        slot = layout.slot(focus) or 0
        at_x, at_y = layout.centers[focus.layer][slot].tolist()
        gap = layout.radii[focus.layer] + 14 * unit
        if focus.layer == len(layout.sizes) - 1:
            x = at_x - gap - size[0]
        elif focus.layer == 0 and layout.block:
            x, at_y = layout.block.x, layout.block.bottom
            gap = 0
        else:
            x = at_x + gap
        middle = layout.stage.y + layout.stage.height / 2
        y = layout.stage.bottom - size[1] if at_y < middle else layout.stage.y
        if focus.layer == 0 and layout.block:
            y = layout.block.bottom + 50 * unit
    limit = height - size[1] - 8
    return float(np.clip(x, 8, max(8, width - size[0] - 8))), float(np.clip(y, 8, max(8, limit)))
