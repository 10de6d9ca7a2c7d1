import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.pyramid import Pyramid, outline


def expected(values, stride):
    starts = np.arange(0, values.shape[1], stride)
    return (
        np.fmin.reduceat(values, starts, axis=1),
        np.fmax.reduceat(values, starts, axis=1),
    )


@given(
    pieces=st.lists(st.integers(0, 90), max_size=12),
    bins=st.sampled_from([2, 4, 16, 64]),
    gaps=st.booleans(),
)
def test_it_does_not_matter_in_which_pieces_the_rows_arrive(pieces, bins, gaps):
    random = np.random.default_rng(sum(pieces))
    values = random.normal(size=(3, sum(pieces)))
    if gaps:
        values[random.random(values.shape) < 0.3] = np.nan
    pyramid = Pyramid(3, bins)
    for end, size in zip(np.cumsum(pieces), pieces, strict=True):
        pyramid.extend(values[:, end - size : end])
    assert len(pyramid) == values.shape[1]
    if pyramid.used:
        low, high = expected(values, pyramid.stride)
        np.testing.assert_array_equal(pyramid.low, low)
        np.testing.assert_array_equal(pyramid.high, high)


def test_bins_stay_more_than_half_full_and_never_overflow():
    pyramid = Pyramid(1, 16)
    for row in range(1000):
        pyramid.extend(np.array([[float(row)]]))
        assert pyramid.used <= 16
        assert pyramid.stride == 1 or pyramid.used > 8


def test_a_single_spike_in_a_million_rows_is_still_there():
    values = np.zeros((1, 1_000_000))
    values[0, 123_456] = 7.0
    pyramid = Pyramid(1)
    pyramid.extend(values)
    stride, low, high = pyramid.at_most(300)
    assert high.shape[1] <= 300
    assert high[0, 123_456 // stride] == 7.0
    assert low.max() == 0.0


def test_merged_bins_are_those_of_a_coarser_pyramid():
    values = np.random.default_rng(1).normal(size=(2, 777))
    pyramid = Pyramid(2, 256)
    pyramid.extend(values)
    stride, low, high = pyramid.at_most(50)
    np.testing.assert_array_equal((low, high), expected(values, stride))


def test_an_outline_of_single_rows_is_the_curve_itself():
    x, y = outline(np.arange(3.0), np.array([1.0, np.nan, 3.0]), np.array([1.0, np.nan, 3.0]))
    assert x.tolist() == [0, 2]
    assert y.tolist() == [1, 3]


def test_an_outline_passes_through_both_extremes_in_the_order_of_the_slope():
    x, y = outline(np.arange(3.0), np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0]))
    assert x.tolist() == [0, 0, 1, 1, 2, 2]
    assert y.tolist() == [0, 1, 1, 2, 2, 3]


def test_an_empty_outline_is_empty():
    x, y = outline(np.empty(0), np.empty(0), np.empty(0))
    assert len(x) == len(y) == 0


def test_an_odd_number_of_bins_is_refused():
    with pytest.raises(ValueError, match="bins must be an even number"):
        Pyramid(1, 3)
