"""The words on the drawing: what each layer is, and which example flows through."""

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gui.network_view.badges import draw_layer_badge
from gui.network_view.names import name_at
from gui.network_view.picture import Picture
from gui.network_view.style import write

GAP = 5.0  # least room at either side of a caption


def draw_captions(painter: QPainter, picture: Picture) -> None:
    """Write the names over the layers and beside the inputs."""
    for layer, (box, name, detail) in captions(picture).items():
        _draw_caption(painter, picture, layer, box, name, detail)
    if picture.layout.block is None:
        _draw_input_names(painter, picture)
    _draw_example(painter, picture)


def layer_caption(picture: Picture, layer: int, brevity: int = 0) -> tuple[str, str]:
    """Return a layer's name and what it is made of; the shorter, the higher `brevity` (0 … 3)."""
    shape = picture.frame.shape
    count, shown = shape.sizes[layer], len(picture.layout.shown[layer])
    name = picture.layer_name(layer)
    if brevity:
        name = name.replace("Hidden layer", "Hidden")
    if brevity == 3:
        name = name.removeprefix("Hidden ")
    if layer == 0 and shape.image_shape:
        return name, f"{shape.image_shape[0]} × {shape.image_shape[1]} pixels"
    many = f"{shown} of {count}" if shown < count else f"{count}"
    if brevity:
        return name, many if brevity == 1 else ""
    what = "inputs" if layer == 0 else "neurons"
    if layer == len(shape.sizes) - 1 and shape.task == "classification":
        what = "classes"
    what = what.removesuffix("s") if count == 1 else what
    made = f" · {shape.activations[layer - 1]}" if layer else ""
    return name, f"{many} {what}{made}"


Captions = dict[int, tuple[QRectF, str, str]]


def captions(picture: Picture) -> Captions:
    """Return each layer's caption and its place, as short as the room between layers asks."""
    for brevity in range(4):
        found = {
            layer: _caption(picture, layer, brevity) for layer in range(len(picture.layout.sizes))
        }
        boxes = [box.adjusted(-GAP, 0, GAP, 0) for box, _name, _detail in found.values()]
        if not any(a.intersects(b) for a, b in pairwise(boxes)):
            break
    return found


def _caption(picture: Picture, layer: int, brevity: int) -> tuple[QRectF, str, str]:
    style, layout = picture.style, picture.layout
    name, detail = layer_caption(picture, layer, brevity)
    height = style.title.height + style.body.height
    width = max(style.title.width(name), style.body.width(detail))
    x = float(layout.centers[layer][0, 0]) - width / 2
    y = picture.room.top - 14 * style.unit - height
    if layer == 0 and layout.block:
        x, y = layout.block.x - 4 * style.unit, layout.block.y - 12 * style.unit - height
    elif not picture.zoomed:
        x = min(x, layout.stage.right + picture.room.right - 12 * style.unit - width)
        x = max(x, 8.0)
    return QRectF(x, y, width, height), name, detail


def _draw_caption(
    painter: QPainter, picture: Picture, layer: int, box: QRectF, name: str, detail: str
) -> None:
    style = picture.style
    at_block = layer == 0 and picture.layout.block is not None
    align = Qt.AlignmentFlag.AlignLeft if at_block else Qt.AlignmentFlag.AlignHCenter
    x = box.left() if at_block else box.center().x()
    if picture.zoomed:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.color("canvas", 0.85))
        painter.drawRoundedRect(box.adjusted(-6, -3, 6, 3), 6, 6)
    draw_layer_badge(painter, picture, layer, box)
    y = box.top() + style.title.height / 2
    write(painter, style.title, style.color("text"), (x, y), name, align)
    y = box.bottom() - style.body.height / 2
    write(painter, style.body, style.color("muted"), (x, y), detail, align)


def _draw_input_names(painter: QPainter, picture: Picture) -> None:
    layout, style = picture.layout, picture.style
    places, shown = layout.centers[0].tolist(), layout.shown[0].tolist()
    pitch = places[1][1] - places[0][1] if len(places) > 1 else 99.0
    if pitch < style.body.height * 0.8:
        return
    gap = layout.radii[0] + 9 * style.unit
    for (x, y), index in zip(places, shown, strict=True):
        name = name_at(picture.frame.shape.input_names, index, "input")
        right = Qt.AlignmentFlag.AlignRight
        write(painter, style.body, style.color("text"), (x - gap, y), name, right)


def example_caption(picture: Picture) -> tuple[str, str]:
    """Return which example is shown, and what is known of it."""
    probe, shape = picture.frame.probe, picture.frame.shape
    if probe is None:
        return "", ""
    if probe.source == "drawing" and not probe.caption:
        return "Your drawing", "as the network sees it"
    kind = "digit" if shape.image_shape else "row"
    number = f" #{probe.index}" if probe.index >= 0 else ""
    label = ""
    if probe.label is not None:
        binary = shape.task == "binary"
        name = str(probe.label) if binary else name_at(shape.output_names, probe.label, "class")
        label = f"true label {name}{_wrong_answer(picture, probe.label)}"
    return probe.caption or f"Test {kind}{number}", label


def _wrong_answer(picture: Picture, label: int) -> str:
    """Say what the network answers where that is not the label."""
    probe, shape = picture.frame.probe, picture.frame.shape
    assert probe is not None
    if shape.task != "classification" or not np.isfinite(probe.outputs).all():
        return ""
    answer = int(probe.outputs.argmax())
    return "" if answer == label else f", taken for {name_at(shape.output_names, answer, 'class')}"


def _draw_example(painter: QPainter, picture: Picture) -> None:
    """Write under the inputs what they come from."""
    style, layout = picture.style, picture.layout
    title, detail = example_caption(picture)
    if picture.focus_map:
        title, detail = picture.focus_map
    height = style.body.height
    align = Qt.AlignmentFlag.AlignHCenter
    if layout.block:
        x, y = layout.block.x - 4 * style.unit, layout.block.bottom + 12 * style.unit + height / 2
        align = Qt.AlignmentFlag.AlignLeft
    else:
        half = max(style.body.width(title), style.small.width(detail)) / 2
        x = max(float(layout.centers[0][0, 0]), half + GAP)
        y = float(layout.centers[0][-1, 1]) + layout.radii[0] + 14 * style.unit + height / 2
    write(painter, style.body, style.color("text"), (x, y), title, align)
    write(painter, style.small, style.color("muted"), (x, y + height), detail, align)
