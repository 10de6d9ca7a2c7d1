"""Networks: what is built, what is refused, prediction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.activations import ACTIVATIONS, Linear, Sigmoid, Softmax, Tanh
from engine.losses import BinaryCrossEntropy, CategoricalCrossEntropy, MeanSquaredError
from engine.network import Network
from engine.spec import HiddenLayer, NetworkSpec


def build(hidden=(8, 5), fan_in=4, outputs=3, task="classification", **settings):
    spec = NetworkSpec(hidden=tuple(HiddenLayer(units) for units in hidden), **settings)
    return Network.build(spec, fan_in, outputs, task)


def test_views_share_the_one_vector():
    network = build()
    assert network.sizes == (4, 8, 5, 3)
    for weights, bias in zip(network.weights, network.biases, strict=True):
        assert np.shares_memory(weights, network.parameters)
        assert np.shares_memory(bias, network.parameters)
        assert weights.flags.c_contiguous
    network.parameters[...] = 7
    assert all((weights == 7).all() for weights in network.weights)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_vector_starts_on_a_cache_line(dtype):
    network = build(dtype=dtype)
    assert network.parameters.ctypes.data % 64 == 0
    assert network.dtype == np.dtype(dtype)


@pytest.mark.parametrize(
    ("task", "outputs", "activation", "loss"),
    [
        ("classification", 3, Softmax(), CategoricalCrossEntropy()),
        ("binary", 1, Sigmoid(), BinaryCrossEntropy()),
        ("regression", 2, Linear(), MeanSquaredError()),
    ],
)
def test_automatic_output_and_loss(task, outputs, activation, loss):
    network = build(task=task, outputs=outputs)
    assert network.dense[-1].activation == activation
    assert network.loss == loss


def test_same_seed_same_weights():
    first, again, other = build(seed=1), build(seed=1), build(seed=2)
    assert (first.parameters == again.parameters).all()
    assert (first.parameters != other.parameters).any()


def test_without_biases():
    network = build(bias=False)
    assert network.biases == [None, None, None]
    assert network.predict(np.zeros(4)).tolist() == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("output", [cls() for cls in ACTIVATIONS.values()], ids=list(ACTIVATIONS))
def test_one_row_and_many_agree(output, dtype):
    network = Network.build(
        NetworkSpec(output=output, dtype=dtype), 6, 4, "regression", MeanSquaredError()
    )
    x = np.random.default_rng(0).normal(size=(5, 6)).astype(dtype)
    many = network.predict(x)
    for row, expected in zip(x, many, strict=True):
        kept = row.copy()
        np.testing.assert_allclose(network.predict(row), expected, rtol=2e-5, atol=1e-6)
        assert (row == kept).all()
    assert network.predict(x[:0]).shape == (0, 4)


def test_one_row_with_extreme_logits():
    network = build(hidden=(), outputs=2)
    network.set_weights([np.full((4, 2), [100.0, -100.0])])
    assert network.predict(np.ones(4, "float32")).tolist() == [1.0, 0.0]
    assert network.predict(np.full(4, 0.0, "float32")).tolist() == [0.5, 0.5]
    network.set_weights([np.full((4, 2), -100.0)])
    assert network.predict(np.ones(4, "float32")).tolist() == [0.5, 0.5]


def test_prediction_follows_the_weights():
    network = build()
    x = np.ones(4, network.dtype)
    before = network.predict(x)
    network.set_weights([2 * w for w in network.weights])
    assert (network.predict(x) != before).any()


def test_activations_of():
    network = build()
    x = np.random.default_rng(0).normal(size=(2, 4)).astype("float32")
    values = network.activations_of(x)
    assert [z.shape for z, _ in values] == [(2, 8), (2, 5), (2, 3)]
    np.testing.assert_array_equal(values[-1][1], network.predict(x))


@given(st.lists(st.integers(1, 6), max_size=4), st.integers(1, 5), st.integers(2, 4), st.booleans())
def test_any_shape_runs_both_ways(hidden, fan_in, outputs, bias):
    network = build(tuple(hidden), fan_in, outputs, bias=bias)
    x = np.ones((3, fan_in), network.dtype)
    said, caches = network.forward(x)
    gradient = network.backward(caches, np.eye(outputs, dtype="float32")[[0, 1, 0]])
    assert said.shape == (3, outputs)
    assert gradient.shape == network.parameters.shape
    assert np.isfinite(gradient).all()


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"fan_in": 0}, "fan_in must be at least 1, not 0"),
        ({"outputs": -2}, "outputs must be at least 1, not -2"),
        ({"task": "guessing"}, "task must be one of"),
        ({"outputs": 1}, "softmax needs at least 2 outputs"),
    ],
)
def test_impossible_networks(settings, message):
    with pytest.raises(ValueError, match=message):
        build(**settings)


@pytest.mark.parametrize(
    ("output", "loss", "message"),
    [
        (Tanh(), BinaryCrossEntropy(), "between 0 and 1"),
        (Linear(), BinaryCrossEntropy(), "between 0 and 1"),
        (Sigmoid(), CategoricalCrossEntropy(), "softmax output, not Sigmoid"),
    ],
)
def test_losses_that_do_not_fit(output, loss, message):
    with pytest.raises(ValueError, match=message):
        Network.build(NetworkSpec(output=output), 4, 3, "classification", loss)


def test_softmax_over_one_hidden_neuron():
    spec = NetworkSpec(hidden=(HiddenLayer(4), HiddenLayer(1, Softmax())))
    with pytest.raises(ValueError, match=r"network\.hidden\[1\]\.activation"):
        Network.build(spec, 4, 3, "classification")


@pytest.mark.parametrize("shape", [(5,), (2, 3), (1, 2, 4)])
def test_predict_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match="x must have shape"):
        build().predict(np.zeros(shape))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w[:-1], "weights must hold 3 arrays, not 2"),
        (lambda w: [w[0].T, *w[1:]], r"weights\[0\] must have shape \(4, 8\), not \(8, 4\)"),
        (lambda w: [w[0] * np.nan, *w[1:]], r"weights\[0\] must be finite"),
        (lambda w: [w[0], None, w[2]], r"weights\[1\] must be given"),
    ],
)
def test_set_weights_refuses_and_changes_nothing(change, message):
    network = build()
    before = network.parameters.copy()
    with pytest.raises(ValueError, match=message):
        network.set_weights(change([w.copy() for w in network.weights]))
    assert (network.parameters == before).all()
