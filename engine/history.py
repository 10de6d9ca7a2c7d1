"""What happened, epoch by epoch."""

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

NAN = float("nan")


class Record(NamedTuple):
    """One epoch's figures; NaN where one does not apply.

    Attributes
    ----------
    epoch : float
        Epochs completed, this one included.
    train_loss, train_accuracy : float
        Of this epoch's batches, each as it was met, before its update.
    test_loss, test_accuracy, validation_loss, validation_accuracy : float
        At the epoch's end.
    learning_rate : float
        In use during the epoch, the schedule included.
    """

    epoch: float = NAN
    train_loss: float = NAN
    test_loss: float = NAN
    validation_loss: float = NAN
    train_accuracy: float = NAN
    test_accuracy: float = NAN
    validation_accuracy: float = NAN
    learning_rate: float = NAN


COLUMNS = Record._fields


class History:
    """Columns that only ever grow at the end.

    One thread may append while others read: a reader sees some whole number of epochs.

    >>> history = History()
    >>> history.append(Record(epoch=1, train_loss=0.5))
    >>> len(history), history["train_loss"]
    (1, array([0.5]))
    """

    def __init__(self, capacity: int = 256) -> None:
        self._table = np.full((len(COLUMNS), capacity), NAN)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, column: str) -> NDArray[np.float64]:
        """Return one column as a read-only view."""
        if column not in COLUMNS:
            raise KeyError(f"unknown column '{column}'; there are {', '.join(COLUMNS)}")
        length = self._length  # before the table: the table in place holds at least as many
        view = self._table[COLUMNS.index(column), :length]
        view.flags.writeable = False
        return cast(NDArray[np.float64], view)

    def append(self, record: Record) -> None:
        """Add one epoch, in amortised constant time."""
        row = self._length
        if row == self._table.shape[1]:
            grown = np.full((len(COLUMNS), 2 * row), NAN)
            grown[:, :row] = self._table
            self._table = grown  # whoever reads meanwhile finds the same rows in either table
        self._table[:, row] = record
        self._length = row + 1

    def record(self, row: int) -> Record:
        """Return one epoch's figures; −1 is the newest."""
        values = self._table[:, range(self._length)[row]]
        return Record(*values.tolist())

    def records(self, first: int = 0) -> tuple[Record, ...]:
        """Return the figures of every epoch from row `first` on."""
        return tuple(map(self.record, range(first, len(self))))

    def until(self, epoch: int) -> "History":
        """Return a new history that ends with that epoch."""
        kept = int(np.searchsorted(self["epoch"], epoch, side="right"))
        copy = History(max(256, kept))
        copy._table[:, :kept] = self._table[:, :kept]
        copy._length = kept
        return copy
