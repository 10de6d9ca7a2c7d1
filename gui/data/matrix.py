"""Which class is taken for which: a table that is filled in while the network learns."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.answers import Answers
from gui import theme

Cell = tuple[int, int]
STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
SMALLEST_CELL, LARGEST_CELL = 14.0, 46.0


class ConfusionMatrix(QWidget):
    """True classes downwards, the network's answers across, totals at the edges.

    Point at a cell or a class to read about it; click a cell, or press Enter, to see its rows
    alone; the same again, or Escape, shows all that are misread. Arrows go from cell to cell.

    Signals
    -------
    selected(object)
        The cell (true, predicted) whose rows are wanted, or None.
    """

    selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answers: Answers | None = None
        self.names: tuple[str, ...] = ()
        self.cell: Cell | None = None
        self._hover: Cell | None = None
        self._noun = "test rows"
        self._measured: tuple[QSize, tuple[float, float, float]] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Confusion matrix")

    def show_answers(self, answers: Answers, names: tuple[str, ...], noun: str) -> None:
        """Show how rows were classified; `noun` says what they are."""
        if answers is not self.answers:
            other = names != self.names
            self.answers, self.names, self._noun = answers, names, noun
            if other:
                self._hover = self._measured = None
                self.select(None)
                self.updateGeometry()
            self.update()

    def select(self, cell: Cell | None) -> None:
        """Ask for the rows of one cell alone."""
        if cell != self.cell:
            self.cell = cell
            self.selected.emit(cell)
            self.update()

    # ------------------------------------------------------------ geometry

    def sizeHint(self) -> QSize:
        return QSize(290, self.heightForWidth(290))

    def heightForWidth(self, width: int) -> int:
        """Return the height that makes the cells square, or nearly."""
        side = self._side(width)
        return self._tall(side)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._tall(SMALLEST_CELL))

    def _tall(self, side: float) -> int:
        return round(self._head() + side * max(len(self.names), 1) + self._line() + 4)

    def _line(self) -> float:
        return QFontMetricsF(theme.font(9)).height()

    def _head(self) -> float:
        return 2 * self._line() + 6

    def _left(self) -> float:
        metrics = QFontMetricsF(theme.font(9.5, bold=True))
        widest = max((metrics.horizontalAdvance(name) for name in self.names), default=10)
        return min(widest, 70.0) + self._line() + 10

    def _right(self) -> float:
        return QFontMetricsF(theme.font(8.5, tabular=True)).horizontalAdvance("0000") + 4

    def _side(self, width: float) -> float:
        room = width - self._left() - self._right()
        return min(max(room / max(len(self.names), 1), SMALLEST_CELL), LARGEST_CELL)

    def _box(self, row: int, column: int) -> QRectF:
        left, head, side = self._grid()
        return QRectF(left + column * side, head + row * side, side, side)

    def _grid(self) -> tuple[float, float, float]:
        """Return left edge, upper edge and side of the cells; text is slow to measure."""
        if self._measured is None or self._measured[0] != self.size():
            high = (self.height() - self._tall(0)) / max(len(self.names), 1)
            side = min(self._side(self.width()), max(high, SMALLEST_CELL))
            self._measured = (self.size(), (self._left(), self._head(), side))
        return self._measured[1]

    def cell_at(self, x: float, y: float) -> Cell | None:
        """Return the cell at a point: row −1 or column −1 are the classes' names."""
        left, head, side = self._grid()
        row, column = (y - head) // side, (x - left) // side
        classes = len(self.names)
        if max(row, column) >= classes or (row < 0 and column < 0):
            return None
        return max(int(row), -1), max(int(column), -1)

    # ------------------------------------------------------------ what it says

    def describe(self, cell: Cell) -> str:
        """Say in a sentence what a cell counts, or how well a class is recognised."""
        if self.answers is None:
            return ""
        row, column = cell
        if row < 0 or column < 0:
            return self._describe_class(max(row, column))
        count, total = int(self.answers.confusion[row, column]), self.answers.scores.support[row]
        share = f" ({count / total:.0%})" if total else ""
        of = f"{count} of {total} {self._noun} of class {self.names[row]}{share}"
        return f"{of} read as {self.names[column]}"

    def _describe_class(self, index: int) -> str:
        assert self.answers is not None
        scores, name = self.answers.scores, self.names[index]
        confusion = self.answers.confusion
        wrong = confusion[index].sum() + confusion[:, index].sum() - 2 * confusion[index, index]
        accuracy = 1 - wrong / max(confusion.sum(), 1)
        return (
            f"Class {name}: {scores.recall[index]:.0%} of them found (recall), "
            f"{scores.precision[index]:.0%} of what is read so is right (precision), "
            f"accuracy {accuracy:.1%}"
        )

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.answers is None or len(self.answers.confusion) != len(self.names):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_heads(painter)
        self._paint_cells(painter)
        self._paint_counts(painter)
        self._paint_totals(painter)
        if self.cell is not None:
            self._frame(painter, self.cell, "text", 2.0)
        if (self._hover is not None and self.hasFocus()) or self._hover not in (None, self.cell):
            self._frame(painter, self._hover, "accent", 1.6)
        painter.end()

    def _paint_cells(self, painter: QPainter) -> None:
        """Fill the cells: right answers by their share of the class, wrong ones by number."""
        assert self.answers is not None
        colors, confusion = theme.palette(), self.answers.confusion
        strengths = self._strengths()
        ground, right, wrong = (colors.color(role) for role in ("plate", "good", "positive"))
        painter.setPen(Qt.PenStyle.NoPen)
        for row, column in np.ndindex(confusion.shape):
            box = self._box(row, column).adjusted(0.75, 0.75, -0.75, -0.75)
            painter.setBrush(ground)
            painter.drawRoundedRect(box, 3, 3)
            if confusion[row, column]:
                color = right if row == column else wrong
                color.setAlphaF(float(strengths[row, column]))
                painter.setBrush(color)
                painter.drawRoundedRect(box, 3, 3)

    def _strengths(self) -> np.ndarray:
        """Return how strongly each cell is coloured, 0 to 1."""
        assert self.answers is not None
        confusion = self.answers.confusion
        off = confusion * ~np.eye(len(confusion), dtype=bool)
        strengths = 0.25 + 0.7 * (off / max(int(off.max(initial=0)), 1)) ** 0.6
        shares = confusion.diagonal() / np.maximum(self.answers.scores.support, 1)
        np.fill_diagonal(strengths, 0.45 * shares)
        return strengths

    def _paint_counts(self, painter: QPainter) -> None:
        """Write the counts that are not 0, font by font."""
        assert self.answers is not None
        colors, confusion = theme.palette(), self.answers.confusion
        bright = self._strengths() > 0.55
        on_bright = "on_accent" if colors.name == "dark" else "text"  # dark on orange either way
        center = Qt.AlignmentFlag.AlignCenter
        for diagonal in (True, False):
            painter.setFont(theme.font(8.5, bold=not diagonal, tabular=True))
            for row, column in np.argwhere(confusion).tolist():
                if (row == column) == diagonal:
                    role = on_bright if bright[row, column] else "text"
                    painter.setPen(colors.color(role))
                    painter.drawText(self._box(row, column), center, str(confusion[row, column]))

    def _paint_heads(self, painter: QPainter) -> None:
        colors, line, classes = theme.palette(), self._line(), len(self.names)
        left, head, side = self._grid()
        center = Qt.AlignmentFlag.AlignCenter
        painter.setFont(theme.font(8.5))
        painter.setPen(colors.color("muted"))
        painter.drawText(QRectF(left, 0, side * classes, line), center, "read as")
        painter.save()
        painter.translate(0, head + side * classes)
        painter.rotate(-90)
        painter.drawText(QRectF(0, 0, side * classes, line), center, "true class")
        painter.restore()
        painter.setFont(theme.font(9.5, bold=True))
        painter.setPen(colors.color("text"))
        metrics = QFontMetricsF(painter.font())
        for index, name in enumerate(self.names):
            elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, side)
            painter.drawText(QRectF(left + index * side, line, side, line + 4), center, elided)
            elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, left - line - 6)
            box = QRectF(line + 2, head + index * side, left - line - 6, side)
            painter.drawText(box, center, elided)

    def _paint_totals(self, painter: QPainter) -> None:
        assert self.answers is not None
        scores, classes = self.answers.scores, len(self.names)
        width, line = self._right(), self._line()
        painter.setFont(theme.font(8, tabular=True))
        painter.setPen(theme.palette().color("muted"))
        for index in range(classes):
            row, column = self._box(index, classes), self._box(classes, index)
            row.setWidth(width)
            column.setHeight(line)
            center = Qt.AlignmentFlag.AlignCenter
            painter.drawText(row, center, str(int(scores.support[index])))
            painter.drawText(column, center, str(int(scores.predicted[index])))
        corner = QRectF(self._box(classes, classes).topLeft(), QSizeF(width, line))
        painter.drawText(corner, Qt.AlignmentFlag.AlignCenter, "Σ")

    def _frame(self, painter: QPainter, cell: Cell, role: str, width: float) -> None:
        """Frame a cell, or the whole row or column of a class."""
        row, column = cell
        last = len(self.names) - 1
        first_box = self._box(max(row, 0), max(column, 0))
        last_box = self._box(row if row >= 0 else last, column if column >= 0 else last)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.palette().color(role), width))
        painter.drawRoundedRect(first_box.united(last_box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._measured = None
            self.updateGeometry()
            self.update()
        super().changeEvent(event)

    # ------------------------------------------------------------ mouse and keyboard

    def _point_at(self, cell: Cell | None) -> None:
        if cell != self._hover:
            self._hover = cell
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self.cell_at(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().x(), event.position().y())
        if event.button() == Qt.MouseButton.LeftButton:
            self._toggle(cell)

    def _toggle(self, cell: Cell | None) -> None:
        if cell is not None and min(cell) >= 0:
            self.select(None if cell == self.cell else cell)

    def event(self, event: QEvent) -> bool:
        """Tell about the cell or the class under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self.cell_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), "" if cell is None else self.describe(cell), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS and self.names:
            self._step(*STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._toggle(self._hover)
        elif key == Qt.Key.Key_Escape and self.cell is not None:
            self.select(None)
        else:
            super().keyPressEvent(event)

    def _step(self, down: int, right: int) -> None:
        row, column = self._hover or self.cell or (0, 0)
        if self._hover is not None or self.cell is not None:
            last = len(self.names) - 1
            row, column = min(max(row + down, -1), last), min(max(column + right, -1), last)
        if max(row, column) >= 0:
            self._point_at((row, column))
            self._announce((row, column))

    def _announce(self, cell: Cell) -> None:
        self.setAccessibleDescription(self.describe(cell))
        point = self._box(max(cell[0], 0), max(cell[1], 0)).bottomRight()
        QToolTip.showText(self.mapToGlobal(QPointF(point)).toPoint(), self.describe(cell), self)
        event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)
