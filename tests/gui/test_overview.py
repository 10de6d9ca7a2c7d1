"""What is looked at less often than every frame."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data_sources import Digits
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.surfaces import Curve, Surface
from engine.toy_data import Circle, Plane, Sine
from engine.trainer import Trainer
from gui.training import overview
from gui.training.overview import Overview


def experiment_on(source, **train):
    return Experiment(
        data=DataSpec(source=source),
        network=NetworkSpec(hidden=(HiddenLayer(4),)),
        train=TrainSpec(**train),
    )


def look_until_nothing_is_left(looking, progress):
    while looking.work(progress, hurry=True):
        pass
    return looking.seen


@pytest.mark.parametrize(
    ("source", "kind"), [(Circle(), Surface), (Plane(), Surface), (Sine(), Curve)]
)
def test_the_first_picture_has_a_surface_already(source, kind):
    seen = Overview(Trainer(experiment_on(source))).seen
    assert isinstance(seen.surface, kind)


def test_answers_and_health_follow_and_then_there_is_rest():
    trainer = Trainer(experiment_on(Circle()))
    looking = Overview(trainer)
    seen = look_until_nothing_is_left(looking, 0.0)
    assert len(seen.answers.true) == len(trainer.dataset.x_test)
    assert len(seen.trained_answers.true) == len(trainer.dataset.x_train)
    assert seen.health.rows > 0
    assert not looking.work(0.0, hurry=True)
    assert looking.work(0.1, hurry=True)


def test_digits_are_judged_without_a_surface():
    trainer = Trainer(experiment_on(Digits()))
    seen = look_until_nothing_is_left(Overview(trainer), 0.0)
    assert seen.surface is None
    outputs = trainer.network.predict(trainer.dataset.x_test)
    assert (seen.answers.predicted == outputs.argmax(axis=1)).all()
    assert seen.answers.confusion.sum() == len(outputs)


def test_the_weights_stand_still_while_a_surface_is_made(monkeypatch):
    monkeypatch.setattr("engine.surfaces.BLOCK_OPERATIONS", 2e5)
    trainer = Trainer(experiment_on(Circle()))
    looking = Overview(trainer)
    look_until_nothing_is_left(looking, 0.0)
    before = looking.seen.surface.values.copy()
    looking._jobs[0]._due = 0.0
    looking._turn = 0
    assert looking.work(1.0, hurry=True)
    trainer.network.parameters[...] = 0
    while np.array_equal(looking.seen.surface.values, before) and looking.work(1.0, hurry=True):
        if looking._jobs[0]._running is None:
            break
    np.testing.assert_array_equal(looking.seen.surface.values, before)


def test_nothing_is_renewed_oftener_than_it_can_be_afforded(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(overview, "perf_counter", lambda: clock[0])
    looking = Overview(Trainer(experiment_on(Circle())))
    look_until_nothing_is_left(looking, 0.0)
    assert not looking.work(1.0)
    clock[0] += overview.SURFACE_SECONDS * 1.01
    assert looking.work(1.0)


def test_looking_changes_nothing_about_the_training():
    one, other = (Trainer(experiment_on(Circle(), epochs=3)) for _ in range(2))
    looking = Overview(other)
    for trainer in (one, other):
        for _ in trainer.slices(0):
            if trainer is other:
                looking.work(other.epoch + other.batch / 100, hurry=True)
    assert np.array_equal(one.network.parameters, other.network.parameters)


def test_a_network_beyond_all_numbers_is_looked_at_without_a_word():
    trainer = Trainer(replace(experiment_on(Circle())))
    looking = Overview(trainer)
    trainer.network.parameters[...] = np.float32(1e38)
    seen = look_until_nothing_is_left(looking, 2.0)
    assert any(f.kind == "exploding" for f in seen.health.findings)
