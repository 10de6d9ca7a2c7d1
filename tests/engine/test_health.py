"""Dead, saturated, vanishing, exploding: found where they are, and nowhere else."""

import numpy as np
import pytest

from engine.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from engine.datasets import load
from engine.health import Examination, layer_findings
from engine.initializers import Normal
from engine.network import Network
from engine.spec import DataSpec, HiddenLayer, NetworkSpec
from engine.toy_data import Circle

DATA = load(DataSpec(source=Circle()))


def network_of(*hidden, **settings):
    return Network.build(NetworkSpec(hidden=hidden, dtype="float64", **settings), 2, 1, "binary")


def examined(network, rows=None):
    examination = Examination(network)
    examination.take(DATA.x_train[:rows], DATA.y_train[:rows])
    return examination.health()


def test_a_fresh_network_is_well():
    health = examined(network_of(HiddenLayer(8, Tanh()), HiddenLayer(8, Tanh())), rows=200)
    assert [f for f in health.findings if f.neuron is None] == []
    assert health.rows == 200


def test_a_neuron_that_is_silent_for_every_row_is_dead():
    network = network_of(HiddenLayer(4, ReLU()))
    network.biases[0][2] = -1000
    health = examined(network)
    assert [(f.kind, f.layer, f.neuron) for f in health.findings] == [("dead", 1, 2)]
    assert "Silent for all of 400 rows" in health.of(1, 2)[0].reason
    assert "leaky ReLU" in health.of(1, 2)[0].advice
    assert health.of(1, 0) == ()


def test_one_active_row_is_life_enough():
    network = network_of(HiddenLayer(1, ReLU()))
    farthest = DATA.x_train[:, 0].max()
    network.weights[0][:, 0] = [1, 0]
    network.biases[0][0] = -(farthest - 1e-6)
    assert examined(network).findings == ()


def test_a_leaky_neuron_never_dies():
    network = network_of(HiddenLayer(4, LeakyReLU(0.1)))
    network.biases[0][:] = -1000
    assert [f.kind for f in examined(network).findings if f.neuron is not None] == []


@pytest.mark.parametrize("activation", [Tanh(), Sigmoid()])
def test_a_bounded_neuron_at_its_ends_is_saturated(activation):
    network = network_of(HiddenLayer(4, activation))
    network.weights[0][:] = 0.01
    network.biases[0][:] = [0, 0, 100, 0]
    found = [(f.kind, f.neuron) for f in examined(network).findings if f.neuron is not None]
    assert found == [("saturated", 2)]


def test_a_deep_sigmoid_network_loses_its_gradient():
    hidden = [HiddenLayer(8, Sigmoid())] * 10
    findings = examined(network_of(*hidden)).findings
    vanishing = [f for f in findings if f.kind == "vanishing"]
    assert vanishing[0].layer == 1
    assert "1/" in vanishing[0].reason
    assert all(f.layer <= 8 for f in vanishing)


def test_large_weights_make_the_signal_explode():
    hidden = [HiddenLayer(16, ReLU())] * 5
    findings = examined(network_of(*hidden, initializer=Normal(std=3.0))).findings
    assert {f.kind for f in findings if f.neuron is None} == {"exploding"}


def test_numbers_that_are_not_finite_are_found_and_do_no_harm():
    network = network_of(HiddenLayer(4, ReLU()))
    network.weights[1][...] = np.nan
    assert any(f.kind == "exploding" for f in examined(network).findings)


def test_blocks_add_up():
    network = network_of(HiddenLayer(4, ReLU()))
    network.biases[0][1] = -1000
    parts = Examination(network)
    for start in range(0, 400, 64):
        parts.take(DATA.x_train[start : start + 64], DATA.y_train[start : start + 64])
    whole = examined(network)
    assert parts.health().findings == whole.findings
    assert parts.health().signals == pytest.approx(whole.signals)


def test_a_layer_behind_dead_ones_is_told_so():
    (found,) = layer_findings(np.array([0.0, 1.0]), np.ones(2))
    assert (found.kind, found.layer) == ("vanishing", 1)
    assert "dead" in found.reason
    assert "leaky ReLU" in found.advice


@pytest.mark.parametrize(("part", "told"), [(2e3, "2,000-fold"), (np.inf, "a million-fold")])
def test_how_much_a_signal_has_grown_can_be_read(part, told):
    (found,) = layer_findings(np.array([part, 1.0]), np.ones(2))
    assert told in found.reason
