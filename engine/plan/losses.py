"""From the last layer's weighted sums to the stored outputs and their deltas.

What is stored of every row is what its loss is computed from: the outputs, or the logits
where cross-entropy meets a sigmoid, which rounds to 0 and 1 too soon.
"""

from functools import partial, singledispatch

import numpy as np

from engine.activations import Activation, Sigmoid, Softmax
from engine.layers import Dense
from engine.losses import HalfSumOfSquares, Loss, MeanSquaredError, SumOfSquares
from engine.plan.activations import curve
from engine.plan.layers import (
    Bench,
    Slope,
    Stage,
    dense_gradients,
    slope_buffer,
    weighted_sums,
)
from engine.plan.products import product
from engine.plan.tape import Array, Signal, Tape, Workspace, transposed

FEW_CELLS = 1024  # up to which a small product beats a pass with broadcasting


def stores_logits(loss: Loss, activation: Activation) -> bool:
    """Tell whether the logits are stored rather than the outputs."""
    return loss.fuses(activation) and isinstance(activation, Sigmoid)


class Scale:
    """The number that turns row gradients into the batch's: 1, 1/rows, or a multiple.

    It can change between steps: whatever was derived from it changes along.
    """

    def __init__(self, space: Workspace, value: float) -> None:
        self.space = space
        self.value = value
        self._derived: list[tuple[Array, Array | float]] = []

    def set(self, value: float) -> None:
        """Change the number."""
        if value != self.value:
            self.value = value
            for array, base in self._derived:
                np.multiply(base, value, array)

    def times(self, base: Array | float) -> Array:
        """Return an array that is kept at `base` times the number."""
        array = np.array(np.multiply(base, self.value), self.space.dtype)
        self._derived.append((array, base))
        return array


@singledispatch
def error_factor(loss: Loss, outputs: int) -> float | None:
    """Return c where ∂L/∂a = c·(a − y), None for losses of another form."""
    return None


error_factor.register(MeanSquaredError, lambda _loss, outputs: 2.0 / outputs)
error_factor.register(SumOfSquares, lambda _loss, _outputs: 2.0)
error_factor.register(HalfSumOfSquares, lambda _loss, _outputs: 1.0)


