"""The run on screen, and what it takes over from the one before; in the worker's thread."""

from typing import TYPE_CHECKING

import numpy as np

from engine.digits.drawings import Drawing
from engine.spec import Experiment
from gui.training.facts import Loaded, Shown

if TYPE_CHECKING:
    from engine.training_file import SavedTraining
    from gui.training.run import Run


class OnScreen:
    """Which network is looked at, and what the window wants to see of it.

    The trained network comes on screen with the one in training put aside, as it is.

    Attributes
    ----------
    run : Run or None
        The one on screen; None until the first is loaded.
    """

    def __init__(self) -> None:
        self.run: Run | None = None
        self._aside: Run | None = None
        self._generation = 0
        self._drawing: list[np.ndarray] | None = None
        self._watched: tuple[Drawing, ...] = ()
        self._gradients = False

    # ------------------------------------------------------------ which

    def load(
        self, experiment: Experiment, inherits: bool = False, saved: "SavedTraining | None" = None
    ) -> Loaded:
        """Build a new run.

        Parameters
        ----------
        inherits : bool
            Whether it goes on with what the run in training has learnt, where that can be.
        saved : SavedTraining, optional
            Where it stood when it was put away.

        Raises
        ------
        ValueError
            When the experiment cannot be built; the run before it stays then.
        """
        from gui.training.run import Run  # while the window paints for the first time

        run = Run(experiment, self._generation + 1)
        before = self._aside or self.run
        if inherits and before is not None:
            run.trainer.inherit(before.trainer)
        if saved is not None:
            from engine.training_file import take_up

            take_up(run.trainer, saved)
            if saved.timeline is not None:
                run.timeline = saved.timeline.until(run.trainer)
        self._generation, self._aside = run.generation, None
        self._put(run)
        return Loaded(run.generation, experiment, run.dataset, run.trainer.history)

    def show_trained(self) -> Shown | None:
        """Put the trained network on screen; None where it is there already."""
        from gui.training.run import Run

        if self.run is None or self._aside is not None:
            return None
        self._generation += 1
        trained = Run.of_reader(self._generation)
        self._aside = self.run
        self._put(trained)
        return Shown(trained.generation, trained.dataset, self._aside.trainer.history)

    def show_training(self) -> Shown | None:
        """Put the network in training back on screen; None where it was not put aside."""
        if self._aside is None:
            return None
        run, self._aside = self._aside, None
        self._put(run)
        return Shown(run.generation, run.dataset, run.trainer.history)

    def _put(self, run: "Run") -> None:
        self.run = run
        run.draw(self._drawing)
        run.watch(self._watched)
        run.show_gradients(self._gradients)

    # ------------------------------------------------------------ what of it

    def show_row(self, index: int) -> None:
        """Show a row of the data."""
        if self.run:
            self.run.show_row(index)

    def draw(self, strokes: list[np.ndarray] | None) -> None:
        """Read a drawing, and let later runs read it; None is no drawing."""
        self._drawing = strokes
        if self.run:
            self.run.draw(strokes)

    def watch(self, drawings: tuple[Drawing, ...]) -> None:
        """Read these too, a few times a second."""
        self._watched = drawings
        if self.run:
            self.run.watch(drawings)

    def show_gradients(self, shown: bool) -> None:
        """Let the frames carry ∂L/∂W, or not."""
        self._gradients = shown
        if self.run:
            self.run.show_gradients(shown)
