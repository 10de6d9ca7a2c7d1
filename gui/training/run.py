"""One experiment in training and what is shown of it; lives in the worker's thread."""

from dataclasses import replace

import numpy as np

from engine import datasets
from engine.carrying import Learnt
from engine.datasets import Dataset, Digits
from engine.digits.drawings import Drawing
from engine.handwriting import reader
from engine.reshaping import Descent
from engine.snapshot import Snapshot, frozen_all, frozen_biases
from engine.spec import Experiment
from engine.timeline import Timeline
from engine.trace.past import Past
from engine.trainer import Trainer
from gui.frame import Frame, Shape
from gui.training.example import Example
from gui.training.gradients import Gradients
from gui.training.overview import Overview
from gui.training.sitting_out import SittingOut
from gui.training.watched import Watch

REMEMBERED = 50
"""Networks of other shapes that are kept to go back to."""


class Run:
    """A trainer, and everything that looks at its network.

    Parameters
    ----------
    experiment : Experiment
        What to train.
    generation : int
        The number of this run, carried by its frames.

    Attributes
    ----------
    past : Past
        States on the way, from which the last updates can be trained again.
    timeline : Timeline
        States from the start on, from which any epoch can be.
    trained : bool
        Whether this is the trained network that comes with the program.
    """

    trained = False

    def __init__(self, experiment: Experiment, generation: int) -> None:
        self.experiment = experiment
        self.generation = generation
        self.dataset: Dataset = datasets.load(experiment.data)
        self.trainer = Trainer(experiment, self.dataset)
        self.past = Past()
        self.timeline = Timeline()
        self.overview = Overview(self.trainer)
        self.shape = self._shape()
        self._example = Example(self.dataset, experiment.data.source)
        self._watch = Watch(self.dataset.class_names)
        self._gradients: Gradients | None = None
        self._remembered: dict[object, Learnt] = {}
        self._touched = 0  # how often it was changed other than by training
        self._sitting_out = SittingOut()
        self._changed = True
        self._shown: tuple[object, ...] = ()

    @classmethod
    def of_reader(cls, generation: int) -> "Run":
        """Return the trained network that comes with the program, on the rows it learnt from."""
        experiment, network = reader()
        data = replace(experiment.data, source=Digits())  # as they are: nothing is learnt here
        run = cls(replace(experiment, data=data), generation)
        epochs = experiment.train.epochs or 0
        run.trainer.restore(Snapshot(epochs, 0, tuple(network.weights), tuple(network.biases), {}))
        run.trained = True
        return run

    @property
    def progress(self) -> float:
        """Epochs trained, the present one in part."""
        trainer = self.trainer
        return trainer.epoch + trainer.batch / trainer.batches_per_epoch

    @property
    def _stage(self) -> tuple[float, int]:
        """What the network's weights depend on: looked at before, it need not be again."""
        return self.progress, self._touched

    def set_parameter(self, layer: int, source: int | None, target: int, value: float) -> None:
        """Set a weight or bias; see :meth:`Trainer.set_parameter`."""
        self.trainer.set_parameter(layer, source, target, value)
        self.past.forget()
        self.timeline.mark(self.trainer)
        self._touched += 1

    def apply(
        self,
        experiment: Experiment,
        came: Descent | None = None,
        leaves: object = None,
        enters: object = None,
    ) -> None:
        """Take over settings that may change while training; see :meth:`Trainer.apply`.

        Parameters
        ----------
        came : tuple of Origin or None, optional
            Where the hidden layers come from.
        leaves, enters : object
            What the network's shapes are remembered under, where they may be gone back to.
        """
        same = experiment.network == self.trainer.experiment.network
        learnt = None if same else self.trainer.learnt()
        self.trainer.apply(experiment, came, self._remembered.get(enters))
        self.past.forget()
        self.timeline.mark(self.trainer)
        if learnt is not None:
            self._remember(leaves, learnt)
            self._look_afresh()

    def _remember(self, name: object, learnt: Learnt) -> None:
        self._remembered.pop(name, None)
        self._remembered[name] = learnt
        while len(self._remembered) > REMEMBERED:
            del self._remembered[next(iter(self._remembered))]

    def note(self) -> None:
        """Keep the state of the training, where one is due."""
        self.past.note(self.trainer)
        self.timeline.note(self.trainer)

    def show_row(self, index: int) -> None:
        """Show a row of the test data; the index wraps around at both ends."""
        self._example.show_row(index)
        self._changed = True

    def draw(self, strokes: list[np.ndarray] | None) -> None:
        """Take what was drawn as the example that is shown; None goes back to the data."""
        self._example.draw(strokes)
        self._changed = True

    def watch(self, drawings: tuple[Drawing, ...]) -> None:
        """Read these drawings again and again as the network learns."""
        self._watch.show(drawings if self._example.reads_drawings else ())

    def show_gradients(self, shown: bool) -> None:
        """Let frames carry the loss's gradient, or not."""
        if shown != (self._gradients is not None):
            self._gradients = Gradients() if shown else None
            self._changed = True

    def look(self, hurry: bool = False) -> bool:
        """Look at the network for about a millisecond; return whether there was need to.

        `hurry` where nothing is gained by waiting, as when the training rests.
        """
        if self._watch.work(self.trainer.network, self.dataset.scaling, self._stage, hurry):
            return True
        self._changed |= self._sitting_out.work(self.trainer, hurry)
        if self._gradients is not None and self._gradients.work(self.trainer, hurry):
            return True
        return self.overview.work(self._stage, hurry)

    def drawn(self) -> np.ndarray | None:
        """Return the drawing as the network's inputs, (fan_in,); None if nothing is drawn."""
        return self._example.drawn()

    def adopt(self, trainer: Trainer) -> None:
        """Go on with another trainer of the same experiment."""
        self.trainer = trainer
        self.past.forget()
        self.timeline.mark(trainer)
        self._look_afresh()

    def _look_afresh(self) -> None:
        """Look at another network."""
        self.overview = Overview(self.trainer)
        self._gradients = self._gradients and Gradients()
        self._sitting_out = SittingOut()
        self.shape = self._shape()
        self._touched += 1

    def news(self) -> Frame | None:
        """Return a frame if it shows anything that the last one did not."""
        slopes = self._gradients.version if self._gradients else 0
        present = (self._stage, self.overview.seen, self._watch.seen, slopes)
        if not self._changed and present == self._shown:
            return None
        self._changed, self._shown = False, present
        return self._frame()

    def frame(self) -> Frame:
        """Return a frame, whatever the last one showed."""
        self._changed = True
        frame = self.news()
        assert frame is not None
        return frame

    # ------------------------------------------------------------ frames

    def _frame(self) -> Frame:
        trainer = self.trainer
        with np.errstate(all="ignore"):  # a network on its way to infinity is shown as it is
            probe, reading = self._example.flow_through(trainer.network)
        slopes = self._gradients.seen if self._gradients else None
        return Frame(
            generation=self.generation,
            epoch=trainer.epoch,
            batch=trainer.batch,
            batches_per_epoch=trainer.batches_per_epoch,
            weights=frozen_all(trainer.network.weights),
            biases=frozen_biases(trainer.network.biases),
            shape=self.shape,
            probe=probe,
            reading=reading,
            learning_rate=trainer.learning_rate,
            seen=self.overview.seen,
            watched=self._watch.seen,
            gradients=slopes.weights if slopes else None,
            bias_gradients=slopes.biases if slopes else None,
            sits_out=self._sitting_out.seen,
            trained=self.trained,
            varied=trainer.copies > 0,
        )

    def _shape(self) -> Shape:
        data, network = self.dataset, self.trainer.network
        widths = tuple(weights.shape[1] for weights in network.weights)
        outputs = data.class_names if data.task == "classification" else (data.target_name,)
        return Shape(
            sizes=(data.features, *widths),
            activations=tuple(layer.activation.label for layer in network.dense),
            image_shape=data.image_shape,
            input_names=data.feature_names,
            output_names=outputs if len(outputs) == widths[-1] else (),
            task=data.task,
            switched_off=((), *network.switched_off) if any(network.switched_off) else (),
        )
