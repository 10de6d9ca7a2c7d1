"""How fast the training may run: so many epochs a second, or as fast as it goes."""

import time

UNHURRIED_SLICE = 0.001
"""Seconds of training between two looks at the commands, where nothing holds it back."""


class Pace:
    """Tells the training how long to wait before its next batches.

    Attributes
    ----------
    epochs_per_second : float or None
        The speed held; None is as fast as it goes.
    until : int or None
        The epoch to sprint to at full speed, and to rest at.
    """

    def __init__(self) -> None:
        self.epochs_per_second: float | None = None
        self.until: int | None = None
        self.restart(0.0)

    @property
    def held(self) -> bool:
        """Whether the training is held back at all."""
        return self.epochs_per_second is not None and self.until is None

    @property
    def slice_seconds(self) -> float:
        """How long to train at a stretch; 0 asks for a single batch."""
        return 0.0 if self.held else UNHURRIED_SLICE

    def restart(self, progress: float) -> None:
        """Measure the speed from here on; `progress` is in epochs."""
        self._start, self._from = time.perf_counter(), progress

    def wait(self, progress: float) -> float:
        """Return for how many seconds nothing should be trained; 0.0 means go on.

        Time that the training could not keep up with is not made good later.
        """
        if not self.held or self.epochs_per_second is None:
            return 0.0
        due = self._start + (progress - self._from) / self.epochs_per_second
        ahead = due - time.perf_counter()
        if ahead < -0.1:
            self.restart(progress)
        return max(0.0, ahead)
