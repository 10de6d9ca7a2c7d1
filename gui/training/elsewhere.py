"""What the process of a sprint does, and what is said between it and the window's."""

import pickle
import queue
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

import numpy as np

from engine.datasets import Dataset
from engine.digits.fresh_copies import GivenCopies
from engine.history import Record
from engine.snapshot import Snapshot
from engine.spec import Experiment
from engine.trainer import Trainer

SLICE = 0.002
"""Seconds of training between two looks at what is said."""


@dataclass(frozen=True)
class Rows:
    """Here are the data of what follows; if they are varied, copies of them follow."""

    data: Dataset
    varied: bool


@dataclass(frozen=True)
class Copy:
    """Here is one more augmented copy of the training rows."""

    rows: np.ndarray


@dataclass(frozen=True)
class Go:
    """Train on from a snapshot."""

    experiment: Experiment
    snapshot: Snapshot


@dataclass(frozen=True)
class Tell:
    """Say where the training stands: the only thing that is answered."""


@dataclass(frozen=True)
class Rest:
    """Train no more."""


@dataclass(frozen=True)
class Stands:
    """Where the training stands, and the epochs completed since it last said so.

    Attributes
    ----------
    snapshot : Snapshot or None
        None where it has come to an end.
    records : tuple of Record
    """

    snapshot: Snapshot | None
    records: tuple[Record, ...] = ()


Said = Rows | Copy | Go | Tell | Rest


def serve(line: Connection) -> None:
    """Train as told until nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window ends this process
    with suppress(EOFError, OSError):
        line.send("up")
        Elsewhere(line).work()


class Answers:
    """Sends what it is given, in a thread of its own: who trains need not wait for who reads.

    Parameters
    ----------
    line : Connection
    """

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="answers", daemon=True).start()

    def give(self, stands: Stands) -> None:
        """Send this as soon as the line is free."""
        self._waiting.put(pickle.dumps(stands, pickle.HIGHEST_PROTOCOL))

    def _work(self) -> None:
        with suppress(OSError):  # nobody is there any more, as the other thread finds out
            while True:
                self._line.send_bytes(self._waiting.get())


class Elsewhere:
    """Trains as it is told.

    Parameters
    ----------
    line : Connection
        To the window's process.
    """

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._answers = Answers(line)
        self._data: Dataset | None = None
        self._trainer: Trainer | None = None
        self._told = 0  # epochs whose figures were handed over

    def work(self) -> None:
        """Go on until the other end of the line is closed."""
        while True:
            self._obey(self._line.recv())
            if self._trainer is not None:
                self._train(self._trainer)

    def _train(self, trainer: Trainer) -> None:
        """Train until there is something to do otherwise."""
        slices = trainer.slices(SLICE)
        while not self._line.poll():
            if next(slices, None) is None:
                self._trainer = None
                return

    def _obey(self, said: Said) -> None:
        match said:
            case Rows():
                fresh = GivenCopies(said.data) if said.varied else None
                self._data = replace(said.data, fresh=fresh)
            case Copy() if self._data is not None and isinstance(self._data.fresh, GivenCopies):
                self._data.fresh.add(said.rows)
            case Go():
                self._trainer = Trainer(said.experiment, self._data)
                self._trainer.restore(said.snapshot)
                self._told = 0
            case Tell():
                self._answers.give(self._stands())
            case Rest():
                self._trainer = None

    def _stands(self) -> Stands:
        if self._trainer is None or self._trainer.outcome is not None:
            return Stands(None)  # it ends in the window's process too, where that is told
        history = self._trainer.history
        records = history.records(self._told)
        self._told = len(history)
        return Stands(self._trainer.snapshot(), records)
