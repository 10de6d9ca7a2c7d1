"""Points drawn at random: two classes in the plane, a height over it, a curve.

Circle, exclusive or, two clusters, spirals, plane and bumps are those of TensorFlow
Playground (playground.tensorflow.org), with its proportions: the plane reaches from −6 to 6
and noise from 0 to 0.5. Labels are 0 and 1 here, −1 and 1 there.
"""

from __future__ import annotations  # numpy.random is slow to import, and only named here

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from engine.data_sources import SOURCES, Array, Source, Task
from engine.knobs import Integer, Real, knob


def samples(default: int) -> Any:
    """Declare how many points are drawn."""
    return knob(
        default,
        label="Points",
        help="How many are drawn. More make the pattern plainer, and every epoch longer.",
        domain=Integer(2, 100_000),
    )


def noise(default: float, most: float = 0.5) -> Any:
    """Declare how much the points are disturbed."""
    return knob(
        default,
        label="Noise",
        help="How much the points are disturbed. With much of it, no network can get all right.",
        domain=Real(0, most),
    )


@dataclass(frozen=True)
class Scatter(Source):
    """Points drawn at random; a subclass says where they fall and what they are."""

    task: ClassVar[Task] = "binary"
    feature_names: ClassVar[tuple[str, ...]] = ("x₁", "x₂")
    class_names: ClassVar[tuple[str, ...]] = ("0", "1")

    samples: int = samples(500)
    noise: float = noise(0.0)
    seed: int = knob(
        0,
        label="Data seed",
        help="The same seed draws the same points.",
        domain=Integer(0, 2**32 - 1),
    )

    def rows(self) -> tuple[Array, Array]:
        return self.draw(np.random.default_rng(self.seed))

    @abstractmethod
    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw inputs, shape (samples, features), and their labels or numbers, (samples,)."""

    def in_square(self, rng: np.random.Generator, reach: float) -> Array:
        """Draw points evenly from the square ±reach."""
        return rng.uniform(-reach, reach, (self.samples, 2))

    def disturbed(self, points: Array, rng: np.random.Generator, reach: float) -> Array:
        """Shift each point by up to ``noise * reach`` in each direction."""
        return points + rng.uniform(-reach, reach, points.shape) * self.noise

    def halves(self) -> Array:
        """Label the first half of the points 1 and the others 0."""
        return (np.arange(self.samples) < self.samples // 2).astype(np.float64)


def polar(radius: Array, angle: Array) -> Array:
    """Return points at a distance from the origin, the angle counted from the second axis."""
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])


@SOURCES.register
@dataclass(frozen=True)
class Circle(Scatter):
    name: ClassVar[str] = "circle"
    label: ClassVar[str] = "Circle"
    about: ClassVar[str] = "A disc within a ring: three hidden neurons can close a line around it."

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        inner = rng.uniform(0, 2.5, self.samples)
        outer = rng.uniform(3.5, 5, self.samples)
        radius = np.where(self.halves() == 1, inner, outer)
        points = polar(radius, rng.uniform(0, 2 * np.pi, self.samples))
        distance = np.linalg.norm(self.disturbed(points, rng, 5), axis=1)
        return points, (distance < 2.5).astype(np.float64)


@SOURCES.register
@dataclass(frozen=True)
class Xor(Scatter):
    name: ClassVar[str] = "xor"
    label: ClassVar[str] = "Exclusive or"
    about: ClassVar[str] = "Opposite corners belong together: no single straight line parts them."

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        points = self.in_square(rng, 5)
        points += np.where(points > 0, 0.3, -0.3)
        noisy = self.disturbed(points, rng, 5)
        return points, (noisy[:, 0] * noisy[:, 1] >= 0).astype(np.float64)


@SOURCES.register
@dataclass(frozen=True)
class Clusters(Scatter):
    name: ClassVar[str] = "gauss"
    label: ClassVar[str] = "Two clusters"
    about: ClassVar[str] = "Two clouds, at (2, 2) and (−2, −2): a single neuron can part them."

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        labels = self.halves()
        variance = 0.5 + self.noise * 7  # 0.5 without noise, 4 with the most
        centres = np.where(labels == 1, 2.0, -2.0)[:, np.newaxis]
        return rng.normal(centres, np.sqrt(variance), (self.samples, 2)), labels


@SOURCES.register
@dataclass(frozen=True)
class Spirals(Scatter):
    name: ClassVar[str] = "spiral"
    label: ClassVar[str] = "Two spirals"
    about: ClassVar[str] = "Two arms wound around each other: hard for a small network."

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        labels = self.halves()
        ones, zeros = self.samples // 2, self.samples - self.samples // 2
        along = np.concatenate([np.arange(ones) / ones, np.arange(zeros) / zeros])
        angle = 1.75 * 2 * np.pi * along + np.where(labels == 1, 0, np.pi)
        return self.disturbed(polar(5 * along, angle), rng, 1), labels


@SOURCES.register
@dataclass(frozen=True)
class Moons(Scatter):
    """Two interleaving half circles, as scikit-learn's ``make_moons`` lays them."""

    name: ClassVar[str] = "moons"
    label: ClassVar[str] = "Two moons"
    about: ClassVar[str] = "Two half circles that reach into each other."
    noise: float = noise(0.1, most=1.0)

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        upper = self.samples // 2
        above, below = np.linspace(0, np.pi, upper), np.linspace(0, np.pi, self.samples - upper)
        points = np.concatenate(
            [
                np.column_stack([np.cos(above), np.sin(above)]),
                np.column_stack([1 - np.cos(below), 0.5 - np.sin(below)]),
            ]
        )
        return points + rng.normal(0, self.noise, points.shape), 1 - self.halves()


