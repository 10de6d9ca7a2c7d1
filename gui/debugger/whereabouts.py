"""Where one is in an update that is stepped through, and what is looked at."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from engine.trace import Element, Place, Step, Trace
from engine.trace.step import Index
from gui.debugger.desk import Traced
from gui.debugger.focus import Focus, layer_of
from gui.debugger.words import position_line


class Whereabouts(QObject):
    """Owns the trace that is shown, the position in it, and the entry in focus.

    Attributes
    ----------
    traced : Traced or None
        The update that is shown.
    position : int
        Which of its steps.
    focus : Focus
        Which entry of each.
    moved : Signal
        Another update, step, sample or entry is shown.
    """

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.traced: Traced | None = None
        self.position = 0
        self.focus = Focus()
        self._worked: tuple[Step, Index, Element] | None = None  # several panes ask for it

    @property
    def trace(self) -> Trace | None:
        """The steps of the update that is shown."""
        return self.traced.trace if self.traced is not None else None

    @property
    def step(self) -> Step | None:
        """The step that is shown."""
        return self.trace.steps[self.position] if self.trace is not None else None

    def element(self) -> Element | None:
        """Return the entry in focus, worked out."""
        step = self.step
        if step is None:
            return None
        index = self.focus.of(step)
        if self._worked is None or self._worked[0] is not step or self._worked[1] != index:
            with np.errstate(all="ignore"):  # what is not finite is shown as such
                self._worked = step, index, step.element(index)
        return self._worked[2]

    @property
    def rows(self) -> int:
        """Rows of the batch."""
        return len(self.trace.moment.x) if self.trace is not None else 0

    def weight_in_focus(self) -> Place | None:
        """Return the weight or bias that the present step's entry is about."""
        step = self.step
        if step is None:
            return None
        layer = layer_of(step.key)
        layer = layer if layer > 0 else step.layer or 1
        if "b" in step.key[:-1] and not step.by_row:
            return Place(f"b{layer}", (self.focus.neurons[layer],))
        return Place(f"W{layer}", (self.focus.neurons[layer - 1], self.focus.neurons[layer]))

    def where(self) -> str:
        """Say where one is: epoch, batch, sample, phase, layer, quantity."""
        if self.traced is None or self.step is None:
            return ""
        return position_line(self.traced, self.step, self.focus.sample)

    def _moved(self) -> None:
        self.moved.emit()

    # ------------------------------------------------------------ from step to step

    def go(self, position: int) -> None:
        """Show a step of this update."""
        if self.trace is not None:
            position = min(max(position, 0), len(self.trace) - 1)
            if position != self.position:
                self.position = position
                self._moved()

    def go_to(self, place: Place) -> None:
        """Show where a number comes from: its step and its entry; stay if it was given."""
        trace = self.trace
        if trace is None:
            return
        if place.key in trace:
            step = trace[place.key]
            self.focus = self.focus.through(place, step.by_row)
            self.position = trace.position(place.key)
        else:
            self.focus = self.focus.through(place, trace.given[place.key].by_row)
        self._moved()

    def next_layer(self, direction: int) -> None:
        """Show the first operation of the layer (or phase) that follows or precedes."""
        trace = self.trace
        if trace is None:
            return
        starts = [
            i
            for i, step in enumerate(trace)
            if i == 0
            or (step.phase, step.layer) != (trace.steps[i - 1].phase, trace.steps[i - 1].layer)
        ]
        if direction > 0:
            following = [i for i in starts if i > self.position]
            self.go(following[0] if following else len(trace) - 1)
        else:
            preceding = [i for i in starts if i < self.position]
            self.go(preceding[-1] if preceding else 0)

    @Slot()
    def first(self) -> None:
        self.go(0)

    @Slot()
    def last(self) -> None:
        if self.trace is not None:
            self.go(len(self.trace) - 1)

    def next_sample(self, direction: int) -> None:
        """Look at another row of the batch; the rows wrap around."""
        if self.rows:
            self.show_sample((self.focus.sample + direction) % self.rows)

    def show_sample(self, sample: int) -> None:
        """Look at a row of the batch."""
        if sample != self.focus.sample and 0 <= sample < self.rows:
            self.focus = replace(self.focus, sample=sample)
            self._moved()

    # ------------------------------------------------------------ looking

    def look_at_neuron(self, layer: int, neuron: int) -> None:
        """Put a neuron in focus; layer 0 holds the inputs."""
        if self.trace is not None:
            self._focus(self.focus.at(layer, neuron))

    def look_at_weight(self, layer: int, source: int, target: int) -> None:
        """Put a weight in focus, from a neuron of `layer` to one of the next."""
        if self.trace is not None:
            self._focus(self.focus.at(layer, source).at(layer + 1, target))

    def look_at(self, index: tuple[int, ...]) -> None:
        """Put an entry of the present step in focus."""
        step = self.step
        if step is not None:
            self._focus(self.focus.through(Place(step.key, index), step.by_row))

    def _focus(self, focus: Focus) -> None:
        if focus != self.focus:
            self.focus = focus
            self._moved()
