"""The engine as scikit-learn estimators.

:class:`NetworkClassifier` and :class:`NetworkRegressor` take the parameters of scikit-learn's
MLPClassifier and MLPRegressor where they mean the same, so that swapping the import is
enough. They translate their parameters into an :class:`~engine.spec.Experiment` and leave the
training to :class:`~engine.trainer.Trainer`.

What differs from scikit-learn's:

- ``solver`` is any optimizer of the engine, by name or as an object; there is no 'lbfgs'.
- ``learning_rate`` is any schedule of the engine; there is no 'invscaling' or 'adaptive', and
  so no ``power_t``. ``max_fun`` belongs to 'lbfgs'.
- ``early_stopping`` watches the loss of the rows held out, not their score, and takes any
  improvement for one.
- Adam's ``epsilon`` is added after the bias correction, as in the paper.
- ``alpha`` is divided by the batch size also for a last batch that is smaller.
- Biases start at 0. ``loss_curve_`` leaves the penalties out and, for several outputs of a
  regression, adds them up, as the gradient does.
- Rows cannot be weighted, nor several labels given to one row.
"""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import ClassifierMixin, MultiOutputMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets

from engine.datasets import Task
from engine.estimator_base import Array, NetworkEstimator
from engine.losses import HalfSumOfSquares


class NetworkClassifier(ClassifierMixin, NetworkEstimator):
    """A neural network that tells classes apart; usable like scikit-learn's MLPClassifier.

    Two classes get one sigmoid output, more get a softmax, either with cross-entropy.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int
        Neurons of each hidden layer.
    activation : str or Activation
        Of the hidden layers, by its name in the engine or in scikit-learn.
    solver : str or Optimizer
    alpha : float
        L2 penalty; it adds ½·alpha·Σw², divided by the rows of a batch, to the loss.
    batch_size : int, 'auto' or None
        Rows per update; 'auto' is at most 200, None is all of them.
    learning_rate : str or Schedule
        How the learning rate changes as the training goes on.
    learning_rate_init : float
    max_iter : int
        Most epochs to train for.
    shuffle : bool
    random_state : int, RandomState or None
        Decides weights, batches and validation rows.
    tol, n_iter_no_change : float, int
        The training ends when the loss has not fallen by `tol` for more epochs than these.
    verbose, warm_start : bool
        Print each epoch's loss; take up the training where the last ``fit`` ended.
    momentum, nesterovs_momentum, beta_1, beta_2, epsilon : float or bool
        Of the solver, where it has one of that kind.
    early_stopping, validation_fraction : bool, float
        Hold out that share of the rows, stop when their loss has not fallen for
        `n_iter_no_change` epochs, and go back to the best weights.
    loss : str, Loss or None
        None is cross-entropy.
    initializer : str or Initializer
    dropout, l1 : float
        Share of each hidden layer that sits out a step; L1 penalty.
    clip_norm : float or None
        Longest gradient; longer ones are shortened.

    Attributes
    ----------
    classes_ : ndarray
    coefs_, intercepts_ : list of ndarray (fan_in, fan_out), (fan_out,)
    loss_curve_, validation_loss_curve_ : list of float
        Each epoch's loss; the second with `early_stopping` only.
    loss_, best_loss_ : float
        The last and the least of them.
    n_iter_, n_layers_, n_outputs_ : int
        Epochs; layers of neurons, the inputs included; outputs.
    out_activation_ : str

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = NetworkClassifier(16, learning_rate_init=0.02, random_state=0).fit(X, y)
    >>> bool(model.score(X, y) > 0.95)
    True
    """

    classes_: Array

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train on rows `X`, shape (n, features), and their labels `y`, shape (n,)."""
        X, y = self._checked(X, y, first=True)
        check_classification_targets(y)
        classes, labels = np.unique(y, return_inverse=True)
        if self.warm_start and hasattr(self, "classes_") and list(classes) != list(self.classes_):
            raise ValueError(f"y must hold the classes of the last fit, {self.classes_}")
        self._fit(X, labels, *task_of(classes))
        self.classes_ = classes
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Train for one more epoch; the first call must be told all `classes` there are."""
        known = getattr(self, "classes_", None) if classes is None else np.unique(classes)
        if known is None:
            raise ValueError("classes must be given at the first call of partial_fit")
        if list(known) != list(getattr(self, "classes_", known)):
            raise ValueError(f"classes must be those of the first call, {self.classes_}")
        X, y = self._checked(X, y, first=not hasattr(self, "classes_"))
        check_classification_targets(y)
        if len(unknown := np.setdiff1d(y, known)):
            raise ValueError(f"y must be among the classes {known}, not {unknown[0]}")
        self._partial_fit(X, np.searchsorted(known, y), *task_of(known))
        self.classes_ = known
        return self

    def predict_proba(self, X: ArrayLike) -> Array:
        """Return the probability of each class, shape (n, classes)."""
        outputs = self._outputs(X)
        return np.column_stack([1 - outputs, outputs]) if self.n_outputs_ == 1 else outputs

    def predict_log_proba(self, X: ArrayLike) -> Array:
        """Return the logarithm of each class's probability, shape (n, classes)."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X: ArrayLike) -> Array:
        """Return the likeliest class of each row, shape (n,)."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return self.classes_[likeliest]


class NetworkRegressor(MultiOutputMixin, RegressorMixin, NetworkEstimator):
    """A neural network that predicts numbers; usable like scikit-learn's MLPRegressor.

    Parameters and attributes are those of :class:`NetworkClassifier`, apart from the classes;
    the outputs are linear and ``loss=None`` is half the sum of squares.

    Examples
    --------
    >>> X = np.linspace(-3, 3, 200)[:, np.newaxis]
    >>> model = NetworkRegressor(32, activation="tanh", learning_rate_init=0.03, random_state=0)
    >>> bool(model.fit(X, np.sin(X[:, 0])).score(X, np.sin(X[:, 0])) > 0.95)
    True
    """

    _automatic_loss = HalfSumOfSquares()

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train on rows `X`, shape (n, features), and `y`, shape (n,) or (n, outputs)."""
        X, y = self._checked(X, y, first=True, multi_output=True, y_numeric=True)
        self._fit(X, y, "regression")
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train for one more epoch."""
        first = not hasattr(self, "_snapshot")
        X, y = self._checked(X, y, first=first, multi_output=True, y_numeric=True)
        self._partial_fit(X, y, "regression")
        return self

    def predict(self, X: ArrayLike) -> Array:
        """Return the numbers, shape (n,) for one output, (n, outputs) for several."""
        outputs = self._outputs(X)
        return outputs[:, 0] if self.n_outputs_ == 1 else outputs


def task_of(classes: Array) -> tuple[Task, tuple[str, ...]]:
    """Return the task of telling `classes` apart, and their names."""
    names = tuple(str(each) for each in classes)
    return ("binary" if len(names) == 2 else "classification"), names
