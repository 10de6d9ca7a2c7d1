"""Layers as calls: forward, and backward from the outputs' deltas to the inputs'."""

from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

import numpy as np

from engine.blas import multiplies_in_place
from engine.layers import Dense, Dropout, Layer
from engine.network import Network
from engine.plan.activations import Curve, curve
from engine.plan.layout import Layout, Packing, hidden_signal
from engine.plan.products import product_into, product_over_rows
from engine.plan.tape import Array, Call, Signal, Tape, Workspace, transposed


@dataclass(eq=False)
class Bench:
    """What the stages of one batch are built on.

    Attributes
    ----------
    network : Network
    space : Workspace
        Buffers, shared by all batches of one size.
    layout : Layout
    gradient : ndarray (n,) or None
        Where the gradients go, laid out as the parameters; None for forward only.
    packing, values : Packing and ndarray, or None
        In the packed layout, this batch's block of values.
    generator : Generator or None
        What layers draw from in the step under way.
    masks : list of ndarray (rows, units)
        What the dropout layers drew last.
    """

    network: Network
    space: Workspace
    layout: Layout
    gradient: Array | None = None
    packing: Packing | None = None
    values: Array | None = None
    generator: np.random.Generator | None = None
    masks: list[Array] = field(default_factory=list)

    def signal(self, name: str, layer: int, units: int) -> Signal:
        """Return buffers for the values of dense layer number `layer` (1 the first)."""
        if self.packing is not None:
            assert self.values is not None
            return self.packing.signal(self.values, layer)
        return hidden_signal(self.space, name, self.layout, units)

    def gradient_of(self, parameter: Array) -> Array:
        """Return where the gradient of `parameter` goes."""
        assert self.gradient is not None
        return self.network.block_of(self.gradient, parameter)


@dataclass(eq=False)
class Stage:
    """One layer on the tape.

    Attributes
    ----------
    y : Signal
        Its outputs.
    forward : list of calls
        From the inputs to ``y.memory``.
    slopes : list of Slope
        To be computed between forward and backward.
    backward : list of calls
        From ``y.delta`` to the parameters' gradients and the inputs' ``delta``.
    """

    y: Signal
    forward: Tape
    backward: Tape
    slopes: "list[Slope]" = field(default_factory=list)


@dataclass(eq=False)
class Slope:
    """That f′ is to be computed from the outputs of dense layer number `layer`."""

    layer: int
    curve: Curve
    a: Array
    slope: Array


@singledispatch
def stage(layer: Layer, bench: Bench, name: str, number: int, x: Signal) -> Stage:
    """Return the calls for `layer`; this, for kinds without a form here, is the definition.

    Parameters
    ----------
    name : str
        Of its buffers.
    number : int
        How many dense layers come before it, plus 1.
    x : Signal
        Its inputs.
    """
    rows = x.rows
    shape = layer.forward(np.zeros_like(rows), None)[0].shape
    y = Signal(
        bench.space.array(name, shape), bench.space.array(f"{name}.delta", shape), None, False
    )
    held: dict[str, Any] = {}

    def forward() -> None:
        y.memory[...], held["cache"] = layer.forward(rows, bench.generator)

    def backward() -> None:
        dx, gradients = layer.backward(y.delta, held["cache"])  # type: ignore[arg-type]
        for parameter, gradient in zip(layer.parameters, gradients, strict=True):
            bench.gradient_of(parameter)[...] = gradient
        if x.delta is not None:
            transposed(x.delta_units)[...] = dx

    return Stage(y, [(forward, ())], [(backward, ())])


@stage.register
def dense_stage(layer: Dense, bench: Bench, name: str, number: int, x: Signal) -> Stage:
    """Give z = W·x + b and a = f(z); one product where the inputs have a row of ones."""
    a = bench.signal(name, number, layer.weights.shape[1])
    shape = curve(layer.activation)
    forward = weighted_sums(bench, name, layer, x, a.memory, a.units_first)
    slope = slope_buffer(bench, name, number, a)
    forward += shape.forward(bench.space, name, a, slope)
    if bench.gradient is None:
        return Stage(a, forward, [])
    gradients = dense_gradients(bench, name, layer, x, a)
    if bench.packing is None and shape.slope_from_outputs:
        return Stage(a, forward, shape.backward_using_up(bench.space, a) + gradients)
    backward = shape.backward(bench.space, name, a, slope) + gradients
    return Stage(a, forward, backward, [Slope(number, shape, a.memory, slope)])


