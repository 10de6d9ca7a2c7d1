"""Edges of a large network, in two layers.

Below, all of them as a haze in a picture that is renewed in slices of a few milliseconds;
above, the strongest few of every neuron, crisp and fresh in every frame.
"""

import time

import numpy as np
from PySide6.QtGui import QImage, QPainter

from gui.network_view.dense import DIMMED, GAMMA, STRONGEST, crowding
from gui.network_view.kept import Kept, Move
from gui.network_view.layout import Layout
from gui.network_view.picking import EdgePicker
from gui.network_view.picture import Picture
from gui.network_view.strokes import Buckets, faintest, pens

SHARE = 0.007  # seconds of each frame for the edges; what the strongest leave is the haze's
SLICE = 0.0025, 0.005  # but at least, and at most, so much of it
CHUNK = 512  # lines between two looks at the clock
CRISP_PER_NEURON = 8
CRISP_PER_LAYER = 520
CRISP_GAMMA = 1.2  # lifts the strongest out of a haze that had to be thinned
RESELECTION = 8  # frames between two choices of the strongest


class HazeEdges:
    """Draws the haze and the strongest edges.

    Attributes
    ----------
    cycles : int
        How often the haze has been renewed.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._sorted = Buckets(layout.edges)
        self._back: QImage | None = None
        self._front: Kept | None = None
        self._shown: object = None  # what the front shows
        self._coming: object = None  # what the back will
        self._drawn = 0
        self._frames = 0
        self._strongest_took = 0.0  # seconds, in the last frame
        self.cycles = 0
        self._picker: EdgePicker | None = None

    def prepare(self, picture: Picture) -> None:
        """Do nothing: what is drawn is worked out when a picture is begun."""

    def draw(self, painter: QPainter, picture: Picture) -> bool:
        """Draw; return whether the haze lags behind and wants another painting."""
        if not picture.cached:
            self._draw_all(painter, picture)
            return False
        lags = self._renew(painter, picture)
        began = time.perf_counter()
        kept = self._front or (Kept(self._back) if self._back is not None else None)
        if kept is not None:
            painter.setOpacity(2.5 * DIMMED if picture.dimmed else 1.0)
            kept.draw(painter)
            painter.setOpacity(1.0)
        if not picture.dimmed:
            self._draw_strongest(painter, picture)
        self._strongest_took = time.perf_counter() - began
        return lags

    def comes_later(self, picture: Picture) -> bool:
        return False

    def draw_ahead(self) -> None:
        """Do nothing: the haze is renewed while it is shown."""

    def take_over(self, other: object, move: Move) -> None:
        """Show another's haze, moved, until there is one of one's own."""
        if isinstance(other, HazeEdges) and other._front is not None:
            self._front = other._front.moved(move)

    def _renew(self, painter: QPainter, picture: Picture) -> bool:
        """Paint a slice of the haze; return whether more is to come."""
        least, most = SLICE
        deadline = time.perf_counter() + min(max(SHARE - self._strongest_took, least), most)
        ratio = painter.device().devicePixelRatio()
        wanted = (picture.values.version, picture.threshold, picture.look, ratio)
        if self._back is None:
            if self._shown == wanted:
                return False
            self._begin(painter, picture, ratio)
            self._coming = wanted
        assert self._back is not None
        on_back = QPainter(self._back)
        on_back.setClipRect(painter.viewport())
        with_pens = pens(*picture.look, crowding(self._layout), GAMMA)
        while self._drawn < self._layout.edges and time.perf_counter() < deadline:
            stop = min(self._drawn + CHUNK, self._layout.edges)
            self._sorted.draw_part(on_back, with_pens, self._drawn, stop)
            self._drawn = stop
        on_back.end()
        if self._drawn >= self._layout.edges:
            self._front, self._back, self._shown = Kept(self._back), None, self._coming
            self.cycles += 1
        return self._shown != wanted

    def _begin(self, painter: QPainter, picture: Picture, ratio: float) -> None:
        self._sorted.sort(self._layout.lines, picture.values.scaled, picture.threshold)
        size = painter.viewport().size()
        self._back = QImage(
            round(size.width() * ratio), round(size.height() * ratio), QImage.Format.Format_RGB32
        )
        self._back.setDevicePixelRatio(ratio)
        self._back.fill(picture.style.color("canvas"))
        with_pens = pens(*picture.look, crowding(self._layout), GAMMA)
        self._drawn = int(self._sorted.stops[faintest(with_pens) - 1])

    def _choose(self, values: np.ndarray) -> None:
        """Choose the strongest edges into each neuron."""
        chosen = []
        for layer, start in enumerate(self._layout.starts[:-1]):
            part = values[start : self._layout.starts[layer + 1]]
            strength = np.abs(part.reshape(len(self._layout.shown[layer]), -1))
            few = max(3, min(CRISP_PER_NEURON, CRISP_PER_LAYER // strength.shape[1]))
            few = min(few, strength.shape[0])
            sources = np.argpartition(-strength, few - 1, axis=0)[:few]
            numbers = sources * strength.shape[1] + np.arange(strength.shape[1])
            chosen.append(start + numbers.ravel())
        self._chosen = np.concatenate(chosen)
        self._chosen_lines = self._layout.lines[self._chosen]
        self._strongest = Buckets(len(self._chosen))

    def _draw_strongest(self, painter: QPainter, picture: Picture) -> None:
        if self._frames % RESELECTION == 0:
            self._choose(picture.values.scaled)
        self._frames += 1
        values = picture.values.scaled[self._chosen]
        self._strongest.sort(self._chosen_lines, values, picture.threshold)
        crowded = crowding(self._layout) < STRONGEST
        gamma = CRISP_GAMMA if crowded else GAMMA
        self._strongest.draw(
            painter, pens(*picture.look, STRONGEST, gamma), len(self._strongest.lines)
        )

    def _draw_all(self, painter: QPainter, picture: Picture) -> None:
        self._sorted.sort(self._layout.lines, picture.values.scaled, picture.threshold)
        self._back, self._shown = None, None
        strongest = DIMMED if picture.dimmed else crowding(self._layout)
        self._sorted.draw(painter, pens(*picture.look, strongest, GAMMA), 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if not picture.dimmed:
            self._draw_strongest(painter, picture)

    def nearest(
        self, x: float, y: float, strength: np.ndarray, least: float
    ) -> tuple[int, float] | None:
        """Return the edge nearest to a point, and its distance, among those drawn."""
        if self._picker is None:
            self._picker = EdgePicker(self._layout)
        return self._picker.nearest(x, y, strength, least)
