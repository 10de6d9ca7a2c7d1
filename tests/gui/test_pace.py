"""How the training is held to a speed, with the clock in the test's hand."""

import pytest

from gui.training import pace
from gui.training.pace import UNHURRIED_SLICE, Pace


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

    monkeypatch.setattr(pace.time, "perf_counter", lambda: Clock.now)
    return Clock


def test_full_speed_never_waits(clock):
    assert Pace().wait(progress=5.0) == 0.0
    assert Pace().slice_seconds == UNHURRIED_SLICE


def test_a_held_training_waits_until_its_progress_is_due(clock):
    held = Pace()
    held.epochs_per_second = 2.0
    held.restart(progress=10.0)
    assert held.slice_seconds == 0.0
    assert held.wait(progress=10.0) == 0.0
    assert held.wait(progress=11.0) == pytest.approx(0.5)
    clock.now += 0.3
    assert held.wait(progress=11.0) == pytest.approx(0.2)


def test_lost_time_is_not_made_good(clock):
    held = Pace()
    held.epochs_per_second = 2.0
    held.restart(progress=0.0)
    clock.now += 60.0  # the machine slept
    assert held.wait(progress=1.0) == 0.0
    assert held.wait(progress=2.0) == pytest.approx(0.5)


def test_a_sprint_is_not_held(clock):
    held = Pace()
    held.epochs_per_second = 0.5
    held.until = 3
    assert held.wait(progress=1.0) == 0.0
    assert held.slice_seconds == UNHURRIED_SLICE
