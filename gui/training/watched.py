"""Earlier drawings, read again and again as the network learns; lives in the worker's thread."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from engine.data_sources import Scaling
from engine.digits.drawings import Drawing
from engine.network import Network

SECONDS = 0.25
"""Between two readings: nobody follows more."""
SLICE = 0.001
"""Seconds that it works at a time."""
PATIENCE = 12.0
"""How many times its own cost a reading rests: 12 is at most 8 % of the time."""


@dataclass(frozen=True, eq=False)
class Watched:
    """Drawings, and how the network reads each of them.

    Attributes
    ----------
    drawings : tuple of Drawing
        The same object that was given to be watched.
    outputs : ndarray (drawings, classes)
        One probability for each class.
    names : tuple of str
        What that network calls its classes.
    """

    drawings: tuple[Drawing, ...]
    outputs: np.ndarray
    names: tuple[str, ...]


class Watch:
    """Reads drawings, a little at a time.

    Parameters
    ----------
    names : tuple of str
        What the network calls its classes.

    Attributes
    ----------
    seen : Watched or None
        The newest readings.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.seen: Watched | None = None
        self._names = names
        self._drawings: tuple[Drawing, ...] = ()
        self._missing: list[Drawing] = []
        self._inputs: np.ndarray | None = None
        self._of: tuple[float, int] | None = None
        self._due = 0.0

    def show(self, drawings: tuple[Drawing, ...]) -> None:
        """Read these from now on."""
        self._drawings = drawings
        self._missing = list(drawings)
        self._inputs, self._of, self._due = None, None, 0.0
        self.seen = None if not drawings else self.seen

    def work(
        self,
        network: Network,
        scaling: Scaling | None,
        stage: tuple[float, int],
        hurry: bool = False,
    ) -> bool:
        """Do a slice if anything is due; return whether there was anything.

        Parameters are those of :meth:`gui.training.overview.Overview.work`.
        """
        if self._missing:
            started = perf_counter()
            while self._missing and perf_counter() - started < SLICE:
                _made = self._missing.pop().doubted  # and its picture; kept by the drawing
            return True
        if not self._drawings or stage == self._of:
            return False
        if not hurry and perf_counter() < self._due:
            return False
        self._read(network, scaling, stage)
        return True

    def _read(self, network: Network, scaling: Scaling | None, stage: tuple[float, int]) -> None:
        started = perf_counter()
        if self._inputs is None:
            raw = np.array([each.picture.ravel() for each in self._drawings])
            self._inputs = raw if scaling is None else scaling.apply(raw)
        with np.errstate(all="ignore"):  # a network on its way to infinity answers as it does
            outputs = np.array(network.predict(self._inputs))
        outputs.flags.writeable = False
        self.seen, self._of = Watched(self._drawings, outputs, self._names), stage
        now = perf_counter()
        self._due = now + max(SECONDS, PATIENCE * (now - started))
