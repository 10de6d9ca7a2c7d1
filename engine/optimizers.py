"""Optimizers: how a gradient becomes a change of the weights.

An optimizer is frozen hyperparameters and two pure functions, after optax: ``init(n, dtype)``
gives the state for n parameters, and ``update(grads, state, params, learning_rate)`` the
change to be added to the parameters, with the next state. A state is a dict of arrays: what
the optimizer remembers of earlier gradients, and "step", the number of updates made.

Below, g is the gradient, η the learning rate, θ the parameters. Where a method averages
past gradients with weights 1, β, β², …, the state holds the weighted **sum** s = Σ βᵏ·g;
the weighted mean is s divided by the sum of the weights, 1 + β + β² + …. That is exactly
what the papers call the bias-corrected moment.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from engine.knobs import Declared, Flag, Real, Registry, knob

Array = np.ndarray
State = dict[str, Array]


class Optimizer(Declared, ABC):
    """A rule for changing parameters.

    Attributes
    ----------
    name, label, formula, good_for, watch_out : str
        As for activations.
    memory : tuple of str
        The arrays of its state that are as long as the parameters.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    formula: ClassVar[str]
    good_for: ClassVar[str]
    watch_out: ClassVar[str]
    memory: ClassVar[tuple[str, ...]] = ()

    def init(self, n: int, dtype: np.typing.DTypeLike) -> State:
        """Return the state before the first update of `n` parameters."""
        zeros = {each: np.zeros(n, dtype) for each in self.memory}
        return {"step": np.zeros((), np.int64), **zeros}

    @abstractmethod
    def update(
        self, grads: Array, state: State, params: Array, learning_rate: float
    ) -> tuple[Array, State]:
        """Return what to add to `params`, (n,), and the next state; nothing is changed."""


OPTIMIZERS: Registry[Optimizer] = Registry("optimizer", Optimizer)


def sum_of_powers(beta: float, n: int) -> float:
    """Return 1 + β + β² + … of n terms: the sum of the weights of n past gradients.

    >>> sum_of_powers(0.5, 3), sum_of_powers(0.0, 3), sum_of_powers(0.9, 0)
    (1.75, 1.0, 0.0)
    """
    return (1.0 - beta**n) / (1.0 - beta)


def _decay(default: float, label: str, help: str) -> float:
    domain = Real(0, 1, open_high=True)
    return knob(default, label=label, help=help, domain=domain, applies="live")


def _epsilon(default: float) -> float:
    return knob(
        default,
        label="ε",
        help="Keeps the division away from zero.",
        domain=Real(0, 1, open_low=True, scale="log"),
        applies="live",
    )


