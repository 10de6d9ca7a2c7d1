"""Stands for what is made by hand where it is seen: tells how many, or which."""

from typing import Any

from PySide6.QtWidgets import QLabel, QWidget

from engine.drawn_data import Points
from engine.knobs import Knob, Matrices, Positions
from engine.my_digits import WrittenDigits
from gui.forms.editor import Editor, edits

MOST_NAMED = 6


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


@edits(Positions)
class PositionsEditor(PointsEditor):
    """Says which things of a row are meant."""

    def set_value(self, value: Any) -> None:
        numbers = [str(each + 1) for each in value]
        shown = ", ".join(numbers[:MOST_NAMED]) + (", …" if len(numbers) > MOST_NAMED else "")
        plural = "" if len(numbers) == 1 else "s"
        self.text.setText(f"{self.domain.noun}{plural} {shown}")


@edits(Matrices)
class MatricesEditor(PointsEditor):
    """Says how many numbers there are."""

    def set_value(self, value: Any) -> None:
        count = sum(len(row) for matrix in value for row in matrix)
        plural = "" if count == 1 else "s"
        self.text.setText(f"{count} number{plural}" if count else "none yet")
