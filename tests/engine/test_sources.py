"""The figures printed in the texts that the lessons follow come out of the general engine."""

from dataclasses import replace

import numpy as np
import pytest

from engine.datasets import load
from engine.metrics import accuracy, as_labels
from engine.recipes import (
    ARTICLE_DIGITS,
    LIBRARY_DIGITS,
    MULTI_LAYER,
    ONE_LAYER,
    ONE_STEP,
    ONE_UPDATE,
    PERCEPTRON,
    RECIPES,
    SURE_AND_WRONG,
    TWO_LAYERS,
)
from engine.trainer import Trainer
from engine.update import compute_update


def with_network(recipe, **changes):
    """The recipe's experiment with other settings of the network."""
    experiment = recipe.experiment
    return replace(experiment, network=replace(experiment.network, **changes))


def first_update(trainer):
    """The update that is about to be made."""
    network, data, train = trainer.network, trainer.dataset, trainer.experiment.train
    state = train.optimizer.init(network.parameters.size, float)
    return compute_update(network, data.x_train, data.y_train, train, state, train.learning_rate)


def run_until(trainer, epoch):
    """Train until that many epochs are complete."""
    slices = trainer.slices(60)
    while trainer.epoch < epoch:
        next(slices)


# ---------------------------------------------------------------- one layer, written out

MEAN_ERRORS = [
    0.52614137, 0.02613280, 0.01817686, 0.01473495, 0.01270669,
    0.01133248, 0.01032319, 0.00954174, 0.00891372, 0.00839478,
]  # fmt: skip


def test_one_sigmoid_layer_prints_the_same_eight_digits():
    trainer = Trainer(ONE_LAYER.experiment)
    drawn = 2 * np.random.RandomState(42).random((3, 1)) - 1
    assert (trainer.network.weights[0] == drawn).all()
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


def test_one_neuron_that_is_sure_and_wrong():
    trainer = Trainer(SURE_AND_WRONG.experiment)
    network, x, y = trainer.network, trainer.dataset.x_train, trainer.dataset.y_train
    [(z, a)] = network.activations_of(x)
    assert z == 49.8
    assert a == 1.0  # 1 − 2.4e-22 has no float64 of its own
    with np.errstate(divide="ignore"):
        assert network.loss.value(a, y) == np.inf
    update = first_update(trainer)
    assert update.row_losses == 49.8
    dz = network.loss.backward(z, a, y, network.dense[0].activation)
    assert dz == 1.0
    assert network.block_of(update.gradient, network.weights[0]) == 100.0
    assert network.block_of(update.gradient, network.biases[0]) == 1.0


def test_one_gradient_descent_update():
    trainer = Trainer(ONE_STEP.experiment)
    network = trainer.network
    update = first_update(trainer)
    slope = network.block_of(update.gradient, network.weights[0])
    np.testing.assert_allclose(slope, [[-10]], rtol=1e-15)
    slope = network.block_of(update.gradient, network.biases[0])
    np.testing.assert_allclose(slope, [-5], rtol=1e-15)
    run_until(trainer, 1)
    np.testing.assert_allclose(network.weights[0], [[0.6]], rtol=1e-15)
    np.testing.assert_allclose(network.biases[0], [-0.15], rtol=1e-15)


# ---------------------------------------------------------------- one full iteration, 2-2-1


