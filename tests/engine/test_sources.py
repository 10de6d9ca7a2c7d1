"""The figures printed in the texts that the lessons follow come out of the general engine."""

import numpy as np
import pytest

from engine.activations import ReLU, Sigmoid
from engine.data_sources import Digits, FirstInputTable, SinglePoint, XorTable
from engine.datasets import load
from engine.initializers import Normal, Uniform
from engine.losses import BinaryCrossEntropy, HalfSumOfSquares, SumOfSquares
from engine.metrics import accuracy, as_labels
from engine.network import Network
from engine.optimizers import SGD, Adam
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trainer import Trainer
from engine.update import compute_update


def run_until(trainer, epoch):
    """Train until that many epochs are complete."""
    slices = trainer.slices(60)
    while trainer.epoch < epoch:
        next(slices)


# ---------------------------------------------------------------- one layer, written out

ONE_LAYER = Experiment(
    data=DataSpec(source=FirstInputTable()),
    network=NetworkSpec(hidden=(), output=Sigmoid(), bias=False, dtype="float64"),
    train=TrainSpec(
        optimizer=SGD(),
        learning_rate=1.0,
        batch_size=None,
        loss=HalfSumOfSquares(),
        reduction="sum",
        shuffle=False,
    ),
)

MEAN_ERRORS = [
    0.52614137, 0.02613280, 0.01817686, 0.01473495, 0.01270669,
    0.01133248, 0.01032319, 0.00954174, 0.00891372, 0.00839478,
]  # fmt: skip


def test_one_sigmoid_layer_prints_the_same_eight_digits():
    trainer = Trainer(ONE_LAYER)
    trainer.network.set_weights([2 * np.random.RandomState(42).random((3, 1)) - 1])
    x, y = trainer.dataset.x_train, trainer.dataset.y_train
    errors = []
    for thousand in range(10):
        run_until(trainer, 1000 * thousand)
        errors.append(np.abs(y - trainer.network.predict(x)).mean())
    assert np.round(errors, 8).tolist() == MEAN_ERRORS

    run_until(trainer, 9999)  # the text prints what it computed before its last update
    outputs = trainer.network.predict(x).ravel()
    assert outputs.round(8).tolist() == [0.00966808, 0.00786589, 0.99358863, 0.99211705]
    run_until(trainer, 10_000)
    weights = trainer.network.weights[0].ravel()
    assert weights.round(8).tolist() == [9.67256303, -0.20811174, -4.62926144]


# ---------------------------------------------------------------- one neuron, by hand


def one_neuron(weight, bias):
    spec = NetworkSpec(hidden=(), dtype="float64")
    network = Network.build(spec, fan_in=1, outputs=1, task="binary")
    network.set_weights([[[weight]]], [[bias]])
    return network


def test_one_neuron_that_is_sure_and_wrong():
    network = one_neuron(0.5, -0.2)
    x, y = np.array([[100.0]]), np.array([[0.0]])
    [(z, a)] = network.activations_of(x)
    assert z == 49.8
    assert a == 1.0  # 1 − 2.4e-22 has no float64 of its own
    assert network.loss == BinaryCrossEntropy()
    with np.errstate(divide="ignore"):
        assert network.loss.value(a, y) == np.inf
    state = SGD().init(network.parameters.size, float)
    update = compute_update(network, x, y, TrainSpec(optimizer=SGD()), state, learning_rate=1.0)
    assert update.row_losses == 49.8
    dz = network.loss.backward(z, a, y, network.dense[0].activation)
    assert dz == 1.0
    assert network.block_of(update.gradient, network.weights[0]) == 100.0
    assert network.block_of(update.gradient, network.biases[0]) == 1.0


def test_one_gradient_descent_update():
    params, gradient = np.array([0.5, -0.2]), np.array([-10.0, -5.0])
    change, _state = SGD().update(gradient, SGD().init(2, float), params, learning_rate=0.01)
    np.testing.assert_allclose(params + change, [0.6, -0.15], rtol=1e-15)


# ---------------------------------------------------------------- one full iteration, 2-2-1

