"""The drawings made before, small, to be put on the canvas again."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QListView, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from gui import theme
from gui.drawing.ink import fitted, paint_strokes
from gui.drawing.sketch import Stroke

MOST = 60
SIDE = 40


@dataclass(frozen=True, eq=False)
class Kept:
    """A drawing that was put away, and how it was read then."""

    strokes: tuple[Stroke, ...]
    answer: str
    told: str


class Shelf(QListWidget):
    """Thumbnails of the drawings put away, the newest first; hidden while there are none.

    Signals
    -------
    chosen(tuple)
        The strokes of the drawing that is wanted back.
    """

    chosen = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: list[Kept] = []
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Drawings made before")
        self.setToolTip("Drawings made before: click to put one back, Delete to forget it")
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)
        self.dress()
        self.hide()

    def keep(self, kept: Kept) -> None:
        """Put a drawing in front; one that is there already moves there."""
        for row, other in enumerate(self._kept):
            if other.strokes is kept.strokes:
                self._forget(row)
                break
        self._kept.insert(0, kept)
        self.insertItem(0, self._item(kept))
        if len(self._kept) > MOST:
            self._forget(MOST)
        self.show()

    def _forget(self, row: int) -> None:
        del self._kept[row]
        self.takeItem(row)
        self.setVisible(bool(self._kept))

    def sizeHint(self) -> QSize:
        return QSize(280, self.gridSize().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.gridSize().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentRow() >= 0:
            self._forget(self.currentRow())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self.dress()

    def dress(self) -> None:
        """Take colours and font from the theme."""
        self.setFont(theme.font(8.5, tabular=True))
        self.setGridSize(QSize(SIDE + 14, SIDE + self.fontMetrics().height() + 10))
        for row, kept in enumerate(self._kept):
            self.item(row).setIcon(QIcon(self._thumbnail(kept)))

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self._kept[self.row(item)].strokes)

    def _item(self, kept: Kept) -> QListWidgetItem:
        item = QListWidgetItem(QIcon(self._thumbnail(kept)), kept.answer)
        item.setToolTip(kept.told)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, kept.told)
        return item

    def _thumbnail(self, kept: Kept) -> QPixmap:
        ratio, colors = self.devicePixelRatioF(), theme.palette()
        pixmap = QPixmap(QSize(SIDE, SIDE) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colors.color("line"))
        painter.setBrush(colors.color("plate"))
        painter.drawRoundedRect(QRectF(0.5, 0.5, SIDE - 1, SIDE - 1), 4, 4)
        strokes = fitted(kept.strokes, margin=0.16)
        paint_strokes(painter, strokes, SIDE, SIDE * 0.07, colors.color("ink"))
        painter.end()
        return pixmap
