"""Initial weights: how they are drawn before anything is learnt. Biases start at 0.

Weights are (fan_in, fan_out); fan_in is the number of inputs of each neuron, fan_out the
number of neurons. Too large, and activations saturate; too small, and signals fade from
layer to layer; all equal, and the neurons of a layer stay copies of one another.
"""

from __future__ import annotations  # numpy.random is slow to import, and only named here

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from engine.knobs import Declared, OneOf, Real, Registry, SettingError, knob

Array = np.ndarray


class Initializer(Declared, ABC):
    """A way to draw initial weights.

    Attributes
    ----------
    name, label, formula, good_for, watch_out : str
        As for activations.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    formula: ClassVar[str]
    good_for: ClassVar[str]
    watch_out: ClassVar[str]

    @abstractmethod
    def draw(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Draw weights (fan_in, fan_out) in float64."""


INITIALIZERS: Registry[Initializer] = Registry("initializer", Initializer)

SHAPE = OneOf({"uniform": "Uniform", "normal": "Normal"})


def _spread(rng: np.random.Generator, shape: str, std: float, size: tuple[int, int]) -> Array:
    """Draw numbers of mean 0 and standard deviation `std`, uniform or normal."""
    if shape == "normal":
        return rng.normal(0.0, std, size)
    bound = math.sqrt(3.0) * std  # a uniform number of [−b, b] has variance b²/3
    return rng.uniform(-bound, bound, size)


@INITIALIZERS.register
@final
@dataclass(frozen=True)
class He(Initializer):
    """Keeps the signal's size through ReLU layers (He et al. 2015, eq. 10)."""

    name: ClassVar[str] = "he"
    label: ClassVar[str] = "He"
    formula: ClassVar[str] = "variance = 2 / fan_in"
    good_for: ClassVar[str] = "ReLU and its relatives, which throw half of the signal away."
    watch_out: ClassVar[str] = "A little large for tanh and sigmoid."

    shape: str = knob("normal", label="Shape", help="How the numbers spread.", domain=SHAPE)

    def draw(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        return _spread(rng, self.shape, math.sqrt(2.0 / fan_in), (fan_in, fan_out))


@INITIALIZERS.register
@final
@dataclass(frozen=True)
class Xavier(Initializer):
    """Keeps the signal's size both ways through tanh layers (Glorot & Bengio 2010, eq. 16)."""

    name: ClassVar[str] = "xavier"
    label: ClassVar[str] = "Xavier (Glorot)"
    formula: ClassVar[str] = "variance = 2 / (fan_in + fan_out)"
    good_for: ClassVar[str] = "Tanh and sigmoid layers."
    watch_out: ClassVar[str] = "Through many ReLU layers the signal fades."

    shape: str = knob("uniform", label="Shape", help="How the numbers spread.", domain=SHAPE)

    def draw(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        std = math.sqrt(2.0 / (fan_in + fan_out))
        return _spread(rng, self.shape, std, (fan_in, fan_out))


@INITIALIZERS.register
@final
@dataclass(frozen=True)
class Normal(Initializer):
    """Normal numbers of one size, whatever the layer."""

    name: ClassVar[str] = "normal"
    label: ClassVar[str] = "Normal"
    formula: ClassVar[str] = "w ~ N(0, std²)"
    good_for: ClassVar[str] = "Following texts that draw weights with randn."
    watch_out: ClassVar[str] = "With many inputs, std 1 saturates the neurons from the start."

    std: float = knob(
        1.0,
        label="Standard deviation",
        help="How far from 0 the weights start.",
        domain=Real(0, 100),
    )

    def draw(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        return rng.normal(0.0, self.std, (fan_in, fan_out))


@INITIALIZERS.register
@final
@dataclass(frozen=True)
class Uniform(Initializer):
    """Numbers of one interval, whatever the layer."""

    name: ClassVar[str] = "uniform"
    label: ClassVar[str] = "Uniform"
    formula: ClassVar[str] = "w ~ U(low, high)"
    good_for: ClassVar[str] = "Following texts that draw weights with random."
    watch_out: ClassVar[str] = "From 0 to 1 every weight is positive: hidden neurons start alike."

    low: float = knob(-1.0, label="From", help="The smallest weight drawn.", domain=Real(-100, 100))
    high: float = knob(1.0, label="To", help="The largest weight drawn.", domain=Real(-100, 100))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low > self.high:
            raise SettingError("low", f"must be at most high ({self.high:g}), not {self.low:g}")

    def draw(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        return rng.uniform(self.low, self.high, (fan_in, fan_out))


@INITIALIZERS.register
@final
@dataclass(frozen=True)
class Zeros(Initializer):
    """All weights 0: to see why that cannot work with a hidden layer."""

    name: ClassVar[str] = "zeros"
    label: ClassVar[str] = "Zeros"
    formula: ClassVar[str] = "w = 0"
    good_for: ClassVar[str] = "A single layer, and seeing symmetry at work."
    watch_out: ClassVar[str] = "Hidden neurons all get the same gradient and never differ."

    def draw(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        return np.zeros((fan_in, fan_out))
