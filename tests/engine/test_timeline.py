"""Going back: every epoch comes back to the bit, whatever was changed on the way."""

from dataclasses import replace

import numpy as np
import pytest

from engine import timeline as module
from engine.activations import Tanh
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.timeline import Timeline
from engine.toy_data import Spirals
from engine.trainer import Trainer

EXPERIMENT = Experiment(
    DataSpec(Spirals()),
    NetworkSpec(hidden=(HiddenLayer(5, Tanh(), dropout=0.1),)),
    TrainSpec(batch_size=32, learning_rate=0.01),
)


def train(trainer, timeline, until, seen):
    """Train on, and note what the parameters are after each epoch."""
    for completed in trainer.slices(0):
        timeline.note(trainer)
        if completed:
            seen[trainer.epoch] = trainer.network.parameters.copy()
            if trainer.epoch == until:
                return


def parameters_at(epoch, trainer, timeline):
    saved = [each for each in timeline.back_to(epoch, trainer) if each is not None]
    assert len(saved) == 1
    assert (saved[0].snapshot.epoch, saved[0].snapshot.batch) == (epoch, 0)
    assert [record.epoch for record in saved[0].records] == list(range(1, epoch + 1))
    again = Trainer(saved[0].experiment, trainer.dataset)
    module.take_up(again, saved[0])
    return again.network.parameters


@pytest.fixture
def begun():
    trainer, timeline, seen = Trainer(EXPERIMENT), Timeline(), {}
    timeline.note(trainer)
    seen[0] = trainer.network.parameters.copy()
    return trainer, timeline, seen


def test_every_epoch_comes_back(begun, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 5)
    trainer, timeline, seen = begun
    train(trainer, timeline, 30, seen)
    assert len(timeline._kept) <= 5
    for epoch in (0, 1, 7, 16, 29, 30):
        assert np.array_equal(parameters_at(epoch, trainer, timeline), seen[epoch])


def test_across_changes_by_hand(begun):
    trainer, timeline, seen = begun
    train(trainer, timeline, 4, seen)
    faster = replace(EXPERIMENT, train=replace(EXPERIMENT.train, learning_rate=0.05))
    trainer.apply(faster)
    timeline.mark(trainer)
    train(trainer, timeline, 8, seen)
    next(trainer.slices(0))
    trainer.set_parameter(0, 0, 0, 1.5)
    timeline.mark(trainer)
    wider = replace(faster, network=NetworkSpec(hidden=(HiddenLayer(7, Tanh()),)))
    trainer.apply(wider)
    timeline.mark(trainer)
    train(trainer, timeline, 12, seen)
    for epoch in (2, 4, 6, 8, 9, 12):
        assert np.array_equal(parameters_at(epoch, trainer, timeline), seen[epoch])


def test_what_was_gone_back_from_is_forgotten(begun):
    trainer, timeline, seen = begun
    train(trainer, timeline, 6, seen)
    [there] = filter(None, timeline.back_to(3, trainer))
    again = Trainer(there.experiment, trainer.dataset)
    module.take_up(again, there)
    again.apply(replace(EXPERIMENT, train=replace(EXPERIMENT.train, learning_rate=0.05)))
    timeline.mark(again)
    train(again, timeline, 5, seen)
    assert np.array_equal(parameters_at(5, again, timeline), seen[5])


@pytest.mark.parametrize("epoch", [-1, 4])
def test_an_epoch_that_is_not_there_is_refused(begun, epoch):
    trainer, timeline, seen = begun
    train(trainer, timeline, 3, seen)
    with pytest.raises(ValueError, match="those from 0 to 3 can"):
        next(timeline.back_to(epoch, trainer))


def test_many_changes_forget_the_earliest(begun, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 4)
    trainer, timeline, seen = begun
    for epoch in range(1, 9):
        train(trainer, timeline, epoch, seen)
        trainer.set_parameter(0, 0, 0, 0.1 * epoch)
        timeline.mark(trainer)
    assert 0 < timeline.earliest <= 6
    with pytest.raises(ValueError, match="cannot be gone back to"):
        next(timeline.back_to(0, trainer))
    assert len(list(filter(None, timeline.back_to(timeline.earliest, trainer)))) == 1


def test_early_stopping_does_not_stop_the_way_back():
    patient = replace(EXPERIMENT, train=replace(EXPERIMENT.train, patience=2, learning_rate=1.0))
    trainer, timeline = Trainer(patient), Timeline()
    timeline.note(trainer)
    for _ in trainer.slices(0):
        pass
    assert trainer.outcome.kind == "stopped_early"
    last = trainer.epoch
    [there] = filter(None, timeline.back_to(last, trainer))
    assert there.snapshot.epoch == last
    assert there.experiment == patient
