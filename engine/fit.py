"""Numbers that a network predicts beside the true ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data_sources import Array, Scaling
from engine.metrics import r2, rmse


@dataclass(frozen=True, eq=False)
class Fit:
    """How well numbers are predicted, row by row and altogether.

    Attributes
    ----------
    true, predicted : ndarray (rows,)
        y and ŷ, in the units that the data came in.
    r2 : float
        Share of the targets' variance that is explained, R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²; see
        :func:`engine.metrics.r2`.
    rmse : float
        Root mean squared error √(Σ(y − ŷ)² / n), in the same units.
    """

    true: Array
    predicted: Array
    r2: float
    rmse: float

    @classmethod
    def judge(cls, outputs: NDArray, targets: Array, scaling: Scaling | None = None) -> "Fit":
        """Hold outputs beside targets, (rows, 1) both.

        Parameters
        ----------
        outputs, targets : ndarray (rows, 1)
            As the network sees them.
        scaling : Scaling or None
            How the targets were scaled; what is returned is in their own units.

        Examples
        --------
        >>> scaling = Scaling(np.array([100.0]), np.array([0.1]))
        >>> fit = Fit.judge(np.array([[1.0], [2.0]]), np.array([[0.0], [2.0]]), scaling)
        >>> fit.true, fit.predicted
        (array([100., 120.]), array([110., 120.]))
        >>> fit.r2, round(fit.rmse, 3)
        (0.5, 7.071)
        """
        true, predicted = in_own_units(targets, scaling), in_own_units(outputs, scaling)
        return cls(true, predicted, r2(true, predicted), rmse(true, predicted))

    @property
    def farthest_first(self) -> NDArray[np.intp]:
        """The rows in the order of how far off they are, |y − ŷ|."""
        return np.argsort(-np.abs(self.true - self.predicted), kind="stable")


def in_own_units(values: NDArray, scaling: Scaling | None) -> Array:
    """Return a column of scaled targets or outputs, (rows, 1), as they were, (rows,).

    >>> in_own_units(np.array([[2.0]], np.float32), Scaling(np.array([1.0]), np.array([0.5])))
    array([5.])
    """
    values = values.astype(np.float64)  # a network's own may be too coarse for large numbers
    return (values if scaling is None else scaling.invert(values))[:, 0]
