"""An epoch by the plan."""

import math
from typing import final

import numpy as np

from engine.batches import Draws, Rows
from engine.datasets import Task
from engine.layers import Dropout
from engine.network import Network
from engine.optimizers import State
from engine.plan.batch import LOADED_BYTES, Window
from engine.plan.layout import choose_layout
from engine.plan.tape import Array, Tape, play
from engine.plan.updates import Updates
from engine.scores import Score
from engine.spec import TrainSpec
from engine.steps import Progress, Steps

WINDOW_SLOTS = 256  # batches that are loaded, and scored, at once


@final
class PlannedSteps(Steps):
    """Runs batches from compiled tapes, a window of them loaded at a time."""

    def __init__(
        self, network: Network, rows: Rows, task: Task, train: TrainSpec, draws: Draws
    ) -> None:
        super().__init__(network, rows, task, train, draws)
        layout = choose_layout(network, self.batch_size)
        self._full = len(rows) // self.batch_size
        fits = LOADED_BYTES // (self.batch_size * rows.augmented[0].nbytes)
        most = min(WINDOW_SLOTS, fits) if layout.packed else WINDOW_SLOTS
        self._slots = max(1, min(most, self._full))
        rest = len(rows) - self._full * self.batch_size
        packed = layout.packed and (not rest or choose_layout(network, rest).packed)
        self._rate_in_gradient = packed and Updates.can_absorb_rate(train)
        self.updates = Updates(network, train, self._slots + 1, self._rate_in_gradient)
        self._window = self._compile(self.batch_size, self._slots)
        self._tail_slot = (self._full - 1) % self._slots + 1
        self._tail = self._compile(rest, 1) if rest else None
        self._random = any(isinstance(layer, Dropout) and layer.rate for layer in network.layers)
        self._order: Array | None = None
        self._loaded = -1
        self._last_bench = self._window.benches[0]

    def _compile(self, rows: int, slots: int) -> Window:
        return Window(
            self.network,
            self.task,
            self.rows,
            choose_layout(self.network, rows),
            slots,
            self.updates.gradient,
            1.0 / rows if self.train.reduction == "mean" else 1.0,
            self.updates.tape if rows == self.batch_size else self._tail_update,
        )

    def _tail_update(self, _slot: int) -> Tape:
        return self.updates.tape(self._tail_slot)

    # ------------------------------------------------------------ the epoch

    def begin(self, order: Array, epoch: int, progress: Progress) -> None:
        if order is not self._order:
            self._loaded = -1
        self._order, self._epoch = order, epoch
        self._score = progress.score
        self._done = progress.batches
        if not self._done:
            self.updates.tidy(self.batches)
        if self._done % self._slots and self._done <= self._full:
            self._load(self._done // self._slots)
            self._take_up(progress.outputs)

    def suits(self, progress: Progress) -> bool:
        kept = progress.batches % self._slots * self.batch_size
        return super().suits(progress) and len(progress.outputs) <= kept

    def _take_up(self, outputs: Array) -> None:
        """Put back what was said to the rows of the window under way."""
        slots = self._done % self._slots
        self._unscored = slots - len(outputs) // self.batch_size
        if len(outputs):
            self._window.put(self._window.said[self._unscored : slots], outputs)

    def run(self, first: int, last: int, learning_rate: float) -> None:
        while first < last:
            if first < self._full:
                first = self._run_window(first, min(last, self._full), learning_rate)
            else:
                self._run_tail(learning_rate)
                first += 1
            self._done = first

    def _run_window(self, first: int, last: int, learning_rate: float) -> int:
        """Run batches up to `last` or the window's end; return the next one."""
        number, slot = divmod(first, self._slots)
        if self._loaded != number:
            self._load(number)
        if slot == 0:
            self._unscored = 0
        stop = min(last - number * self._slots, self._slots)
        window = self._window
        self._prepare(window, slot, stop - slot, learning_rate)
        if self._random:
            for each in range(slot, stop):
                self._draw(window, each, first + each - slot)
                play(window.tapes[each])
        else:
            for tape in window.tapes[slot:stop]:
                for f, args in tape:
                    f(*args)
        end = min(self._slots, self._full - number * self._slots)
        if stop == end:
            self._score += window.score(self._unscored, stop)
        return number * self._slots + stop

    def _run_tail(self, learning_rate: float) -> None:
        tail = self._tail
        assert tail is not None
        assert self._order is not None
        rest = self._order[self._full * self.batch_size :]
        tail.load(rest)
        self._prepare(tail, self._tail_slot, 1, learning_rate)
        self._draw(tail, 0, self._full)
        play(tail.tapes[0])
        self._score += tail.score(0, 1)

    def _prepare(self, window: Window, slot: int, count: int, learning_rate: float) -> None:
        if self._rate_in_gradient:
            mean = 1.0 / window.layout.rows if self.train.reduction == "mean" else 1.0
            window.scale.set(learning_rate * mean)
        self.updates.prepare(slot, count, learning_rate)

    def _draw(self, window: Window, slot: int, batch: int) -> None:
        if self._random:
            self._last_bench = window.benches[slot]
            self._last_bench.generator = self.draws.masks(self._epoch, batch)

    def _load(self, number: int) -> None:
        assert self._order is not None
        start = number * self._slots
        stop = min(start + self._slots, self._full)
        self._window.load(self._order[start * self.batch_size : stop * self.batch_size])
        self._loaded = number

    # ------------------------------------------------------------ states

    def progress(self) -> Progress:
        slots = self._done % self._slots
        unfinished = self._done < self._full and slots
        if not unfinished:
            return Progress(self._done, self._score, self.rows.y[:0], self.batch_size)
        said = self._window.scorer.rows(self._window.said[self._unscored : slots])
        return Progress(self._done, self._score, said.copy(), self.batch_size)

    @property
    def score(self) -> Score:
        return self._score

    def looks_finite(self) -> bool:
        tail = self._tail is not None and self._done > self._full
        window = self._tail if tail else self._window
        slot = 0 if tail else (self._done - 1) % self._slots
        assert window is not None
        said = window.said[slot].reshape(-1)
        return math.isfinite(said.dot(said))

    @property
    def memory(self) -> State:
        return self.updates.memory

    def put(self, state: State) -> None:
        self.updates.put(state)

    @property
    def masks(self) -> tuple[Array, ...]:
        drawn = self._last_bench.generator is not None
        return tuple(self._last_bench.masks) if drawn else ()


class Evaluation:
    """The loss and hits of rows kept back, by one forward pass.

    Parameters
    ----------
    network : Network
    rows : Rows
    task : {'classification', 'binary', 'regression'}
    """

    def __init__(self, network: Network, rows: Rows, task: Task) -> None:
        layout = choose_layout(network, len(rows), training=False)
        self._window = Window(network, task, rows, layout, 1)
        self._window.load(np.arange(len(rows)))

    def score(self) -> Score:
        """Return the score of all rows at the network's present weights."""
        play(self._window.tapes[0])
        return self._window.score(0, 1)
