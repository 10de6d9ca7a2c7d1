"""The one owner of the experiment, its training and its undo history.

Panels ask the session for things and listen to its signals; none talks to the worker or to
another panel. The three views (train, draw, step) show one session.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from engine.knobs import needs_restart
from engine.reshaping import NOTHING_KEPT, Descent
from engine.spec import Experiment
from gui.changes import Change, Entry, ParameterChange
from gui.training.facts import Fact, Refused
from gui.watched import WatchedTraining

if TYPE_CHECKING:
    from engine.training_file import SavedTraining


class Session(WatchedTraining):
    """An experiment being trained, watched and changed.

    Parameters
    ----------
    experiment : Experiment
        What is trained at first.
    folder : Path or None
        Where panels may keep what a person made, between two starts; None keeps nothing.
    sprints : bool
        See :class:`WatchedTraining`.

    Attributes
    ----------
    experiment : Experiment
        What is trained, with the newest changes.
    walked : bool
        Whether an update is being stepped through, on a copy of the training.
    undo_stack : QUndoStack
        Changes of the experiment, and of what panels keep.

    Signals
    -------
    experimentChanged
        `experiment` is another one now.
    refused(ValueError)
        A change could not be made; the experiment is as it was.
    unfoldWanted(str, tuple)
        Rows are to be stepped through, as :meth:`unfold` was told.
    epochWanted(int)
        The training is to go back to this epoch.
    """

    experimentChanged = Signal()
    refused = Signal(object)
    unfoldWanted = Signal(str, tuple)
    epochWanted = Signal(int)

    def __init__(
        self,
        experiment: Experiment,
        parent: QObject | None = None,
        folder: Path | None = None,
        sprints: bool = False,
    ) -> None:
        super().__init__(parent, sprints)
        self.experiment = experiment
        self.folder = folder
        self.walked = False
        self.undo_stack = QUndoStack(self)
        self._reverting = False

    def start(self, play: bool = True) -> None:
        """Start the worker and build the first run."""
        self._start()
        self._load(self.experiment, play)

    def reset(self) -> None:
        """Go back to the same initial weights, and rest there."""
        self._load(self.experiment, play=False)
        self.noticed.emit("Back at the initial weights.")

    def new_seed(self) -> None:
        """Draw other initial weights."""
        seed = int(np.random.default_rng().integers(10_000))
        network = replace(self.experiment.network, seed=seed)
        self.change(replace(self.experiment, network=network), f"Seed {seed}")

    def unfold(self, kind: Literal["train", "test"], rows: tuple[int, ...]) -> None:
        """Have the debugger step through what rows teach the network, the first one first."""
        self.unfoldWanted.emit(kind, rows)

    # ------------------------------------------------------------ changing the experiment

    def change(
        self,
        experiment: Experiment,
        text: str,
        apart: bool = False,
        came: Descent | None = None,
        inherits: bool = False,
    ) -> None:
        """Make `experiment` the present one; undoable, called `text` in the menu.

        Live settings take effect between two batches; the others restart the training. Where
        layers change, it goes on with what was learnt, or restarts if nothing can be kept.

        Parameters
        ----------
        apart : bool
            Whether it is undone alone, however quickly others of its kind follow.
        came : tuple of Origin or None, optional
            Where the hidden layers come from; guessed if not given.
        inherits : bool
            Whether what was learnt is gone on with, where the rows are others.

        Raises
        ------
        SettingError
            When its parts do not go together; nothing has changed then.
        """
        if experiment != self.experiment:
            self.check(experiment)
            self.undo_stack.push(
                Change(self, self.experiment, experiment, text, apart, came, inherits=inherits)
            )

    def open(self, experiment: Experiment, text: str, play: bool) -> None:
        """Go over to another experiment at its start, training or at rest; undoable.

        Undone, the one before trains or rests as it did.

        Raises
        ------
        SettingError
            When its parts do not go together; nothing has changed then.
        """
        if experiment == self.experiment:
            self._load(self.experiment, play)
            return
        self.check(experiment)
        change = Change(
            self,
            self.experiment,
            experiment,
            text,
            apart=True,
            came=NOTHING_KEPT,
            plays=(self._would_play, play),
        )
        self.undo_stack.push(change)

    def resume(
        self, saved: "SavedTraining", text: str, before: "SavedTraining | None" = None
    ) -> None:
        """Go over to a training that was put away, and rest where it stood; undoable.

        Undone, the one before stands where it stood in `before`; at its start if not given.
        """
        change = Change(
            self,
            self.experiment,
            saved.experiment,
            text,
            apart=True,
            came=NOTHING_KEPT,
            plays=(self._would_play, False),
            saved=(before, saved),
        )
        self.undo_stack.push(change)

    def check(self, experiment: Experiment) -> None:
        """Refuse at once what can be told without loading other data, with a SettingError."""
        from engine.compatibility import check_network  # not needed to start

        data = self.dataset
        if data is not None and experiment.data == self.experiment.data:
            check_network(experiment.network, data.task, data.outputs, experiment.train.loss)

    def use(
        self,
        experiment: Experiment,
        came: Descent | None = None,
        leaves: object = None,
        enters: object = None,
        play: bool | None = None,
        inherits: bool = False,
        saved: "SavedTraining | None" = None,
    ) -> None:
        """Go over to an experiment; for what stands on the undo stack.

        Parameters
        ----------
        came : tuple of Origin or None, optional
            Where the hidden layers come from; None where nothing of them can be kept.
        leaves, enters : object
            What the network as it was, and as it will be, is remembered under.
        play : bool, optional
            Whether a training that starts anew runs or rests; as now if not given.
        inherits : bool
            Whether it goes on with what was learnt on other rows.
        saved : SavedTraining, optional
            Where it stood when it was put away.
        """
        before, self.experiment = self.experiment, experiment
        if not self._reverting:
            if came is None or needs_restart(before, experiment):
                play = self._would_play if play is None else play
                self._load(experiment, play, inherits, saved)
                if not (inherits or saved):
                    self.noticed.emit("The training starts anew with this change.")
            else:
                self.show_training()
                self._worker.apply(experiment, came, leaves, enters)
        self.experimentChanged.emit()

    def _learn(self, fact: Fact) -> None:
        if not isinstance(fact, Refused):
            super()._learn(fact)
        elif fact.experiment == self.experiment:  # else a later change is on its way
            self._revert(fact.error)

    def _revert(self, error: ValueError) -> None:
        if not self.undo_stack.canUndo():
            self._set_state("failed")
            self.failed.emit(str(error), "")
            return
        self._reverting = True
        stack = self.undo_stack
        last = stack.index() - 1
        while last and not isinstance(stack.command(last), Change):
            last -= 1  # what a panel did since then stays done
        change = stack.command(last)
        change.undo()
        change.setObsolete(True)
        if last == stack.index() - 1:
            stack.undo()  # only drops it: what is obsolete is not undone
        self._reverting = False
        self.refused.emit(error)
        self.noticed.emit(f"Not changed: {error}")

    # ------------------------------------------------------------ weights set by hand

    def set_parameter(self, entry: Entry, value: float, run: int) -> None:
        """Set a weight or bias between two batches, without a trace on the undo stack.

        Nothing is set if the training has begun anew since that run.
        """
        if run != self.run:
            self.noticed.emit("Nothing to set: the training has begun anew since then.")
            return
        self.show_training()
        self._worker.set_parameter(run, *entry, value)

    def keep_parameter(
        self, entry: Entry, before: float, after: float, text: str, run: int
    ) -> None:
        """Set a weight or bias of a run; undoable, called `text` in the menu."""
        self.undo_stack.push(ParameterChange(self, run, entry, before, after, text))
