"""Activations: what a neuron makes of its weighted sum.

Each is a frozen value object of pure functions. With z the weighted sums (rows, units) and
a = f(z), backpropagation needs ∂L/∂z = ∂L/∂a · f′(z), which `backward` gives. Adding an
activation is one class with its decorator::

    @ACTIVATIONS.register
    @dataclass(frozen=True)
    class Cube(Activation):
        name: ClassVar[str] = "cube"
        ...
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from engine.knobs import Declared, Real, Registry, knob

Array = np.ndarray


class Activation(Declared, ABC):
    """A function of the weighted sums, with its derivative.

    Attributes
    ----------
    name, label : str
        What files and people call it.
    formula, derivative_formula : str
        Short mathematical text, as :mod:`engine.formulas.reader` reads it.
    code, derivative_code : str
        The same in NumPy, of z, a and the settings' names; plain rather than fast.
    good_for, watch_out : str
        Where it shines and where it hurts, a sentence each.
    low, high : float
        Bounds of its values.
    elementwise : bool
        Whether each output depends on its own weighted sum alone.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    formula: ClassVar[str]
    derivative_formula: ClassVar[str]
    code: ClassVar[str] = ""
    derivative_code: ClassVar[str] = ""
    good_for: ClassVar[str]
    watch_out: ClassVar[str]
    low: ClassVar[float] = -math.inf
    high: ClassVar[float] = math.inf
    elementwise: ClassVar[bool] = True

    @abstractmethod
    def value(self, z: Array) -> Array:
        """Return a = f(z), of the shape and type of `z`."""

    @abstractmethod
    def derivative(self, z: Array, a: Array) -> Array:
        """Return ∂aᵢ/∂zᵢ, of the shape of `z`; `a` is ``value(z)``, to save computing it."""

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        """Return ∂L/∂z from `da` = ∂L/∂a: the chain rule."""
        return da * self.derivative(z, a)


ACTIVATIONS: Registry[Activation] = Registry("activation", Activation)


@ACTIVATIONS.register
@final
@dataclass(frozen=True)
class Linear(Activation):
    """The weighted sum itself."""

    name: ClassVar[str] = "linear"
    label: ClassVar[str] = "Linear"
    formula: ClassVar[str] = "f(z) = z"
    derivative_formula: ClassVar[str] = "f′(z) = 1"
    code: ClassVar[str] = "1 * z"
    derivative_code: ClassVar[str] = "np.ones_like(z)"
    good_for: ClassVar[str] = "The output layer when the target is any number."
    watch_out: ClassVar[str] = "Linear layers on top of each other are no more than one."

    def value(self, z: Array) -> Array:
        return z.copy()

    def derivative(self, z: Array, a: Array) -> Array:
        return np.ones_like(z)


@ACTIVATIONS.register
@final
@dataclass(frozen=True)
class Sigmoid(Activation):
    """The logistic function, a probability from any number.

    >>> Sigmoid().value(np.array([0.0, -1000.0, 1000.0])).tolist()
    [0.5, 0.0, 1.0]
    """

    name: ClassVar[str] = "sigmoid"
    label: ClassVar[str] = "Sigmoid"
    formula: ClassVar[str] = "σ(z) = 1 / (1 + e⁻ᶻ)"
    derivative_formula: ClassVar[str] = "σ′(z) = a·(1 − a)"
    code: ClassVar[str] = "1 / (1 + np.exp(-z))"
    derivative_code: ClassVar[str] = "a * (1 - a)"
    good_for: ClassVar[str] = "The output of a yes-or-no question: it reads as a probability."
    watch_out: ClassVar[str] = (
        "Far from zero it is flat: a saturated neuron passes hardly any gradient back."
    )
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 1.0

    def value(self, z: Array) -> Array:
        with np.errstate(over="ignore"):  # e⁻ᶻ = ∞ gives the right answer, 0
            return 1.0 / (1.0 + np.exp(-z))

    def derivative(self, z: Array, a: Array) -> Array:
        return a * (1.0 - a)


@ACTIVATIONS.register
@final
@dataclass(frozen=True)
class Tanh(Activation):
    """The hyperbolic tangent."""

    name: ClassVar[str] = "tanh"
    label: ClassVar[str] = "Tanh"
    formula: ClassVar[str] = "f(z) = (eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)"
    derivative_formula: ClassVar[str] = "f′(z) = 1 − a²"
    code: ClassVar[str] = "np.tanh(z)"
    derivative_code: ClassVar[str] = "1 - a**2"
    good_for: ClassVar[str] = "Small smooth networks: centred on zero, so they learn evenly."
    watch_out: ClassVar[str] = "Flat beyond ±3: like the sigmoid, it saturates."
    low: ClassVar[float] = -1.0
    high: ClassVar[float] = 1.0

    def value(self, z: Array) -> Array:
        return np.tanh(z)

    def derivative(self, z: Array, a: Array) -> Array:
        return 1.0 - a * a


