import numpy as np
import pytest

from engine.activations import Tanh
from engine.network import Network
from engine.spec import HiddenLayer, NetworkSpec
from gui.reading import contributions


def build(bias=True, **hidden):
    spec = NetworkSpec((HiddenLayer(12, **hidden), HiddenLayer(8)), bias=bias, dtype="float64")
    return Network.build(spec, 16, 5, "classification")


def lead(network, x, winner):
    """How far the winner's logit is above the mean of the others."""
    z = network.activations_of(x[None])[-1][0][0]
    return z[winner] - np.delete(z, winner).mean()


@pytest.fixture
def x():
    return np.random.default_rng(3).random(16)


def test_in_a_relu_network_without_biases_they_add_up_to_the_winners_lead(x):
    network = build(bias=False)
    winner = network.predict(x).argmax()
    np.testing.assert_allclose(contributions(network, x).sum(), lead(network, x, winner))


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_they_are_the_input_times_the_slope_of_the_winners_lead(x, dropout):
    network = build(activation=Tanh(), dropout=dropout)
    winner, step = network.predict(x).argmax(), 1e-6
    slopes = [
        (lead(network, x + each, winner) - lead(network, x - each, winner)) / (2 * step)
        for each in np.eye(16) * step
    ]
    np.testing.assert_allclose(contributions(network, x), x * slopes, rtol=1e-5, atol=1e-8)


def test_a_single_output_has_no_others(x):
    network = Network.build(NetworkSpec((), bias=False, dtype="float64"), 16, 1, "binary")
    np.testing.assert_allclose(contributions(network, x), x * network.weights[0][:, 0])
