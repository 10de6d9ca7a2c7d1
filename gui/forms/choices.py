"""Editors of what is chosen among: yes or no, a few words, the things of a registry."""

from html import escape
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from engine.knobs import Choice, Declared, Flag, Knob, OneOf, SettingError, knobs
from gui.forms.buttons import Switch, scaled
from gui.forms.editor import HEIGHT, Editor, edits
from gui.forms.form import Form
from gui.forms.parts import Indented


@edits(Flag)
class FlagEditor(Editor):
    """Yes or no."""

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(knob, parent)
        self.box = Switch(self)
        self.box.clicked.connect(self._clicked)
        self.setFocusProxy(self.box)
        self._line.addWidget(self.box)
        self._line.addStretch(1)
        self._line.addStrut(HEIGHT)
        self._value = False

    def set_value(self, value: Any) -> None:
        self._value = value
        self.box.setChecked(value)
        self.complained.emit("")

    def refuse(self, error: SettingError) -> None:
        self.box.setChecked(self._value)
        super().refuse(error)

    def _clicked(self, checked: bool) -> None:
        self.propose(checked, "on" if checked else "off")


class QuietCombo(QComboBox):
    """A combo box that the wheel leaves alone, and that shortens what is too long."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(20)

    def sizeHint(self) -> QSize:
        return QSize(scaled(110), scaled(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(76), scaled(HEIGHT))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def showPopup(self) -> None:
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 24)
        super().showPopup()

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        space = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, space.width() - 4
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class ComboEditor(Editor):
    """Base of the editors that offer a list: each entry has a key, None among them."""

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(knob, parent)
        self.combo = QuietCombo(self)
        self.combo.activated.connect(self._activated)
        self.setFocusProxy(self.combo)
        self._line.addWidget(self.combo, 1)
        self._key: str | None = None
        if self.none_label is not None:
            self._add(None, self.none_label.capitalize(), knob.help)

    def set_key(self, key: str | None) -> None:
        """Show the entry that is in force."""
        self._key = key
        index = self._keys.index(key)
        self.combo.setCurrentIndex(index)
        tip = self.combo.itemData(index, Qt.ItemDataRole.ToolTipRole)
        self.combo.setToolTip(tip)
        self.complained.emit("")

    def refuse(self, error: SettingError) -> None:
        self.set_key(self._key)
        super().refuse(error)

    def value_of(self, key: str) -> Any:
        """Return the value that an entry stands for."""
        raise NotImplementedError

    def _add(self, key: str | None, label: str, tip: str) -> None:
        self.combo.addItem(label, key)
        self.combo.setItemData(self.combo.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    @property
    def _keys(self) -> list[str | None]:
        return [self.combo.itemData(index) for index in range(self.combo.count())]

    def _activated(self, index: int) -> None:
        key = self._keys[index]
        if key != self._key:
            self.propose(None if key is None else self.value_of(key), self.combo.itemText(index))


@edits(OneOf)
class WordEditor(ComboEditor):
    """One of a few words."""

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(knob, parent)
        for word, label in self.domain.options.items():
            self._add(word, label, knob.help)

    def value_of(self, key: str) -> str:
        return key

    def set_value(self, value: Any) -> None:
        self.set_key(value)


@edits(Choice)
class ChoiceEditor(ComboEditor):
    """One of a registry; the knobs of what is chosen unfold below."""

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(knob, parent)
        self._form: Form | None = None
        self.below: Indented | None = None
        self._asked_below = False
        for name, kind in self.domain.registry.items():
            self._add(name, kind.label, describe(kind))

    def value_of(self, key: str) -> Declared:
        return self.domain.registry[key]()

    def set_value(self, value: Any) -> None:
        self.set_key(None if value is None else value.name)
        if self._form is not None and type(self._form.value) is type(value):
            self._form.set_value(value)
        else:
            self._unfold(value)

    def refuse(self, error: SettingError) -> None:
        if self._asked_below and self._form is not None:
            self._form.refuse(error)
        else:
            super().refuse(error)

    def propose(self, value: Any, words: str) -> None:
        self._asked_below = False
        super().propose(value, words)

    def _unfold(self, value: Declared | None) -> None:
        if self.below is not None:
            self.below.hide()
            self.below.deleteLater()
        self._form = self.below = None
        if value is not None and knobs(value):
            self.below = Indented(self)
            self._form = Form(value, self.below, level=1)
            self._form.edited.connect(self._edited_below)
            self.below.add(self._form)
        self.unfolded.emit()

    def _edited_below(self, value: Any, what: str) -> None:
        self._asked_below = True
        self.edited.emit(value, what)


def describe(kind: type) -> str:
    """Return a tooltip of what is known about a class that can be chosen."""

    def said(attribute: str) -> str:
        return escape(getattr(kind, attribute, "") or "")

    lines = [f"<b>{said('label')}</b>"]
    lines += [f"<i>{said(each)}</i>" for each in ("formula", "derivative_formula") if said(each)]
    lines += [said("about")] if said("about") else []
    lines += [f"Good for: {said('good_for')}"] if said("good_for") else []
    lines += [f"Watch out: {said('watch_out')}"] if said("watch_out") else []
    return "<p>" + "<br>".join(lines) + "</p>"
