"""The drawings made before, small, with how the network reads them now."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QSizePolicy,
    QWidget,
)

from engine.digits.drawings import Drawing
from gui import theme
from gui.drawing.bars import percent
from gui.drawing.ink import fitted, paint_strokes
from gui.own_fonts import give_font

SIDE = 38
HINT = "What you clear is kept here, and read again\nas the network learns."
LABEL_TEXT = "This is a &{}"
COLORS = {True: "good", False: "error", None: "text"}


@dataclass(frozen=True)
class Verdict:
    """How a drawing is read: a word or two, a sentence, and whether that is right."""

    text: str = ""
    told: str = "Not read yet"
    right: bool | None = None


def verdict(drawing: Drawing, outputs: np.ndarray | None, names: tuple[str, ...]) -> Verdict:
    """Say how a drawing is read, and whether that is what it was said to show.

    >>> one = (np.array([[5.0, 0.0], [5.0, 9.0]]),)
    >>> verdict(Drawing(one), np.array([0.25, 0.75]), ("0", "1"))
    Verdict(text='1', told='Read as 1 (75 %)', right=None)
    >>> verdict(Drawing(()), np.array([0.25, 0.75]), ("0", "1"))
    Verdict(text='?', told='Unlike a digit; would be read as 1 (75 %)', right=None)
    >>> verdict(Drawing((), label=0), np.array([0.25, 0.75]), ("0", "1"))
    Verdict(text='1 ✗', told='Read as 1 (75 %); you say it is 0', right=False)
    """
    label = drawing.label
    known = "" if label is None else f"You say it is {label}"
    if outputs is None or not np.isfinite(outputs).all():
        return Verdict("" if label is None else str(label), known or "Not read yet")
    answer = int(outputs.argmax())
    name = names[answer]
    told = f"Read as {name} ({percent(float(outputs[answer]))} %)"
    if drawing.doubted:
        return Verdict("?", f"Unlike a digit; would be r{told[1:]}")
    if label is None:
        return Verdict(name, told)
    right = answer == label
    return Verdict(f"{name} {'✓' if right else '✗'}", f"{told}; you say it is {label}", right)


class Shelf(QListWidget):
    """Thumbnails of drawings, with the answer of the network below each.

    Signals
    -------
    chosen(Drawing)
        Wanted back on the canvas.
    forgotten(list)
        Not wanted any more.
    labelled(Drawing, object)
        Said to show a digit, or None.
    """

    chosen = Signal(object)
    forgotten = Signal(list)
    labelled = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawings: tuple[Drawing, ...] = ()
        self._items: dict[Drawing, QListWidgetItem] = {}
        self._shown: dict[Drawing, Verdict] = {}
        self._offered: Drawing | None = None
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.viewport().setAutoFillBackground(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Drawings made before")
        self.setAccessibleDescription(
            "Enter puts one back on the canvas, Delete forgets it, a digit says what it shows."
        )
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)
        self.customContextMenuRequested.connect(self._offer)
        give_font(self, 8.5, tabular=True)
        self.dress()

    def show_drawings(self, drawings: tuple[Drawing, ...]) -> None:
        """Show these; what was there already stays as it is."""
        current = self._at(self.currentRow())
        for each in set(self._items) - set(drawings):
            self.takeItem(self.row(self._items.pop(each)))
            self._shown.pop(each, None)
        for row, each in enumerate(drawings):
            if each not in self._items:
                self._items[each] = self._item(each)
                self.insertItem(row, self._items[each])
            elif self.item(row) is not self._items[each]:
                self.insertItem(row, self.takeItem(self.row(self._items[each])))
        self.drawings = drawings
        if current in self._items:
            self.setCurrentItem(self._items[current])

    def show_verdicts(self, verdicts: Iterable[Verdict]) -> None:
        """Say how each of the drawings is read now."""
        colors = theme.palette()
        for drawing, new in zip(self.drawings, verdicts, strict=True):
            if self._shown.get(drawing) == new:
                continue
            self._shown[drawing] = new
            item = self._items[drawing]
            item.setText(new.text)
            item.setToolTip(new.told)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, new.told)
            item.setForeground(colors.color(COLORS[new.right]))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.drawings:
            painter = QPainter(self.viewport())
            painter.setPen(theme.palette().color("muted"))
            painter.setFont(self.font())
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, HINT)
            painter.end()

    def sizeHint(self) -> QSize:
        return QSize(280, self.gridSize().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.gridSize().height())

    # ------------------------------------------------------------ commands

    def _at(self, row: int) -> Drawing | None:
        return self.drawings[row] if 0 <= row < len(self.drawings) else None

    @property
    def selected(self) -> list[Drawing]:
        """The drawings that are selected."""
        return [self.drawings[row] for row in sorted(self.row(i) for i in self.selectedItems())]

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self.drawings[self.row(item)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self._at(self.currentRow())
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.forgotten.emit(self.selected)
        elif current is not None and event.text() and event.text() in "0123456789":
            self.labelled.emit(current, int(event.text()))
        elif event.matches(QKeySequence.StandardKey.Cancel):
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def _offer(self, at: QPoint) -> None:
        drawing = self._at(self.indexAt(at).row())
        if drawing is not None:
            menu = self.menu_of(drawing)
            menu.popup(self.viewport().mapToGlobal(at))

    def menu_of(self, drawing: Drawing) -> QMenu:
        """Return what can be done with a drawing."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._offered = drawing
        menu.addAction("&Put on the canvas").setData("choose")
        labels = menu.addMenu("&What it is")
        for digit in range(10):
            action = labels.addAction(LABEL_TEXT.format(digit))
            action.setCheckable(True)
            action.setChecked(drawing.label == digit)
            action.setData(digit)
        if drawing.label is not None:
            menu.addAction("&Take the label back").setData("unlabel")
        menu.addAction("&Forget").setData("forget")
        menu.triggered.connect(self._do)
        return menu

    def _do(self, action: QAction) -> None:
        drawing, what = self._offered, action.data()
        if drawing is None:
            return
        if what == "choose":
            self.chosen.emit(drawing)
        elif what == "forget":
            chosen = self.selected
            self.forgotten.emit(chosen if drawing in chosen else [drawing])
        else:
            self.labelled.emit(drawing, None if what == "unlabel" else what)

    # ------------------------------------------------------------ the look

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.dress()

    def dress(self) -> None:
        """Take colours from the theme, and give every drawing room for a line of text."""
        self.setGridSize(QSize(SIDE + 16, SIDE + self.fontMetrics().height() + 12))
        for drawing, item in self._items.items():
            item.setIcon(QIcon(self._thumbnail(drawing)))
            shown = self._shown.get(drawing, Verdict())
            item.setForeground(theme.palette().color(COLORS[shown.right]))

    def _item(self, drawing: Drawing) -> QListWidgetItem:
        item = QListWidgetItem(QIcon(self._thumbnail(drawing)), "")
        item.setToolTip(Verdict().told)
        return item

    def _thumbnail(self, drawing: Drawing) -> QPixmap:
        ratio, colors = self.devicePixelRatioF(), theme.palette()
        pixmap = QPixmap(QSize(SIDE, SIDE) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colors.color("line"))
        painter.setBrush(colors.color("plate"))
        painter.drawRoundedRect(QRectF(0.5, 0.5, SIDE - 1, SIDE - 1), 4, 4)
        strokes = fitted(drawing.strokes, margin=0.16)
        paint_strokes(painter, strokes, SIDE, SIDE * 0.07, colors.color("ink"))
        painter.end()
        return pixmap
