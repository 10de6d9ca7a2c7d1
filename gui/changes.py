"""What stands on the undo stack: changes of the experiment, and weights set by hand."""

import itertools
import time
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from engine.knobs import changed_knobs
from engine.reshaping import Descent, descent, follow, keeps_anything, reverse
from engine.spec import Experiment

if TYPE_CHECKING:
    from engine.training_file import SavedTraining
    from gui.session import Session

Entry = tuple[int, int | None, int]
"""A weight: dense layer (0 the first), source and target neuron; without a source, a bias."""

_numbers = itertools.count()


class Change(QUndoCommand):
    """One change of the experiment.

    Changes of one setting in quick succession, as from a held arrow key, are one; but for those
    that stand apart. Undone, a network has its old layers again with what they knew when they
    were left. Where `plays` tells so, the training runs or rests before and after it. With
    `inherits` it goes on with what was learnt on other rows, with `saved` from where
    that stood, before and after it.

    Attributes
    ----------
    command : int
        The number of the command by which it was done or undone last.
    """

    QUICK_SECONDS = 1.0

    def __init__(
        self,
        session: "Session",
        before: Experiment,
        after: Experiment,
        text: str,
        apart: bool = False,
        came: Descent | None = None,
        plays: tuple[bool, bool] | None = None,
        inherits: bool = False,
        saved: "tuple[SavedTraining | None, SavedTraining | None]" = (None, None),
    ) -> None:
        super().__init__(text)
        self._session = session
        self._saved = saved
        self._before = before
        self._after = after
        self._apart = apart
        self._came = came or descent(before.network.hidden, after.network.hidden)
        self._settings = {path for path, _knob in changed_knobs(before, after)}
        self._plays = plays or (None, None)
        self._inherits = inherits
        self._made = time.monotonic()
        self.command = 0
        number = next(_numbers)
        self._names = ((number, "before"), (number, "after"))

    def redo(self) -> None:
        came = self._kept(self._came)
        names, play = self._names, self._plays[1]
        self.command = self._session.use(
            self._after, came, *names, play, self._inherits, self._saved[1]
        )

    def undo(self) -> None:
        back = self._kept(reverse(self._came, self._before.network.hidden))
        names, play = self._names[::-1], self._plays[0]
        self.command = self._session.use(
            self._before, back, *names, play, self._inherits, self._saved[0]
        )

    def _kept(self, came: Descent) -> Descent | None:
        """Return the descent, None where the change restarted the training."""
        return came if keeps_anything(self._came) else None

    def id(self) -> int:
        return -1 if self._apart else 1  # Qt merges equal ones, but never −1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Change) or len(self._settings) != 1:
            return False
        if other._settings != self._settings or other._made - self._made > self.QUICK_SECONDS:
            return False
        if not keeps_anything(self._came) or not keeps_anything(other._came):
            return False
        self._came = follow(self._came, other._came)
        self._after, self._made, self.command = other._after, other._made, other.command
        self.setText(other.text())
        self.setObsolete(self._after == self._before)
        return True


class ParameterChange(QUndoCommand):
    """A weight or bias set by hand, in one run."""

    def __init__(
        self, session: "Session", run: int, entry: Entry, before: float, after: float, text: str
    ) -> None:
        super().__init__(text)
        self._session = session
        self._run, self._entry = run, entry
        self._before, self._after = before, after

    def redo(self) -> None:
        self._session.set_parameter(self._entry, self._after, self._run)

    def undo(self) -> None:
        self._session.set_parameter(self._entry, self._before, self._run)
