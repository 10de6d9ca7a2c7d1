"""Which neurons dropout left out of the last training step; lives in the worker's thread."""

from time import perf_counter

import numpy as np

from engine.layers import Dense, Dropout
from engine.trainer import Trainer

Absent = tuple[np.ndarray | None, ...]
SECONDS = 0.25
"""How long a mask stays in sight while the training runs: another for each frame would flicker."""


class SittingOut:
    """Looks up who sits out, now and then.

    Attributes
    ----------
    seen : tuple of ndarray (units,) of bool or None
        For each dense layer who sat out for the first row of the last step's batch, None where
        the layer has no dropout; empty where no layer has any, and before the first step.
    """

    def __init__(self) -> None:
        self.seen: Absent = ()
        self._of: tuple[object, ...] = ()
        self._due = 0.0

    def work(self, trainer: Trainer, hurry: bool) -> bool:
        """Look at the last step, if there is another and it is time, or there is a hurry."""
        stage = (trainer, trainer.epoch, trainer.batch)
        if stage == self._of or not (hurry or perf_counter() >= self._due):
            return False
        self._of, self._due = stage, perf_counter() + SECONDS
        before, self.seen = self.seen, sitting_out(trainer)
        return bool(before or self.seen)


def sitting_out(trainer: Trainer) -> Absent:
    """Return who sat out for the first row of the last step; see :class:`SittingOut`."""
    masks = list(trainer.masks)
    if not masks:
        return ()
    found: list[np.ndarray | None] = []
    for layer in trainer.network.layers:
        if isinstance(layer, Dense):
            found.append(None)
        elif isinstance(layer, Dropout):  # it follows the layer that it thins out
            mask = masks.pop(0)
            absent = mask.reshape(-1, mask.shape[-1])[0] == 0
            absent[[*layer.switched_off]] = False  # they are out for good, and shown as such
            found[-1] = absent if layer.rate else None
    return tuple(found) if any(each is not None for each in found) else ()
