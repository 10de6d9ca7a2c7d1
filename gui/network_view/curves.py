"""Edges of a small network: a smooth curve for each, and what flows along them.

The curves are costly strokes, so they are kept in a picture that is renewed at most thirty
times a second; the particles are drawn over it in every frame.
"""

import time

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen

from gui.network_view.layout import Layout
from gui.network_view.picture import Picture
from gui.network_view.strokes import draw_points

SAMPLES = 48  # points along a curve
THINNEST, WIDEST = 0.7, 7.0
GLOWS = ((2.4, 0.13), (4.2, 0.05))  # breadth and opacity beside the stroke's
GLOW_FROM = 0.2
INVISIBLE = 0.015
DIMMED = 0.10
RENEWAL = 1 / 30  # seconds
SPACING = 62.0  # between particles of one curve
PARTICLE_LEVELS = 6


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
        steps = np.diff(self._points, axis=1)
        self._lengths = np.hypot(steps[..., 0], steps[..., 1]).sum(axis=1)
        self._paths = [_path(*line) for line in layout.lines.tolist()]
        self._image: QImage | None = None
        self._look: tuple[object, ...] = ()
        self._values = np.zeros(layout.edges, dtype=np.float32)
        self._version = -1
        self._renewed = 0.0

    def draw(self, painter: QPainter, picture: Picture) -> bool:
        """Draw; return whether the picture lags behind the frame and wants another painting."""
        if not picture.cached:
            self._draw_curves(painter, picture)
            return False
        lags = self._renew(painter, picture)
        assert self._image is not None
        painter.drawImage(QPointF(0, 0), self._image)
        if picture.phase is not None:
            self._draw_particles(painter, picture, picture.phase)
        return lags

    def _renew(self, painter: QPainter, picture: Picture) -> bool:
        """Paint the curves anew if they changed; return whether that was put off."""
        ratio = painter.device().devicePixelRatio()
        look = (picture.focus, picture.threshold, picture.style.colors.name, ratio)
        same = look == self._look
        if same and self._version == picture.values.version:
            return False
        now = time.monotonic()
        if same and now - self._renewed < RENEWAL:
            return True
        self._renewed, self._look = now, look
        self._version = picture.values.version
        np.copyto(self._values, picture.values.scaled)
        size = painter.viewport().size()
        image = QImage(
            round(size.width() * ratio),
            round(size.height() * ratio),
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        on_image = QPainter(image)
        on_image.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_curves(on_image, picture)
        on_image.end()
        self._image = image
        return False

    def _draw_curves(self, painter: QPainter, picture: Picture) -> None:
        values = picture.values.scaled
        lit = set(picture.layout.edges_of(picture.focus).tolist())
        order = np.argsort(np.abs(values)).tolist()
        if picture.dimmed:
            order = [e for e in order if e not in lit] + [e for e in order if e in lit]
        for edge in order:
            value = float(values[edge])
            if abs(value) < max(INVISIBLE, picture.threshold):
                continue
            faint = DIMMED if picture.dimmed and edge not in lit else 1.0
            self._stroke(painter, picture, edge, value, faint, edge in lit)

    def _stroke(
        self, painter: QPainter, picture: Picture, edge: int, value: float, faint: float, lit: bool
    ) -> None:
        style, strength = picture.style, abs(value)
        width = (THINNEST + (WIDEST - THINNEST) * strength) * style.unit + lit * style.unit
        if strength > GLOW_FROM and faint == 1.0:
            for breadth, alpha in GLOWS:
                glow = QPen(style.signed(value, alpha * strength), width * breadth)
                glow.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.strokePath(self._paths[edge], glow)
        alpha = min(1.0, 0.3 + 0.7 * strength + 0.2 * lit)
        pen = QPen(style.signed(value, faint * alpha), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.strokePath(self._paths[edge], pen)

    def _draw_particles(self, painter: QPainter, picture: Picture, phase: float) -> None:
        """Draw points that run forward along the curves, larger on stronger ones."""
        strength = np.abs(self._values)
        if picture.dimmed:
            lit = picture.layout.edges_of(picture.focus)
            strength = np.where(np.isin(np.arange(len(strength)), lit), strength, 0)
        unit = picture.style.unit
        places, edges = self._particles(strength, phase, SPACING * unit)
        level = np.minimum(np.sqrt(strength[edges]) * PARTICLE_LEVELS, PARTICLE_LEVELS - 1).astype(
            int
        )
        color = picture.style.color("ink")
        for size in range(PARTICLE_LEVELS):
            color.setAlphaF(0.35 + 0.1 * size)
            pen = QPen(color, (2.2 + 0.6 * size) * unit)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            draw_points(painter, np.ascontiguousarray(places[level == size]))

    def _particles(
        self, strength: np.ndarray, phase: float, spacing: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return places (particles, 2) and the edge each is on."""
        edges = np.flatnonzero(strength > 0.06)
        count = np.maximum((self._lengths[edges] / spacing).astype(int), 1)
        on = np.repeat(edges, count)
        nth = np.arange(len(on)) - np.repeat(np.cumsum(count) - count, count)
        start = on * 0.618 % 1  # no two curves beat together
        part = (nth + phase + start) / np.repeat(count, count) % 1
        at = part * (SAMPLES - 1)
        left = np.minimum(at.astype(int), SAMPLES - 2)
        rest = (at - left)[:, None]
        points = self._points
        return points[on, left] * (1 - rest) + points[on, left + 1] * rest, on

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
