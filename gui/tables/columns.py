"""The columns of a table, each to be ticked as an input or not."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QBrush, QPalette
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from engine.files import short
from engine.table_data import Sheet, why_no_input
from engine.tables import Column, Table, many
from gui import theme
from gui.forms.buttons import scaled

NAME, HOLDS = 0, 1
WIDEST = 200
LOOKED_AT = 30
"""Lines that decide how wide the names are shown."""
ABLE = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
BOX = Qt.ItemDataRole.CheckStateRole
Index = QModelIndex | QPersistentModelIndex
TICKED = {True: Qt.CheckState.Checked, False: Qt.CheckState.Unchecked}


class ColumnList(QTreeWidget):
    """A line for each column: its name, and what it holds.

    Signals
    -------
    ticked
        Other columns are inputs now.
    """

    ticked = Signal()

    def __init__(self, table: Table, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Columns that are inputs")
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self._target = ""
        items = []
        for column in table.columns:
            holds = what_it_holds(column)
            item = QTreeWidgetItem([column.name, holds])
            about = why_no_input(column, table) or f"{short(column.name)}: {holds}"
            item.setToolTip(NAME, about)
            item.setToolTip(HOLDS, about)
            items.append(item)
        self.addTopLevelItems(items)
        self.header().setResizeContentsPrecision(LOOKED_AT)
        self.resizeColumnToContents(NAME)  # once: a header that goes on doing so does at every tick
        self.setColumnWidth(NAME, min(self.columnWidth(NAME) + 12, scaled(WIDEST)))
        self.setItemDelegate(Line(self))
        self.itemChanged.connect(self._changed)

    def set_sheet(self, sheet: Sheet) -> None:
        """Tick the inputs; the column to be predicted cannot be one."""
        self._target, left_out, colors = sheet.target, set(sheet.left_out), theme.palette()
        brushes = {each: QBrush(colors.color(each)) for each in ("accent", "text", "muted")}
        self.model().blockSignals(True)  # a table may have thousands: they are painted once
        for item in self._items():
            name = item.text(NAME)
            predicted = name == self._target
            item.setFlags(Qt.ItemFlag.NoItemFlags if predicted else ABLE)
            chosen = not predicted and name not in left_out
            item.setData(NAME, BOX, None if predicted else TICKED[chosen])
            role = "accent" if predicted else "text" if chosen else "muted"
            item.setForeground(NAME, brushes[role])
            item.setForeground(HOLDS, brushes["muted"])
        self.model().blockSignals(False)
        self.viewport().update()

    @property
    def left_out(self) -> tuple[str, ...]:
        """The columns that are neither inputs nor to be predicted."""
        return tuple(
            item.text(NAME)
            for item in self._inputs()
            if item.checkState(NAME) == Qt.CheckState.Unchecked
        )

    def tick_all(self, ticked: bool) -> None:
        """Make every column an input, or none."""
        self.blockSignals(True)
        for item in self._inputs():
            item.setCheckState(NAME, TICKED[ticked])
        self.blockSignals(False)
        self.ticked.emit()

    @Slot(QTreeWidgetItem, int)
    def _changed(self, _item: QTreeWidgetItem, _part: int) -> None:
        self.ticked.emit()

    def _inputs(self) -> list[QTreeWidgetItem]:
        return [item for item in self._items() if item.text(NAME) != self._target]

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]


class Line(QStyledItemDelegate):
    """A line with some air, and a box whose outline is seen."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)  # the style outlines a box by the window's colour
        colors = QPalette(option.palette)
        colors.setColor(QPalette.ColorRole.Window, theme.palette().color("muted"))
        option.palette = colors

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index) + QSize(0, 6)


def what_it_holds(column: Column) -> str:
    """Say what a column holds in a few words.

    >>> what_it_holds(Column("a", ("1", "2.5", "")))
    'numbers, 1 to 2.5, 1 gap'
    """
    gaps = int(column.gaps.sum())
    ending = f", {many(gaps, 'gap')}" if gaps else ""
    if not column.words:
        return "empty"
    if column.numbers is not None:
        known = column.numbers[~column.gaps]
        return f"numbers, {known.min():g} to {known.max():g}{ending}"
    return f"{many(len(column.words), 'word')}{ending}"
