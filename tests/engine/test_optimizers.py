"""Optimizers: one step by hand, trajectories beside the papers' formulas, purity."""

import math

import numpy as np
import pytest

from engine.optimizers import (
    OPTIMIZERS,
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    RMSProp,
    adam_moments,
    sum_of_powers,
)

ALL = [pytest.param(cls(), id=name) for name, cls in OPTIMIZERS.items()]


def trajectory(optimizer, gradients, start=1.0, learning_rate=0.1):
    """Follow one parameter through a fixed series of gradients."""
    params, state, seen = np.array([start]), optimizer.init(1, float), []
    for g in gradients:
        change, state = optimizer.update(np.array([g]), state, params, learning_rate)
        params = params + change
        seen.append(params.item())
    return seen


GRADIENTS = [0.3, -0.2, 0.5, 0.5, -1.0, 0.01]


def test_gradient_descent_by_hand():
    """From w = 0.5, b = −0.2 with dw = −10, db = −5 and η = 0.01: w = 0.6, b = −0.15."""
    params, grads = np.array([0.5, -0.2]), np.array([-10.0, -5.0])
    change, _ = SGD().update(grads, SGD().init(2, float), params, 0.01)
    np.testing.assert_allclose(params + change, [0.6, -0.15])


def test_momentum_by_hand():
    # velocity 1, then 0.9 + 1 = 1.9: 0 − 0.1 − 0.19
    assert trajectory(SGD(momentum=0.9), [1.0, 1.0], 0.0) == pytest.approx([-0.1, -0.29])


def test_nesterov_by_hand():
    # direction 1 + 0.9·1 = 1.9, then 1 + 0.9·1.9 = 2.71
    steps = trajectory(SGD(momentum=0.9, nesterov=True), [1.0, 1.0], 0.0)
    assert steps == pytest.approx([-0.19, -0.461])


def test_adagrad_by_hand():
    # √(9) = 3, then √(9 + 16) = 5
    steps = trajectory(AdaGrad(), [3.0, 4.0], 0.0, 1.0)
    assert steps == pytest.approx([-1.0, -1.8])


def test_rmsprop_as_in_the_lecture():
    theta, v, expected = 1.0, 0.0, []
    for g in GRADIENTS:
        v = 0.9 * v + 0.1 * g * g
        theta -= 0.1 * g / (math.sqrt(v) + 1e-8)
        expected.append(theta)
    assert trajectory(RMSProp(), GRADIENTS) == pytest.approx(expected, rel=1e-12)


def adam_of_the_paper(gradients, decay=0.0):
    theta, m, v, expected = 1.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        theta -= 0.1 * (m_hat / (math.sqrt(v_hat) + 1e-8) + decay * theta)
        expected.append(theta)
    return expected


def test_adam_as_in_the_paper():
    assert trajectory(Adam(), GRADIENTS) == pytest.approx(adam_of_the_paper(GRADIENTS), rel=1e-12)


def test_adamw_as_in_the_paper():
    expected = adam_of_the_paper(GRADIENTS, decay=0.3)
    assert trajectory(AdamW(weight_decay=0.3), GRADIENTS) == pytest.approx(expected, rel=1e-12)


def test_adam_moments_are_weighted_means():
    state = Adam().init(1, float)
    for g in (1.0, 3.0):
        _, state = Adam().update(np.array([g]), state, np.zeros(1), 0.1)
    mean, square = adam_moments(state, 0.5, 0.5)
    weights = np.array([0.9, 1.0])  # of the sums, which Adam() kept with its own decay
    assert mean.item() == pytest.approx((weights * [1.0, 3.0]).sum() / 1.5)
    assert square.item() == pytest.approx((0.999 * 1 + 9) / 1.5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", ALL)
def test_pure_and_of_one_type(optimizer, dtype):
    rng = np.random.default_rng(0)
    grads, params = rng.normal(size=(2, 6)).astype(dtype)
    state = optimizer.init(6, dtype)
    before = [each.copy() for each in (grads, params, *state.values())]
    change, after = optimizer.update(grads, state, params, 0.1)
    for old, new in zip(before, (grads, params, *state.values()), strict=True):
        assert (old == new).all()
    assert change.dtype == np.dtype(dtype)
    assert after.keys() == state.keys() == {"step", *optimizer.memory}
    assert int(after["step"]) == 1
    assert all(after[name].dtype == np.dtype(dtype) for name in optimizer.memory)


@pytest.mark.parametrize("optimizer", ALL)
def test_goes_down_a_bowl(optimizer):
    params, state = np.array([3.0, -2.0]), optimizer.init(2, float)
    for _ in range(2000):
        change, state = optimizer.update(2 * params, state, params, 0.05)
        params = params + change
    assert np.abs(params).max() < 0.5


def test_sum_of_powers_is_the_sum_it_says():
    assert sum_of_powers(0.9, 10) == pytest.approx(sum(0.9**k for k in range(10)))
