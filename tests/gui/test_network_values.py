"""What colours the edges, how they are sorted, and how one of them is found."""

from dataclasses import replace

import numpy as np
import pytest

from gui.network_view.curves import CurvedEdges
from gui.network_view.layout import Box, arrange
from gui.network_view.picking import EdgePicker, neuron_at
from gui.network_view.strokes import LEVELS, Buckets
from gui.network_view.values import EdgeValues, fixed_scales, most_connected, rounded_up
from gui.network_view.viewport import FIT
from tests.gui.network_frames import frame_of, shape_of

STAGE = Box(40, 60, 780, 560)
SIZES = (6, 5, 3)


@pytest.fixture
def frame():
    return frame_of(shape_of(SIZES))


@pytest.fixture
def layout():
    return arrange(SIZES, STAGE)


def flat(weights):
    return np.concatenate([w.ravel() for w in weights])


def test_weights_are_read_on_a_fixed_scale(frame, layout):
    values = EdgeValues(layout)
    values.update(frame)
    scale = fixed_scales(SIZES)[0]
    np.testing.assert_allclose(
        values.scaled, np.clip(flat(frame.weights) / scale, -1, 1), rtol=1e-6
    )
    grown = replace(frame, weights=tuple(3 * w for w in frame.weights))
    values.update(grown)
    assert values.scales[0] == scale


def test_fitting_lets_the_largest_stand_at_the_end(frame, layout):
    values = EdgeValues(layout)
    values.update(frame, fit=True)
    for layer in range(2):
        part = values.scaled[layout.starts[layer] : layout.starts[layer + 1]]
        assert np.abs(part).max() == pytest.approx(1)
        assert values.scales[layer] == pytest.approx(np.abs(frame.weights[layer]).max())


def test_contribution_is_weight_times_activation(frame, layout):
    values = EdgeValues(layout)
    values.update(frame, "contribution")
    expected = frame.weights[0] * frame.probe.x[:, None]
    found = values.scaled[: layout.starts[1]].reshape(6, 5) * values.scales[0]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_change_is_counted_from_the_first_frame_of_a_training(frame, layout):
    values = EdgeValues(layout)
    values.update(frame, "change")
    assert not values.scaled.any()
    moved = replace(frame, weights=(frame.weights[0] + 0.1, frame.weights[1]))
    values.update(moved, "change")
    assert values.scaled[0] == pytest.approx(0.1 / values.scales[0], rel=1e-4)
    assert not values.scaled[layout.starts[1] :].any()
    values.update(replace(moved, generation=1), "change")
    assert not values.scaled.any()


def test_what_is_not_finite_is_drawn_as_nothing(frame, layout):
    broken = tuple(w.copy() for w in frame.weights)
    broken[0][0, 0], broken[0][0, 1] = np.nan, np.inf
    values = EdgeValues(layout)
    values.update(replace(frame, weights=broken), fit=True)
    assert np.isfinite(values.scaled).all()
    assert values.scaled[0] == 0


def test_folded_layers_draw_the_weights_of_what_they_show(frame):
    layout = arrange(SIZES, STAGE, folds={1: np.array([1, 4])})
    values = EdgeValues(layout)
    values.update(frame)
    scale = values.scales[0]
    expected = np.clip(frame.weights[0][:, [1, 4]] / scale, -1, 1)
    np.testing.assert_allclose(values.scaled[:12].reshape(6, 2), expected, rtol=1e-6)


def test_the_same_frame_is_not_read_twice(frame, layout):
    values = EdgeValues(layout)
    values.update(frame)
    values.update(frame)
    assert values.version == 1


