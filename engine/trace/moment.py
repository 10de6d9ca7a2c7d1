"""A moment of a training: everything that one update depends on."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from engine.batches import Draws
from engine.layers import Layer
from engine.network import Network
from engine.optimizers import State
from engine.snapshot import Snapshot, frozen_all, frozen_biases
from engine.spec import TrainSpec
from engine.trace.step import Place
from engine.trainer import Trainer
from engine.update import Update, compute_update

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Moment:
    """Network, batch, settings and memory, held still; nothing in it is ever changed.

    Attributes
    ----------
    network : Network
        A copy of its own.
    x, y : ndarray (rows, fan_in), (rows, outputs)
        The batch, in the network's type.
    train : TrainSpec
        Reduction, penalties, clipping, optimizer.
    state : dict of ndarray
        What the optimizer remembers.
    learning_rate : float
        With the schedule's factor.
    seed, epoch, batch : int
        From which dropout draws, and where in the training it is.
    rows : ndarray of int or None
        Where `x` and `y` stand in the training data; None if they do not.

    Examples
    --------
    >>> from engine.spec import Experiment
    >>> moment = Moment.of(Trainer(Experiment()))
    >>> moment.x.shape, moment.y.shape
    ((32, 64), (32, 10))
    """

    network: Network
    x: Array
    y: Array
    train: TrainSpec
    state: State
    learning_rate: float
    seed: int
    epoch: int = 0
    batch: int = 0
    rows: Array | None = None

    @classmethod
    def of(cls, trainer: Trainer) -> "Moment":
        """Return the moment before the next mini-batch of a training."""
        rows = trainer.rows_of_batch
        return cls.on(trainer, trainer.x_train[rows], trainer.dataset.y_train[rows], rows)

    @classmethod
    def on(cls, trainer: Trainer, x: Any, y: Any, rows: Array | None = None) -> "Moment":
        """Return the same moment, with rows of one's own as the batch.

        Parameters
        ----------
        x, y : array-like (rows, fan_in) and (rows, outputs), or one row of each
            Inputs as the network sees them, and targets.

        Raises
        ------
        ValueError
            When a shape does not fit the network or a number is not finite.
        """
        network = copy_of(trainer.network)
        return cls(
            network,
            _rows("x", x, network.sizes[0], network.dtype),
            _rows("y", y, network.sizes[-1], network.dtype),
            trainer.experiment.train,
            trainer.snapshot().optimizer_state,
            trainer.learning_rate,
            trainer.experiment.network.seed,
            trainer.epoch,
            trainer.batch,
            rows,
        )

    def update(self) -> Update:
        """Compute what the update does, by its definition."""
        rng = Draws(self.seed).masks(self.epoch, self.batch)
        with np.errstate(all="ignore"):
            return compute_update(
                self.network, self.x, self.y, self.train, self.state, self.learning_rate, rng
            )

    def after(self, update: Update | None = None) -> "Moment":
        """Return the moment with the update made: other weights, another memory, same rows."""
        update = update or self.update()
        network = copy_of(self.network)
        network.parameters += update.change
        return replace(self, network=network, state=update.state)

    def put_into(self, snapshot: Snapshot) -> Snapshot:
        """Return a state of a training with the weights and the memory of this moment."""
        return replace(
            snapshot,
            weights=frozen_all(self.network.weights),
            biases=frozen_biases(self.network.biases),
            optimizer=self.train.optimizer.name,
            optimizer_state=dict(self.state),
        )

    # ------------------------------------------------------------ changing a number

    def read(self, place: Place) -> float:
        """Return a given number: an entry of ``x``, ``y``, ``W1``, ``b1``, …."""
        return float(self._given(place.key, self.network)[place.index])

    def edited(self, place: Place, value: float) -> "Moment":
        """Return the moment with one given number changed.

        Raises
        ------
        ValueError
            When there is no such number, or `value` is not finite in the network's type.
        """
        largest = float(np.finfo(self.network.dtype).max)
        if not abs(value) <= largest:
            raise ValueError(f"the new value must be finite and at most {largest:.2g}, not {value}")
        if place.key in ("x", "y"):
            array = getattr(self, place.key).copy()
            array[place.index] = value
            return replace(self, **{place.key: array}, rows=None)
        network = copy_of(self.network)
        self._given(place.key, network)[place.index] = value
        return replace(self, network=network)

    def _given(self, key: str, network: Network) -> Array:
        if key in ("x", "y"):
            return self.x if key == "x" else self.y
        found = given_parameters(network).get(key)
        if found is None:
            known = ", ".join(["x", "y", *given_parameters(network)])
            raise ValueError(f"'{key}' is not given; given are {known}")
        return found


def given_parameters(network: Network) -> dict[str, Array]:
    """Return the parameters by their names in a trace: W1, b1, W2, ….

    >>> from engine.spec import NetworkSpec
    >>> list(given_parameters(Network.build(NetworkSpec(), 2, 1, "binary")))
    ['W1', 'b1', 'W2', 'b2']
    """
    named: dict[str, Array] = {}
    for number, layer in enumerate(network.dense, start=1):
        named[f"W{number}"] = layer.weights
        if layer.bias is not None:
            named[f"b{number}"] = layer.bias
    return named


def copy_of(network: Network, dtype: np.typing.DTypeLike | None = None) -> Network:
    """Return a network of its own with the same parameters, in another type if given."""
    parameters = network.parameters.astype(dtype or network.dtype)
    layers = tuple(_moved(layer, network, parameters) for layer in network.layers)
    return Network(layers, parameters, network.penalised.astype(parameters.dtype), network.loss)


def _moved(layer: Layer, network: Network, parameters: Array) -> Layer:
    """Return a layer whose parameters are views of another vector."""
    views = {id(each): network.block_of(parameters, each) for each in layer.parameters}
    here = {each.name: getattr(layer, each.name) for each in fields(layer)}  # type: ignore[arg-type]
    return type(layer)(**{name: views.get(id(each), each) for name, each in here.items()})


def _rows(name: str, values: Any, width: int, dtype: Any) -> Array:
    rows = np.atleast_2d(np.array(values, dtype))
    if rows.ndim != 2 or rows.shape[1] != width or not len(rows):
        raise ValueError(f"{name} must have shape (rows, {width}), not {np.shape(values)}")
    if not np.isfinite(rows).all():
        raise ValueError(f"{name} must be finite")
    return rows
