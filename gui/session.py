"""The one owner of the experiment, its training and its undo history.

Panels ask the session for things and listen to its signals; none talks to the worker or to
another panel. The three views (train, draw, step) show one session.
"""

import sys
from collections.abc import Callable
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
from gui.training.facts import Fact, Loaded, Refused
from gui.watched import WatchedTraining

if TYPE_CHECKING:
    from engine.training_file import SavedTraining


MOST_UNDONE = 200
"""Changes that can be undone; each may hold a whole training."""


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
        self.undo_stack.setUndoLimit(MOST_UNDONE)
        self._changed = 0  # the newest command that changes the experiment
        # The newest command that takes up a training, and who wants to know how that went.
        self._resuming: tuple[int, Callable[[], object] | None, Callable[[str], object] | None] = (
            0,
            None,
            None,
        )

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
        self,
        saved: "SavedTraining",
        text: str,
        before: "SavedTraining | None" = None,
        taken: Callable[[], object] | None = None,
        refused: Callable[[str], object] | None = None,
    ) -> None:
        """Go over to a training that was put away, and rest where it stood; undoable.

        Parameters
        ----------
        before : SavedTraining, optional
            Where the present one stands, and will again if this is undone; at its start if not
            given.
        taken : callable, optional
            Called once it is on screen, if nothing else was wanted since.
        refused : callable, optional
            Given the reason if it cannot be taken up.
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
        self._resuming = (change.command, taken, refused)

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
    ) -> int:
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

        Returns
        -------
        int
            The command that was posted, by which a refusal tells what it is about.
        """
        before, self.experiment = self.experiment, experiment
        if came is None or needs_restart(before, experiment):
            play = self._would_play if play is None else play
            self._changed = self._load(experiment, play, inherits, saved)
            if not (inherits or saved):
                self.noticed.emit("The training starts anew with this change.")
        else:
            self.show_training()
            self._changed = self._worker.apply(experiment, came, leaves, enters)
        self.experimentChanged.emit()
        return self._changed

    def _learn(self, fact: Fact) -> None:
        super()._learn(fact)
        command, taken, refused = self._resuming
        match fact:
            case Refused():
                self._revert(fact)
                if fact.command == command and refused is not None:
                    refused(str(fact.error))
            case Loaded() if fact.command == command == self._changed_run and taken is not None:
                taken()

    def _revert(self, fact: Refused) -> None:
        """Put back what the window shows, where the training's thread could not follow."""
        error = fact.error
        if not isinstance(error, ValueError):
            sys.excepthook(type(error), error, error.__traceback__)
            error = ValueError("something went wrong in Chainrule")
        if fact.present is None:  # there is nothing else on screen
            self._set_state("failed")
            self.failed.emit(str(error), "")
            return
        undone = self._drop_change(fact.command)
        if fact.command >= self._changed:  # else a later change is on its way
            self.experiment = fact.present
            self.experimentChanged.emit()
        self.refused.emit(error)
        self.noticed.emit(f"Not {'undone' if undone else 'changed'}: {error}")

    def _drop_change(self, command: int) -> bool:
        """Take the change that posted a command off the undo stack; it has no effect any more.

        Returns
        -------
        bool
            Whether it was to be undone, not done.
        """
        stack = self.undo_stack
        changes = ((at, stack.command(at)) for at in range(stack.count()))
        found = [
            (at, each)
            for at, each in changes
            if isinstance(each, Change) and each.command == command
        ]
        if not found:  # a reset, or undone and done again since
            return False
        at, change = found[0]
        done = at < stack.index()
        change.setObsolete(True)
        if at == stack.index() - 1:
            stack.undo()  # only drops it: what is obsolete is not undone
        elif at == stack.index():
            stack.redo()  # likewise
        return not done

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
