"""What a person does to the network on the drawing, and why some of it cannot be done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from engine import reshaping
from engine.activations import ACTIVATIONS, Activation
from engine.knobs import Integer, Real, SettingError, knobs
from engine.reshaping import Reshaped
from engine.spec import HiddenLayer, NetworkSpec
from gui.network_view.items import Edge, Item, Neuron
from gui.network_view.names import layer_name, neuron_name
from gui.network_view.number_field import InlineNumber

if TYPE_CHECKING:
    from gui.frame import Frame
    from gui.network_view.view import NetworkView

INPUTS = "The data decide what the inputs are."
OUTPUTS = "The data decide how many outputs there are."
NO_BIAS = "This network has no biases: switch them on under Network, More."
FINITE = Real(-1e6, 1e6)
WIDTHS = next(each.domain for each in knobs(HiddenLayer) if each.name == "units")


@dataclass(frozen=True, eq=False)
class Deed:
    """Something that can be done, or the reason why not."""

    text: str
    do: Callable[[], object]
    reason: str = ""
    checked: bool | None = None


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
        self._view = view
        self.field: InlineNumber | None = None
        self._waits: tuple[str, float, object] | None = None
        view.activated.connect(self._activate)
        if hasattr(view.session, "frameChanged"):
            view.session.frameChanged.connect(self._tell_difference)

    # ------------------------------------------------------------ whether at all

    @property
    def reason(self) -> str:
        """Why nothing can be changed now; empty if it can."""
        session, frame = self._view.session, self._view.frame
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
        if [each.units for each in self._network.hidden] != [*frame.shape.sizes[1:-1]]:
            return "The last change is still on its way."
        return ""

    @property
    def _network(self) -> NetworkSpec:
        return self._view.session.experiment.network

    @property
    def _frame(self) -> "Frame":
        assert self._view.frame is not None
        return self._view.frame

    def _is_output(self, layer: int) -> bool:
        return layer == len(self._frame.shape.sizes) - 1

    def _of_layer(self, layer: int) -> str:
        """Return why a layer cannot have another shape; empty if it can."""
        if self.reason:
            return self.reason
        return INPUTS if layer == 0 else OUTPUTS if self._is_output(layer) else ""

    # ------------------------------------------------------------ what can be done

    def deeds(self, item: Item) -> list[Deed]:
        """Return what can be done to a neuron or an edge itself."""
        if isinstance(item, Edge):
            return [Deed("Set &weight…", lambda: self.edit(item), self.reason)]
        if not isinstance(item, Neuron):
            return []
        shape, layer, index = self._frame.shape, item.layer, item.index
        off = shape.is_off(layer, index)
        no_bias = INPUTS if layer == 0 else NO_BIAS if self._bias(item) is None else ""
        last = "It is the layer's last neuron: remove the layer instead."
        of_layer = self._of_layer(layer)
        only = last if shape.sizes[layer] == 1 else ""
        turn = f"Switch this neuron o{'n' if off else 'ff'}"
        return [
            Deed("Set &bias…", lambda: self.edit(item), self.reason or no_bias),
            Deed(turn, lambda: self.switch(item), of_layer),
            Deed("&Remove this neuron", lambda: self.remove_neuron(item), of_layer or only),
        ]

    def layer_deeds(self, layer: int) -> list[Deed]:
        """Return what can be done to a layer, and beside it."""
        of_layer, outputs = self._of_layer(layer), self._is_output(layer)
        full = "There are as many layers as there may be." if len(self._network.hidden) > 15 else ""
        before, after = INPUTS if layer == 0 else "", "Nothing comes after it." if outputs else ""
        reason = self.reason
        return [
            Deed("&Add a neuron", lambda: self.add_neuron(layer), of_layer),
            Deed("Remove the last neuron", lambda: self.drop_neuron(layer), of_layer),
            Deed("&Width…", lambda: self.edit_width(layer), of_layer),
            Deed(
                "Add a layer be&fore", lambda: self.add_layer(layer - 1), reason or before or full
            ),
            Deed("Add a layer af&ter", lambda: self.add_layer(layer), reason or after or full),
            Deed("Re&move this layer", lambda: self.remove_layer(layer), of_layer),
        ]

    def activation_deeds(self, layer: int) -> list[Deed]:
        """Return the activations that a layer may have, and why not the others."""
        if self.reason or layer == 0:
            return []
        present = self._frame.shape.activations[layer - 1]
        made = []
        for kind in ACTIVATIONS.values():
            activation = kind()
            made.append(
                Deed(
                    activation.label,
                    partial(self.set_activation, layer, activation),
                    self._misfit(layer, activation),
                    activation.label == present,
                )
            )
        return made

    def _misfit(self, layer: int, activation: Activation) -> str:
        """Return why a layer cannot have an activation; empty if it can."""
        session = self._view.session
        network = self._with_activation(layer, activation).network
        try:
            session.check(replace(session.experiment, network=network))
        except SettingError as error:
            reason = error.reason[0].upper() + error.reason[1:]
            return f"{reason}. Loss and output activation belong together."
        return ""

    # ------------------------------------------------------------ doing it

    def add_neuron(self, layer: int) -> None:
        text = f"Add a neuron to {self._called(layer)}"
        self._reshape(layer, text, lambda: reshaping.add_neuron(self._network, layer - 1))

    def drop_neuron(self, layer: int) -> None:
        """Remove a layer's last neuron."""
        self.remove_neuron(Neuron(layer, self._frame.shape.sizes[layer] - 1))

    def remove_neuron(self, neuron: Neuron) -> None:
        layer, index = neuron.layer, neuron.index
        text = f"Remove {self._named(neuron)}"
        self._reshape(layer, text, lambda: reshaping.remove_neuron(self._network, layer - 1, index))

    def set_width(self, layer: int, units: int) -> None:
        text = f"{units} neurons in {self._called(layer)}"
        self._reshape(layer, text, lambda: reshaping.set_width(self._network, layer - 1, units))

    def add_layer(self, after: int) -> None:
        """Add a hidden layer after a layer."""
        self._apply(self.reason, "Add a layer", lambda: reshaping.add_layer(self._network, after))

    def remove_layer(self, layer: int) -> None:
        text = f"Remove {self._called(layer)}"
        self._reshape(layer, text, lambda: reshaping.remove_layer(self._network, layer - 1))

    def set_activation(self, layer: int, activation: Activation) -> None:
        text = f"{activation.label} in {self._called(layer)}"
        self._apply(self.reason, text, lambda: self._with_activation(layer, activation))

    def switch(self, neuron: Neuron) -> None:
        """Switch a neuron off, or on again."""
        layer, index = neuron.layer, neuron.index
        off = not self._frame.shape.is_off(layer, index)
        text = f"Switch {self._named(neuron)} {'off' if off else 'on'}"
        seen = self._frame.seen.answers if self._frame.seen is not None else None
        change = lambda: reshaping.switch(self._network, layer - 1, index, off)  # noqa: E731
        if self._reshape(layer, text, change) and seen is not None:
            without = "without" if off else "with"
            self._waits = (f"{without} {self._named(neuron)}", seen.accuracy, seen)

    def _with_activation(self, layer: int, activation: Activation) -> Reshaped:
        if self._is_output(layer):
            network = replace(self._network, output=activation)
            return Reshaped(network, reshaping.descent(network.hidden, network.hidden))
        return reshaping.set_activation(self._network, layer - 1, activation)

    def _reshape(self, layer: int, text: str, change: Callable[[], Reshaped]) -> bool:
        return self._apply(self._of_layer(layer), text, change)

    def _apply(self, reason: str, text: str, change: Callable[[], Reshaped]) -> bool:
        """Make a change; return whether it could be."""
        session = self._view.session
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
        if hasattr(self._view.session, "noticed"):
            self._view.session.noticed.emit(reason[0].upper() + reason[1:])

    def _called(self, layer: int) -> str:
        name = layer_name(self._frame.shape, layer)
        return f"the {name.lower()}" if name.endswith(("layer", "put")) else name.lower()

    def _named(self, neuron: Neuron) -> str:
        return f"{neuron_name(self._frame.shape, neuron)} of {self._called(neuron.layer)}"

    @Slot()
    def _tell_difference(self) -> None:
        """Say what a neuron's switch did to the answers, once they are there."""
        frame = self._view.session.frame
        if self._waits is None or frame is None or frame.seen is None:
            return
        what, before, known = self._waits
        answers = frame.seen.answers
        if answers is not None and answers is not known:
            self._waits = None
            now = answers.accuracy
            self._view.session.noticed.emit(
                f"{now:.1%} right {what}, {before:.1%} before.".replace("%", " %")
            )

    # ------------------------------------------------------------ numbers

    def _bias(self, neuron: Neuron) -> float | None:
        if neuron.layer == 0:
            return None
        biases = self._frame.biases[neuron.layer - 1]
        return None if biases is None else float(biases[neuron.index])

    @Slot(object)
    def _activate(self, item: Item) -> None:
        """Open a field for what was double-clicked; while stepping, the debugger has its own."""
        if item is not None and not getattr(self._view.session, "walked", False):
            self.edit(item)

    def edit(self, item: Item) -> None:
        """Open a field for an edge's weight or a neuron's bias."""
        reason = self.reason
        if isinstance(item, Edge):
            value: float | None = float(self._frame.weights[item.layer][item.source, item.target])
            entry: tuple[Any, ...] = (item.layer, item.source, item.target)
            label = "Weight"
        elif isinstance(item, Neuron):
            value, label = self._bias(item), "Bias"
            entry = (item.layer - 1, None, item.index)
            reason = reason or (INPUTS if item.layer == 0 else NO_BIAS if value is None else "")
        else:
            return
        if reason or value is None:
            self.refuse(reason)
            return
        field = InlineNumber(self._view, label, value, FINITE)
        setting = Setting(field, self._view.session, entry, value, label)
        field.edited.connect(setting.edit)
        field.accepted.connect(setting.accept)
        field.cancelled.connect(setting.cancel)
        self._open(field, item)

    def edit_width(self, layer: int) -> None:
        """Open a field for the number of a layer's neurons."""
        if reason := self._of_layer(layer):
            self.refuse(reason)
            return
        assert isinstance(WIDTHS, Integer)
        field = InlineNumber(self._view, "Neurons", self._frame.shape.sizes[layer], WIDTHS, 0.1)
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
