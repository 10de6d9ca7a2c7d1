"""Numbers changed on the drawing itself: inputs, weights, biases and targets."""

from PySide6.QtCore import QObject, Slot

from engine.formulas.writer import to_text
from engine.trace import Place, Step, Trace
from engine.trace.kinds import entry_name
from gui.debugger.debugger import Debugger
from gui.network_view import NetworkView
from gui.network_view.items import Item, Neuron
from gui.network_view.number_field import InlineNumber


class InPlace(QObject):
    """Opens a field on what is activated on the drawing while an update is stepped through."""

    def __init__(self, debugger: Debugger, view: NetworkView) -> None:
        super().__init__(view)
        self._debugger, self._view = debugger, view
        self._place: Place | None = None
        self.field: InlineNumber | None = None
        view.activated.connect(self.open)
        debugger.closed.connect(self.close)

    @Slot(object)
    def open(self, item: Item) -> None:
        """Open a field for the number that an item stands for."""
        trace, step, at = self._debugger.trace, self._debugger.step, self._view.place_of(item)
        if trace is None or step is None or at is None:
            return
        place = given_at(item, trace, step, self._debugger.focus.sample)
        if place is None:
            return
        self.close()
        name = to_text(entry_name(trace.given[place.key], place.index))
        self._place = place
        self.field = InlineNumber(self._view, name, trace.value(place))
        self.field.accepted.connect(self._change)
        self.field.destroyed.connect(self._forget)
        self.field.open_at(*at)

    @Slot()
    def close(self) -> None:
        """Put the field away; the number stays as it is."""
        if self.field is not None:
            self.field.cancel()

    @Slot(float)
    def _change(self, value: float) -> None:
        if self._place is not None:
            self._debugger.edit(self._place, value)
            self._view.setFocus()

    @Slot()
    def _forget(self) -> None:
        self.field = None


def given_at(item: Item, trace: Trace, step: Step, sample: int) -> Place | None:
    """Return the given number of an item: a weight, an input, a bias; at the loss a target."""
    if item is None:
        return None
    if not isinstance(item, Neuron):
        return Place(f"W{item.layer + 1}", (item.source, item.target))
    if item.layer == 0:
        return Place("x", (sample, item.index))
    if step.phase == "loss" and item.layer == len(trace.moment.network.dense):
        return Place("y", (sample, item.index))
    key = f"b{item.layer}"
    return Place(key, (item.index,)) if key in trace.given else None
