"""The walk from update to update, as the window sees it."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.trace import Place
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
from gui.debugger.focus import Focus
from gui.debugger.shown import frame_of
from gui.debugger.whereabouts import Whereabouts
from gui.session import Session
from gui.training.requests import Request


class Debugger(Whereabouts):
    """Walks from update to update, and has the training's thread work out what is asked.

    Opening pauses the training; it is walked on a copy. What takes long is asked of the
    training's thread, and an answer counts as long as its walk goes on; moving along the steps
    of a trace is only a matter of looking elsewhere.

    Attributes
    ----------
    active : bool
        Whether an update is being stepped through, or about to be.
    opened, closed : Signal
        The walk has begun, is over.
    nudged, checked, taught, xrayed : Signal of the answer
        What was asked for has been worked out.
    refused : Signal of str
        Why it could not be done.
    framed : Signal of Frame
        What the drawing of the network should show.
    """

    opened = Signal()
    closed = Signal()
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
        self._desk: Desk | None = None
        self._asked: Request | None = None  # the newest
        self._was_running = False
        self._go_last = False
        self._framed: tuple[object, ...] = ()
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
        """Another run has begun: what was shown is of the past; a walk just asked for is not."""
        if not self.active:
            return
        if self.traced is None and self._asked is not None and self.session.waits(self._asked):
            self._network = self.session.experiment.network
        else:
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
        if (desk := self._desk) is not None:
            self._asked = self.session.ask(
                desk.work(method, *arguments),
                partial(self._take, desk),
                partial(self._refuse, desk),
            )

    # ------------------------------------------------------------ answers

    def _refuse(self, desk: Desk, why: str) -> None:
        self._take(desk, NotPossible(why))

    def _take(self, desk: Desk, answer: object) -> None:
        if desk is not self._desk:
            return  # of a walk that is over
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
                if self.traced is None:
                    self._end()  # it has not even begun
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
        if before is None:
            self.opened.emit()  # now that there is something to see: all is laid out only once
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

    # ------------------------------------------------------------ what the drawing shows

    def _moved(self) -> None:
        super()._moved()
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

    def _frame_real(self) -> None:
        """Let the drawing show the training again."""
        if self.session.frame is not None:
            self.framed.emit(self.session.frame)

    # ------------------------------------------------------------ walking on

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

    def walk(self, how: str) -> None:
        """Train a batch or an epoch on, or go one back."""
        self._ask("walk", how)

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
        """Compare a number's gradient with what a small change of it does; see `nudged`."""
        self._ask("nudge", place, epsilon)

    def check(self) -> None:
        """Nudge every parameter, or a sample where there are many; see `checked`."""
        self._ask("check")

    def xray(self, place: Place, updates: int) -> None:
        """Follow a parameter through the last updates and the next; see `xrayed`."""
        self._ask("xray", place, updates)
