"""A training walked by hand comes to where it would have come, and leaves the original alone."""

from dataclasses import replace

import numpy as np
import pytest

from engine.optimizers import Adam
from engine.trace import Moment
from engine.trace.stepper import Stepper
from tests.engine.test_trace import train_batches, trainer


def parameters(made):
    return made.network.parameters.copy()


def test_walking_is_training():
    made, other = trainer(optimizer=Adam(), dropout=0.3), trainer(optimizer=Adam(), dropout=0.3)
    train_batches(made, 4)
    stepper = Stepper(made)
    for _ in range(5):
        assert stepper.forward()
    train_batches(other, 9)
    assert (parameters(stepper.trainer) == parameters(other)).all()
    assert (stepper.trainer.epoch, stepper.trainer.batch) == (3, 0)
    np.testing.assert_array_equal(
        stepper.trainer.history["train_loss"], other.history["train_loss"]
    )


def test_the_original_is_not_touched():
    made = trainer()
    train_batches(made, 4)
    before = parameters(made)
    stepper = Stepper(made)
    stepper.forward_epoch()
    stepper.teach(Moment.of(stepper.trainer), 3)
    assert (parameters(made) == before).all()
    assert (made.epoch, made.batch, len(made.history)) == (1, 1, 1)


def test_there_and_back_again():
    stepper = Stepper(trainer(optimizer=Adam()))
    before = parameters(stepper.trainer)
    assert not stepper.can_go_back
    assert not stepper.back()
    assert not stepper.back_epoch()
    stepper.forward()
    between = parameters(stepper.trainer)
    stepper.forward_epoch()
    stepper.forward()
    assert (stepper.trainer.epoch, stepper.trainer.batch, stepper.steps) == (1, 1, 3)
    assert stepper.back()
    assert stepper.back()
    assert (parameters(stepper.trainer) == between).all()
    assert stepper.back_epoch()
    assert (parameters(stepper.trainer) == before).all()
    assert stepper.steps == 0


def test_the_training_may_end_on_the_way():
    stepper = Stepper(trainer(epochs=1))
    assert stepper.forward_epoch()
    assert stepper.trainer.outcome.kind == "finished"
    assert not stepper.forward()
    assert stepper.back()
    assert stepper.trainer.outcome is None


def test_teaching_a_row_raises_its_probability_and_is_taken_back():
    made = trainer(optimizer=Adam())
    stepper = Stepper(made)
    moment = Moment.on(made, made.dataset.x_train[0], made.dataset.y_train[0])
    label = int(moment.y.argmax())
    before = made.network.predict(moment.x)[0, label]
    after = stepper.teach(moment, 5)
    assert after.network.predict(moment.x)[0, label] > before
    np.testing.assert_array_equal(stepper.trainer.network.parameters, after.network.parameters)
    assert stepper.back()
    assert stepper.trainer.network.predict(moment.x)[0, label] == before


def test_teaching_that_would_blow_up_is_refused():
    made = trainer("regression", learning_rate=50.0, clip_norm=None)
    made.network.parameters *= 1e160
    stepper = Stepper(made)
    with pytest.raises(ValueError, match="beyond all bounds"):
        stepper.teach(Moment.of(made), 5)
    assert not stepper.can_go_back


def test_settings_changed_on_the_way_are_taken_over():
    made = trainer()
    stepper = Stepper(made)
    changed = replace(made.experiment, train=replace(made.experiment.train, learning_rate=0.5))
    stepper.apply(changed)
    assert Moment.of(stepper.trainer).learning_rate == 0.5
    assert made.experiment.train.learning_rate == 0.05


@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_behind_the_start_the_way_is_trained_again(dropout):
    made = trainer(optimizer=Adam(), dropout=dropout)
    states = [parameters(made)]
    for _ in range(7):
        train_batches(made, 1)
        states.append(parameters(made))
    stepper = Stepper(made)
    for earlier in reversed(states[:-1]):
        assert stepper.back()
        assert (parameters(stepper.trainer) == earlier).all()
    assert stepper.steps == -7
    assert not stepper.back()
    for later in states[1:]:
        assert stepper.forward()
        assert (parameters(stepper.trainer) == later).all()
    assert len(stepper.trainer.history) == 2


def test_an_epoch_behind_the_start():
    made = trainer()
    train_batches(made, 7)
    stepper = Stepper(made)
    for moment in ((2, 0), (1, 0), (0, 0)):
        assert stepper.back_epoch()
        assert (stepper.trainer.epoch, stepper.trainer.batch) == moment
    assert not stepper.back_epoch()


def test_there_is_no_way_back_past_a_change():
    made = trainer()
    train_batches(made, 4)
    made.apply(replace(made.experiment, train=replace(made.experiment.train, learning_rate=0.5)))
    train_batches(made, 1)
    with pytest.raises(ValueError, match="no way back from here"):
        Stepper(made).back()
