"""The nudge test agrees with backpropagation, and finds out where it is wrong."""

import pytest

from engine.activations import Tanh
from engine.trace import Moment, Place
from engine.trace.nudge import NudgeTest
from tests.engine.test_trace import trainer


def moment(**settings):
    return Moment.of(trainer(**({"activation": Tanh()} | settings)))


@pytest.mark.parametrize(
    "settings",
    [{}, {"dropout": 0.5}, {"l1": 0.01, "l2": 0.1}, {"reduction": "sum"}, {"clip_norm": 1e-3}],
    ids=str,
)  # fmt: skip
def test_every_parameter_agrees(settings):
    results = list(NudgeTest(moment(**settings)).check())
    assert len(results) == 4 * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3
    assert max(each.difference for each in results) < 1e-6


def test_single_precision_agrees_as_far_as_it_goes():
    results = list(NudgeTest(moment(dtype="float32")).check(limit=10))
    assert len(results) == 10
    assert max(each.difference for each in results) < 1e-3


def test_the_slope_converges_as_the_nudge_shrinks():
    series = NudgeTest(moment()).series(Place("W1", (1, 2)), largest=0.1, count=5)
    assert [each.epsilon for each in series] == [0.1, 0.01, 0.001, 0.0001, 0.00001]
    errors = [abs(each.forward - each.gradient) for each in series]
    assert errors == sorted(errors, reverse=True)
    assert abs(series[0].central - series[0].gradient) < errors[0]


def test_nothing_is_changed():
    made = moment()
    before = made.network.parameters.copy()
    test = NudgeTest(made)
    loss = test.loss
    test.nudge(Place("b2", (0,)), 0.5)
    assert test.nudge(Place("b2", (0,))).loss == loss
    assert (made.network.parameters == before).all()


def test_a_wrong_gradient_would_be_found():
    test = NudgeTest(moment())
    test._gradients["W2"][...] *= 1.01
    assert test.nudge(Place("W2", (0, 0))).difference > 0.005


def test_nonsense_is_refused():
    test = NudgeTest(moment())
    with pytest.raises(ValueError, match="epsilon must be above 0"):
        test.nudge(Place("W1", (0, 0)), 0.0)
    with pytest.raises(ValueError, match="'x' is no parameter; there are W1, b1"):
        test.nudge(Place("x", (0, 0)))
