"""Asks what the columns of a table are for."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.table_data import Sheet, likely_kind, problem_of, summary
from engine.tables import many
from gui.forms.buttons import scaled
from gui.own_fonts import give_font
from gui.panel_parts import muted_label
from gui.tables.columns import ColumnList
from gui.tables.preview import ROWS, Preview

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
KINDS = {"class": "a class", "number": "a number"}


class TableDialog(QDialog):
    """Shows a table, and lets a person say which column is to be predicted from which others.

    Parameters
    ----------
    sheet : Sheet
        A table that can be read, and what its columns are for as yet.
    parent : QWidget
        What it stands in front of.

    Attributes
    ----------
    sheet : Sheet
        With what is chosen now.

    Signals
    -------
    chosen(Sheet)
        It was accepted.
    """

    chosen = Signal(object)

    def __init__(self, sheet: Sheet, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Open {sheet.file}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sheet = sheet
        self.table = sheet.table
        self.target = _combo("The column to be predicted", {n: n for n in self.table.names})
        self.kind = _combo("What is predicted", KINDS)
        self.columns = ColumnList(self.table, self)
        self.preview = Preview(self.table, self)
        self.message = muted_label()
        self.message.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.all, self.none = QPushButton("All"), QPushButton("None")
        for each in (self.all, self.none):
            each.setAutoDefault(False)  # Return is for what the dialog is about
        self.buttons = QDialogButtonBox()
        self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.accept_button = QPushButton("Train on it")
        self.accept_button.setDefault(True)
        self.buttons.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out()
        self._connect()
        self._show_sheet()
        self.target.setFocus()
        room = parent.window().size()
        self.resize(QSize(scaled(940), scaled(600)).boundedTo(room))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.addWidget(_heading("Inputs"), 0, 0)
        grid.addWidget(_heading("The table" if len(self.table) <= ROWS else "Its first rows"), 0, 1)
        grid.addWidget(self.columns, 1, 0)
        grid.addWidget(self.preview, 1, 1)
        ticks = QHBoxLayout()
        ticks.addWidget(self.all)
        ticks.addWidget(self.none)
        ticks.addStretch(1)
        grid.addLayout(ticks, 2, 0)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        ending = QHBoxLayout()
        ending.addWidget(self.message, 1)
        ending.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(muted_label(self._about()))
        column.addLayout(self._question())
        column.addLayout(grid, 1)
        column.addLayout(ending)

    def _about(self) -> str:
        size = f"{many(len(self.table), 'row')} and {many(len(self.table.columns), 'column')}"
        names = "" if self.table.named else "; the first line has no names"
        return f"{size}, separated by {DELIMITERS[self.table.delimiter]}{names}."

    def _question(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(_heading("Predict"))
        line.addWidget(self.target)
        line.addWidget(QLabel("as"))
        line.addWidget(self.kind)
        line.addStretch(1)
        return line

    def _connect(self) -> None:
        self.target.activated.connect(self._choose_target)
        self.kind.activated.connect(self._choose_kind)
        self.columns.ticked.connect(self._choose_inputs)
        self.all.clicked.connect(self._tick_all)
        self.none.clicked.connect(self._tick_none)
        self.buttons.accepted.connect(self.accept)
        self.accepted.connect(self._tell)
        self.buttons.rejected.connect(self.reject)

    # ------------------------------------------------------------ what is chosen

    @Slot()
    def _choose_target(self) -> None:
        """Predict another column; the one before becomes an input."""
        name = self.target.currentData()
        left_out = tuple(each for each in self.sheet.left_out if each != name)
        kind = likely_kind(self.table[name])
        self._choose(replace(self.sheet, target=name, kind=kind, left_out=left_out))
        self.preview.show_column(name)

    @Slot()
    def _choose_kind(self) -> None:
        self._choose(replace(self.sheet, kind=self.kind.currentData()))

    @Slot()
    def _choose_inputs(self) -> None:
        self._choose(replace(self.sheet, left_out=self.columns.left_out))

    @Slot()
    def _tick_all(self) -> None:
        self.columns.tick_all(True)

    @Slot()
    def _tick_none(self) -> None:
        self.columns.tick_all(False)

    @Slot()
    def _tell(self) -> None:
        self.chosen.emit(self.sheet)

    def _choose(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._show_sheet()

    def _show_sheet(self) -> None:
        sheet = self.sheet
        self.target.setCurrentIndex(self.target.findData(sheet.target))
        self.kind.setCurrentIndex(self.kind.findData(sheet.kind))
        self.columns.set_sheet(sheet)
        self.preview.preview.set_sheet(sheet)
        problem = problem_of(sheet)
        self.message.setText(problem or f"{summary(sheet)}.")
        self.message.setProperty("role", "error" if problem else "muted")
        self.message.style().polish(self.message)
        self.accept_button.setEnabled(not problem)


def _combo(name: str, entries: dict[str, str]) -> QComboBox:
    """Return a choice that is as wide as its entries, within reason."""
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setMaximumWidth(scaled(280))
    for key, text in entries.items():
        combo.addItem(text, key)
    return combo


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    give_font(label, bold=True)
    return label
