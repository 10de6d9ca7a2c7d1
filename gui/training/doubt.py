"""Whether a drawing is like anything in the data; lives in the worker's thread."""

import threading
from collections.abc import Callable

import numpy as np

from engine.datasets import Dataset
from engine.digits.novelty import Novelty, novelty_for


class Doubt:
    """Measures drawings against a data set of digits.

    To get the measure ready takes half a second. That is done in a thread of its own, at the
    first drawing; until then nothing is doubted.

    Parameters
    ----------
    data : Dataset
        With pictures of 8×8, and a class for each.
    ready : callable
        Called in that thread once the measure is there.
    """

    def __init__(self, data: Dataset, ready: Callable[[], None]) -> None:
        self._data = data
        self._ready = ready
        self._measure: Novelty | None = None
        self._thread: threading.Thread | None = None

    def of(self, picture: np.ndarray) -> float:
        """Return how novel a picture (8, 8) is, 1 at the threshold; NaN while not known."""
        if self._measure is None:
            if self._thread is None:
                self._thread = threading.Thread(target=self._prepare, name="doubt", daemon=True)
                self._thread.start()
            return float("nan")
        return self._measure(picture)

    def _prepare(self) -> None:
        self._measure = novelty_for(self._data)
        self._ready()
