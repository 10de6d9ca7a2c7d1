"""One weight: the chain rule that leads to its gradient, factor by factor."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.formulas.writer import number
from engine.trace import Place, Trace
from engine.trace.chain import Chain, chain
from gui.debugger.debugger import Debugger
from gui.debugger.focus import layer_of
from gui.debugger.formula_view import FormulaView
from gui.own_fonts import give_font
from gui.panel_parts import muted_label


class WeightCard(QWidget):
    """∂L/∂w = ∂L/∂a · ∂a/∂z · ∂z/∂w for the weight in focus; each factor leads to its step."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self._chain: Chain | None = None
        self.title = QLabel()
        give_font(self.title, 9.5, bold=True)
        self.rule = FormulaView(13)
        self.rule.setAccessibleName("Chain rule for the weight")
        self.change = muted_label()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(8)
        for part in (self.title, self.rule, self.change):
            column.addWidget(part)
        column.addStretch(1)
        self.rule.linkClicked.connect(self._follow)
        debugger.moved.connect(self.refresh)

    def showEvent(self, event: object) -> None:
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the weight in focus."""
        trace, step = self._debugger.trace, self._debugger.step
        if trace is None or step is None or not self.isVisible():
            return
        focus = self._debugger.focus
        layer = layer_of(step.key)
        layer = layer if layer > 0 else step.layer or len(trace.moment.network.dense)
        source, target = focus.neurons[layer - 1], focus.neurons[layer]
        self._chain = chain(trace, layer, source, target, focus.sample)
        self.title.setText(f"The weight from {source + 1} to {target + 1}, layer {layer}")
        self.rule.show_lines(self._chain.lines, self._chain.factors)
        self.change.setText(becomes(trace, Place(f"W{layer}", (source, target))))

    @Slot(int)
    def _follow(self, ref: int) -> None:
        place = self._chain.factors[ref].place if self._chain is not None else None
        if place is not None:
            self._debugger.go_to(place)


def becomes(trace: Trace, place: Place) -> str:
    """Say what the update makes of a parameter."""
    before = trace.value(place)
    change = trace.value(Place(f"change{place.key}", place.index))
    after = trace.value(Place(f"new{place.key}", place.index))
    return f"The update changes it from {number(before)} by {number(change)} to {number(after)}."
