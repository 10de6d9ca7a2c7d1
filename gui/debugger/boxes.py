"""Boxes: what a typeset formula is made of.

After TeX, a box has a width, a height above its baseline and a depth below it, and is drawn
with its baseline at a point. Everything is lines and glyphs of the window's own font, so it
stays crisp at any scale.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen


@dataclass
class Box:
    """A rectangle with a baseline; lengths are device-independent pixels.

    Attributes
    ----------
    width, ascent, descent : float
        Its extent: to the right, above and below the baseline.
    ref : int or None
        The operand that it stands for, to be pointed at.
    """

    width: float
    ascent: float
    descent: float
    ref: int | None = field(default=None, kw_only=True)

    @property
    def height(self) -> float:
        return self.ascent + self.descent

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw with the left end of the baseline at a point; an empty box draws nothing."""

    def parts(self) -> Iterator[tuple["Box", float, float]]:
        """Yield the boxes inside, each with its place from the baseline's left end."""
        yield from ()

    def linked(self, x: float, y: float) -> Iterator[tuple[int, QRectF]]:
        """Yield what can be pointed at, and where, with the baseline at a point."""
        if self.ref is not None:
            yield self.ref, QRectF(x, y - self.ascent, self.width, self.height)
        for part, dx, dy in self.parts():
            yield from part.linked(x + dx, y + dy)


@dataclass
class Glyphs(Box):
    """A run of characters."""

    text: str
    font: QFont
    color: QColor

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        painter.setFont(self.font)
        painter.setPen(self.color)
        painter.drawText(QPointF(x, y), self.text)


@dataclass
class Stroke(Box):
    """Lines: a fraction's bar, a root, tall brackets, a hat; from the baseline's left end."""

    path: QPainterPath
    thickness: float
    color: QColor

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        painter.save()
        painter.translate(x, y)
        painter.setBrush(QColor(0, 0, 0, 0))
        painter.setPen(QPen(self.color, self.thickness))
        painter.drawPath(self.path)
        painter.restore()


@dataclass
class Composite(Box):
    """Boxes, each at its place."""

    inside: list[tuple[Box, float, float]]

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        for part, dx, dy in self.inside:
            part.draw(painter, x + dx, y + dy)

    def parts(self) -> Iterator[tuple[Box, float, float]]:
        yield from self.inside


def beside(boxes: list[Box]) -> Composite:
    """Set boxes side by side on one baseline."""
    inside, x = [], 0.0
    for box in boxes:
        inside.append((box, x, 0.0))
        x += box.width
    ascent = max((box.ascent for box in boxes), default=0.0)
    descent = max((box.descent for box in boxes), default=0.0)
    return Composite(x, ascent, descent, inside)


def around(inside: list[tuple[Box, float, float]], width: float) -> Composite:
    """Take boxes at their places into one that is just high enough."""
    ascent = max(box.ascent - dy for box, _dx, dy in inside)
    descent = max(box.descent + dy for box, _dx, dy in inside)
    return Composite(width, ascent, descent, inside)