@OPTIMIZERS.register
@final
@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent, with momentum if wanted (Sutskever et al. 2013).

    With μ the momentum, s ← μ·s + g and Δθ = −η·s; Nesterov's looks one step ahead,
    Δθ = −η·(g + μ·s). Stochastic, mini-batch or full-batch is the batch size's choice.

    >>> step, _ = SGD().update(np.array([-10.0]), SGD().init(1, float), np.array([0.5]), 0.01)
    >>> (0.5 + step).tolist()
    [0.6]
    """

    name: ClassVar[str] = "sgd"
    label: ClassVar[str] = "Gradient descent (SGD)"
    formula: ClassVar[str] = "s ← μ·s + g;  Δθ = −η·s"
    good_for: ClassVar[str] = "Understanding every step; with momentum, also serious work."
    watch_out: ClassVar[str] = "One learning rate for all weights: it has to be chosen with care."
    memory: ClassVar[tuple[str, ...]] = ("velocity",)

    momentum: float = _decay(0.0, "Momentum μ", "Share of the last step that is kept.")
    nesterov: bool = knob(
        False,
        label="Nesterov",
        help="Look where the momentum leads before correcting it.",
        domain=Flag(),
        applies="live",
        relevant=lambda sgd: sgd.momentum > 0,
    )

    def update(
        self, grads: Array, state: State, params: Array, learning_rate: float
    ) -> tuple[Array, State]:
        step, velocity = state["step"] + 1, state["velocity"]
        if not self.momentum:
            return -learning_rate * grads, {"step": step, "velocity": velocity}
        velocity = self.momentum * velocity + grads
        direction = grads + self.momentum * velocity if self.nesterov else velocity
        return -learning_rate * direction, {"step": step, "velocity": velocity}


@OPTIMIZERS.register
@final
@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """Each weight's step shrinks with its past gradients (Duchi et al. 2011).

    r ← r + g² and Δθ = −η·g / (√r + ε).
    """

    name: ClassVar[str] = "adagrad"
    label: ClassVar[str] = "AdaGrad"
    formula: ClassVar[str] = "r ← r + g²;  Δθ = −η·g / (√r + ε)"
    good_for: ClassVar[str] = "Rare features: their weights still take large steps."
    watch_out: ClassVar[str] = "The steps only ever get smaller: long runs come to a halt."
    memory: ClassVar[tuple[str, ...]] = ("squares",)

    epsilon: float = _epsilon(1e-10)

    def update(
        self, grads: Array, state: State, params: Array, learning_rate: float
    ) -> tuple[Array, State]:
        squares = state["squares"] + grads * grads
        change = -learning_rate * grads / (np.sqrt(squares) + self.epsilon)
        return change, {"step": state["step"] + 1, "squares": squares}


@OPTIMIZERS.register
@final
@dataclass(frozen=True)
class RMSProp(Optimizer):
    """Divides by a running size of each weight's gradient (Hinton 2012, lecture 6e).

    r ← ρ·r + g² is the weighted sum of squares, v = (1 − ρ)·r their running mean, and
    Δθ = −η·g / (√v + ε). As in the lecture, v starts at 0 and is not bias-corrected.
    """

    name: ClassVar[str] = "rmsprop"
    label: ClassVar[str] = "RMSProp"
    formula: ClassVar[str] = "v ← ρ·v + (1 − ρ)·g²;  Δθ = −η·g / (√v + ε)"
    good_for: ClassVar[str] = "Gradients whose size changes a lot along the way."
    watch_out: ClassVar[str] = "The first steps are large, as the running mean starts at 0."
    memory: ClassVar[tuple[str, ...]] = ("squares",)

    rho: float = _decay(0.9, "Decay ρ", "How slowly past gradients are forgotten.")
    epsilon: float = _epsilon(1e-8)

    def update(
        self, grads: Array, state: State, params: Array, learning_rate: float
    ) -> tuple[Array, State]:
        squares = self.rho * state["squares"] + grads * grads
        size = np.sqrt((1.0 - self.rho) * squares)
        change = -learning_rate * grads / (size + self.epsilon)
        return change, {"step": state["step"] + 1, "squares": squares}


def adam_moments(state: State, beta1: float, beta2: float) -> tuple[Array, Array]:
    """Return m̂ and v̂: the weighted means of the past gradients and of their squares."""
    steps = int(state["step"])
    mean = state["gradients"] / sum_of_powers(beta1, steps)
    return mean, state["squares"] / sum_of_powers(beta2, steps)


def _adam_next(state: State, grads: Array, beta1: float, beta2: float) -> State:
    return {
        "step": state["step"] + 1,
        "gradients": beta1 * state["gradients"] + grads,
        "squares": beta2 * state["squares"] + grads * grads,
    }


@OPTIMIZERS.register
@final
@dataclass(frozen=True)
class Adam(Optimizer):
    """Momentum and a step size for each weight (Kingma & Ba 2014, algorithm 1).

    m̂ and v̂ are the weighted means of the past gradients (weights β₁ᵏ) and of their squares
    (β₂ᵏ), and Δθ = −η·m̂ / (√v̂ + ε). In the paper's symbols the state's sums are
    m / (1 − β₁) and v / (1 − β₂).

    The first step is η against the sign of each gradient, whatever its size:

    >>> step, _ = Adam().update(np.array([3.0, -0.1]), Adam().init(2, float), np.zeros(2), 0.001)
    >>> step.round(6).tolist()
    [-0.001, 0.001]
    """

    name: ClassVar[str] = "adam"
    label: ClassVar[str] = "Adam"
    formula: ClassVar[str] = "Δθ = −η·m̂ / (√v̂ + ε)"
    good_for: ClassVar[str] = "Nearly everything: learns fast with the default settings."
    watch_out: ClassVar[str] = "It may settle on solutions a little worse than careful SGD's."
    memory: ClassVar[tuple[str, ...]] = ("gradients", "squares")

    beta1: float = _decay(0.9, "Decay β₁", "How slowly past gradients are forgotten.")
    beta2: float = _decay(0.999, "Decay β₂", "How slowly past squared gradients are forgotten.")
    epsilon: float = _epsilon(1e-8)

    def update(
        self, grads: Array, state: State, params: Array, learning_rate: float
    ) -> tuple[Array, State]:
        state = _adam_next(state, grads, self.beta1, self.beta2)
        mean, square = adam_moments(state, self.beta1, self.beta2)
        return -learning_rate * mean / (np.sqrt(square) + self.epsilon), state


@OPTIMIZERS.register
@final
@dataclass(frozen=True)
class AdamW(Optimizer):
    """Adam with weight decay beside the gradient (Loshchilov & Hutter 2017, algorithm 2).

    Δθ = −η·(m̂ / (√v̂ + ε) + λ·θ).
    """

    name: ClassVar[str] = "adamw"
    label: ClassVar[str] = "AdamW"
    formula: ClassVar[str] = "Δθ = −η·(m̂ / (√v̂ + ε) + λ·θ)"
    good_for: ClassVar[str] = "Adam's speed with weights that stay small."
    watch_out: ClassVar[str] = "Decay and an L2 penalty together shrink the weights twice."
    memory: ClassVar[tuple[str, ...]] = ("gradients", "squares")

    beta1: float = _decay(0.9, "Decay β₁", "How slowly past gradients are forgotten.")
    beta2: float = _decay(0.999, "Decay β₂", "How slowly past squared gradients are forgotten.")
    epsilon: float = _epsilon(1e-8)
    weight_decay: float = knob(
        0.01,
        label="Weight decay λ",
        help="Share of each parameter, times the learning rate, that is lost at every step.",
        domain=Real(0, 10),
        applies="live",
    )

    def update(
        self, grads: Array, state: State, params: Array, learning_rate: float
    ) -> tuple[Array, State]:
        state = _adam_next(state, grads, self.beta1, self.beta2)
        mean, square = adam_moments(state, self.beta1, self.beta2)
        change = mean / (np.sqrt(square) + self.epsilon) + self.weight_decay * params
        return -learning_rate * change, state
