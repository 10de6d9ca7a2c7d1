"""One parameter through the next updates, by its optimizer and plainly."""

import numpy as np
import pytest

from engine.optimizers import SGD, Adam
from engine.trace import Moment, Place, Trace
from engine.trace.xray import xray
from tests.engine.test_trace import train_batches, trainer

PLACE = Place("W2", (1, 2))


def test_the_course_is_the_trainings():
    made = trainer(optimizer=Adam())
    train_batches(made, 2)
    seen = xray(made, Moment.of(made), PLACE, 5)
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
    seen, trace = xray(made, moment, PLACE, 1), Trace.of(moment)
    assert seen.chosen.gradient[0] == trace["dW2"].value[PLACE.index]
    assert seen.chosen.change[0] == trace["changeW2"].value[PLACE.index]
    assert seen.chosen.memory["m\u0302"][0] == trace["m_hatW2"].value[PLACE.index]


def test_plain_descent_starts_from_the_same_point_and_is_plain():
    made = trainer(optimizer=Adam())
    seen = xray(made, Moment.of(made), PLACE, 6)
    assert seen.plain.value[0] == seen.chosen.value[0]
    assert seen.plain.gradient[0] == seen.chosen.gradient[0]
    np.testing.assert_allclose(seen.plain.change, -0.05 * seen.plain.gradient)
    assert seen.plain.label == SGD.label


def test_nothing_is_touched_and_nonsense_refused():
    made = trainer()
    before = made.network.parameters.copy()
    xray(made, Moment.of(made), PLACE, 3)
    assert (made.network.parameters == before).all()
    assert made.batch == 0
    with pytest.raises(ValueError, match="'z1' is no parameter"):
        xray(made, Moment.of(made), Place("z1", (0, 0)))
