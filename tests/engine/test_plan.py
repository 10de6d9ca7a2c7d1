"""The plan beside the definition: the same weights, memories and figures, to 1e-12."""

from dataclasses import dataclass

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, Linear, ReLU, Sigmoid, Softmax, Softplus, Tanh
from engine.batches import Draws, Rows
from engine.datasets import Dataset
from engine.history import COLUMNS
from engine.layers import Layer
from engine.losses import LOSSES, CategoricalCrossEntropy, MeanSquaredError
from engine.network import Network
from engine.optimizers import OPTIMIZERS, SGD, Adam, Optimizer
from engine.plan.layout import choose_layout
from engine.plan.losses import softmax
from engine.plan.steps import PlannedSteps
from engine.plan.tape import Workspace, play
from engine.spec import Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.steps import DefinedSteps, Progress
from engine.trainer import Trainer

# sizes that bring about each layout: hidden units, batch size, rows
PACKED = ((4, 2), 10, 64)
PLAIN = ((20, 30), 16, 70)
BLOCKED = ((60,), None, 1500)
ROWS_FIRST = ((500, 40), 64, 150)
LAYOUTS = [
    pytest.param(*PACKED, id="packed"),
    pytest.param(*PLAIN, id="plain"),
    pytest.param(*BLOCKED, id="blocked"),
    pytest.param(*ROWS_FIRST, id="rows-first"),
]


def data(task="classification", rows=64, inputs=50, outputs=3):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, inputs))
    if task == "classification":
        y = np.eye(outputs)[rng.integers(0, outputs, rows)]
    elif task == "binary":
        y = rng.integers(0, 2, (rows, outputs)).astype(float)
    else:
        y = rng.normal(size=(rows, outputs))
    return Dataset.from_arrays(x, y, task=task, test_fraction=0.2, validation_fraction=0.1)


def agree(experiment, dataset, epochs=2, tolerance=1e-12):
    """Train both ways and compare everything."""
    pair = [Trainer(experiment, dataset, planned=planned) for planned in (True, False)]
    for trainer in pair:
        epoch = iter(trainer)
        for _ in range(epochs):
            next(epoch)
    plan, definition = pair
    close(plan.network.parameters, definition.network.parameters, tolerance)
    ours, theirs = (trainer.snapshot().optimizer_state for trainer in pair)
    assert ours.keys() == theirs.keys()
    for name in ours:
        close(ours[name], theirs[name], tolerance)
    for column in COLUMNS:
        np.testing.assert_allclose(
            plan.history[column], definition.history[column], rtol=1e-10, err_msg=column
        )


def close(ours, theirs, tolerance):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * np.abs(theirs).max())


def experiment(hidden, batch_size, activation=None, output=None, bias=True, dropout=0.0, **train):
    layers = tuple(HiddenLayer(units, activation or Tanh(), dropout) for units in hidden)
    network = NetworkSpec(hidden=layers, output=output, bias=bias, dtype="float64")
    settings = {"learning_rate": 0.01, "batch_size": batch_size} | train
    return Experiment(network=network, train=TrainSpec(**settings))


def test_the_sizes_bring_about_the_layouts():
    def layout(hidden, batch_size, rows):
        network = Network.build(
            NetworkSpec(hidden=tuple(HiddenLayer(u) for u in hidden)), 50, 3, "classification"
        )
        return choose_layout(network, batch_size or rows)

    packed, plain, blocked, rows_first = (
        layout((4, 2), 10, 64) if case is PACKED else layout(*case)
        for case in (PACKED, PLAIN, BLOCKED, ROWS_FIRST)
    )
    assert packed.packed
    assert plain.units_first
    assert not plain.packed
    assert not blocked.units_first
    assert not rows_first.units_first


@pytest.mark.parametrize(("hidden", "batch_size", "rows"), LAYOUTS)
@pytest.mark.parametrize("optimizer", [SGD(), Adam()], ids=["sgd", "adam"])
@pytest.mark.parametrize("activation", [c() for c in ACTIVATIONS.values()], ids=list(ACTIVATIONS))
def test_activations(activation, optimizer, hidden, batch_size, rows):
    agree(experiment(hidden, batch_size, activation, optimizer=optimizer), data(rows=rows))


