"""A training that goes on with other rows, and with other classes, from what was learnt."""

from dataclasses import replace

import numpy as np

from engine.datasets import load
from engine.drawn_data import DrawnClasses, DrawnSeveral
from engine.optimizers import SGD
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trainer import Trainer


def trainer_on(source, hidden=4, **train):
    settings = {"batch_size": 4, "learning_rate": 0.05}
    return Trainer(
        Experiment(
            data=DataSpec(source=source),
            network=NetworkSpec(hidden=(HiddenLayer(hidden),), dtype="float64"),
            train=TrainSpec(**settings | train),
        )
    )


def trained_on(source, epochs=6, **how):
    trainer = trainer_on(source, **how)
    for snapshot in trainer:
        if snapshot.epoch == epochs:
            return trainer
    raise AssertionError


def logits(trainer, x):
    return trainer.network.activations_of(x)[-1][0]


def test_one_more_point_changes_nothing_of_what_is_known():
    source = DrawnClasses()
    before = trained_on(source)
    after = trainer_on(source.added((1.0, 2.0, 1.0)))
    assert after.inherit(before)
    assert np.array_equal(after.network.parameters, before.network.parameters)
    assert (after.epoch, after.batch) == (6, 0)
    assert len(after.x_train) == len(before.x_train) + 1
    optimizer = after.snapshot().optimizer_state
    for name, remembered in before.snapshot().optimizer_state.items():
        assert np.array_equal(optimizer[name], remembered)
    next(iter(after))
    assert after.history["epoch"].tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_another_optimizer_begins_with_a_fresh_memory():
    before = trained_on(DrawnClasses())
    after = trainer_on(DrawnClasses(), optimizer=SGD(momentum=0.9))
    assert after.inherit(before)
    assert not any(np.any(each) for each in after.snapshot().optimizer_state.values())


def test_a_third_class_is_unlikely_and_the_other_two_are_told_apart_as_before():
    source = DrawnClasses()
    before = trained_on(source)
    after = trainer_on(source.with_another_class())
    assert after.inherit(before)
    x = load(DataSpec(source=source)).x_train
    second = before.network.predict(x)[:, 0]
    said = after.network.predict(x)
    assert np.allclose(said[:, 1] / (said[:, 0] + said[:, 1]), second)
    assert said[:, 2].max() < 0.06


def test_back_at_two_classes_the_same_is_said():
    source = DrawnClasses()
    before = trained_on(source)
    three, two = trainer_on(source.with_another_class()), trainer_on(source)
    assert three.inherit(before)
    assert two.inherit(three)
    assert np.allclose(two.network.parameters, before.network.parameters)


def test_a_fourth_class_leaves_the_logits_of_three():
    source = DrawnSeveral()
    before = trained_on(source)
    after = trainer_on(source.with_another_class())
    assert after.inherit(before)
    x = before.dataset.x_train
    assert np.allclose(logits(after, x)[:, :3], logits(before, x))
    assert np.array_equal(
        after.network.predict(x)[:, :3].argmax(1), before.network.predict(x).argmax(1)
    )


def test_a_network_of_other_layers_inherits_nothing():
    before, after = trained_on(DrawnClasses()), trainer_on(DrawnClasses(), hidden=5)
    parameters = after.network.parameters.copy()
    assert not after.inherit(before)
    assert np.array_equal(after.network.parameters, parameters)
    assert (after.epoch, len(after.history)) == (0, 0)


def test_without_biases_nothing_is_made_up():
    network = NetworkSpec(hidden=(HiddenLayer(4),), bias=False)
    source = DrawnSeveral()
    settings = Experiment(data=DataSpec(source=source), network=network)
    before = Trainer(settings)
    after = Trainer(replace(settings, data=DataSpec(source=source.with_another_class())))
    assert after.inherit(before)
    assert not after.network.weights[-1][:, 3].any()
