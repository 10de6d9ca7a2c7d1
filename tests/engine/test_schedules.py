"""Schedules: pure functions of the completed epochs."""

import pytest

from engine.schedules import SCHEDULES, Constant, Cosine, Exponential, Step, WarmUp

ALL = [pytest.param(cls(), id=name) for name, cls in SCHEDULES.items()]


@pytest.mark.parametrize("schedule", ALL)
def test_factors_lie_between_0_and_1(schedule):
    factors = [schedule.factor(epoch) for epoch in range(500)]
    assert all(0 < factor <= 1 for factor in factors)


@pytest.mark.parametrize(
    ("schedule", "epoch", "factor"),
    [
        (Constant(), 1000, 1.0),
        (Step(every=10, rate=0.5), 9, 1.0),
        (Step(every=10, rate=0.5), 30, 0.125),
        (Exponential(rate=0.5), 3, 0.125),
        (Cosine(epochs=10, floor=0.2), 0, 1.0),
        (Cosine(epochs=10, floor=0.2), 5, 0.6),
        (Cosine(epochs=10, floor=0.2), 99, 0.2),
        (WarmUp(epochs=5), 0, 0.2),
        (WarmUp(epochs=5), 7, 1.0),
    ],
)
def test_by_hand(schedule, epoch, factor):
    assert schedule.factor(epoch) == pytest.approx(factor)
