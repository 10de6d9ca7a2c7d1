"""An update unfolded: it tells what the training then does, and its numbers can be redone."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, Linear, ReLU, Sigmoid, Softmax, Tanh
from engine.compatibility import check_output
from engine.datasets import Dataset
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS, SGD, Adam
from engine.schedules import SCHEDULES
from engine.spec import Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trace import Moment, Place, Trace, trace_update
from engine.trace.copying import as_latex, as_numpy, as_text
from engine.trainer import Trainer

RTOL = {"float64": 1e-12, "float32": 1e-5}


def data(task="classification", n=24, outputs=3):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, 4))
    if task == "classification":
        return Dataset.from_arrays(x, rng.integers(0, outputs, n), task=task)
    y = rng.random((n, 2)) if task == "regression" else (rng.random(n) > 0.5).astype(float)
    return Dataset.from_arrays(x, y, task=task)


TANH = Tanh()


def trainer(
    task="classification", activation=TANH, output=None, dropout=0.0, dtype="float64", batch=8,
    bias=True, **train
):  # fmt: skip
    network = NetworkSpec(
        hidden=(HiddenLayer(5, activation, dropout), HiddenLayer(4, activation)),
        output=output, dtype=dtype, seed=3, bias=bias,
    )  # fmt: skip
    settings = TrainSpec(**({"batch_size": batch, "learning_rate": 0.05} | train))
    return Trainer(Experiment(network=network, train=settings), data(task))


def train_batches(made, count):
    slices = made.slices(0)
    for _ in range(count):
        next(slices)


def assert_agrees(made, warm_up=4):
    """After some batches, unfold the next update, train it, and compare the weights."""
    train_batches(made, warm_up)
    trace = trace_update(made)
    dtype = str(made.network.dtype)
    train_batches(made, 1)
    for number, layer in enumerate(made.network.dense, start=1):
        assert_close(trace[f"newW{number}"].value, layer.weights, dtype)
        if layer.bias is not None:
            assert_close(trace[f"newb{number}"].value, layer.bias, dtype)
    return trace


def assert_close(ours, theirs, dtype):
    scale = np.abs(theirs).max() or 1.0
    np.testing.assert_allclose(ours, theirs, rtol=RTOL[dtype], atol=RTOL[dtype] * scale)


# ---------------------------------------------------------------- it agrees with the training


@pytest.mark.parametrize("dtype", RTOL)
@pytest.mark.parametrize("batch", [1, 7, None])
@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_with_every_optimizer(optimizer, batch, dtype):
    assert_agrees(trainer(optimizer=optimizer(), batch=batch, dtype=dtype))


@pytest.mark.parametrize("optimizer", [SGD(momentum=0.9), SGD(momentum=0.9, nesterov=True)])
def test_with_momentum(optimizer):
    assert_agrees(trainer(optimizer=optimizer))


@pytest.mark.parametrize("batch", [1, 7])
@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_with_every_activation(activation, batch):
    assert_agrees(trainer(activation=activation(), batch=batch, dropout=0.4))


def fitting_pairs():
    for loss in LOSSES.values():
        for output in (Linear(), Sigmoid(), Tanh(), ReLU(), Softmax()):
            try:
                check_output(output, loss(), 3)
            except ValueError:
                continue
            yield pytest.param(loss(), output, id=f"{loss.name}-{output.name}")


@pytest.mark.parametrize("batch", [1, 7])
@pytest.mark.parametrize(("loss", "output"), list(fitting_pairs()))
def test_with_every_loss(loss, output, batch):
    assert_agrees(trainer(loss=loss, output=output, batch=batch))


@pytest.mark.parametrize("optimizer", [SGD(momentum=0.9), Adam()], ids=["SGD", "Adam"])
@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_with_every_schedule_in_a_later_epoch(schedule, optimizer):
    made = trainer(schedule=schedule(), optimizer=optimizer)
    assert_agrees(made, warm_up=2 * made.batches_per_epoch + 1)


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_with_every_task(task):
    assert_agrees(trainer(task))


@pytest.mark.parametrize(
    "settings",
    [
        {"l1": 0.02}, {"l2": 0.1}, {"l1": 0.01, "l2": 0.1, "clip_norm": 0.05}, {"clip_norm": 1e-3},
        {"clip_norm": 100.0}, {"reduction": "sum"}, {"shuffle": False}, {"bias": False},
    ],
    ids=str,
)  # fmt: skip
def test_with_every_other_setting(settings):
    assert_agrees(trainer(**settings))


def test_in_the_middle_of_an_epoch_with_dropout():
    made = trainer(dropout=0.5, optimizer=Adam())
    trace = assert_agrees(made, warm_up=7)  # 3 batches make an epoch
    assert (trace.moment.epoch, trace.moment.batch) == (2, 1)
    assert set(np.unique(trace.given["mask1"].value)) == {0.0, 2.0}


def test_training_leaves_a_trace_alone_and_a_trace_leaves_the_training_alone():
    made = trainer()
    before = made.network.parameters.copy()
    trace = trace_update(made)
    assert (made.network.parameters == before).all()
    kept = {step.key: step.value.copy() for step in trace}
    train_batches(made, 5)
    assert all((trace[key].value == value).all() for key, value in kept.items())


def test_on_rows_of_ones_own():
    made = trainer()
    trace = Trace.of(Moment.on(made, [1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 1.0]))
    np.testing.assert_allclose(trace.outputs[0], made.network.predict([1.0, 2.0, 3.0, 4.0]))
    with pytest.raises(ValueError, match=r"x must have shape \(rows, 4\)"):
        Moment.on(made, [1.0, 2.0], [0.0, 0.0, 1.0])
    with pytest.raises(ValueError, match="y must be finite"):
        Moment.on(made, [1.0, 2.0, 3.0, 4.0], [0.0, np.nan, 1.0])


# ---------------------------------------------------------------- order and origins


def test_the_order_is_forward_loss_backward_update():
    trace = trace_update(trainer(l2=0.1, clip_norm=0.01))
    phases = [step.phase for step in trace]
    order = ["forward", "loss", "backward", "update"]
    assert phases == sorted(phases, key=order.index)
    assert len({step.key for step in trace}) == len(trace)
    for position, step in enumerate(trace):
        for operand in step.operands:
            known = operand.origin in trace.given or not operand.origin
            assert known or trace.position(operand.origin) < position
            if operand.origin in trace:
                assert operand.value is trace[operand.origin].value


def test_every_factor_is_what_it_says_where_it_comes_from():
    trace = trace_update(trainer(dropout=0.3, batch=2))
    for step in trace:
        for index in np.ndindex(step.shape):
            element = step.element(index)
            assert element.result == step.value[index]
            for factor in element.factors:
                derived = "1[i = j]" in factor.meaning  # of softmax, from its outputs
                if factor.place is not None and not derived:
                    assert trace.value(factor.place) == factor.value


def test_the_halves_of_a_fused_pair_multiply_to_a_minus_y():
    for task in ("binary", "classification"):
        trace = trace_update(trainer(task, batch=1))
        step = trace["dz3"]
        np.testing.assert_allclose(step.value, trace.outputs - trace.moment.y)
        if task == "binary":
            np.testing.assert_allclose(trace["da3"].value * trace["slope3"].value, step.value)
        else:
            terms = step.element((0, 1)).terms
            np.testing.assert_allclose(terms.products.sum(), step.value[0, 1])


def test_a_sum_is_sorted_by_size_and_the_rest_folded():
    network = NetworkSpec(hidden=(HiddenLayer(6),))
    trace = trace_update(Trainer(Experiment(network=network)))
    element = trace["z1"].element((5, 2))
    sizes = np.abs(element.terms.products[element.terms.order])
    assert (np.diff(sizes) <= 0).all()
    shown = element.terms.products[element.terms.order[:3]].sum()
    bias = float(trace.given["b1"].value[2])
    assert shown + element.terms.rest(3) + bias == pytest.approx(element.result, rel=1e-5)


def test_an_entry_that_is_not_there_is_refused():
    with pytest.raises(IndexError, match="no entry"):
        trace_update(trainer())["z1"].element((0, 99))


def test_a_saturated_output_shows_why_the_halves_are_not_used():
    made = trainer("binary", batch=1)
    made.network.biases[-1][...] = 800.0
    trace = Trace.of(Moment.on(made, np.ones(4), [0.0]))
    assert np.isinf(trace["da3"].value).all()
    assert trace["slope3"].value == 0
    assert trace["dz3"].value == 1
    assert trace.loss == pytest.approx(800, rel=1e-2)


# ---------------------------------------------------------------- editing


def test_an_edit_recomputes_everything_downstream_and_nothing_else():
    moment = Moment.of(trainer(batch=1))
    place = Place("W2", (1, 2))
    before, after = Trace.of(moment), Trace.of(moment.edited(place, 0.75))
    assert after.value(place) == 0.75
    assert (before["z1"].value == after["z1"].value).all()
    assert before.loss != after.loss
    assert moment.read(place) == before.value(place) != 0.75


@pytest.mark.parametrize("place", [Place("x", (0, 1)), Place("y", (0, 1)), Place("b3", (2,))])
def test_everything_given_can_be_edited(place):
    moment = Moment.of(trainer(batch=1)).edited(place, 0.3)
    assert moment.read(place) == 0.3


def test_edits_that_make_no_sense_are_refused():
    moment = Moment.of(trainer())
    with pytest.raises(ValueError, match="finite"):
        moment.edited(Place("x", (0, 0)), float("nan"))
    with pytest.raises(ValueError, match="'z1' is not given; given are x, y, W1"):
        moment.edited(Place("z1", (0, 0)), 1.0)


def test_the_moment_after_is_what_the_training_comes_to():
    made = trainer(optimizer=Adam())
    moment = Moment.of(made)
    train_batches(made, 1)
    np.testing.assert_allclose(moment.after().network.parameters, made.network.parameters)


# ---------------------------------------------------------------- taking it away


def snippets(made, per_step=2):
    trace = trace_update(made)
    rng = np.random.default_rng(1)
    for step in trace:
        for _ in range(per_step):
            index = tuple(int(rng.integers(n)) for n in step.shape)
            yield step, index


def run_all(pairs):
    """Run every snippet, each in names of its own; return what they print."""
    programs = [as_numpy(step, index) for step, index in pairs]
    whole = "\n".join(f"exec({program!r}, {{}})" for program in programs)
    done = subprocess.run(
        [sys.executable, "-c", whole], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    return [float(line) for line in done.stdout.split()]


MADE = {
    **{f"{each.name}": {"activation": each()} for each in ACTIVATIONS.values()},
    **{f"{each.name}": {"optimizer": each(), "batch": 1} for each in OPTIMIZERS.values()},
    "momentum": {"optimizer": SGD(momentum=0.9, nesterov=True)},
    "everything": {"l1": 0.01, "l2": 0.1, "clip_norm": 0.01, "dropout": 0.4},
    "sum": {"reduction": "sum"},
    "single": {"batch": 1, "dtype": "float32"},
}


@pytest.mark.parametrize("settings", MADE.values(), ids=MADE)
def test_a_numpy_snippet_prints_the_same_number(settings):
    made = trainer(**settings)
    train_batches(made, 2)
    assert_prints_the_same(made)


@pytest.mark.parametrize(("loss", "output"), list(fitting_pairs()))
def test_a_numpy_snippet_for_every_loss(loss, output):
    assert_prints_the_same(trainer(loss=loss, output=output))


def assert_prints_the_same(made):
    pairs = list(snippets(made))
    exact = np.array([step.value[index] for step, index in pairs], float)
    np.testing.assert_allclose(run_all(pairs), exact, rtol=2e-5, atol=1e-7)


def test_text_and_latex_of_every_step():
    for step, index in snippets(trainer(dropout=0.4, l1=0.1, clip_norm=0.01)):
        text, latex = as_text(step, index), as_latex(step, index)
        assert step.title in text
        assert "Linked" not in text + latex
        assert latex.count("{") == latex.count("}")
        assert latex.startswith(r"\begin{aligned}")


def test_a_shorter_name_for_an_optimizer_without_lines_of_its_own():
    from engine.trace.rules import rules

    optimizer = Adam()
    generic = rules.dispatch(object)(optimizer, {}, {})
    assert [each.formula for each in generic] == ["−η·m̂ / (√v̂ + ε)"]


# ---------------------------------------------------------------- by hand


def lesson():
    """The 2-2-1 network of the lesson: one hidden neuron active, one dead."""
    network = NetworkSpec(hidden=(HiddenLayer(2, ReLU()),), dtype="float64")
    train = TrainSpec(optimizer=SGD(), learning_rate=0.1, batch_size=1, shuffle=False)
    point = Dataset.from_arrays([[0.5, -1.0]], [[1.0]], task="binary", class_names=("0", "1"))
    made = Trainer(Experiment(network=network, train=train), point)
    made.network.set_weights(
        [[[0.8, -0.4], [-0.6, 0.9]], [[0.7], [-0.5]]], [[0.1, 0.2], [-0.3]]
    )  # fmt: skip
    return made


def test_the_two_two_one_network_by_plain_arithmetic():
    import math

    x1, x2, y, rate = 0.5, -1.0, 1.0, 0.1
    w11, w21, w12, w22, b1, b2 = 0.8, -0.6, -0.4, 0.9, 0.1, 0.2
    w31, w32, b3 = 0.7, -0.5, -0.3
    z1 = x1 * w11 + x2 * w21 + b1  # 0.4 + 0.6 + 0.1 = 1.1: active
    z2 = x1 * w12 + x2 * w22 + b2  # −0.2 − 0.9 + 0.2 = −0.9: dead
    a1, a2 = max(0.0, z1), max(0.0, z2)
    z3 = a1 * w31 + a2 * w32 + b3  # 0.77 − 0.3 = 0.47
    a3 = 1 / (1 + math.exp(-z3))
    loss = -(y * math.log(a3) + (1 - y) * math.log(1 - a3))
    dz3 = a3 - y
    dw31, dw32, db3 = dz3 * a1, dz3 * a2, dz3
    da1, da2 = dz3 * w31, dz3 * w32
    dz1, dz2 = da1 * (z1 > 0), da2 * (z2 > 0)

    trace = trace_update(lesson())
    expected = {
        "z1": [[z1, z2]],
        "a1": [[a1, a2]],
        "z2": [[z3]],
        "a2": [[a3]],
        "L": [loss],
        "da2": [[-y / a3]],
        "slope2": [[a3 * (1 - a3)]],
        "dz2": [[dz3]],
        "dW2": [[dw31], [dw32]],
        "db2": [db3],
        "da1": [[da1, da2]],
        "slope1": [[1.0, 0.0]],
        "dz1": [[dz1, dz2]],
        "dW1": [[dz1 * x1, dz2 * x1], [dz1 * x2, dz2 * x2]],
        "db1": [dz1, dz2],
        "dx": [[dz1 * w11 + dz2 * w12, dz1 * w21 + dz2 * w22]],
        "changeW1": [[-rate * dz1 * x1, 0.0], [-rate * dz1 * x2, 0.0]],
        "newW1": [[w11 - rate * dz1 * x1, w12], [w21 - rate * dz1 * x2, w22]],
        "changeb1": [-rate * dz1, 0.0],
        "newb1": [b1 - rate * dz1, b2],
        "changeW2": [[-rate * dw31], [0.0]],
        "newW2": [[w31 - rate * dw31], [w32]],
        "changeb2": [-rate * db3],
        "newb2": [b3 - rate * db3],
    }
    assert list(expected) == [step.key for step in trace]
    for key, value in expected.items():
        np.testing.assert_allclose(trace[key].value, value, rtol=1e-13, atol=1e-16)


def test_one_update_by_hand():
    """α = 0.01, dw = −10, db = −5 from w = 0.5, b = −0.2 gives w = 0.6, b = −0.15."""
    point = Dataset.from_arrays([[2.0]], [[0.8 + 2.5]], task="regression")
    network = NetworkSpec(hidden=(), dtype="float64")
    train = TrainSpec(optimizer=SGD(), learning_rate=0.01, batch_size=1)
    made = Trainer(Experiment(network=network, train=train), point)
    made.network.set_weights([[[0.5]]], [[-0.2]])
    trace = trace_update(made)  # z = 0.8, (0.8 − 3.3)² has the slope −5
    np.testing.assert_allclose(trace["dW1"].value, [[-10]])
    np.testing.assert_allclose(trace["db1"].value, [-5])
    np.testing.assert_allclose(trace["newW1"].value, [[0.6]])
    np.testing.assert_allclose(trace["newb1"].value, [-0.15])


def test_a_large_network_is_only_formatted_where_it_is_looked_at():
    hidden = (HiddenLayer(128), HiddenLayer(64))
    experiment = Experiment(network=NetworkSpec(hidden=hidden))
    rows = np.random.default_rng(0).random((40, 784))
    made = Trainer(experiment, Dataset.from_arrays(rows, np.arange(40) % 10))
    trace = trace_update(made)
    assert trace["z1"].shape == (32, 128)
    assert len(trace["z1"].element((3, 100)).factors) == 7  # three terms and the bias
    assert trace["newW1"].value.base is None or trace["newW1"].value.nbytes == 784 * 128 * 4


def test_settings_changed_live_show_in_the_next_trace():
    made = trainer(optimizer=SGD())
    made.apply(replace(made.experiment, train=replace(made.experiment.train, learning_rate=0.5)))
    assert trace_update(made).moment.learning_rate == 0.5
