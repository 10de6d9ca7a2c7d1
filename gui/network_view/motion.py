"""Motion on the drawing means one thing: the training runs.

Values flow forward, then gradients backward. Where updates come so slowly that each can be
seen, each has its own turn there and back, and the weights change at its end; where they come
faster, one turn stands for many.
"""

import time
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from gui.frame import Frame
from gui.network_view.flow import Flow, flow_of

FLOW = 1.1  # rounds of the particles in a second
TICK = 16  # milliseconds between two steps
LONGEST_STEP = 0.1  # seconds; after a pause nothing jumps
CALM = 3.2  # seconds there and back, where updates are too fast to be seen one by one
SEEN = 0.9  # seconds an update must take to be seen


class Motion(QObject):
    """What flows while a session trains, the view is seen, and motion is welcome.

    Attributes
    ----------
    moved : Signal
        What flows has gone on, or stands still now.
    """

    moved = Signal()

    def __init__(self, session: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._seen = False
        self._reduced = False
        self._rounds = 0.0
        self._part = 0.0  # of a turn there and back
        self._last = 0.0
        self._update_seconds = 0.0  # that one update takes at the speed set; 0 is unknown
        self._progress: tuple[int, ...] = ()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._advance)
        if session is not None:
            session.stateChanged.connect(self.follow)

    @property
    def flow(self) -> Flow | None:
        """What flows at present; None where nothing moves."""
        return flow_of(self._part, self._rounds) if self._timer.isActive() else None

    def note(self, frame: Frame | None) -> None:
        """Take notice of the newest frame: where it is another update, a new turn begins."""
        speed = self._session.speed if self._session is not None else None
        if frame is None or speed is None:
            self._update_seconds = 0.0
            return
        self._update_seconds = 1 / (speed * frame.batches_per_epoch)
        progress = (frame.generation, frame.epoch, frame.batch)
        # In a sprint updates come faster than the speed that is set: values just flow.
        if progress != self._progress and self._each_is_seen and self._part >= 0.5:
            self._part = 0.0
        self._progress = progress

    @property
    def _each_is_seen(self) -> bool:
        return self._update_seconds >= SEEN

    def set_seen(self, seen: bool) -> None:
        """Move where there is something to be seen of it."""
        if seen != self._seen:
            self._seen = seen
            self.follow()

    def set_reduced(self, reduced: bool) -> None:
        self._reduced = reduced
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Start or stop with the training."""
        runs = self._session is not None and self._session.running
        if not (runs and self._seen and not self._reduced):
            self._timer.stop()
        elif not self._timer.isActive():
            self._last, self._part = time.monotonic(), 0.0
            self._timer.start()
        self.moved.emit()

    @Slot()
    def _advance(self) -> None:
        now = time.monotonic()
        step = min(now - self._last, LONGEST_STEP)
        self._last = now
        self._rounds += -FLOW * step if self._part >= 0.5 else FLOW * step
        if self._each_is_seen:
            self._part = min(self._part + step / self._update_seconds, 1.0)
        else:
            self._part = (self._part + step / CALM) % 1
        self.moved.emit()
