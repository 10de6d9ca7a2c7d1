"""Initial weights: their size, their shape, their seed."""

import numpy as np
import pytest

from engine.initializers import INITIALIZERS, He, Normal, Uniform, Xavier, Zeros

ALL = [pytest.param(cls(), id=name) for name, cls in INITIALIZERS.items()]


@pytest.mark.parametrize("initializer", ALL)
def test_shape_and_seed(initializer):
    first = initializer.draw(np.random.default_rng(3), 5, 7)
    again = initializer.draw(np.random.default_rng(3), 5, 7)
    assert first.shape == (5, 7)
    assert (first == again).all()


@pytest.mark.parametrize(
    ("initializer", "std"),
    [
        (He(), np.sqrt(2 / 300)),
        (He(shape="uniform"), np.sqrt(2 / 300)),
        (Xavier(), np.sqrt(2 / 500)),
        (Xavier(shape="normal"), np.sqrt(2 / 500)),
        (Normal(std=0.3), 0.3),
        (Uniform(low=-1, high=1), 2 / np.sqrt(12)),
        (Zeros(), 0.0),
    ],
)
def test_standard_deviation(initializer, std):
    weights = initializer.draw(np.random.default_rng(0), 300, 200)
    assert weights.std() == pytest.approx(std, rel=0.02)
    assert abs(weights.mean()) <= 0.02 * (std or 1)


def test_uniform_stays_within():
    weights = Uniform(low=0, high=1).draw(np.random.default_rng(0), 50, 50)
    assert weights.min() >= 0
    assert weights.max() < 1


def test_uniform_refuses_a_reversed_interval():
    with pytest.raises(ValueError, match="low"):
        Uniform(low=1, high=0)
