"""What a user's own arrays must be; the messages are for people."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


_KINDS = {"U": "text", "S": "text", "O": "a mixture", "c": "complex numbers", "M": "dates"}


def came(value: Any) -> str:
    """Say what came, to follow 'must be …,'."""
    try:
        array = np.asarray(value)
    except ValueError:
        return "not rows of different lengths"
    if array.ndim == 0:
        return f"not {value!r}"
    held = _KINDS.get(array.dtype.kind, "numbers")
    return f"not {held} of shape {array.shape}"


def as_numbers(value: ArrayLike, argument: str) -> Array:
    """Return `value` as finite float64, or raise a ValueError that names `argument`."""
    try:
        numbers = np.array(value)
        numbers = numbers.astype(
            np.float64, casting="unsafe" if numbers.dtype == "O" else "same_kind"
        )
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{argument} must hold nothing but real numbers, {came(value)}") from None
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


def check_features(
    features: int, names: tuple[str, ...], image_shape: tuple[int, int] | None
) -> tuple[str, ...]:
    """Return one name per feature, or raise where names or picture do not fit them."""
    names = names or tuple(f"x{index + 1}" for index in range(features))
    if len(names) != features:
        raise ValueError(f"feature_names must be {features}, one a column; not {len(names)}")
    if image_shape is not None and math.prod(image_shape) != features:
        raise ValueError(f"image_shape must hold {features} pixels, not {image_shape}")
    return names


def check_targets(
    y: ArrayLike, rows: int, task: str, class_names: tuple[str, ...] = ()
) -> tuple[Array, tuple[str, ...]]:
    """Turn labels or numbers into targets, shape (rows, outputs), and the classes' names.

    `task` and `class_names` are those of :meth:`engine.datasets.Dataset.from_arrays`.
    """
    if task not in _TARGETS:
        raise ValueError(f"task must be one of {', '.join(_TARGETS)}; not {task!r}")
    return _TARGETS[task](_answers(y, rows), class_names)


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
        return _distinct(y.ravel())
    numbers = as_numbers(y, "y").ravel()
    wrong = (numbers < 0) | (numbers >= len(names)) | (numbers != numbers.round())
    if wrong.any():
        raise ValueError(
            f"y must be whole numbers from 0 to {len(names) - 1}, one of {len(names)} classes; "
            f"not {numbers[wrong][0]:g}"
        )
    return numbers.astype(np.intp), names


def _distinct(values: NDArray[Any]) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    if values.dtype.kind in "fc":
        values = as_numbers(values, "y")
    try:
        classes, labels = np.unique(values, return_inverse=True)
    except TypeError:
        raise ValueError("y must hold labels of one kind, all numbers or all text") from None
    return labels, tuple(f"{each:g}" if values.dtype.kind == "f" else str(each) for each in classes)


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
    targets = as_numbers(y.reshape(len(y), -1), "y")
    if targets.shape[1] == 0:
        raise ValueError("y must have at least one column")
    return targets, ()


_TARGETS = {
    "classification": _one_hot_targets,
    "binary": _binary_targets,
    "regression": _number_targets,
}