W1 = np.array([[0.5, -0.3], [-0.2, 0.8]])
B1 = np.array([0.1, 0.0])
W2 = np.array([[0.7], [-0.6]])
B2 = np.array([0.05])

POINT = Experiment(
    data=DataSpec(source=SinglePoint(x1=0.6, x2=-0.4, y=1)),
    network=NetworkSpec(hidden=(HiddenLayer(2, ReLU()),), dtype="float64"),
    train=TrainSpec(optimizer=SGD(), learning_rate=0.1, batch_size=1),
)


def test_one_iteration_of_a_small_network_worked_by_hand():
    trainer = Trainer(POINT)
    network = trainer.network
    network.set_weights([W1, W2], [B1, B2])
    x, y = trainer.dataset.x_train, trainer.dataset.y_train

    # z₁ = 0.6·0.5 + 0.4·0.2 + 0.1 = 0.48, z₂ = −0.6·0.3 − 0.4·0.8 = −0.5: active, dead
    # z₃ = 0.7·0.48 + 0.05 = 0.386, a₃ = 1/(1 + e^−0.386), L = −ln a₃
    a3 = 1 / (1 + np.exp(-0.386))
    (z12, a12), (z3, out) = network.activations_of(x)
    np.testing.assert_allclose(z12, [[0.48, -0.5]], rtol=1e-14)
    np.testing.assert_allclose(a12, [[0.48, 0.0]], rtol=1e-14)
    np.testing.assert_allclose(z3, [[0.386]], rtol=1e-14)
    np.testing.assert_allclose(out, [[a3]], rtol=1e-14)

    update = compute_update(
        network, x, y, POINT.train, SGD().init(network.parameters.size, float), 0.1
    )
    np.testing.assert_allclose(update.row_losses, [-np.log(a3)], rtol=1e-14)

    dz3 = a3 - 1
    dw2, db2 = np.array([[dz3 * 0.48], [0.0]]), np.array([dz3])
    dz1 = dz3 * 0.7  # the gate is open; the second hidden unit's is shut
    dw1, db1 = np.array([[dz1 * 0.6, 0.0], [dz1 * -0.4, 0.0]]), np.array([dz1, 0.0])
    for view, expected in zip(
        (network.weights[0], network.biases[0], network.weights[1], network.biases[1]),
        (dw1, db1, dw2, db2),
        strict=True,
    ):
        np.testing.assert_allclose(
            network.block_of(update.gradient, view), expected, rtol=1e-14, atol=1e-17
        )

    run_until(trainer, 1)
    np.testing.assert_allclose(network.weights[0], W1 - 0.1 * dw1, rtol=1e-14)
    np.testing.assert_allclose(network.biases[0], B1 - 0.1 * db1, rtol=1e-14)
    np.testing.assert_allclose(network.weights[1], W2 - 0.1 * dw2, rtol=1e-14)
    np.testing.assert_allclose(network.biases[1], B2 - 0.1 * db2, rtol=1e-14)
    np.testing.assert_allclose(trainer.history["train_loss"], [-np.log(a3)], rtol=1e-14)


# ---------------------------------------------------------------- a network as a function, 3-4-1


def two_layers(seed):
    return Experiment(
        data=DataSpec(source=XorTable()),
        network=NetworkSpec(
            hidden=(HiddenLayer(4, Sigmoid()),),
            output=Sigmoid(),
            initializer=Uniform(low=0.0, high=1.0),
            bias=False,
            seed=seed,
            dtype="float64",
        ),
        train=TrainSpec(
            optimizer=SGD(),
            learning_rate=1.0,
            batch_size=None,
            loss=SumOfSquares(),
            reduction="sum",
            shuffle=False,
        ),
    )