@stage.register
def dropout_stage(layer: Dropout, bench: Bench, name: str, number: int, x: Signal) -> Stage:
    """Give y = x·mask, drawn anew in each step; in prediction nobody sits out by chance."""
    random = bench.gradient is not None and layer.rate > 0
    if not random and not layer.switched_off:
        return Stage(x, [], [])
    shape = x.rows.shape
    y = hidden_signal(bench.space, name, bench.layout, shape[-1])
    mask = bench.space.array(f"{name}.mask", shape)
    mask[...] = 1
    mask[..., layer.switched_off] = 0
    bench.masks.append(mask)
    as_x = mask if not x.units_first else transposed(mask)
    tape = draw_mask(layer, bench, name, mask) if random else []
    tape.append((np.multiply, (x.memory, as_x, y.memory)))
    return Stage(y, tape, [(np.multiply, (y.delta, as_x, x.delta))])


def draw_mask(layer: Dropout, bench: Bench, name: str, mask: Array) -> Tape:
    """Return the calls that draw who sits out the step under way."""
    stays = bench.space.array(f"{name}.stays", mask.shape, np.bool_)
    drawn = bench.space.array(f"{name}.drawn", mask.shape)
    factor = bench.space.constant(1.0 / (1.0 - layer.rate))
    rate, off = layer.rate, layer.switched_off

    def draw() -> None:
        assert bench.generator is not None
        bench.generator.random(dtype=drawn.dtype.type, out=drawn)
        np.greater_equal(drawn, rate, stays)
        np.multiply(stays, factor, mask)
        if off:
            mask[..., off] = 0

    return [(draw, ())]


def slope_buffer(bench: Bench, name: str, number: int, a: Signal) -> Array:
    """Return the buffer for f′ of a dense layer."""
    if bench.packing is None:
        return bench.space.array(f"{name}.slope", a.memory.shape)
    return bench.packing.slopes[bench.packing.slope_rows(number, number)[1]]


def weighted_sums(
    bench: Bench, name: str, layer: Dense, x: Signal, memory: Array, units_first: bool
) -> Tape:
    """Return the calls for z into `memory`."""
    if layer.bias is None:
        return product_into(layer.weights.T, x.units, memory, units_first)
    if x.ones is not None:
        block = bench.network.block(layer)
        return product_into(block.T, x.ones, memory, units_first)
    tape = product_into(layer.weights.T, x.units, memory, units_first)
    bias = layer.bias[:, None] if units_first else layer.bias
    return [*tape, (np.add, (memory, bias, memory))]


def dense_gradients(bench: Bench, name: str, layer: Dense, x: Signal, z: Signal) -> Tape:
    """Return the calls from ``z.delta`` = ∂L/∂z to the gradients and ``x.delta``."""
    tape: Tape = []
    if bench.packing is None:
        tape += parameter_gradients(bench, name, layer, x, z)
    if x.delta is None:
        return tape
    weights = layer.weights
    if not x.units_first and multiplies_in_place():  # then BLAS takes it as it lies
        weights = transposed(bench.space.array(f"{name}.transposed", weights.T.shape))
        tape.append((np.copyto, (weights, layer.weights)))
    return tape + product_into(weights, z.delta_units, x.delta, x.units_first)


def parameter_gradients(bench: Bench, name: str, layer: Dense, x: Signal, z: Signal) -> Tape:
    """Return the calls for x·∂L/∂zᵀ, bias included where the inputs have a row of ones."""
    space, dz = bench.space, z.delta_units
    folded = layer.bias is not None and x.ones is not None
    left = x.ones if folded else x.units
    assert left is not None
    assert bench.gradient is not None
    target = (
        bench.network.block(layer, bench.gradient) if folded else bench.gradient_of(layer.weights)
    )
    tape = product_over_rows(space, name, left, transposed(dz), target)
    if layer.bias is not None and not folded:
        tape.append(bias_gradient(bench, z, bench.gradient_of(layer.bias)))
    return tape


def bias_gradient(bench: Bench, z: Signal, target: Array) -> Call:
    """Return the call that adds up the rows of ∂L/∂z."""
    assert z.delta is not None
    ones = bench.space.array("ones", (bench.layout.rows,))
    ones[...] = 1
    return (z.delta.dot, (ones, target)) if z.units_first else (ones.dot, (z.delta, target))
