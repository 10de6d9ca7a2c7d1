"""States of a training kept on the way, from which its last updates can be trained again.

The same experiment trains to the same bits, so a state now and then is all that is needed to
know every number of every update since.
"""

from collections import deque

from engine.snapshot import Snapshot
from engine.trainer import Trainer

EVERY = 300  # updates between two states: oftener, and keeping them would cost the training 3 %
KEPT = 3


class Past:
    """The newest states of a training.

    Examples
    --------
    >>> from engine.spec import Experiment
    >>> past, trainer = Past(), Trainer(Experiment())
    >>> past.note(trainer)
    >>> for _ in zip(range(30), trainer.slices(0)):
    ...     past.note(trainer)
    >>> past.before(trainer, 10).batch
    0
    """

    def __init__(self) -> None:
        self._kept: deque[Snapshot] = deque(maxlen=KEPT)

    def note(self, trainer: Trainer) -> None:
        """Keep the present state, unless one was kept a short while ago."""
        if self._kept and updates_since(self._kept[-1], trainer) < 0:
            self.forget()  # the training was put back
        if not self._kept or updates_since(self._kept[-1], trainer) >= EVERY:
            self._kept.append(trainer.snapshot())

    def forget(self) -> None:
        """Begin anew: with other settings, or weights set by hand, nothing can be repeated."""
        self._kept.clear()

    def before(self, trainer: Trainer, updates: int) -> Snapshot | None:
        """Return the last state that lies so many updates back, or else the first there is."""
        earlier = [each for each in self._kept if updates_since(each, trainer) > 0]
        enough = [each for each in earlier if updates_since(each, trainer) >= updates]
        return enough[-1] if enough else next(iter(earlier), None)


def updates_since(state: Snapshot, trainer: Trainer) -> int:
    """Return how many updates a training has made since a state of it."""
    epochs = trainer.epoch - state.epoch
    return epochs * trainer.batches_per_epoch + trainer.batch - state.batch
