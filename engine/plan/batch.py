"""Batches of one size, compiled: stores for a window of them, and a tape for each."""

from collections.abc import Callable

import numpy as np

from engine.batches import Rows
from engine.datasets import Task
from engine.layers import Dense, Layer
from engine.network import Network
from engine.plan.layers import Bench, Slope, Stage, stage
from engine.plan.layout import Layout, Packing, input_signal
from engine.plan.losses import Scale, output_stage
from engine.plan.scores import Scorer
from engine.plan.tape import Array, Signal, Tape, Workspace
from engine.scores import Score

LOADED_BYTES = 1_048_576  # of inputs up to which all are loaded at once; beyond, as they come


class Window:
    """Up to `slots` batches of one size: loaded together, each with a tape of its own.

    Where inputs are many, a batch's are fetched when its turn comes, into the cache.

    Parameters
    ----------
    network : Network
    task : {'classification', 'binary', 'regression'}
    rows : Rows
        What is dealt out.
    layout : Layout
    slots : int
    gradient : ndarray (n,) or None
        Where gradients go; None compiles the forward pass alone.
    scale : float
        What row gradients are multiplied by.
    update : callable or None
        The calls to follow the gradient, for each slot.
    """

    def __init__(
        self,
        network: Network,
        task: Task,
        rows: Rows,
        layout: Layout,
        slots: int,
        gradient: Array | None = None,
        scale: float = 1.0,
        update: Callable[[int], Tape] | None = None,
    ) -> None:
        self.network, self.rows, self.layout, self.slots = network, rows, layout, slots
        self.space = Workspace(network.dtype)
        self.scale = Scale(self.space, scale)
        self.packing = Packing(network, self.space, layout.rows) if layout.packed else None
        loaded = slots * layout.rows * rows.augmented[0].nbytes
        self.gathers = not layout.packed and slots > 1 and loaded > LOADED_BYTES
        self._make_stores()
        self.scorer = Scorer(network, task, layout, self.pairs)
        self._cells: Array | None = None
        self.benches = [self._bench(slot, gradient) for slot in range(slots)]
        self.tapes = [
            self._gather(slot)
            + compile_step(bench, self._input(slot), self.pairs[slot], self.scale)
            + (update(slot) if update else [])
            for slot, bench in enumerate(self.benches)
        ]

    def _make_stores(self) -> None:
        """Allocate what is loaded, and what is said to it: outputs above, targets below."""
        layout, (fan_in, *_, outputs) = self.layout, self.network.sizes
        if self.packing is not None:
            packing = self.packing
            self.values = self.space.array("values", (self.slots, packing.height, layout.rows))
            for start, size in zip(packing.starts[:-1], packing.sizes, strict=False):
                self.values[:, start + size] = 1
            self.pairs = self.values[:, packing.starts[-1] :]
        else:
            stored = 1 if self.gathers else self.slots
            self.x = self.space.array("x", (stored, layout.rows, fan_in + 1))
            self._taken = self.space.array("taken", (self.slots, layout.rows), np.intp)
            self.pairs = self.space.array("pairs", (self.slots, 2 * outputs, layout.rows))
        self.said, self.targets = self.pairs[:, :outputs], self.pairs[:, outputs:]

    def _bench(self, slot: int, gradient: Array | None) -> Bench:
        bench = Bench(self.network, self.space, self.layout, gradient)
        if self.packing is not None:
            bench.packing, bench.values = self.packing, self.values[slot]
        return bench

    def _input(self, slot: int) -> Signal:
        if self.packing is not None:
            return self.packing.signal(self.values[slot], 0)
        return input_signal(self.x[0 if self.gathers else slot])

    def _gather(self, slot: int) -> Tape:
        """Return the call that fetches a batch's inputs, where they are too many to keep."""
        if not self.gathers:
            return []
        return [(self.rows.augmented.take, (self._taken[slot], 0, self.x[0], "clip"))]

    # ------------------------------------------------------------ loading and scoring

    def load(self, order: Array) -> None:
        """Put rows into the slots, a whole number of batches."""
        layout, count = self.layout, len(order) // self.layout.rows
        if self.packing is not None:
            x = self.rows.augmented.take(order, 0).reshape(count, layout.rows, -1)
            self.values[:count, : x.shape[2]] = x.swapaxes(1, 2)
        elif self.gathers:
            self._taken[:count] = order.reshape(count, layout.rows)
        else:
            into = self.x[:count].reshape(count * layout.rows, -1)
            self.rows.augmented.take(order, 0, into, "clip")
        if self.scorer.takes_labels and self.rows.labels is not None:
            self._cells = self.scorer.cells(self.rows.labels.take(order))
            self.scorer.set_targets(self._cells, count)
        else:
            self.put(self.targets[:count], self.rows.y.take(order, 0))

    def put(self, store: Array, by_row: Array) -> None:
        """Write (rows, outputs) into the store of some slots."""
        store[...] = by_row.reshape(len(store), self.layout.rows, -1).swapaxes(1, 2)

    def score(self, first: int, last: int) -> Score:
        """Score what was said to the batches in slots `first` to `last` − 1."""
        return self.scorer.score(first, last, self._cells)


def compile_step(bench: Bench, x: Signal, pair: Array, scale: Scale) -> Tape:
    """Return the calls of one batch: forward, the loss's derivative, backward, gradients."""
    packing, signal = bench.packing, x
    stages: list[Stage] = []
    number = 1
    layers: tuple[Layer, ...] = bench.network.layers
    for index, layer in enumerate(layers[:-1]):
        stages.append(stage(layer, bench, f"{index}", number, signal))
        signal = stages[-1].y
        number += isinstance(layer, Dense)
    last = layers[-1]
    assert isinstance(last, Dense)
    stages.append(output_stage(bench, last, f"{len(layers) - 1}", signal, pair, scale))
    tape = [call for each in stages for call in each.forward]
    if bench.gradient is None:
        return tape
    tape += slope_calls(bench, [slope for each in stages for slope in each.slopes])
    tape += [call for each in reversed(stages) for call in each.backward]
    if packing is not None:
        assert bench.values is not None
        values = bench.values[: packing.starts[-1]]
        outer = packing.outer[:-1].reshape(len(packing.deltas), len(values))
        tape.append((packing.deltas.dot, (values.T, outer)))
        tape.append((packing.outer.take, (packing.index, None, bench.gradient, "clip")))
    return tape


def slope_calls(bench: Bench, slopes: list[Slope]) -> Tape:
    """Return the calls that compute f′; adjacent packed layers of one activation share them."""
    tape: Tape = []
    while slopes:
        first = slopes[0]
        run = 1
        if bench.packing is not None and first.curve.slope_from_outputs:
            while run < len(slopes) and slopes[run].curve.activation == first.curve.activation:
                run += 1
        if run == 1:
            tape += first.curve.slope(bench.space, first.a, first.slope)
        else:
            assert bench.packing is not None
            assert bench.values is not None
            values, rows = bench.packing.slope_rows(first.layer, slopes[run - 1].layer)
            tape += first.curve.slope(bench.space, bench.values[values], bench.packing.slopes[rows])
        slopes = slopes[run:]
    return tape
