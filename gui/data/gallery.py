"""Pictures of rows, each with its true class and the answer, to be chosen from."""

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from engine.answers import Answers
from engine.datasets import Dataset
from gui import theme

PICTURE, GAP = 46.0, 8.0
WORDS = 92.0
"""Width of a tile without a picture."""


@dataclass(frozen=True)
class Tile:
    """One row: its number, its true class, the answer, and how sure that is."""

    row: int
    true: str
    answer: str
    certainty: float

    @property
    def wrong(self) -> bool:
        return self.true != self.answer


class Gallery(QWidget):
    """Tiles in rows; arrows and Enter choose one, as a click does; a double click opens it.

    Signals
    -------
    chosen(int)
        The number of the row in the data.
    opened()
        The current one is to be stepped through.
    """

    chosen = Signal(int)
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: tuple[Tile, ...] = ()
        self.shown_row: int | None = None
        self._current = 0
        self._rows: np.ndarray | None = None
        self._shape: tuple[int, int] | None = None
        self._pictures: dict[int, QPixmap] = {}
        self._size: tuple[float, float] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Misread rows")

    def show_data(self, data: Dataset) -> None:
        """Take the pictures from another data set."""
        self._rows, _targets = data.shown_rows
        self._shape = data.image_shape
        self._pictures, self._size = {}, None
        self.show_tiles(())

    def show_tiles(self, tiles: tuple[Tile, ...]) -> None:
        """Show other rows, or other answers to them."""
        if tiles != self.tiles:
            here = self.tiles[self._current].row if self._current < len(self.tiles) else -1
            self.tiles = tiles
            rows = [tile.row for tile in tiles]
            self._current = rows.index(here) if here in rows else 0
            self._fit()
            self.update()

    def rows_from_current(self) -> tuple[int, ...]:
        """Return the rows of all tiles, the current one first, the others as they follow."""
        rows = [tile.row for tile in self.tiles]
        return tuple(rows[self._current :] + rows[: self._current])

    def show_chosen(self, row: int | None) -> None:
        """Mark the row that flows through the network."""
        if row != self.shown_row:
            self.shown_row = row
            self.update()

    # ------------------------------------------------------------ geometry

    def _tile_size(self) -> tuple[float, float]:
        if self._size is None:
            self._size = self._measured_size()
        return self._size

    def _measured_size(self) -> tuple[float, float]:
        line = QFontMetricsF(theme.font(8.5)).height()
        return (PICTURE, PICTURE + line + 2) if self._shape else (WORDS, 2 * line + 6)

    def columns(self) -> int:
        """Return how many tiles stand side by side."""
        return max(1, int((self.width() + GAP) / (self._tile_size()[0] + GAP)))

    def _box(self, index: int) -> QRectF:
        width, height = self._tile_size()
        row, column = divmod(index, self.columns())
        spare = self.width() - self.columns() * (width + GAP) + GAP
        pitch = width + GAP + min(spare / max(self.columns() - 1, 1), GAP)
        return QRectF(column * pitch, 2 + row * (height + GAP), width, height)

    def tile_at(self, x: float, y: float) -> int | None:
        """Return the tile at a point."""
        for index in range(len(self.tiles)):
            if self._box(index).adjusted(-2, -2, 2, 2).contains(x, y):
                return index
        return None

    def _fit(self) -> None:
        rows = math.ceil(len(self.tiles) / self.columns())
        height = round(4 + rows * (self._tile_size()[1] + GAP))
        if height != self.minimumHeight():
            self.setMinimumHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(280, max(self.minimumHeight(), 80))

    def resizeEvent(self, event: QEvent) -> None:
        self._fit()

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(8.5, bold=True))
        for index, tile in enumerate(self.tiles):
            box = self._box(index)
            if box.bottom() >= event.rect().top() and box.top() <= event.rect().bottom():
                self._paint_tile(painter, index, tile, box)
        painter.end()

    def _paint_tile(self, painter: QPainter, index: int, tile: Tile, box: QRectF) -> None:
        colors = theme.palette()
        words = QRectF(box)
        if self._shape:
            picture = QRectF(box.x(), box.y(), PICTURE, PICTURE)
            painter.drawPixmap(picture.topLeft(), self._picture(tile.row))
            self._paint_frame(painter, index, tile, picture)
            words.setTop(picture.bottom() + 1)
        else:
            self._paint_frame(painter, index, tile, box)
            words.adjust(6, 2, -6, -words.height() / 2)
            below = words.translated(0, words.height())
            painter.setPen(colors.color("muted"))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"row {tile.row}")
        painter.setPen(colors.color("text"))
        text = f"{tile.true} → {tile.answer}"
        elided = QFontMetricsF(painter.font()).elidedText(
            text, Qt.TextElideMode.ElideRight, words.width() + 6
        )
        painter.drawText(words.adjusted(-3, 0, 3, 0), Qt.AlignmentFlag.AlignCenter, elided)

    def _paint_frame(self, painter: QPainter, index: int, tile: Tile, box: QRectF) -> None:
        colors = theme.palette()
        shown, current = tile.row == self.shown_row, self.hasFocus() and index == self._current
        role = "accent" if shown else "text" if current else "line"
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colors.color(role), 2.2 if shown or current else 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def _picture(self, row: int) -> QPixmap:
        """Return a row's picture; made once for each look of the window."""
        if row not in self._pictures:
            assert self._rows is not None
            assert self._shape is not None
            pixels = np.ascontiguousarray(theme.grayscale(self._rows[row].reshape(self._shape)))
            height, width = self._shape
            image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
            side = round(PICTURE * self.devicePixelRatioF())
            scaled = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
            scaled.setDevicePixelRatio(self.devicePixelRatioF())
            self._pictures[row] = QPixmap.fromImage(scaled)
        return self._pictures[row]

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._pictures, self._size = {}, None
            self._fit()
            self.update()
        super().changeEvent(event)

    # ------------------------------------------------------------ choosing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.tile_at(event.position().x(), event.position().y())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self._current = index
            self.chosen.emit(self.tiles[index].row)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.tile_at(event.position().x(), event.position().y()) is not None:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns(),
            Qt.Key.Key_Down: self.columns(),
        }
        key = Qt.Key(event.key())
        if key in steps and self.tiles:
            self._go_to(min(max(self._current + steps[key], 0), len(self.tiles) - 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.tiles:
            self.chosen.emit(self.tiles[self._current].row)
        else:
            super().keyPressEvent(event)

    def _go_to(self, index: int) -> None:
        self._current = index
        tile, box = self.tiles[index], self._box(index)
        viewport = self.parentWidget()
        area = None if viewport is None else viewport.parentWidget()
        if isinstance(area, QScrollArea):
            middle: QPointF = box.center()
            area.ensureVisible(round(middle.x()), round(middle.y()), 40, 60)
        said = f"Row {tile.row}: {tile.true} read as {tile.answer} ({tile.certainty:.0%} sure)"
        self.setAccessibleDescription(said)
        event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)
        self.update()


def tiles_of(
    answers: Answers, names: tuple[str, ...], cell: tuple[int, int] | None
) -> tuple[Tile, ...]:
    """Return the rows that are misread, or those of one cell of the confusion matrix."""
    rows = answers.misread
    if cell is not None:
        rows = np.flatnonzero((answers.true == cell[0]) & (answers.predicted == cell[1]))
    return tuple(
        Tile(
            row,
            names[answers.true[row]],
            names[answers.predicted[row]],
            float(answers.certainty[row]),
        )
        for row in rows.tolist()
    )
