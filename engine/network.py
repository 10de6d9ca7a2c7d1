"""A network: layers one after the other, their parameters in one vector, a loss at the end."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from engine.compatibility import check_network
from engine.datasets import Task
from engine.layers import Dense, DenseCache, Dropout, Layer
from engine.losses import Loss
from engine.memory import ALIGNMENT, aligned
from engine.spec import HiddenLayer, NetworkSpec

Array = np.ndarray


class Network:
    """The definition: what the network computes, forward and backward.

    Built by :meth:`build` from a declared :class:`~engine.spec.NetworkSpec`.

    Attributes
    ----------
    layers : tuple of Layer
        In order; the last is a :class:`Dense` one.
    dense : tuple of Dense
        Those with weights.
    parameters : ndarray (n,)
        Everything that is learnt, in one aligned vector; the layers hold views of it.
    penalised : ndarray (n,)
        1 where a parameter is a weight, which penalties pull on, 0 where it is a bias.
    loss : Loss
        What training makes small.
    dtype : dtype
        Type of the parameters and of everything computed with them.
    """

    def __init__(
        self, layers: tuple[Layer, ...], parameters: Array, penalised: Array, loss: Loss
    ) -> None:
        self.layers = layers
        self.parameters = parameters
        self.penalised = penalised
        self.dtype: np.dtype[Any] = parameters.dtype
        self.loss = loss
        self.dense = tuple(layer for layer in layers if isinstance(layer, Dense))
        self.weights = [layer.weights for layer in self.dense]
        self.biases = [layer.bias for layer in self.dense]
        self._row_shape = (self.sizes[0],)
        self._predict_row: Callable[[Array], Array] | None = None

    @classmethod
    def build(
        cls, spec: NetworkSpec, fan_in: int, outputs: int, task: Task, loss: Loss | None = None
    ) -> "Network":
        """Make a network for data with `fan_in` inputs and `outputs` outputs.

        Parameters
        ----------
        spec : NetworkSpec
            Layers, activations, initial weights, seed, precision.
        fan_in, outputs : int
            At least 1.
        task : {'classification', 'binary', 'regression'}
            Decides the output activation and the loss where they are automatic.
        loss : Loss or None
            None is automatic.

        Raises
        ------
        ValueError
            When sizes are not positive, or output activation and loss do not go together.
        """
        for name, size in (("fan_in", fan_in), ("outputs", outputs)):
            if size < 1:
                raise ValueError(f"{name} must be at least 1, not {size}")
        output, loss = check_network(spec, task, outputs, loss)
        stages = [*spec.hidden, HiddenLayer(outputs, output)]
        sizes = [fan_in, *(stage.units for stage in stages)]
        parameters, penalised, views = allocate(sizes, spec.bias, np.dtype(spec.dtype))
        layers: list[Layer] = []
        for stage, (weights, bias) in zip(stages, views, strict=True):
            layers.append(Dense(weights, bias, stage.activation))
            if stage.dropout or stage.switched_off:
                layers.append(Dropout(stage.dropout, stage.switched_off))
        network = cls(tuple(layers), parameters, penalised, loss)
        network.draw_weights(spec)
        return network

    # ------------------------------------------------------------ shape

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, then the neurons of each dense layer."""
        return (self.weights[0].shape[0], *(each.shape[1] for each in self.weights))

    @property
    def switched_off(self) -> tuple[tuple[int, ...], ...]:
        """For each dense layer, the neurons that say 0."""
        off: list[tuple[int, ...]] = []
        for layer in self.layers:
            if isinstance(layer, Dense):
                off.append(())
            elif isinstance(layer, Dropout):
                off[-1] = layer.switched_off
        return tuple(off)

    # ------------------------------------------------------------ parameters

    def draw_weights(self, spec: NetworkSpec) -> None:
        """Set weights and biases as before anything is learnt; what is drawn, from the seed."""
        spec.initializer.fill(np.random.default_rng(spec.seed), self.weights, self.biases)

    def set_weights(self, weights: Sequence[Any], biases: Sequence[Any] | None = None) -> None:
        """Put in weights of one's own, one array for each dense layer.

        Parameters
        ----------
        weights : sequence of array-like (fan_in, fan_out)
        biases : sequence of array-like (fan_out,) or None, optional
            Left as they are if not given.

        Raises
        ------
        ValueError
            When a shape does not fit or a number is not finite; nothing is changed then.
        """
        pairs = list(self._checked("weights", self.weights, weights))
        if biases is not None:
            pairs += self._checked("biases", self.biases, biases)
        for own, new in pairs:
            own[...] = new

    def set_parameter(self, layer: int, source: int | None, target: int, value: float) -> None:
        """Set a weight, or where `source` is None a bias, of dense layer number `layer`.

        Raises
        ------
        ValueError
            When there is no such number, or the value is not finite; nothing is changed then.
        """
        if not math.isfinite(value):
            raise ValueError(f"a weight must be a finite number, not {value}")
        weights, bias = self.weights[layer], self.biases[layer]
        array, entry = (bias, (target,)) if source is None else (weights, (source, target))
        if array is None:
            raise ValueError("the network has no biases")
        if not all(0 <= k < size for k, size in zip(entry, array.shape, strict=True)):
            raise ValueError(f"layer {layer} has no such neuron: {entry}")
        array[entry] = value

    def _checked(
        self, name: str, own: Sequence[Array | None], given: Sequence[Any]
    ) -> list[tuple[Array, Array]]:
        if len(given) != len(own):
            raise ValueError(f"{name} must hold {len(own)} arrays, not {len(given)}")
        pairs = []
        for index, (mine, theirs) in enumerate(zip(own, given, strict=True)):
            if mine is None and theirs is None:
                continue
            if mine is None or theirs is None:
                raise ValueError(f"{name}[{index}] must be {'None' if mine is None else 'given'}")
            new = np.asarray(theirs, self.dtype)
            if new.shape != mine.shape:
                raise ValueError(f"{name}[{index}] must have shape {mine.shape}, not {new.shape}")
            if not np.isfinite(new).all():
                raise ValueError(f"{name}[{index}] must be finite")
            pairs.append((mine, new))
        return pairs

    # ------------------------------------------------------------ forward

    def forward(self, x: Array, rng: np.random.Generator | None = None) -> tuple[Array, list[Any]]:
        """Return the outputs (rows, outputs) and each layer's cache."""
        caches = []
        for layer in self.layers:
            x, cache = layer.forward(x, rng)
            caches.append(cache)
        return x, caches

    def activations_of(self, x: Any) -> list[tuple[Array, Array]]:
        """Return (z, a) for each dense layer: the weighted sums, and what the next one is given."""
        _outputs, caches = self.forward(self.checked_inputs(x))
        passed: list[tuple[Array, Array]] = []
        for layer, cache in zip(self.layers, caches, strict=True):
            if isinstance(cache, DenseCache):
                passed.append((cache.z, cache.a))
            elif isinstance(layer, Dropout) and layer.switched_off:
                z, a = passed[-1]
                passed[-1] = z, a * cache
        return passed

    def predict(self, x: Any) -> Array:
        """Return the outputs for rows (rows, fan_in), or for one row (fan_in,).

        Raises
        ------
        ValueError
            When `x` has another number of columns.
        """
        if type(x) is np.ndarray and x.shape == self._row_shape and x.dtype is self.dtype:
            return (self._predict_row or self._compile_prediction())(x)
        x = self.checked_inputs(x)
        outputs, _caches = self.forward(np.atleast_2d(x))
        return outputs[0] if x.ndim == 1 else outputs

    def _compile_prediction(self) -> Callable[[Array], Array]:
        from engine.plan.predict import compile_prediction  # built upon this module

        compiled = compile_prediction(self) or (lambda row: self.forward(row[None])[0][0])
        self._predict_row = compiled
        return compiled

    def checked_inputs(self, x: Any) -> Array:
        """Return `x` as an array of the network's type, or raise ValueError."""
        x = np.asarray(x, self.dtype)
        fan_in = self.sizes[0]
        if x.ndim not in (1, 2) or x.shape[-1] != fan_in:
            raise ValueError(f"x must have shape (rows, {fan_in}) or ({fan_in},), not {x.shape}")
        return x

    # ------------------------------------------------------------ backward

    def row_losses(self, caches: list[Any], y: Array) -> Array:
        """Return the loss of each row, (rows,), computed the stable way."""
        last: DenseCache = caches[-1]
        return self.loss.value_of(last.z, last.a, y, self.dense[-1].activation)

    def backward(self, caches: list[Any], y: Array, scale: float = 1.0) -> Array:
        """Return the gradient of ``scale · Σ row losses``, laid out as `parameters`.

        Parameters
        ----------
        caches : list
            From :meth:`forward`.
        y : ndarray (rows, outputs)
            Targets.
        scale : float
            1 for the sum over the rows, 1/rows for their mean.
        """
        gradient = np.zeros_like(self.parameters)
        last = self.dense[-1]
        cache: DenseCache = caches[-1]
        dz = self.loss.backward(cache.z, cache.a, y, last.activation) * self.dtype.type(scale)
        dy, grads = last.backward_from_logits(dz, cache)
        self._store(gradient, last, grads)
        for layer, cache in zip(self.layers[-2::-1], caches[-2::-1], strict=True):
            dy, grads = layer.backward(dy, cache)
            self._store(gradient, layer, grads)
        return gradient

    def _store(self, gradient: Array, layer: Layer, grads: tuple[Array, ...]) -> None:
        """Write a layer's gradients where its parameters stand in the vector."""
        for parameter, grad in zip(layer.parameters, grads, strict=True):
            self.block_of(gradient, parameter)[...] = grad

    def block_of(self, vector: Array, parameter: Array) -> Array:
        """Return the part of `vector`, laid out as `parameters`, that belongs to a parameter."""
        start = self._offset(parameter)
        return vector[start : start + parameter.size].reshape(parameter.shape)

    def block(self, layer: Dense, vector: Array | None = None) -> Array:
        """Return a layer's weights with the bias as last row, (fan_in + 1, fan_out); a view."""
        start, (fan_in, fan_out) = self._offset(layer.weights), layer.weights.shape
        rows = fan_in if layer.bias is None else fan_in + 1
        source = self.parameters if vector is None else vector
        return source[start : start + rows * fan_out].reshape(rows, fan_out)

    def _offset(self, parameter: Array) -> int:
        address = parameter.__array_interface__["data"][0]
        return (address - self.parameters.__array_interface__["data"][0]) // self.dtype.itemsize


