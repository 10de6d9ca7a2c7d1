"""Edges of a dense network: all of them, straight and thin, anew in every frame."""

import numpy as np
from PySide6.QtGui import QPainter, QPen

from gui.network_view.ahead import EdgesAhead
from gui.network_view.kept import Move
from gui.network_view.layout import Layout
from gui.network_view.picking import EdgePicker
from gui.network_view.picture import Picture
from gui.network_view.strokes import LEVELS, MOST_SMOOTH, Buckets, pens
from gui.network_view.unheld import can_carry_out

STRONGEST = 0.9
GAMMA = 1.7
DIMMED = 0.11
BROAD_FROM = 0.4  # of the edges in focus, weaker ones stay thin, which is far faster
MOST_BROAD = 200  # edges in focus that may be drawn with broad pens
SMOOTH_PIXELS = 5e5  # lines as long as this together leave the time to smooth them all


class DenseEdges:
    """Draws every edge in each frame."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        x0, y0, x1, y1 = layout.lines.T
        light = float(np.hypot(x1 - x0, y1 - y0).sum()) < SMOOTH_PIXELS
        self._most_smooth = layout.edges if light else MOST_SMOOTH
        self._buckets = Buckets(layout.edges)
        self._ahead = EdgesAhead(self._buckets, self._most_smooth)
        self._picker: EdgePicker | None = None

    def prepare(self, picture: Picture) -> None:
        """Sort the edges by colour."""
        self._buckets.sort(picture.layout.lines, picture.values.scaled, picture.threshold)

    def draw(self, painter: QPainter, picture: Picture) -> bool:
        """Draw; at full speed the edges of the frame before, and this one's by `draw_ahead`."""
        strongest = DIMMED if picture.dimmed else crowding(picture.layout)
        with_pens = pens(*picture.look, strongest, GAMMA)
        if self.comes_later(picture):
            wanted = (picture.values.version, picture.threshold)
            ground = picture.style.color("canvas")
            return self._ahead.show(painter, wanted, with_pens, ground)
        self._buckets.draw(painter, with_pens, self._most_smooth)
        return False

    def comes_later(self, picture: Picture) -> bool:
        return picture.hurried and not picture.focus and can_carry_out()

    def draw_ahead(self) -> None:
        self._ahead.draw()

    def take_over(self, other: object, move: Move) -> None:
        """Do nothing: all is drawn anew anyway."""

    def nearest(
        self, x: float, y: float, strength: np.ndarray, least: float
    ) -> tuple[int, float] | None:
        """Return the edge nearest to a point, and its distance, among those drawn."""
        if self._picker is None:
            self._picker = EdgePicker(self._layout)
        return self._picker.nearest(x, y, strength, least)


def crowding(layout: Layout) -> float:
    """Return how opaque the strongest edge is: less where many share little room."""
    widest = max(b - a for a, b in zip(layout.starts, layout.starts[1:], strict=False))
    room = 4096 / max(widest, 1) * (layout.stage.height / 540) ** 2
    return round(min(STRONGEST, max(0.25, STRONGEST * room**0.35)), 2)


def draw_lit(painter: QPainter, picture: Picture) -> None:
    """Draw the edges of what is in focus, over the dimmed others."""
    numbers = picture.layout.edges_of(picture.focus)
    if picture.layout.curved or not len(numbers):
        return
    values = picture.values.scaled[numbers]
    buckets = Buckets(len(numbers))
    buckets.sort(picture.layout.lines[numbers], values)
    few = len(numbers) <= MOST_BROAD
    strongest, gamma = (1.0, 0.6) if few else (0.85, 1.4)
    unit = picture.style.unit
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    start = 0
    for bucket, stop in enumerate(buckets.stops.tolist()):
        if stop > start:
            strength = (bucket // 2 + 0.5) / LEVELS
            pen = QPen(pens(*picture.look, strongest, gamma)[bucket])
            if few and strength > BROAD_FROM:
                pen.setWidthF((0.8 + 2.2 * strength) * unit)
            painter.setPen(pen)
            buckets.draw_lines(painter, start, stop)
        start = stop
