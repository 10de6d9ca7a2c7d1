"""Rows to learn from: scaled, split, and ready for a network.

:func:`load` makes a :class:`Dataset` of what an experiment declares;
:meth:`Dataset.from_arrays` makes one of a user's own arrays. What can be chosen stands in
:mod:`engine.data_sources` and :mod:`engine.toy_data`.
"""

from __future__ import annotations  # numpy.random is slow to import, and only named here

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

import engine.drawn_data
import engine.my_digits
import engine.table_data
import engine.toy_data  # noqa: F401  (their sources register themselves)
from engine.checks import check_features, check_inputs, check_targets
from engine.data_sources import SOURCES, Array, Digits, Scaling, Source, Task
from engine.digits.fresh_copies import FreshCopies
from engine.knobs import SettingError
from engine.metrics import as_labels

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
    target_scaling : Scaling or None
        The same of numbers to be predicted, for which the targets here are what the network sees.
    target_name : str
        What a single output stands for.
    fresh : FreshCopies or None
        Where each epoch gets its rows from, if they are augmented.
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
    target_scaling: Scaling | None = None
    target_name: str = "output"
    fresh: FreshCopies | None = None

    @property
    def features(self) -> int:
        """Number of inputs of the network."""
        return self.x_train.shape[1]

    @property
    def outputs(self) -> int:
        """Number of outputs of the network."""
        return self.y_train.shape[1]

    @property
    def held_back(self) -> bool:
        """Whether there are rows for testing."""
        return len(self.x_test) > 0

    @property
    def shown_rows(self) -> tuple[Array, Array]:
        """The rows that are looked at one by one, and their targets: for testing, if there are."""
        return (self.x_test, self.y_test) if self.held_back else (self.x_train, self.y_train)

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
        target_scaling: Scaling | None = None,
        test_fraction: float = 0.0,
        validation_fraction: float = 0.0,
        split_seed: int = 42,
        stratify: bool = False,
    ) -> Dataset:
        """Check a user's own arrays and make a data set of them.

        Parameters
        ----------
        x : array-like of numbers, shape (n, features)
            Raw inputs: finite, at least one row.
        y : array-like, shape (n,) or (n, outputs)
            Classification: labels of any kind, or one-hot rows; with `class_names`, labels are
            the numbers 0 … k−1. Binary: two labels, or numbers in [0, 1]. Regression: finite
            numbers.
        scaling, target_scaling : Scaling or None
            Applied to `x`, and to the numbers of a regression, before they are split.
        test_fraction, validation_fraction, split_seed, stratify
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
        targets, found = check_targets(y, len(inputs), task, class_names)
        names = check_features(inputs.shape[1], feature_names, image_shape)
        if scaling is not None:
            inputs = scaling.apply(inputs)
        if target_scaling is not None:
            targets = target_scaling.apply(targets)
        labels = as_labels(targets) if stratify and task != "regression" else None
        train, validation, test = split(
            len(inputs), test_fraction, validation_fraction, split_seed, labels
        )
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
            target_scaling=target_scaling,
        )

    def tested_on_last(self, rows: int) -> Dataset:
        """Return a copy that keeps the last training rows for testing."""
        last = len(self.x_train) - rows
        return replace(
            self,
            x_train=_frozen(self.x_train[:last]),
            y_train=_frozen(self.y_train[:last]),
            x_test=_frozen(self.x_train[last:]),
            y_test=_frozen(self.y_train[last:]),
        )

    def with_rows(self, x: Array, y: Array) -> Dataset:
        """Return a copy that trains on more rows of the same kind, raw ones."""
        inputs = check_inputs(x)
        targets, _names = check_targets(y, len(inputs), self.task, self.class_names)
        if self.scaling is not None:
            inputs = self.scaling.apply(inputs)
        if self.target_scaling is not None:
            targets = self.target_scaling.apply(targets)
        return replace(
            self,
            x_train=_frozen(np.concatenate([self.x_train, inputs])),
            y_train=_frozen(np.concatenate([self.y_train, targets])),
        )


@lru_cache(maxsize=8)
def load(spec: DataSpec) -> Dataset:
    """Make, scale and split what `spec` declares; the same spec gives the same object.

    Raises
    ------
    SettingError
        When the fractions held back leave no row to train on.
    """
    source = spec.source
    raw, answers = source.rows()
    split_rows = len(raw) - source.trained
    data = Dataset.from_arrays(
        raw[:split_rows],
        answers[:split_rows],
        task=source.task,
        name=source.title,
        feature_names=source.feature_names,
        class_names=source.class_names,
        image_shape=source.image_shape,
        scaling=source.scaling(raw),
        target_scaling=source.target_scaling(answers[:, None]),
        test_fraction=spec.test_fraction if source.divisible else 0.0,
        validation_fraction=spec.validation_fraction if source.divisible else 0.0,
        split_seed=spec.split_seed,
        stratify=spec.stratify,
    )
    data = replace(data, target_name=source.target_name)
    if source.trained:
        data = data.with_rows(raw[split_rows:], answers[split_rows:])
    if source.tested:
        data = data.tested_on_last(source.tested)
    return replace(data, fresh=FreshCopies(data)) if source.augmented else data


def split(
    n: int,
    test_fraction: float,
    validation_fraction: float,
    seed: int,
    labels: NDArray[np.intp] | None = None,
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Deal `n` rows out to training, validation and testing.

    The test rows, and without validation the training rows, are those that scikit-learn's
    ``train_test_split(test_size=test_fraction, random_state=seed)`` deals, in the same order.
    With `labels`, one per row, each part gets every class's share of rows, as nearly as that
    can be; the rows are those that scikit-learn deals with ``stratify=labels``. Nothing is
    shuffled where nothing is held back.

    >>> train, validation, test = split(10, test_fraction=0.2, validation_fraction=0.1, seed=42)
    >>> train, validation, test
    (array([0, 7, 2, 9, 4, 3, 6]), array([5]), array([8, 1]))
    """
    for name, fraction in (
        ("test_fraction", test_fraction),
        ("validation_fraction", validation_fraction),
    ):
        if not 0 <= fraction < 1:
            raise SettingError(name, f"must be at least 0 and below 1, not {fraction}")
    n_test, n_validation = math.ceil(test_fraction * n), math.ceil(validation_fraction * n)
    held_back = n_test + n_validation
    if held_back >= n:
        raise SettingError(
            "test_fraction" if n_test >= n_validation else "validation_fraction",
            f"of {n} rows, {n_test} for testing and {n_validation} for validation "
            "leave none to train on",
        )
    order = np.random.RandomState(seed).permutation(n) if held_back else np.arange(n)
    if labels is not None and n_test:
        order = stratified(labels, n_test, seed)
    if labels is not None and n_validation:
        order[n_test:] = interleaved(order[n_test:], labels)
    return order[held_back:], order[n_test:held_back], order[:n_test]


