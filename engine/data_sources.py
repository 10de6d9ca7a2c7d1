"""Where rows come from: the digits, the truth tables, a single point.

A data set is one class: subclass :class:`Source` (or :class:`engine.toy_data.Scatter` for
points drawn at random), decorate it with ``SOURCES.register``, and it can be chosen in the
window, on the command line and in files.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from engine.knobs import Declared, Flag, OneOf, Real, Registry, knob

Array = NDArray[np.float64]
Task = Literal["classification", "binary", "regression"]

RESOURCES = Path(__file__).resolve().parents[1] / "resources"


@dataclass(frozen=True, eq=False)
class Scaling:
    """A linear change of units, feature by feature: ``scaled = (raw - offset) * factor``.

    >>> pixels = Scaling(np.zeros(2), np.full(2, 1 / 16))
    >>> pixels.apply(np.array([[16.0, 4.0]]))
    array([[1.  , 0.25]])
    >>> pixels.invert(np.array([[1.0, 0.25]]))
    array([[16.,  4.]])
    """

    offset: Array
    factor: Array

    def apply(self, raw: Array) -> Array:
        """Turn raw rows, shape (n, features), into what the network sees."""
        return (raw - self.offset) * self.factor

    def invert(self, scaled: Array) -> Array:
        """Turn what the network sees back into raw rows."""
        return scaled / self.factor + self.offset

    @classmethod
    def to_unit_interval(cls, raw: Array) -> "Scaling":
        """Bring every feature's smallest value to 0 and its largest to 1.

        A feature that never changes is only shifted, as scikit-learn's MinMaxScaler does it.
        """
        low = raw.min(axis=0)
        span = raw.max(axis=0) - low
        return cls(low, 1 / np.where(span > 0, span, 1.0))

    @classmethod
    def standard(cls, raw: Array) -> "Scaling":
        """Bring every feature to mean 0 and standard deviation 1; one that never changes to 0."""
        spread = raw.std(axis=0)
        return cls(raw.mean(axis=0), 1 / np.where(spread > 0, spread, 1.0))


class Source(Declared, ABC):
    """A data set before it is scaled and split.

    Attributes
    ----------
    name, label, about : str
        The name in files, the name people read, and a sentence about it.
    task : {'classification', 'binary', 'regression'}
        Classification has labels 0 … k−1, binary one output between 0 and 1, regression numbers.
    feature_names, class_names : tuple of str
        What the inputs and the classes are called; numbered where left empty.
    image_shape : tuple of int or None
        Height and width, where the features are the pixels of a picture.
    divisible : bool
        False where every row is needed, as in a truth table: none is held back.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    about: ClassVar[str]
    task: ClassVar[Task]
    feature_names: ClassVar[tuple[str, ...]] = ()
    class_names: ClassVar[tuple[str, ...]] = ()
    image_shape: ClassVar[tuple[int, int] | None] = None
    divisible: ClassVar[bool] = True

    @property
    def title(self) -> str:
        """What people read where it is in use."""
        return self.label

    @property
    def target_name(self) -> str:
        """What a single output stands for."""
        return "output"

    @property
    def tested(self) -> int:
        """How many rows, the last, the data set itself keeps for testing."""
        return 0

    @property
    def trained(self) -> int:
        """How many rows, the last, are trained on however the others are split."""
        return 0

    @property
    def augmented(self) -> bool:
        """Whether the training rows are mixed with augmented copies of them."""
        return False

    @abstractmethod
    def rows(self) -> tuple[Array, Array]:
        """Return raw inputs, shape (n, features), and labels or numbers, shape (n,)."""

    def scaling(self, raw: Array) -> Scaling | None:
        """Return how `raw` inputs are scaled for the network; None leaves them alone."""
        return None

    def target_scaling(self, raw: Array) -> Scaling | None:
        """Return the same for raw numbers to be predicted, shape (n, 1)."""
        return None


SOURCES: Registry[Source] = Registry("data set", Source)