def test_most_connected_names_the_neurons_with_the_largest_weights(frame):
    weights = np.zeros((6, 5), dtype=np.float32)
    outgoing = np.zeros((5, 3), dtype=np.float32)
    outgoing[3], outgoing[1] = 2, -5
    found = most_connected(replace(frame, weights=(weights, outgoing)), 1, 2)
    assert found.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("value", "readable"), [(0.71, 1), (0.1, 0.1), (0.069, 0.07), (1.01, 1.5), (380, 400), (0, 1)]
)
def test_scales_end_at_numbers_that_are_easy_to_read(value, readable):
    assert rounded_up(value) == readable


def test_lines_are_sorted_from_faint_to_strong_and_lose_none():
    values = np.array([0.99, -0.5, 0.001, -0.99, 0.5], dtype=np.float32)
    lines = np.arange(20.0).reshape(5, 4)
    buckets = Buckets(5)
    buckets.sort(lines, values)
    assert buckets.lines[:, 0].tolist() == [8, 16, 4, 0, 12]
    assert buckets.stops[-1] == 5
    assert buckets.stops[1] == 1  # one in the two faintest colours
    level = LEVELS - 1
    assert buckets.stops[2 * level] == 4  # the strongest positive before the negative


def test_the_threshold_moves_weak_lines_to_the_colour_that_is_not_drawn():
    values = np.array([0.3, -0.6, 0.9], dtype=np.float32)
    buckets = Buckets(3)
    buckets.sort(np.zeros((3, 4)), values, threshold=0.5)
    assert buckets.stops[1] == 1


@pytest.mark.parametrize("image_shape", [None, (8, 8)])
def test_the_picker_finds_what_brute_force_finds(image_shape):
    layout = arrange((64, 30, 10), STAGE, image_shape=image_shape)
    picker = EdgePicker(layout)
    rng = np.random.default_rng(0)
    x0, y0, x1, y1 = layout.lines.T
    for x, y in rng.uniform((330, 80), (780, 600), (60, 2)):
        found = picker.nearest(x, y)
        part = np.clip(
            ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2), 0, 1
        )
        away = np.hypot(x0 + part * (x1 - x0) - x, y0 + part * (y1 - y0) - y)
        best = int(away.argmin())
        beside = x0[best] <= x <= x1[best]  # and not beyond an end
        if beside and away.min() < 5:
            assert found is not None
            assert away[found[0]] == pytest.approx(away.min(), abs=1e-2)


def test_the_picker_passes_over_edges_that_are_hidden():
    layout = arrange((2, 2), STAGE)
    middle = (layout.centers[0][0] + layout.centers[1][0]) / 2
    picker = EdgePicker(layout)
    strength = np.array([0.1, 0.9, 0.9, 0.9], dtype=np.float32)
    assert picker.nearest(*middle)[0] == 0
    assert picker.nearest(*middle, strength, 0.5)[0] != 0


def test_curves_are_picked_along_their_bend():
    layout = arrange((2, 3, 1), STAGE)
    curves = CurvedEdges(layout)
    strength = np.ones(layout.edges, dtype=np.float32)
    for edge in range(layout.edges):
        x, y = curves._points[edge, 15]
        assert curves.nearest(x, y, strength, 0)[0] == edge


def test_neurons_are_picked_within_their_rim():
    layout = arrange((2, 3, 1), STAGE)
    x, y = layout.centers[1][2]
    assert neuron_at(layout, x + layout.radii[1], y).index == 2
    assert neuron_at(layout, x + layout.radii[1] + 20, y) is None


def test_zoom_keeps_the_point_under_the_pointer_and_ends_where_all_is_in_view():
    view = FIT.zoomed(3, 100, 50)
    assert 100 * view.scale + view.dx == pytest.approx(100)
    assert 50 * view.scale + view.dy == pytest.approx(50)
    assert view.zoomed(0.001, 0, 0) == FIT
    assert view.zoomed(1e9, 0, 0).scale == 16


def test_the_drawing_cannot_be_lost_by_dragging():
    view = FIT.zoomed(2, 0, 0).moved(1e6, -1e6, 1000, 700)
    assert view.dx == 500
    assert view.dy == -700 - 350
