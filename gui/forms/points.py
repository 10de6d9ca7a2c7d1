"""Stands for points and digits made by hand: tells how many. Edited where they are seen."""

from typing import Any

from PySide6.QtWidgets import QLabel, QWidget

from engine.drawn_data import Points
from engine.knobs import Knob
from engine.my_digits import WrittenDigits
from gui.forms.editor import Editor, edits


@edits(Points)
class PointsEditor(Editor):
    """Says how many points there are."""

    noun = "point"

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(knob, parent)
        self.text = QLabel(self)
        self.text.setProperty("role", "muted")
        self.text.setToolTip(knob.help)
        self._line.addWidget(self.text, 1)
        self.setFocusProxy(self.text)

    def set_value(self, value: Any) -> None:
        plural = "" if len(value) == 1 else "s"
        self.text.setText(f"{len(value)} {self.noun}{plural}")


@edits(WrittenDigits)
class DigitsEditor(PointsEditor):
    """Says how many digits there are."""

    noun = "digit"
