"""The drawing's geometry: plain NumPy, no window."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.network_view.items import Edge, Neuron
from gui.network_view.layout import Box, arrange, crowded_layers, neighbour, unit_for

STAGE = Box(40, 60, 780, 560)
sizes_of_networks = st.lists(st.integers(1, 40), min_size=2, max_size=5).map(tuple)


@pytest.fixture
def digits():
    return arrange((64, 64, 10), STAGE, image_shape=(8, 8))


@given(sizes_of_networks, st.floats(0.55, 2.2))
@settings(max_examples=60, deadline=None)
def test_every_neuron_stands_on_the_stage_without_touching_its_neighbour(sizes, unit):
    layout = arrange(sizes, STAGE, unit=unit)
    for places, radius in zip(layout.centers, layout.radii, strict=True):
        x, y = places.T
        assert (x >= STAGE.x - 1e-9).all()
        assert (x <= STAGE.right + 1e-9).all()
        assert (y - radius >= STAGE.y - 1e-9).all()
        assert (y + radius <= STAGE.bottom + 1e-9).all()
        assert (np.diff(y) > 2 * radius).all()
    columns = [places[0, 0] for places in layout.centers]
    assert columns == sorted(columns)


def test_edges_are_numbered_as_the_weights_lie_in_memory():
    layout = arrange((3, 4, 2), STAGE)
    assert layout.starts == (0, 12, 20)
    weights = np.arange(12).reshape(3, 4)
    assert layout.edge(int(weights[2, 1])) == Edge(0, 2, 1)
    assert layout.edge(12 + 3) == Edge(1, 1, 1)
    line = layout.lines[weights[2, 1]]
    np.testing.assert_allclose(line, [*layout.centers[0][2], *layout.centers[1][1]])
    assert layout.lines.flags.c_contiguous
    assert layout.lines.dtype == np.float64


def test_a_neuron_is_joined_by_its_column_and_its_row_of_weights():
    layout = arrange((3, 4, 2), STAGE)
    incoming = np.arange(12).reshape(3, 4)[:, 1]
    outgoing = 12 + np.arange(8).reshape(4, 2)[1]
    assert layout.edges_of(Neuron(1, 1)).tolist() == [*incoming, *outgoing]
    assert layout.edges_of(Edge(1, 3, 0)).tolist() == [12 + 6]
    assert layout.edges_of(None).size == 0


def test_a_picture_becomes_a_block_that_edges_leave_at_its_rim(digits):
    block = digits.block
    assert block.width == block.height
    assert digits.centers[0][0] == pytest.approx(
        [block.x + digits.radii[0]] * 1 + [block.y + digits.radii[0]]
    )
    assert digits.centers[0][1][0] > digits.centers[0][0][0]  # pixels go row by row
    x, y = digits.lines[: digits.starts[1], :2].T
    on_rim = np.isclose(x, block.right) | np.isclose(y, block.y) | np.isclose(y, block.bottom)
    assert on_rim.all()
    assert (x <= block.right + 1e-9).all()


def test_edges_from_the_block_keep_their_direction(digits):
    source, target = digits.centers[0][5], digits.centers[1][60]
    x0, y0, x1, y1 = digits.lines[5 * 64 + 60]
    assert [x1, y1] == pytest.approx(target)
    slope = (target[1] - source[1]) / (target[0] - source[0])
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope)


def test_zooming_moves_everything_alike(digits):
    near = digits.zoomed(2, -100, 30)
    np.testing.assert_allclose(near.centers[1], digits.centers[1] * 2 + [-100, 30])
    np.testing.assert_allclose(near.lines[:, 2:], digits.lines[:, 2:] * 2 + [-100, 30])
    assert near.radii[2] == 2 * digits.radii[2]
    assert near.block.x == 2 * digits.block.x - 100


def test_a_folded_layer_shows_only_some_neurons():
    shown = np.array([2, 7, 30])
    layout = arrange((4, 50, 3), STAGE, folds={1: shown})
    assert layout.is_folded(1)
    assert layout.edges == 4 * 3 + 3 * 3
    assert layout.slot(Neuron(1, 7)) == 1
    assert layout.slot(Neuron(1, 8)) is None
    assert layout.edge(1) == Edge(0, 0, 7)
    assert layout.edges_of(Neuron(1, 8)).size == 0


def test_layers_without_room_are_named():
    assert crowded_layers((784, 128, 2000, 10), STAGE, (28, 28)) == [2]
    assert crowded_layers((784, 10), STAGE, None) == [0]


def test_arrows_walk_from_neuron_to_neuron_and_stop_at_the_rim(digits):
    assert neighbour(digits, Neuron(2, 3), 0, 1) == Neuron(2, 4)
    assert neighbour(digits, Neuron(2, 9), 0, 1) == Neuron(2, 9)
    assert neighbour(digits, Neuron(2, 3), 1, 0) == Neuron(2, 3)
    assert neighbour(digits, Neuron(0, 9), 0, 1) == Neuron(0, 17)  # one row of pixels down
    there = neighbour(digits, Neuron(2, 9), -1, 0)
    assert there.layer == 1
    assert there.index > 50


@pytest.mark.parametrize(
    ("size", "unit"), [((1000, 700), 1.0), ((2000, 1400), 2.0), ((10, 10), 0.55)]
)
def test_things_grow_with_the_widget_within_bounds(size, unit):
    assert unit_for(*size) == unit
