"""The walk along an update, as the window sees it: where one is, and what is looked at."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.trace import Element, Place, Step, Trace
from engine.trace.xray import XRay
from gui.debugger.desk import (
    Checked,
    Desk,
    Left,
    NotPossible,
    Nudged,
    Subject,
    Taught,
    Traced,
)
from gui.debugger.focus import Focus, layer_of
from gui.debugger.shown import frame_of
from gui.debugger.words import position_line
from gui.session import Session


class Debugger(QObject):
    """Owns the trace that is shown, the position in it, and the entry in focus.

    Opening pauses the training; it is walked on a copy. What takes long is asked of the
    training's thread and arrives with :attr:`Session.answered`; moving along the steps of a
    trace is only a matter of looking elsewhere.

    Attributes
    ----------
    active : bool
        Whether an update is being stepped through, or about to be.
    traced : Traced or None
        The update that is shown.
    position : int
        Which of its steps.
    focus : Focus
        Which entry of each.
    opened, closed : Signal
        The walk has begun, is over.
    moved : Signal
        Another update, step, sample or entry is shown.
    nudged, checked, taught, xrayed : Signal of the answer
        What was asked for has been worked out.
    refused : Signal of str
        Why it could not be done.
    framed : Signal of Frame
        What the drawing of the network should show.
    """

    opened = Signal()
    closed = Signal()
    moved = Signal()
    nudged = Signal(object)
    checked = Signal(object)
    taught = Signal(object)
    xrayed = Signal(object)
    refused = Signal(str)
    framed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.active = False
        self.traced: Traced | None = None
        self.position = 0
        self.focus = Focus()
        self._desk: Desk | None = None
        self._was_running = False
        self._go_last = False
        self._framed: tuple[object, ...] = ()
        session.answered.connect(self._take)
        session.historyReset.connect(self._drop)
        session.stateChanged.connect(self._look_at_state)
        session.experimentChanged.connect(self._take_settings)
        session.frameChanged.connect(self._reframe)

    # ------------------------------------------------------------ in and out

    @Slot()
    def open(self) -> None:
        """Stop the training and unfold its next update."""
        if self.active:
            return
        self.active = self.session.walked = True
        self._network = self.session.experiment.network
        self._was_running = self.session.running
        self.session.pause()
        self._desk = Desk()
        self._ask("look_again")
        self.opened.emit()

    def leave(self, keep: bool = False) -> None:
        """End the walk; with `keep`, the training goes on from where it led."""
        if self.active:
            self._ask("leave", keep)

    def _end(self) -> None:
        self.active, self.traced, self._desk = False, None, None
        self.session.walked = False
        self._framed = ()
        self.closed.emit()
        self.moved.emit()

    @Slot()
    def _drop(self) -> None:
        """Another run has begun: what was shown is of the past."""
        if self.active:
            self._end()

    @Slot()
    def _look_at_state(self) -> None:
        if self.active and self.session.running:  # play was pressed: the training goes on
            self._was_running = True
            self._end()
            self._frame_real()

    @Slot()
    def _take_settings(self) -> None:
        if self.active and self.session.experiment.network != self._network:
            self._end()  # the network that was walked on is of the past
            self._frame_real()
        elif self.active and self.traced is not None:
            self._ask("apply", self.session.experiment)

    def _ask(self, method: str, *arguments: Any) -> None:
        if self._desk is not None:
            self.session.ask(self._desk.work(method, *arguments))

    # ------------------------------------------------------------ answers

    @Slot(object)
    def _take(self, answer: object) -> None:
        if not self.active:
            return
        match answer:
            case Traced():
                self._show(answer)
            case Taught():
                self.taught.emit(answer)
                self._ask("look_again")
            case Nudged():
                self.nudged.emit(answer)
            case Checked():
                self.checked.emit(answer)
            case Left():
                self._take_leave(answer)
            case NotPossible():
                self._go_last = False
                self.refused.emit(answer.reason)
            case XRay():
                self.xrayed.emit(answer)

    def _show(self, traced: Traced) -> None:
        before, self.traced = self.traced, traced
        rows = len(traced.trace.moment.x)
        same = before is not None and before.trace.moment.network.sizes == (
            traced.trace.moment.network.sizes
        )
        if before is not None and same and before.subject == traced.subject:
            key = before.trace.steps[self.position].key
            self.focus = replace(self.focus, sample=min(self.focus.sample, rows - 1))
        else:
            key, self.focus = traced.trace.steps[0].key, Focus.on(traced.trace)
        walked = before is not None and before.steps != traced.steps
        if self._go_last:
            self.position = len(traced.trace) - 1
        elif walked or key not in traced.trace:
            self.position = 0
        else:
            self.position = traced.trace.position(key)
        self._go_last = False
        self._moved()

    def _take_leave(self, left: Left) -> None:
        resume = self._was_running
        self._end()
        if left.kept:
            self.session.take_history(left.history)
        where = "from the stepped weights" if left.kept and left.steps else "exactly where it was"
        goes = "goes on" if resume else "rests"
        self.session.noticed.emit(f"The training {goes} {where}.")
        if resume:
            self.session.play()
        else:
            self._frame_real()

    def _frame_real(self) -> None:
        if self.session.frame is not None:
            self.framed.emit(self.session.frame)

    # ------------------------------------------------------------ where one is

    @property
    def trace(self) -> Trace | None:
        return self.traced.trace if self.traced is not None else None

    @property
    def step(self) -> Step | None:
        """The step that is shown."""
        return self.trace.steps[self.position] if self.trace is not None else None

    def element(self) -> Element | None:
        """Return the entry in focus, worked out."""
        step = self.step
        return None if step is None else step.element(self.focus.of(step))

    @property
    def rows(self) -> int:
        """Rows of the batch."""
        return len(self.trace.moment.x) if self.trace is not None else 0

    def where(self) -> str:
        """Say where one is: epoch, batch, sample, phase, layer, quantity."""
        if self.traced is None or self.step is None:
            return ""
        return position_line(self.traced, self.step, self.focus.sample)

    def _moved(self) -> None:
        self.moved.emit()
        self._frame_again()

    @Slot()
    def _reframe(self) -> None:
        """Show the walk again, as the drawing was just given a frame of the training."""
        self._framed = ()
        self._frame_again()

    def _frame_again(self) -> None:
        """Let the drawing show the weights and the sample of the walk."""
        frame, trace = self.session.frame, self.trace
        if frame is None or trace is None or not self.active:
            return
        shown = (frame, trace, self.focus.sample)
        if shown != self._framed and tuple(frame.shape.sizes) == trace.moment.network.sizes:
            self.framed.emit(frame_of(frame, trace, self.traced, self.focus.sample))
            self._framed = shown

    # ------------------------------------------------------------ walking by operation

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

    def forward(self) -> None:
        """Show the next operation; behind the last, the next batch's first."""
        if self.trace is None:
            return
        if self.position < len(self.trace) - 1:
            self.go(self.position + 1)
        elif self._walks:
            self.walk("forward")

    def back(self) -> None:
        """Show the operation before; before the first, the last batch's last."""
        if self.position > 0:
            self.go(self.position - 1)
        elif self.traced is not None and self.traced.can_go_back and self._walks:
            self._go_last = True
            self.walk("back")

    @property
    def _walks(self) -> bool:
        return self.traced is not None and self.traced.subject.kind == "batch"

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

    def walk(self, how: str) -> None:
        """Train a batch or an epoch on, or go one back."""
        self._ask("walk", how)

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

    def choose(self, subject: Subject) -> None:
        """Unfold the update of other rows."""
        self._ask("choose", subject)

    def choose_wrong(self) -> None:
        """Unfold the update of the next row that the network gets wrong."""
        after = -1
        if self.traced is not None and self.traced.subject.kind in ("test", "train"):
            after = self.traced.subject.index
        self._ask("choose_wrong", after)

    # ------------------------------------------------------------ changing, testing

    def edit(self, place: Place, value: float) -> None:
        """Change a given number; everything downstream is computed anew."""
        self._ask("edit", place, value)

    def undo(self) -> None:
        """Take back the last change of a number, or else the last step of the walk."""
        if self.traced is not None and self.traced.edited:
            self._ask("undo_edit")
        elif self.traced is not None and self.traced.steps > 0:
            self._ask("walk", "back")

    def teach(self, updates: int) -> None:
        """Make updates on the rows in view."""
        self._ask("teach", updates)

    def nudge(self, place: Place, epsilon: float) -> None:
        self._ask("nudge", place, epsilon)

    def check(self) -> None:
        self._ask("check")

    def xray(self, place: Place, updates: int) -> None:
        self._ask("xray", place, updates)

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
