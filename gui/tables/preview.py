"""The first rows of a table, as they stand in the file."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from engine.table_data import Sheet
from engine.tables import Table
from gui import theme

ROWS = 100
LOOKED_AT = 30
"""Rows that decide how wide a column is shown."""
MOST_LETTERS = 200
"""Of a cell: more are never seen."""
FITTED = 60
"""Columns up to which each is as wide as what it holds; to measure more takes too long."""
WIDEST = 180
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class PreviewModel(QAbstractTableModel):
    """Cells of a table; what is left out is paler, what is to be predicted stands out."""

    def __init__(self, table: Table, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = table
        self._sheet: Sheet | None = None
        self._left_out: frozenset[str] = frozenset()

    def set_sheet(self, sheet: Sheet) -> None:
        """Show what the columns are for."""
        self._sheet, self._left_out = sheet, frozenset(sheet.left_out)
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else min(len(self._table), ROWS)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._table.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self._table.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.cells[index.row()][:MOST_LETTERS]
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight
                side = side if column.numbers is not None else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.ForegroundRole:
                return theme.palette().color(self._role(column.name))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return str(self._table.lines[section]) if role == Qt.ItemDataRole.DisplayRole else None
        name = self._table.columns[section].name
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return name
            case Qt.ItemDataRole.ForegroundRole:
                return theme.palette().color(self._role(name))
            case Qt.ItemDataRole.FontRole:
                return theme.font(10, bold=self._role(name) == "accent")
        return None

    def _role(self, name: str) -> str:
        if self._sheet is None:
            return "text"
        if name == self._sheet.target:
            return "accent"
        return "muted" if name in self._left_out else "text"


class Preview(QTableView):
    """Shows the first rows; nothing can be changed here."""

    def __init__(self, table: Table, parent: QWidget) -> None:
        super().__init__(parent)
        self.preview = PreviewModel(table, self)
        self.setModel(self.preview)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAccessibleName("The first rows of the table")
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMaximumSectionSize(WIDEST)
        self.horizontalHeader().setResizeContentsPrecision(LOOKED_AT)
        if len(table.columns) <= FITTED:
            self.resizeColumnsToContents()

    def show_column(self, name: str) -> None:
        """Scroll to a column."""
        where = [column.name for column in self.preview._table.columns].index(name)
        self.scrollTo(self.preview.index(0, where))
