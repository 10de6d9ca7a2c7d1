"""What a network says all over its inputs: a surface over two of them, a curve over one.

Both are computed by generators that yield between two blocks of rows, so that whoever pulls
them can do other things in between, and return the result at their end.
"""

import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from engine.datasets import Dataset
from engine.network import Network

Array = np.ndarray

SIDE, SMALLEST_SIDE = 100, 24
"""Rows and columns of a surface, and of one over a network too large for that."""
MAP_SIDE = 33
"""Rows and columns, or nearly, of the neurons' own maps."""
POINTS = 300
"""Points of a curve."""
MOST_MAPS = 256
"""Neurons of a layer beyond which they have no maps: nobody could look at them all."""
MOST_ROOM = 1.25
"""How much wider than the data a rectangle is at most, so that its edges are round numbers."""
BLOCK_OPERATIONS, SURFACE_OPERATIONS = 2e6, 1e9
"""Floating point operations of a block (about a millisecond), and of a surface at full size."""


@dataclass(frozen=True)
class Extent:
    """A rectangle of the input plane, with edges at round numbers.

    For a single input `bottom` and `top` are those of the targets.
    """

    left: float
    right: float
    bottom: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass(frozen=True, eq=False)
class Surface:
    """A network's outputs over a rectangle of its two inputs.

    Attributes
    ----------
    extent : Extent
        Where the corners lie.
    values : ndarray (outputs, rows, columns)
        The first row at the top, as in a picture; each value belongs to its cell's middle.
    maps : tuple of ndarray (neurons, rows, columns) or None
        The same, coarser, for each layer's neurons, the inputs first; None where a layer has
        more of them than anyone can look at.
    """

    extent: Extent
    values: Array
    maps: tuple[Array | None, ...]


@dataclass(frozen=True, eq=False)
class Curve:
    """A network's outputs along its only input.

    Attributes
    ----------
    extent : Extent
        What the data span: the input to the right, the targets upwards.
    x : ndarray (points,)
    values : ndarray (outputs, points)
    """

    extent: Extent
    x: Array
    values: Array


# ---------------------------------------------------------------- where


def extent_of(data: Dataset) -> Extent | None:
    """Return the rectangle that shows all rows; None where the inputs are neither 1 nor 2.

    Two inputs in like units get a square, so that a circle is round.
    """
    x = np.concatenate([data.x_train, data.x_validation, data.x_test])
    if data.features == 2:
        across, up = x.T
        spans = sorted((float(np.ptp(across)), float(np.ptp(up))))
        alike = spans[1] <= 3 * spans[0] or spans[0] == 0
        least = spans[1] if alike else 0.0
        return Extent(*rounded(across, least), *rounded(up, least))
    if data.features == 1 and data.task == "regression":
        y = np.concatenate([data.y_train, data.y_validation, data.y_test])
        return Extent(*rounded(x), *rounded(y))
    return None


def rounded(values: Array, least: float = 0.0) -> tuple[float, float]:
    """Return round bounds with a little room around all `values`.

    Parameters
    ----------
    values : ndarray
    least : float
        How far apart the bounds are at least, apart from the room.

    >>> rounded(np.array([-4.9, 4.97])), rounded(np.array([0.5]))
    ((-6.0, 6.0), (-0.6, 1.6))
    """
    low, high = float(values.min()), float(values.max())
    span = max(high - low, least) or 2.0
    middle, half = (low + high) / 2, span * 0.54
    power = 10.0 ** math.floor(math.log10(span))
    for step in (power, power / 2, power / 5, power / 10, power / 20):
        bounds = (
            float(f"{math.floor((middle - half) / step) * step:.12g}"),
            float(f"{math.ceil((middle + half) / step) * step:.12g}"),
        )
        if bounds[1] - bounds[0] <= MOST_ROOM * span:
            break
    return bounds


