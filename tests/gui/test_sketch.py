import numpy as np
import pytest

from gui.drawing.samples import sample
from gui.drawing.sketch import Sketch


def draw(sketch, *points):
    sketch.begin(*points[0])
    for point in points[1:]:
        sketch.extend(*point)
    sketch.finish()


@pytest.fixture
def sketch():
    made = Sketch()
    draw(made, (0.2, 0.2), (0.2, 0.8))
    draw(made, (0.6, 0.5), (0.9, 0.5))
    return made


def test_the_stroke_under_the_pen_counts_before_it_is_finished():
    sketch = Sketch()
    sketch.begin(0.1, 0.2)
    sketch.extend(0.3, 0.4)
    assert sketch.finished == ()
    np.testing.assert_array_equal(sketch.strokes[0], [[0.1, 0.2], [0.3, 0.4]])


def test_standing_still_adds_no_points():
    sketch = Sketch()
    sketch.begin(0.1, 0.2)
    assert not sketch.extend(0.1, 0.2)
    assert sketch.extend(0.1, 0.3)
    assert len(sketch.strokes[0]) == 2


def test_points_outside_are_held_at_the_border():
    sketch = Sketch()
    draw(sketch, (-1, 0.5), (2, 3))
    np.testing.assert_array_equal(sketch.strokes[0], [[0, 0.5], [1, 1]])


def test_finished_strokes_cannot_be_written_to(sketch):
    with pytest.raises(ValueError, match="read-only"):
        sketch.strokes[0][0] = 0


def test_undo_and_redo_walk_through_every_change(sketch):
    both = sketch.strokes
    assert sketch.undo()
    assert sketch.strokes == both[:1]
    assert sketch.undo()
    assert not sketch.undo()
    assert sketch.strokes == ()
    assert sketch.redo()
    assert sketch.redo()
    assert not sketch.redo()
    assert sketch.strokes is both


def test_a_new_stroke_ends_what_can_be_redone(sketch):
    sketch.undo()
    draw(sketch, (0.5, 0.5))
    assert not sketch.can_redo
    assert len(sketch.strokes) == 2


def test_undo_in_the_middle_of_a_stroke_takes_that_stroke(sketch):
    sketch.begin(0.5, 0.5)
    assert sketch.undo()
    assert len(sketch.strokes) == 2
    assert sketch.can_redo


def test_clearing_can_be_undone(sketch):
    both = sketch.strokes
    assert sketch.clear()
    assert not sketch.clear()
    sketch.undo()
    assert sketch.strokes is both


def test_the_eraser_takes_whole_strokes_and_only_those_it_touches(sketch):
    assert not sketch.erase(0.4, 0.4, 0.05)
    assert sketch.erase(0.23, 0.5, 0.05)
    assert len(sketch.strokes) == 1
    assert sketch.strokes[0][0, 0] == 0.6
    sketch.undo()
    assert len(sketch.strokes) == 2


def test_a_click_of_a_trembling_hand_is_a_dot():
    sketch = Sketch()
    draw(sketch, (0.5, 0.5), (0.5, 0.503), (0.503, 0.503))
    np.testing.assert_array_equal(sketch.finished[0], [[0.5, 0.5]])


def test_a_dot_can_be_erased():
    sketch = Sketch()
    draw(sketch, (0.5, 0.5))
    assert sketch.erase(0.52, 0.5, 0.05)


@pytest.mark.parametrize("digit", range(10))
def test_samples_lie_well_inside_the_canvas(digit):
    points = np.concatenate(sample(digit))
    assert points.min() > 0.1
    assert points.max() < 0.9
    assert np.ptp(points[:, 1]) > 0.6


def test_what_was_handed_out_stays_while_the_pen_goes_on():
    sketch = Sketch()
    sketch.begin(0.0, 0.5)
    handed = []
    for step in range(1, 1000):
        sketch.extend(step / 1000, 0.5)
        handed.append((sketch.current, step + 1))
    for points, count in handed:
        np.testing.assert_array_equal(points[:, 0], np.arange(count) / 1000)
    sketch.finish()
    sketch.begin(0.7, 0.7)
    assert handed[-1][0][0].tolist() == [0.0, 0.5]