@pytest.mark.parametrize("seed", range(5))
def test_two_layers_learn_exclusive_or(seed):
    trainer = Trainer(two_layers(seed))
    run_until(trainer, 1500)
    outputs = trainer.network.predict(trainer.dataset.x_train)
    assert np.abs(outputs - trainer.dataset.y_train).max() < 0.05
    assert 0.001 < np.square(outputs - trainer.dataset.y_train).sum() < 0.005
    assert (np.diff(trainer.history["train_loss"]) < 0).all()


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_two_layers_follow_the_text_step_by_step():
    trainer = Trainer(two_layers(0))
    first, second = (each.copy() for each in trainer.network.weights)
    x, y = trainer.dataset.x_train, trainer.dataset.y_train
    for _iteration in range(1500):
        hidden = sigmoid(x @ first)
        output = sigmoid(hidden @ second)
        delta = 2 * (y - output) * output * (1 - output)
        second_step = hidden.T @ delta
        first += x.T @ (delta @ second.T * hidden * (1 - hidden))
        second += second_step
    run_until(trainer, 1500)
    np.testing.assert_allclose(trainer.network.weights[0], first, rtol=1e-9)
    np.testing.assert_allclose(trainer.network.weights[1], second, rtol=1e-9)


# ---------------------------------------------------------------- digits


def article(epochs, seed=0, dtype="float32"):
    return Experiment(
        data=DataSpec(source=Digits(scale="minmax"), test_fraction=0.2, split_seed=42),
        network=NetworkSpec(
            hidden=(HiddenLayer(64, Sigmoid()),), initializer=Normal(1.0), seed=seed, dtype=dtype
        ),
        train=TrainSpec(optimizer=SGD(), learning_rate=0.1, batch_size=None, epochs=epochs),
    )


def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def test_digits_by_the_articles_recipe_step_by_step():
    trainer = Trainer(article(epochs=30, dtype="float64"))
    data = trainer.dataset
    w1, w2 = (each.copy() for each in trainer.network.weights)
    b1, b2 = np.zeros(64), np.zeros(10)
    train_losses, test_losses = [], []
    for _epoch in range(30):
        a1 = sigmoid(data.x_train @ w1 + b1)
        a2 = softmax(a1 @ w2 + b2)
        train_losses.append(-np.log(a2[data.y_train == 1]).mean())
        dz2 = (a2 - data.y_train) / len(a2)
        dz1 = dz2 @ w2.T * a1 * (1 - a1)
        w2 -= 0.1 * (a1.T @ dz2)
        b2 -= 0.1 * dz2.sum(axis=0)
        w1 -= 0.1 * (data.x_train.T @ dz1)
        b1 -= 0.1 * dz1.sum(axis=0)
        tested = softmax(sigmoid(data.x_test @ w1 + b1) @ w2 + b2)
        test_losses.append(-np.log(tested[data.y_test == 1]).mean())
    run_until(trainer, 30)
    np.testing.assert_allclose(trainer.history["train_loss"], train_losses, rtol=1e-10)
    np.testing.assert_allclose(trainer.history["test_loss"], test_losses, rtol=1e-10)
    np.testing.assert_allclose(trainer.network.weights[0], w1, rtol=1e-9)


def test_digits_by_the_articles_recipe_reach_its_accuracy():
    accuracies = []
    for seed in range(5):
        trainer = Trainer(article(epochs=1000, seed=seed))
        run_until(trainer, 1000)
        assert trainer.outcome.kind == "finished"
        assert len(trainer.history) == 1000
        accuracies.append(trainer.history["test_accuracy"][-1])
    assert 0.915 <= np.median(accuracies) <= 0.94
    assert min(accuracies) >= 0.89
    assert max(accuracies) <= 0.96


def test_digits_by_the_library_recipe_reach_97_percent():
    experiment = Experiment(
        data=DataSpec(source=Digits(scale="minmax"), test_fraction=0.2, split_seed=42),
        network=NetworkSpec(hidden=(HiddenLayer(64, ReLU()),)),
        train=TrainSpec(optimizer=Adam(), learning_rate=0.001, batch_size=32, epochs=1000),
    )
    trainer = Trainer(experiment)
    run_until(trainer, 1000)
    data = load(experiment.data)
    predicted = as_labels(trainer.network.predict(data.x_test))
    test_accuracy = accuracy(as_labels(data.y_test), predicted)
    assert test_accuracy == trainer.history["test_accuracy"][-1]
    assert 0.96 <= test_accuracy <= 0.99
