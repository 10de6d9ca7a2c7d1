"""What the window asks for and waits for, each with whoever is to be answered."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

SLICE = 0.001
"""Seconds that the training's thread works on requests before it looks up."""


class CancelledError(Exception):
    """Nobody waits for the answer any more."""


@dataclass(eq=False)
class Request:
    """Work that is done in another thread than the window's.

    Attributes
    ----------
    work : callable
        What is to be done.
    answered : callable
        Given the answer, in the window's thread.
    refused : callable
        Given the reason, a sentence for people, where there is no answer.
    of_run : bool
        Whether it is about the run on screen, so that it ends with it.
    command : int
        The newest command that was posted before; see :mod:`gui.training.facts`.
    cancelled : bool
        Whether nobody waits any more; set by the window, looked at by the work.
    progress : float or None
        How much is done, from 0 to 1, where the work tells so.
    """

    work: Callable[..., Any]
    answered: Callable[[Any], object]
    refused: Callable[[str], object]
    of_run: bool = True
    command: int = 0
    cancelled: bool = False
    progress: float | None = None

    def cancel(self) -> None:
        """Want no answer; work under way ends where it looks."""
        self.cancelled = True

    def advance(self, progress: float) -> None:
        """Tell how much is done; for the work, now and then.

        Raises
        ------
        CancelledError
            When nobody waits any more.
        """
        if self.cancelled:
            raise CancelledError
        self.progress = progress


Tell = Callable[[Request, Any], None]
Refuse = Callable[[Request, Exception], None]


class LongRequests:
    """Requests whose work is an iterator, done a little at a time; in the training's thread.

    Parameters
    ----------
    tell, refuse : callable
        Given a request and its answer, or why there is none. What the iterator yields are
        answers, unless it is None.
    """

    def __init__(self, tell: Tell, refuse: Refuse) -> None:
        self._tell, self._refuse = tell, refuse
        self._under_way: list[tuple[Request, Iterator[Any]]] = []

    @property
    def under_way(self) -> bool:
        """Whether there is anything left to do; may be read from any thread."""
        return bool(self._under_way)

    def begin(self, request: Request, work: Iterator[Any]) -> None:
        """Work on this one too from now on."""
        self._under_way.append((request, work))

    def drop(self) -> None:
        """Forget those that are about a run which is no longer on screen."""
        self._under_way = [each for each in self._under_way if not each[0].of_run]

    def work(self) -> bool:
        """Do a slice of the oldest; return whether there is more."""
        if self._under_way:
            request, work = self._under_way.pop(0)
            if self._go_on(request, work):
                self._under_way.append((request, work))
        return self.under_way

    def _go_on(self, request: Request, work: Iterator[Any]) -> bool:
        end = perf_counter() + SLICE
        try:
            for answer in work:
                if request.cancelled:
                    return False
                if answer is not None:
                    self._tell(request, answer)
                if perf_counter() > end:
                    return True
        except Exception as error:
            self._refuse(request, error)
        return False


class Background:
    """Requests that need no run, each in a thread of its own: files are read and written.

    A file may lie on a drive that hangs; nothing but its request waits for it.

    Parameters
    ----------
    tell, refuse : callable
        As those of :class:`LongRequests`; called in the request's thread.
    """

    def __init__(self, tell: Tell, refuse: Refuse) -> None:
        self._tell, self._refuse = tell, refuse
        self._writers: list[threading.Thread] = []

    def begin(self, request: Request, writes: bool = False) -> None:
        """Start the work; with `writes` the program does not end before it has."""
        thread = threading.Thread(target=self._work, args=(request,), name="file", daemon=True)
        self._writers = [each for each in self._writers if each.is_alive()]
        if writes:
            self._writers.append(thread)
        thread.start()

    def finish(self, seconds: float) -> bool:
        """Wait for what is being written, so long at most; return whether it is."""
        end = perf_counter() + seconds
        for each in self._writers:
            each.join(max(0.0, end - perf_counter()))
        return not any(each.is_alive() for each in self._writers)

    def _work(self, request: Request) -> None:
        try:
            answer = request.work(request)
        except Exception as error:
            self._refuse(request, error)
        else:
            self._tell(request, answer)
