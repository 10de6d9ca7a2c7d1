"""Augmented copies of the training rows, made while the training is already under way.

The training never waits: it starts on the rows as they are, and mixes in what is ready.
"""

import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.datasets import Dataset

Array = NDArray[np.float32]

COPIES = 64  # how many are made: 24 MB of the digits
CLEAN = 0.2  # share of the rows that come as they are
PATIENCE = 1.0  # seconds without an epoch after which no more are made


class FreshCopies:
    """Mixes the rows of each epoch from the clean ones and from augmented copies of them.

    The copies are made in a thread of their own, as long as :meth:`ask` is called now and
    then. The first is made at one go. For the others it works in pieces of a hundredth of a
    second, and rests between them for as long as they took the processor.

    Which copy a row is taken from is a function of seed, epoch and the number of copies that
    are ready. That number depends on the clock until all are ready: to have the same run bit
    by bit, call :meth:`complete` first. A snapshot keeps the number for the epoch under way.

    Parameters
    ----------
    data : Dataset
        With pictures of 8×8 as rows, and a class for each.
    count : int
        How many copies are made.
    seed : int
        Decides all copies.

    Examples
    --------
    >>> from engine import datasets, spec
    >>> fresh = FreshCopies(datasets.load(spec.DataSpec()), count=2)
    >>> fresh.complete()
    >>> fresh.ready
    2
    >>> fresh.rows(epoch=0, copies=2).shape
    (1437, 64)
    """

    def __init__(self, data: "Dataset", count: int = COPIES, seed: int = 0) -> None:
        self.count = count
        self.seed = seed
        self.ready = 0
        n, features = data.x_train.shape
        self._bank = np.empty((count + 1, n, features), np.float32)  # the first is the clean rows
        self._bank[0] = data.x_train
        self._pieces = self._made(data)
        self._making = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asked = 0.0

    def ask(self) -> int:
        """Return how many copies are ready, and see to it that more are made."""
        self._asked = time.monotonic()
        if self.ready < self.count and not (self._thread and self._thread.is_alive()):
            self._thread = threading.Thread(target=self._work, name="fresh copies", daemon=True)
            self._thread.start()
        return self.ready

    def rows(self, epoch: int, copies: int, seed: int = 0) -> Array:
        """Return the training rows, (n, features), for epoch number `epoch` (0 the first).

        Parameters
        ----------
        copies : int
            How many copies to mix in, at most :attr:`ready`; none leaves the rows clean.
        seed : int
            Another one takes other rows from other copies.
        """
        if not 0 <= copies <= self.ready:
            raise ValueError(f"copies must be between 0 and {self.ready}, not {copies}")
        _all, n, features = self._bank.shape
        if not copies:
            return self._bank[0]
        rng = np.random.default_rng((seed, epoch))
        copy = rng.integers(1, copies + 1, n)
        copy[rng.random(n) < CLEAN] = 0
        return self._bank.reshape(-1, features).take(copy * n + np.arange(n), axis=0)

    def copy(self, number: int) -> Array:
        """Return copy number `number` (1 the first) of all training rows; a view."""
        return self._bank[number]

    def complete(self, copies: int | None = None) -> None:
        """Make copies now until so many are ready; all if None."""
        while self.ready < (self.count if copies is None else copies):
            self._make_piece()

    def release(self) -> None:
        """Let the thread end; the copies stay, and :meth:`ask` goes on with them."""
        self._asked = -PATIENCE

    def _work(self) -> None:
        """Make copies gently, until all are there or nobody has asked for a while."""
        more = True
        while more and time.monotonic() - self._asked < PATIENCE:
            started = time.thread_time()
            more = self._make_piece()
            if self.ready:
                time.sleep(time.thread_time() - started)

    def _make_piece(self) -> bool:
        """Work for about a hundredth of a second; return whether there is more to do."""
        with self._making:
            return next(self._pieces, False)

    def _made(self, data: "Dataset") -> Iterator[bool]:
        from engine.digits.augmentation import Augmentation  # SciPy is slow to start

        scaling = data.scaling
        raw = data.x_train if scaling is None else scaling.invert(data.x_train)
        augmentation = Augmentation(raw, data.y_train.argmax(axis=1), self.seed)
        yield True
        for copy in range(self.count):
            start = 0
            for part in augmentation.parts(copy):
                rows = part if scaling is None else scaling.apply(part.astype(np.float64))
                self._bank[copy + 1, start : start + len(rows)] = rows
                start += len(rows)
                yield True
            self.ready = copy + 1


class GivenCopies(FreshCopies):
    """Copies that are made elsewhere, and handed over one by one; parameters are the same.

    Examples
    --------
    >>> from engine import datasets, spec
    >>> data = datasets.load(spec.DataSpec())
    >>> given = GivenCopies(data)
    >>> given.add(data.x_train)
    >>> given.ask()
    1
    """

    def add(self, rows: Array) -> None:
        """Take one more copy of all training rows, (n, features)."""
        self._bank[self.ready + 1] = rows
        self.ready += 1

    def ask(self) -> int:
        return self.ready
