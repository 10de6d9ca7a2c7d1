"""How good predictions are.

Labels are whole numbers 0 … k−1; :func:`as_labels` makes them of a network's outputs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Labels = NDArray[np.intp]
Reals = NDArray[np.floating]


def as_labels(outputs: ArrayLike) -> Labels:
    """Return the class that each row of outputs, or of targets, stands for.

    Parameters
    ----------
    outputs : array-like, shape (n, outputs) or (n,)
        One column of probabilities is read as yes or no, decided at one half; of several
        columns the largest wins, the first among equals.

    >>> as_labels([[0.1, 0.9], [0.8, 0.2]]), as_labels([[0.7], [0.2]])
    (array([1, 0]), array([1, 0]))
    """
    outputs = np.asarray(outputs)
    if outputs.ndim == 2 and outputs.shape[1] > 1:
        return outputs.argmax(axis=1)
    return (outputs.reshape(-1) >= 0.5).astype(np.intp)


def accuracy(true: ArrayLike, predicted: ArrayLike) -> float:
    """Return the share of labels predicted right; NaN of no rows.

    >>> accuracy([0, 1, 2, 2], [0, 1, 1, 2])
    0.75
    """
    true, predicted = _pair(true, predicted)
    return float((true == predicted).mean()) if len(true) else np.nan


def confusion_matrix(true: ArrayLike, predicted: ArrayLike, classes: int) -> NDArray[np.intp]:
    """Count how often each class (row) was taken for each class (column).

    >>> confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1], classes=2)
    array([[1, 1],
           [0, 2]])
    """
    true, predicted = _pair(true, predicted)
    for argument, labels in (("true", true), ("predicted", predicted)):
        if len(labels) and not 0 <= labels.min() <= labels.max() < classes:
            outside = labels[(labels < 0) | (labels >= classes)][0]
            raise ValueError(f"{argument} must be labels from 0 to {classes - 1}, not {outside}")
    cells = true.astype(np.intp) * classes + predicted.astype(np.intp)
    return np.bincount(cells, minlength=classes**2).reshape(classes, classes)


@dataclass(frozen=True, eq=False)
class ClassScores:
    """How well each class is recognised.

    Attributes
    ----------
    precision : ndarray, shape (classes,)
        Of the rows said to be of the class, the share that are: TP / (TP + FP).
    recall : ndarray, shape (classes,)
        Of the rows of the class, the share that were found: TP / (TP + FN).
    f1 : ndarray, shape (classes,)
        Their harmonic mean: 2 TP / (2 TP + FP + FN).
    support, predicted : ndarray, shape (classes,)
        Number of rows that are of the class, and that were said to be.

    A share of no rows at all counts as 0, as in scikit-learn.
    """

    precision: Reals
    recall: Reals
    f1: Reals
    support: NDArray[np.intp]
    predicted: NDArray[np.intp]

    @property
    def macro(self) -> tuple[float, float, float]:
        """Precision, recall and F1 averaged over the classes, each counting the same.

        Classes that neither occur nor are predicted stay out of the mean.
        """
        occurs = (self.support > 0) | (self.predicted > 0)
        shares = (self.precision, self.recall, self.f1)
        if not occurs.any():
            return (np.nan, np.nan, np.nan)
        return tuple(float(share[occurs].mean()) for share in shares)  # type: ignore[return-value]


def precision_recall_f1(confusion: ArrayLike) -> ClassScores:
    """Score every class of a :func:`confusion_matrix`.

    >>> scores = precision_recall_f1([[1, 1], [0, 2]])
    >>> scores.precision.round(3), scores.recall
    (array([1.   , 0.667]), array([0.5, 1. ]))
    >>> scores.f1.round(3)
    array([0.667, 0.8  ])
    """
    confusion = np.asarray(confusion)
    right, support, predicted = confusion.diagonal(), confusion.sum(axis=1), confusion.sum(axis=0)
    return ClassScores(
        precision=_share(right, predicted),
        recall=_share(right, support),
        f1=_share(2 * right, predicted + support),
        support=support,
        predicted=predicted,
    )


def r2(true: ArrayLike, predicted: ArrayLike) -> float:
    """Return R², the share of the targets' variance that is explained.

    1 − Σ(y − ŷ)² / Σ(y − ȳ)², for several outputs the mean of theirs. 1 is perfect, 0 no better
    than always saying the mean. Where the targets never vary it is 1 if they are met exactly
    and 0 if not, as in scikit-learn; NaN of fewer than two rows.

    >>> round(r2([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]), 4)
    0.9486
    """
    true, predicted = _pair(true, predicted)
    if len(true) < 2:
        return np.nan
    missed = ((true - predicted) ** 2).sum(axis=0)
    varies = ((true - true.mean(axis=0)) ** 2).sum(axis=0)
    varies = np.where(np.ptp(true, axis=0) > 0, varies, 0)  # the mean of equals may be rounded
    constant = np.where(missed == 0, 1.0, 0.0)
    explained = 1 - missed / np.where(varies > 0, varies, 1)
    return float(np.where(varies > 0, explained, constant).mean())


def rmse(true: ArrayLike, predicted: ArrayLike) -> float:
    """Return the root mean squared error, √(Σ(y − ŷ)² / n), in the targets' own units.

    The size of a typical error; large ones count for more. NaN of no rows.

    >>> rmse([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0])
    0.6123724356957945
    """
    true, predicted = _pair(true, predicted)
    return float(np.sqrt(((true - predicted) ** 2).mean())) if true.size else np.nan


def _share(part: NDArray[np.intp], whole: NDArray[np.intp]) -> Reals:
    return part / np.maximum(whole, 1)


def _pair(true: ArrayLike, predicted: ArrayLike) -> tuple[NDArray, NDArray]:
    true, predicted = np.asarray(true), np.asarray(predicted)
    if true.shape != predicted.shape:
        raise ValueError(
            f"true and predicted must be of one shape, not {true.shape} and {predicted.shape}"
        )
    return true, predicted
