"""The step on the drawing of the network: what is active lit, everything else quiet.

Values flow to the right, gradients to the left in hues of their own, and weights swell
while they are changed. Motion means phase, and nothing else.
"""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import (
    QEasingCurve,
    QObject,
    QPointF,
    QRectF,
    Qt,
    QVariantAnimation,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from engine.formula_writer import number
from gui import theme
from gui.debugger.debugger import Debugger
from gui.debugger.lit import Lit, lit_by
from gui.debugger.matrices import draw_heat_map, signed_pixels
from gui.debugger.words import PHASE_TITLES, quantity
from gui.network_view.layout import Layout
from gui.network_view.picture import Picture
from gui.network_view.strokes import LEVELS, Buckets

QUIET = 0.84  # of the ground over what is not active
MOST_LINES = 6000  # the strongest; more would only be a haze
LABELLED_EDGES = 6
SWEEP_MILLISECONDS = 320
HUES = {
    "data": ("positive", "negative"),
    "weight": ("positive", "negative"),
    "gradient": ("gradient_positive", "gradient_negative"),
}
FLOW = {1: "values flow on →", -1: "← gradients flow back", 0: ""}


class Overlay(QObject):
    """Draws what the present step is about over the network.

    Attributes
    ----------
    moved : Signal
        It wants to be painted again.
    """

    moved = Signal()

    def __init__(self, debugger: Debugger) -> None:
        super().__init__(debugger)
        self._debugger = debugger
        self._lit: Lit | None = None
        self._words = ""
        self._progress = 1.0
        self._shown: tuple[object, ...] = ()
        self._buckets: tuple[object, Buckets] | None = None
        self._sweep = QVariantAnimation(self)
        self._sweep.setStartValue(0.0)
        self._sweep.setEndValue(1.0)
        self._sweep.setDuration(SWEEP_MILLISECONDS)
        self._sweep.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._sweep.valueChanged.connect(self._advance)
        self.reduced = False
        debugger.moved.connect(self.refresh)

    @property
    def lit(self) -> Lit | None:
        """What is lit; None while nothing is stepped through."""
        return self._lit

    @property
    def covers(self) -> bool:
        """Whether it hides the network's own edges."""
        return self._lit is not None

    @Slot()
    def refresh(self) -> None:
        """Take over the debugger's step."""
        debugger = self._debugger
        if debugger.trace is None or debugger.step is None:
            self._lit, self._shown = None, ()
            self._sweep.stop()
        else:
            step = debugger.step
            self._lit = lit_by(debugger.trace, step, debugger.focus)
            self._words = f"{PHASE_TITLES[step.phase]}: {quantity(step)}"
            shown = (step.key, debugger.trace)
            if shown != self._shown:
                self._shown = shown
                self._begin()
        self._buckets = None
        self.moved.emit()

    def _begin(self) -> None:
        self._sweep.stop()
        self._progress = 1.0
        if not self.reduced and self._lit is not None and self._lit.edges is not None:
            self._progress = 0.0
            self._sweep.start()

    @Slot(object)
    def _advance(self, progress: float) -> None:
        self._progress = progress
        self.moved.emit()

    # ------------------------------------------------------------ painting

    def paint(self, painter: QPainter, picture: Picture) -> None:
        """Quiet everything, and draw what is lit."""
        lit = self._lit
        if lit is None or len(picture.layout.sizes) <= max([0, *lit.nodes, lit.gap or 0]):
            return
        painter.save()
        painter.fillRect(painter.viewport(), picture.style.color("canvas", QUIET))
        if lit.edges is not None and lit.gap is not None:
            self._draw_edges(painter, picture, lit, lit.gap, lit.edges)
        for layer, values in lit.nodes.items():
            role = lit.roles.get(layer, "data")
            _draw_nodes(painter, picture, layer, values, role, lit.mark.get(layer))
        if not lit.nodes and lit.gap is not None:
            for layer in (lit.gap, lit.gap + 1):
                _draw_rings(painter, picture, layer, lit.mark.get(layer))
        self._draw_words(painter, picture, lit)
        painter.restore()

    def _draw_words(self, painter: QPainter, picture: Picture, lit: Lit) -> None:
        style, stage = picture.style, picture.layout.stage
        painter.setFont(theme.font(10.5, bold=True))
        role = "gradient" if "gradient" in (lit.edge_role, *lit.roles.values()) else "data"
        painter.setPen(style.color(HUES["gradient"][0] if role == "gradient" else "text"))
        words = "   ".join(each for each in (self._words, lit.note or FLOW[lit.direction]) if each)
        metrics = QFontMetricsF(painter.font())
        wide, high = metrics.horizontalAdvance(words), metrics.height()
        x, y = stage.x + stage.width / 2 - wide / 2, stage.bottom + 4
        painter.drawText(QRectF(x, y, wide + 4, high), Qt.AlignmentFlag.AlignCenter, words)
        self._draw_key(painter, x + wide + 16, y, high, role)

    def _draw_key(self, painter: QPainter, x: float, y: float, high: float, role: str) -> None:
        """Tell which hue is above zero and which below."""
        side = 0.55 * high
        painter.setFont(theme.font(9))
        for sign, name in (("+", HUES[role][0]), ("−", HUES[role][1])):
            painter.fillRect(
                QRectF(x, y + (high - side) / 2, side, side), theme.palette().color(name)
            )
            painter.setPen(theme.palette().color("muted"))
            box = QRectF(x + side + 2, y, side * 1.4, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, sign)
            x += side * 2.6

    # ------------------------------------------------------------ edges

    def _draw_edges(
        self, painter: QPainter, picture: Picture, lit: Lit, gap: int, edges: np.ndarray
    ) -> None:
        layout = picture.layout
        lines = layout.lines[layout.starts[gap] : layout.starts[gap + 1]]
        values = edges[np.ix_(layout.shown[gap], layout.shown[gap + 1])].ravel()
        scale = float(np.abs(values[np.isfinite(values)]).max(initial=0.0)) or 1.0
        strength = np.nan_to_num(values / scale, posinf=1, neginf=-1)
        self._clip(painter, lit, lines)
        swell = 1.0
        if lit.swells:
            swell = 1.0 + 1.6 * float(np.sin(np.pi * self._progress))
        if layout.curved:
            _draw_curves(painter, picture, lines, strength, lit.edge_role, swell)
        else:
            self._draw_many(painter, lines, strength, lit.edge_role, swell)
        painter.setClipping(False)
        chosen = _edge_in_focus(layout, lit, gap)
        if chosen is not None:
            _draw_chosen(painter, picture, lines[chosen], float(strength[chosen]), lit.edge_role)
        if layout.curved:
            _label_edges(painter, picture, lines, values, lit.mark.get(gap + 1))

    def _clip(self, painter: QPainter, lit: Lit, lines: np.ndarray) -> None:
        """Uncover the edges in the direction in which things flow."""
        if self._progress >= 1.0 or not lit.direction or not len(lines):
            return
        left, right = float(lines[:, 0].min()), float(lines[:, 2].max())
        reach = (right - left) * self._progress
        start = left if lit.direction > 0 else right - reach
        painter.setClipRect(QRectF(start, 0, reach, painter.viewport().height()))

    def _draw_many(
        self, painter: QPainter, lines: np.ndarray, strength: np.ndarray, role: str, swell: float
    ) -> None:
        if self._buckets is None or self._buckets[0] is not lines.base:
            if len(strength) > MOST_LINES:
                kept = np.argpartition(-np.abs(strength), MOST_LINES)[:MOST_LINES]
                lines, strength = np.ascontiguousarray(lines[kept]), strength[kept]
            made = Buckets(len(strength))
            made.sort(np.ascontiguousarray(lines), strength.astype(np.float32))
            self._buckets = (lines.base, made)
        width = 1.0 if swell == 1.0 else swell
        pens = hued_pens(theme.palette().name, role, round(width, 1))
        self._buckets[1].draw(painter, pens, smooth_from=LEVELS)


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


def _draw_curves(
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


def _edge_in_focus(layout: Layout, lit: Lit, gap: int) -> int | None:
    """Return the number, within its layer, of the edge between the neurons in focus."""
    if gap not in lit.mark or gap + 1 not in lit.mark:
        return None
    places = [np.flatnonzero(layout.shown[k] == lit.mark[k]) for k in (gap, gap + 1)]
    if not len(places[0]) or not len(places[1]):
        return None
    return int(places[0][0]) * len(layout.shown[gap + 1]) + int(places[1][0])


def _draw_chosen(
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


def _label_edges(
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


def _draw_nodes(
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


def _draw_rings(painter: QPainter, picture: Picture, layer: int, marked: int | None) -> None:
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
