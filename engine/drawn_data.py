"""Points put down by hand, or data sets changed by hand: kept as they are, one by one.

A drawn data set says itself which of its points are for testing, so that none changes sides
when another is added or removed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

import engine.toy_data  # noqa: F401  (its sources come first in every list)
from engine.data_sources import SOURCES, Array, Source, Task
from engine.knobs import Domain, Integer, Real, SettingError, knob

Point = tuple[float, ...]
CORNERS = (-5.0, -2.5, 2.5, 5.0)
MOST_POINTS = 10_000
PLACES = 4
"""Decimals that a coordinate keeps: finer than anyone can point."""
MOST_CLASSES = 6
"""More colours than these are hard to keep apart."""
CLASS = Integer(0, MOST_CLASSES - 1)


@dataclass(frozen=True)
class Points(Domain):
    """Points of so many numbers each: the coordinates, then the answer.

    >>> Points(3, answer=Real(0, 1)).check([[1, 2, 0]])
    ((1.0, 2.0, 0.0),)
    """

    numbers: int
    least: int = 1
    answer: Real = Real()

    def check(self, value: Any) -> tuple[Point, ...]:
        if not self.least and isinstance(value, list | tuple) and not value:
            return ()
        try:
            points = np.array(value, np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"must be {self.describe()}") from None
        right = points.ndim == 2 and points.shape[1] == self.numbers
        if not right or not self.least <= len(points) <= MOST_POINTS:
            raise ValueError(f"must be {self.describe()}")
        if not np.isfinite(points).all():
            raise ValueError(f"must be {self.describe()}")
        for answer in sorted(set(points[:, -1].tolist())):
            self.answer.check(answer)
        return tuple(map(tuple, points.tolist()))

    def parse(self, text: str) -> tuple[Point, ...]:
        return self.check([line.split() for line in text.split(";") if line.strip()])

    def describe(self) -> str:
        return f"{self.least} to {MOST_POINTS} points of {self.numbers} finite numbers each"


def points_knob(default: tuple[Point, ...], domain: Points) -> Any:
    """Declare points to train on, or with `least` 0 to test with."""
    kind = "Points" if domain.least else "Test points"
    about = "Put down, moved and removed in the data panel"
    return knob(
        default,
        label=kind,
        help=f"{about}." if domain.least else f"{about}; they are never trained on.",
        domain=domain,
    )


@dataclass(frozen=True)
class Drawn(Source):
    """Points of one's own, each with its answer: (coordinates …, answer).

    Attributes
    ----------
    points, test_points : tuple of tuple of float
        Those trained on, and those never trained on. They are numbered through, the ones
        trained on first.
    """

    divisible: ClassVar[bool] = False

    points: tuple[Point, ...] = points_knob((), Points(3))
    test_points: tuple[Point, ...] = points_knob((), Points(3, least=0))

    @property
    def tested(self) -> int:
        return len(self.test_points)

    def rows(self) -> tuple[Array, Array]:
        points = np.array(self.points + self.test_points)
        return points[:, :-1], points[:, -1]

    # ------------------------------------------------------------ changed copies

    @classmethod
    def of(cls, trained: ArrayLike, tested: ArrayLike, **settings: Any) -> Self:
        """Take points, (n, inputs + 1), from a data set that is there already."""
        return cls(points=_points(trained), test_points=_points(tested), **settings)

    def added(self, point: Sequence[float]) -> Self:
        """Return a copy with one more point to train on."""
        return replace(self, points=self.points + _points([point]))

    def moved(self, index: int, place: Sequence[float]) -> Self:
        """Return a copy with a point somewhere else; what `place` leaves out stays."""
        return self._with(index, lambda point: (moved_to(point, place),))

    def answered(self, index: int, answer: float) -> Self:
        """Return a copy in which a point, where it is, stands for something else."""
        return self._with(index, lambda point: (point[:-1] + _points([[answer]])[0],))

    def removed(self, index: int) -> Self:
        """Return a copy without a point.

        Raises
        ------
        ValueError
            When none would be left to train on.
        """
        if index == 0 and len(self.points) == 1:
            raise ValueError("The last point to train on cannot be removed.")
        return self._with(index, lambda point: ())

    def with_another_class(self) -> "Drawn":
        """Return the same points where one more class may join them.

        Raises
        ------
        ValueError
            When there are as many as there may be, or none at all.
        """
        raise ValueError("These points have no classes.")

    def _with(self, index: int, change: Callable[[Point], tuple[Point, ...]]) -> Self:
        points, name = self.points, "points"
        if index >= len(points):
            points, name, index = self.test_points, "test_points", index - len(points)
        new = points[:index] + change(points[index]) + points[index + 1 :]
        return replace(self, **{name: new})


def moved_to(point: Point, place: Sequence[float]) -> Point:
    """Return a point with its first numbers replaced.

    >>> moved_to((1.0, 2.0, 1.0), (3, 4))
    (3.0, 4.0, 1.0)
    """
    new = _points([place])[0]
    return new + point[len(new) :]


def _points(values: ArrayLike) -> tuple[Point, ...]:
    rows = np.round(np.asarray(values, np.float64), PLACES) + 0.0  # no minus zero
    return tuple(map(tuple, rows.tolist()))


@SOURCES.register
@dataclass(frozen=True)
class DrawnClasses(Drawn):
    name: ClassVar[str] = "drawn_classes"
    label: ClassVar[str] = "Your two classes"
    about: ClassVar[str] = "Points that you put down in the data panel, each of one of two classes."
    task: ClassVar[Task] = "binary"
    feature_names: ClassVar[tuple[str, ...]] = ("x₁", "x₂")
    class_names: ClassVar[tuple[str, ...]] = ("0", "1")

    points: tuple[Point, ...] = points_knob(
        tuple((x, y, float(x * y > 0)) for x in CORNERS for y in CORNERS),
        Points(3, answer=Real(0, 1)),
    )
    test_points: tuple[Point, ...] = points_knob((), Points(3, 0, Real(0, 1)))

    def with_another_class(self) -> "DrawnSeveral":
        return DrawnSeveral(self.points, self.test_points, classes=3)


def arms(classes: int, points: int = 7) -> tuple[Point, ...]:
    """Return points on arms that wind out of the middle, each arm a class.

    >>> arms(2, 1)
    ((0.0, 1.0, 0.0), (0.0, -1.0, 1.0))
    """
    found = []
    for number in range(classes):
        for along in range(points):
            radius, turn = 1 + 0.6 * along, 2 * np.pi * number / classes + 0.3 * along
            found.append((radius * np.sin(turn), radius * np.cos(turn), number))
    return _points(found)


@SOURCES.register
@dataclass(frozen=True)
class DrawnSeveral(Drawn):
    """Points of several classes; a class may be without points until some are put down."""

    name: ClassVar[str] = "drawn_several"
    label: ClassVar[str] = "Your many classes"
    about: ClassVar[str] = "Points that you put down in the data panel, of up to six classes."
    task: ClassVar[Task] = "classification"
    feature_names: ClassVar[tuple[str, ...]] = ("x₁", "x₂")

    points: tuple[Point, ...] = points_knob(arms(3), Points(3, answer=CLASS))
    test_points: tuple[Point, ...] = points_knob((), Points(3, 0, CLASS))
    classes: int = knob(
        3,
        label="Classes",
        help="How many classes there are: the network has an output for each.",
        domain=Integer(2, MOST_CLASSES),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        last = max(int(point[-1]) for point in self.points + self.test_points)
        if last >= self.classes:
            raise SettingError(
                "classes", f"there are points of class {last}: remove them, or make it {last + 1}"
            )

    @property
    def class_names(self) -> tuple[str, ...]:  # type: ignore[override]  # depends on a setting here
        return tuple(str(number) for number in range(self.classes))

    def with_another_class(self) -> "DrawnSeveral":
        if self.classes == MOST_CLASSES:
            raise ValueError(f"There are {MOST_CLASSES} classes: more could not be told apart.")
        return replace(self, classes=self.classes + 1)


@SOURCES.register
@dataclass(frozen=True)
class DrawnHeights(Drawn):
    name: ClassVar[str] = "drawn_heights"
    label: ClassVar[str] = "Your heights"
    about: ClassVar[str] = "Points that you put down in the data panel, high, low or in between."
    task: ClassVar[Task] = "regression"
    feature_names: ClassVar[tuple[str, ...]] = ("x₁", "x₂")

    points: tuple[Point, ...] = points_knob(
        ((-3.0, -3.0, -1.0), (-3.0, 3.0, 0.0), (0.0, 0.0, 1.0), (3.0, -3.0, 0.0), (3.0, 3.0, -1.0)),
        Points(3),
    )


@SOURCES.register
@dataclass(frozen=True)
class DrawnCurve(Drawn):
    name: ClassVar[str] = "drawn_curve"
    label: ClassVar[str] = "Your curve"
    about: ClassVar[str] = "Points that you put down in the data panel, for a curve to run through."
    task: ClassVar[Task] = "regression"
    feature_names: ClassVar[tuple[str, ...]] = ("x",)

    points: tuple[Point, ...] = points_knob(
        ((-3.0, 0.0), (-2.0, -0.9), (-1.0, -0.8), (0.0, 0.1), (1.0, 0.8), (2.0, 0.9), (3.0, 0.2)),
        Points(2),
    )
    test_points: tuple[Point, ...] = points_knob((), Points(2, 0))
