"""What lies under and around the points: surface, curve, axes, crosshair."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from engine.datasets import Dataset
from engine.surfaces import Curve, Surface
from gui import theme
from gui.data.colors import surface_pixels
from gui.data.geometry import Geometry, apart, ticks

Found = Surface | Curve | None
TICK_ROOM = 33.0
"""Pixels from one number of an axis to the next, at least."""


def axis_names(data: Dataset) -> tuple[str, str]:
    """Return what lies to the right and what lies upwards."""
    if data.features == 2:
        return data.feature_names[0], data.feature_names[1]
    return data.feature_names[0], data.target_name


def room_for_axes() -> tuple[float, float]:
    """Return the pixels that an axis takes at the left and below."""
    metrics = QFontMetricsF(theme.font(8.5, tabular=True))
    return metrics.horizontalAdvance("−0.5") + 10, metrics.height() * 2 + 6


def frame_of(geometry: Geometry) -> QRectF:
    """Return the rectangle that the data are drawn in."""
    return QRectF(geometry.x, geometry.y, geometry.width, geometry.height)


def draw_surface(
    painter: QPainter, geometry: Geometry, data: Dataset, found: Found, discrete: bool
) -> None:
    """Draw the network's output all over two inputs, or bare ground."""
    colors, box = theme.palette(), frame_of(geometry)
    painter.fillRect(box, colors.color("canvas"))
    if isinstance(found, Surface):
        pixels = np.ascontiguousarray(surface_pixels(data, found.values, discrete))
        rows, columns = pixels.shape
        image = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
        smooth = QPainter.RenderHint.SmoothPixmapTransform
        painter.setRenderHint(smooth, not discrete)
        painter.drawImage(box, image)
        painter.setRenderHint(smooth, False)
    painter.setPen(QPen(colors.color("line"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def draw_axes(painter: QPainter, geometry: Geometry, data: Dataset) -> None:
    """Draw numbers and names along the lower and the left edge."""
    colors, font = theme.palette(), theme.font(8.5, tabular=True)
    metrics = QFontMetricsF(font)
    extent, bottom = geometry.extent, geometry.y + geometry.height
    painter.setFont(font)
    painter.setPen(colors.color("muted"))
    center, right = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignRight
    middle = Qt.AlignmentFlag.AlignVCenter
    line = metrics.height()
    most = max(2, int(geometry.width / TICK_ROOM))
    values = ticks(extent.left, extent.right, most)
    for value, text in zip(values, apart(values), strict=True):
        x = geometry.x + (value - extent.left) / extent.width * geometry.width
        painter.drawText(QRectF(x - 30, bottom + 2, 60, line), center, text)
    values = ticks(extent.bottom, extent.top, max(2, int(geometry.height / TICK_ROOM)))
    for value, text in zip(values, apart(values), strict=True):
        y = geometry.y + (extent.top - value) / extent.height * geometry.height
        painter.drawText(QRectF(0, y - line / 2, geometry.x - 5, line), right | middle, text)
    across, up = axis_names(data)
    painter.setFont(theme.font(9, bold=True))
    painter.setPen(colors.color("text"))
    painter.drawText(QRectF(geometry.x, bottom + line, geometry.width, line * 1.2), center, across)
    _draw_upright(painter, geometry, up, line)


def _draw_upright(painter: QPainter, geometry: Geometry, name: str, line: float) -> None:
    """Write the name of the axis that goes up inside its upper end, on a little ground."""
    metrics = QFontMetricsF(painter.font())
    box = QRectF(geometry.x + 5, geometry.y + 5, metrics.horizontalAdvance(name) + 8, line + 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.palette().color("canvas", 0.7))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(theme.palette().color("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)


def draw_curve(painter: QPainter, geometry: Geometry, found: Found) -> None:
    """Draw the network's output along one input."""
    if not isinstance(found, Curve):
        return
    for values in found.values:
        whole = np.isfinite(values)
        places = np.column_stack([found.x[whole], values[whole]])
        pixels = np.clip(geometry.to_pixels(places), -1e4, 1e4)
        line = QPolygonF([QPointF(x, y) for x, y in pixels.tolist()])
        for role, width in (("canvas", 5.0), ("positive", 2.4)):
            pen = QPen(theme.palette().color(role), width)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(line)


def draw_crosshair(
    painter: QPainter, geometry: Geometry, at: QPointF, radius: float, lines: bool, role: str
) -> None:
    """Draw a ring around a place, and `lines` from edge to edge where it moves by keys."""
    color = theme.palette().color(role)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for tone, width in ((theme.palette().color("canvas"), 4.0), (color, 2.0)):
        painter.setPen(QPen(tone, width))
        painter.drawEllipse(at, radius + 3.5, radius + 3.5)
    if lines:
        gap = radius + 5
        painter.setPen(QPen(color, 1, Qt.PenStyle.DashLine))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            start = at + QPointF(dx, dy) * gap
            end = at + QPointF(dx * geometry.width, dy * geometry.height)
            painter.drawLine(start, end)


def draw_figure(
    painter: QPainter, geometry: Geometry, at: QPointF, radius: float, text: str
) -> None:
    """Write a number beside a place, on its own ground, where there is room for it."""
    painter.setFont(theme.font(9.5, bold=True, tabular=True))
    wide, high = painter.fontMetrics().horizontalAdvance(text) + 10, painter.fontMetrics().height()
    right = at.x() + radius + 10 + wide <= geometry.x + geometry.width
    left = at.x() + radius + 10 if right else at.x() - radius - 10 - wide
    box = QRectF(left, at.y() - high / 2, wide, high)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.palette().color("canvas", 0.85))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(theme.palette().color("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def draw_focus(painter: QPainter, geometry: Geometry) -> None:
    """Show that the keyboard acts here."""
    painter.setPen(QPen(theme.palette().color("accent"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(frame_of(geometry).adjusted(-2, -2, 2, 2))
