"""The card beside what is pointed at: its numbers."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui.network_view.badges import findings_of
from gui.network_view.items import Edge, Neuron
from gui.network_view.picture import Picture, number, output_name
from gui.network_view.style import write

WRAPPED = Qt.TextFlag.TextWordWrap
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
    note = note_on(picture)
    style = picture.style
    pad = 12 * style.unit
    line = style.body.height * 1.12
    head = style.title.height * 1.15
    label = max((style.body.width(name) for name, _ in rows), default=0)
    value = max((style.strong.width(text) for _, text in rows), default=0)
    wide = max(label + value + 18 * style.unit, style.title.width(title))
    wide = max(wide, 210 * style.unit if note else 0)
    metrics = QFontMetricsF(style.small.font)
    frame = QRectF(0, 0, wide, 1000)
    words = metrics.boundingRect(frame, WRAPPED, note).height() + 0.4 * pad if note else 0.0
    size = (wide + 2 * pad, head + line * len(rows) + words + 1.6 * pad)
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
    if note:
        painter.setFont(style.small.font)
        painter.setPen(style.color("warning"))
        painter.drawText(QRectF(x + pad, y - line / 2 + 0.3 * pad, wide, words), WRAPPED, note)


def note_on(picture: Picture) -> str:
    """Return what ails the neuron in focus, and what to try."""
    focus = picture.focus
    if not isinstance(focus, Neuron):
        return ""
    findings = findings_of(picture, focus.layer, focus.index)
    return " ".join(f"{each.reason} {each.advice}" for each in findings)


def place(
    picture: Picture, size: tuple[float, float], width: float, height: float
) -> tuple[float, float]:
    """Return the upper left corner where a card hides least, near what it is about."""
    unit = picture.style.unit
    x, y = anchor(picture) or (width / 2, height / 2)
    gap = 16 * unit
    room = (width - size[0] - 8, height - size[1] - picture.style.legend_height - 24 * unit)
    stage = picture.layout.stage
    columns = [x + gap, x - gap - size[0], stage.x, stage.right - size[0], room[0]]
    rows = [y + gap, y - gap - size[1], stage.y, stage.bottom - size[1]]
    highest = picture.room.top - 8 * unit  # below the captions
    corners = [
        (
            float(np.clip(left, 8, max(8, room[0]))),
            float(np.clip(top, highest, max(highest, room[1]))),
        )
        for left in columns
        for top in rows
    ]
    matters = _places_that_matter(picture)
    return min(corners, key=lambda corner: _cost(corner, size, matters, (x, y)))


def anchor(picture: Picture) -> tuple[float, float] | None:
    """Return the point that the card belongs to."""
    focus, layout = picture.focus, picture.layout
    if isinstance(focus, Neuron) and (slot := layout.slot(focus)) is not None:
        x, y = layout.centers[focus.layer][slot].tolist()
        return x, y
    if picture.pointer is not None:
        return picture.pointer
    numbers = layout.edges_of(focus)
    if not len(numbers):
        return None
    x0, y0, x1, y1 = layout.lines[numbers[0]].tolist()
    return (x0 + x1) / 2, (y0 + y1) / 2


def _places_that_matter(picture: Picture) -> np.ndarray:
    """Return points (n, 3) that should stay in sight: x, y and how much."""
    layout = picture.layout
    lines = layout.lines[layout.edges_of(picture.focus)]
    part = np.linspace(0.05, 0.95, 7)[:, None, None]
    along = (lines[:, :2] * (1 - part) + lines[:, 2:] * part).reshape(-1, 2)
    weight = 60 / max(len(lines), 1)
    ends = [*layout.centers[1 if layout.block else 0 :]]
    if layout.block:
        ends.append(layout.centers[0][:: max(1, len(layout.centers[0]) // 64)])
    labels = layout.centers[-1] + (layout.radii[-1] + picture.room.name + 40 * layout.unit, 0)
    neurons = np.concatenate([*ends, labels])
    return np.concatenate(
        [
            np.column_stack([along, np.full(len(along), weight)]),
            np.column_stack([neurons, np.full(len(neurons), 30.0 if layout.curved else 8.0)]),
            [[*(anchor(picture) or (0.0, 0.0)), 1e4]],
        ]
    )


def _cost(
    corner: tuple[float, float],
    size: tuple[float, float],
    matters: np.ndarray,
    at: tuple[float, float],
) -> float:
    left, top = corner
    x, y, weight = matters.T
    margin = 6
    hidden = (x > left - margin) & (x < left + size[0] + margin)
    hidden &= (y > top - margin) & (y < top + size[1] + margin)
    away = np.hypot(left + size[0] / 2 - at[0], top + size[1] / 2 - at[1])
    return float(weight[hidden].sum() + 0.15 * away)
