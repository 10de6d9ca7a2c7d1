"""Drawings are read wherever and however they are drawn; blank paper and rubbish do no harm."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import datasets
from engine.digits.strokes import GRID, INK, box, clean, coverage, segments
from engine.handwriting import (
    load_reader,
    picture,
    picture_of,
    read_digit,
    reader,
    sample_drawings,
    save_reader,
    stages,
)

DIGITS = [each for each in sample_drawings() if each["label"] is not None]
OTHERS = [each for each in sample_drawings() if each["label"] is None]
NAN, INF = float("nan"), float("inf")


def moved(strokes, scale, x, y):
    return [np.asarray(stroke) * scale + [x, y] for stroke in strokes]


# ---------------------------------------------------------------- from strokes to pixels


@given(st.sampled_from(DIGITS), st.floats(1e-3, 1e3), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_where_and_how_large_makes_no_difference(drawing, scale, x, y):
    there = picture(moved(drawing["strokes"], scale, x, y))
    np.testing.assert_allclose(there, picture(drawing["strokes"]), atol=0.02)


@given(st.sampled_from(DIGITS + OTHERS), st.integers(1, 40), st.integers(-500, 500))
def test_the_same_drawing_elsewhere_gives_the_same_bits(drawing, scale, shift):
    # whole numbers: the drawing itself is not changed by rounding
    whole = [np.round(np.multiply(stroke, 10)) for stroke in drawing["strokes"]]
    there = picture(moved(whole, scale, shift, -shift))
    assert np.array_equal(there, picture(whole))


@pytest.mark.parametrize("drawing", DIGITS, ids=lambda drawing: drawing["name"])
def test_ink_is_the_same_for_every_digit(drawing):
    drawn = stages(drawing["strokes"])
    assert drawn.inked.sum() == pytest.approx(INK, rel=0.02)
    assert drawn.picture.sum() == pytest.approx(drawn.inked.sum())
    np.testing.assert_allclose(
        drawn.picture, drawn.inked.reshape(8, 4, 8, 4).sum(axis=(1, 3)), rtol=1e-6
    )


def test_a_slanted_stroke_is_set_upright():
    upright, slanted = picture([[(0, 0), (0, 9)]]), picture([[(4, 0), (0, 9)]])
    np.testing.assert_allclose(slanted, upright, atol=0.1)
    assert stages([[(4, 0), (0, 9)]]).slant == pytest.approx(-4 / 9, abs=1e-3)


def test_how_densely_a_stroke_was_sampled_hardly_matters():
    angle = np.linspace(0, 2 * np.pi, 5000)
    dense = np.stack([30 * np.cos(angle), 50 * np.sin(angle)], axis=1)
    np.testing.assert_allclose(picture([dense]), picture([dense[::50]]), atol=0.4)


def test_coverage_is_a_disc_around_a_dot():
    spot = np.full((1, 2), GRID / 2)
    assert coverage(spot, spot, 6.0).sum() == pytest.approx(np.pi * 36, rel=0.02)


def test_coverage_is_the_area_of_a_bar_with_round_ends():
    start, end = np.array([[8.0, 16.0]]), np.array([[24.0, 16.0]])
    area = 16 * 6 + np.pi * 9
    assert coverage(start, end, 3.0).sum() == pytest.approx(area, rel=0.02)


def test_segments_hold_the_whole_length():
    strokes = box(clean([[(0, 0), (3, 4), (3, 9)], [(1, 1)]]))
    starts, ends = segments(strokes)
    length = sum(np.hypot(*np.diff(stroke, axis=0).T).sum() for stroke in strokes)
    assert np.hypot(*(ends - starts).T).sum() == pytest.approx(length, rel=0.01)


def test_every_stage_is_kept():
    drawn = stages([[(10, 20), (10, NAN), (30, 60)], []])
    assert [stroke.tolist() for stroke in drawn.strokes] == [[[10, 20], [30, 60]]]
    assert np.abs(drawn.upright[0]).max() == pytest.approx(0.5)
    reach = drawn.placed[0][:, 1]
    assert reach.min() == pytest.approx(drawn.pen / 2, abs=0.01)
    assert reach.max() == pytest.approx(GRID - drawn.pen / 2, abs=0.01)
    assert not drawn.inked.flags.writeable
    assert not drawn.picture.flags.writeable


ODD = {
    "nothing": [],
    "an empty stroke": [[]],
    "a dot": [[(3, 4)]],
    "a dot twice": [[(3, 4), (3, 4)]],
    "two dots": [[(0, 0)], [(9, 9)]],
    "a level line": [[(0, 5), (9, 5)]],
    "an upright line": [[(5, 0), (5, 9)]],
    "a tiny scribble": [[(1, 1), (1 + 1e-9, 1), (1, 1 + 1e-9)]],
    "not a number": [[(NAN, 1), (INF, 2), (3, -INF)]],
    "astronomical": [[(1e308, 0), (-1e308, 1e308)]],
    "atomic": [[(1e-308, 0), (0, 1e-308)]],
    "thousands of points": [[(i % 37, i % 11) for i in range(5000)]],
    "hundreds of dots": [[(i % 37, i % 11)] for i in range(500)],
}


@pytest.mark.parametrize("strokes", ODD.values(), ids=ODD)
def test_odd_drawings_do_no_harm(strokes):
    drawn = stages(strokes)
    assert drawn.picture.shape == (8, 8)
    assert 0 <= drawn.picture.min() <= drawn.picture.max() <= 16
    probabilities = read_digit(strokes)
    assert probabilities.sum() == pytest.approx(1)
    assert drawn.blank == (not drawn.picture.any())


def test_points_must_be_pairs():
    with pytest.raises(ValueError, match="reshape"):
        stages([[(1, 2, 3)]])


# ---------------------------------------------------------------- reading


def test_all_sample_digits_are_read():
    answers = [int(read_digit(each["strokes"]).argmax()) for each in DIGITS]
    assert answers == [each["label"] for each in DIGITS]
    assert {each["label"] for each in DIGITS} == set(range(10))


def test_nothing_is_read_as_nothing():
    np.testing.assert_allclose(read_digit([]), np.full(10, 0.1))


def test_another_network_can_read():
    untrained = reader()[1].__class__.build(reader()[0].network, 64, 10, "classification")
    drawing = DIGITS[0]["strokes"]
    assert not np.allclose(read_digit(drawing, untrained), read_digit(drawing))


def test_the_shipped_network_reads_the_test_rows():
    experiment, network = reader()
    data = datasets.load(experiment.data)
    right = network.predict(data.x_test).argmax(axis=1) == data.y_test.argmax(axis=1)
    assert len(right) == 360
    assert right.mean() >= 0.985
    assert network.sizes == (64, 128, 10)


def test_a_reader_comes_back_from_its_file(tmp_path):
    experiment, network = reader()
    save_reader(tmp_path / "reader.npz", experiment, network)
    again, copy = load_reader(tmp_path / "reader.npz")
    assert again == experiment
    assert np.array_equal(copy.parameters, network.parameters)


def test_drawings_need_no_scipy():
    code = (
        "import sys; from engine.handwriting import read_digit; "
        "read_digit([[(0, 0), (0, 9)]]); sys.exit('scipy.ndimage' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# ---------------------------------------------------------------- pictures


def test_a_picture_of_8_by_8_is_taken_as_it_is():
    shown = datasets.load(reader()[0].data).x_test[0].reshape(8, 8)
    np.testing.assert_allclose(picture_of(shown), 16 * shown, rtol=1e-6)
    np.testing.assert_allclose(picture_of(1 - shown), 16 * shown, atol=1e-5)


def photograph(drawing, paper, ink, rng, side=160):
    """Draw strokes on paper with grain and a shadow."""
    canvas = np.zeros((side, side))
    y, x = np.mgrid[:side, :side]
    for stroke in drawing["strokes"]:
        points = np.asarray(stroke) + 30
        for start, end in pairwise(points):
            for share in np.linspace(0, 1, 4):
                near = start + (end - start) * share
                canvas = np.maximum(canvas, np.hypot(x - near[0], y - near[1]) < 3.5)
    light = paper + (ink - paper) * canvas
    light = light * (1 - 0.3 * x / side) + rng.normal(0, 0.01, canvas.shape)
    return (255 * np.clip(light, 0, 1)).astype(np.uint8)


@pytest.mark.parametrize(("paper", "ink"), [(0.9, 0.2), (0.1, 0.9)], ids=["dark", "light"])
def test_photographs_of_digits_are_read(paper, ink):
    rng = np.random.default_rng(0)
    network = reader()[1]
    for drawing in DIGITS[::3]:
        pixels = picture_of(photograph(drawing, paper, ink, rng))
        assert network.predict(pixels.ravel() / 16).argmax() == drawing["label"]
