"""Networks of another shape that go on with what was learnt, and neurons switched off."""

from dataclasses import replace

import numpy as np
import pytest

from engine import reshaping
from engine.activations import ACTIVATIONS, Linear, ReLU, Softmax, Tanh
from engine.datasets import Dataset
from engine.knobs import SettingError, from_plain, to_plain
from engine.network import Network
from engine.optimizers import SGD, Adam
from engine.reshaping import Origin, descent, follow, reverse
from engine.spec import Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trace import Moment, Trace
from engine.trace.nudge import NudgeTest
from engine.trainer import Trainer


def data():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(90, 5))
    y = np.eye(3)[(x @ rng.normal(size=(5, 3))).argmax(axis=1)]
    return Dataset.from_arrays(x, y, task="classification", test_fraction=0.2, split_seed=1)


def trained(*units, activation=None, epochs=2.4, **how):
    """A training in the middle of its third epoch."""
    layers = tuple(HiddenLayer(each, activation or ReLU()) for each in units)
    train = TrainSpec(batch_size=16, optimizer=how.pop("optimizer", Adam()), learning_rate=0.01)
    network = NetworkSpec(hidden=layers, dtype="float64", **how)
    trainer = Trainer(Experiment(network=network, train=train), data())
    go_on(trainer, round(epochs * trainer.batches_per_epoch))
    return trainer


def go_on(trainer, batches):
    for _, _completed in zip(range(batches), trainer.slices(0.0), strict=False):
        pass
    return trainer


def outputs(trainer):
    return trainer.network.predict(trainer.dataset.x_train)


def change(trainer, reshaped, memory=None):
    experiment = replace(trainer.experiment, network=reshaped.network)
    trainer.apply(experiment, reshaped.came, memory)


def spec_of(trainer):
    return trainer.experiment.network


# ---------------------------------------------------------------- the function is kept


@pytest.mark.parametrize("activation", [ReLU(), Tanh(), Linear()])
@pytest.mark.parametrize("layer", [0, 1])
def test_a_new_neuron_changes_no_answer(activation, layer):
    trainer = trained(6, 4, activation=activation)
    before = outputs(trainer)
    change(trainer, reshaping.add_neuron(spec_of(trainer), layer))
    np.testing.assert_allclose(outputs(trainer), before, rtol=1e-12)
    assert not trainer.network.weights[layer + 1][-1].any()
    assert trainer.network.weights[layer][:, -1].all()


@pytest.mark.parametrize("activation", [ReLU(), Linear()])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_new_layer_of_the_same_width_changes_no_answer(activation, at):
    trainer = trained(6, 4, activation=activation)
    before = outputs(trainer)
    change(trainer, reshaping.add_layer(spec_of(trainer), at))
    assert len(trainer.network.dense) == 4
    np.testing.assert_allclose(outputs(trainer), before, rtol=1e-12)


def test_without_a_linear_layer_its_neighbours_are_multiplied_out():
    trainer = trained(6, 4, activation=Linear())
    before = outputs(trainer)
    change(trainer, reshaping.remove_layer(spec_of(trainer), 0))
    assert trainer.network.sizes == (5, 4, 3)
    np.testing.assert_allclose(outputs(trainer), before, rtol=1e-10)


def test_a_neuron_that_said_nothing_is_not_missed():
    trainer = trained(6)
    trainer.network.weights[1][2] = 0
    before = outputs(trainer)
    change(trainer, reshaping.remove_neuron(spec_of(trainer), 0, 2))
    assert trainer.network.sizes == (5, 5, 3)
    np.testing.assert_allclose(outputs(trainer), before, rtol=1e-12)


# ---------------------------------------------------------------- what stays


@pytest.mark.parametrize("optimizer", [Adam(), SGD(momentum=0.9)])
def test_a_removed_neuron_takes_only_its_own_with_it(optimizer):
    trainer = trained(6, 4, optimizer=optimizer)
    old, state = trainer.network, trainer.snapshot().optimizer_state
    change(trainer, reshaping.remove_neuron(spec_of(trainer), 0, 1))
    new, now = trainer.network, trainer.snapshot().optimizer_state
    left = [0, 2, 3, 4, 5]
    assert (new.weights[0] == old.weights[0][:, left]).all()
    assert (new.biases[0] == old.biases[0][left]).all()
    assert (new.weights[1] == old.weights[1][left]).all()
    assert (new.weights[2] == old.weights[2]).all()
    assert now["step"] == state["step"] > 0
    for name in optimizer.memory:
        for which, taken in ((0, np.s_[:, left]), (1, np.s_[left])):
            before = old.block_of(state[name], old.weights[which])[taken]
            assert (new.block_of(now[name], new.weights[which]) == before).all()
            assert before.any()


def test_another_activation_keeps_every_weight():
    trainer = trained(6)
    before, step = trainer.network.parameters.copy(), trainer.snapshot().optimizer_state
    change(trainer, reshaping.set_activation(spec_of(trainer), 0, Tanh()))
    assert trainer.network.dense[0].activation == Tanh()
    assert (trainer.network.parameters == before).all()
    after = trainer.snapshot().optimizer_state
    assert all((after[name] == step[name]).all() for name in step)


