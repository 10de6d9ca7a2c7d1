"""Where a batch's numbers lie.

Three layouts, chosen by size alone (never by a stopwatch, or the same experiment could give
other bits tomorrow):

- **packed**, for tiny networks, where each call costs more than its arithmetic: all values
  of a batch in one block, all deltas in another, and one product gives every gradient;
- **units first** for other small ones;
- **rows first** where products are large: they are quicker so.
"""

from dataclasses import dataclass

import numpy as np

from engine.layers import Dense
from engine.network import Network
from engine.plan.products import SMALL_PRODUCT
from engine.plan.tape import Array, Signal, Workspace, transposed

PACKED_PRODUCT = 65_536  # multiplications up to which one product for all gradients pays
PACKED_CELLS = 4_096


@dataclass(frozen=True)
class Layout:
    """How batches of one size are laid out.

    Attributes
    ----------
    rows : int
        Of a batch.
    units_first : bool
        How values lie between the layers.
    packed : bool
    """

    rows: int
    units_first: bool
    packed: bool


def choose_layout(network: Network, rows: int, training: bool = True) -> Layout:
    """Choose the layout of batches of `rows` rows."""
    dense = all(isinstance(layer, Dense) for layer in network.layers)
    if training and dense and pays_to_pack(network, rows):
        return Layout(rows, units_first=True, packed=True)
    largest = max((weights.shape[0] + 1) * weights.shape[1] for weights in network.weights)
    return Layout(rows, units_first=largest * rows <= SMALL_PRODUCT, packed=False)


def pays_to_pack(network: Network, rows: int) -> bool:
    """Tell whether one product over all layers costs less than one for each."""
    values = sum(size + 1 for size in network.sizes[:-1])
    deltas = sum(network.sizes[1:])
    return values * deltas <= PACKED_CELLS and values * deltas * rows <= PACKED_PRODUCT


def hidden_signal(space: Workspace, name: str, layout: Layout, units: int) -> Signal:
    """Return buffers for a hidden layer's values and their deltas."""
    if not layout.units_first:
        shape = (layout.rows, units)
        return Signal(space.array(name, shape), space.array(f"{name}.delta", shape), None, False)
    values = space.array(name, (units + 1, layout.rows))
    values[units] = 1
    return Signal(values[:units], space.array(f"{name}.delta", (units, layout.rows)), values)


def input_signal(x: Array) -> Signal:
    """Return a batch's inputs, (rows, fan_in + 1) with ones in the last column."""
    return Signal(x[:, :-1], None, transposed(x), units_first=False)


class Packing:
    """The packed layout's two blocks, and which rows of them belong to which layer.

    Values: the inputs, a row of ones, the first layer's, a row of ones, …, the outputs, the
    targets. Deltas: the first layer's, the second's, ….
    """

    def __init__(self, network: Network, space: Workspace, rows: int) -> None:
        sizes = network.sizes
        self.starts = [0]
        for size in sizes[:-1]:
            self.starts.append(self.starts[-1] + size + 1)
        self.sizes = sizes
        self.height = self.starts[-1] + 2 * sizes[-1]
        self.first = self.starts[1]
        self.delta_starts = [0]
        for size in sizes[1:]:
            self.delta_starts.append(self.delta_starts[-1] + size)
        self.rows = rows
        self.deltas = space.array("deltas", (self.delta_starts[-1], rows))
        self.slopes = space.array("slopes", (self.height - self.first, rows))
        self.outer = space.array("outer", (self.delta_starts[-1] * self.starts[-1] + 1,))
        self.index = self._gradient_index(network)

    def signal(self, values: Array, layer: int) -> Signal:
        """Return layer number `layer` (0 the inputs) of one batch's values."""
        start, size = self.starts[layer], self.sizes[layer]
        last = layer == len(self.sizes) - 1
        ones = None if last else values[start : start + size + 1]
        return Signal(values[start : start + size], self.delta(layer) if layer else None, ones)

    def delta(self, layer: int) -> Array:
        """Return the deltas of layer number `layer`."""
        return self.deltas[self.delta_starts[layer - 1] : self.delta_starts[layer]]

    def slope_rows(self, first: int, last: int) -> tuple[slice, slice]:
        """Return the rows of layers `first` to `last` among the values and the slopes."""
        start, stop = self.starts[first], self.starts[last] + self.sizes[last]
        return slice(start, stop), slice(start - self.first, stop - self.first)

    def _gradient_index(self, network: Network) -> Array:
        """Return where each parameter's gradient stands in deltas·valuesᵀ; padding is 0."""
        width = self.starts[-1]
        index = np.full(network.parameters.size, self.outer.size - 1)
        for layer, dense in enumerate(network.dense):
            rows = self.delta_starts[layer] + np.arange(self.sizes[layer + 1])
            columns = self.starts[layer] + np.arange(self.sizes[layer] + 1)
            cells = rows[None, :] * width + columns[:, None]
            network.block_of(index, dense.weights)[...] = cells[:-1]
            if dense.bias is not None:
                network.block_of(index, dense.bias)[...] = cells[-1]
        return index
