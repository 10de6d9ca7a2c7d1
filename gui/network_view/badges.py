"""Marks on neurons and layers that something ails."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui import theme
from gui.network_view.items import Neuron
from gui.network_view.picture import Picture

if TYPE_CHECKING:
    from engine.health import Finding

SMALLEST_WITH_SIGN = 7.0  # radius of a neuron that has room for a sign beside it
ICON = 14


def findings_of(picture: Picture, layer: int, neuron: int | None = None) -> "tuple[Finding, ...]":
    """Return what was found of a neuron, or of a layer as a whole."""
    health = picture.frame.seen.health if picture.frame.seen is not None else None
    return health.of(layer, neuron) if health is not None else ()


def draw_badges(painter: QPainter, picture: Picture) -> None:
    """Mark every ailing neuron that is shown."""
    health = picture.frame.seen.health if picture.frame.seen is not None else None
    if health is None:
        return
    layout = picture.layout
    for finding in health.findings:
        if finding.neuron is None or finding.layer >= len(layout.sizes):
            continue
        slot = layout.slot(Neuron(finding.layer, finding.neuron))
        if slot is not None:
            x, y = layout.centers[finding.layer][slot].tolist()
            _draw_badge(painter, picture, x, y, layout.radii[finding.layer])


def _draw_badge(painter: QPainter, picture: Picture, x: float, y: float, radius: float) -> None:
    style = picture.style
    if radius < SMALLEST_WITH_SIGN:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(style.color("warning"), 1.4 * style.unit))
        painter.drawEllipse(QPointF(x, y), radius, radius)
        return
    at = QPointF(x + 0.72 * radius, y - 0.72 * radius)
    half = 5.5 * style.unit
    painter.setPen(QPen(style.color("canvas"), 1.5 * style.unit))
    painter.setBrush(style.color("warning"))
    painter.drawEllipse(at, half, half)
    painter.setPen(QPen(style.color("canvas"), 1.6 * style.unit))
    painter.drawLine(at + QPointF(0, -0.5 * half), at + QPointF(0, 0.1 * half))
    painter.drawPoint(at + QPointF(0, 0.5 * half))


def draw_layer_badge(painter: QPainter, picture: Picture, layer: int, caption: QRectF) -> None:
    """Mark a layer that something ails beside its caption."""
    if not findings_of(picture, layer):
        return
    size = round(ICON * picture.style.unit)
    ratio = painter.device().devicePixelRatio()
    pixmap = theme.icon_pixmap("warning", "warning", size, ratio)
    painter.drawPixmap(QPointF(caption.left() - size - 5, caption.top() + 1), pixmap)


def layer_text(picture: Picture, layer: int) -> str:
    """Return what ails a layer and what to try, for people; empty where all is well."""
    findings = findings_of(picture, layer)
    return "\n".join(f"{each.reason} {each.advice}" for each in findings)
