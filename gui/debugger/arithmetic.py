"""The step in words and formulas: what it does, for all at once, and for one number."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.trace import Factor
from gui.debugger.debugger import Debugger
from gui.debugger.formula_view import FormulaView
from gui.debugger.words import PHASE_TITLES
from gui.own_fonts import give_font


class Arithmetic(QWidget):
    """Title, sentence, formula, and one number of it worked out."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self._factors: tuple[Factor, ...] = ()
        self.title = QLabel()
        give_font(self.title, 11.5, bold=True)
        self.meaning = QLabel()
        self.meaning.setProperty("role", "muted")
        self.whole = FormulaView(11.5)
        self.whole.setAccessibleName("Formula of the step")
        self.worked = FormulaView(13.5)
        self.worked.setAccessibleName("One number of the step, worked out")
        for label in (self.title, self.meaning):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.meaning.setWordWrap(
            True
        )  # after the policy, of which its height for a width is a part
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 6, 6)
        column.setSpacing(5)
        for part in (self.title, self.meaning, self.whole, line, self.worked):
            column.addWidget(part)
        column.addStretch(1)
        self.worked.linkClicked.connect(self._follow)
        debugger.moved.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show the debugger's step and entry."""
        step, element = self._debugger.step, self._debugger.element()
        if step is None or element is None:
            return
        self.title.setText(f"{PHASE_TITLES[step.phase]} · {step.title}")
        self.meaning.setText(step.meaning)
        self.whole.show_lines([step.tree] if step.shape else [])
        self.whole.setVisible(bool(step.shape))
        self._factors = element.factors
        self.worked.show_lines(element.worked, element.factors)

    @Slot(int)
    def _follow(self, ref: int) -> None:
        place = self._factors[ref].place
        if place is not None:
            self._debugger.go_to(place)