def test_the_training_goes_on_where_it_was():
    trainer = trained(6)
    epoch, batch, history = trainer.epoch, trainer.batch, trainer.history
    change(trainer, reshaping.add_neuron(spec_of(trainer), 0))
    assert (trainer.epoch, trainer.batch) == (epoch, batch)
    assert batch > 0
    go_on(trainer, trainer.batches_per_epoch)
    assert trainer.history is history
    assert len(history) == epoch + 1
    assert np.isfinite(history.record(-1).test_loss)


def test_the_same_change_of_the_same_network_is_always_the_same():
    first, second = trained(6), trained(6)
    for each in (first, second):
        change(each, reshaping.add_neuron(spec_of(each), 0))
        go_on(each, 10)
    assert (first.network.parameters == second.network.parameters).all()
    later = trained(6, epochs=3)
    change(later, reshaping.add_neuron(spec_of(later), 0))
    assert (later.network.weights[0][:, -1] != first.network.weights[0][:, -1]).any()


def test_plan_and_definition_go_on_alike():
    ends = []
    for planned in (True, False):
        made = trained(6)
        trainer = Trainer(made.experiment, data(), planned=planned)
        go_on(trainer, 7)
        change(trainer, reshaping.add_layer(spec_of(trainer), 1))
        go_on(trainer, 9)
        ends.append(trainer.network.parameters)
    np.testing.assert_allclose(*ends, rtol=1e-9)


def test_where_nothing_can_be_kept_that_is_known():
    made = reshaping.add_layer(NetworkSpec(hidden=()), 0)
    assert not reshaping.keeps_anything(made.came)
    assert reshaping.keeps_anything(reshaping.remove_layer(made.network, 0).came)


# ---------------------------------------------------------------- there and back

CHANGES = {
    "neuron": lambda network: reshaping.add_neuron(network, 0),
    "less": lambda network: reshaping.remove_neuron(network, 1, 1),
    "narrow": lambda network: reshaping.set_width(network, 0, 2),
    "layer": lambda network: reshaping.add_layer(network, 1),
    "no layer": lambda network: reshaping.remove_layer(network, 0),
    "activation": lambda network: reshaping.set_activation(network, 0, Tanh()),
    "off": lambda network: reshaping.switch(network, 0, 2, True),
}


@pytest.mark.parametrize("name", CHANGES)
def test_back_with_its_memory_everything_is_as_it_was(name):
    trainer = trained(6, 4)
    before, experiment = trainer.learnt(), trainer.experiment
    made = CHANGES[name](experiment.network)
    change(trainer, made)
    after = trainer.learnt()
    trainer.apply(experiment, reverse(made.came, experiment.network.hidden), before)
    assert (trainer.network.parameters == before.parameters).all()
    now = trainer.learnt()
    assert all((now.state[name] == before.state[name]).all() for name in before.state)
    change(trainer, made, after)
    assert (trainer.network.parameters == after.parameters).all()


def test_what_was_learnt_in_between_stays_on_the_way_back():
    trainer = trained(6)
    before, experiment = trainer.learnt(), trainer.experiment
    made = reshaping.remove_neuron(experiment.network, 0, 1)
    removed = trainer.network.weights[0][:, 1].copy()
    change(trainer, made)
    go_on(trainer, 5)
    learnt = trainer.network.weights[0].copy()
    trainer.apply(experiment, reverse(made.came, experiment.network.hidden), before)
    assert (trainer.network.weights[0][:, 1] == removed).all()
    assert (np.delete(trainer.network.weights[0], 1, axis=1) == learnt).all()


def test_two_changes_in_a_row_are_followed():
    first = reshaping.remove_neuron(NetworkSpec(hidden=(HiddenLayer(4), HiddenLayer(3))), 0, 1)
    second = reshaping.add_layer(first.network, 1)
    third = reshaping.remove_neuron(second.network, 0, 0)
    came = follow(follow(first.came, second.came), third.came)
    assert came == (Origin(0, (2, 3)), None, Origin(1, (0, 1, 2)))


def test_layers_alike_at_both_ends_are_recognised():
    a, b, c = HiddenLayer(8), HiddenLayer(6), HiddenLayer(4)
    assert [each and each.layer for each in descent((a, b, c), (a, c))] == [0, 2]
    assert [each and each.layer for each in descent((a, c), (a, b, c))] == [0, None, 1]
    assert [each and each.layer for each in descent((b,), (a, b))] == [None, 0]


def test_the_last_neuron_of_a_layer_stays():
    with pytest.raises(ValueError, match="remove the layer"):
        reshaping.remove_neuron(NetworkSpec(hidden=(HiddenLayer(1),)), 0, 0)


# ---------------------------------------------------------------- a weight set by hand


