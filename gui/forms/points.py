"""Stands for points put down by hand: tells how many; they are edited where they are seen."""

from typing import Any

from PySide6.QtWidgets import QLabel, QWidget

from engine.drawn_data import Points
from engine.knobs import Knob
from gui.forms.editor import Editor, edits


@edits(Points)
class PointsEditor(Editor):
    """Says how many points there are."""

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(knob, parent)
        self.text = QLabel(self)
        self.text.setProperty("role", "muted")
        self.text.setToolTip(knob.help)
        self._line.addWidget(self.text, 1)
        self.setFocusProxy(self.text)

    def set_value(self, value: Any) -> None:
        plural = "" if len(value) == 1 else "s"
        self.text.setText(f"{len(value)} point{plural}")
