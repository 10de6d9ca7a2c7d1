"""Matrices as heat maps with their shapes, and with their numbers where there is room."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.formulas import Node
from engine.formulas.writer import number, to_text
from engine.trace import Place
from engine.trace.step import Index
from gui import theme
from gui.debugger.boxes import Box
from gui.debugger.typeset import Setter
from gui.debugger.words import shape_words

LARGEST_CELL = 46.0
LOWEST_CELL, HIGHEST_CELL = 3.0, 24.0
ROW_HEIGHT = 16.0  # of a matrix with a single row, which would be a line otherwise


@dataclass(frozen=True, eq=False)
class Matrix:
    """One matrix to be shown.

    Attributes
    ----------
    name : Node
        What it is called.
    values : ndarray (rows, columns)
        Its numbers.
    shape : tuple of int
        As the trace has it; a vector is shown as a row.
    role : str
        Decides the hues.
    key : str
        Under which its entries are found in the trace; empty if they are not.
    mark : (int, int) or None
        The entry in focus; -1 marks a whole row or column.
    sign : str
        What stands before it: ``·``, ``+``, ``=``; empty for the first.
    turned : bool
        Whether rows and columns are exchanged against the trace.
    """

    name: Node
    values: np.ndarray
    shape: tuple[int, ...]
    role: str
    key: str = ""
    mark: tuple[int, int] | None = None
    sign: str = ""
    turned: bool = False
    _images: dict[theme.ThemeName, QImage] = field(default_factory=dict, repr=False)

    def image(self, look: theme.ThemeName) -> QImage:
        """Return its heat map in the colours of a theme: made once, painted often."""
        if look not in self._images:
            self._images[look] = heat_map(self.values, self.role)
        return self._images[look]

    def index(self, row: int, column: int) -> Index:
        """Return the trace's index of an entry shown."""
        if len(self.shape) == 1:
            return (column,)
        return (column, row) if self.turned else (row, column)

    def value(self, index: Index) -> float:
        """Return the entry at an index of the trace."""
        if len(index) == 1:
            return float(self.values[0, index[0]])
        return float(self.values.T[index] if self.turned else self.values[index])


