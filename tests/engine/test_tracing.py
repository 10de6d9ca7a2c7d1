"""Pictures become strokes: ink is found, thinned without being torn, and followed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from engine.digits.tracing import EVERYWHERE, ink, strokes_of, thin, trace

y, x = np.mgrid[:80, :80]
RING = np.abs(np.hypot(x - 40, y - 40) - 25) < 4
CROSS = ((np.abs(x - 40) < 4) | (np.abs(y - 40) < 4)) & (np.maximum(abs(x - 40), abs(y - 40)) < 34)


@given(arrays(bool, (12, 12)))
def test_thinning_takes_away_only(inked):
    thinned = thin(inked)
    assert not (thinned & ~inked).any()
    assert np.array_equal(thin(thinned), thinned)


@pytest.mark.parametrize("shape", [RING, CROSS, RING | CROSS], ids=["ring", "cross", "both"])
def test_thinning_tears_nothing_and_fills_nothing(shape):
    thinned = thin(shape)
    assert ndimage.label(thinned, EVERYWHERE)[1] == 1
    assert ndimage.label(~thinned)[1] == ndimage.label(~shape)[1]
    assert thinned.sum() < 0.25 * shape.sum()


def test_a_ring_is_one_closed_stroke():
    (stroke,) = trace(thin(RING))
    assert np.array_equal(stroke[0], stroke[-1])
    np.testing.assert_allclose(np.hypot(*(stroke - 40.5).T), 25, atol=1.5)


def test_a_cross_has_four_arms():
    strokes = [stroke for stroke in trace(thin(CROSS)) if len(stroke) > 5]
    assert len(strokes) == 4


def test_a_dot_stays_a_dot():
    spot = np.zeros((9, 9), bool)
    spot[4, 5] = True
    (stroke,) = trace(spot)
    assert stroke.tolist() == [[5.5, 4.5]]


@pytest.mark.parametrize("paper", [0, 120, 255])
def test_blank_paper_has_no_strokes(paper):
    assert strokes_of(np.full((30, 40), paper, np.uint8)) == []


def test_grain_and_shadow_are_no_ink():
    rng = np.random.default_rng(0)
    light = 0.8 - 0.3 * x / 80 + rng.normal(0, 0.02, x.shape)
    assert strokes_of(light) == []


def test_paper_that_lies_on_a_dark_table_shows_its_digit():
    light = np.where(RING, 0.1, 0.9)
    table = np.full((180, 220), 0.35)
    table[20:160, 30:200] = 0.9
    table[50:130, 70:150] = light
    inked = ink(table)
    assert inked[50:130, 70:150][RING].mean() > 0.9
    assert inked.sum() < 1.3 * RING.sum()


def test_dirt_is_no_ink():
    light = np.where(RING, 0.1, 0.9)
    light[3:5, 3:5] = 0.1
    assert not ink(light)[:8, :8].any()
    assert ink(light)[RING].mean() > 0.95


@given(arrays(np.float64, st.tuples(st.integers(1, 20), st.integers(1, 20))))
def test_any_numbers_can_be_looked_at(grey):
    with np.errstate(all="ignore"):
        for stroke in strokes_of(grey):
            assert np.isfinite(stroke).all()


@pytest.mark.parametrize("shape", [(0, 0), (5,), (5, 5, 3)])
def test_a_picture_has_two_dimensions(shape):
    with pytest.raises(ValueError, match="shape"):
        strokes_of(np.zeros(shape))
