"""How good the stored outputs are: the sum of the row losses, and how many rows are right."""

import numpy as np

from engine.activations import Softmax
from engine.datasets import Task
from engine.losses import CategoricalCrossEntropy
from engine.network import Network
from engine.plan.layout import Layout
from engine.plan.losses import error_factor, stores_logits
from engine.plan.tape import Array, transposed
from engine.scores import Score, count_right


class Scorer:
    """Scores the stored outputs of one batch size.

    Parameters
    ----------
    network : Network
    task : {'classification', 'binary', 'regression'}
    layout : Layout
    said, targets : ndarray (slots, …, outputs, rows)
        The stores.
    """

    def __init__(
        self, network: Network, task: Task, layout: Layout, said: Array, targets: Array
    ) -> None:
        self.loss, self.task, self.layout = network.loss, task, layout
        self.said, self.targets = said, targets
        output = network.dense[-1].activation
        self.logits = stores_logits(network.loss, output)
        factor = error_factor(network.loss, said.shape[-2])
        self.squared = None if factor is None or layout.spare else factor / 2
        self.labelled = (
            isinstance(network.loss, CategoricalCrossEntropy)
            and isinstance(output, Softmax)
            and task == "classification"
            and said.flags.c_contiguous
        )
        self._cells = self._first_cells() if self.labelled else None

    def _first_cells(self) -> Array:
        """Return where each row's output for class 0 stands in the store, slot by slot."""
        slots, (*_, units, block) = len(self.said), self.said.shape
        row = np.arange(self.layout.rows)
        within = row // block * units * block + row % block
        return np.arange(slots)[:, None] * self.said[0].size + within

    def rows(self, store: Array) -> Array:
        """Return what is stored of some slots as (rows, outputs)."""
        by_row = transposed(store).reshape(len(store), -1, store.shape[-2])
        return by_row[:, : self.layout.rows].reshape(-1, store.shape[-2])

    def score(self, slots: slice, labels: Array | None) -> Score:
        """Score the batches in these slots; `labels` are the classes of their rows."""
        if self.labelled and labels is not None:
            score = self._labelled(slots, labels)
            if score is not None:
                return score
        said, targets = self.said[slots], self.targets[slots]
        if self.squared is not None:
            error = said - targets
            flat = error.reshape(-1)
            loss = self.squared * float(flat.dot(flat))
            if self.task == "regression":
                return Score(loss)
            return Score(loss, self._right(said, targets))
        a, y = self.rows(said), self.rows(targets)
        losses = self.loss.value_of_logits(a, y) if self.logits else self.loss.value(a, y)
        return Score(float(losses.sum(dtype=np.float64)), self._right(said, targets))

    def _right(self, said: Array, targets: Array) -> int:
        if self.task == "binary" and not self.layout.spare:
            right = (said >= (0.0 if self.logits else 0.5)) == (targets >= 0.5)
            return int(np.count_nonzero(right))
        threshold = 0.0 if self.logits else 0.5
        return count_right(self.rows(said), self.rows(targets), self.task, threshold)

    def _labelled(self, slots: slice, labels: Array) -> Score | None:
        """Score one-hot targets from the probability of the right class; None on a tie."""
        assert self._cells is not None
        stride = self.said.shape[-1]
        cells = self._cells[slots].reshape(-1) + labels * stride
        of_right = self.said.reshape(-1).take(cells, mode="clip")
        said = self.said[slots]
        largest = np.maximum.reduce(said, axis=-2)
        ties = np.count_nonzero(said == largest[..., None, :]) != largest.size
        if ties:
            return None
        largest = largest.reshape(len(said), -1)[:, : self.layout.rows].reshape(-1)
        loss = -float(np.log(of_right).sum(dtype=np.float64))
        return Score(loss, int(np.count_nonzero(of_right == largest)))
