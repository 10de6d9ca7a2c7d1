"""Scores from the stores: what each row was told, and what is right."""

import numpy as np

from engine.activations import Softmax
from engine.datasets import Task
from engine.losses import CategoricalCrossEntropy
from engine.network import Network
from engine.plan.layout import Layout
from engine.plan.losses import error_factor, stores_logits
from engine.plan.tape import Array, transposed
from engine.scores import Score, count_right

MANY, WIDE = 64, 128  # so many doubtful rows, in wide batches: looking at all is quicker


class Scorer:
    """Scores the stored outputs of one batch size.

    Parameters
    ----------
    network : Network
    task : {'classification', 'binary', 'regression'}
    layout : Layout
    pairs : ndarray (slots, 2·outputs, rows)
        What was said (outputs, or logits where losses need them), and the targets below.
    """

    def __init__(self, network: Network, task: Task, layout: Layout, pairs: Array) -> None:
        self.loss, self.task, self.layout = network.loss, task, layout
        self.outputs = pairs.shape[1] // 2
        self.pairs = pairs
        self.said, self.targets = pairs[:, : self.outputs], pairs[:, self.outputs :]
        output = network.dense[-1].activation
        self.threshold = 0.0 if stores_logits(network.loss, output) else 0.5
        factor = error_factor(network.loss, self.outputs)
        self.squared = None if factor is None else factor / 2
        self.takes_labels = (
            isinstance(network.loss, CategoricalCrossEntropy)
            and isinstance(output, Softmax)
            and pairs.flags.c_contiguous
        )
        self._tiny = np.finfo(pairs.dtype).tiny  # the smallest that has a logarithm worth telling
        self._classes = np.arange(self.outputs) * pairs.shape[-1]  # from class 0's cell on
        self._first_cells = self._cells_of_first_class() if self.takes_labels else None

    # ------------------------------------------------------------ rows and cells

    def rows(self, store: Array) -> Array:
        """Return what is stored of some slots as (rows, outputs)."""
        return transposed(store).reshape(-1, store.shape[1])

    def _cells_of_first_class(self) -> Array:
        """Return where each row's output for class 0 stands, (slots · rows,)."""
        slots = np.arange(len(self.pairs)) * self.pairs[0].size
        return (slots[:, None] + np.arange(self.layout.rows)).reshape(-1)

    def cells(self, labels: Array) -> Array:
        """Return where the outputs for the right classes stand; `labels` from slot 0 on."""
        assert self._first_cells is not None
        return self._first_cells[: len(labels)] + labels * self.pairs.shape[-1]

    def set_targets(self, cells: Array, slots: int) -> None:
        """Put in one-hot targets."""
        self.targets[:slots] = 0
        self.pairs.reshape(-1)[cells + self.outputs * self.pairs.shape[-1]] = 1

    # ------------------------------------------------------------ scores

    def score(self, first: int, last: int, cells: Array | None) -> Score:
        """Score the batches in slots `first` to `last` − 1.

        `cells`, from slot 0 on, is where the outputs for the right classes stand, if known.
        """
        if cells is not None and self.task == "classification":
            return self._score_cells(first, last, cells)
        said, targets = self.said[first:last], self.targets[first:last]
        if self.squared is not None:
            error = (said - targets).reshape(-1)
            return Score(self.squared * float(error.dot(error)), self._right(said, targets))
        a, y = self.rows(said), self.rows(targets)
        logits = self.threshold == 0.0
        losses = self.loss.value_of_logits(a, y) if logits else self.loss.value(a, y)
        return Score(float(losses.sum(dtype=np.float64)), self._right(said, targets))

    def _right(self, said: Array, targets: Array) -> int:
        if self.task == "regression":
            return 0
        if self.task == "classification":
            said, targets = self.rows(said), self.rows(targets)
        return count_right(said, targets, self.task, self.threshold)

    def _score_cells(self, first: int, last: int, cells: Array) -> Score:
        """Score one-hot targets from the probability of the right class."""
        assert self._first_cells is not None
        n = self.layout.rows
        firsts = self._first_cells[first * n : last * n]
        cells = cells[first * n : last * n]
        of_right = self.pairs.reshape(-1).take(cells, mode="clip")
        loss = -float(np.add.reduce(np.log(np.maximum(of_right, self._tiny))))
        sure = of_right > 0.5  # there is no larger one
        right = int(np.count_nonzero(sure))
        if len(cells) - right > (MANY if n >= WIDE else 8 * MANY):
            return Score(loss, self._right_of_all(self.said[first:last], of_right, cells - firsts))
        if right < len(cells):
            doubtful = (~sure).nonzero()[0]
            start = firsts.take(doubtful)
            each = np.add.outer(start, self._classes)
            best = self.pairs.reshape(-1).take(each, mode="clip").argmax(axis=1)
            said_to_be = start + self._classes.take(best)
            right += int(np.count_nonzero(said_to_be == cells.take(doubtful)))
        return Score(loss, right)

    def _right_of_all(self, said: Array, of_right: Array, offsets: Array) -> int:
        """Count the rows whose right class has the largest output, the first one on a tie."""
        largest = np.maximum.reduce(said, axis=1)
        if np.count_nonzero(said == largest[:, None]) == largest.size:
            return int(np.count_nonzero(of_right == largest.reshape(-1)))
        labels = offsets // self.pairs.shape[-1]
        return int(np.count_nonzero(self.rows(said).argmax(axis=1) == labels))
