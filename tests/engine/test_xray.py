"""One parameter through the next updates, by its optimizer and plainly."""

import numpy as np
import pytest

from engine.optimizers import SGD, Adam
from engine.trace import Moment, Place, Trace
from engine.trace.past import EVERY, Past
from engine.trace.xray import finished, xray
from tests.engine.test_trace import train_batches, trainer

PLACE = Place("W2", (1, 2))


def test_the_course_is_the_trainings():
    made = trainer(optimizer=Adam())
    train_batches(made, 2)
    seen = finished(xray(made, Moment.of(made), PLACE, 5))
    values = [float(made.network.weights[1][PLACE.index])]
    for _ in range(5):
        train_batches(made, 1)
        values.append(float(made.network.weights[1][PLACE.index]))
    np.testing.assert_allclose(seen.chosen.value, values, rtol=1e-12)
    np.testing.assert_allclose(np.diff(seen.chosen.value), seen.chosen.change, rtol=1e-9)
    assert set(seen.chosen.memory) == {"m", "v", "m\u0302", "v\u0302"}


def test_its_numbers_are_those_of_the_trace():
    made = trainer(optimizer=Adam())
    moment = Moment.of(made)
    seen, trace = finished(xray(made, moment, PLACE, 1)), Trace.of(moment)
    assert seen.chosen.gradient[0] == trace["dW2"].value[PLACE.index]
    assert seen.chosen.change[0] == trace["changeW2"].value[PLACE.index]
    assert seen.chosen.memory["m\u0302"][0] == trace["m_hatW2"].value[PLACE.index]


def test_plain_descent_starts_from_the_same_point_and_is_plain():
    made = trainer(optimizer=Adam())
    seen = finished(xray(made, Moment.of(made), PLACE, 6))
    assert seen.plain.value[0] == seen.chosen.value[0]
    assert seen.plain.gradient[0] == seen.chosen.gradient[0]
    np.testing.assert_allclose(seen.plain.change, -0.05 * seen.plain.gradient)
    assert seen.plain.label == SGD.label


def test_nothing_is_touched_and_nonsense_refused():
    made = trainer()
    before = made.network.parameters.copy()
    finished(xray(made, Moment.of(made), PLACE, 3))
    assert (made.network.parameters == before).all()
    assert made.batch == 0
    with pytest.raises(ValueError, match="'z1' is no parameter"):
        xray(made, Moment.of(made), Place("z1", (0, 0)))


def noted(made, count):
    """Train some batches, and keep states on the way."""
    past = Past()
    for _ in range(count):
        past.note(made)
        train_batches(made, 1)
    return past


def test_the_past_is_what_was_trained():
    made, values = trainer(optimizer=Adam()), []
    past = Past()
    for _ in range(EVERY + 30):
        past.note(made)
        values.append(float(made.network.weights[1][PLACE.index]))
        train_batches(made, 1)
    since = past.before(made, 20)
    seen = finished(xray(made, Moment.of(made), PLACE, 3, since, most=20)).past
    values.append(float(made.network.weights[1][PLACE.index]))
    np.testing.assert_array_equal(seen.value, values[-21:])
    np.testing.assert_allclose(np.diff(seen.value), seen.change, rtol=1e-9, atol=1e-15)
    assert len(seen.gradient) == len(seen.memory["m"]) == 20


def test_of_a_past_with_other_weights_nothing_is_told():
    made = trainer()
    past = noted(made, 10)
    made.network.parameters[0] += 1
    since = past.before(made, 5)
    assert finished(xray(made, Moment.of(made), PLACE, 2, since)).past is None


def test_states_are_kept_now_and_then_and_forgotten_when_put_back():
    made = trainer()
    start = made.snapshot()
    past = noted(made, 4 * EVERY + 150)
    assert len(past._kept) == 3
    assert past.before(made, 100).epoch * made.batches_per_epoch == 4 * EVERY
    made.restore(start)
    assert past.before(made, 1) is None
    past.note(made)
    assert len(past._kept) == 1


def test_meanwhile_the_training_may_go_on():
    made, other = trainer(optimizer=Adam()), trainer(optimizer=Adam())
    work = xray(made, Moment.of(made), PLACE, 5)
    next(work)
    train_batches(made, 3)
    expected = finished(xray(other, Moment.of(other), PLACE, 5))
    np.testing.assert_array_equal(finished(work).chosen.value, expected.chosen.value)
