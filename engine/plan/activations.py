"""Fast forms of the activations, found by type; the others fall back on their definition.

`forward` turns z into a in place. `slope` then fills a buffer of the same shape with f′,
computed from a alone, so that adjacent layers with one activation can share it; ReLU and its
like have written it on the way forward. Backward is then ``delta *= slope``.
"""

from functools import partial, singledispatch

import numpy as np

from engine.activations import Activation, LeakyReLU, Linear, ReLU, Sigmoid, Tanh
from engine.blas import has_quick_tanh
from engine.plan.tape import Array, Signal, Tape, Workspace, transposed


class Curve:
    """How one activation is computed; this base is the definition itself."""

    slope_from_outputs = False

    def __init__(self, activation: Activation) -> None:
        self.activation = activation

    def forward(self, space: Workspace, name: str, a: Signal, slope: Array) -> Tape:
        """Turn z into a, in ``a.memory``; f′ may go into `slope` on the way."""
        z = space.array(f"{name}.z", a.memory.shape)
        rows_of_z = transposed(z) if a.units_first else z
        rows = a.rows
        value = self.activation.value

        def defined() -> None:
            z[...] = a.memory
            rows[...] = value(rows_of_z)

        return [(defined, ())]

    def slope(self, space: Workspace, a: Array, slope: Array) -> Tape:
        """Fill `slope` with f′ from `a`."""
        return []

    def backward_using_up(self, space: Workspace, a: Signal) -> Tape:
        """Turn ∂L/∂a into ∂L/∂z without a slope; ``a.memory`` is used up."""
        raise NotImplementedError

    def backward(self, space: Workspace, name: str, a: Signal, slope: Array) -> Tape:
        """Turn ∂L/∂a into ∂L/∂z, in ``a.delta``."""
        z = space.array(f"{name}.z", a.memory.shape)
        rows_of_z = transposed(z) if a.units_first else z
        rows, delta = a.rows, transposed(a.delta_units)
        chain = self.activation.backward

        def defined() -> None:
            delta[...] = chain(delta, rows_of_z, rows)

        return [(defined, ())]


class FastCurve(Curve):
    """One whose backward is a multiplication by the slope."""

    def backward(self, space: Workspace, name: str, a: Signal, slope: Array) -> Tape:
        assert a.delta is not None
        return [(np.multiply, (a.delta, slope, a.delta))]


class LinearCurve(Curve):
    """Nothing to do."""

    def forward(self, space: Workspace, name: str, a: Signal, slope: Array) -> Tape:
        return []

    def backward(self, space: Workspace, name: str, a: Signal, slope: Array) -> Tape:
        return []


class TanhCurve(FastCurve):
    """1 − a²."""

    slope_from_outputs = True

    def forward(self, space: Workspace, name: str, a: Signal, slope: Array) -> Tape:
        return [(np.tanh, (a.memory, a.memory))]

    def slope(self, space: Workspace, a: Array, slope: Array) -> Tape:
        one = space.constant(1)
        return [(np.multiply, (a, a, slope)), (np.subtract, (one, slope, slope))]

    def backward_using_up(self, space: Workspace, a: Signal) -> Tape:
        m, one = a.memory, space.constant(1)
        return [
            (np.multiply, (m, m, m)),
            (np.subtract, (one, m, m)),
            (np.multiply, (a.delta, m, a.delta)),
        ]


class SigmoidCurve(FastCurve):
    """a − a²; by the exponential, or by tanh in single precision where that is quicker."""

    slope_from_outputs = True

    def forward(self, space: Workspace, name: str, a: Signal, slope: Array) -> Tape:
        m, one, half = a.memory, space.constant(1), space.constant(0.5)
        if m.dtype == np.float32 and has_quick_tanh():  # σ(z) = ½ + ½·tanh(z/2)
            return [
                (np.multiply, (m, half, m)),
                (np.tanh, (m, m)),
                (np.multiply, (m, half, m)),
                (np.add, (m, half, m)),
            ]
        return [
            (np.negative, (m, m)),
            (np.exp, (m, m)),
            (np.add, (m, one, m)),
            (np.divide, (one, m, m)),
        ]

    def slope(self, space: Workspace, a: Array, slope: Array) -> Tape:
        return [(np.multiply, (a, a, slope)), (np.subtract, (a, slope, slope))]

    def backward_using_up(self, space: Workspace, a: Signal) -> Tape:
        m, one = a.memory, space.constant(1)
        return [
            (np.multiply, (a.delta, m, a.delta)),
            (np.subtract, (one, m, m)),
            (np.multiply, (a.delta, m, a.delta)),
        ]


class ReLUCurve(Curve):
    """max(0, z), NaN staying NaN; the slope is 1[a > 0], as a whole number.

    Multiplied by 1 or 0, a number's bits stay what they are or become those of 0; in floating
    point the slope would have to be converted first, which takes longer than all the rest.
    """

    def forward(self, space: Workspace, name: str, a: Signal, slope: Array) -> Tape:
        m = a.memory
        zeros = space.array(f"{name}.zeros", m.shape)  # one for all batches: it stays in the cache
        # A third argument by position is deprecated, and to warn of it takes as long as the rest.
        return [(partial(np.maximum, out=m), (m, zeros))]

    def backward(self, space: Workspace, name: str, a: Signal, slope: Array) -> Tape:
        assert a.delta is not None
        bits = np.dtype(f"u{a.memory.itemsize}")  # none of them set only in 0
        positive = space.array(f"{name}.positive", a.memory.shape, bits)
        delta = a.delta.view(bits)
        return [
            (np.sign, (a.memory.view(bits), positive)),
            (np.multiply, (delta, positive, delta)),
        ]


class LeakyReLUCurve(FastCurve):
    """z·(α, or 1 where z > 0)."""

    activation: LeakyReLU

    def forward(self, space: Workspace, name: str, a: Signal, slope: Array) -> Tape:
        m = a.memory
        positive = space.array(f"{name}.positive", m.shape, np.bool_)
        alpha, rest = self.activation.alpha, 1 - self.activation.alpha
        return [
            (np.greater, (m, space.constant(0), positive)),
            (np.copyto, (slope, positive)),
            (np.multiply, (slope, space.constant(rest), slope)),
            (np.add, (slope, space.constant(alpha), slope)),
            (np.multiply, (m, slope, m)),
        ]


@singledispatch
def curve(activation: Activation) -> Curve:
    """Return how `activation` is computed fast."""
    return Curve(activation)


curve.register(Linear, LinearCurve)
curve.register(Tanh, TanhCurve)
curve.register(Sigmoid, SigmoidCurve)
curve.register(ReLU, ReLUCurve)
curve.register(LeakyReLU, LeakyReLUCurve)