def test_one_iteration_of_a_small_network_worked_by_hand():
    trainer = Trainer(ONE_UPDATE.experiment)
    network = trainer.network
    (w1, w2), (b1, b2) = (
        [each.copy() for each in both] for both in (network.weights, network.biases)
    )

    # z₁ = 1·0.5 + 2·0.25 − 0.5 = 0.5, z₂ = 1·0.5 − 2·0.75 + 0.5 = −0.5: active, dead
    # z₃ = 1·0.5 − 0.5·0 + 0.5 = 1, a₃ = 1/(1 + e⁻¹), and with y = 0 L = −ln(1 − a₃)
    a3 = 1 / (1 + np.exp(-1))
    (z12, a12), (z3, out) = network.activations_of(trainer.dataset.x_train)
    assert z12.tolist() == [[0.5, -0.5]]
    assert a12.tolist() == [[0.5, 0.0]]
    assert z3 == 1.0
    np.testing.assert_allclose(out, [[a3]], rtol=1e-14)

    update = first_update(trainer)
    np.testing.assert_allclose(update.row_losses, [-np.log(1 - a3)], rtol=1e-14)

    dz3 = a3 - 0
    dw2, db2 = np.array([[dz3 * 0.5], [0.0]]), np.array([dz3])
    dz1 = dz3 * 1.0  # the gate is open; the second hidden unit's is shut
    dw1, db1 = np.array([[dz1 * 1, 0.0], [dz1 * 2, 0.0]]), np.array([dz1, 0.0])
    for view, expected in zip(
        (network.weights[0], network.biases[0], network.weights[1], network.biases[1]),
        (dw1, db1, dw2, db2),
        strict=True,
    ):
        np.testing.assert_allclose(
            network.block_of(update.gradient, view), expected, rtol=1e-14, atol=1e-17
        )

    run_until(trainer, 1)
    np.testing.assert_allclose(network.weights[0], w1 - 0.1 * dw1, rtol=1e-14)
    np.testing.assert_allclose(network.biases[0], b1 - 0.1 * db1, rtol=1e-14)
    np.testing.assert_allclose(network.weights[1], w2 - 0.1 * dw2, rtol=1e-14)
    np.testing.assert_allclose(network.biases[1], b2 - 0.1 * db2, rtol=1e-14)
    np.testing.assert_allclose(trainer.history["train_loss"], [-np.log(1 - a3)], rtol=1e-14)


# ---------------------------------------------------------------- a network as a function, 3-4-1


@pytest.mark.parametrize("seed", range(5))
def test_two_layers_learn_exclusive_or(seed):
    trainer = Trainer(with_network(TWO_LAYERS, seed=seed))
    run_until(trainer, 1500)
    outputs = trainer.network.predict(trainer.dataset.x_train)
    assert np.abs(outputs - trainer.dataset.y_train).max() < 0.05
    assert 0.001 < np.square(outputs - trainer.dataset.y_train).sum() < 0.005
    assert (np.diff(trainer.history["train_loss"]) < 0).all()


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_two_layers_follow_the_text_step_by_step():
    trainer = Trainer(TWO_LAYERS.experiment)
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


def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def test_digits_by_the_articles_recipe_step_by_step():
    trainer = Trainer(with_network(ARTICLE_DIGITS, dtype="float64"))
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
        trainer = Trainer(with_network(ARTICLE_DIGITS, seed=seed))
        run_until(trainer, 1000)
        assert trainer.outcome.kind == "finished"
        assert len(trainer.history) == 1000
        accuracies.append(trainer.history["test_accuracy"][-1])
    assert 0.915 <= np.median(accuracies) <= 0.94
    assert min(accuracies) >= 0.89
    assert max(accuracies) <= 0.96


def test_digits_by_the_library_recipe_reach_97_percent():
    experiment = LIBRARY_DIGITS.experiment
    trainer = Trainer(experiment)
    run_until(trainer, 1000)
    data = load(experiment.data)
    predicted = as_labels(trainer.network.predict(data.x_test))
    test_accuracy = accuracy(as_labels(data.y_test), predicted)
    assert test_accuracy == trainer.history["test_accuracy"][-1]
    assert 0.96 <= test_accuracy <= 0.99


# ---------------------------------------------------------------- exclusive or, from history


def test_exclusive_or_is_beyond_a_perceptron_and_not_beyond_a_hidden_layer():
    accuracies = []
    for recipe in (PERCEPTRON, MULTI_LAYER):
        trainer = Trainer(recipe.experiment)
        run_until(trainer, 200)
        accuracies.append(trainer.history["train_accuracy"][-1])
    assert accuracies[0] < 0.7
    assert accuracies[1] > 0.97


# ---------------------------------------------------------------- all of them


ALL = [pytest.param(each, id=each.name) for group in RECIPES for each in group]


@pytest.mark.parametrize("recipe", ALL)
def test_every_recipe_trains(recipe):
    trainer = Trainer(recipe.experiment)
    run_until(trainer, 1)
    assert np.isfinite(trainer.history["train_loss"]).all()
    assert trainer.outcome is None


def test_recipes_are_told_apart_by_name_and_label():
    recipes = [each for group in RECIPES for each in group]
    for names in ([each.name for each in recipes], [each.label for each in recipes]):
        assert len(set(names)) == len(names)
