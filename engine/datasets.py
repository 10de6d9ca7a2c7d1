"""Rows to learn from: scaled, split, and ready for a network.

:func:`load` makes a :class:`Dataset` of what an experiment declares;
:meth:`Dataset.from_arrays` makes one of a user's own arrays. What can be chosen stands in
:mod:`engine.data_sources` and :mod:`engine.toy_data`.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import engine.toy_data  # noqa: F401  (its sources register themselves)
from engine.data_sources import SOURCES, Array, Digits, Scaling, Source, Task
from engine.knobs import SettingError

if TYPE_CHECKING:
    from engine.spec import DataSpec

__all__ = ["SOURCES", "Dataset", "Digits", "Scaling", "Source", "Task", "load", "split"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows for training, validation and testing.

    Attributes
    ----------
    name : str
        What people read.
    task : {'classification', 'binary', 'regression'}
        What the targets are: one-hot rows, one number in [0, 1], or any numbers.
    x_train, x_validation, x_test : ndarray of float64, shape (n, features)
        Inputs as the network sees them; read-only, C-contiguous, possibly without rows.
    y_train, y_validation, y_test : ndarray of float64, shape (n, outputs)
        Targets; likewise.
    feature_names, class_names : tuple of str
        One name per feature and, unless for regression, per class.
    image_shape : tuple of int or None
        Height and width, where the features are the pixels of a picture.
    scaling : Scaling or None
        How raw inputs became what the network sees; None where they are as they came.
    """

    name: str
    task: Task
    x_train: Array
    y_train: Array
    x_validation: Array
    y_validation: Array
    x_test: Array
    y_test: Array
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None
    scaling: Scaling | None = None

    @property
    def features(self) -> int:
        """Number of inputs of the network."""
        return self.x_train.shape[1]

    @property
    def outputs(self) -> int:
        """Number of outputs of the network."""
        return self.y_train.shape[1]

    @classmethod
    def from_arrays(
        cls,
        x: ArrayLike,
        y: ArrayLike,
        *,
        task: Task = "classification",
        name: str = "Your data",
        feature_names: tuple[str, ...] = (),
        class_names: tuple[str, ...] = (),
        image_shape: tuple[int, int] | None = None,
        scaling: Scaling | None = None,
        test_fraction: float = 0.0,
        validation_fraction: float = 0.0,
        split_seed: int = 42,
    ) -> "Dataset":
        """Check a user's own arrays and make a data set of them.

        Parameters
        ----------
        x : array-like of numbers, shape (n, features)
            Raw inputs: finite, at least one row.
        y : array-like, shape (n,) or (n, outputs)
            Classification: labels of any kind, or one-hot rows; with `class_names`, labels are
            the numbers 0 … k−1. Binary: two labels, or numbers in [0, 1]. Regression: finite
            numbers.
        scaling : Scaling or None
            Applied to `x` before it is split.
        test_fraction, validation_fraction, split_seed
            As in :class:`engine.spec.DataSpec`; by default every row is trained on.

        Raises
        ------
        ValueError
            Naming the argument, what came, and what is allowed.

        Examples
        --------
        >>> data = Dataset.from_arrays([[0.0], [1.0], [2.0]], ["low", "low", "high"])
        >>> data.class_names
        ('high', 'low')
        >>> data.y_train
        array([[0., 1.],
               [0., 1.],
               [1., 0.]])
        """
        inputs = check_inputs(x)
        if task not in _TARGETS:
            raise ValueError(f"task must be one of {', '.join(_TARGETS)}; not {task!r}")
        targets, found = _TARGETS[task](_answers(y, len(inputs)), class_names)
        names = feature_names or tuple(f"x{index + 1}" for index in range(inputs.shape[1]))
        _check_names(inputs, names, image_shape)
        if scaling is not None:
            inputs = scaling.apply(inputs)
        train, validation, test = split(len(inputs), test_fraction, validation_fraction, split_seed)
        return cls(
            name=name,
            task=task,
            x_train=_frozen(inputs[train]),
            y_train=_frozen(targets[train]),
            x_validation=_frozen(inputs[validation]),
            y_validation=_frozen(targets[validation]),
            x_test=_frozen(inputs[test]),
            y_test=_frozen(targets[test]),
            feature_names=names,
            class_names=found,
            image_shape=image_shape,
            scaling=scaling,
        )


@lru_cache(maxsize=8)
def load(spec: "DataSpec") -> Dataset:
    """Make, scale and split what `spec` declares; the same spec gives the same object.

    Raises
    ------
    SettingError
        When the fractions held back leave no row to train on.
    """
    source = spec.source
    raw, answers = source.rows()
    return Dataset.from_arrays(
        raw,
        answers,
        task=source.task,
        name=source.label,
        feature_names=source.feature_names,
        class_names=source.class_names,
        image_shape=source.image_shape,
        scaling=source.scaling(raw),
        test_fraction=spec.test_fraction if source.divisible else 0.0,
        validation_fraction=spec.validation_fraction if source.divisible else 0.0,
        split_seed=spec.split_seed,
    )