def block_lengths(sizes: Sequence[int], bias: bool, dtype: np.dtype[Any]) -> list[int]:
    """Return how long each layer's part of the parameter vector is: whole cache lines.

    >>> block_lengths((2, 3, 1), True, np.dtype("float32"))
    [16, 16]
    """
    per_line = ALIGNMENT // dtype.itemsize
    return [-(-(rows + bias) * columns // per_line) * per_line for rows, columns in pairwise(sizes)]


def allocate(
    sizes: Sequence[int], bias: bool, dtype: np.dtype[Any]
) -> tuple[Array, Array, list[tuple[Array, Array | None]]]:
    """Return the parameter vector, which of it are weights, and each layer's views.

    A layer's block is (fan_in + 1, fan_out) with the bias as its last row: the weight of an
    input that is always 1. Each block starts on a cache line.
    """
    blocks = [(fan_in + bias, fan_out) for fan_in, fan_out in pairwise(sizes)]
    lengths = block_lengths(sizes, bias, dtype)
    parameters = aligned(sum(lengths), dtype)
    penalised = np.zeros_like(parameters)
    views: list[tuple[Array, Array | None]] = []
    start = 0
    for fan_in, (rows, columns), length in zip(sizes, blocks, lengths, strict=False):
        block = parameters[start : start + rows * columns].reshape(rows, columns)
        penalised[start : start + fan_in * columns] = 1
        views.append((block[:fan_in], block[fan_in] if bias else None))
        start += length
    return parameters, penalised, views
