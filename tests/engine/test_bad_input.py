"""What cannot be learnt from is refused: named, with what came and what is allowed."""

from dataclasses import replace

import numpy as np
import pytest

from engine.activations import Linear, ReLU, Sigmoid, Softmax, Tanh
from engine.data_sources import XorTable
from engine.datasets import Dataset
from engine.knobs import SettingError
from engine.losses import BinaryCrossEntropy, CategoricalCrossEntropy
from engine.network import Network
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trainer import Trainer

X = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
Y = [0, 1, 1]

# ---------------------------------------------------------------- rows of one's own

BAD_INPUTS = [
    ([], "x must have shape (rows, features) with at least one of each"),
    (np.empty((0, 2)), "x must have shape (rows, features) with at least one of each"),
    (np.empty((3, 0)), "x must have shape (rows, features) with at least one of each"),
    ([1.0, 2.0, 3.0], "x must have shape (rows, features) with at least one of each, not numbers"),
    (np.zeros((3, 2, 2)), "x must have shape (rows, features)"),
    (7, "x must have shape (rows, features) with at least one of each, not 7"),
    (None, "x must "),
    ([[1, 2], [3], [4, 5]], "x must hold nothing but real numbers, not rows of different lengths"),
    ([["a", "b"]] * 3, "x must hold nothing but real numbers, not text of shape (3, 2)"),
    ([[1.0, "b"]] * 3, "x must hold nothing but real numbers, not text of shape (3, 2)"),
    ([[1.0, {}]] * 3, "x must hold nothing but real numbers, not a mixture of shape (3, 2)"),
    ([[1.0, 1j]] * 3, "x must hold nothing but real numbers, not complex numbers"),
    ([[1.0, 10**400]] * 3, "x must hold nothing but real numbers"),
    ([[1.0, 2.0], [np.nan, 0.0], [1.0, 1.0]], "x must be finite; at (1, 0) it is nan"),
    ([[1.0, 2.0], [0.0, -np.inf], [1.0, 1.0]], "x must be finite; at (1, 1) it is -inf"),
    ([[1.0, None], [0.0, 0.0], [1.0, 1.0]], "x must be finite; at (0, 1) it is nan"),
    (np.array([["2020-01-01"]] * 3, "datetime64[D]"), "x must hold nothing but real numbers"),
]


@pytest.mark.parametrize(("x", "message"), BAD_INPUTS)
def test_bad_inputs(x, message):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  (the message follows)
        Dataset.from_arrays(x, Y)
    assert str(refusal.value).startswith(message)


BAD_TARGETS = [
    ([0, 1], {}, "y must have one entry per row of x (3), not numbers of shape (2,)"),
    (1, {}, "y must have one entry per row of x (3), not "),
    (np.zeros((3, 1, 1)), {}, "y must have one entry per row of x (3)"),
    ([[1], [1, 2], [3]], {}, "y must be a list or a table; its rows are of different lengths"),
    (["a", "a", "a"], {}, "y holds one class only (a); there must be at least two"),
    ([2.0, 2.0, 2.0], {}, "y holds one class only (2); there must be at least two"),
    ([0.0, np.nan, 1.0], {}, "y must be finite; at (1,) it is nan"),
    ([["a"], ["b"], [None]], {}, "y must hold labels of one kind, all numbers or all text"),
    ([[1, 1], [0, 1], [1, 0]], {}, "y must be labels, or rows with a single 1 and otherwise 0"),
    ([[0.5, 0.5]] * 3, {}, "y must be labels, or rows with a single 1 and otherwise 0"),
    ([0, 1, 2], {"class_names": ("a", "b")}, "y must be whole numbers from 0 to 1, one of 2 "),
    ([0, -1, 1], {"class_names": ("a", "b")}, "y must be whole numbers from 0 to 1, one of 2 "),
    ([0, 0.5, 1], {"class_names": ("a", "b")}, "y must be whole numbers from 0 to 1, one of 2 "),
    ([[1, 0]] * 3, {"class_names": ("a",)}, "class_names must be 2, one a column; not 1"),
    ([0, 1, 2], {"task": "binary"}, "y must hold two classes, or numbers between 0 and 1; it "),
    ([1, 1, 1], {"task": "binary"}, "y must hold two classes, or numbers between 0 and 1; it "),
    (["a"] * 3, {"task": "binary"}, "y must hold two classes, or numbers between 0 and 1; it "),
    (
        [0, 1, 1.5],
        {"task": "binary", "class_names": ("n", "y")},
        "y must be between 0 and 1; not 1",
    ),
    (["a", "b", "c"], {"task": "regression"}, "y must hold nothing but real numbers, not text"),
    ([1.0, np.inf, 2.0], {"task": "regression"}, "y must be finite; at (1, 0) it is inf"),
    (np.empty((3, 0)), {"task": "regression"}, "y must have at least one column"),
    (
        [1.0, 2.0, 3.0],
        {"task": "regression", "class_names": ("a",)},
        "class_names must be left out",
    ),
    ([0, 1, 1], {"task": "ranking"}, "task must be one of classification, binary, regression; not"),
    ([0, 1, 1], {"feature_names": ("a",)}, "feature_names must be 2, one a column; not 1"),
    ([0, 1, 1], {"image_shape": (8, 8)}, "image_shape must hold 2 pixels, not (8, 8)"),
    ([0, 1, 1], {"test_fraction": 1.0}, "test_fraction: must be at least 0 and below 1, not 1.0"),
    ([0, 1, 1], {"validation_fraction": -0.1}, "validation_fraction: must be at least 0"),
    ([0, 1, 1], {"test_fraction": 0.9}, "test_fraction: of 3 rows, 3 for testing and 0 for "),
]


