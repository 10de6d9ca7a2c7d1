"""Initial weights: their size, their shape, their seed."""

from dataclasses import replace

import numpy as np
import pytest

from engine.carrying import carry
from engine.initializers import INITIALIZERS, Given, He, Normal, Uniform, Xavier, Zeros
from engine.knobs import SettingError
from engine.network import Network
from engine.reshaping import add_neuron
from engine.spec import HiddenLayer, NetworkSpec

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


# ---------------------------------------------------------------- written out

WRITTEN = Given(layers=(((1, 2), (3, 4), (5, 6)), ((7,), (8,), (9,))))
SMALL = NetworkSpec(hidden=(HiddenLayer(2),), initializer=WRITTEN)


def built(spec, fan_in=2, outputs=1):
    return Network.build(spec, fan_in, outputs, "binary" if outputs == 1 else "classification")


def test_what_is_written_out_is_where_a_network_starts_whatever_the_seed():
    for seed in range(3):
        network = built(replace(SMALL, seed=seed))
        assert [each.tolist() for each in network.weights] == [[[1, 2], [3, 4]], [[7], [8]]]
        assert [each.tolist() for each in network.biases] == [[5, 6], [9]]


def test_a_network_without_biases_leaves_those_written_out_unread():
    network = built(replace(SMALL, bias=False))
    assert [each.tolist() for each in network.weights] == [[[1, 2], [3, 4]], [[7], [8]]]
    assert network.biases == [None, None]


def test_a_wider_layer_starts_with_what_is_written_and_with_what_he_draws():
    network = built(replace(SMALL, hidden=(HiddenLayer(300),)))
    first, second = network.weights
    assert first[:, :2].tolist() == [[1, 2], [3, 4]]
    assert second[:2].tolist() == [[7], [8]]
    assert first[:, 2:].std() == pytest.approx(1.0, rel=0.1)  # √(2 / 2)
    assert network.biases[0].tolist() == [5, 6, *[0] * 298]


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param({"fan_in": 3}, id="other inputs"),
        pytest.param({"outputs": 4}, id="other outputs"),
        pytest.param({"hidden": (HiddenLayer(2), HiddenLayer(2))}, id="another layer"),
        pytest.param({"hidden": ()}, id="a layer less"),
    ],
)
def test_another_network_is_drawn_as_he_draws_it(spec):
    sizes = {name: spec.pop(name) for name in ("fan_in", "outputs") if name in spec}
    network = built(replace(SMALL, **spec), **sizes)
    drawn = built(replace(SMALL, initializer=He(), **spec), **sizes)
    assert (network.parameters == drawn.parameters).all()


def test_a_neuron_added_to_what_was_written_out_listens_and_changes_nothing_yet():
    old = built(SMALL)
    old.weights[0][0, 0] = 10.0  # learnt since
    reshaped = add_neuron(SMALL, 0)
    new = built(reshaped.network)
    carry(old, {}, new, reshaped.network, reshaped.came)
    assert new.weights[0][:, :2].tolist() == [[10, 2], [3, 4]]
    assert new.weights[0][:, 2].all()
    assert new.weights[1].tolist() == [[7], [8], [0]]
    x = np.random.default_rng(0).normal(size=(5, 2))
    np.testing.assert_allclose(new.predict(x), old.predict(x))


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        ((((1,), (2,)), ((1,),)), "layer 2 must have 2 rows"),
        ((((1, 2),),), "layer 1 must have a row of weights and one of biases"),
        ((((1, 2), (3,)),), "rows of one length"),
        (((),), "rows of one length"),
        ((((1,), (float("nan"),)),), "finite"),
        ("abc", "matrices"),
        (5, "matrices"),
    ],
)
def test_what_makes_no_network_is_refused(layers, reason):
    with pytest.raises(SettingError, match=reason) as refused:
        Given(layers=layers)
    assert refused.value.setting == "layers"
