"""Any epoch of a training, to be gone back to.

The same experiment trains to the same bits, so a state now and then is enough: the epochs after
it are trained again. States are kept from the start on, and thinned out as they become many.
Where settings or weights were changed by hand a state is kept too, for what follows cannot be
trained again from one before.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.snapshot import Snapshot
from engine.spec import Experiment
from engine.trainer import Trainer
from engine.training_file import SavedTraining, take_up

MOST_KEPT = 64
MOST_BYTES = 64_000_000


@dataclass(frozen=True, eq=False)
class Kept:
    """A state, the settings from there on, and whether something was changed by hand there."""

    experiment: Experiment
    snapshot: Snapshot
    changed: bool = False

    @property
    def moment(self) -> tuple[int, int]:
        """Epochs completed, and batches of the next."""
        return self.snapshot.epoch, self.snapshot.batch


class Timeline:
    """The states of one training that are kept.

    Examples
    --------
    >>> from engine.spec import Experiment
    >>> timeline, trainer = Timeline(), Trainer(Experiment())
    >>> timeline.note(trainer)
    >>> for completed in trainer.slices():
    ...     timeline.note(trainer)
    ...     if trainer.epoch == 3:
    ...         break
    >>> [saved] = filter(None, timeline.back_to(2, trainer))
    >>> saved.snapshot.epoch, len(saved.records)
    (2, 2)
    """

    def __init__(self) -> None:
        self._kept: list[Kept] = []
        self._every = 1  # epochs between two states

    @property
    def earliest(self) -> int:
        """The first epoch that can be gone back to."""
        if not self._kept:
            return 0
        epoch, batch = self._kept[0].moment
        return epoch + (batch > 0)

    def note(self, trainer: Trainer) -> None:
        """Keep the present state, if one is due."""
        if not self._kept or trainer.epoch - self._kept[-1].snapshot.epoch >= self._every:
            self._keep(trainer, changed=False)

    def mark(self, trainer: Trainer) -> None:
        """Keep the present state: something was changed by hand, or it was put back."""
        self._keep(trainer, changed=True)

    def until(self, trainer: Trainer) -> "Timeline":
        """Return what leads to where a training stands that was gone back to; a copy."""
        copy = Timeline()
        copy._kept, copy._every = list(self._kept), self._every
        copy.mark(trainer)
        return copy

    def _keep(self, trainer: Trainer, changed: bool) -> None:
        moment = trainer.epoch, trainer.batch
        self._kept = [each for each in self._kept if each.moment < moment]  # what comes anew
        self._kept.append(Kept(trainer.experiment, trainer.snapshot(), changed))
        most = max(2, min(MOST_KEPT, MOST_BYTES // size_of(self._kept[-1].snapshot)))
        while len(self._kept) > most:
            self._thin_out()

    def _thin_out(self) -> None:
        """Keep half as many of those that nothing hangs on, or else none of the earliest."""
        self._every *= 2
        kept = self._kept[:1]
        for each in self._kept[1:]:
            if each.changed or each.snapshot.epoch - kept[-1].snapshot.epoch >= self._every:
                kept.append(each)
        self._kept = kept if len(kept) < len(self._kept) else self._kept[1:]

    def back_to(self, epoch: int, trainer: Trainer) -> Iterator[SavedTraining | None]:
        """Train again up to an epoch, a slice at a time; the last thing yielded is the training.

        `trainer`, which has come further, stays as it is.

        Raises
        ------
        ValueError
            When it was not reached yet, or is not kept any more; for people.
        """
        if not self.earliest <= epoch <= trainer.epoch:
            raise ValueError(
                f"Epoch {epoch:,} cannot be gone back to; those from {self.earliest:,} to "
                f"{trainer.epoch:,} can."
            )
        kept = max(
            (each for each in self._kept if each.moment <= (epoch, 0)), key=lambda each: each.moment
        )
        count = kept.snapshot.epoch
        records = trainer.history.records()
        endless = replace(kept.experiment, train=replace(kept.experiment.train, patience=None))
        again = Trainer(endless, trainer.dataset)
        take_up(again, SavedTraining(kept.experiment, kept.snapshot, records[:count]))
        if (again.epoch, again.batch) < (epoch, 0):
            for _ in again.slices():
                if again.epoch == epoch:
                    break
                yield None
        yield replace(SavedTraining.of(again), experiment=kept.experiment, timeline=self)


def size_of(snapshot: Snapshot) -> int:
    """Return about how many bytes a state takes."""
    arrays = (*snapshot.weights, *snapshot.optimizer_state.values())
    return sum(each.nbytes for each in arrays) + snapshot.progress.outputs.nbytes
