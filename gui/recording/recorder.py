"""Keeps what is seen of a network, moment by moment, until it is told to stop."""

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from gui.network_view import NetworkView
from gui.recording.film import Film
from gui.session import Session

RATE = 25
"""Moments a second: as many pictures as any recording is saved with."""
MOST_SECONDS = 600.0
MOST_BYTES = 512 * 2**20
LONGEST_STEP = 0.5
"""Seconds: where the window stood still for longer, the recording does not."""


@dataclass(frozen=True)
class Length:
    """After how much a recording stops by itself; None is not at all."""

    seconds: float | None = None
    epochs: int | None = None


class Recorder(QObject):
    """Takes moments of a view.

    Attributes
    ----------
    film : Film or None
        What is, or was last, recorded.

    Signals
    -------
    changed
        The recording began, or went on by a moment.
    stopped(str)
        It is over; why, where it was not stopped by hand.
    """

    changed = Signal()
    stopped = Signal(str)

    def __init__(self, view: NetworkView, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._session = session
        self.film: Film | None = None
        self._length = Length()
        self._epochs = 0
        self._stage = (0, 0)
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1000 // RATE)
        self._timer.timeout.connect(self._take)

    @property
    def recording(self) -> bool:
        """Whether it records."""
        return self._timer.isActive()

    def start(self, length: Length) -> None:
        """Begin anew; what was recorded before is dropped."""
        self.film = Film()
        self._length, self._epochs, self._stage = length, 0, (-1, 0)
        self._last = time.monotonic()
        self._timer.start()
        self.changed.emit()

    def stop(self, why: str = "") -> None:
        """Stop, if it records."""
        if self.recording:
            self._timer.stop()
            self.stopped.emit(why)

    def discard(self) -> None:
        """Stop, and forget what was recorded; nobody is told."""
        self._timer.stop()
        self.film = None

    @Slot()
    def _take(self) -> None:
        assert self.film is not None
        now = time.monotonic()
        passed, self._last = min(now - self._last, LONGEST_STEP), now
        moment = self._view.moment()
        if moment is not None:  # else the recording rests
            self.film.add(moment, passed)
            self._count_epochs(moment.frame.generation, moment.frame.epoch)
        self.changed.emit()
        why = self._why_over(self.film)
        if why is not None:
            self.stop(why)

    def _count_epochs(self, generation: int, epoch: int) -> None:
        """Count the epochs seen; a training that starts anew is counted on."""
        before, self._stage = self._stage, (generation, epoch)
        if before[0] == generation:
            self._epochs += max(0, epoch - before[1])

    def _why_over(self, film: Film) -> str | None:
        """Return why the recording ends here, empty where that was wished for, or None."""
        length = self._length
        if length.seconds is not None and film.seconds >= length.seconds:
            return ""
        if length.epochs is not None:
            if self._epochs >= length.epochs:
                return ""
            if self._session.state in ("finished", "failed"):
                return f"The training ended after {self._epochs} of {length.epochs} epochs."
        if film.seconds >= MOST_SECONDS:
            return f"{MOST_SECONDS / 60:g} minutes is the longest that is recorded."
        if film.bytes >= MOST_BYTES:
            return (
                f"A network this large is recorded for {film.seconds:.0f} seconds at most: "
                f"the {MOST_BYTES // 2**20} MB kept for it are full."
            )
        return None
