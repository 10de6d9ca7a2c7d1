"""Networks whose numbers are too large, or none at all, are drawn as they are."""

from dataclasses import replace

import numpy as np
import pytest

from gui.network_view.items import Edge, Neuron
from gui.network_view.values import MODES
from gui.network_view.view import NetworkView
from tests.gui.network_frames import frame_of, shape_of

SHAPES = [shape_of((2, 4, 1), activation="tanh"), shape_of((64, 64, 10), image_shape=(8, 8))]
NUMBERS = [1e38, 3e38, 1e308, 1e-308, np.inf, -np.inf, np.nan]


def blown_up(frame, number):
    """Return a frame with a number in the place of some weights, activations and gradients."""

    def with_it(values):
        changed = values.astype(np.float64 if abs(number) > 3.4e38 else np.float32)
        changed.ravel()[:: max(changed.size // 3, 1)] = number
        return changed

    weights = tuple(map(with_it, frame.weights))
    activations = tuple(map(with_it, frame.probe.activations))
    return replace(
        frame,
        weights=weights,
        biases=tuple(None if each is None else with_it(each) for each in frame.biases),
        gradients=weights,
        bias_gradients=tuple(None if each is None else with_it(each) for each in frame.biases),
        probe=replace(frame.probe, x=activations[0], activations=activations),
    )


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("shape", SHAPES, ids=["small", "dense"])
def test_a_network_on_its_way_to_infinity(qtbot, shape, number):
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    frame = frame_of(shape)
    view.set_frame(frame)
    view.grab()
    for mode in MODES:
        view.set_mode(mode)
        for fit in (False, True):
            view.set_fit(fit)
            view.set_frame(blown_up(frame, number))
            for item in (None, Neuron(1, 0), Edge(0, 0, 0)):
                view.pin(item)
                view.grab()


@pytest.mark.parametrize("shape", SHAPES, ids=["small", "dense"])
def test_as_near_as_one_can_come(qtbot, shape):
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.set_frame(frame_of(shape))
    for x, y in ((0, 0), (400, 300), (799, 599)):
        for _ in range(40):
            view._zoom(1.5, x, y)
        view.grab()
        view.zoom_to_fit()