# ---------------------------------------------------------------- regression


@dataclass(frozen=True)
class Height(Scatter):
    """Points over the plane, each with a height."""

    task: ClassVar[Task] = "regression"
    class_names: ClassVar[tuple[str, ...]] = ()

    samples: int = samples(1200)

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        points = self.in_square(rng, 6)
        return points, self.height(self.disturbed(points, rng, 6))

    @abstractmethod
    def height(self, points: Array) -> Array:
        """Return the height over each of the points."""


@SOURCES.register
@dataclass(frozen=True)
class Plane(Height):
    name: ClassVar[str] = "plane"
    label: ClassVar[str] = "Slope"
    about: ClassVar[str] = "The height rises evenly from corner to corner: one linear neuron is it."

    def height(self, points: Array) -> Array:
        return points.sum(axis=1) / 10


@SOURCES.register
@dataclass(frozen=True)
class Bumps(Height):
    name: ClassVar[str] = "multi_gauss"
    label: ClassVar[str] = "Hills and hollows"
    about: ClassVar[str] = "Six cones of radius 2, which just touch: three hills and three hollows."

    def height(self, points: Array) -> Array:
        centres = np.array([(x, y) for x in (-4, 0, 4) for y in (2.5, -2.5)])
        signs = np.array([1, -1, -1, 1, 1, -1])
        distance = np.linalg.norm(points[:, np.newaxis] - centres, axis=2)
        return np.clip(1 - distance / 2, 0, None) @ signs


@SOURCES.register
@dataclass(frozen=True)
class Sine(Scatter):
    name: ClassVar[str] = "sine"
    label: ClassVar[str] = "A curve"
    about: ClassVar[str] = "One input, one number: a sine wave to be drawn by the network."
    task: ClassVar[Task] = "regression"
    feature_names: ClassVar[tuple[str, ...]] = ("x",)
    class_names: ClassVar[tuple[str, ...]] = ()

    samples: int = samples(200)
    noise: float = noise(0.1)
    waves: float = knob(
        1.0,
        label="Waves",
        help="How often the curve swings between −π and π. More need more neurons.",
        domain=Real(0, 10, open_low=True),
    )

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        x = rng.uniform(-np.pi, np.pi, self.samples)
        y = np.sin(self.waves * x) + rng.normal(0, self.noise, self.samples)
        return x[:, np.newaxis], y
