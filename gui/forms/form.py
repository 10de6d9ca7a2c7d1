"""A form made from the declarations of what it edits."""

from dataclasses import replace
from html import escape
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.knobs import Declared, Knob, SettingError, knobs
from gui.forms.buttons import LabelBox
from gui.forms.editor import SPACING, editor_for
from gui.forms.parts import GAP, INDENT, More, Tail


class Field(QObject):
    """One setting: its editor, its label, and under them what is wrong and what unfolds.

    Parameters
    ----------
    knob : Knob
        The declaration of the setting.
    form : Form
        What it is a part of.
    body : QWidget or None
        What is filled with its label and its parts; if None, the form places those.

    Attributes
    ----------
    editor, tail, body : QWidget
        The control, what stands under it, and the whole.

    Signals
    -------
    edited(str, object, str)
        The name of the setting, its proposed value, and what was done as a phrase.
    """

    edited = Signal(str, object, str)

    def __init__(self, knob: Knob, form: "Form", body: QWidget | None = None) -> None:
        super().__init__(form)
        self.knob = knob
        self.editor = editor_for(knob, body or form)
        self.body: QWidget = body or self.editor
        self.tail = Tail(body or form)
        if body is not None:
            self._fill(body, form.level * INDENT)
        self.editor.edited.connect(self._pass_on)
        self.editor.complained.connect(self.tail.complain)
        self.editor.unfolded.connect(self._unfold)
        self._unfold()
        self._explain(self.editor)
        self.editor.name(f"{form.context}: {knob.label}" if form.context else knob.label)
        self.editor.describe(f"{knob.help} {self._effect()}")

    def refuse(self, error: SettingError) -> None:
        """Show why the last proposal cannot be."""
        self.editor.refuse(error)

    @property
    def complaint(self) -> str:
        """What is said to be wrong; empty if nothing is."""
        return self.tail.complaint

    def _fill(self, body: QWidget, inset: int) -> None:
        """Put the label beside the editor, and the tail under both."""
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setSpacing(SPACING)
        column.addLayout(line)
        restarts = self.knob.applies == "restart"
        label = LabelBox(body, self.knob.label, inset, restarts, self.editor)
        self._explain(label)
        line.addWidget(label)
        line.addWidget(self.editor, 1)
        column.addWidget(self.tail)

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


class Form(QWidget):
    """Every setting of a declared object, in the order of declaration.

    A form proposes and never adopts: whoever listens to `edited` answers, before the signal
    returns or later, by `set_value` with the object now in force, or by `refuse`.

    Parameters
    ----------
    value : Declared
        What is edited.
    parent : QWidget or None
        What holds it.
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

    def __init__(
        self,
        value: Declared,
        parent: QWidget | None = None,
        level: int = 0,
        context: str = "",
    ) -> None:
        super().__init__(parent)
        self.value = value
        self.level = level
        self.context = context
        self._asked: Field | None = None
        self.folded = self.make_fold()
        self.fields = {each.name: self.make_field(each) for each in knobs(value)}
        for each in self.fields.values():
            each.edited.connect(self._propose)
        self.lay_out()
        self.set_value(value)

    def make_fold(self) -> QWidget:
        """Make what holds the settings that are seldom turned."""
        self.more = More(self)
        return self.more.body

    def make_field(self, knob: Knob) -> Field:
        """Make the field of a setting, within what is to hold it."""
        return Field(knob, self, QWidget(self.folded if knob.advanced else self))

    def lay_out(self) -> None:
        """Arrange the fields: the everyday ones, and the others under 'More'."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for each in self.fields.values():
            if each.knob.advanced:
                self.more.add(each.body)
            else:
                column.addWidget(each.body)
        column.addWidget(self.more)

    def set_value(self, value: Declared) -> None:
        """Show another object of the same kind; what is being typed stays."""
        self.value = value
        for name, each in self.fields.items():
            each.editor.set_value(getattr(value, name))
            each.body.setVisible(each.knob.relevant(value))
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
