"""The setting that holds a table: says which, and opens what asks what its columns are for."""

from typing import Any

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from engine.knobs import Knob
from engine.table_data import Sheet, Sheets
from engine.tables import TableError
from gui.forms.buttons import scaled
from gui.forms.editor import HEIGHT, Editor, edits


class ElidedButton(QPushButton):
    """A button that shortens what is too long, as a combo box of the forms does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)

    def sizeHint(self) -> QSize:
        return QSize(scaled(110), scaled(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(76), scaled(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, self.width() - 16
        )
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()


@edits(Sheets)
class SheetEditor(Editor):
    """A button with the file's name, which asks anew what the columns are for."""

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(knob, parent)
        self._sheet: Sheet | None = None
        self.button = ElidedButton(self)
        self.button.clicked.connect(self._ask)
        self._line.addWidget(self.button, 1)
        self.setFocusProxy(self.button)

    def set_value(self, value: Any) -> None:
        self._sheet = value
        self.button.setText(f"{value.file} …".replace("&", "&&"))
        self.button.setToolTip(
            f"<p>{value.target} of {value.file} is predicted. Click to choose other columns; "
            f"<i>File, Open table</i> takes another file.</p>"
        )
        self.complained.emit("")

    @Slot()
    def _ask(self) -> None:
        from gui.tables.dialog import TableDialog  # seldom wanted

        assert self._sheet is not None
        try:
            dialog = TableDialog(self._sheet, self.window())
        except TableError as error:
            self.complained.emit(str(error))
            return
        dialog.setWindowTitle(f"Columns of {self._sheet.file}")
        dialog.chosen.connect(self._take)
        dialog.open()

    @Slot(object)
    def _take(self, sheet: Sheet) -> None:
        if sheet != self._sheet:
            self.propose(sheet, f"predicts {sheet.target}")
