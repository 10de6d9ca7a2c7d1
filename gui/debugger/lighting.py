"""Draws what is lit: edges and neurons in the hues of their numbers, the numbers beside them."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from engine.formulas.writer import number
from gui import theme
from gui.debugger.lit import Lit
from gui.debugger.matrices import draw_heat_map, signed_pixels
from gui.network_view.layout import Layout
from gui.network_view.picture import Picture
from gui.network_view.strokes import LEVELS

LABELLED_EDGES = 6
HUES = {
    "data": ("positive", "negative"),
    "weight": ("positive", "negative"),
    "gradient": ("gradient_positive", "gradient_negative"),
}


@lru_cache(maxsize=64)
def hued_pens(name: theme.ThemeName, role: str, width: float) -> list[QPen]:
    """Return the pens of all strengths: weakest first, positive before negative."""
    colors = theme.PALETTES[name]
    made = []
    for bucket in range(2 * LEVELS):
        strength = (bucket // 2 + 0.5) / LEVELS
        pen = QPen(colors.color(HUES[role][bucket % 2], 0.9 * strength**1.2), width)
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        made.append(pen)
    return made


def hue(role: str, value: float, alpha: float = 1.0) -> QColor:
    """Return the colour of a number's sign."""
    return theme.palette().color(HUES.get(role, HUES["data"])[value < 0], alpha)


def curve(line: np.ndarray) -> QPainterPath:
    """Return an edge of a small network as the drawing has it."""
    x0, y0, x1, y1 = line.tolist()
    path = QPainterPath(QPointF(x0, y0))
    path.cubicTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1)
    return path


def draw_curves(
    painter: QPainter, picture: Picture, lines: np.ndarray, strength: np.ndarray, role: str,
    swell: float,
) -> None:  # fmt: skip
    unit = picture.style.unit
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for k in np.argsort(np.abs(strength)).tolist():
        size = abs(float(strength[k]))
        color = hue(role, float(strength[k]), 0.35 + 0.6 * size)
        pen = QPen(color if size else picture.style.color("line"))
        pen.setWidthF((1.0 + 4.5 * size) * unit * swell)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawPath(curve(lines[k]))


def edge_in_focus(layout: Layout, lit: Lit, gap: int) -> int | None:
    """Return the number, within its layer, of the edge between the neurons in focus."""
    if gap not in lit.mark or gap + 1 not in lit.mark:
        return None
    places = [np.flatnonzero(layout.shown[k] == lit.mark[k]) for k in (gap, gap + 1)]
    if not len(places[0]) or not len(places[1]):
        return None
    return int(places[0][0]) * len(layout.shown[gap + 1]) + int(places[1][0])


def draw_chosen(
    painter: QPainter, picture: Picture, line: np.ndarray, strength: float, role: str
) -> None:
    unit = picture.style.unit
    path = curve(line) if picture.layout.curved else QPainterPath(QPointF(*line[:2].tolist()))
    if not picture.layout.curved:
        path.lineTo(*line[2:].tolist())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    base = 1.0 + 4.5 * abs(strength) if picture.layout.curved else 2.0
    painter.setPen(QPen(picture.style.color("text", 0.9), (base + 2.6) * unit))
    painter.drawPath(path)
    painter.setPen(QPen(picture.style.color("canvas"), (base + 0.8) * unit))
    painter.drawPath(path)
    painter.setPen(QPen(hue(role, strength), base * unit))
    painter.drawPath(path)


