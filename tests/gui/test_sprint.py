"""Full speed in a process of its own: nothing that anyone looks at can tell the difference."""

import multiprocessing
import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.activations import ReLU
from engine.history import Record
from engine.losses import MeanSquaredError
from engine.optimizers import SGD
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.toy_data import Circle, Plane
from engine.trainer import Trainer
from gui.first import FIRST_EXPERIMENT
from gui.session import Session
from gui.training import sprint
from gui.training.elsewhere import Answers, Stands
from gui.training.facts import Answered, Ended, Paused
from gui.training.requests import Request
from gui.training.sprint import Sprinter
from gui.training.worker import Worker
from tests.gui.test_worker import PATIENCE, load, wait_for_fact, wait_for_frame
from tests.gui.windows import opened

CLEAN = Experiment()
CIRCLE = Experiment(
    data=DataSpec(Circle()), network=NetworkSpec(hidden=(HiddenLayer(4),)), train=TrainSpec()
)


@pytest.fixture
def sprinter():
    made = Sprinter()
    yield made
    made.close()


@pytest.fixture
def worker():
    made = Worker(sprints=True)
    made.start()
    yield made
    made.quit()
    made.join()
    assert made._sprints.sprinter is None or made._sprints.sprinter._process is None


def until(done):
    deadline = time.monotonic() + PATIENCE
    while not (result := done()):
        assert time.monotonic() < deadline, "it never came"
    return result


def begun(sprinter, trainer):
    until(lambda: sprinter.begin(trainer))


def followed(sprinter, trainer, epochs):
    """Follow until so many epochs are complete."""
    until(lambda: sprinter.follow() == "over" or trainer.epoch >= epochs)


def wait_for_sprint(worker):
    """Take frames until the training is carried on elsewhere, and has come farther."""
    wait_for_frame(
        worker,
        lambda frame: worker._sprints.sprinter and worker._sprints.sprinter.trainer is not None,
    )
    here = wait_for_frame(worker).epoch
    wait_for_frame(worker, lambda frame: frame.epoch > here + 3)


@pytest.mark.parametrize("experiment", [CLEAN, CIRCLE], ids=["digits", "circle"])
def test_it_is_the_same_training_to_the_bit(sprinter, experiment):
    trainer = Trainer(experiment)
    for _ in zip(range(7), trainer.slices(0), strict=False):
        pass
    begun(sprinter, trainer)
    followed(sprinter, trainer, 5)
    sprinter.end()
    alone = Trainer(experiment)
    while (alone.epoch, alone.batch) != (trainer.epoch, trainer.batch):
        next(alone.slices(0))
    assert np.array_equal(trainer.network.parameters, alone.network.parameters)
    assert np.array_equal(trainer.history["train_loss"], alone.history["train_loss"])
    assert np.array_equal(trainer.history["test_accuracy"], alone.history["test_accuracy"])
    assert np.array_equal(trainer.rows_of_batch, alone.rows_of_batch)
    for _ in range(50):  # and it goes on to the same bits here
        next(trainer.slices(0))
        next(alone.slices(0))
    assert np.array_equal(trainer.network.parameters, alone.network.parameters)


def test_varied_rows_are_handed_over_as_they_are_made(sprinter):
    experiment = replace(FIRST_EXPERIMENT, network=NetworkSpec(seed=3))
    trainer = Trainer(experiment)
    fresh = trainer.dataset.fresh
    fresh.complete(1)
    begun(sprinter, trainer)
    followed(sprinter, trainer, 3)
    fresh.complete(fresh.ready + 1)
    ready = fresh.ready
    until(lambda: sprinter.follow() and trainer.copies >= ready)
    sprinter.end()
    fresh.release()
    assert np.array_equal(trainer.x_train, fresh.rows(trainer.epoch, trainer.copies, 3))


def test_an_answer_that_nobody_reads_yet_keeps_nobody_waiting():
    here, there = multiprocessing.Pipe()
    answers = Answers(there)
    records = tuple(Record(epoch=float(epoch)) for epoch in range(50_000))  # more than a pipe holds
    answers.give(Stands(None, records))
    assert len(here.recv().records) == len(records)
    here.close()
    answers.give(Stands(None))  # there it finds that nobody is there any more, and ends


def test_a_large_network_is_followed_too(sprinter):
    wide = replace(CLEAN, network=NetworkSpec(hidden=(HiddenLayer(256), HiddenLayer(256))))
    trainer = Trainer(wide)
    begun(sprinter, trainer)
    followed(sprinter, trainer, 4)
    sprinter.end()
    assert trainer.history["test_accuracy"][-1] > 0.8


def test_the_history_is_the_same_object_and_complete(worker):
    loaded = load(worker, CLEAN, play=True)
    wait_for_sprint(worker)
    worker.pause()
    wait_for_fact(worker, Paused)
    epochs = loaded.history["epoch"]
    assert np.array_equal(epochs, np.arange(1, len(epochs) + 1))
    assert wait_for_frame(worker).epoch == len(epochs)


def test_changes_take_effect_on_what_has_been_learnt(worker):
    loaded = load(worker, CLEAN, play=True)
    wait_for_sprint(worker)
    changed = replace(CLEAN, train=replace(CLEAN.train, learning_rate=1e-6))
    before = len(loaded.history)
    worker.apply(changed)
    frame = wait_for_frame(worker, lambda frame: frame.learning_rate == 1e-6)
    assert frame.epoch >= before
    wait_for_sprint(worker)
    late = loaded.history["learning_rate"][-1]
    assert late == 1e-6


