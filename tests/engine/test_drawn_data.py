"""Points put down by hand."""

import json

import numpy as np
import pytest

from engine.datasets import load
from engine.drawn_data import Drawn, DrawnClasses, DrawnCurve, DrawnHeights, DrawnSeveral
from engine.knobs import SettingError, from_plain, to_plain
from engine.spec import DataSpec, Experiment

POINTS = DrawnClasses(
    points=((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)), test_points=((2.0, 2.0, 1.0), (3.0, 3.0, 0.0))
)


def test_points_for_testing_are_never_trained_on():
    data = load(DataSpec(source=POINTS, test_fraction=0.5))
    assert data.x_train.tolist() == [[0, 0], [1, 1]]
    assert data.x_test.tolist() == [[2, 2], [3, 3]]
    assert data.y_test.tolist() == [[1], [0]]
    assert not data.x_test.flags.writeable


def test_no_point_changes_sides_when_another_comes_or_goes():
    more = POINTS.added((5, 5.123456, 1))
    assert more.points[-1] == (5.0, 5.1235, 1.0)
    assert more.test_points == POINTS.test_points
    assert POINTS.removed(0).test_points == POINTS.test_points
    assert POINTS.removed(2).test_points == ((3.0, 3.0, 0.0),)


def test_points_are_numbered_through():
    assert POINTS.moved(1, (7, 8)).points[1] == (7.0, 8.0, 1.0)
    assert POINTS.moved(3, (7, 8)).test_points[1] == (7.0, 8.0, 0.0)
    assert DrawnCurve().moved(0, (1, 2)).points[0] == (1.0, 2.0)


def test_the_last_point_to_train_on_stays():
    with pytest.raises(ValueError, match="last point to train on cannot be removed"):
        POINTS.removed(0).removed(0)


@pytest.mark.parametrize("kind", [DrawnClasses, DrawnSeveral, DrawnHeights, DrawnCurve])
def test_a_file_holds_every_point(kind):
    drawn = kind().added(np.ones(len(kind().points[0])))
    experiment = Experiment(data=DataSpec(source=drawn))
    assert from_plain(Experiment, json.loads(json.dumps(to_plain(experiment)))) == experiment


@pytest.mark.parametrize(
    ("points", "told"),
    [
        (((1, 2),), "points of 3 finite numbers"),
        ((), "1 to 10000 points"),
        (((1, float("nan"), 0),), "finite"),
        (((1, 2, 7),), "at most 1, not 7"),
        ("text", "points of 3"),
        (((1, 2, 0), (1, 2)), "points of 3"),
    ],
)
def test_what_are_no_points_is_refused_with_the_reason(points, told):
    with pytest.raises(SettingError, match=told) as refusal:
        DrawnClasses(points=points)
    assert refusal.value.setting == "points"


def test_a_copy_keeps_which_points_are_for_testing():
    drawn = DrawnClasses.of([[0, 0, 1]], [[1, 1, 0], [2, 2, 1]])
    assert (len(drawn.points), len(drawn.test_points)) == (1, 2)
    assert isinstance(drawn, Drawn)


def test_a_point_stands_for_something_else_where_it_is():
    assert POINTS.answered(0, 1).points[0] == (0.0, 0.0, 1.0)
    assert POINTS.answered(2, 0).test_points[0] == (2.0, 2.0, 0.0)


def test_a_third_class_joins_two_and_others_follow_up_to_six():
    drawn = POINTS.with_another_class()
    assert isinstance(drawn, DrawnSeveral)
    assert (drawn.points, drawn.test_points) == (POINTS.points, POINTS.test_points)
    for classes in (4, 5, 6):
        drawn = drawn.with_another_class()
        data = load(DataSpec(source=drawn))
        assert data.outputs == classes  # also those that no point has yet
        assert len(data.class_names) == classes
    with pytest.raises(ValueError, match="There are 6 classes"):
        drawn.with_another_class()
    with pytest.raises(ValueError, match="no classes"):
        DrawnCurve().with_another_class()


@pytest.mark.parametrize(
    ("how", "setting", "told"),
    [
        ({"classes": 2}, "classes", "there are points of class 2"),
        ({"points": ((0, 0, 0.5),)}, "points", "a whole number"),
        ({"points": ((0, 0, 6),)}, "points", "at most 5"),
    ],
)
def test_classes_that_are_none_are_refused_with_the_reason(how, setting, told):
    with pytest.raises(SettingError, match=told) as refusal:
        DrawnSeveral(**how)
    assert refusal.value.setting == setting
