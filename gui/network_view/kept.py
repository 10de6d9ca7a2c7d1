"""A picture of edges that is kept while the next one is painted."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter


@dataclass(frozen=True)
class Kept:
    """A picture, and where it belongs by now.

    Attributes
    ----------
    image : QImage
        As it was painted.
    place : QRectF or None
        Where it belongs after zooming or resizing; None where it was painted.
    """

    image: QImage
    place: QRectF | None = None

    def draw(self, painter: QPainter) -> None:
        if self.place is None:
            painter.drawImage(QPointF(0, 0), self.image)
        else:
            painter.drawImage(self.place, self.image)

    def moved(self, move: "Move") -> "Kept":
        """Return the same picture, stretched and moved."""
        size = self.image.deviceIndependentSize()
        old = self.place or QRectF(0, 0, size.width(), size.height())
        place = QRectF(
            old.x() * move.scale_x + move.dx,
            old.y() * move.scale_y + move.dy,
            old.width() * move.scale_x,
            old.height() * move.scale_y,
        )
        return Kept(self.image, place)


@dataclass(frozen=True)
class Move:
    """How a point x, y of an old layout lies on a new one: scale · x + dx, and so on."""

    scale_x: float
    scale_y: float
    dx: float = 0.0
    dy: float = 0.0
