"""What the window asks for and waits for; answers come back to who asked."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gui.training.facts import Answered, NotAnswered
from gui.training.requests import Background, Request
from gui.training.worker import Worker

if TYPE_CHECKING:
    from gui.training.run import Run


class Asking(QObject):
    """Has things worked out in other threads than the window's.

    Parameters
    ----------
    worker : Worker
        The thread that trains.

    Signals
    -------
    noticed(str)
        A sentence for the status line.
    """

    noticed = Signal(str)

    def __init__(self, parent: QObject | None, worker: Worker) -> None:
        super().__init__(parent)
        self._worker = worker
        self._background = Background(
            lambda request, answer: worker.facts.put(Answered(request, answer)),
            lambda request, error: worker.facts.put(NotAnswered(request, error)),
        )
        self._changed_run = 0  # the newest command that puts another run on screen

    def ask(
        self,
        work: "Callable[[Run], Any]",
        answered: Callable[[Any], object],
        refused: Callable[[str], object] | None = None,
        of_run: bool = True,
    ) -> Request:
        """Have something worked out in the training's thread, about the run on screen.

        Parameters
        ----------
        work : callable
            Given the run, between two batches. What takes long returns an iterator, of which
            all but None are answers.
        answered : callable
            Given the answer.
        refused : callable, optional
            Given the reason where there is none; a notice if not given.
        of_run : bool
            Whether nobody waits any more once another run is on screen.
        """
        request = Request(work, answered, refused or self.noticed.emit, of_run)
        self._worker.ask(request)
        return request

    def ask_aside(
        self,
        work: Callable[[Request], Any],
        answered: Callable[[Any], object],
        refused: Callable[[str], object] | None = None,
        writes: bool = False,
    ) -> Request:
        """Have something done that needs no run, in a thread of its own, such as reading a file.

        Parameters
        ----------
        work : callable
            Given the request, to tell it how much is done, and to hear whether it is cancelled.
        answered, refused : callable
            As those of :meth:`ask`.
        writes : bool
            Whether the program should not end before it is done.
        """
        request = Request(work, answered, refused or self.noticed.emit, of_run=False)
        self._background.begin(request, writes)
        return request

    def waits(self, request: Request) -> bool:
        """Tell whether anybody waits for an answer; where another run was wanted since, not."""
        return not (request.cancelled or (request.of_run and request.command < self._changed_run))

    def _hand_over(self, fact: Answered | NotAnswered) -> None:
        """Give whoever asked an answer, or the reason why there is none."""
        request = fact.request
        if not self.waits(request):
            return
        if isinstance(fact, Answered):
            request.answered(fact.answer)
            return
        error = fact.error
        if isinstance(error, ValueError):  # its words are for people
            request.refused(str(error))
            return
        request.refused(f"something went wrong in Chainrule ({type(error).__name__})")
        sys.excepthook(type(error), error, error.__traceback__)