def grid(extent: Extent, side: int = SIDE) -> Array:
    """Return the middles of a rectangle's cells, (side · side, 2), row by row from the top.

    >>> grid(Extent(0, 2, 0, 2), side=2).tolist()
    [[0.5, 1.5], [1.5, 1.5], [0.5, 0.5], [1.5, 0.5]]
    """
    middles = (np.arange(side) + 0.5) / side
    across = extent.left + middles * extent.width
    up = extent.top - middles * extent.height
    return np.stack(np.broadcast_arrays(across[None, :], up[:, None]), axis=-1).reshape(-1, 2)


# ---------------------------------------------------------------- what it says there


def operations(network: Network) -> int:
    """Estimate what a row costs: two operations for a weight, twenty for an activation."""
    return sum(2 * weights.size + 20 * weights.shape[1] for weights in network.weights)


def rows_at_once(network: Network) -> int:
    """Return how many rows go through a network in about a millisecond; at least 16."""
    return max(16, int(BLOCK_OPERATIONS / operations(network)))


def side_for(network: Network) -> int:
    """Return how many rows and columns a surface can afford."""
    affordable = math.isqrt(int(SURFACE_OPERATIONS / operations(network)))
    return min(SIDE, max(SMALLEST_SIDE, affordable))


def outputs_in_blocks(network: Network, x: Array) -> Generator[None, None, Array]:
    """Return the outputs for rows `x`, (rows, outputs), pausing between blocks."""
    outputs = np.empty((len(x), network.sizes[-1]), network.dtype)
    block = rows_at_once(network)
    for start in range(0, len(x), block):
        outputs[start : start + block] = network.predict(x[start : start + block])
        yield
    return outputs


def curve(network: Network, extent: Extent, points: int = POINTS) -> Generator[None, None, Curve]:
    """Return the outputs along the only input, pausing between blocks."""
    x = np.linspace(extent.left, extent.right, points)
    values = yield from outputs_in_blocks(network, x[:, None])
    return Curve(extent, _frozen(x), _frozen(values.T))


def surface(network: Network, extent: Extent) -> Generator[None, None, Surface]:
    """Return the outputs over a rectangle, and the neurons' maps, pausing between blocks."""
    side = side_for(network)
    inputs = grid(extent, side).astype(network.dtype)
    stride = max(1, side // MAP_SIDE)
    every = slice(stride // 2, None, stride)
    numbers = np.arange(side * side).reshape(side, side)[every, every]
    values = np.empty((len(inputs), network.sizes[-1]), network.dtype)
    maps = [_empty_maps(units, numbers.size, network.dtype) for units in network.sizes[1:]]
    wanted = numbers.ravel()
    block = rows_at_once(network)
    for start in range(0, len(inputs), block):
        passed = network.activations_of(inputs[start : start + block])
        values[start : start + block] = passed[-1][1]
        first, last = np.searchsorted(wanted, (start, start + block))
        for into, (_z, a) in zip(maps, passed, strict=True):
            if into is not None:
                into[first:last] = a[wanted[first:last] - start]
        yield
    layers = [_unit_inputs(inputs[wanted], extent), *maps]
    return Surface(
        extent,
        _pictures(values, (side, side)),
        tuple(None if each is None else _pictures(each, numbers.shape) for each in layers),
    )


def _empty_maps(units: int, cells: int, dtype: np.dtype) -> Array | None:
    return np.empty((cells, units), dtype) if units <= MOST_MAPS else None


def _unit_inputs(inputs: Array, extent: Extent) -> Array:
    """Bring inputs from −1 to 1, the bounds of what is drawn of the inputs themselves."""
    low = np.array([extent.left, extent.bottom])
    size = np.array([extent.width, extent.height])
    return 2 * (inputs - low) / size - 1


def _pictures(values: Array, shape: tuple[int, int]) -> Array:
    """Turn columns of values, (cells, n), into pictures, (n, rows, columns)."""
    return _frozen(values.T.reshape(-1, *shape))


def _frozen(values: Array) -> Array:
    values = np.ascontiguousarray(values)
    values.flags.writeable = False
    return values
