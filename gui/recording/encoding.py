"""Writes pictures to a file in a thread of its own: the whole file, or none. No Qt in it."""

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from engine.files import reason_of, writing

log = logging.getLogger(__name__)

WAITING = 4
"""Pictures painted ahead: a few megabytes each."""


class Writer(Protocol):
    """Writes an animation to a file.

    Attributes
    ----------
    samples : int
        How many pictures it wants to see before the first is written.
    """

    samples: int

    def look_over(self, pictures: list[bytes]) -> None:
        """See some of the pictures."""

    def write(self, picture: bytes, count: int) -> None:
        """Write a picture that is shown for `count` pictures' time."""

    def close(self) -> None:
        """Finish the file."""

    def interrupt(self) -> None:
        """Wait for nothing any more; may be called from any thread."""

    def release(self) -> None:
        """Let go of all that is in use, whether the file is finished or not."""


class _CancelledError(Exception):
    """Nobody wants the file any more."""


class Encoding(threading.Thread):
    """Encodes pictures in the order they are handed over.

    Parameters
    ----------
    path : Path
        Written at the very end; what was there before stays until then.
    make : callable
        Returns the writer to the file it is given; called in the thread.

    Attributes
    ----------
    samples : int or None
        How many pictures to hand over beforehand; None while that is not known.
    problem : str
        What went wrong, in words; empty where nothing did.
    """

    def __init__(self, path: Path, make: Callable[[Path], Writer]) -> None:
        super().__init__(name="encoding", daemon=True)
        self.path = path
        self.samples: int | None = None
        self.problem = ""
        self._make = make
        self._writer: Writer | None = None
        self._jobs: queue.Queue[Callable[[Writer], None] | None] = queue.Queue(WAITING)
        self._cancelled = False

    # ------------------------------------------------------------ for the window

    @property
    def ready(self) -> bool:
        """Whether there is room for another picture."""
        return self.samples is not None and not self._jobs.full()

    def look_over(self, pictures: list[bytes]) -> None:
        """Hand over the samples; before the first picture, and when it is ready."""
        self._jobs.put_nowait(lambda writer: writer.look_over(pictures))

    def add(self, picture: bytes, count: int) -> None:
        """Hand over a picture, when it is ready."""
        self._jobs.put_nowait(lambda writer: writer.write(picture, count))

    def finish(self) -> None:
        """Say that this was the last, when it is ready."""
        self._jobs.put_nowait(None)

    def cancel(self) -> None:
        """Stop and leave nothing behind; join it afterwards."""
        self._cancelled = True
        if self._writer is not None:
            self._writer.interrupt()  # it may be waiting for another program
        with suppress(queue.Full):
            self._jobs.put_nowait(None)

    # ------------------------------------------------------------ in the thread

    def run(self) -> None:
        try:
            with writing(self.path) as unfinished:
                unfinished.touch()  # a folder that cannot be written to is told before any work
                self._write(unfinished)
        except _CancelledError:
            pass
        except OSError as error:
            self.problem = reason_of(error)
        except Exception as error:  # whatever it is, the window must be told
            log.exception("the recording could not be encoded")
            self.problem = f"{type(error).__name__}: {error}"

    def _write(self, unfinished: Path) -> None:
        writer = self._writer = self._make(unfinished)
        try:
            self.samples = writer.samples
            while not self._cancelled and (job := self._jobs.get()) is not None:
                job(writer)
            if self._cancelled:
                raise _CancelledError
            writer.close()
        finally:
            writer.release()
