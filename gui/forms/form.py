"""A form made from the declarations of what it edits."""

from dataclasses import replace
from html import escape
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.knobs import Declared, Knob, SettingError, knobs
from gui import theme
from gui.forms.buttons import Glyph, LabelBox, QuietButton
from gui.forms.editor import SPACING, editor_for

INDENT = 12
GAP = 6


class Field(QObject):
    """One setting: its editor, its label, and under them what is wrong and what unfolds.

    Parameters
    ----------
    knob : Knob
        The declaration of the setting.
    form : Form
        What it is a part of.

    Attributes
    ----------
    editor, tail : QWidget
        The parts to be placed; :meth:`lay_out` places them in the usual way.

    Signals
    -------
    edited(str, object, str)
        The name of the setting, its proposed value, and what was done as a phrase.
    """

    edited = Signal(str, object, str)

    def __init__(self, knob: Knob, form: "Form") -> None:
        super().__init__(form)
        self.knob = knob
        self.editor = editor_for(knob)
        self._inset = form.level * INDENT
        self.tail = Tail(form)
        self._body: QWidget | None = None
        self.editor.edited.connect(self._pass_on)
        self.editor.complained.connect(self.tail.complain)
        self.editor.unfolded.connect(self._unfold)
        self._unfold()
        self._explain(self.editor)
        self.editor.name(f"{form.context}: {knob.label}" if form.context else knob.label)
        self.editor.describe(f"{knob.help} {self._effect()}")

    def lay_out(self) -> QWidget:
        """Put the label beside the editor and the rest under both; return the whole."""
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setSpacing(SPACING)
        line.addWidget(self._make_label())
        line.addWidget(self.editor, 1)
        column.addLayout(line)
        column.addWidget(self.tail)
        return self._body

    def show(self, shown: bool) -> None:
        """Show or hide the whole setting."""
        (self._body or self.editor).setVisible(shown)

    def refuse(self, error: SettingError) -> None:
        """Show why the last proposal cannot be."""
        self.editor.refuse(error)

    @property
    def complaint(self) -> str:
        """What is said to be wrong; empty if nothing is."""
        return self.tail.message.text()

    def _make_label(self) -> QWidget:
        restarts = self.knob.applies == "restart"
        label = LabelBox(self.knob.label, self._inset, restarts, self.editor)
        self._explain(label)
        return label

    def _explain(self, widget: QWidget) -> None:
        widget.setToolTip(f"<p>{escape(self.knob.help)}<br><i>{self._effect()}</i></p>")
        widget.setWhatsThis(self.knob.help)

    def _effect(self) -> str:
        restarts = self.knob.applies == "restart"
        return "Restarts the training." if restarts else "Applies at once."

    def _pass_on(self, value: Any, what: str) -> None:
        self.edited.emit(self.knob.name, value, what)

    def _unfold(self) -> None:
        self.tail.unfold(self.editor.below)


class Tail(QWidget):
    """What stands under a setting: why an entry is refused, and what a choice unfolds."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.message = QLabel()
        self.message.setProperty("role", "error")
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._warning = QWidget()
        line = QHBoxLayout(self._warning)
        line.setContentsMargins(2 * INDENT, 4, 0, 2)
        line.setSpacing(SPACING)
        line.addWidget(Glyph("warning", "error"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.message, 1)
        self._below: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._warning)
        self._warning.hide()
        self.hide()

    def complain(self, reason: str) -> None:
        """Show what is wrong; with an empty reason, nothing."""
        self.message.setText(reason[:1].upper() + reason[1:])
        self._warning.setVisible(bool(reason))
        self._show()
        if reason:
            QTimer.singleShot(0, self, self._reveal)  # once the layout has made room for it

    def unfold(self, below: QWidget | None) -> None:
        """Show another widget under the setting, or none."""
        self._below = below
        if below is not None:
            self._column.addWidget(below)
        self._show()

    def _reveal(self) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None and self._warning.isVisible():
            area.ensureWidgetVisible(self._warning, 0, 8)

    def _show(self) -> None:
        self.setVisible(self._below is not None or bool(self.message.text()))


class Form(QWidget):
    """Every setting of a declared object, in the order of declaration.

    A form proposes and never adopts: whoever listens to `edited` answers, before the signal
    returns or later, by `set_value` with the object now in force, or by `refuse`.

    Parameters
    ----------
    value : Declared
        What is edited.
    level : int
        How deep it is nested in another form.
    context : str
        What stands before every label when a screen reader says it.

    Signals
    -------
    edited(object, str)
        The proposed object, and what was done as a phrase such as 'Momentum 0.9'.
    """

    edited = Signal(object, str)

    def __init__(self, value: Declared, level: int = 0, context: str = "") -> None:
        super().__init__()
        self.value = value
        self.level = level
        self.context = context
        self.fields = {each.name: Field(each, self) for each in knobs(value)}
        self._asked: Field | None = None
        for each in self.fields.values():
            each.edited.connect(self._propose)
        self.lay_out()
        self.set_value(value)

    def lay_out(self) -> None:
        """Place the fields: the everyday ones, and the others under 'More'."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.more = More(self._advanced())
        for each in self.fields.values():
            if not each.knob.advanced:
                column.addWidget(each.lay_out())
        column.addWidget(self.more)

    def set_value(self, value: Declared) -> None:
        """Show another object of the same kind; what is being typed stays."""
        self.value = value
        for name, each in self.fields.items():
            each.editor.set_value(getattr(value, name))
            each.show(each.knob.relevant(value))
        self._show_more()

    def refuse(self, error: SettingError) -> None:
        """Show, at the field last edited, why its proposal cannot be."""
        if self._asked is not None:
            self._asked.refuse(error)

    def _propose(self, name: str, value: Any, what: str) -> None:
        self._asked = self.fields[name]
        try:
            proposed = replace(self.value, **{name: value})  # type: ignore[type-var]
        except SettingError as error:
            self.refuse(error)
        else:
            self.edited.emit(proposed, what)

    def _advanced(self) -> list[Field]:
        return [each for each in self.fields.values() if each.knob.advanced]

    def _show_more(self) -> None:
        relevant = [each for each in self._advanced() if each.knob.relevant(self.value)]
        self.more.setVisible(bool(relevant))
        self.more.count(len(self._changed(relevant)))

    def _changed(self, fields: list[Field]) -> list[Field]:
        return [e for e in fields if getattr(self.value, e.knob.name) != e.knob.default]


class Indented(QWidget):
    """Holds what belongs to the setting above it, with a line that leads down from there."""

    def __init__(self, *contents: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(INDENT, GAP, 0, 0)
        column.setSpacing(GAP)
        for each in contents:
            column.addWidget(each)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.palette().color("line"))
        painter.drawLine(QPoint(3, GAP), QPoint(3, self.height()))
        painter.end()


class More(QWidget):
    """Settings that are seldom turned, folded away until asked for."""

    def __init__(self, fields: list[Field]) -> None:
        super().__init__()
        self.button = QuietButton("More", "chevron-right")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._fold)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(GAP)
        for each in fields:
            body.addWidget(each.lay_out())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.button)
        column.addWidget(self._body)
        self._body.hide()

    def count(self, changed: int) -> None:
        """Say how many of the settings within are not at their defaults."""
        self.button.setText(f"More · {changed} changed" if changed else "More")
        self.button.setAccessibleName(self.button.text())
        self.button.updateGeometry()

    def _fold(self, opened: bool) -> None:
        self._body.setVisible(opened)
        self.button.show_icon("chevron-down" if opened else "chevron-right")
