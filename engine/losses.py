"""Losses: how wrong an output is, row by row.

With a the network's outputs and y the targets, both (rows, outputs), `value` gives one
number per row and `derivative` its ∂L/∂a. Whether a batch's rows are added up or averaged
is the training's business (``TrainSpec.reduction``).

Cross-entropy on top of a sigmoid or softmax is **fused**: computed from the logits z, where
L stays finite and ∂L/∂z is simply a − y. The two halves, ∂L/∂a and ∂a/∂z, remain available
for those who want to see why their product is so simple.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from engine.activations import Activation, Sigmoid, Softmax
from engine.knobs import Declared, Real, Registry, knob

Array = np.ndarray


class Loss(Declared, ABC):
    """A measure of error per row.

    Attributes
    ----------
    name, label, formula, derivative_formula, code, derivative_code, good_for, watch_out : str
        As for activations; formulas are for one row with k outputs, code of a, y and k.
    logits_code : str
        The same in NumPy from the logits z, where the pair is fused.
    fuses_with : type or None
        The output activation with which it is computed from the logits.
    of_probabilities : bool
        Whether outputs and targets must lie in [0, 1].
    """

    name: ClassVar[str]
    label: ClassVar[str]
    formula: ClassVar[str]
    derivative_formula: ClassVar[str]
    code: ClassVar[str] = ""
    derivative_code: ClassVar[str] = ""
    logits_code: ClassVar[str] = ""
    good_for: ClassVar[str]
    watch_out: ClassVar[str]
    fuses_with: ClassVar[type[Activation] | None] = None
    of_probabilities: ClassVar[bool] = False

    @abstractmethod
    def value(self, a: Array, y: Array) -> Array:
        """Return the loss of each row, (rows,)."""

    @abstractmethod
    def derivative(self, a: Array, y: Array) -> Array:
        """Return ∂L/∂a of each row, (rows, outputs)."""

    def fuses(self, activation: Activation) -> bool:
        """Tell whether the pair with this output activation is computed from the logits."""
        return self.fuses_with is not None and isinstance(activation, self.fuses_with)

    def value_of_logits(self, z: Array, y: Array) -> Array:
        """Return the loss of each row from the logits; only where the pair is fused."""
        raise NotImplementedError(f"{self.label} is not computed from logits")

    def backward(self, z: Array, a: Array, y: Array, activation: Activation) -> Array:
        """Return ∂L/∂z of each row, (rows, outputs): a − y where fused, else both halves."""
        if self.fuses(activation):
            return a - y
        return activation.backward(self.derivative(a, y), z, a)

    def value_of(self, z: Array, a: Array, y: Array, activation: Activation) -> Array:
        """Return the loss of each row the stable way: from the logits where fused."""
        return self.value_of_logits(z, y) if self.fuses(activation) else self.value(a, y)


LOSSES: Registry[Loss] = Registry("loss", Loss)


@LOSSES.register
@final
@dataclass(frozen=True)
class MeanSquaredError(Loss):
    """The mean over the outputs of the squared errors."""

    name: ClassVar[str] = "mse"
    label: ClassVar[str] = "Mean squared error"
    formula: ClassVar[str] = "L = (1/k) Σ (a − y)²"
    derivative_formula: ClassVar[str] = "∂L/∂a = (2/k)·(a − y)"
    code: ClassVar[str] = "((a - y) ** 2).mean(axis=-1)"
    derivative_code: ClassVar[str] = "2 / k * (a - y)"
    good_for: ClassVar[str] = "Regression: large errors count most."
    watch_out: ClassVar[str] = "On a saturated sigmoid its gradient vanishes, however wrong it is."

    def value(self, a: Array, y: Array) -> Array:
        return np.square(a - y).mean(axis=-1)

    def derivative(self, a: Array, y: Array) -> Array:
        return (a - y) * (2.0 / a.shape[-1])


@LOSSES.register
@final
@dataclass(frozen=True)
class SumOfSquares(Loss):
    """The sum over the outputs of the squared errors, factor 2 kept in its derivative."""

    name: ClassVar[str] = "sum_of_squares"
    label: ClassVar[str] = "Sum of squares"
    formula: ClassVar[str] = "L = Σ (a − y)²"
    derivative_formula: ClassVar[str] = "∂L/∂a = 2·(a − y)"
    code: ClassVar[str] = "((a - y) ** 2).sum(axis=-1)"
    derivative_code: ClassVar[str] = "2 * (a - y)"
    good_for: ClassVar[str] = "Small examples worked by hand."
    watch_out: ClassVar[str] = (
        "It grows with the number of outputs: so must the learning rate fall."
    )

    def value(self, a: Array, y: Array) -> Array:
        return np.square(a - y).sum(axis=-1)

    def derivative(self, a: Array, y: Array) -> Array:
        return (a - y) * 2.0


@LOSSES.register
@final
@dataclass(frozen=True)
class HalfSumOfSquares(Loss):
    """Half the sum of the squared errors, so that the derivative is the plain error."""

    name: ClassVar[str] = "half_sum_of_squares"
    label: ClassVar[str] = "Half sum of squares"
    formula: ClassVar[str] = "L = ½ Σ (a − y)²"
    derivative_formula: ClassVar[str] = "∂L/∂a = a − y"
    code: ClassVar[str] = "((a - y) ** 2).sum(axis=-1) / 2"
    derivative_code: ClassVar[str] = "a - y"
    good_for: ClassVar[str] = "Small examples: the ½ cancels the 2 of the derivative."
    watch_out: ClassVar[str] = "As with every squared error, outliers rule."

    def value(self, a: Array, y: Array) -> Array:
        return 0.5 * np.square(a - y).sum(axis=-1)

    def derivative(self, a: Array, y: Array) -> Array:
        return a - y


@LOSSES.register
@final
@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """Log loss of yes-or-no outputs, added up over the outputs.

    >>> loss = BinaryCrossEntropy()
    >>> z, y = np.array([[49.8]]), np.array([[0.0]])
    >>> with np.errstate(divide="ignore"):
    ...     loss.value(Sigmoid().value(z), y).item()  # 1 − a rounds to 0, and −ln 0 = ∞
    inf
    >>> loss.value_of_logits(z, y).item()
    49.8
    """

    name: ClassVar[str] = "binary_cross_entropy"
    label: ClassVar[str] = "Binary cross-entropy (log loss)"
    formula: ClassVar[str] = "L = −Σ [y·ln a + (1 − y)·ln(1 − a)]"
    derivative_formula: ClassVar[str] = "∂L/∂a = (a − y) / (a·(1 − a))"
    code: ClassVar[str] = "-(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(axis=-1)"
    derivative_code: ClassVar[str] = "(a - y) / (a * (1 - a))"
    logits_code: ClassVar[str] = (
        "(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).sum(axis=-1)"
    )
    good_for: ClassVar[str] = "Yes-or-no answers from a sigmoid: being sure and wrong costs dearly."
    watch_out: ClassVar[str] = "It needs outputs between 0 and 1."
    fuses_with: ClassVar[type[Activation] | None] = Sigmoid
    of_probabilities: ClassVar[bool] = True

    def value(self, a: Array, y: Array) -> Array:
        return (_cross(y, a) + _cross(1.0 - y, 1.0 - a)).sum(axis=-1)

    def derivative(self, a: Array, y: Array) -> Array:
        return (1.0 - y) / (1.0 - a) - y / a

    def value_of_logits(self, z: Array, y: Array) -> Array:
        # −y·ln σ(z) − (1 − y)·ln(1 − σ(z)) = max(z, 0) − z·y + ln(1 + e^−|z|)
        return (np.maximum(z, 0.0) - z * y + np.log1p(np.exp(-np.abs(z)))).sum(axis=-1)


@LOSSES.register
@final
@dataclass(frozen=True)
class CategoricalCrossEntropy(Loss):
    """Log loss of the right class; the mean over rows never divides by the classes."""

    name: ClassVar[str] = "categorical_cross_entropy"
    label: ClassVar[str] = "Categorical cross-entropy"
    formula: ClassVar[str] = "L = −Σ y·ln a"
    derivative_formula: ClassVar[str] = "∂L/∂a = −y / a"
    code: ClassVar[str] = "-(y * np.log(a)).sum(axis=-1)"
    derivative_code: ClassVar[str] = "-y / a"
    logits_code: ClassVar[str] = (
        "(y * (np.logaddexp.reduce(z, axis=-1, keepdims=True) - z)).sum(axis=-1)"
    )
    good_for: ClassVar[str] = "One of several classes, from a softmax."
    watch_out: ClassVar[str] = "It needs outputs that are probabilities and one-hot targets."
    fuses_with: ClassVar[type[Activation] | None] = Softmax
    of_probabilities: ClassVar[bool] = True

    def value(self, a: Array, y: Array) -> Array:
        return _cross(y, a).sum(axis=-1)

    def derivative(self, a: Array, y: Array) -> Array:
        return -y / a

    def value_of_logits(self, z: Array, y: Array) -> Array:
        # −Σ y·ln softmax(z) = Σ y·(ln Σ eᶻ − z), shifted by the largest logit to stay finite
        shifted = z - z.max(axis=-1, keepdims=True)
        log_sum = np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
        return (y * (log_sum - shifted)).sum(axis=-1)


@LOSSES.register
@final
@dataclass(frozen=True)
class Huber(Loss):
    """Squared near zero, straight beyond δ (Huber 1964); the mean over the outputs."""

    name: ClassVar[str] = "huber"
    label: ClassVar[str] = "Huber"
    formula: ClassVar[str] = "L = (1/k) Σ [½e² if |e| ≤ δ, else δ·(|e| − ½δ)], e = a − y"
    derivative_formula: ClassVar[str] = "∂L/∂a = (1/k)·max(−δ, min(δ, a − y))"
    code: ClassVar[str] = (
        "np.where(abs(a - y) <= delta, (a - y) ** 2 / 2, delta * (abs(a - y) - delta / 2)).mean(-1)"
    )
    derivative_code: ClassVar[str] = "np.clip(a - y, -delta, delta) / k"
    good_for: ClassVar[str] = "Regression with outliers: they pull no harder than δ."
    watch_out: ClassVar[str] = "δ decides what an outlier is, in the target's own unit."

    delta: float = knob(
        1.0,
        label="Threshold δ",
        help="Errors beyond it count in proportion, not squared.",
        domain=Real(0, 1e6, open_low=True),
    )

    def value(self, a: Array, y: Array) -> Array:
        size = np.abs(a - y)
        near = np.minimum(size, self.delta)
        return (near * (size - 0.5 * near)).mean(axis=-1)

    def derivative(self, a: Array, y: Array) -> Array:
        return np.clip(a - y, -self.delta, self.delta) * (1.0 / a.shape[-1])


def _cross(y: Array, a: Array) -> Array:
    """Return −y·ln a, with 0·ln 0 = 0 as entropy has it."""
    return -y * np.log(np.where(y == 0.0, a.dtype.type(1), a))