class MatrixStrip(QWidget):
    """Matrices side by side, as in a formula; click an entry to look at it.

    Attributes
    ----------
    chosen : Signal of Place
        An entry was clicked.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrices: tuple[Matrix, ...] = ()
        self._places: list[QRectF] = []
        self._headings: list[Box] = []
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(120)
        self.setAccessibleName("Matrices")

    def show_matrices(self, matrices: list[Matrix]) -> None:
        """Show other matrices."""
        self._matrices = tuple(matrices)
        shapes = [f"{to_text(each.name)} {shape_words(each.shape)}" for each in matrices]
        self.setAccessibleDescription(", ".join(shapes))
        self._places = []
        self.update()

    @property
    def matrices(self) -> tuple[Matrix, ...]:
        """Those shown."""
        return self._matrices

    def sizeHint(self) -> QSize:
        return QSize(320, 200)

    # ------------------------------------------------------------ layout

    def places(self) -> list[QRectF]:
        """Return where each matrix is drawn."""
        if self._places or not self._matrices:
            return self._places
        em = QFontMetricsF(theme.font(9)).height()
        setter = Setter(10.0, theme.palette().color("text"))
        self._headings = [setter.box(each.name) for each in self._matrices]
        highest = max(each.height for each in self._headings)
        gap, top, bottom = 1.9 * em, highest + 0.9 * em, 1.5 * em
        room = max(40.0, self.width() - gap * len(self._matrices))
        high = max(30.0, self.height() - top - bottom)
        widths = self._widths(room)
        x = 0.3 * em
        for matrix, width in zip(self._matrices, widths, strict=True):
            rows, columns = matrix.values.shape
            x += gap if matrix.sign else 0.0
            height = min(high, rows * min(HIGHEST_CELL, max(LOWEST_CELL, width / columns)))
            height = max(height, min(high, ROW_HEIGHT))
            self._places.append(QRectF(x, top, width, height))
            x += width
        return self._places

    def _widths(self, room: float) -> list[float]:
        """Share the width: small matrices take what they need, the others the rest."""
        wished = [each.values.shape[1] * LARGEST_CELL for each in self._matrices]
        widths = [0.0] * len(wished)
        left, waiting = room, list(range(len(wished)))
        while waiting:
            share = left / len(waiting)
            content = [k for k in waiting if wished[k] <= share]
            if not content:
                for k in waiting:
                    widths[k] = share
                break
            for k in content:
                widths[k] = wished[k]
                left -= wished[k]
                waiting.remove(k)
        return widths

    def resizeEvent(self, event: object) -> None:
        self._places = []

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._places = []
            self.update()
        super().changeEvent(event)

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self.places()
        for matrix, name, place in zip(self._matrices, self._headings, places, strict=True):
            self._draw_heading(painter, matrix, name, place)
            draw_heat_map(painter, place, matrix.image(theme.palette().name))
            self._draw_numbers(painter, matrix, place)
            self._draw_mark(painter, matrix, place)

    def _draw_heading(self, painter: QPainter, matrix: Matrix, name: Box, place: QRectF) -> None:
        colors, em = theme.palette(), QFontMetricsF(theme.font(9)).height()
        name.draw(painter, place.x(), place.y() - 0.35 * em - name.descent)
        if matrix.sign:
            painter.setFont(theme.font(12))
            painter.setPen(colors.color("muted"))
            box = QRectF(place.x() - 1.7 * em, place.y(), 1.5 * em, max(place.height(), em))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, matrix.sign)
        painter.setFont(theme.font(8.5))
        painter.setPen(colors.color("muted"))
        painter.drawText(QPointF(place.x(), place.bottom() + 1.05 * em), shape_words(matrix.shape))

    def _draw_numbers(self, painter: QPainter, matrix: Matrix, place: QRectF) -> None:
        rows, columns = matrix.values.shape
        width, height = place.width() / columns, place.height() / rows
        font = theme.font(8.5, tabular=True)
        metrics = QFontMetricsF(font)
        if width < metrics.horizontalAdvance("−0.00") + 3 or height < metrics.height() * 0.9:
            return
        painter.setFont(font)
        digits = 3 if width > metrics.horizontalAdvance("−0.0000") else 2
        scale = scale_of(matrix.values)
        for i in range(rows):
            for j in range(columns):
                value = float(matrix.values[i, j])
                strong = abs(value) > 0.55 * scale
                painter.setPen(theme.palette().color("canvas" if strong else "text"))
                box = QRectF(place.x() + j * width, place.y() + i * height, width, height)
                text = number(value, digits)
                if metrics.horizontalAdvance(text) > width:
                    text = number(value, 1)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_mark(self, painter: QPainter, matrix: Matrix, place: QRectF) -> None:
        if matrix.mark is None:
            return
        rows, columns = matrix.values.shape
        width, height = place.width() / columns, place.height() / rows
        i, j = matrix.mark
        box = QRectF(
            place.x() + max(j, 0) * width,
            place.y() + max(i, 0) * height,
            width if j >= 0 else place.width(),
            height if i >= 0 else place.height(),
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.palette().color("text"), 1.6))
        painter.drawRect(box.adjusted(-1, -1, 1, 1))

    # ------------------------------------------------------------ pointing

    def entry_at(self, at: QPointF) -> tuple[Matrix, Index] | None:
        """Return the matrix and the index at a point."""
        for matrix, place in zip(self._matrices, self.places(), strict=True):
            if place.contains(at):
                rows, columns = matrix.values.shape
                row = int((at.y() - place.y()) / place.height() * rows)
                column = int((at.x() - place.x()) / place.width() * columns)
                return matrix, matrix.index(min(row, rows - 1), min(column, columns - 1))
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.entry_at(event.position())
        pointing = found is not None and bool(found[0].key)
        shape = Qt.CursorShape.PointingHandCursor if pointing else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self.entry_at(event.position())
        if found is not None and found[0].key:
            self.chosen.emit(Place(found[0].key, found[1]))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.entry_at(QPointF(event.pos()))
            if found is not None:
                matrix, index = found
                value = matrix.value(index)
                where = ", ".join(str(each + 1) for each in index)
                text = f"{to_text(matrix.name)} [{where}] = {number(value, 6)}"
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


# ---------------------------------------------------------------- heat maps


def scale_of(values: np.ndarray) -> float:
    """Return the largest size of the finite numbers; 1 where all are 0."""
    finite = values[np.isfinite(values)]
    return float(np.abs(finite).max(initial=0.0)) or 1.0


def signed_pixels(values: np.ndarray, role: str) -> np.ndarray:
    """Colour numbers, the largest in full strength, as ``0xffRRGGBB``."""
    scaled = np.nan_to_num(values / scale_of(values), posinf=1, neginf=-1)
    if role != "gradient":
        return theme.diverging(scaled)
    index = np.clip((scaled + 1.0) * 127.5 + 0.5, 0, 255).astype(np.uint8)
    return _gradient_table(theme.palette().name)[index]


@lru_cache(maxsize=4)
def _gradient_table(name: theme.ThemeName) -> np.ndarray:
    """Return the colours of gradients from −1 to 1 in 256 steps."""
    colors, value = theme.PALETTES[name], np.linspace(-1, 1, 256)[:, None]
    strength = np.abs(value) ** 0.8
    end = np.where(value < 0, colors.rgb("gradient_negative"), colors.rgb("gradient_positive"))
    return theme.pack_rgb(colors.rgb("neutral") * (1 - strength) + end * strength)


def heat_map(values: np.ndarray, role: str) -> QImage:
    """Return a matrix as a picture, one pixel for each entry."""
    pixels = np.ascontiguousarray(signed_pixels(np.asarray(values, float), role))
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    return image.copy()  # with memory of its own


def draw_heat_map(painter: QPainter, place: QRectF, image: QImage) -> None:
    """Draw a heat map, each entry a sharp cell."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(place, image)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.palette().color("line"), 1))
    painter.drawRect(place)
