"""What every editor of a setting has in common, and the table that finds the right one."""

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.knobs import Domain, Knob, Optional, SettingError

SPACING = 6
HEIGHT = 26


class Editor(QWidget):
    """Shows one value and lets a person propose another.

    An editor never adopts what it proposes: whoever listens to `edited` answers, before the
    signal returns or later, by `set_value` with the value now in force, or by `refuse`.

    Parameters
    ----------
    knob : Knob
        The declaration of the setting.
    parent : QWidget
        What holds it.

    Attributes
    ----------
    domain : Domain
        The values allowed apart from None.
    none_label : str or None
        The word for None where it is allowed.
    below : QWidget or None
        What unfolds under the editor, such as the knobs of what was chosen.
    stretch : int
        Its share of a line that it stands in with others.

    Signals
    -------
    edited(object, str)
        A valid new value, and what was done as a phrase for the undo menu.
    complained(str)
        Why an entry is refused; empty when all is well again.
    unfolded()
        `below` is another widget now, or none.
    """

    edited = Signal(object, str)
    complained = Signal(str)
    unfolded = Signal()
    below: QWidget | None = None
    stretch = 3

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(parent)
        self.knob = knob
        self.domain: Any = knob.domain
        self.none_label: str | None = None
        if isinstance(knob.domain, Optional):
            self.domain, self.none_label = knob.domain.inner, knob.domain.none_label
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(SPACING)

    def set_value(self, value: Any) -> None:
        """Show the value in force; nothing is emitted, and what is being typed stays."""
        raise NotImplementedError

    def name(self, text: str) -> None:
        """Give the controls what a screen reader says."""
        self.setAccessibleName(text)
        if proxy := self.focusProxy():
            proxy.setAccessibleName(text)

    def describe(self, text: str) -> None:
        """Give the controls what a screen reader adds."""
        if proxy := self.focusProxy():
            proxy.setAccessibleDescription(text)

    def refuse(self, error: SettingError) -> None:
        """Say why the last proposal cannot be."""
        self.complained.emit(error.reason)

    def propose(self, value: Any, words: str) -> None:
        """Offer a new value, `words` naming it in the undo menu."""
        self.edited.emit(value, f"{self.knob.label} {words}")


EDITORS: dict[type[Domain], type[Editor]] = {}

E = TypeVar("E", bound=type[Editor])


def edits(*domains: type[Domain]) -> Callable[[E], E]:
    """Class decorator: this is the editor of the settings of these domains."""

    def enter(cls: E) -> E:
        EDITORS.update(dict.fromkeys(domains, cls))
        return cls

    return enter


def editor_for(knob: Knob, parent: QWidget) -> Editor:
    """Build the editor of a setting, found by its domain."""
    domain = knob.domain.inner if isinstance(knob.domain, Optional) else knob.domain
    return EDITORS[type(domain)](knob, parent)