def output_stage(
    bench: Bench, layer: Dense, name: str, x: Signal, pair: Array, scale: Scale
) -> Stage:
    """Return the calls for the last layer and the loss.

    Parameters
    ----------
    pair : ndarray (2·outputs, rows)
        Where the outputs (or logits) are stored, above the targets.
    scale : Scale
        What row gradients are multiplied by.
    """
    loss, activation = bench.network.loss, layer.activation
    said = pair[: len(pair) // 2]
    z = output_signal(bench, name, said)
    if loss.fuses(activation):
        forward, derivative = fused(bench, layer, name, x, z, pair, scale)
        slopes: list[Slope] = []
    else:
        shape, number = curve(activation), len(bench.network.dense)
        slope = slope_buffer(bench, name, number, z)
        forward = weighted_sums(bench, name, layer, x, said, True)
        forward += shape.forward(bench.space, name, z, slope)
        derivative = defined_or_difference(bench, z, pair, scale)
        derivative += shape.backward(bench.space, name, z, slope)
        slopes = [Slope(number, shape, said, slope)]
    if bench.gradient is None:
        return Stage(z, forward, [])
    return Stage(z, forward, derivative + dense_gradients(bench, name, layer, x, z), slopes)


def fused(
    bench: Bench, layer: Dense, name: str, x: Signal, z: Signal, pair: Array, scale: Scale
) -> tuple[Tape, Tape]:
    """Return forward and derivative of cross-entropy on softmax or sigmoid: a − y."""
    space, said = bench.space, z.memory
    if isinstance(layer.activation, Softmax):
        units, rows = said.shape
        logits = space.array(f"{name}.logits", (units + 1, rows))
        forward = weighted_sums(bench, name, layer, x, logits[:units], True)
        forward += softmax(space, name, logits, said)
        return forward, difference(z, said, pair, scale, 1.0)
    forward = weighted_sums(bench, name, layer, x, said, True)
    outputs = space.array(f"{name}.outputs", said.shape)
    derivative: Tape = [(np.copyto, (outputs, said))]
    derivative += curve(layer.activation).forward(space, name, Signal(outputs, None), outputs)
    return forward, derivative + difference(z, outputs, pair, scale, 1.0)


def defined_or_difference(bench: Bench, z: Signal, pair: Array, scale: Scale) -> Tape:
    """Return the calls for delta = scale·∂L/∂a."""
    factor = error_factor(bench.network.loss, len(z.memory))
    if factor is None:
        return defined_derivative(bench.network.loss, z, pair, scale)
    return difference(z, z.memory, pair, scale, factor)


def output_signal(bench: Bench, name: str, said: Array) -> Signal:
    """Return the last layer's signal: values in the store, deltas shared by all batches."""
    if bench.packing is not None:
        delta = bench.packing.delta(len(bench.network.dense))
    else:
        delta = bench.space.array(f"{name}.delta", said.shape)
    return Signal(said, delta)


def softmax(space: Workspace, name: str, z: Array, a: Array) -> Tape:
    """Return the calls for a = softmax(z) over the units.

    In single precision logits are held at most 50 below the row's largest: further down
    nothing changes but that numbers become subnormal, and slow.

    Parameters
    ----------
    z : ndarray (units + 1, rows)
        The logits, used up; the last row is scratch.
    a : ndarray (units, rows)
    """
    units, rows = a.shape
    few = units * rows <= FEW_CELLS
    logits, largest = z[:units], z[units]
    shifted = space.array(f"{name}.shifted", a.shape)
    lowest = space.array(f"{name}.lowest", a.shape)
    lowest[...] = -50
    tape: Tape = [(np.maximum.reduce, (logits, 0, None, largest))]
    if few:  # a product beats broadcasting and reducing
        subtract = np.hstack([np.eye(units), -np.ones((units, 1))]).astype(a.dtype)
        # the zeros hand on the NaN of a largest that is no number, which fmax swallows
        total = np.hstack([np.ones((units, units)), np.zeros((units, 1))]).astype(a.dtype)
        sums = space.array(f"{name}.sums", a.shape)
        tape += product(subtract, z, shifted)
        if a.dtype == np.float32:
            tape.append((np.fmax, (shifted, lowest, shifted)))
        tape.append((np.exp, (shifted, logits)))
        return [*tape, *product(total, z, sums), (np.divide, (logits, sums, a))]
    tape.append((np.subtract, (logits, largest, shifted)))
    if a.dtype == np.float32:  # np.maximum takes no third positional argument
        tape.append((partial(np.maximum, out=shifted), (shifted, lowest)))
    return [
        *tape,
        (np.exp, (shifted, shifted)),
        (np.add.reduce, (shifted, 0, None, largest)),
        (np.divide, (shifted, largest, a)),
    ]


def difference(z: Signal, outputs: Array, pair: Array, scale: Scale, factor: float) -> Tape:
    """Return the calls for delta = factor·scale·(outputs − targets); one product if small."""
    assert z.delta is not None
    units, rows = outputs.shape
    if units * rows <= FEW_CELLS and outputs is z.memory:
        one = np.eye(units)
        contrast = scale.times(factor * np.hstack([one, -one]))
        return product(contrast, pair, z.delta)
    targets = pair[units:]
    return [
        (np.subtract, (outputs, targets, z.delta)),
        (np.multiply, (z.delta, scale.times(factor), z.delta)),
    ]


def defined_derivative(loss: Loss, z: Signal, pair: Array, scale: Scale) -> Tape:
    """Return the call for delta = scale·∂L/∂a by the loss's definition."""
    a, y = z.rows, transposed(pair[len(z.memory) :])
    delta, number = transposed(z.delta_units), scale.times(1.0)

    def defined() -> None:
        np.multiply(loss.derivative(a, y), number, delta)

    return [(defined, ())]
