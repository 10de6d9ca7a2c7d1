"""Initial weights: how they are drawn before anything is learnt. Biases start at 0, if drawn.

Weights are (fan_in, fan_out); fan_in is the number of inputs of each neuron, fan_out the
number of neurons. Too large, and activations saturate; too small, and signals fade from
layer to layer; all equal, and the neurons of a layer stay copies of one another.
"""

from __future__ import annotations  # numpy.random is slow to import, and only named here

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, final

import numpy as np

from engine.knobs import Declared, Matrices, Matrix, OneOf, Real, Registry, SettingError, knob

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

    def fill(
        self, rng: np.random.Generator, weights: Sequence[Array], biases: Sequence[Array | None]
    ) -> None:
        """Set the parameters of a network that has learnt nothing, layer by layer, in place.

        Parameters
        ----------
        rng : Generator
        weights : sequence of ndarray (fan_in, fan_out)
        biases : sequence of ndarray (fan_out,) or None
            None for a layer without.
        """
        for own, bias in zip(weights, biases, strict=True):
            own[...] = self.draw(rng, *own.shape)
            if bias is not None:
                bias[...] = 0


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


@INITIALIZERS.register
@final
@dataclass(frozen=True)
class Given(Initializer):
    """Numbers written out, to follow a text or to check a calculation by hand.

    What nothing is written for, as for a neuron that was added, is drawn as He's; so is all of
    a network with other inputs, outputs or more or fewer layers.

    Attributes
    ----------
    layers : tuple of matrices
        For each layer its weights, and below them its biases as one more row: (fan_in + 1,
        fan_out). A network without biases leaves those rows unread.
    """

    name: ClassVar[str] = "given"
    label: ClassVar[str] = "Written out"
    formula: ClassVar[str] = "w, b as they are written"
    good_for: ClassVar[str] = "Following a text or your own calculation, number by number."
    watch_out: ClassVar[str] = "Another seed changes nothing but what is not written out."

    layers: tuple[Matrix, ...] = knob(
        (),
        label="Numbers",
        help="Where the weights and biases start. Set any of them on the drawing as it trains; "
        "Reset comes back to these.",
        domain=Matrices(),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        for number, (before, layer) in enumerate(pairwise(self.layers), 2):
            needed, inputs = len(before[0]) + 1, len(before[0])
            if len(layer) != needed:
                raise SettingError(
                    "layers",
                    f"layer {number} must have {needed} rows, one of weights from each of the "
                    f"{inputs} neurons before it and one of biases; not {len(layer)}",
                )
        if self.layers and len(self.layers[0]) < 2:
            raise SettingError("layers", "layer 1 must have a row of weights and one of biases")

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs and neurons of the network that the numbers are of; empty without any.

        >>> Given(layers=(((0.5, 1), (2, 3), (0, 0)), ((4,), (5,), (0,)))).sizes
        (2, 2, 1)
        """
        if not self.layers:
            return ()
        return (len(self.layers[0]) - 1, *(len(layer[0]) for layer in self.layers))

    def draw(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        return He().draw(rng, fan_in, fan_out)

    def fill(
        self, rng: np.random.Generator, weights: Sequence[Array], biases: Sequence[Array | None]
    ) -> None:
        super().fill(rng, weights, biases)
        ends = (len(weights[0]), weights[-1].shape[1])
        if len(weights) != len(self.layers) or ends != (self.sizes[0], self.sizes[-1]):
            return
        for own, bias, layer in zip(weights, biases, map(np.array, self.layers), strict=True):
            rows, columns = min(len(own), len(layer) - 1), min(own.shape[1], layer.shape[1])
            own[:rows, :columns] = layer[:rows, :columns]
            if bias is not None:
                bias[:columns] = layer[-1, :columns]
