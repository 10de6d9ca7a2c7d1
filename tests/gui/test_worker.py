"""The training thread, met only through its commands, its mailbox and its facts."""

import time
from dataclasses import replace

import numpy as np
import pytest

from engine.digits.drawings import Drawing
from engine.handwriting import sample_drawings
from engine.my_digits import MyDigits, write_digit
from engine.spec import DataSpec, Experiment, NetworkSpec, TrainSpec
from engine.toy_data import Circle
from gui.drawing.samples import sample
from gui.first import FIRST_EXPERIMENT
from gui.training.facts import Ended, Failed, Loaded, Paused, Refused
from gui.training.worker import Worker

PATIENCE = 20.0


@pytest.fixture
def worker():
    made = Worker()
    made.start()
    yield made
    made.quit()
    made.join()


def wait_for_fact(worker, kind):
    """Return the next fact, which must be of that kind."""
    fact = worker.facts.get(timeout=PATIENCE)
    assert isinstance(fact, kind), fact
    return fact


def wait_for_frame(worker, wanted=lambda frame: True):
    """Take frames as the window does until one is as wanted."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        frame = worker.take_frame()
        worker.release()
        if frame is not None and wanted(frame):
            return frame
    raise AssertionError("the frame never came")


def load(worker, experiment=None, play=False):
    worker.load(experiment or Experiment(), play)
    return wait_for_fact(worker, Loaded)


def test_a_run_starts_at_epoch_0_with_the_first_test_digit_flowing_through(worker):
    loaded = load(worker)
    frame = wait_for_frame(worker)
    assert (frame.epoch, frame.batch, frame.batches_per_epoch) == (0, 0, 45)
    assert frame.shape.sizes == (64, 64, 10)
    assert frame.shape.activations == ("ReLU", "Softmax")
    assert frame.probe.source == "row"
    assert np.array_equal(frame.probe.x, loaded.dataset.x_test[0])
    assert frame.probe.label == loaded.dataset.y_test[0].argmax()
    assert frame.probe.outputs.sum() == pytest.approx(1, abs=1e-5)


def test_frames_are_kept_apart_from_the_training(worker):
    load(worker)
    first = wait_for_frame(worker)
    with pytest.raises(ValueError, match="read-only"):
        first.weights[0][0, 0] = 1
    before = first.weights[0].copy()
    worker.play_until(1)
    wait_for_fact(worker, Paused)
    assert np.array_equal(first.weights[0], before)


def test_one_step_is_one_epoch(worker):
    loaded = load(worker)
    for epoch in (1, 2):
        worker.step_epoch()
        wait_for_fact(worker, Paused)
        assert not worker.training
        wait_for_frame(worker, lambda frame: frame.epoch == epoch)  # noqa: B023
        assert len(loaded.history) == epoch


def test_pause_stops_and_play_goes_on_from_there(worker):
    load(worker, play=True)
    wait_for_frame(worker, lambda frame: frame.epoch >= 1)
    worker.pause()
    wait_for_fact(worker, Paused)
    stopped = wait_for_frame(worker)
    worker.play()
    gone_on = wait_for_frame(worker, lambda frame: frame.epoch > stopped.epoch)
    assert gone_on.generation == stopped.generation


def test_nothing_new_means_no_frame(worker):
    load(worker)
    wait_for_frame(worker, lambda frame: frame.seen.answers and frame.seen.health)
    worker.pause()
    wait_for_fact(worker, Paused)
    assert worker.take_frame() is None


def test_reset_brings_the_same_run_to_the_bit_and_pausing_changes_nothing(worker):
    """However the run is interrupted, epoch 3 has the same weights."""
    load(worker)
    worker.play_until(3)
    wait_for_fact(worker, Paused)
    straight = wait_for_frame(worker, lambda frame: frame.epoch == 3)
    load(worker)
    for epoch in (1, 2, 3):
        worker.set_speed(500.0)
        worker.play_until(epoch)
        wait_for_fact(worker, Paused)
    in_pieces = wait_for_frame(worker, lambda frame: frame.epoch == 3)
    assert in_pieces.generation == straight.generation + 1
    for a, b in zip(straight.weights, in_pieces.weights, strict=True):
        assert np.array_equal(a, b)


def test_another_seed_is_another_run(worker):
    load(worker)
    first = wait_for_frame(worker)
    load(worker, Experiment(network=NetworkSpec(seed=1)))
    other = wait_for_frame(worker)
    assert not np.array_equal(first.weights[0], other.weights[0])


def test_a_slow_training_shows_every_batch_it_makes(worker):
    load(worker)
    worker.set_speed(0.5)
    worker.play()
    frame = wait_for_frame(worker, lambda frame: frame.batch >= 2)
    assert frame.epoch == 0


def test_live_settings_take_effect_without_a_new_run(worker):
    load(worker)
    experiment = Experiment(train=TrainSpec(learning_rate=0.01))
    worker.apply(experiment)
    worker.step_epoch()
    wait_for_fact(worker, Paused)
    frame = wait_for_frame(worker, lambda frame: frame.epoch == 1)
    assert frame.learning_rate == pytest.approx(0.01)
    assert frame.generation == 1


def test_what_cannot_be_built_is_refused_and_the_run_before_it_goes_on(worker):
    load(worker, play=True)
    fractions = replace(Experiment().data, test_fraction=0.9, validation_fraction=0.9)
    worker.load(Experiment(data=fractions))
    refused = wait_for_fact(worker, Refused)
    assert "leave none to train on" in str(refused.error)
    wait_for_frame(worker, lambda frame: frame.epoch >= 1)


def test_the_end_is_told_in_words(worker):
    load(worker, Experiment(train=TrainSpec(epochs=2)), play=True)
    ended = wait_for_fact(worker, Ended)
    assert (ended.kind, ended.message) == ("finished", "All 2 epochs done.")
    assert not worker.training
    worker.play()  # pressed all the same
    assert wait_for_fact(worker, Ended).kind == "finished"


def test_divergence_ends_the_run_with_its_reason(worker):
    load(worker, Experiment(train=TrainSpec(learning_rate=100.0)), play=True)
    frame = wait_for_frame(worker, lambda frame: frame.epoch >= 1 or not worker.training)
    assert all(np.isfinite(each).all() for each in frame.weights)


def test_an_exception_is_reported_and_the_thread_lives_on(worker, monkeypatch, caplog):
    load(worker)
    monkeypatch.setattr(
        "engine.trainer.Trainer.slices", lambda self, seconds: iter([1 / 0 for _ in "x"])
    )
    worker.play()
    failed = wait_for_fact(worker, Failed)
    assert failed.message == "ZeroDivisionError: division by zero"
    assert "Traceback" in failed.details
    assert not worker.training
    monkeypatch.undo()
    load(worker, play=True)
    wait_for_frame(worker, lambda frame: frame.epoch >= 1)


def test_rows_can_be_leafed_through_while_paused(worker):
    loaded = load(worker)
    wait_for_frame(worker)
    worker.show_row(1, -1)
    frame = wait_for_frame(worker)
    assert frame.probe.index == len(loaded.dataset.x_test) - 1
    assert np.array_equal(frame.probe.x, loaded.dataset.x_test[-1])


# ---------------------------------------------------------------- drawings


def read_rightly(frame):
    """How many of the drawings of 0 to 9, in this order, are read as what they are."""
    return (frame.watched.outputs.argmax(axis=1) == np.arange(10)).sum() if frame.watched else 0


def test_earlier_drawings_are_read_again_as_the_network_learns(worker):
    load(worker)
    drawings = tuple(Drawing(sample(digit)) for digit in range(10))
    worker.watch(drawings)
    first = wait_for_frame(worker, lambda frame: frame.watched is not None).watched
    assert first.drawings is drawings
    assert first.outputs.shape == (10, 10)
    worker.play_until(30)
    wait_for_fact(worker, Paused)
    wait_for_frame(worker, lambda frame: read_rightly(frame) >= 8)
    load(worker, Experiment(network=NetworkSpec(seed=1)))
    wait_for_frame(worker, lambda frame: frame.generation == 2 and frame.watched is not None)
    worker.watch(())
    wait_for_frame(worker, lambda frame: frame.watched is None)


def test_networks_that_take_no_pictures_read_no_drawings(worker):
    worker.watch((Drawing(sample(3)),))
    worker.draw(list(sample(3)))
    load(worker, Experiment(data=DataSpec(source=Circle())))
    frame = wait_for_frame(worker)
    assert frame.watched is None
    assert frame.reading is None


def test_a_drawing_that_is_no_digit_is_said_to_be_so(worker):
    load(worker)
    worker.draw(list(sample(3)))
    known = wait_for_frame(worker, lambda frame: frame.reading and frame.reading.known is not None)
    assert known.reading.known
    letter = next(each for each in sample_drawings() if each["name"] == "W")
    worker.draw([np.array(stroke) for stroke in letter["strokes"]])
    reading = wait_for_frame(worker, lambda frame: frame.reading.novelty > 1).reading
    assert reading.known is False
    assert reading.like == "letter"
    own = (write_digit(8, reading.picture),)
    load(worker, Experiment(data=DataSpec(source=MyDigits(digits=own))))
    assert wait_for_frame(worker, lambda frame: frame.generation > 1).reading.known


def test_the_first_experiment_reads_drawings_and_the_clean_test_rows(worker):
    loaded = load(worker, FIRST_EXPERIMENT)
    assert FIRST_EXPERIMENT.data.source.augment
    drawings = tuple(Drawing(sample(digit)) for digit in range(10))
    worker.watch(drawings)
    worker.play_until(100_000)
    # In which epoch the varied rows come is a matter of time, and then the accuracy falls a while.
    frame = wait_for_frame(worker, lambda frame: frame.varied)
    settled = frame.epoch + 30

    def reads_both(frame):
        last = loaded.history["test_accuracy"][-10:]
        return frame.epoch > settled and np.mean(last) > 0.97 and read_rightly(frame) >= 8

    wait_for_frame(worker, reads_both)


# ---------------------------------------------------------------- the trained network


def test_the_trained_network_comes_and_the_one_in_training_goes_on_exactly_where_it_was(worker):
    straight = load(worker)
    worker.play_until(6)
    wait_for_fact(worker, Paused)
    expected = wait_for_frame(worker, lambda frame: frame.epoch == 6)
    loaded = load(worker)
    worker.play_until(3)
    wait_for_fact(worker, Paused)
    worker.show_trained()
    shown = wait_for_fact(worker, Loaded)
    assert shown.history is loaded.history
    trained = wait_for_frame(worker, lambda frame: frame.trained)
    assert trained.generation == shown.generation
    assert trained.epoch > 100
    assert trained.probe.outputs.argmax() == trained.probe.label
    worker.show_training()
    assert wait_for_fact(worker, Loaded).history is loaded.history
    assert wait_for_frame(worker, lambda frame: not frame.trained).epoch == 3
    worker.play_until(6)
    wait_for_fact(worker, Paused)
    again = wait_for_frame(worker, lambda frame: frame.epoch == 6)
    for a, b in zip(again.weights, expected.weights, strict=True):
        assert np.array_equal(a, b)
    np.testing.assert_array_equal(loaded.history["train_loss"], straight.history["train_loss"])


def test_the_trained_network_reads_the_drawing_on_the_canvas(worker):
    load(worker)
    for digit in (0, 3, 7):
        worker.draw(list(sample(digit)))
        worker.show_trained()
        wait_for_fact(worker, Loaded)
        frame = wait_for_frame(worker, lambda frame: frame.trained and frame.reading is not None)
        assert frame.reading.answer == digit
        assert frame.reading.confidence > 0.9
        worker.show_training()
        wait_for_fact(worker, Loaded)


def test_a_new_run_takes_the_trained_networks_place(worker):
    load(worker)
    worker.show_trained()
    worker.show_trained()  # a second time changes nothing
    wait_for_fact(worker, Loaded)
    loaded = load(worker, Experiment(network=NetworkSpec(seed=1)))
    frame = wait_for_frame(worker, lambda frame: frame.generation == loaded.generation)
    assert not frame.trained
    worker.show_training()  # nothing was put aside
    worker.step_epoch()
    wait_for_fact(worker, Paused)


def test_quitting_in_full_flight_ends_the_thread():
    worker = Worker()
    worker.start()
    worker.load(Experiment(), play=True)
    wait_for_frame(worker, lambda frame: frame.epoch >= 1)
    worker.quit()
    worker.join(timeout=PATIENCE)
    assert not worker.is_alive()


def test_a_held_worker_goes_on_while_it_is_lent(worker):
    history = load(worker, play=True).history
    wait_for_frame(worker, lambda frame: frame.epoch > 0)
    worker.hold(timeout=PATIENCE)
    before, deadline = len(history), time.monotonic() + PATIENCE
    with worker.lent(timeout=PATIENCE):
        while len(history) == before and time.monotonic() < deadline:
            pass
    assert len(history) > before
    worker.release()


def test_a_worker_that_is_not_wanted_back_goes_on_after_it_is_lent(worker):
    history = load(worker, play=True).history
    wait_for_frame(worker, lambda frame: frame.epoch > 0)
    worker.hold(timeout=PATIENCE)
    with worker.lent(back=False):
        pass
    before, deadline = len(history), time.monotonic() + PATIENCE
    while len(history) == before and time.monotonic() < deadline:
        pass
    assert len(history) > before