@ACTIVATIONS.register
@final
@dataclass(frozen=True)
class ReLU(Activation):
    """The rectified linear unit; its derivative at 0 is taken as 0.

    >>> ReLU().value(np.array([-2.0, 3.0])).tolist()
    [0.0, 3.0]
    """

    name: ClassVar[str] = "relu"
    label: ClassVar[str] = "ReLU"
    formula: ClassVar[str] = "f(z) = max(0, z)"
    derivative_formula: ClassVar[str] = "f′(z) = 1 if z > 0, else 0"
    code: ClassVar[str] = "np.maximum(0, z)"
    derivative_code: ClassVar[str] = "np.where(z > 0, 1, 0)"
    good_for: ClassVar[str] = "Hidden layers of any depth: fast, and it never saturates upwards."
    watch_out: ClassVar[str] = (
        "A neuron whose sum is negative for every row is dead: no gradient will wake it."
    )
    low: ClassVar[float] = 0.0

    def value(self, z: Array) -> Array:
        return np.maximum(z, 0.0)

    def derivative(self, z: Array, a: Array) -> Array:
        return (z > 0.0).astype(z.dtype)


@ACTIVATIONS.register
@final
@dataclass(frozen=True)
class LeakyReLU(Activation):
    """ReLU that leaks a little below zero (Maas et al. 2013)."""

    name: ClassVar[str] = "leaky_relu"
    label: ClassVar[str] = "Leaky ReLU"
    formula: ClassVar[str] = "f(z) = z if z > 0, else α·z"
    derivative_formula: ClassVar[str] = "f′(z) = 1 if z > 0, else α"
    code: ClassVar[str] = "np.where(z > 0, z, alpha * z)"
    derivative_code: ClassVar[str] = "np.where(z > 0, 1, alpha)"
    good_for: ClassVar[str] = "Hidden layers where ReLU neurons keep dying."
    watch_out: ClassVar[str] = "The slope α is one more number to choose."

    alpha: float = knob(
        0.01,
        label="Slope α",
        help="The slope below zero; 0 is plain ReLU, 1 is linear.",
        domain=Real(0, 1),
        applies="live",
    )

    def value(self, z: Array) -> Array:
        return np.where(z > 0.0, z, z * self.alpha)

    def derivative(self, z: Array, a: Array) -> Array:
        return np.where(z > 0.0, z.dtype.type(1), z.dtype.type(self.alpha))


@ACTIVATIONS.register
@final
@dataclass(frozen=True)
class ELU(Activation):
    """The exponential linear unit (Clevert et al. 2015)."""

    name: ClassVar[str] = "elu"
    label: ClassVar[str] = "ELU"
    formula: ClassVar[str] = "f(z) = z if z > 0, else α·(eᶻ − 1)"
    derivative_formula: ClassVar[str] = "f′(z) = 1 if z > 0, else a + α"
    code: ClassVar[str] = "np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))"
    derivative_code: ClassVar[str] = "np.where(z > 0, 1, a + alpha)"
    good_for: ClassVar[str] = "Hidden layers: no dead neurons, and a mean output near zero."
    watch_out: ClassVar[str] = "The exponential makes it slower than ReLU."

    alpha: float = knob(
        1.0,
        label="Depth α",
        help="Far below zero the output is −α.",
        domain=Real(0, 10),
        applies="live",
    )

    def value(self, z: Array) -> Array:
        return np.where(z > 0.0, z, self.alpha * np.expm1(np.minimum(z, 0.0)))

    def derivative(self, z: Array, a: Array) -> Array:
        return np.where(z > 0.0, z.dtype.type(1), a + z.dtype.type(self.alpha))


