"""The number behind the colour of every edge, and the scale it is read on."""

import math
from functools import lru_cache
from typing import Literal

import numpy as np

from gui.frame import Frame
from gui.network_view.layout import Layout

Mode = Literal["weight", "contribution", "change", "gradient"]
Start = tuple[int, tuple[np.ndarray, ...]]
"""A training's number, and the weights from which changes are counted."""
MODES: dict[Mode, str] = {
    "weight": "Weight",
    "contribution": "Contribution (weight × activation)",
    "change": "Change since the start",
    "gradient": "Gradient of the loss",
}
UNBOUNDED = frozenset({"contribution", "gradient"})  # no scale fits all: theirs grows with them
BOUNDED = frozenset({"Softmax", "Sigmoid", "Tanh"})
_STEPS = np.array([1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0])


def rounded_up(value: float) -> float:
    """Return the next number that is easy to read: 1, 1.5, 2, 3, 4, 5, 7, 10, ….

    >>> rounded_up(0.71), rounded_up(0.0), rounded_up(38)
    (1.0, 1.0, 40.0)
    """
    if not np.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    step = _STEPS[np.searchsorted(_STEPS, value / power * (1 - 1e-9))]
    return float(f"{step * power:.3g}")


@lru_cache(maxsize=16)
def fixed_scales(sizes: tuple[int, ...]) -> tuple[float, ...]:
    """Return for each layer the weight that is drawn in full strength.

    Four standard deviations of He's initialization: untrained weights look faint, trained
    ones strong. Layers of like size share one scale.
    """
    scales = [4 * np.sqrt(2 / fan_in) for fan_in in sizes[:-1]]
    if max(scales) <= 2.5 * min(scales) or max(sizes) <= 16:
        scales = [float(np.exp(np.mean(np.log(scales))))] * len(scales)
    return tuple(rounded_up(0.95 * float(scale)) for scale in scales)


SILENT = 0.12
"""How strong the edges of a neuron that is switched off are drawn, of what they would be."""


class EdgeValues:
    """One number per drawn edge, in [-1, 1] of the scale; memory is taken once per layout.

    Attributes
    ----------
    scaled : ndarray (edges,) of float32
        What the renderers draw.
    scales : tuple of float
        For each layer the value that stands for 1.
    version : int
        Counts the changes of `scaled`.
    start : Start or None
        From where changes are counted.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.scaled = np.zeros(layout.edges, dtype=np.float32)
        self.scales: tuple[float, ...] = fixed_scales(layout.sizes)
        self.version = 0
        self._of: tuple[object, ...] = (None,) * 3
        self.start: Start | None = None

    def continue_from(self, other: "EdgeValues") -> None:
        """Remember the start of the training that another layout has seen."""
        self.start = other.start

    def update(self, frame: Frame, mode: Mode = "weight", fit: bool = False) -> None:
        """Take the values of a frame, unless they are here already."""
        wanted = (frame, mode, fit)
        if all(a is b for a, b in zip(self._of, wanted, strict=True)):
            return
        self._of = wanted
        self.version += 1
        if self.start is None or not _began(self.start, frame):
            self.start = frame.generation, frame.weights
        parts = [self._of_layer(frame, layer, mode) for layer in range(len(frame.weights))]
        if not math.isfinite(self.scaled.dot(self.scaled)):  # one pass, where nothing is amiss
            self.scaled[~np.isfinite(self.scaled)] = 0
        if fit or mode in UNBOUNDED:
            self.scales = tuple(_scale(values, fit) for values in parts)
        else:
            self.scales = fixed_scales(self.layout.sizes)
        for values, scale in zip(parts, self.scales, strict=True):
            values *= 1 / scale
        np.maximum(self.scaled, -1, out=self.scaled)
        np.minimum(self.scaled, 1, out=self.scaled)

    def _of_layer(self, frame: Frame, layer: int, mode: Mode) -> np.ndarray:
        """Fill in and return one layer's values, (sources, targets)."""
        layout = self.layout
        sources, targets = layout.shown[layer], layout.shown[layer + 1]
        part = self.scaled[layout.starts[layer] : layout.starts[layer + 1]]
        values = part.reshape(len(sources), len(targets))
        cut = layout.is_folded(layer) or layout.is_folded(layer + 1)
        pick = np.ix_(sources, targets) if cut else slice(None)
        source = frame.gradients if mode == "gradient" else frame.weights
        if source is None:
            values[:] = 0  # they are asked for, and come with one of the next frames
            return values
        np.copyto(values, source[layer][pick], casting="same_kind")
        if mode == "contribution" and frame.probe is not None:
            values *= frame.probe.activations[layer][sources].astype(np.float32)[:, None]
        elif mode == "change" and self.start is not None:
            values -= self.start[1][layer][pick]
        off = frame.shape.switched_off
        if off:  # what comes from there says nothing
            values[np.isin(sources, off[layer])] *= SILENT
            values[:, np.isin(targets, off[layer + 1])] *= SILENT
        return values


def _scale(values: np.ndarray, fit: bool) -> float:
    """Return what is drawn in full strength: the largest value, or a readable one above it."""
    peak = float(np.abs(values).max(initial=0.0))
    return (peak or 1.0) if fit else rounded_up(peak)


def activation_scale(values: np.ndarray, label: str) -> float:
    """Return the activation that fills a neuron wholly."""
    if label in BOUNDED:
        return 1.0
    peak = float(np.abs(values).max(initial=0.0))
    return rounded_up(peak) if np.isfinite(peak) and peak > 1 else 1.0


def most_connected(frame: Frame, layer: int, count: int) -> np.ndarray:
    """Return the neurons of a layer with the largest weights, `count` of them in order."""
    weights = frame.weights
    strength = (
        np.abs(weights[layer]).sum(axis=1)
        if layer < len(weights)
        else np.abs(weights[layer - 1]).sum(axis=0)
    )
    return np.sort(np.argsort(-np.nan_to_num(strength), kind="stable")[:count])


def _began(start: Start, frame: Frame) -> bool:
    """Return whether a frame is of the training that began there, its layers still the same."""
    generation, weights = start
    shapes = [each.shape for each in frame.weights]
    return generation == frame.generation and [each.shape for each in weights] == shapes