def test_what_is_asked_is_answered_about_the_training_on_screen(worker):
    load(worker, CLEAN, play=True)
    wait_for_sprint(worker)
    worker.ask(Request(lambda run: (run.trainer.epoch, len(run.trainer.history)), None, None))
    epoch, records = wait_for_fact(worker, Answered).answer
    assert epoch == records > 3
    wait_for_sprint(worker)  # and it goes on


def test_slower_than_full_speed_it_trains_here(worker):
    load(worker, CLEAN, play=True)
    wait_for_sprint(worker)
    worker.set_speed(5.0)
    wait_for_frame(worker, lambda frame: worker._sprints.sprinter.trainer is None)
    worker.pause()
    wait_for_fact(worker, Paused)


def wait_for_end(worker):
    """Go on taking frames, as a window does, until the training is over; return how it ended."""

    def ended():
        worker.take_frame()
        worker.release()
        return not worker.facts.empty() and worker.facts.get()

    fact = until(ended)
    assert isinstance(fact, Ended), fact
    return fact


def test_a_training_ends_where_it_would_have_ended_here(worker):
    loaded = load(worker, replace(CLEAN, train=replace(CLEAN.train, epochs=400)), play=True)
    wait_for_sprint(worker)
    assert wait_for_end(worker).kind == "finished"
    assert len(loaded.history) == 400
    assert worker._screen.run.trainer.epoch == 400
    assert worker._sprints.sprinter.trainer is None


def test_divergence_is_explained_as_ever(worker):
    plane = Experiment(
        data=DataSpec(Plane()),
        network=NetworkSpec(hidden=(HiddenLayer(6, ReLU()),)),
        train=TrainSpec(optimizer=SGD(), learning_rate=1e-6, loss=MeanSquaredError()),
    )
    load(worker, plane, play=True)
    wait_for_sprint(worker)
    worker.apply(replace(plane, train=replace(plane.train, learning_rate=100.0)))
    end = wait_for_end(worker)
    assert end.kind == "diverged"
    assert "Learning rate 100 is too high" in end.message
    assert np.isfinite(worker._screen.run.trainer.network.parameters).all()


@pytest.mark.parametrize(
    "experiment",
    [
        replace(CLEAN, train=replace(CLEAN.train, patience=500)),
        replace(CLEAN, network=replace(CLEAN.network, hidden=(HiddenLayer(16, dropout=0.2),))),
    ],
    ids=["early stopping", "dropout"],
)
def test_what_a_snapshot_does_not_hold_is_trained_here(worker, experiment):
    load(worker, experiment, play=True)
    wait_for_frame(worker, lambda frame: frame.epoch >= 5)
    assert worker._sprints.sprinter.trainer is None


def test_where_the_process_dies_the_training_goes_on_here(worker, caplog):
    load(worker, CLEAN, play=True)
    wait_for_sprint(worker)
    worker._sprints.sprinter._process.kill()
    here = wait_for_frame(worker).epoch
    wait_for_frame(worker, lambda frame: worker._sprints.sprinter.trainer is None)
    wait_for_frame(worker, lambda frame: frame.epoch > here + 20)
    assert "no process of its own" in caplog.text
    caplog.clear()


def test_where_no_process_can_be_started_it_trains_here(worker, monkeypatch, caplog):
    def refuse(*_):
        raise OSError("not permitted")

    monkeypatch.setattr(sprint.multiprocessing, "get_context", refuse)
    load(worker, CLEAN, play=True)
    wait_for_frame(worker, lambda frame: frame.epoch > 5)
    assert "not permitted" in caplog.text
    caplog.clear()


def test_a_window_closed_in_full_sprint_leaves_nothing_behind(qtbot):
    session = Session(CLEAN, sprints=True)
    session.start()
    session.set_speed(None)
    worker = session._worker

    def sprinting():
        session.collect()
        session.release()
        return worker._sprints.sprinter is not None and worker._sprints.sprinter.trainer is not None

    qtbot.waitUntil(sprinting, timeout=20_000)
    process = worker._sprints.sprinter._process
    session.close()
    assert not worker.is_alive()
    assert worker._sprints.sprinter._process is None
    assert process.exitcode is not None


def test_the_window_shows_a_sprint_and_steps_through_where_it_stopped(qtbot):
    with opened(qtbot, CLEAN, sprints=True) as window:
        session, view = window.session, window.network_view
        sprints = session._worker._sprints
        session.set_speed(None)
        qtbot.keyClick(view, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: bool(sprints.sprinter and sprints.sprinter.trainer), timeout=20_000)
        started = session.frame.epoch
        qtbot.waitUntil(lambda: session.frame.epoch > started + 5, timeout=20_000)
        before = view.grab().toImage()
        qtbot.waitUntil(lambda: view.grab().toImage() != before, timeout=20_000)
        assert view.frame is session.frame

        qtbot.keyClick(view, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: session.state == "paused")
        assert sprints.sprinter.trainer is None
        qtbot.waitUntil(lambda: session.frame.epoch == len(session.history))
        stopped, known = session.frame.epoch, session.frame.weights
        qtbot.keyClick(window, Qt.Key.Key_F8)
        debugger = window.docks.panel("debugger").debugger
        qtbot.waitUntil(lambda: debugger.trace is not None, timeout=20_000)
        network = debugger.trace.moment.network
        assert all(np.array_equal(a, b) for a, b in zip(network.weights, known, strict=True))
        assert session.frame.epoch == stopped
