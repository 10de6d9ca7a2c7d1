"""What a person does to the network on its drawing."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from engine import reshaping
from engine.activations import Activation
from engine.knobs import Integer, Real, SettingError, knobs
from engine.reshaping import Reshaped
from engine.spec import HiddenLayer, NetworkSpec
from gui.network_view.items import Edge, Item, Neuron
from gui.network_view.names import layer_name, neuron_name
from gui.network_view.number_field import InlineNumber

if TYPE_CHECKING:
    from engine.answers import Answers
    from gui.frame import Frame
    from gui.network_view.view import NetworkView

INPUTS = "The data decide what the inputs are."
OUTPUTS = "The data decide how many outputs there are."
NO_BIAS = "This network has no biases: switch them on under Network, More."
FINITE = Real(-1e6, 1e6)
WIDTHS = next(each.domain for each in knobs(HiddenLayer) if each.name == "units")


class Touching(QObject):
    """Changes the network of a session as the drawing is touched.

    Layers are counted as on the drawing: 0 are the inputs.

    Parameters
    ----------
    view : NetworkView
        What is touched; it knows the session and the frame.
    """

    def __init__(self, view: "NetworkView") -> None:
        super().__init__(view)
        self._view, self.session = view, view.session
        self.field: InlineNumber | None = None
        self._waits: tuple[str, Answers] | None = None  # what was done, the answers before
        view.activated.connect(self._activate)
        if hasattr(view.session, "frameChanged"):
            view.session.frameChanged.connect(self._tell_difference)

    # ------------------------------------------------------------ whether at all

    @property
    def reason(self) -> str:
        """Why nothing can be changed now; empty if it can."""
        session, frame = self.session, self._view.frame
        if not hasattr(session, "experiment"):
            return "There is no training here to change."
        if frame is None or session.dataset is None:
            return "The data are not loaded yet."
        if session.trained:
            return (
                "This is the trained network that comes with the program. "
                "Go back to the network in training to change it."
            )
        if session.walked:
            return "An update is being stepped through: leave it to change the network."
        if [each.units for each in self.network.hidden] != [*frame.shape.sizes[1:-1]]:
            return "The last change is still on its way."
        return ""

    @property
    def network(self) -> NetworkSpec:
        """The network as it is described, with the newest changes."""
        return self.session.experiment.network

    @property
    def frame(self) -> "Frame":
        """What is shown; there is one wherever :attr:`reason` is empty."""
        assert self._view.frame is not None
        return self._view.frame

    def is_output(self, layer: int) -> bool:
        return layer == len(self.frame.shape.sizes) - 1

    def shape_reason(self, layer: int) -> str:
        """Return why a layer cannot have another shape; empty if it can."""
        if self.reason:
            return self.reason
        return INPUTS if layer == 0 else OUTPUTS if self.is_output(layer) else ""

    # ------------------------------------------------------------ doing it

    def add_neuron(self, layer: int) -> None:
        text = f"Add a neuron to {self._called(layer)}"
        self._reshape(layer, text, lambda: reshaping.add_neuron(self.network, layer - 1))

    def drop_neuron(self, layer: int) -> None:
        """Remove a layer's last neuron."""
        self.remove_neuron(Neuron(layer, self.frame.shape.sizes[layer] - 1))

    def remove_neuron(self, neuron: Neuron) -> None:
        layer, index = neuron.layer, neuron.index
        text = f"Remove {self._named(neuron)}"
        self._reshape(layer, text, lambda: reshaping.remove_neuron(self.network, layer - 1, index))

    def set_width(self, layer: int, units: int) -> None:
        text = f"{units} neurons in {self._called(layer)}"
        self._reshape(layer, text, lambda: reshaping.set_width(self.network, layer - 1, units))

    def add_layer(self, after: int) -> None:
        """Add a hidden layer after a layer."""
        self._apply(self.reason, "Add a layer", lambda: reshaping.add_layer(self.network, after))

    def remove_layer(self, layer: int) -> None:
        text = f"Remove {self._called(layer)}"
        self._reshape(layer, text, lambda: reshaping.remove_layer(self.network, layer - 1))

    def set_activation(self, layer: int, activation: Activation) -> None:
        text = f"{activation.label} in {self._called(layer)}"
        self._apply(self.reason, text, lambda: self.with_activation(layer, activation))

    def switch(self, neuron: Neuron) -> None:
        """Switch a neuron off, or on again."""
        layer, index = neuron.layer, neuron.index
        off = not self.frame.shape.is_off(layer, index)
        text = f"Switch {self._named(neuron)} {'off' if off else 'on'}"
        seen = self.frame.seen.answers if self.frame.seen is not None else None
        change = lambda: reshaping.switch(self.network, layer - 1, index, off)  # noqa: E731
        if self._reshape(layer, text, change) and seen is not None:
            without = "without" if off else "with"
            self._waits = (f"{without} {self._named(neuron)}", seen)

    def with_activation(self, layer: int, activation: Activation) -> Reshaped:
        """Return the network with another activation in a layer."""
        if self.is_output(layer):
            network = replace(self.network, output=activation)
            return Reshaped(network, reshaping.descent(network.hidden, network.hidden))
        return reshaping.set_activation(self.network, layer - 1, activation)

    def _reshape(self, layer: int, text: str, change: Callable[[], Reshaped]) -> bool:
        return self._apply(self.shape_reason(layer), text, change)

    def _apply(self, reason: str, text: str, change: Callable[[], Reshaped]) -> bool:
        """Make a change; return whether it could be."""
        session = self.session
        self._waits = None
        if not reason:
            try:
                made = change()
                experiment = replace(session.experiment, network=made.network)
                session.change(experiment, text, apart=True, came=made.came)
            except ValueError as error:
                reason = error.reason if isinstance(error, SettingError) else str(error)
        if reason:
            self.refuse(reason)
        elif reshaping.keeps_anything(made.came):
            session.noticed.emit(f"{text}: the training goes on with what it has learnt.")
        return not reason

    def refuse(self, reason: str) -> None:
        """Say why something cannot be done."""
        if hasattr(self.session, "noticed"):
            self.session.noticed.emit(reason[0].upper() + reason[1:])

    def _called(self, layer: int) -> str:
        name = layer_name(self.frame.shape, layer)
        return f"the {name.lower()}" if name.endswith(("layer", "put")) else name.lower()

    def _named(self, neuron: Neuron) -> str:
        return f"{neuron_name(self.frame.shape, neuron)} of {self._called(neuron.layer)}"

    @Slot()
    def _tell_difference(self) -> None:
        """Say what a neuron's switch did to the answers, once they are there."""
        frame = self.session.frame
        if self._waits is None or frame is None or frame.seen is None:
            return
        what, before = self._waits
        answers = frame.seen.answers
        if answers is not None and answers is not before:
            self._waits = None
            told = f"{answers.accuracy:.1%} right {what}, {before.accuracy:.1%} before."
            self.session.noticed.emit(told.replace("%", " %"))

    # ------------------------------------------------------------ numbers

    def bias(self, neuron: Neuron) -> float | None:
        """Return a neuron's bias; None if it has none."""
        if neuron.layer == 0:
            return None
        biases = self.frame.biases[neuron.layer - 1]
        return None if biases is None else float(biases[neuron.index])

    @Slot(object)
    def _activate(self, item: Item) -> None:
        """Open a field for what was double-clicked; while stepping, the debugger has its own."""
        if item is not None and not getattr(self.session, "walked", False):
            self.edit(item)

    def edit(self, item: Item) -> None:
        """Open a field for an edge's weight or a neuron's bias."""
        reason = self.reason
        if isinstance(item, Edge):
            value: float | None = float(self.frame.weights[item.layer][item.source, item.target])
            entry: tuple[Any, ...] = (item.layer, item.source, item.target)
            label = "Weight"
        elif isinstance(item, Neuron):
            value, label = self.bias(item), "Bias"
            entry = (item.layer - 1, None, item.index)
            reason = reason or (INPUTS if item.layer == 0 else NO_BIAS if value is None else "")
        else:
            return
        if reason or value is None:
            self.refuse(reason)
            return
        field = InlineNumber(self._view, label, value, FINITE)
        setting = Setting(field, self.session, entry, value, label)
        field.edited.connect(setting.edit)
        field.accepted.connect(setting.accept)
        field.cancelled.connect(setting.cancel)
        self._open(field, item)

    def edit_width(self, layer: int) -> None:
        """Open a field for the number of a layer's neurons."""
        if reason := self.shape_reason(layer):
            self.refuse(reason)
            return
        assert isinstance(WIDTHS, Integer)
        field = InlineNumber(self._view, "Neurons", self.frame.shape.sizes[layer], WIDTHS, 0.1)
        self._widened = layer
        field.accepted.connect(self._widen)
        self._open(field, layer)

    @Slot(float)
    def _widen(self, units: float) -> None:
        self.set_width(self._widened, int(units))

    def _open(self, field: InlineNumber, item: Item | int) -> None:
        if self.field is not None:
            self.field.cancel()
        self.field = field
        self._view.handles.hide()
        field.destroyed.connect(self._forget)
        field.open_at(*self._view.point_of(item))

    @Slot()
    def _forget(self) -> None:
        self.field = None


class Setting(QObject):
    """A weight or bias while it is typed or dragged."""

    def __init__(
        self, field: InlineNumber, session: Any, entry: tuple[Any, ...], value: float, label: str
    ) -> None:
        super().__init__(field)
        self._session, self._entry, self._label = session, entry, label
        self._decided = self._present = value
        self._run = session.run

    @Slot(float)
    def edit(self, value: float) -> None:
        self._present = value
        self._session.set_parameter(self._entry, value, self._run)

    @Slot(float)
    def accept(self, value: float) -> None:
        before, self._decided, self._present = self._decided, value, value
        text = f"{self._label} {value:.4g}"
        self._session.keep_parameter(self._entry, before, value, text, self._run)

    @Slot()
    def cancel(self) -> None:
        if self._present != self._decided:
            self._session.set_parameter(self._entry, self._decided, self._run)
