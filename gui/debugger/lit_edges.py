"""Draws the edges that are lit in the hues of their numbers, uncovered as things flow."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from engine.formulas.writer import number
from gui import theme
from gui.debugger.lighting import HUES, hue
from gui.debugger.lit import Lit
from gui.debugger.matrices import scale_of
from gui.network_view.layout import Layout
from gui.network_view.picture import Picture
from gui.network_view.strokes import LEVELS, Buckets
from gui.network_view.written import ThinPen

LABELLED_EDGES = 6
MOST_LINES = 4000  # the strongest; more would only be a haze
FAINTEST = 0.03  # of the strongest: a weaker line would change no pixel that one could tell
SWOLLEN = 1.6  # by how much edges are wider while their weights change
MARGIN = 3.0


class LitEdges:
    """The lit edges of one step on one layout.

    The lines of a dense network are drawn once into an image; while they are uncovered, or
    swell, it is only copied.
    """

    def __init__(self, lit: Lit, picture: Picture) -> None:
        assert lit.gap is not None
        assert lit.edges is not None
        layout, self._lit, self._gap = picture.layout, lit, lit.gap
        self._layout, self._style = layout, picture.style
        self._lines = layout.lines[layout.starts[lit.gap] : layout.starts[lit.gap + 1]]
        self._values = lit.edges[np.ix_(layout.shown[lit.gap], layout.shown[lit.gap + 1])].ravel()
        scaled = self._values / scale_of(lit.edges)
        self._strength = np.nan_to_num(scaled, posinf=1, neginf=-1)
        self._buckets: Buckets | None = None
        self._image: QImage | None = None
        self._place = QRectF()

    def fits(self, picture: Picture) -> bool:
        """Return whether they are drawn for this layout, in these colours."""
        return picture.layout is self._layout and picture.style is self._style

    def draw(self, painter: QPainter, picture: Picture, progress: float) -> None:
        """Draw as much as has been uncovered at a `progress` from 0 to 1."""
        lit, lines = self._lit, self._lines
        swell = float(np.sin(np.pi * progress)) if lit.swells else 0.0
        painter.save()
        if progress < 1.0 and lit.direction:
            painter.setClipRect(self._uncovered(painter, progress))
        if picture.layout.curved:
            width = 1.0 + SWOLLEN * swell
            draw_curves(painter, picture, lines, self._strength, lit.edge_role, width)
        elif not picture.cached:
            self._sorted().draw(painter, self._pens, MOST_LINES)
        elif progress > 0.0 or not lit.direction:
            self._draw_image(painter, swell)
        painter.restore()
        chosen = edge_in_focus(picture.layout, lit, self._gap)
        if chosen is not None:
            strength = float(self._strength[chosen])
            draw_chosen(painter, picture, lines[chosen], strength, lit.edge_role)
        if picture.layout.curved:
            label_edges(painter, picture, lines, self._values, lit.mark.get(self._gap + 1))

    def _uncovered(self, painter: QPainter, progress: float) -> QRectF:
        """Return what is seen by now, in the direction in which things flow."""
        left, right = float(self._lines[:, 0].min()), float(self._lines[:, 2].max())
        reach = (right - left) * progress
        start = left if self._lit.direction > 0 else right - reach
        return QRectF(start, 0, reach, painter.viewport().height())

    # ------------------------------------------------------------ dense networks

    @property
    def _pens(self) -> list[ThinPen]:
        return hued_pens(theme.palette().name, self._lit.edge_role)

    def _draw_image(self, painter: QPainter, swell: float) -> None:
        """Draw the lines; those that swell once more above and below themselves."""
        ratio = painter.device().devicePixelRatio()
        if self._image is None:
            self._image = self._painted(QRectF(painter.viewport()), ratio)
        at = self._place.topLeft()
        painter.drawImage(at, self._image)
        if swell > 0:
            painter.setOpacity(swell)
            for by in (-1 / ratio, 1 / ratio):
                painter.drawImage(at + QPointF(0, by), self._image)

    def _painted(self, seen: QRectF, ratio: float) -> QImage:
        """Return an image of the lines; it belongs at `_place`."""
        lines = self._lines
        corner = QPointF(float(lines[:, 0].min()), float(lines[:, 1::2].min()))
        end = QPointF(float(lines[:, 2].max()), float(lines[:, 1::2].max()))
        around = QRectF(corner, end).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN) & seen
        self._place = QRectF(around.toAlignedRect())
        if self._place.isEmpty():  # zoomed so far that all of them are out of sight
            return QImage()
        image = QImage(
            (self._place.size() * ratio).toSize(), QImage.Format.Format_ARGB32_Premultiplied
        )
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.translate(-self._place.topLeft())
        painter.setClipRect(self._place)  # lets Qt skip clipping every line on its own
        self._sorted().draw(painter, self._pens)
        painter.end()
        return image

    def _sorted(self) -> Buckets:
        """Return the strongest lines, sorted by colour."""
        if self._buckets is None:
            seen = np.abs(self._strength) > FAINTEST
            lines, strength = self._lines[seen], self._strength[seen]
            if len(strength) > MOST_LINES:
                kept = np.argpartition(-np.abs(strength), MOST_LINES)[:MOST_LINES]
                lines, strength = lines[kept], strength[kept]
            self._buckets = Buckets(len(strength))
            self._buckets.sort(np.ascontiguousarray(lines), strength.astype(np.float32))
        return self._buckets


def edge_alpha(strength: float) -> float:
    """Return how opaque a thin edge of a strength from 0 to 1 is."""
    return 0.9 * strength**1.2


@lru_cache(maxsize=8)
def hued_pens(name: theme.ThemeName, role: str) -> list[ThinPen]:
    """Return the pens of all strengths: weakest first, positive before negative."""
    colors = theme.PALETTES[name]
    made = []
    for bucket in range(2 * LEVELS):
        strength = (bucket // 2 + 0.5) / LEVELS
        made.append(ThinPen(colors.color(HUES[role][bucket % 2], edge_alpha(strength))))
    return made


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
