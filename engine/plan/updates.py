"""From gradients to changed parameters, in place over the flat vector.

The vector is worked through in chunks that stay in the cache. Numbers that change from step
to step (the learning rate, bias corrections) stand in tables with one column per batch slot,
filled for many steps at once.
"""

import math
from itertools import pairwise

import numpy as np

from engine.memory import aligned
from engine.network import Network
from engine.optimizers import SGD, State
from engine.plan.rules import Numbers, rule
from engine.plan.tape import Array, Tape
from engine.spec import TrainSpec

CHUNK_BYTES = 262_144  # three such arrays, as many as a call has, fit a core's cache
TABLE_STEPS = 512  # at least as many as a window has slots
TIDY_STEPS = 256
TINY = 1e-28  # float32 memories below this change no weight, and slow everything down


class Updates:
    """Turns gradients into changed parameters, one slot of a window after the other.

    Parameters
    ----------
    network : Network
        Whose parameters change.
    train : TrainSpec
        Optimizer, penalties, clipping.
    slots : int
        How many steps' numbers the tables hold at once.
    rate_in_gradient : bool
        Whether gradients come multiplied by the learning rate already; only where
        :meth:`can_absorb_rate`.

    Attributes
    ----------
    gradient : ndarray (n,)
        Where gradients are expected.
    memory : dict of ndarray
        What the optimizer remembers; changed in place.
    """

    def __init__(
        self, network: Network, train: TrainSpec, slots: int, rate_in_gradient: bool
    ) -> None:
        self.network, self.train = network, train
        n, dtype = network.parameters.size, network.dtype
        self.gradient, self._scratch = aligned(n, dtype), aligned(n, dtype)
        names = train.optimizer.memory
        self._memory = aligned(len(names) * n, dtype).reshape(len(names), n)
        self._step = np.zeros((), np.int64)
        self.memory: State = {"step": self._step} | dict(zip(names, self._memory, strict=True))
        self._rule = rule(train.optimizer)
        self._tables = np.zeros((3, slots), dtype)
        self._ahead: tuple[int, float, Array] | None = None
        self._prepared: tuple[int, float] | None = None
        self._rate_in_gradient = rate_in_gradient

    @staticmethod
    def can_absorb_rate(train: TrainSpec) -> bool:
        """Tell whether the update is parameters − learning_rate·gradient and no more."""
        plain = isinstance(train.optimizer, SGD) and not train.optimizer.momentum
        return plain and not (train.l1 or train.l2 or train.clip_norm)

    def put(self, state: State) -> None:
        """Take over what an optimizer remembers."""
        for name, array in self.memory.items():
            array[...] = state[name]

    def prepare(self, slot: int, count: int, learning_rate: float) -> None:
        """Fill in the numbers for the next `count` steps, the first of which runs in `slot`.

        Each step's numbers depend on its own number alone, however the steps are grouped.
        """
        start = max(int(self._step) - slot, 0) if self._rule.timed else 0
        if not self._rate_in_gradient and self._prepared != (start, learning_rate):
            columns = self._tables.shape[1]
            self._tables[:] = self._table_from(start, learning_rate)[:, :columns]
            self._prepared = (start, learning_rate)
        if self._rule.chunked:
            self._step[...] = int(self._step) + count  # five times as quick as +=

    def _table_from(self, start: int, learning_rate: float) -> Array:
        """Return the numbers of the steps after `start`, computed for many at a time."""
        block = start // TABLE_STEPS
        if self._ahead is None or self._ahead[:2] != (block, learning_rate):
            steps = block * TABLE_STEPS + np.arange(1.0, 2 * TABLE_STEPS + 1)
            table = np.empty((3, steps.size))
            for row, numbers in zip(table, self._rule.table(steps, learning_rate), strict=True):
                row[:] = numbers
            self._ahead = (block, learning_rate, table)
        return self._ahead[2][:, start - block * TABLE_STEPS :]

    def tidy(self, steps: int) -> None:
        """Clear what is too small to matter: dead weights' memories would become subnormal.

        `steps` have gone by since this was last called; it is done every 256 or so.
        """
        if self.network.dtype != np.float32:
            return
        now = int(self._step)
        if now // TIDY_STEPS != (now - steps) // TIDY_STEPS:
            self._memory[np.abs(self._memory) < TINY] = 0

    def tape(self, slot: int) -> Tape:
        """Return the calls from the gradient to the changed parameters."""
        p, g = self.network.parameters, self.gradient
        if self._rate_in_gradient:
            return [(np.subtract, (p, g, p))]
        tape = self._penalties()
        if self.train.clip_norm is not None:
            tape.append((clip, (g, self.train.clip_norm)))
        now = Numbers(self._tables, slot, self._step, self._scratch)
        if not self._rule.chunked:
            tape += self._rule.calls(p, g, self._memory, now)
            tape.append((np.add, (self._step, 1, self._step)))
        else:
            for part in self._chunks():
                tape += self._rule.calls(p[part], g[part], self._memory[:, part], now)
        return tape

    def _penalties(self) -> Tape:
        p, g, t = self.network.parameters, self.gradient, self._scratch
        tape: Tape = []
        if self.train.l1:
            pull = (self.network.penalised * self.train.l1).astype(p.dtype)
            tape += [(np.sign, (p, t)), (np.multiply, (t, pull, t)), (np.add, (g, t, g))]
        if self.train.l2:
            pull = (self.network.penalised * self.train.l2).astype(p.dtype)
            tape += [(np.multiply, (p, pull, t)), (np.add, (g, t, g))]
        return tape

    def _chunks(self) -> list[slice]:
        n = self.network.parameters.size
        length = CHUNK_BYTES // self.network.dtype.itemsize
        count = max(1, round(n / length))
        bounds = [n * k // count // 16 * 16 for k in range(count)] + [n]
        return [slice(a, b) for a, b in pairwise(bounds)]


def clip(gradient: Array, longest: float) -> None:
    """Shorten the gradient in place to length `longest` if it is longer."""
    length = math.sqrt(gradient.dot(gradient))
    if length > longest:
        gradient *= gradient.dtype.type(longest / length)
