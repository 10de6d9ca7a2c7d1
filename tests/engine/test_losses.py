"""Every loss of the registry, by the same properties, and figures worked by hand."""

import numpy as np
import pytest

from engine.activations import Linear, Sigmoid, Softmax
from engine.losses import (
    LOSSES,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    Huber,
    MeanSquaredError,
    SumOfSquares,
)

ALL = [pytest.param(cls(), id=name) for name, cls in LOSSES.items()]
FUSED = [
    pytest.param(BinaryCrossEntropy(), Sigmoid(), id="sigmoid"),
    pytest.param(CategoricalCrossEntropy(), Softmax(), id="softmax"),
]


def rows(seed=0):
    rng = np.random.default_rng(seed)
    a = rng.uniform(0.05, 0.95, (4, 3))
    return a, np.eye(3)[rng.integers(0, 3, 4)]


@pytest.mark.parametrize("loss", ALL)
def test_derivative_is_the_slope(loss):
    a, y = rows()
    h, derivative = 1e-6, loss.derivative(a, y)
    for row, column in np.ndindex(a.shape):
        step = np.zeros_like(a)
        step[row, column] = h
        slope = (loss.value(a + step, y)[row] - loss.value(a - step, y)[row]) / (2 * h)
        assert derivative[row, column] == pytest.approx(slope, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", ALL)
def test_one_value_per_row_in_the_same_type(loss, dtype):
    a, y = (each.astype(dtype) for each in rows())
    assert loss.value(a, y).shape == (4,)
    assert loss.value(a, y).dtype == loss.derivative(a, y).dtype == np.dtype(dtype)


@pytest.mark.parametrize("loss", ALL)
def test_no_rows_no_losses(loss):
    nothing = np.empty((0, 3))
    assert loss.value(nothing, nothing).shape == (0,)
    assert loss.derivative(nothing, nothing).shape == (0, 3)


@pytest.mark.parametrize(("loss", "activation"), FUSED)
def test_fused_is_the_product_of_both_halves(loss, activation):
    z, (_, y) = np.random.default_rng(2).normal(size=(4, 3)), rows()
    a = activation.value(z)
    halves = activation.backward(loss.derivative(a, y), z, a)
    np.testing.assert_allclose(loss.backward(z, a, y, activation), halves, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(loss.value_of_logits(z, y), loss.value(a, y), rtol=1e-12)


@pytest.mark.parametrize(("loss", "activation"), FUSED)
@pytest.mark.parametrize("size", [50.0, 800.0, 1e6])
def test_fused_is_exact_for_extreme_logits(loss, activation, size):
    z, y = np.array([[size, -size]]), np.array([[0.0, 1.0]])
    with np.errstate(under="ignore"):
        value = loss.value_of_logits(z, y).item()
        gradient = loss.backward(z, activation.value(z), y, activation)
    assert value == pytest.approx(2 * size)  # twice wrong, or wrong by the whole distance
    np.testing.assert_allclose(gradient, [[1.0, -1.0]])


def test_the_hand_worked_neuron():
    """w = 0.5, b = −0.2, x = 100: z = 49.8; the true label is 0."""
    z, y = np.array([[0.5 * 100 - 0.2]]), np.array([[0.0]])
    loss, a = BinaryCrossEntropy(), Sigmoid().value(z)
    with np.errstate(divide="ignore"):
        assert loss.value(a, y).item() == np.inf
    assert loss.value_of_logits(z, y).item() == pytest.approx(49.8, abs=1e-12)
    dz = loss.backward(z, a, y, Sigmoid())
    assert dz.item() == 1.0
    assert (dz * 100).item() == 100.0


def test_squared_errors_by_hand():
    a, y = np.array([[1.0, 4.0]]), np.array([[0.0, 2.0]])
    assert SumOfSquares().value(a, y).item() == 5.0
    assert SumOfSquares().derivative(a, y).tolist() == [[2.0, 4.0]]
    assert MeanSquaredError().value(a, y).item() == 2.5
    assert MeanSquaredError().derivative(a, y).tolist() == [[1.0, 2.0]]


def test_huber_by_hand():
    a, y = np.array([[0.5], [3.0], [-3.0]]), np.zeros((3, 1))
    assert Huber(delta=1.0).value(a, y).tolist() == [0.125, 2.5, 2.5]
    assert Huber(delta=1.0).derivative(a, y).tolist() == [[0.5], [1.0], [-1.0]]


def test_categorical_never_divides_by_the_classes():
    a, y = np.array([[0.25, 0.25, 0.25, 0.25]]), np.eye(4)[:1]
    assert CategoricalCrossEntropy().value(a, y).item() == pytest.approx(np.log(4))


def test_only_matching_pairs_are_fused():
    assert not BinaryCrossEntropy().fuses(Softmax())
    assert not CategoricalCrossEntropy().fuses(Linear())
    assert not MeanSquaredError().fuses(Sigmoid())
    with pytest.raises(NotImplementedError, match="Mean squared error"):
        MeanSquaredError().value_of_logits(np.ones((1, 1)), np.ones((1, 1)))