def split(
    n: int, test_fraction: float, validation_fraction: float, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Deal `n` rows out to training, validation and testing.

    The test rows, and without validation the training rows, are those that scikit-learn's
    ``train_test_split(test_size=test_fraction, random_state=seed)`` deals, in the same order.
    Nothing is shuffled where nothing is held back.

    >>> train, validation, test = split(10, test_fraction=0.2, validation_fraction=0.1, seed=42)
    >>> train, validation, test
    (array([0, 7, 2, 9, 4, 3, 6]), array([5]), array([8, 1]))
    """
    n_test, n_validation = math.ceil(test_fraction * n), math.ceil(validation_fraction * n)
    held_back = n_test + n_validation
    if held_back >= n:
        raise SettingError(
            "test_fraction" if n_test >= n_validation else "validation_fraction",
            f"of {n} rows, {n_test} for testing and {n_validation} for validation "
            "leave none to train on",
        )
    order = np.random.RandomState(seed).permutation(n) if held_back else np.arange(n)
    return order[held_back:], order[n_test:held_back], order[:n_test]


# ---------------------------------------------------------------- checks


def came(value: Any) -> str:
    """Say what came, to follow 'must be …,'."""
    return f"not one of shape {np.shape(value)}" if np.ndim(value) else f"not {value!r}"


def as_numbers(value: ArrayLike, argument: str) -> Array:
    """Return `value` as finite float64, or raise a ValueError that names `argument`."""
    try:
        numbers = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(
            f"{argument} must be a table of numbers; it holds something else"
        ) from None
    if not np.isfinite(numbers).all():
        place = tuple(int(index) for index in np.argwhere(~np.isfinite(numbers))[0])
        raise ValueError(f"{argument} must be finite; at {place} it is {numbers[place]}")
    return numbers


def check_inputs(x: ArrayLike, argument: str = "x") -> Array:
    """Return inputs as float64 of shape (n, features), or raise a ValueError for people."""
    inputs = as_numbers(x, argument)
    if inputs.ndim != 2 or inputs.size == 0:
        raise ValueError(
            f"{argument} must have shape (rows, features) with at least one of each, {came(x)}"
        )
    return inputs


def _check_names(
    inputs: Array, feature_names: tuple[str, ...], image_shape: tuple[int, int] | None
) -> None:
    features = inputs.shape[1]
    if len(feature_names) != features:
        raise ValueError(
            f"feature_names must be {features}, one a column; not {len(feature_names)}"
        )
    if image_shape is not None and math.prod(image_shape) != features:
        raise ValueError(f"image_shape must hold {features} pixels, not {image_shape}")


def _answers(y: ArrayLike, rows: int) -> NDArray[Any]:
    try:
        answers = np.asarray(y)
    except ValueError:
        raise ValueError("y must be a list or a table; its rows are of different lengths") from None
    if answers.ndim not in (1, 2) or len(answers) != rows:
        raise ValueError(f"y must have one entry per row of x ({rows}), {came(answers)}")
    return answers


def _one_hot_targets(y: NDArray[Any], names: tuple[str, ...]) -> tuple[Array, tuple[str, ...]]:
    if y.ndim == 2 and y.shape[1] > 1:
        return _checked_one_hot(y, names)
    labels, names = _labels(y, names)
    if len(names) < 2:
        raise ValueError(f"y holds one class only ({names[0]}); there must be at least two")
    return np.eye(len(names))[labels], names


def _checked_one_hot(y: NDArray[Any], names: tuple[str, ...]) -> tuple[Array, tuple[str, ...]]:
    targets = as_numbers(y, "y")
    if ((targets != 0) & (targets != 1)).any() or (targets.sum(axis=1) != 1).any():
        raise ValueError("y must be labels, or rows with a single 1 and otherwise 0")
    names = names or tuple(str(index) for index in range(targets.shape[1]))
    if len(names) != targets.shape[1]:
        raise ValueError(f"class_names must be {targets.shape[1]}, one a column; not {len(names)}")
    return targets, names


def _labels(y: NDArray[Any], names: tuple[str, ...]) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Return labels as numbers 0 … k−1, and the names of the classes."""
    if not names:
        values = y.ravel()
        if values.dtype.kind in "fc":
            as_numbers(values, "y")
        classes, labels = np.unique(values, return_inverse=True)
        return labels, tuple(str(each) for each in classes)
    numbers = as_numbers(y, "y").ravel()
    wrong = (numbers < 0) | (numbers >= len(names)) | (numbers != numbers.round())
    if wrong.any():
        raise ValueError(
            f"y must be whole numbers from 0 to {len(names) - 1}, one of {len(names)} classes; "
            f"not {numbers[wrong][0]:g}"
        )
    return numbers.astype(np.intp), names


def _binary_targets(y: NDArray[Any], names: tuple[str, ...]) -> tuple[Array, tuple[str, ...]]:
    if y.dtype.kind in "biuf" and (names or _within_unit_interval(y)):
        return _probabilities(y), names or ("0", "1")
    labels, found = _labels(y, ())
    if len(found) != 2:
        raise ValueError(
            f"y must hold two classes, or numbers between 0 and 1; it holds {len(found)} "
            f"different values"
        )
    return labels.reshape(-1, 1).astype(np.float64), found


def _within_unit_interval(values: NDArray[Any]) -> bool:
    return bool(((values >= 0) & (values <= 1)).all() and values.min() < values.max())


def _probabilities(values: NDArray[Any]) -> Array:
    numbers = as_numbers(values, "y").reshape(-1, 1)
    outside = (numbers < 0) | (numbers > 1)
    if outside.any():
        raise ValueError(f"y must be between 0 and 1; not {numbers[outside][0]:g}")
    return numbers


def _number_targets(y: NDArray[Any], names: tuple[str, ...]) -> tuple[Array, tuple[str, ...]]:
    if names:
        raise ValueError("class_names must be left out for regression")
    targets = as_numbers(y, "y")
    return targets.reshape(len(targets), -1), ()


_TARGETS = {
    "classification": _one_hot_targets,
    "binary": _binary_targets,
    "regression": _number_targets,
}


def _frozen(rows: Array) -> Array:
    rows = np.ascontiguousarray(rows)
    rows.setflags(write=False)
    return rows
