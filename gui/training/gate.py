"""Hands Python's interpreter back and forth between the training and the painting.

Only one thread runs Python at a time. Left to themselves, two busy threads swap every few
milliseconds, and a frame that takes 3 ms takes 6. So the painter asks, and the trainer parks
at the end of its slice until it is let go.
"""

import threading

LONGEST_PARK = 1.0
"""Seconds after which the training goes on even if nobody lets it go."""


class Gate:
    """One painter asks, one trainer parks.

    Attributes
    ----------
    wanted : bool
        Whether the painter asks; the trainer looks at it between slices.
    news_is_wanted : bool
        Whether the trainer is to leave its newest state before it parks.
    """

    def __init__(self) -> None:
        self.wanted = False
        self.news_is_wanted = True
        self._parked = threading.Event()
        self._go = threading.Event()

    def ask(self, news: bool) -> None:
        """Painter: ask for the interpreter, unless it was asked for already."""
        if self.wanted:
            return
        self.news_is_wanted = news
        self._parked.clear()
        self._go.clear()
        self.wanted = True

    def wait(self, timeout: float) -> bool:
        """Painter: wait for the trainer to park; return whether it did in time (seconds)."""
        return self._parked.wait(timeout)

    def release(self) -> None:
        """Painter: let the training go on."""
        self.wanted = False
        self._go.set()

    def park(self) -> None:
        """Trainer: hand the interpreter over, and wait to be let go."""
        self._parked.set()
        self._go.wait(LONGEST_PARK)
