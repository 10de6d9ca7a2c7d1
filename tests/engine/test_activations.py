"""Every activation of the registry, by the same properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.activations import ACTIVATIONS, ELU, LeakyReLU, ReLU, Sigmoid, Softmax

ALL = [pytest.param(cls(), id=name) for name, cls in ACTIVATIONS.items()]
EXTREME = np.array([[-1e4, -800.0, -90.0, 0.0], [1e-300, 90.0, 800.0, 1e4]])


@pytest.mark.parametrize("activation", ALL)
def test_derivative_is_the_slope(activation):
    z = np.random.default_rng(0).normal(size=(5, 4)) * 2 + 0.01
    h = 1e-6
    slope = np.empty_like(z)
    for index in np.ndindex(z.shape):
        step = np.zeros_like(z)
        step[index] = h
        above, below = activation.value(z + step), activation.value(z - step)
        slope[index] = (above[index] - below[index]) / (2 * h)
    a = activation.value(z)
    np.testing.assert_allclose(activation.derivative(z, a), slope, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("activation", ALL)
def test_backward_is_the_chain_rule(activation):
    rng = np.random.default_rng(1)
    z, da = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    dz = activation.backward(da, z, activation.value(z))
    h = 1e-6
    for index in np.ndindex(z.shape):
        step = np.zeros_like(z)
        step[index] = h
        change = (activation.value(z + step) - activation.value(z - step)) / (2 * h)
        assert dz[index] == pytest.approx(float((da * change).sum()), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", ALL)
def test_keeps_the_type_and_stays_finite_far_out(activation, dtype):
    z = EXTREME.astype(dtype)
    with np.errstate(under="ignore"):
        a = activation.value(z)
        slope = activation.derivative(z, a)
    assert a.dtype == slope.dtype == np.dtype(dtype)
    assert a.shape == slope.shape == z.shape
    assert np.isfinite(a).all()
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("activation", ALL)
def test_stays_within_its_bounds(activation):
    with np.errstate(under="ignore"):
        a = activation.value(np.concatenate([EXTREME.reshape(-1, 1), np.ones((8, 1))], axis=1))
    assert a.min() >= activation.low
    assert a.max() <= activation.high


@pytest.mark.parametrize("activation", ALL)
def test_nan_stays_nan(activation):
    z = np.array([[np.nan, 1.0]])
    with np.errstate(invalid="ignore"):
        assert np.isnan(activation.value(z)[0, 0])


@pytest.mark.parametrize("activation", ALL)
def test_leaves_its_input_alone(activation):
    z = np.linspace(-2, 2, 12).reshape(3, 4)
    before = z.copy()
    a = activation.value(z)
    activation.backward(np.ones_like(z), z, a)
    assert (z == before).all()
    assert not np.shares_memory(a, z)


@given(arrays(np.float64, (3, 5), elements=st.floats(-1e3, 1e3)))
def test_softmax_rows_are_distributions(z):
    a = Softmax().value(z)
    np.testing.assert_allclose(a.sum(axis=1), 1, rtol=1e-12)
    assert (a >= 0).all()
    np.testing.assert_allclose(Softmax().value(z + 7), a, rtol=1e-9, atol=1e-300)


def test_relu_is_flat_at_zero():
    z = np.zeros((1, 1))
    assert ReLU().derivative(z, z).item() == 0.0


def test_sigmoid_of_the_hand_worked_neuron():
    z = np.array([0.5 * 100 - 0.2])
    assert z.item() == pytest.approx(49.8)
    assert Sigmoid().value(z).item() == pytest.approx(1.0)


def test_slopes_below_zero():
    z = np.array([-2.0])
    assert LeakyReLU(alpha=0.1).value(z).item() == pytest.approx(-0.2)
    assert ELU(alpha=2.0).value(z).item() == pytest.approx(2 * (np.exp(-2) - 1))


def test_settings_out_of_range_are_refused():
    with pytest.raises(ValueError, match="alpha"):
        LeakyReLU(alpha=2.0)