def stratified(labels: NDArray[np.intp], n_test: int, seed: int) -> NDArray[np.intp]:
    """Return all rows, the `n_test` test rows first, with fair shares of every class.

    Draws the same random numbers in the same order as scikit-learn's StratifiedShuffleSplit.

    >>> stratified(np.array([0, 0, 0, 0, 1, 1]), n_test=3, seed=0)
    array([5, 1, 0, 2, 4, 3])
    """
    rng = np.random.RandomState(seed)
    _classes, labels, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    in_training = fair_shares(sizes, len(labels) - n_test, rng)
    in_test = fair_shares(sizes - in_training, n_test, rng)
    train, test = [], []
    for label, (kept, tested) in enumerate(zip(in_training, in_test, strict=True)):
        members = rng.permutation(np.flatnonzero(labels == label))
        train.append(members[:kept])
        test.append(members[kept : kept + tested])
    rest = rng.permutation(np.concatenate(train))
    return np.concatenate([rng.permutation(np.concatenate(test)), rest])


def fair_shares(
    sizes: NDArray[np.intp], draws: int, rng: np.random.RandomState
) -> NDArray[np.intp]:
    """Share `draws` out among classes in proportion to their sizes, ties at random.

    >>> fair_shares(np.array([6, 3, 1]), 5, np.random.RandomState(0))
    array([3, 1, 1])
    """
    exact = sizes / sizes.sum() * draws
    shares = np.floor(exact).astype(np.intp)
    remainders = exact - shares
    for remainder in np.unique(remainders)[::-1]:
        missing = draws - shares.sum()
        if not missing:
            break
        tied = np.flatnonzero(remainders == remainder)
        shares[rng.choice(tied, min(len(tied), missing), replace=False)] += 1
    return shares


def interleaved(order: NDArray[np.intp], labels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Move rows so that any stretch of them has nearly the classes' shares of the whole.

    >>> order = interleaved(np.arange(6), np.array([0, 0, 0, 0, 1, 1]))
    >>> order
    array([0, 4, 1, 2, 5, 3])
    """
    place = np.empty(len(order))  # of each row within its class, from 0 to 1
    for label in np.unique(labels[order]):
        members = np.flatnonzero(labels[order] == label)
        place[members] = (np.arange(len(members)) + 0.5) / len(members)
    return order[np.argsort(place, kind="stable")]


def _frozen(rows: Array) -> Array:
    rows = np.ascontiguousarray(rows)
    rows.setflags(write=False)
    return rows