def label_edges(
    painter: QPainter, picture: Picture, lines: np.ndarray, values: np.ndarray, target: int | None
) -> None:
    """Write the number on each edge; of many, only on those to the neuron in focus."""
    font = theme.font(9 * min(picture.style.unit, 1.4), tabular=True)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    ends = np.unique(lines[:, 3])
    for k, (line, value) in enumerate(zip(lines, values.tolist(), strict=True)):
        rank = int(np.searchsorted(ends, line[3]))
        if len(lines) > LABELLED_EDGES and rank != target:
            continue
        # Those that leave one neuron are labelled at different distances, to stay apart.
        share = 0.22 + 0.5 * rank / (len(ends) - 1) if len(ends) > 1 else 0.3 + 0.3 * (k % 2)
        text, at = number(value, 3), curve(line).pointAtPercent(share)
        wide, high = metrics.horizontalAdvance(text) + 8, metrics.height() + 2
        box = QRectF(at.x() - wide / 2, at.y() - high / 2, wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(picture.style.color("canvas", 0.85))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(picture.style.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


# ---------------------------------------------------------------- neurons


def draw_nodes(
    painter: QPainter, picture: Picture, layer: int, values: np.ndarray, role: str,
    marked: int | None,
) -> None:  # fmt: skip
    layout, style = picture.layout, picture.style
    if layer == 0 and layout.block is not None:
        _draw_block(painter, picture, values, role, marked)
        return
    shown = layout.shown[layer]
    colors = signed_pixels(np.asarray(values, float)[None, :], role)[0][shown].tolist()
    radius = layout.radii[layer]
    pen = QPen(style.color("node"), max(0.6, min(radius / 7, 1.6 * style.unit)))
    for (x, y), index, color in zip(
        layout.centers[layer].tolist(), shown.tolist(), colors, strict=True
    ):
        painter.setPen(QPen(style.color("text"), 2.2 * style.unit) if index == marked else pen)
        painter.setBrush(QColor(color))
        painter.drawEllipse(QPointF(x, y), radius, radius)
    _write_values(painter, picture, layer, values)


def _write_values(painter: QPainter, picture: Picture, layer: int, values: np.ndarray) -> None:
    """Write the number under each neuron of a layer with room for it."""
    layout, style = picture.layout, picture.style
    places = layout.centers[layer].tolist()
    pitch = places[1][1] - places[0][1] if len(places) > 1 else 99.0
    font = theme.font(9 * min(style.unit, 1.5), tabular=True)
    metrics = QFontMetricsF(font)
    radius = layout.radii[layer]
    beside = pitch < 2 * radius + metrics.height()
    if pitch < metrics.height() * 0.95:
        return
    painter.setFont(font)
    painter.setPen(style.color("text"))
    for (x, y), index in zip(places, layout.shown[layer].tolist(), strict=True):
        text = number(float(values[index]), 3)
        wide = metrics.horizontalAdvance(text) + 4
        if beside:
            box = QRectF(x - radius - wide - 4, y - metrics.height() / 2, wide, metrics.height())
            painter.fillRect(box, style.color("canvas", 0.7))
        else:
            box = QRectF(x - wide / 2, y + radius + 2, wide, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def draw_rings(painter: QPainter, picture: Picture, layer: int, marked: int | None) -> None:
    layout, style = picture.layout, picture.style
    if layer == 0 and layout.block is not None:
        return
    painter.setBrush(style.color("canvas"))
    radius = layout.radii[layer]
    for (x, y), index in zip(
        layout.centers[layer].tolist(), layout.shown[layer].tolist(), strict=True
    ):
        bold = index == marked
        painter.setPen(QPen(style.color("text" if bold else "node"), 2.2 if bold else 1.0))
        painter.drawEllipse(QPointF(x, y), radius, radius)


def _draw_block(
    painter: QPainter, picture: Picture, values: np.ndarray, role: str, marked: int | None
) -> None:
    layout, shape = picture.layout, picture.frame.shape.image_shape
    block = layout.block
    if block is None or shape is None:
        return
    place = QRectF(block.x, block.y, block.width, block.height)
    if role == "gradient" or values.min() < 0:
        draw_heat_map(painter, place, values.reshape(shape), role)
    else:
        _draw_gray(painter, place, values.reshape(shape))
    if marked is not None:
        x, y = layout.centers[0][marked].tolist()
        half = layout.radii[0]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(picture.style.color("accent"), 2.2 * picture.style.unit))
        painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))


def _draw_gray(painter: QPainter, place: QRectF, values: np.ndarray) -> None:
    pixels = np.ascontiguousarray(theme.grayscale(values / max(1.0, float(values.max()))))
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(place, image)