@pytest.mark.parametrize(("y", "options", "message"), BAD_TARGETS)
def test_bad_targets_and_options(y, options, message):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  (the message follows)
        Dataset.from_arrays(X, y, **options)
    assert str(refusal.value).startswith(message)


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize("units", [0, -1, 1.5, "many", None, True])
def test_layers_have_a_whole_number_of_neurons(units):
    with pytest.raises(SettingError, match="units: must be a whole number at least 1"):
        HiddenLayer(units)


@pytest.mark.parametrize("hidden", [3, (3,), "64", [HiddenLayer()] * 17])
def test_hidden_layers_are_a_short_list_of_layers(hidden):
    with pytest.raises(SettingError, match="hidden: must be at most 16 "):
        NetworkSpec(hidden=hidden)


@pytest.mark.parametrize("batch_size", [0, -4, 2.5, "some"])
def test_batches_have_a_positive_size(batch_size):
    with pytest.raises(SettingError, match="batch_size: must be a whole number at least 1"):
        TrainSpec(batch_size=batch_size)


@pytest.mark.parametrize("rate", [0, -0.1, np.nan, np.inf, 101])
def test_learning_rates_are_positive_and_finite(rate):
    with pytest.raises(SettingError, match="learning_rate: must be a number above 0 and at most"):
        TrainSpec(learning_rate=rate)


# ---------------------------------------------------------------- networks


@pytest.mark.parametrize(("fan_in", "outputs"), [(0, 1), (-2, 1), (3, 0), (3, -1)])
def test_sizes_are_positive(fan_in, outputs):
    with pytest.raises(ValueError, match="must be at least 1, not"):
        Network.build(NetworkSpec(), fan_in, outputs, "regression")


def test_softmax_on_one_output():
    with pytest.raises(SettingError, match="softmax needs at least 2 outputs"):
        Network.build(NetworkSpec(output=Softmax()), 3, 1, "binary")
    with pytest.raises(SettingError, match="softmax needs at least 2 neurons"):
        Network.build(NetworkSpec(hidden=(HiddenLayer(1, Softmax()),)), 3, 1, "binary")


@pytest.mark.parametrize("output", [Linear(), Tanh(), ReLU()])
def test_cross_entropy_of_what_is_no_probability(output):
    with pytest.raises(SettingError, match="needs outputs between 0 and 1"):
        Network.build(NetworkSpec(output=output), 3, 1, "binary", BinaryCrossEntropy())
    with pytest.raises(SettingError, match="needs a softmax output"):
        Network.build(NetworkSpec(output=output), 3, 2, "classification", CategoricalCrossEntropy())


@pytest.mark.parametrize(
    ("loss", "output", "y"),
    [
        (BinaryCrossEntropy(), Sigmoid(), [[0.0], [1.0], [2.0]]),
        (BinaryCrossEntropy(), Sigmoid(), [[0.0], [-0.5], [1.0]]),
        (CategoricalCrossEntropy(), Softmax(), [[0.0, 1.0], [2.0, -1.0], [1.0, 0.0]]),
    ],
)
def test_cross_entropy_with_targets_outside_0_and_1(loss, output, y):
    data = Dataset.from_arrays(X, y, task="regression")
    experiment = Experiment(network=NetworkSpec(output=output), train=TrainSpec(loss=loss))
    with pytest.raises(SettingError, match="needs targets between 0 and 1, not"):
        Trainer(experiment, data)


# ---------------------------------------------------------------- nothing changes


def xor_trainer():
    trainer = Trainer(Experiment(data=DataSpec(source=XorTable())))
    next(trainer.slices(60))
    return trainer


@pytest.mark.parametrize(
    "x", [[1.0, 2.0], [[1.0, 2.0]], np.zeros((2, 4)), np.zeros((1, 2, 3)), 1.0]
)
def test_predictions_need_rows_of_the_right_width(x):
    with pytest.raises(ValueError, match=r"x must have shape \(rows, 3\) or \(3,\), not"):
        xor_trainer().network.predict(x)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([np.zeros((3, 64))], "weights must hold 2 arrays, not 1"),
        ([np.zeros((3, 64)), np.zeros((64, 2))], r"weights\[1\] must have shape \(64, 1\)"),
        ([np.zeros((3, 64)), np.full((64, 1), np.nan)], r"weights\[1\] must be finite"),
    ],
)
def test_weights_that_do_not_fit_change_nothing(weights, message):
    network = xor_trainer().network
    before = network.parameters.copy()
    with pytest.raises(ValueError, match=message):
        network.set_weights(weights)
    assert np.array_equal(network.parameters, before)


def test_a_change_that_needs_a_restart_changes_nothing():
    trainer = xor_trainer()
    before, experiment = trainer.snapshot(), trainer.experiment
    asked = replace(
        experiment,
        network=replace(experiment.network, bias=False),
        train=replace(experiment.train, learning_rate=0.5),
    )
    with pytest.raises(SettingError, match=r"network\.bias: Biases cannot change while training"):
        trainer.apply(asked)
    assert trainer.experiment == experiment
    after = trainer.snapshot()
    assert after.epoch == before.epoch
    for ours, theirs in zip(after.weights, before.weights, strict=True):
        assert np.array_equal(ours, theirs)
