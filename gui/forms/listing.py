"""The editor of a list of declared objects, such as the hidden layers."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.knobs import Declared, Knob, ListOf, SettingError
from gui.forms.buttons import QuietButton
from gui.forms.editor import SPACING, Editor, edits
from gui.forms.form import Field, Form
from gui.forms.parts import GAP, Indented


class Row(Form):
    """One item: its everyday settings side by side, the others under them when asked for.

    Signals
    -------
    changed(int, object, str)
        Its number in the list, the proposed item, and what was done.
    removed(int)
        Its number in the list.
    """

    changed = Signal(int, object, str)
    removed = Signal(int)

    def __init__(self, value: Declared, parent: QWidget, index: int, noun: str) -> None:
        self.index = index
        self.title = f"{noun.capitalize()} {index + 1}"
        super().__init__(value, parent, level=1, context=self.title)
        self.edited.connect(self._pass_on)

    def make_fold(self) -> QWidget:
        self._details = Indented(self)
        return self._details

    def make_field(self, knob: Knob) -> Field:
        return super().make_field(knob) if knob.advanced else Field(knob, self, None)

    def lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._fill_line(column)
        for each in self.fields.values():
            if not each.knob.advanced:
                column.addWidget(each.tail)
        self._details.hide()
        for each in self._advanced():
            self._details.add(each.body)
        column.addWidget(self._details)

    def _show_more(self) -> None:
        if self._changed(self._advanced()):
            self._unfold.setChecked(True)

    def _fill_line(self, column: QVBoxLayout) -> None:
        number = QLabel(str(self.index + 1), self)
        number.setProperty("role", "muted")
        number.setMinimumWidth(14)
        line = QHBoxLayout()
        line.setSpacing(SPACING // 2)
        column.addLayout(line)
        line.addWidget(number)
        for each in self.fields.values():
            if not each.knob.advanced:
                line.addWidget(each.editor, each.editor.stretch)
        details = ", ".join(each.knob.label for each in self._advanced())
        self._unfold = QuietButton(self, "", "chevron-right", f"{self.title}: {details}")
        self._unfold.setToolTip(details)
        self._unfold.setCheckable(True)
        self._unfold.toggled.connect(self._show_details)
        self._unfold.setVisible(bool(details))
        self.remove = QuietButton(self, "", "close", f"Remove {self.title.lower()}")
        self.remove.setToolTip(f"Remove {self.title.lower()}")
        self.remove.clicked.connect(self._remove)
        for button in (self._unfold, self.remove):
            line.addWidget(button)

    def _show_details(self, opened: bool) -> None:
        self._details.setVisible(opened)
        self._unfold.show_icon("chevron-down" if opened else "chevron-right")

    def _pass_on(self, value: Any, what: str) -> None:
        self.changed.emit(self.index, value, f"{self.title}: {what}")

    def _remove(self) -> None:
        self.removed.emit(self.index)


@edits(ListOf)
class ListEditor(Editor):
    """A button that adds an item; the items stand below."""

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(knob, parent)
        self.add = QuietButton(self, f"Add {self.domain.noun}", "plus")
        self.add.clicked.connect(self._add_item)
        self._line.addStretch(1)
        self._line.addWidget(self.add)
        self._rows = self.below = QWidget(self)
        self._column = QVBoxLayout(self._rows)
        self._column.setContentsMargins(0, GAP, 0, 0)
        self._column.setSpacing(GAP)
        self._items: tuple[Any, ...] = ()
        self._asked: Row | None = None
        self.rows: list[Row] = []

    def set_value(self, value: Any) -> None:
        self._items = value
        for row, item in zip(self.rows, value, strict=False):
            row.set_value(item)
        for index in range(len(self.rows), len(value)):
            self._append(index, value[index])
        while len(self.rows) > len(value):
            self._drop(self.rows.pop())
        self.add.setEnabled(len(value) < self.domain.at_most)
        self.add.setToolTip(f"At most {self.domain.at_most}")
        self.complained.emit("")

    def refuse(self, error: SettingError) -> None:
        if self._asked is not None:
            self._asked.refuse(error)
        else:
            super().refuse(error)

    def _append(self, index: int, item: Declared) -> None:
        row = Row(item, self._rows, index, self.domain.noun)
        row.changed.connect(self._change_item)
        row.removed.connect(self._remove_item)
        self.rows.append(row)
        self._column.addWidget(row)

    def _drop(self, row: Row) -> None:
        if row is self._asked:
            self._asked = None
        row.blockSignals(True)  # a number half typed is told as the focus leaves
        if row.isAncestorOf(self.window().focusWidget() or self.window()):
            (self.rows[-1].remove if self.rows else self.add).setFocus()
        row.hide()
        row.deleteLater()

    def _add_item(self) -> None:
        self._asked = None
        item = self._items[-1] if self._items else self.domain.kind()
        self.edited.emit((*self._items, item), f"Add {self.domain.noun}")

    def _change_item(self, index: int, item: Any, what: str) -> None:
        self._asked = self.rows[index]
        items = (*self._items[:index], item, *self._items[index + 1 :])
        self.edited.emit(items, what)

    def _remove_item(self, index: int) -> None:
        self._asked = None
        items = self._items[:index] + self._items[index + 1 :]
        self.edited.emit(items, f"Remove {self.domain.noun} {index + 1}")