@pytest.mark.parametrize(("hidden", "batch_size", "rows"), LAYOUTS)
@pytest.mark.parametrize("loss", [cls() for cls in LOSSES.values()], ids=list(LOSSES))
@pytest.mark.parametrize("bias", [True, False], ids=["bias", "no-bias"])
def test_losses(loss, bias, hidden, batch_size, rows):
    if isinstance(loss, CategoricalCrossEntropy):
        output, task = Softmax(), "classification"
    elif loss.of_probabilities:
        output, task = Sigmoid(), "binary"
    else:
        output, task = Linear(), "regression"
    agree(experiment(hidden, batch_size, ReLU(), output, bias, loss=loss), data(task, rows))


@pytest.mark.parametrize(("hidden", "batch_size", "rows"), LAYOUTS)
@pytest.mark.parametrize(
    "optimizer",
    [*(cls() for cls in OPTIMIZERS.values()), SGD(momentum=0.9), SGD(momentum=0.9, nesterov=True)],
    ids=[*OPTIMIZERS, "momentum", "nesterov"],
)
@pytest.mark.parametrize(
    "penalties",
    [{}, {"l1": 0.01, "l2": 0.02, "clip_norm": 0.1, "reduction": "sum"}],
    ids=["free", "penalised"],
)
def test_optimizers(optimizer, penalties, hidden, batch_size, rows):
    if penalties or hidden == PACKED[0]:
        penalties = penalties | {"optimizer": optimizer}
        agree(experiment(hidden, batch_size, **penalties), data(rows=rows))
    else:  # AdaGrad's first steps magnify rounding: every gradient counts as ±1
        train = {"optimizer": optimizer, "l2": 0.1}
        agree(experiment(hidden, batch_size, **train), data(rows=rows), tolerance=1e-11)


@pytest.mark.parametrize("output", [Softmax(), Sigmoid(), Tanh(), ReLU(), Softplus()])
@pytest.mark.parametrize(("hidden", "batch_size", "rows"), LAYOUTS)
def test_outputs_that_are_not_fused(output, hidden, batch_size, rows):
    # Adam would turn the rounding of a gradient that all but cancels into a whole step
    settings = experiment(
        hidden, batch_size, output=output, loss=MeanSquaredError(), optimizer=SGD()
    )
    agree(settings, data(rows=rows))


@pytest.mark.parametrize(("hidden", "batch_size", "rows"), LAYOUTS)
def test_dropout(hidden, batch_size, rows):
    agree(experiment(hidden, batch_size, dropout=0.4), data(rows=rows))


@pytest.mark.parametrize(
    ("batch_size", "rows"), [(1, 30), (7, 30), (30, 30), (1000, 30), (None, 30), (3, 1200)]
)
def test_batch_sizes(batch_size, rows):
    agree(experiment((6,), batch_size), data(rows=rows), epochs=3)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("rows", [8, 500], ids=["few", "many"])
@pytest.mark.parametrize("size", [1.0, 39.0, 41.0, 299.0, 301.0, 1e30])
def test_softmax_of_logits_of_any_size(size, rows, dtype):
    z, said = np.empty((6, rows), dtype), np.empty((5, rows), dtype)
    tape = softmax(Workspace(np.dtype(dtype)), "a", z, said)
    for unknown in (False, True, False):  # and what was no number leaves nothing behind
        logits = np.random.default_rng(0).uniform(-size, size, (5, rows)).astype(dtype)
        if unknown:
            logits[2, 3] = np.nan
        z[:5] = logits
        play(tape)
        expected = Softmax().value(logits.T).T
        assert np.isnan(said[:, 3]).all() == unknown
        np.testing.assert_allclose(said, expected, rtol=20 * np.finfo(dtype).eps, atol=1e-21)


def test_no_hidden_layer():
    agree(experiment((), 10), data())


def test_many_inputs_are_loaded_window_by_window():
    dataset = data(rows=900, inputs=400)
    settings = experiment((5,), 16)
    trainer = Trainer(settings, dataset)
    assert trainer._steps._slots < trainer._steps._full
    agree(settings, dataset)


