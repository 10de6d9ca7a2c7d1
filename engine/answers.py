"""A network's answers to rows of data beside the true ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.metrics import ClassScores, as_labels, confusion_matrix, precision_recall_f1

Labels = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Answers:
    """How rows were classified.

    Attributes
    ----------
    true, predicted : ndarray (rows,) of int
        Labels from 0 on.
    certainty : ndarray (rows,)
        The probability given to the class predicted.
    confusion : ndarray (classes, classes) of int
        How often each class, the row, was taken for each class, the column.
    scores : ClassScores
        Precision, recall and F1 of every class.
    """

    true: Labels
    predicted: Labels
    certainty: NDArray[np.floating]
    confusion: NDArray[np.intp]
    scores: ClassScores

    @classmethod
    def judge(cls, outputs: np.ndarray, targets: np.ndarray) -> "Answers":
        """Hold outputs beside targets, (rows, outputs) both.

        >>> answers = Answers.judge(np.array([[0.9], [0.6]]), np.array([[1.0], [0.0]]))
        >>> answers.predicted, answers.misread
        (array([1, 1]), array([1]))
        """
        true, predicted = as_labels(targets), as_labels(outputs)
        confusion = confusion_matrix(true, predicted, max(2, targets.shape[1]))
        return cls(true, predicted, certainty(outputs), confusion, precision_recall_f1(confusion))

    @property
    def misread(self) -> Labels:
        """The rows whose answer is wrong, in order."""
        return np.flatnonzero(self.true != self.predicted)

    @property
    def accuracy(self) -> float:
        """Share of the rows that are right; NaN of no rows."""
        return float((self.true == self.predicted).mean()) if len(self.true) else np.nan


def certainty(outputs: np.ndarray) -> NDArray[np.floating]:
    """Return the probability given to the class predicted, (rows,).

    >>> certainty(np.array([[0.9], [0.2]]))
    array([0.9, 0.8])
    """
    if outputs.shape[1] > 1:
        return np.asarray(outputs.max(axis=1))
    yes = outputs[:, 0]
    return np.asarray(np.where(yes >= 0.5, yes, 1 - yes))
