"""Whole training runs against scikit-learn's, from the same weights and over the same batches."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

from engine.activations import Linear, ReLU, Sigmoid, Tanh
from engine.datasets import Dataset
from engine.losses import HalfSumOfSquares
from engine.optimizers import SGD, Adam
from engine.spec import Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trainer import Trainer

EPOCHS = 30
BATCH = 32


class FromGivenWeights:
    """Makes a network of scikit-learn start from `layers`, (weights, bias) of each."""

    def start_from(self, layers):
        self.layers = iter(layers)
        return self

    def _init_coef(self, fan_in, fan_out, dtype):
        weights, bias = next(self.layers)
        assert weights.shape == (fan_in, fan_out)
        return weights.astype(dtype), bias.astype(dtype)


class PeerClassifier(FromGivenWeights, MLPClassifier):
    pass


class PeerRegressor(FromGivenWeights, MLPRegressor):
    pass


def digits_rows():
    digits = load_digits()
    return digits.data[:500] / 16, digits.target[:500]


def zero_or_one_rows():
    x, y = digits_rows()
    return x[y < 2], y[y < 2]


def diabetes_rows():
    x, y = load_diabetes(return_X_y=True)
    return 20 * x, y / 100


def two_number_rows():
    x, y = diabetes_rows()
    return x, np.column_stack([y, np.sin(y)])


ROWS = {
    "ten classes": (digits_rows, "classification"),
    "two classes": (zero_or_one_rows, "binary"),
    "a number": (diabetes_rows, "regression"),
    "two numbers": (two_number_rows, "regression"),
}
ACTIVATIONS = {"relu": ReLU(), "tanh": Tanh(), "logistic": Sigmoid(), "identity": Linear()}
TINY = 1e-14  # scikit-learn adds Adam's ε to √v before the bias correction, the paper after it
SOLVERS = {
    "adam": (Adam(epsilon=TINY), 0.005, {"solver": "adam", "epsilon": TINY}),
    "plain": (SGD(), 0.02, {"solver": "sgd", "momentum": 0.0}),
    "momentum": (
        SGD(momentum=0.9),
        0.01,
        {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": False},
    ),
    "nesterov": (SGD(momentum=0.8, nesterov=True), 0.01, {"solver": "sgd", "momentum": 0.8}),
}


def train_ours(rows, activation="relu", solver="adam", sizes=(16, 8), dtype="float64", **settings):
    make_rows, task = ROWS[rows]
    optimizer, learning_rate, _theirs = SOLVERS[solver]
    train = TrainSpec(
        optimizer=optimizer,
        learning_rate=learning_rate,
        batch_size=BATCH,
        loss=HalfSumOfSquares() if task == "regression" else None,
        shuffle=False,
        epochs=EPOCHS,
    )
    experiment = Experiment(
        network=NetworkSpec(
            hidden=tuple(HiddenLayer(units, ACTIVATIONS[activation]) for units in sizes),
            dtype=dtype,
        ),
        train=replace(train, **settings),
    )
    trainer = Trainer(experiment, Dataset.from_arrays(*make_rows(), task=task))
    begin = list(zip(trainer.snapshot().weights, trainer.snapshot().biases, strict=True))
    for _completed in trainer.slices(60):
        pass
    return trainer, begin


def make_peer(rows, activation="relu", solver="adam", sizes=(16, 8), **settings):
    _make_rows, task = ROWS[rows]
    _optimizer, learning_rate, names = SOLVERS[solver]
    kind = PeerRegressor if task == "regression" else PeerClassifier
    parameters = {
        "hidden_layer_sizes": sizes,
        "activation": activation,
        "learning_rate_init": learning_rate,
        "batch_size": BATCH,
        "alpha": 0.0,
        "shuffle": False,
        "max_iter": EPOCHS,
        "tol": 0.0,
        "n_iter_no_change": EPOCHS,
    }
    return kind(**(parameters | names | settings))


def train_theirs(begin, rows, dtype="float64", **settings):
    x, y = ROWS[rows][0]()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return make_peer(rows, **settings).start_from(begin).fit(x.astype(dtype), y)


def assert_same_weights(trainer, peer, rtol=1e-6):
    for ours, theirs in zip(trainer.network.weights, peer.coefs_, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=1e-8)
    for ours, theirs in zip(trainer.network.biases, peer.intercepts_, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=1e-8)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("solver", SOLVERS)
def test_the_loss_curve_and_the_weights_are_the_same(rows, solver):
    trainer, begin = train_ours(rows, solver=solver)
    peer = train_theirs(begin, rows, solver=solver)
    # for several numbers scikit-learn reports the mean over them, but descends their sum
    losses = trainer.history["train_loss"] / (peer.n_outputs_ if "numbers" in rows else 1)
    assert len(losses) == EPOCHS
    np.testing.assert_allclose(losses, peer.loss_curve_, rtol=1e-6)
    assert_same_weights(trainer, peer)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("rows", ["ten classes", "a number"])
def test_with_every_activation_of_theirs(activation, rows):
    trainer, begin = train_ours(rows, activation=activation)
    peer = train_theirs(begin, rows, activation=activation)
    np.testing.assert_allclose(trainer.history["train_loss"], peer.loss_curve_, rtol=1e-6)


@pytest.mark.parametrize("solver", ["adam", "nesterov"])
def test_with_an_l2_penalty(solver):
    batch = 50  # divides the 500 rows: theirs is divided by the rows of each batch
    trainer, begin = train_ours("ten classes", solver=solver, batch_size=batch, l2=0.5 / batch)
    peer = train_theirs(begin, "ten classes", solver=solver, batch_size=batch, alpha=0.5)
    assert_same_weights(trainer, peer)


@pytest.mark.parametrize("sizes", [(), (5,), (7, 6, 5)])
def test_with_any_number_of_layers(sizes):
    trainer, begin = train_ours("ten classes", sizes=sizes)
    peer = train_theirs(begin, "ten classes", sizes=sizes)
    np.testing.assert_allclose(trainer.history["train_loss"], peer.loss_curve_, rtol=1e-6)


def test_full_batch():
    trainer, begin = train_ours("two classes", batch_size=None)
    peer = train_theirs(begin, "two classes", batch_size=len(zero_or_one_rows()[0]))
    np.testing.assert_allclose(trainer.history["train_loss"], peer.loss_curve_, rtol=1e-6)


def test_probabilities_are_the_same():
    x, _y = digits_rows()
    trainer, begin = train_ours("ten classes")
    peer = train_theirs(begin, "ten classes")
    np.testing.assert_allclose(
        trainer.network.predict(x), peer.predict_proba(x), rtol=1e-5, atol=1e-8
    )


def rows_of_batches(trainer):
    """Run the same experiment again, batch by batch, and note the rows of each."""
    again = Trainer(trainer.experiment, trainer.dataset)
    slices = again.slices(0)
    while again.outcome is None:
        yield again.rows_of_batch.copy()
        next(slices)


def test_over_shuffled_batches():
    x, y = digits_rows()
    trainer, begin = train_ours("ten classes", shuffle=True)
    batches = list(rows_of_batches(trainer))
    assert len(batches) == EPOCHS * 16
    peer = make_peer("ten classes").start_from(begin)
    for epoch in range(EPOCHS):
        order = np.concatenate(batches[16 * epoch : 16 * (epoch + 1)])
        assert np.array_equal(np.sort(order), np.arange(500))
        peer.partial_fit(x[order], y[order], classes=range(10))
    np.testing.assert_allclose(trainer.history["train_loss"], peer.loss_curve_, rtol=1e-6)
    assert_same_weights(trainer, peer)


def test_in_single_precision():
    trainer, begin = train_ours("ten classes", solver="nesterov", dtype="float32")
    peer = train_theirs(begin, "ten classes", solver="nesterov", dtype="float32")
    assert peer.coefs_[0].dtype == trainer.network.dtype == np.float32
    np.testing.assert_allclose(trainer.history["train_loss"], peer.loss_curve_, rtol=1e-4)
