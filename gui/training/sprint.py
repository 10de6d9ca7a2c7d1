"""Training at full speed in a process of its own, which the trainer in this one follows.

A thread that trains and one that paints share one interpreter, and every handing over costs the
training more than the work it was handed over for. At full speed it is therefore carried on by
another process, from a snapshot; for every frame a snapshot comes back, and the trainer here
takes it up. So whoever looks at that trainer finds a training that stands before a batch, with
its rows, its optimizer and its past. And because the same experiment trains to the same bits,
to end a sprint is to forget what the other process has trained since.
"""

import logging
import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import perf_counter
from typing import Literal

from engine.datasets import Dataset
from engine.layers import Dropout
from engine.trainer import Trainer
from gui.training import elsewhere
from gui.training.elsewhere import Copy, Go, Rest, Rows, Stands, Tell

log = logging.getLogger(__name__)

LARGEST = 100e6
"""Bytes of training rows beyond which it takes too long to hand them over."""
PATIENCE = 8.0
"""How many times its own cost a snapshot rests: 8 is at most 11 % of the time."""
FRAME = 0.012
"""Seconds of rest up to which it may come in every frame."""
GONE = 2.0
"""Seconds until a process that was killed is gone."""
LOST = (OSError, EOFError)
"""What is raised where the other process cannot be started, or has died."""

Followed = Literal["waits", "on", "over"]


class Sprinter:
    """Has a training carried on elsewhere; used in the training's thread.

    Attributes
    ----------
    trainer : Trainer or None
        Whose training it is; None while nothing is carried on.
    """

    def __init__(self) -> None:
        self.trainer: Trainer | None = None
        self._process: BaseProcess | None = None
        self._line: Connection | None = None
        self._ready = False  # whether the process has come up
        self._lost = False
        self._awaits = False  # whether it owes an answer
        self._due = 0.0  # when it may be asked again
        self._data: Dataset | None = None  # what the process has
        self._copies = 0  # likewise, of its rows

    def suits(self, trainer: Trainer) -> bool:
        """Return whether this training can be carried on elsewhere.

        What early stopping and dropout remember is not in a snapshot.
        """
        train, layers = trainer.experiment.train, trainer.network.layers
        plain = train.patience is None and not any(isinstance(each, Dropout) for each in layers)
        return plain and not self._lost and trainer.dataset.x_train.nbytes < LARGEST

    def begin(self, trainer: Trainer) -> bool:
        """Have a training carried on from where it stands; return whether it is.

        Until the process has come up, it is not: to be called again.
        """
        try:
            if not (self._is_up() and self._is_listening()):
                return False
            self._send_data(trainer.dataset)
            self._send(Go(trainer.experiment, trainer.snapshot()))
            self._ask()
        except LOST as error:
            self._lose(error)
            return False
        self.trainer = trainer
        return True

    def follow(self) -> Followed:
        """Let the trainer take up what has come from elsewhere.

        Returns
        -------
        {'waits', 'on', 'over'}
            Whether nothing has come yet, it has come farther, or the sprint is over, because
            the training ended or the process died: from where it stands, it ends here too.
        """
        started = perf_counter()
        try:
            if not self._awaits:
                self._ask_when_due()
                return "waits"
            if not self._is_listening():
                return "waits"
            stands = self._stands
            if stands.snapshot is not None and self.trainer is not None:
                self.trainer.follow(stands.snapshot, stands.records)
                self._send_data(self.trainer.dataset)
                rest = PATIENCE * (perf_counter() - started)
                self._due = started + (rest if rest > FRAME else 0.0)
                self._ask_when_due()
                return "on"
        except LOST as error:
            self._lose(error)
        self.end()
        return "over"

    def end(self) -> None:
        """Carry nothing on any more; the trainer stands where it was followed to last."""
        if self.trainer is not None:
            self.trainer = None
            try:
                self._send(Rest())
            except LOST as error:
                self._lose(error)

    def kill(self) -> None:
        """End the process at once; may be called from any thread."""
        self._lost = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the process and wait for it."""
        self.trainer, self._lost = None, True
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            self._process.kill()
            self._process.join(GONE)
            self._process = None

    # ------------------------------------------------------------ the process

    def _is_up(self) -> bool:
        """Start the process if there is none; return whether it has come up."""
        if self._process is None:
            context = multiprocessing.get_context("spawn")
            self._line, theirs = context.Pipe()
            self._process = context.Process(
                target=elsewhere.serve, args=(theirs,), name="sprint", daemon=True
            )
            with _undisturbed():
                self._process.start()
            theirs.close()
        if not self._ready and self._line is not None and self._line.poll():
            self._ready = self._line.recv() is not None
        return self._ready

    def _send(self, message: object) -> None:
        if self._line is not None:
            self._line.send(message)

    def _send_data(self, data: Dataset) -> None:
        """Hand the data over, or only what has been added to them: augmented copies."""
        if data is not self._data:
            self._send(Rows(replace(data, fresh=None), varied=data.fresh is not None))
            self._data, self._copies = data, 0
        while data.fresh is not None and self._copies < data.fresh.ready:
            self._copies += 1
            self._send(Copy(data.fresh.copy(self._copies)))

    def _ask(self) -> None:
        self._send(Tell())
        self._awaits = True

    def _ask_when_due(self) -> None:
        """Ask where the training stands, unless a large network had better not be copied yet."""
        if perf_counter() >= self._due:
            self._ask()

    def _is_listening(self) -> bool:
        """Take the answer that is owed, if it has come; return whether none is owed any more.

        Only then may anything be sent: two that send to each other would wait for ever.
        """
        if self._awaits and self._line is not None and self._line.poll():
            self._stands: Stands = self._line.recv()
            self._awaits = False
        return not self._awaits

    def _lose(self, error: Exception) -> None:
        """Train here from now on."""
        if not self._lost:  # else it was ended on purpose
            log.warning("no process of its own for full speed: %s", error or type(error).__name__)
        self.close()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Start processes that Ctrl+C does not reach, not even before they can say so themselves."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
