"""How a training ends, and the best weights on the way."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from engine.history import NAN, Record


@dataclass(frozen=True)
class Outcome:
    """How a training ended.

    Attributes
    ----------
    kind : {'finished', 'stopped_early', 'diverged'}
    message : str
        A sentence or two for people.
    epoch : int
        Completed epochs.
    layer : int or None
        Where it diverged: which dense layer's numbers were the first beyond all bounds.
    """

    kind: Literal["finished", "stopped_early", "diverged"]
    message: str
    epoch: int
    layer: int | None = None


@dataclass(frozen=True, eq=False)
class Best:
    """The best epoch so far, by the loss on rows kept back.

    Attributes
    ----------
    loss : float
    epoch : int
    parameters : ndarray (n,)
        A copy.
    """

    loss: float = NAN
    epoch: int = 0
    parameters: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)

    def after(self, record: Record, parameters: np.ndarray) -> "Best":
        """Return the best epoch, that of `record` with these parameters included.

        >>> best = Best().after(Record(epoch=1, train_loss=0.5), np.zeros(2))
        >>> best.after(Record(epoch=2, train_loss=0.6), np.ones(2)).epoch
        1
        """
        loss = held_out_loss(record)
        if loss < self.loss or self.loss != self.loss:  # NaN: there was none yet
            return Best(loss, int(record.epoch), parameters.copy())
        return self

    def outcome(self, patience: int, epoch: int) -> Outcome:
        """Return the outcome of waiting in vain."""
        message = (
            f"No better than {self.loss:.4g} for {patience} epochs: stopped, with the weights "
            f"of epoch {self.epoch}, the best."
        )
        return Outcome("stopped_early", message, epoch)


def held_out_loss(record: Record) -> float:
    """Return the validation loss, else the test loss, else the training loss."""
    losses = (record.validation_loss, record.test_loss, record.train_loss)
    return next((loss for loss in losses if loss == loss), NAN)
