import numpy as np
import pytest

from engine.activations import Tanh
from engine.network import Network
from engine.spec import HiddenLayer, NetworkSpec
from gui.reading import contributions


def build(bias=True, **hidden):
    spec = NetworkSpec((HiddenLayer(12, **hidden), HiddenLayer(8)), bias=bias, dtype="float64")
    return Network.build(spec, 16, 5, "classification")


def winning_logit(network, x, winner=None):
    z = network.activations_of(x[None])[-1][0][0]
    return (z.argmax() if winner is None else winner), z


@pytest.fixture
def x():
    return np.random.default_rng(3).random(16)


def test_in_a_relu_network_without_biases_they_add_up_to_the_winning_logit(x):
    network = build(bias=False)
    winner, z = winning_logit(network, x)
    np.testing.assert_allclose(contributions(network, x).sum(), z[winner])


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_they_are_the_input_times_the_slope_of_the_winning_logit(x, dropout):
    network = build(activation=Tanh(), dropout=dropout)
    winner, _ = winning_logit(network, x)
    step = 1e-6
    slopes = []
    for each in np.eye(16) * step:
        high, low = winning_logit(network, x + each)[1], winning_logit(network, x - each)[1]
        slopes.append((high - low)[winner] / (2 * step))
    np.testing.assert_allclose(contributions(network, x), x * slopes, rtol=1e-5, atol=1e-8)
