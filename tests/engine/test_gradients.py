"""Backpropagation beside central differences, over everything that can be combined."""

from dataclasses import replace

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, Linear, Sigmoid, Softmax
from engine.compatibility import check_output
from engine.layers import Dropout
from engine.losses import LOSSES, CategoricalCrossEntropy
from engine.network import Network
from engine.spec import HiddenLayer, NetworkSpec, TrainSpec
from engine.update import compute_update

H = 1e-6


def check(network, x, y, train, seed=0):
    """Compare the gradient of the whole objective with the difference quotient."""
    state = train.optimizer.init(network.parameters.size, network.dtype)
    rng = np.random.default_rng(seed)
    gradient = compute_update(network, x, y, train, state, 0.1, rng).gradient
    theta = network.parameters

    def objective():
        _, caches = network.forward(x, np.random.default_rng(seed))
        losses = network.row_losses(caches, y)
        weights = theta * network.penalised
        penalty = train.l1 * np.abs(weights).sum() + 0.5 * train.l2 * (weights**2).sum()
        return (losses.mean() if train.reduction == "mean" else losses.sum()) + penalty

    for index in np.flatnonzero(theta):
        kept = theta[index]
        theta[index] = kept + H
        above = objective()
        theta[index] = kept - H
        slope = (above - objective()) / (2 * H)
        theta[index] = kept
        assert abs(gradient[index] - slope) <= 1e-6 * max(abs(slope), 1e-2)


def build(hidden, output, loss, bias=True, dropout=0.0, outputs=3):
    spec = NetworkSpec(
        hidden=tuple(HiddenLayer(units, act, dropout) for units, act in hidden),
        output=output,
        bias=bias,
        dtype="float64",
        seed=4,
    )
    network = Network.build(spec, 4, outputs, "regression", loss)
    for each in network.biases:
        if each is not None:  # away from 0, where every gradient is looked at
            each[...] = np.random.default_rng(5).normal(size=each.shape) * 0.3 + 0.05
    return network


def batch(loss, rows=6, outputs=3):
    rng = np.random.default_rng(1)
    one_hot = np.eye(outputs)[rng.integers(0, outputs, rows)]
    y = one_hot if loss.of_probabilities else rng.normal(size=(rows, outputs))
    return rng.normal(size=(rows, 4)), y


LOSS = [pytest.param(cls(), id=name) for name, cls in LOSSES.items()]
ACTIVATION = [pytest.param(cls(), id=name) for name, cls in ACTIVATIONS.items()]


def output_for(loss):
    if isinstance(loss, CategoricalCrossEntropy):
        return Softmax()
    return Sigmoid() if loss.of_probabilities else Linear()


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("loss", LOSS)
@pytest.mark.parametrize("activation", ACTIVATION)
def test_hidden_activation_and_loss(activation, loss, bias, reduction):
    network = build([(5, activation), (3, activation)], output_for(loss), loss, bias)
    check(network, *batch(loss), TrainSpec(reduction=reduction))


def go_together(output, loss):
    try:
        check_output(output, loss, 3)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("output", "loss"),
    [
        pytest.param(output(), loss(), id=f"{output.name}-{loss.name}")
        for output in ACTIVATIONS.values()
        for loss in LOSSES.values()
        if go_together(output(), loss())
    ],
)
def test_output_activation_and_loss(output, loss):
    check(build([(4, Sigmoid())], output, loss), *batch(loss), TrainSpec())


@pytest.mark.parametrize("changes", [{"l1": 0.1}, {"l2": 0.3}, {"l1": 0.05, "l2": 0.2}])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_penalties(changes, reduction):
    loss = CategoricalCrossEntropy()
    network = build([(5, Sigmoid())], Softmax(), loss)
    check(network, *batch(loss), replace(TrainSpec(reduction=reduction), **changes))


def test_dropout():
    loss = CategoricalCrossEntropy()
    network = build([(8, Sigmoid()), (8, Sigmoid())], Softmax(), loss, dropout=0.5)
    assert any(isinstance(layer, Dropout) for layer in network.layers)
    check(network, *batch(loss), TrainSpec())


@pytest.mark.parametrize("rows", [1, 2])
def test_few_rows(rows):
    loss = CategoricalCrossEntropy()
    check(build([(4, Sigmoid())], Softmax(), loss), *batch(loss, rows), TrainSpec())


def test_clipping_shortens_and_keeps_the_direction():
    loss = CategoricalCrossEntropy()
    network = build([(4, Sigmoid())], Softmax(), loss)
    train = TrainSpec(reduction="sum")
    state = train.optimizer.init(network.parameters.size, network.dtype)
    x, y = batch(loss)
    free = compute_update(network, x, y, train, state, 0.1).gradient
    length = np.linalg.norm(free)
    short = compute_update(network, x, y, replace(train, clip_norm=length / 2), state, 0.1).gradient
    np.testing.assert_allclose(short, free / 2, rtol=1e-12)
    long = compute_update(network, x, y, replace(train, clip_norm=length * 2), state, 0.1).gradient
    assert (long == free).all()


def test_l1_lets_a_zero_weight_live():
    loss = CategoricalCrossEntropy()
    network = build([(4, Sigmoid())], Softmax(), loss)
    network.weights[0][0, 0] = 0.0
    train = TrainSpec(l1=10.0)
    state = train.optimizer.init(network.parameters.size, network.dtype)
    x, y = batch(loss)
    with_penalty = compute_update(network, x, y, train, state, 0.1).gradient[0]
    without = compute_update(network, x, y, TrainSpec(), state, 0.1).gradient[0]
    assert with_penalty == without != 0
