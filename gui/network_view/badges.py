"""Marks on neurons and layers that something ails."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from gui import theme
from gui.network_view.items import Neuron
from gui.network_view.picture import Picture

if TYPE_CHECKING:
    from engine.health import Finding

SMALLEST_WITH_SIGN = 7.0  # radius of a neuron that has room for a sign on it
ICON, BESIDE = 14, 5


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
        size = max(1.8, 0.5 * radius)
        painter.setPen(QPen(style.color("canvas"), 1))
        painter.setBrush(style.color("warning"))
        painter.drawEllipse(QPointF(x + radius + size + 1, y), size, size)
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
    """Mark a layer that something ails, as a whole or most of it, beside its caption."""
    ailing, neurons = _ailing(picture, layer), picture.layout.sizes[layer]
    if not findings_of(picture, layer) and 2 * len(ailing) < neurons:
        return
    size = round(ICON * picture.style.unit)
    ratio = painter.device().devicePixelRatio()
    pixmap = theme.icon_pixmap("warning", "warning", size, ratio)
    painter.drawPixmap(QPointF(caption.left() - size - BESIDE, caption.top() + 1), pixmap)


def with_badge(picture: Picture, caption: QRectF) -> QRectF:
    """Return a caption's place together with that of the badge beside it."""
    return caption.adjusted(-round(ICON * picture.style.unit) - BESIDE, 0, 0, 0)


def layer_text(picture: Picture, layer: int) -> str:
    """Return what ails a layer and what to try, for people; empty where all is well."""
    lines = [f"{each.reason} {each.advice}" for each in findings_of(picture, layer)]
    ailing = _ailing(picture, layer)
    for kind in dict.fromkeys(each.kind for each in ailing):
        alike = [each for each in ailing if each.kind == kind]
        many = f"{len(alike)} of {picture.layout.sizes[layer]} neurons"
        lines.append(f"{many} {'is' if len(alike) == 1 else 'are'} {kind}. {alike[0].advice}")
    return "\n".join(lines)


def _ailing(picture: Picture, layer: int) -> "list[Finding]":
    """Return what was found of a layer's neurons."""
    health = picture.frame.seen.health if picture.frame.seen is not None else None
    found = health.findings if health is not None else ()
    return [each for each in found if each.layer == layer and each.neuron is not None]
