"""A widget that shows formulas, line by line, with the numbers to be pointed at."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.formulas import ADDITIVE, RELATIONS, Node, Operator, Row
from engine.formulas.writer import to_text
from engine.trace import Factor
from gui import theme
from gui.debugger.boxes import Box, Composite, around, beside
from gui.debugger.typeset import Setter

ROLES = {
    "data": "text",
    "target": "test",
    "weight": "accent",
    "gradient": "gradient_positive",
    "constant": "muted",
}
"""The palette's colour for each kind of quantity."""

LARGEST_LEFT = 0.45  # of the width: a longer left side gets a line of its own
USUAL_WIDTH = 460.0  # where letters have the size wished for; they grow with more
LARGEST_POINTS = 1.45
GRID = 16  # widths are rounded down to it: a scroll bar that comes or goes sets nothing anew
SMALLEST_POINTS = 0.75  # of the size wished for, where a line would not fit


class FormulaView(QWidget):
    """Formulas under each other, aligned at their equals signs, broken where too long.

    Attributes
    ----------
    linkClicked : Signal of int
        A part that stands for an operand was clicked: its number.
    """

    linkClicked = Signal(int)

    def __init__(self, points: float = 13.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points = points
        self._lines: tuple[Node, ...] = ()
        self._factors: tuple[Factor, ...] = ()
        self._made: dict[int, Composite] = {}  # by width: layouts ask again and again
        self._hover: int | None = None
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Formula")

    def show_lines(self, lines: Sequence[Node], factors: Sequence[Factor] = ()) -> None:
        """Show other formulas; parts refer to `factors` by their numbers."""
        self._lines, self._factors = tuple(lines), tuple(factors)
        self._made, self._hover = {}, None
        if QAccessible.isActive():  # nobody else hears it, and to spell it takes a while
            self.setAccessibleDescription(self.text())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """Return what is shown as lines of text."""
        return "\n".join(to_text(line).strip() for line in self._lines)

    # ------------------------------------------------------------ layout

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 20)

    def heightForWidth(self, width: int) -> int:
        return round(self._set(width).height) + 8

    def _box(self) -> Composite:
        return self._set(self.width())

    def _set(self, width: int) -> Composite:
        width = width // GRID * GRID
        if width not in self._made:
            self._made[width] = self._fitted(width)
        return self._made[width]

    def _fitted(self, width: float) -> Composite:
        """Typeset all lines, smaller where one would not fit."""
        if not self._lines or width <= 0:
            return Composite(0, 0, 0, [])
        points = self._points * min(max(width / USUAL_WIDTH, 1.0), LARGEST_POINTS)
        made = self._set_at(points, width)
        if made.width > width:
            made = self._set_at(max(width / made.width, SMALLEST_POINTS) * points, width)
        return made

    def _set_at(self, points: float, width: float) -> Composite:
        setter = Setter(points, theme.palette().color("text"), self._color_of)
        em = setter.em(1.0)
        starts = [_split(line) for line in self._lines]
        lefts = [setter.box(left, 1.0) if left is not None else None for left, _ in starts]
        indent = max((box.width + 0.3 * em for box in lefts if box is not None), default=0.0)
        indent = indent if indent < LARGEST_LEFT * width else 1.2 * em
        parts: list[tuple[Box, float, float]] = []
        y = 0.0
        for left, (_node, right) in zip(lefts, starts, strict=True):
            if left is not None and left.width > indent:
                y += left.ascent
                parts.append((left, 0.0, y))
                y += left.descent + 0.3 * em
                left = None
            for k, (line, hangs) in enumerate(_wrapped(setter, right, width - indent)):
                ascent = max(line.ascent, left.ascent if left is not None and k == 0 else 0.0)
                y += ascent
                if left is not None and k == 0:
                    parts.append((left, 0.0, y))
                parts.append((line, indent + (0.9 * em if hangs else 0.0), y))
                below = left.descent if left is not None and k == 0 else 0.0
                y += max(line.descent, below) + 0.32 * em
        wide = max(x + box.width for box, x, _ in parts)
        return around(parts, wide)

    def _color_of(self, ref: int) -> QColor:
        if ref >= len(self._factors):
            return theme.palette().color("text")
        return theme.palette().color(ROLES[self._factors[ref].role])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._made = {}
            self.updateGeometry()
            self.update()
        super().changeEvent(event)

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = self._box()
        y = self._baseline()
        if self._hover is not None:
            painter.setPen(QPen(theme.palette().color("accent"), 1.0, Qt.PenStyle.DotLine))
            for ref, place in whole.linked(0.0, y):
                if ref == self._hover:
                    painter.drawLine(place.bottomLeft(), place.bottomRight())
        whole.draw(painter, 0.0, y)

    def _baseline(self) -> float:
        return self._box().ascent + 4

    # ------------------------------------------------------------ pointing

    def link_at(self, at: QPointF) -> int | None:
        """Return the operand that stands at a point."""
        near = [
            (place.width() * place.height(), ref)
            for ref, place in self._box().linked(0.0, self._baseline())
            if place.adjusted(-2, -3, 2, 3).contains(at)
        ]
        return min(near)[1] if near else None

    def link_rect(self, ref: int) -> QRectF | None:
        """Return where an operand stands first."""
        for each, place in self._box().linked(0.0, self._baseline()):
            if each == ref:
                return place
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hover = self.link_at(event.position())
        if hover != self._hover:
            self._hover = hover
            leads = self._leads(hover)
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor
            )
            self.update()

    def _leads(self, ref: int | None) -> bool:
        return ref is not None and ref < len(self._factors) and (
            self._factors[ref].place is not None
        )  # fmt: skip

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        ref = self.link_at(event.position())
        if ref is not None and self._leads(ref):
            self.linkClicked.emit(ref)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            ref = self.link_at(QPointF(event.pos()))
            if ref is not None and ref < len(self._factors):
                QToolTip.showText(event.globalPos(), explained(self._factors[ref]), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def explained(factor: Factor) -> str:
    """Say what a number is, and where it comes from."""
    text = f"{to_text(factor.name)} = {factor.value:.6g}: {factor.meaning}".replace("-", "−")
    return f"{text}\nClick to see where it comes from" if factor.place is not None else text


def _split(line: Node) -> tuple[Node | None, Node]:
    """Part a line before its first relation: what goes left of the alignment, and the rest."""
    if not isinstance(line, Row):
        return None, line
    for index, item in enumerate(line.items):
        if isinstance(item, Operator) and item.text in RELATIONS:
            left = Row(line.items[:index]) if index else None
            return left, Row(line.items[index:])
    return None, line


def _wrapped(setter: Setter, node: Node, width: float) -> list[tuple[Box, bool]]:
    """Typeset a line, broken before the signs where it would be too long.

    Returns
    -------
    list of (Box, bool)
        The lines, and whether each hangs back as the continuation of a sum.
    """
    items = node.items if isinstance(node, Row) else (node,)
    whole = beside(setter.spaced(items))
    if whole.width <= width:
        return [(whole, False)]
    breaks = [i for i, each in enumerate(items) if i > 1 and _breaks(each)]
    starts = [0]
    best = 0
    for stop in [*breaks, len(items)]:
        start = starts[-1]
        if best > start and _line(setter, items[start:stop], start > 0).width > width:
            starts.append(best)
        best = stop
    return [
        (_line(setter, items[a:b], a > 0), a > 0 and items[a] not in _RELATION_SIGNS)
        for a, b in zip(starts, [*starts[1:], len(items)], strict=True)
    ]


_RELATION_SIGNS = tuple(map(Operator, RELATIONS))


def _breaks(node: Node) -> bool:
    return isinstance(node, Operator) and node.text in ADDITIVE + RELATIONS


def _line(setter: Setter, items: Sequence[Node], continued: bool) -> Box:
    return beside(setter.spaced(items, continued=continued))
