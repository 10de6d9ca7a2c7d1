"""The editor of numbers: type them, or step through the round ones."""

from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QSizePolicy, QWidget

from engine.knobs import Integer, Knob, Real, SettingError, show_number
from gui import theme
from gui.forms import stepping
from gui.forms.buttons import Chip, scaled
from gui.forms.editor import HEIGHT, Editor, edits

UNIT_GAP = 8


class LineWithUnit(QLineEdit):
    """A line of text with a unit behind what is typed, as far as there is room."""

    def __init__(self, parent: QWidget, unit: str) -> None:
        super().__init__(parent)
        self._unit = unit

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        metrics = self.fontMetrics()
        shown = self.text() or self.placeholderText()
        x = metrics.horizontalAdvance(shown) + (UNIT_GAP if shown else 3)
        if self._unit and x + metrics.horizontalAdvance(self._unit) <= self.width():
            painter = QPainter(self)
            painter.setPen(theme.palette().color("muted"))
            space = self.rect().adjusted(x, 0, 0, 0)
            painter.drawText(space, Qt.AlignmentFlag.AlignVCenter, self._unit)
            painter.end()


class NumberField(QAbstractSpinBox):
    """A line of text with arrows that only reports what is asked of it.

    Attributes
    ----------
    pending, wrong : bool
        Whether something is typed that is not in force, and whether it was refused.

    Signals
    -------
    stepped(int)
        The arrows or the keys ask for this many steps.
    escaped()
        Escape asks for the old value.
    """

    stepped = Signal(int)
    escaped = Signal()

    def __init__(self, parent: QWidget, unit: str) -> None:
        super().__init__(parent)
        self.pending = False
        self.wrong = False
        self.setLineEdit(LineWithUnit(self, unit))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(scaled(90), scaled(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(48), scaled(HEIGHT))

    def validate(self, _text: str, _position: int) -> object:
        return QValidator.State.Acceptable

    def stepBy(self, steps: int) -> None:
        self.stepped.emit(steps)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flags = QAbstractSpinBox.StepEnabledFlag
        return flags.StepUpEnabled | flags.StepDownEnabled

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        role = "error" if self.wrong else "line"
        if self.wrong or not self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.palette().color(role))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
            painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel scrolls the panel; it never changes a value

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo)
            if (undo or event.matches(QKeySequence.StandardKey.Redo)) and not self.pending:
                event.ignore()  # with nothing typed, Ctrl+Z means the experiment
                return True
            if event.key() == Qt.Key.Key_Escape and self.pending:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.pending:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


@edits(Real, Integer)
class NumberEditor(Editor):
    """A number, with its unit, and the word for none where that is allowed."""

    stretch = 2

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(knob, parent)
        self._value: Any = None
        self._last_number: Any = None
        self.field = NumberField(self, knob.unit)
        self.field.lineEdit().textEdited.connect(self._typed)
        self.field.editingFinished.connect(self.commit)
        self.field.stepped.connect(self._step)
        self.field.escaped.connect(self._restore)
        self.setFocusProxy(self.field)
        self._line.addWidget(self.field, 1)
        self.none: Chip | None = None
        if self.none_label is not None:
            self.none = Chip(self, self.none_label, f"{knob.label}: {self.none_label}")
            self.none.clicked.connect(self._toggle_none)
            self._line.addWidget(self.none)

    def set_value(self, value: Any) -> None:
        unchanged = value == self._value
        self._value = value
        if value is not None:
            self._last_number = value
        if self.field.pending and (unchanged or self.field.hasFocus()):
            return
        self._restore()

    def refuse(self, error: SettingError) -> None:
        self._complain(error.reason)

    def commit(self) -> None:
        """Propose what is typed, if it is something new and may be."""
        if not self.field.pending:
            return
        reason = self._reason()
        if reason:
            self._complain(reason)
        else:
            self._offer(self.knob.domain.parse(self._text()))

    def _offer(self, value: Any) -> None:
        self._complain("")
        if value != self._value:
            self.propose(value, self._shown(value) or str(self.none_label))
        if value == self._value:
            self._restore()

    def _restore(self) -> None:
        """Show the value in force instead of what was typed."""
        line = self.field.lineEdit()
        all_selected = line.selectedText() == line.text() != ""
        line.setText(self._shown(self._value))
        other = self._shown(self._number_instead_of_none())
        line.setPlaceholderText(other or ("" if self.knob.unit else "number"))
        if all_selected:
            line.selectAll()
        self.field.pending = False
        if self.none is not None:
            self.none.setChecked(self._value is None)
        self._complain("")

    def _number_instead_of_none(self) -> Any:
        """Return the number to go back to; None if there has never been one."""
        return self.knob.default if self._last_number is None else self._last_number

    def _toggle_none(self) -> None:
        number = self._number_instead_of_none()
        if self._value is not None:
            self._offer(None)
        elif number is not None:
            self._offer(number)
        else:
            self.field.setFocus()
        assert self.none is not None
        self.none.setChecked(self._value is None)

    def _step(self, count: int) -> None:
        try:
            number = self.domain.parse(self._text())
        except ValueError:
            number = self._number_instead_of_none() if self._value is None else self._value
        if number is None:
            self._offer(stepping.start(self.domain))
        else:
            self._offer(self.domain.check(stepping.step(self.domain, number, count)))

    def _typed(self) -> None:
        self.field.pending = self._text() != self._shown(self._value)
        if self.field.wrong:
            self._complain(self._reason())

    def _reason(self) -> str:
        """Return why what is typed cannot be; empty if it can."""
        try:
            self.knob.domain.parse(self._text())
        except ValueError as error:
            nothing = not self._text().strip()
            return f"must be {self.knob.domain.describe()}" if nothing else str(error)
        return ""

    def _complain(self, reason: str) -> None:
        if reason or self.field.wrong:
            self.field.wrong = bool(reason)
            self.field.update()
            self.complained.emit(reason)

    def _text(self) -> str:
        return self.field.lineEdit().text()

    def _shown(self, value: Any) -> str:
        return "" if value is None else show_number(value)