@ACTIVATIONS.register
@final
@dataclass(frozen=True)
class GELU(Activation):
    """The Gaussian error linear unit, exact form (Hendrycks & Gimpel 2016)."""

    name: ClassVar[str] = "gelu"
    label: ClassVar[str] = "GELU"
    formula: ClassVar[str] = "f(z) = z·Φ(z), Φ the normal distribution function"
    derivative_formula: ClassVar[str] = "f′(z) = Φ(z) + z·φ(z), φ the normal density"
    code: ClassVar[str] = "z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2"
    derivative_code: ClassVar[str] = (
        "(1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2"
        " + z * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)"
    )
    good_for: ClassVar[str] = "Hidden layers of deep networks: a smooth ReLU, common in language."
    watch_out: ClassVar[str] = "Slower than ReLU, and little gained in small networks."
    low: ClassVar[float] = -0.17

    def value(self, z: Array) -> Array:
        return z * _normal_distribution(z)

    def derivative(self, z: Array, a: Array) -> Array:
        density = np.exp(-0.5 * z * z) * (1.0 / math.sqrt(2.0 * math.pi))
        return _normal_distribution(z) + z * density


@ACTIVATIONS.register
@final
@dataclass(frozen=True)
class SiLU(Activation):
    """The sigmoid linear unit, also called swish (Elfwing et al. 2017)."""

    name: ClassVar[str] = "silu"
    label: ClassVar[str] = "SiLU (swish)"
    formula: ClassVar[str] = "f(z) = z·σ(z)"
    derivative_formula: ClassVar[str] = "f′(z) = σ(z)·(1 + z·(1 − σ(z)))"
    code: ClassVar[str] = "z / (1 + np.exp(-z))"
    derivative_code: ClassVar[str] = "(1 + np.exp(-z) * (1 + z)) / (1 + np.exp(-z)) ** 2"
    good_for: ClassVar[str] = "Hidden layers of deep networks: smooth, and never quite dead."
    watch_out: ClassVar[str] = "It falls before it rises: a neuron's output is not monotonic."
    low: ClassVar[float] = -0.279

    def value(self, z: Array) -> Array:
        return z * Sigmoid().value(z)

    def derivative(self, z: Array, a: Array) -> Array:
        s = Sigmoid().value(z)
        return s * (1.0 + z * (1.0 - s))


@ACTIVATIONS.register
@final
@dataclass(frozen=True)
class Softplus(Activation):
    """A smooth ReLU whose derivative is the sigmoid."""

    name: ClassVar[str] = "softplus"
    label: ClassVar[str] = "Softplus"
    formula: ClassVar[str] = "f(z) = ln(1 + eᶻ)"
    derivative_formula: ClassVar[str] = "f′(z) = σ(z)"
    code: ClassVar[str] = "np.logaddexp(0, z)"
    derivative_code: ClassVar[str] = "1 / (1 + np.exp(-z))"
    good_for: ClassVar[str] = "Outputs that must be positive, such as a spread."
    watch_out: ClassVar[str] = "Never exactly zero, and slower than ReLU."
    low: ClassVar[float] = 0.0

    def value(self, z: Array) -> Array:
        return np.logaddexp(z.dtype.type(0), z)

    def derivative(self, z: Array, a: Array) -> Array:
        return Sigmoid().value(z)


@ACTIVATIONS.register
@final
@dataclass(frozen=True)
class Softmax(Activation):
    """Probabilities over the units of a layer: positive, and each row adds up to 1.

    Every output depends on every weighted sum, ∂aᵢ/∂zⱼ = aᵢ·(1[i = j] − aⱼ), so `backward`
    multiplies by that matrix; `derivative` gives its diagonal.

    >>> Softmax().value(np.array([[1000.0, 1000.0], [0.0, -1000.0]])).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    """

    name: ClassVar[str] = "softmax"
    label: ClassVar[str] = "Softmax"
    formula: ClassVar[str] = "aᵢ = eᶻⁱ / Σⱼ eᶻʲ"
    derivative_formula: ClassVar[str] = "∂aᵢ/∂zⱼ = aᵢ·(1[i = j] − aⱼ)"
    code: ClassVar[str] = "np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))"
    derivative_code: ClassVar[str] = "a * (1 - a)"
    good_for: ClassVar[str] = "The output when one of several classes is right."
    watch_out: ClassVar[str] = "It always adds up to 1: sure of something even on nonsense."
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 1.0
    elementwise: ClassVar[bool] = False

    def value(self, z: Array) -> Array:
        # Subtracting the largest changes nothing in theory and keeps eᶻ finite in practice.
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def derivative(self, z: Array, a: Array) -> Array:
        return a * (1.0 - a)

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return a * (da - (da * a).sum(axis=-1, keepdims=True))


def _normal_distribution(z: Array) -> Array:
    """Return Φ(z), the share of a standard normal that lies below `z`."""
    from scipy.special import ndtr  # costs start-up time, and only GELU needs it

    return ndtr(z)
