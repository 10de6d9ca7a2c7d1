"""The run on screen, and what it takes over from the one before; in the worker's thread."""

from typing import TYPE_CHECKING

import numpy as np

from engine.digits.drawings import Drawing
from engine.history import History
from engine.spec import Experiment

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
    ) -> None:
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
        before = self.in_training
        if inherits and before is not None:
            run.trainer.inherit(before.trainer)
        if saved is not None:
            from engine.training_file import take_up

            take_up(run.trainer, saved)
            if saved.timeline is not None:
                run.timeline = saved.timeline.until(run.trainer)
        self._generation, self._aside = run.generation, None
        self._put(run)

    @property
    def in_training(self) -> "Run | None":
        """The run in training, be it on screen or not."""
        return self._aside or self.run

    @property
    def history(self) -> History:
        """What it has been through."""
        assert self.in_training is not None
        return self.in_training.trainer.history

    def show_trained(self) -> bool:
        """Put the trained network on screen; return whether it was not there already."""
        from gui.training.run import Run

        if self.run is None or self._aside is not None:
            return False
        self._generation += 1
        trained = Run.of_reader(self._generation)
        self._aside = self.run
        self._put(trained)
        return True

    def show_training(self) -> bool:
        """Put the network in training back on screen; return whether it was put aside."""
        if self._aside is None:
            return False
        run, self._aside = self._aside, None
        self._put(run)
        return True

    def _put(self, run: "Run") -> None:
        self.run = run
        run.draw(self._drawing)
        run.watch(self._watched)
        run.show_gradients(self._gradients)

    # ------------------------------------------------------------ what of it

    def show_row(self, generation: int, index: int) -> None:
        """Show a row of the data, if it is of the run on screen."""
        if self.run and self.run.generation == generation:
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
