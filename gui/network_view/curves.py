"""Edges of a small network: a smooth curve for each, and what flows along them.

The curves are costly strokes, so they are kept in a picture that is renewed in slices of a
few milliseconds; the particles are drawn over it in every frame.
"""

import time

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen

from gui.network_view.kept import Kept, Move
from gui.network_view.layout import Layout
from gui.network_view.particles import Particles
from gui.network_view.picture import Picture

SAMPLES = 48  # points along a curve
THINNEST, WIDEST = 0.7, 7.0
GLOW = ((2.7, 0.14),)  # breadth beside the stroke's, and opacity
SOFT_GLOW = ((1.7, 0.09), (2.5, 0.07), (3.5, 0.05))  # where few edges leave the time for it
FEW = 50
GLOW_FROM = 0.25
INVISIBLE = 0.015
NOTICEABLE = 0.004  # change of strength
DIMMED = 0.13
SLICE = 0.0015  # seconds of each frame for the curves


def curve_points(lines: np.ndarray, samples: int = SAMPLES) -> np.ndarray:
    """Return points (edges, samples, 2) along cubic curves that leave and arrive level.

    >>> curve_points(np.array([[0.0, 0.0, 8.0, 4.0]]), 3).tolist()
    [[[0.0, 0.0], [4.0, 2.0], [8.0, 4.0]]]
    """
    t = np.linspace(0, 1, samples)
    x0, y0, x1, y1 = (column[:, None] for column in lines.T)
    bend = 3 * (1 - t) * t  # both inner control points share the middle x
    x = (1 - t) ** 3 * x0 + bend * (x0 + x1) / 2 + t**3 * x1
    level = (1 - t) ** 3 + 3 * (1 - t) ** 2 * t
    y = level * y0 + (1 - level) * y1
    return np.stack([x, y], axis=-1)


class CurvedEdges:
    """Draws the curves and the particles on them."""

    def __init__(self, layout: Layout) -> None:
        self._points = curve_points(layout.lines)
        self._particles = Particles(layout, self._points)
        self._paths = [_path(*line) for line in layout.lines.tolist()]
        self._front: Kept | None = None
        self._back: QImage | None = None
        self._look: tuple[object, ...] = ()
        self._version = -1
        self._values = np.zeros(layout.edges, dtype=np.float32)  # on their way to the screen
        self._order: list[int] = []
        self._drawn = 0

    def prepare(self, picture: Picture) -> None:
        """Do nothing: what is drawn is worked out when a picture is begun."""

    def draw(self, painter: QPainter, picture: Picture) -> bool:
        """Draw; return whether the picture lags behind the frame and wants another painting."""
        if not picture.cached:
            self._draw_now(painter, picture)
            return False
        lags = self._renew(painter, picture)
        if self._front is not None:
            painter.setOpacity(DIMMED if picture.dimmed else 1.0)
            self._front.draw(painter)
            painter.setOpacity(1.0)
        self._draw_lit(painter, picture)
        if picture.flow is not None:
            self._particles.draw(painter, picture, picture.flow, np.abs(self._values))
        return lags

    def comes_later(self, picture: Picture) -> bool:
        return False

    def draw_ahead(self) -> None:
        """Do nothing: all is drawn at once."""

    def take_over(self, other: object, move: Move) -> None:
        """Show another's curves, moved, until there are some of one's own."""
        if not isinstance(other, CurvedEdges) or len(other._values) != len(self._values):
            return
        if other._front is not None:
            self._front = other._front.moved(move)
            np.copyto(self._values, other._values)

    def _renew(self, painter: QPainter, picture: Picture) -> bool:
        """Paint a slice of the curves; return whether more is to come."""
        ratio = painter.device().devicePixelRatio()
        look = (picture.threshold, picture.look, ratio)
        if self._back is None or look != self._look:
            if look == self._look and not self._moved(picture):
                return False
            self._begin(painter, picture, ratio)
            self._look = look
        assert self._back is not None
        # The first picture is painted at one go: there is nothing to show meanwhile.
        deadline = time.perf_counter() + (SLICE if self._front is not None else 1.0)
        on_back = QPainter(self._back)
        on_back.setRenderHint(QPainter.RenderHint.Antialiasing)
        while self._drawn < len(self._order) and time.perf_counter() < deadline:
            self._stroke(on_back, picture, self._order[self._drawn])
            self._drawn += 1
        on_back.end()
        if self._drawn == len(self._order):
            self._front, self._back = Kept(self._back), None
        return self._version != picture.values.version or self._back is not None

    def _moved(self, picture: Picture) -> bool:
        """Tell whether any edge has changed so much that one could see it."""
        if self._version == picture.values.version:
            return False
        self._version = picture.values.version
        return bool(np.abs(self._values - picture.values.scaled).max(initial=0) > NOTICEABLE)

    def _begin(self, painter: QPainter, picture: Picture, ratio: float) -> None:
        self._version = picture.values.version
        np.copyto(self._values, picture.values.scaled)
        self._order, self._drawn = self._strokes(picture.threshold), 0
        size = painter.viewport().size()
        self._back = QImage(
            round(size.width() * ratio),
            round(size.height() * ratio),
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        self._back.setDevicePixelRatio(ratio)
        self._back.fill(Qt.GlobalColor.transparent)

    def _strokes(self, threshold: float) -> list[int]:
        """Return the edges to draw, the strongest last."""
        strength = np.abs(self._values)
        order = np.argsort(strength)
        return order[strength[order] >= max(INVISIBLE, threshold)].tolist()

    def _draw_now(self, painter: QPainter, picture: Picture) -> None:
        np.copyto(self._values, picture.values.scaled)
        self._look = ()  # what is kept is of other values now
        painter.setOpacity(DIMMED if picture.dimmed else 1.0)
        for edge in self._strokes(picture.threshold):
            self._stroke(painter, picture, edge)
        painter.setOpacity(1.0)
        self._draw_lit(painter, picture)

    def _draw_lit(self, painter: QPainter, picture: Picture) -> None:
        for edge in picture.layout.edges_of(picture.focus).tolist():
            self._stroke(painter, picture, edge, lit=True)

    def _stroke(self, painter: QPainter, picture: Picture, edge: int, lit: bool = False) -> None:
        style, value = picture.style, float(self._values[edge])
        strength = abs(value)
        width = (THINNEST + (WIDEST - THINNEST) * strength + lit) * style.unit
        if strength > GLOW_FROM:
            for breadth, alpha in SOFT_GLOW if len(self._paths) <= FEW else GLOW:
                glow = QPen(picture.hue(value, alpha * strength), width * breadth)
                glow.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.strokePath(self._paths[edge], glow)
        pen = QPen(picture.hue(value, min(1.0, 0.3 + 0.7 * strength + 0.3 * lit)), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.strokePath(self._paths[edge], pen)

    def nearest(
        self, x: float, y: float, strength: np.ndarray, least: float
    ) -> tuple[int, float] | None:
        """Return the edge nearest to a point, and its distance, among those drawn."""
        away = np.hypot(self._points[..., 0] - x, self._points[..., 1] - y).min(axis=1)
        away[np.abs(strength) <= max(least, INVISIBLE)] = np.inf
        edge = int(away.argmin())
        return (edge, float(away[edge])) if np.isfinite(away[edge]) else None


def _path(x0: float, y0: float, x1: float, y1: float) -> QPainterPath:
    path = QPainterPath(QPointF(x0, y0))
    middle = (x0 + x1) / 2
    path.cubicTo(middle, y0, middle, y1, x1, y1)
    return path