@pytest.mark.parametrize(("batch_size", "rows"), [(16, 900), (2, 900)])
def test_many_inputs_are_fetched_batch_by_batch(batch_size, rows):
    dataset = data(rows=rows, inputs=400)
    settings = experiment((20,), batch_size, optimizer=SGD())
    assert Trainer(settings, dataset)._steps._window.gathers
    agree(settings, dataset)


def test_soft_targets():
    rng = np.random.default_rng(0)
    targets = rng.dirichlet(np.ones(3), 64)
    dataset = Dataset.from_arrays(rng.normal(size=(64, 5)), np.eye(3)[rng.integers(0, 3, 64)])
    network = Network.build(NetworkSpec(dtype="float64"), 5, 3, "classification")
    both = []
    for kind in (PlannedSteps, DefinedSteps):
        network.draw_weights(NetworkSpec())
        rows = Rows(dataset.x_train, targets, "float64")
        steps = kind(network, rows, "classification", TrainSpec(batch_size=16), Draws(0))
        steps.begin(np.arange(64), 0, Progress())
        steps.run(0, 4, 0.01)
        both.append((network.parameters.copy(), steps.progress().score))
    close(both[0][0], both[1][0], 1e-12)
    assert both[0][1].loss == pytest.approx(both[1][1].loss, rel=1e-12)
    assert both[0][1].right == both[1][1].right


def test_equal_outputs_count_as_the_first_class():
    settings = experiment((5,), 16, learning_rate=1e-12)
    dataset = data()
    pair = [Trainer(settings, dataset, planned=planned) for planned in (True, False)]
    for trainer in pair:
        trainer.network.parameters[...] = 0
        next(iter(trainer))
    assert pair[0].history.record(-1).train_accuracy == pair[1].history.record(-1).train_accuracy


# ---------------------------------------------------------------- what has no plan


@dataclass(frozen=True)
class Sluggish(Optimizer):
    """Known to no plan."""

    name = "sluggish"
    memory = ("seen",)

    def update(self, grads, state, params, learning_rate):
        seen = 0.5 * state["seen"] + grads
        return -learning_rate * seen, {"step": state["step"] + 1, "seen": seen}


@dataclass(frozen=True, eq=False)
class Gain(Layer):
    """Known to no plan: every unit times a learnt factor."""

    factors: np.ndarray

    @property
    def parameters(self):
        return (self.factors,)

    def forward(self, x, rng=None):
        return x * self.factors, x

    def backward(self, dy, cache):
        return dy * self.factors, ((dy * cache).sum(axis=0),)


def test_unknown_optimizers_fall_back_on_their_definition():
    agree(experiment((6,), 10, optimizer=Sluggish()), data())


def network_with_gain():
    small = Network.build(
        NetworkSpec(hidden=(HiddenLayer(6, Tanh()),), dtype="float64"), 5, 3, "classification"
    )
    n = small.parameters.size
    parameters, penalised = np.empty(n + 8), np.zeros(n + 8)
    parameters[:n], parameters[n:] = small.parameters, 1.5
    network = Network(small.layers, small.parameters, small.penalised, small.loss)
    first, last = (
        type(layer)(network.block_of(parameters, layer.weights),
                    network.block_of(parameters, layer.bias), layer.activation)
        for layer in network.dense
    )  # fmt: skip
    layers = (first, Gain(parameters[n : n + 6]), last)
    return Network(layers, parameters, penalised, small.loss)


def test_unknown_layers_fall_back_on_their_definition():
    rng = np.random.default_rng(0)
    rows = Rows(rng.normal(size=(40, 5)), np.eye(3)[rng.integers(0, 3, 40)], "float64")
    both = []
    for kind in (PlannedSteps, DefinedSteps):
        network = network_with_gain()
        steps = kind(network, rows, "classification", TrainSpec(batch_size=10), Draws(0))
        steps.begin(np.arange(40), 0, Progress())
        steps.run(0, 4, 0.05)
        both.append(network.parameters)
    close(*both, 1e-12)
    assert (both[0][-8:-2] != 1.5).all()
