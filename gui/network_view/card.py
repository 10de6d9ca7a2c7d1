"""The card beside what is pointed at: its numbers."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from gui.network_view.badges import findings_of
from gui.network_view.block import block_pixels
from gui.network_view.items import Edge, Neuron
from gui.network_view.names import number, ordinal, output_name
from gui.network_view.picture import Picture
from gui.network_view.placing import place
from gui.network_view.sitting_out import sits_out
from gui.network_view.style import write

WRAPPED = Qt.TextFlag.TextWordWrap
RIGHT = Qt.AlignmentFlag.AlignRight
NOTE_WIDTH = 210.0
DROPOUT = ("took part", "sat out the last step")
WALKED_DROPOUT = ("takes part", "sits out this step")
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
        title = f"Output · {output_name(frame.shape, index)}"
    rows: Rows = []
    if frame.probe is not None:
        values = frame.probe.activations[layer]
        rows.append(("Activation" if layer else "Value", number(float(values[index]))))
        rows.append(("Rank by size", rank(values, index)))
    if layer:
        rows += _describe_parameters(picture, neuron)
    return title, rows


def _describe_parameters(picture: Picture, neuron: Neuron) -> Rows:
    """Return what a neuron has learnt, how that is about to change, and whether it takes part."""
    frame, layer, index = picture.frame, neuron.layer, neuron.index
    rows: Rows = []
    bias = frame.biases[layer - 1]
    if bias is not None:
        rows.append(("Bias", number(float(bias[index]), signed=True)))
        rows.append(("∂L/∂b", _slope(frame.bias_gradients, layer - 1, (index,))))
    incoming = frame.weights[layer - 1][:, index]
    strongest = int(np.argmax(np.abs(incoming)))
    source = picture.neuron_name(Neuron(layer - 1, strongest))
    rows.append(("Inputs", f"{len(incoming):,}"))
    rows.append(("Largest weight", number(float(incoming[strongest]), signed=True)))
    rows.append(("", f"from {source}"))
    absent = sits_out(picture, neuron)
    if frame.shape.is_off(layer, index):
        rows.append(("Switched off", "says 0"))
    elif absent is not None:
        rows.append(("Dropout", WALKED_DROPOUT[absent] if frame.walked else DROPOUT[absent]))
    return rows


def _describe_edge(picture: Picture, edge: Edge) -> tuple[str, Rows]:
    frame = picture.frame
    weights = frame.weights[edge.layer]
    value = float(weights[edge.source, edge.target])
    source = picture.neuron_name(Neuron(edge.layer, edge.source))
    target = picture.neuron_name(Neuron(edge.layer + 1, edge.target))
    layers = f"{picture.layer_name(edge.layer)} → {picture.layer_name(edge.layer + 1)}"
    rows = [
        ("Layer", layers),
        ("Weight", number(value, signed=True)),
        ("Rank by size", rank(weights, (edge.source, edge.target))),
    ]
    if frame.probe is not None:
        activation = float(frame.probe.activations[edge.layer][edge.source])
        rows.append(("× activation", number(activation)))
        rows.append(("= contribution", number(activation * value, signed=True)))
    rows.append(("∂L/∂w", _slope(frame.gradients, edge.layer, (edge.source, edge.target))))
    return f"{source} → {target}", rows


def rank(values: np.ndarray, at: int | tuple[int, ...]) -> str:
    """Say which place an entry has among all, the largest by size first.

    >>> rank(np.array([0.5, -2.0, 1.0]), 2)
    '2nd of 3'
    """
    larger = int((np.abs(values) > abs(values[at])).sum())
    return f"{ordinal(larger + 1)} of {values.size:,}"


def _slope(gradients: tuple[np.ndarray | None, ...] | None, layer: int, at: tuple[int, ...]) -> str:
    """Write an entry of the gradient; it is on its way where there is none yet."""
    gradient = None if gradients is None else gradients[layer]
    return "…" if gradient is None else number(float(gradient[at]), signed=True)


def note_on(picture: Picture) -> str:
    """Return what ails the neuron in focus, and what to try."""
    focus = picture.focus
    if not isinstance(focus, Neuron):
        return ""
    findings = findings_of(picture, focus.layer, focus.index)
    return " ".join(f"{each.reason} {each.advice}" for each in findings)


class Card:
    """A title, rows of numbers, perhaps a picture and a note; measured before it is placed."""

    def __init__(self, picture: Picture) -> None:
        self._style = style = picture.style
        self._title, self._rows = describe(picture)
        self._note = note_on(picture)
        self._image = weight_image(picture)
        self._pad = 12 * style.unit
        self._line = style.body.height * 1.12
        self._head = style.title.height * 1.15
        self._side = 128 * style.unit if self._image is not None else 0.0
        self._width = self._wide()
        self._words = self._note_height()
        height = self._head + self._line * len(self._rows) + self._words + 1.6 * self._pad
        if self._image is not None:
            height += self._side + 0.6 * self._pad
        self.size = (self._width + 2 * self._pad, height)

    def _wide(self) -> float:
        style = self._style
        names = max((style.body.width(name) for name, _ in self._rows), default=0.0)
        values = max((style.strong.width(text) for _, text in self._rows), default=0.0)
        least = max(NOTE_WIDTH * style.unit if self._note else 0.0, self._side)
        return max(names + values + 18 * style.unit, style.title.width(self._title), least)

    def _note_height(self) -> float:
        if not self._note:
            return 0.0
        room = QRectF(0, 0, self._width, 1000)
        metrics = QFontMetricsF(self._style.small.font)
        return metrics.boundingRect(room, WRAPPED, self._note).height() + 0.4 * self._pad

    def paint(self, painter: QPainter, x: float, y: float) -> None:
        style, pad = self._style, self._pad
        painter.setPen(QPen(style.color("line"), 1))
        painter.setBrush(style.color("window"))
        painter.drawRoundedRect(QRectF(x, y, *self.size), 8 * style.unit, 8 * style.unit)
        left, right = x + pad, x + pad + self._width
        y += 0.8 * pad + self._head / 2
        write(painter, style.title, style.color("text"), (left, y), self._title)
        y += (self._head + self._line) / 2
        for name, text in self._rows:
            write(painter, style.body, style.color("muted"), (left, y), name)
            write(painter, style.strong, style.color("text"), (right, y), text, RIGHT)
            y += self._line
        y += 0.3 * pad - self._line / 2
        if self._image is not None:
            painter.drawImage(QRectF(left, y, self._side, self._side), self._image)
            y += self._side + 0.6 * pad
        if self._note:
            painter.setFont(style.small.font)
            painter.setPen(style.color("warning"))
            painter.drawText(QRectF(left, y, self._width, self._words), WRAPPED, self._note)


def weight_image(picture: Picture) -> QImage | None:
    """Return the focused neuron's weights as a picture, where the plate cannot show them."""
    focus, block = picture.focus, picture.layout.block
    shape = picture.frame.shape.image_shape
    if not isinstance(focus, Neuron) or focus.layer != 1 or block is None or shape is None:
        return None
    pixels = block_pixels(picture)
    if not picture.zoomed or pixels is None:
        return None
    image = QImage(pixels.tobytes(), shape[1], shape[0], 4 * shape[1], QImage.Format.Format_RGB32)
    return image.copy()  # of memory of its own


def draw_card(painter: QPainter, picture: Picture, width: float, height: float) -> None:
    """Draw the card where it hides least."""
    if picture.focus is not None:
        card = Card(picture)
        card.paint(painter, *place(picture, card.size, width, height))
