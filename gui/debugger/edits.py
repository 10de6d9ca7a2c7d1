"""Change a given number and see everything downstream computed anew."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from engine.formulas.writer import to_text
from engine.trace import Place, Trace
from engine.trace.kinds import entry_name
from gui.debugger.debugger import Debugger
from gui.debugger.focus import Focus
from gui.panel_parts import CalmComboBox, CalmDoubleSpinBox, set_quietly


class EditBar(QWidget):
    """A given number on the path in focus, to be changed in place, and undo."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self._places: list[Place] = []
        self.which = CalmComboBox()
        self.which.setAccessibleName("Number to change")
        self.which.setToolTip("An input, weight, bias or target on the path that is looked at")
        self.value = CalmDoubleSpinBox()
        self.value.setDecimals(6)
        self.value.setRange(-1e9, 1e9)
        self.value.setSingleStep(0.1)
        self.value.setKeyboardTracking(False)
        self.value.setAccessibleName("Its value")
        self.undo = QPushButton("Undo")
        self.undo.setToolTip("Take back the last change or training step")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        for part in (QLabel("Change"), self.which, self.value, self.undo):
            row.addWidget(part)
        row.addStretch(1)
        self.which.currentIndexChanged.connect(self._show_value)
        self.value.valueChanged.connect(self._edit)
        self.undo.clicked.connect(debugger.undo)
        debugger.moved.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Offer the given numbers on the path in focus."""
        trace, traced = self._debugger.trace, self._debugger.traced
        if trace is None or traced is None:
            return
        places = given_on_path(trace, self._debugger.focus)
        names = [_name(trace, each) for each in places]
        key = self._places[self.which.currentIndex()].key if self._places else ""
        self.which.blockSignals(True)
        if names != [self.which.itemText(k) for k in range(self.which.count())]:
            self.which.clear()
            self.which.addItems(names)
        self._places = places
        keys = [each.key for each in places]
        self.which.setCurrentIndex(keys.index(key) if key in keys else 0)
        self.which.blockSignals(False)
        self.undo.setEnabled(traced.edited or traced.steps > 0)
        self._show_value()

    @Slot()
    def _show_value(self) -> None:
        trace, at = self._debugger.trace, self.which.currentIndex()
        if trace is None or not 0 <= at < len(self._places):
            return
        set_quietly(self.value, round(trace.value(self._places[at]), self.value.decimals()))

    @Slot(float)
    def _edit(self, value: float) -> None:
        self._debugger.edit(self._places[self.which.currentIndex()], value)


def given_on_path(trace: Trace, focus: Focus) -> list[Place]:
    """Return the given numbers on a path: an input, each layer's weight and bias, a target."""
    places = []
    for key, operand in trace.given.items():
        if operand.role in ("data", "weight", "target"):
            places.append(Place(key, focus.index(key, operand.shape, operand.by_row)))
    return places


def _name(trace: Trace, place: Place) -> str:
    return to_text(entry_name(trace.given[place.key], place.index))
