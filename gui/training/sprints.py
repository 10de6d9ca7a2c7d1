"""When a worker has its training carried on elsewhere; used in the training's thread."""

from typing import TYPE_CHECKING

from gui.training.pace import Pace

if TYPE_CHECKING:
    from gui.training.run import Run
    from gui.training.sprint import Sprinter


class Sprints:
    """Begins and ends sprints; without Qt, and without the engine before the first.

    Parameters
    ----------
    allowed : bool
        Whether there may be any.

    Attributes
    ----------
    sprinter : Sprinter or None
        Who carries a training on; None before the first sprint.
    """

    def __init__(self, allowed: bool) -> None:
        self.sprinter: Sprinter | None = None
        self._allowed = allowed
        self._is_over = False  # the training is about to end, which it does here

    def carries(self, run: "Run", pace: Pace) -> bool:
        """Have the training carried on elsewhere where that can be; return whether it is."""
        full_speed = not pace.held and pace.until is None
        if not (self._allowed and full_speed) or self._is_over:
            return False
        if self.sprinter is None:
            from gui.training.sprint import Sprinter  # needs the engine, which is slow to import

            self.sprinter = Sprinter()
        if self.sprinter.trainer is run.trainer:
            return True
        return self.sprinter.suits(run.trainer) and self.sprinter.begin(run.trainer)

    def follow(self, run: "Run | None") -> None:
        """Let the run take up what has been trained elsewhere, if it is carried on there."""
        if run is None or self.sprinter is None or self.sprinter.trainer is not run.trainer:
            return
        followed = self.sprinter.follow()
        if followed == "on":
            run.note()
        self._is_over = followed == "over"

    def end(self) -> None:
        """Train here; another sprint may follow."""
        self._is_over = False
        if self.sprinter is not None:
            self.sprinter.end()

    def kill(self) -> None:
        """End the other process at once; may be called from any thread."""
        if self.sprinter is not None:
            self.sprinter.kill()

    def close(self) -> None:
        """End the other process and wait for it."""
        if self.sprinter is not None:
            self.sprinter.close()
