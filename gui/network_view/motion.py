"""Motion on the drawing means one thing: the training runs."""

import time
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

FLOW = 1.1  # rounds of the particles in a second
TICK = 16  # milliseconds between two steps
LONGEST_STEP = 0.1  # seconds; after a pause nothing jumps


class Motion(QObject):
    """A phase that advances while a session trains, the view is seen, and motion is welcome.

    Attributes
    ----------
    backward : bool
        Whether things move from the outputs to the inputs.
    moved : Signal
        The phase has advanced, or stands still now.
    """

    moved = Signal()

    def __init__(self, session: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.backward = False
        self._seen = False
        self._reduced = False
        self._phase = 0.0
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._advance)
        if session is not None:
            session.stateChanged.connect(self.follow)

    @property
    def phase(self) -> float | None:
        """Rounds so far; None where nothing moves."""
        return self._phase if self._timer.isActive() else None

    def set_seen(self, seen: bool) -> None:
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
            self._last = time.monotonic()
            self._timer.start()
        self.moved.emit()

    @Slot()
    def _advance(self) -> None:
        now = time.monotonic()
        step = FLOW * min(now - self._last, LONGEST_STEP)
        self._phase += -step if self.backward else step
        self._last = now
        self.moved.emit()
