"""One experiment in training and what is shown of it; lives in the worker's thread."""

from dataclasses import replace

import numpy as np

from engine import datasets
from engine.carrying import Learnt
from engine.datasets import Dataset, Digits
from engine.digits import novelty
from engine.digits.drawings import Drawing
from engine.digits.strokes import stages
from engine.handwriting import reader
from engine.my_digits import own_pictures
from engine.reshaping import Descent
from engine.snapshot import Snapshot
from engine.spec import Experiment
from engine.trace.past import Past
from engine.trainer import Trainer
from gui.frame import Frame, Probe, Shape
from gui.reading import Reading, contributions
from gui.training.gradients import Gradients
from gui.training.overview import Overview, shown_rows
from gui.training.sitting_out import SittingOut
from gui.training.watched import Watch

DIGIT_SHAPE = (8, 8)
REMEMBERED = 50
"""Networks of other shapes that are kept to go back to."""


class Run:
    """A trainer, the example that is shown, and the drawing that is read.

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
        self.overview = Overview(self.trainer)
        self.shape = self._shape()
        self._rows, self._targets = shown_rows(self.dataset)
        self._row, self._row_wanted = 0, False
        self._drawing: Reading | None = None
        self._own = own_pictures(experiment.data.source)
        self._watch = Watch()
        self._gradients: Gradients | None = None
        self._left: dict[object, Learnt] = {}
        self._touched = 0  # how often it was changed by hand
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
        self.trainer.apply(experiment, came, self._left.get(enters))
        self.past.forget()
        if learnt is not None:
            self._remember(leaves, learnt)
            self._look_afresh()

    def _remember(self, name: object, learnt: Learnt) -> None:
        self._left.pop(name, None)
        self._left[name] = learnt
        while len(self._left) > REMEMBERED:
            del self._left[next(iter(self._left))]

    def show_row(self, index: int) -> None:
        """Show a row of the test data; the index wraps around at both ends."""
        self._row = index % len(self._rows)
        self._row_wanted = self._changed = True

    def draw(self, strokes: list[np.ndarray] | None) -> None:
        """Take what was drawn as the example that is shown; None goes back to the data."""
        self._drawing = self._read(strokes) if strokes else None
        self._row_wanted, self._changed = False, True

    def watch(self, drawings: tuple[Drawing, ...]) -> None:
        """Read these drawings again and again as the network learns."""
        self._watch.show(drawings if self._reads_drawings else ())

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
        if self._drawing is None:
            return None
        raw, scaling = self._drawing.picture.reshape(1, -1), self.dataset.scaling
        return (raw if scaling is None else scaling.apply(raw))[0]

    def adopt(self, trainer: Trainer) -> None:
        """Go on with another trainer of the same experiment."""
        self.trainer = trainer
        self.past.forget()
        self._look_afresh()

    def _look_afresh(self) -> None:
        """Look at another network."""
        self.overview = Overview(self.trainer)
        self._gradients = self._gradients and Gradients()
        self._sitting_out = SittingOut()
        self._sitting_out = SittingOut()
        self.shape = self._shape()
        self._touched += 1

    def news(self) -> Frame | None:
        """Return a frame if it shows anything that the last one did not."""
        slopes = self._gradients.version if self._gradients else 0
        present = (self._stage, self.overview.seen, self._watch.seen, self._drawing, slopes)
        if not self._changed and present == self._shown:
            return None
        self._changed, self._shown = False, present
        return self._frame()

    # ------------------------------------------------------------ frames

    def _frame(self) -> Frame:
        trainer = self.trainer
        probe, reading = self._probe()
        slopes = self._gradients.seen if self._gradients else None
        return Frame(
            generation=self.generation,
            epoch=trainer.epoch,
            batch=trainer.batch,
            batches_per_epoch=trainer.batches_per_epoch,
            weights=tuple(_copy(each) for each in trainer.network.weights),
            biases=tuple(None if each is None else _copy(each) for each in trainer.network.biases),
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
        )

    def _probe(self) -> tuple[Probe, Reading | None]:
        """Let the drawing or the row that was asked for last flow through the network."""
        x, target = self._rows[self._row], self._targets[self._row]
        row = self._flow("row", x, self._label(target), self._row)
        if not len(self.dataset.x_test):
            row = replace(row, caption=f"Training row #{self._row}")
        drawn = self.drawn()
        if self._drawing is None or drawn is None:
            return row, None
        probe = self._flow("drawing", drawn, None, -1)
        why = contributions(self.trainer.network, drawn).reshape(DIGIT_SHAPE)
        reading = replace(self._drawing, probabilities=probe.outputs, contributions=why)
        return row if self._row_wanted else probe, reading

    def _flow(self, source: str, x: np.ndarray, label: int | None, index: int) -> Probe:
        network = self.trainer.network
        passed = network.activations_of(np.asarray(x[None], dtype=network.parameters.dtype))
        activations = (x, *(_copy(a[0]) for _z, a in passed))
        return Probe(source, x, label, activations, index)  # type: ignore[arg-type]

    def _label(self, target: np.ndarray) -> int | None:
        if self.dataset.task == "classification":
            return int(target.argmax())
        return round(float(target[0])) if self.dataset.task == "binary" else None

    def _read(self, strokes: list[np.ndarray]) -> Reading | None:
        if not self._reads_drawings:
            return None
        made = stages(strokes)
        if made.blank:
            return None
        doubt, like = novelty.measure().look(made)
        known = doubt <= 1 or novelty.resembles(made.picture, self._own)
        return Reading(
            made.picture, np.empty(0), known=known, novelty=doubt, like=like, stages=made
        )

    @property
    def _reads_drawings(self) -> bool:
        return self.dataset.image_shape == DIGIT_SHAPE

    def _shape(self) -> Shape:
        data, network = self.dataset, self.trainer.network
        widths = tuple(weights.shape[1] for weights in network.weights)
        outputs = data.class_names if data.task == "classification" else ("output",)
        return Shape(
            sizes=(data.features, *widths),
            activations=tuple(layer.activation.label for layer in network.dense),
            image_shape=data.image_shape,
            input_names=data.feature_names,
            output_names=outputs if len(outputs) == widths[-1] else (),
            task=data.task,
            switched_off=((), *network.switched_off) if any(network.switched_off) else (),
        )


def _copy(values: np.ndarray) -> np.ndarray:
    copied = np.array(values, order="C")
    copied.flags.writeable = False
    return copied