def test_a_weight_or_bias_can_be_set_while_training():
    trainer = trained(6)
    trainer.set_parameter(0, 2, 3, 1.5)
    trainer.set_parameter(1, None, 2, -0.5)
    assert trainer.network.weights[0][2, 3] == 1.5
    assert trainer.network.biases[1][2] == -0.5
    go_on(trainer, 3)
    assert 0 < abs(trainer.network.weights[0][2, 3] - 1.5) < 0.2


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_a_weight_that_is_no_number_is_refused(value):
    trainer = trained(6)
    with pytest.raises(ValueError, match="finite"):
        trainer.set_parameter(0, 0, 0, value)


def test_a_network_without_biases_has_none_to_set():
    trainer = trained(6, bias=False)
    with pytest.raises(ValueError, match="no biases"):
        trainer.set_parameter(0, None, 0, 1.0)


def test_a_huge_weight_that_diverges_is_found_and_explained():
    trainer = trained(6, optimizer=SGD())
    trainer.set_parameter(1, 0, 0, 1e300)
    trainer.set_parameter(0, 0, 0, 1e300)
    go_on(trainer, 40)
    assert trainer.outcome.kind == "diverged"
    assert trainer.network.weights[1][0, 0] == 1e300  # back at what was set, not before it


# ---------------------------------------------------------------- switched off


@pytest.mark.parametrize("activation", [kind() for kind in ACTIVATIONS.values()], ids=str)
@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_switched_off_plan_and_definition_agree(activation, dropout):
    layer = HiddenLayer(7, activation, dropout, (1, 4))
    network = NetworkSpec(hidden=(layer, HiddenLayer(5, activation)), dtype="float64")
    experiment = Experiment(network=network, train=TrainSpec(batch_size=16))
    one, other = (Trainer(experiment, data(), planned=planned) for planned in (True, False))
    for each in (one, other):
        go_on(each, 12)
    np.testing.assert_allclose(one.network.parameters, other.network.parameters, rtol=1e-10)
    np.testing.assert_allclose(
        one.history.record(-1).test_loss, other.history.record(-1).test_loss, rtol=1e-10
    )


def network_with(off, activation=None):
    spec = NetworkSpec(
        hidden=(HiddenLayer(6, activation or Tanh(), 0.0, off), HiddenLayer(4)), dtype="float64"
    )
    return Network.build(spec, 5, 3, "classification")


@pytest.mark.parametrize("activation", [Tanh(), Softmax()])
def test_switched_off_it_says_nothing_and_the_rest_go_on(activation):
    whole, less = network_with((), activation), network_with((2,), activation)
    row = data().x_test[:7]
    assert not less.activations_of(row)[0][1][:, 2].any()
    assert whole.activations_of(row)[0][1][:, 2].all()
    whole.weights[1][2] = 0  # what nobody listens to
    np.testing.assert_allclose(less.predict(row), whole.predict(row), rtol=1e-12)
    np.testing.assert_allclose(less.predict(row[0]), whole.predict(row[0]), rtol=1e-12)


def test_switched_off_it_does_not_learn():
    trainer = trained(6, 4)
    change(trainer, reshaping.switch(spec_of(trainer), 0, 2, True))
    incoming = trainer.network.weights[0][:, 2].copy()
    trainer._steps.put(trainer._fresh_state())  # no momentum left from before
    go_on(trainer, 10)
    assert (trainer.network.weights[0][:, 2] == incoming).all()


def test_switched_off_the_nudge_test_agrees_with_backpropagation():
    trainer = trained(6, 4, activation=Tanh())
    change(trainer, reshaping.switch(spec_of(trainer), 0, 2, True))
    moment = Moment.of(trainer)
    for nudge in NudgeTest(moment).check():
        assert nudge.central == pytest.approx(nudge.gradient, abs=1e-7)
    keys = [step.key for step in Trace.of(moment).steps]
    assert {"d1", "da1"} <= {*keys}


def test_who_is_switched_off_follows_the_neurons():
    network = NetworkSpec(hidden=(HiddenLayer(6, switched_off=(1, 4)),))
    assert reshaping.remove_neuron(network, 0, 0).network.hidden[0].switched_off == (0, 3)
    assert reshaping.remove_neuron(network, 0, 4).network.hidden[0].switched_off == (1,)
    assert reshaping.set_width(network, 0, 3).network.hidden[0].switched_off == (1,)
    assert reshaping.add_layer(network, 1).network.hidden[1].switched_off == ()
    on = reshaping.switch(network, 0, 1, False).network
    assert on.hidden[0].switched_off == (4,)


def test_who_is_switched_off_is_written_to_files():
    spec = NetworkSpec(hidden=(HiddenLayer(6, switched_off=(4, 1)),))
    assert from_plain(NetworkSpec, to_plain(spec)) == spec
    for wrong in (3, ["a"], [-1], [0.5]):
        with pytest.raises(SettingError, match="switched_off"):
            HiddenLayer(6, switched_off=wrong)