@SOURCES.register
@dataclass(frozen=True)
class Digits(Source):
    """Handwritten digits: 1,797 pictures of 8×8 pixels, each 0 (paper) to 16 (ink).

    The test part of "Optical Recognition of Handwritten Digits" (Alpaydin and Kaynak, 1998,
    doi:10.24432/C50P49, CC BY 4.0), in the order of scikit-learn's ``load_digits``. It is
    shipped as ``resources/digits.npz``, made by::

        python -c "import numpy as np; from sklearn.datasets import load_digits; d = load_digits();
        np.savez_compressed('resources/digits.npz', pixels=d.data.astype('u1'),
        labels=d.target.astype('u1'))"
    """

    name: ClassVar[str] = "digits"
    label: ClassVar[str] = "Handwritten digits"
    about: ClassVar[str] = "1,797 pictures of 8 by 8 pixels, written by 13 people."
    task: ClassVar[Task] = "classification"
    feature_names: ClassVar[tuple[str, ...]] = tuple(
        f"row {pixel // 8}, column {pixel % 8}" for pixel in range(64)
    )
    class_names: ClassVar[tuple[str, ...]] = tuple("0123456789")
    image_shape: ClassVar[tuple[int, int] | None] = (8, 8)

    scale: str = knob(
        "sixteenths",
        label="Pixels",
        help="Divide every pixel by 16, or stretch each pixel's own range to 0 … 1.",
        domain=OneOf({"sixteenths": "divided by 16", "minmax": "each stretched to 0 … 1"}),
    )
    augment: bool = knob(
        False,
        label="Vary the handwriting",
        help="Bend, turn and thin the training digits anew in every epoch, as people write them: "
        "drawings are read far better. The test digits stay as they are.",
        domain=Flag(),
    )

    @property
    def augmented(self) -> bool:
        return self.augment

    def rows(self) -> tuple[Array, Array]:
        with np.load(RESOURCES / "digits.npz") as file:
            return file["pixels"].astype(np.float64), file["labels"].astype(np.float64)

    def scaling(self, raw: Array) -> Scaling:
        if self.scale == "minmax":
            return Scaling.to_unit_interval(raw)
        return Scaling(np.zeros(64), np.full(64, 1 / 16))


class TruthTable(Source):
    """A few rows of zeros and ones, all of them needed, and the answer to each."""

    task: ClassVar[Task] = "binary"
    feature_names: ClassVar[tuple[str, ...]] = ("x₁", "x₂", "x₃")
    class_names: ClassVar[tuple[str, ...]] = ("0", "1")
    divisible: ClassVar[bool] = False
    inputs: ClassVar[tuple[tuple[int, ...], ...]] = ((0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1))
    answers: ClassVar[tuple[int, ...]]

    def rows(self) -> tuple[Array, Array]:
        return np.array(self.inputs, np.float64), np.array(self.answers, np.float64)


@SOURCES.register
@dataclass(frozen=True)
class FirstInputTable(TruthTable):
    name: ClassVar[str] = "first_input"
    label: ClassVar[str] = "Truth table: the first input"
    about: ClassVar[str] = "The answer is the first input; the third is always 1, like a bias."
    answers: ClassVar[tuple[int, ...]] = (0, 0, 1, 1)


@SOURCES.register
@dataclass(frozen=True)
class XorTable(TruthTable):
    name: ClassVar[str] = "xor_table"
    label: ClassVar[str] = "Truth table: either, not both"
    about: ClassVar[str] = "Exclusive or: no single layer can learn it. The third input is 1."
    answers: ClassVar[tuple[int, ...]] = (0, 1, 1, 0)


@SOURCES.register
@dataclass(frozen=True)
class SinglePoint(Source):
    """One row with two inputs, to follow one update by hand."""

    name: ClassVar[str] = "single_point"
    label: ClassVar[str] = "A single point"
    about: ClassVar[str] = "One row of your choice: small enough to check every number by hand."
    task: ClassVar[Task] = "binary"
    feature_names: ClassVar[tuple[str, ...]] = ("x₁", "x₂")
    class_names: ClassVar[tuple[str, ...]] = ("0", "1")
    divisible: ClassVar[bool] = False

    x1: float = knob(0.6, label="x₁", help="The first input.", domain=Real(-1000, 1000))
    x2: float = knob(-0.4, label="x₂", help="The second input.", domain=Real(-1000, 1000))
    y: float = knob(1.0, label="True y", help="What should come out.", domain=Real(0, 1))

    def rows(self) -> tuple[Array, Array]:
        return np.array([[self.x1, self.x2]]), np.array([self.y])
