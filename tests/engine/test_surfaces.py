"""What a network says all over its inputs."""

import numpy as np
import pytest

from engine.activations import Tanh
from engine.datasets import Dataset, load
from engine.drawn_data import DrawnCurve
from engine.network import Network
from engine.spec import DataSpec, HiddenLayer, NetworkSpec
from engine.surfaces import MAP_SIDE, SIDE, Extent, curve, extent_of, grid, rounded, surface
from engine.toy_data import Circle


def completed(slices):
    """Pull a generator to its end; return its result and how often it paused."""
    pauses = 0
    while True:
        try:
            next(slices)
            pauses += 1
        except StopIteration as end:
            return end.value, pauses


@pytest.fixture
def network():
    spec = NetworkSpec(hidden=(HiddenLayer(5, Tanh()), HiddenLayer(3, Tanh())), dtype="float64")
    return Network.build(spec, 2, 1, "binary")


def test_a_surface_holds_the_outputs_at_the_middle_of_every_cell(network):
    extent = Extent(-6, 6, -3, 5)
    found, pauses = completed(surface(network, extent))
    places = grid(extent)
    assert found.values.shape == (1, SIDE, SIDE)
    assert pauses >= 1
    np.testing.assert_allclose(found.values.reshape(1, -1).T, network.predict(places))
    assert places[0] == pytest.approx([-6 + 0.06, 5 - 0.04])  # the first is at the upper left
    assert not found.values.flags.writeable


def test_maps_are_the_neurons_own_activations_every_third_cell(network):
    extent = Extent(-6, 6, -6, 6)
    found, _pauses = completed(surface(network, extent))
    assert [len(each) for each in found.maps] == [2, 5, 3, 1]
    places = grid(extent).reshape(SIDE, SIDE, 2)[1::3, 1::3]
    assert found.maps[1].shape[1:] == places.shape[:2] == (MAP_SIDE, MAP_SIDE)
    for (_z, a), maps in zip(
        network.activations_of(places.reshape(-1, 2)), found.maps[1:], strict=True
    ):
        np.testing.assert_allclose(maps.reshape(len(maps), -1).T, a)
    assert np.abs(found.maps[0]).max() < 1  # inputs run from −1 to 1


def test_layers_beyond_looking_at_have_no_maps():
    network = Network.build(NetworkSpec(hidden=(HiddenLayer(300),)), 2, 1, "binary")
    found, pauses = completed(surface(network, Extent(0, 1, 0, 1)))
    assert found.maps[1] is None
    assert len(found.maps[2]) == 1
    assert pauses > 1


def test_a_network_too_large_for_a_full_surface_gets_a_coarser_one():
    network = Network.build(
        NetworkSpec(hidden=(HiddenLayer(512), HiddenLayer(512))), 2, 1, "binary"
    )
    found, _pauses = completed(surface(network, Extent(0, 1, 0, 1)))
    assert found.values.shape[1] < SIDE


def test_a_curve_runs_from_edge_to_edge():
    network = Network.build(NetworkSpec(dtype="float64"), 1, 1, "regression")
    found, _pauses = completed(curve(network, Extent(-3, 3, -1, 1)))
    assert (found.x[0], found.x[-1]) == (-3, 3)
    np.testing.assert_allclose(found.values.T, network.predict(found.x[:, None]))


def test_extents_are_square_where_the_inputs_are_alike_and_hold_every_point():
    extent = extent_of(load(DataSpec(source=Circle())))
    assert extent == Extent(-6, 6, -6, 6)
    flat = Dataset.from_arrays([[0, 0], [100, 1]], [0, 1], task="binary")
    wide = extent_of(flat)
    assert wide.width > 50 * wide.height
    assert extent_of(load(DataSpec(source=DrawnCurve()))).left < -3
    assert extent_of(load(DataSpec())) is None


@pytest.mark.parametrize("values", [[0.0, 1e-6], [-1e9, 1e9], [3.0, 3.0], [0.1, 0.7]])
def test_bounds_leave_room_and_waste_little(values):
    low, high = rounded(np.array(values))
    assert low < min(values) <= max(values) < high
    assert high - low <= 1.6 * (np.ptp(values) or 2.0)
