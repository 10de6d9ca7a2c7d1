"""What lies under the pointer."""

import numpy as np

from gui.network_view.items import Neuron
from gui.network_view.layout import Layout


def neuron_at(layout: Layout, x: float, y: float, reach: float = 5.0) -> Neuron | None:
    """Return the neuron at a point, or the nearest within `reach` of its rim."""
    if layout.block and layout.block.contains(x, y):
        radius = layout.radii[0]
        near = np.abs(layout.centers[0] - (x, y)).max(axis=1)
        slot = int(near.argmin())
        return Neuron(0, slot) if near[slot] <= radius * 1.01 else None
    best, found = reach, None
    for layer, places in enumerate(layout.centers):
        if layer == 0 and layout.block:
            continue
        away = np.hypot(places[:, 0] - x, places[:, 1] - y) - layout.radii[layer]
        slot = int(away.argmin())
        if away[slot] < best:
            best, found = float(away[slot]), Neuron(layer, int(layout.shown[layer][slot]))
    return found


class EdgePicker:
    """Finds the edge nearest to a point; memory is taken once per layout.

    Lines run from left to right, so only those of the gap under the pointer are measured,
    by the distance from the infinite line, in single precision.
    """

    def __init__(self, layout: Layout) -> None:
        x0, y0, x1, y1 = layout.lines.T
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = (y1 - y0) / (x1 - x0)
        self._starts = layout.starts
        self._left = x0.astype(np.float32)
        self._slope = slope.astype(np.float32)
        self._at_zero = (y0 - slope * x0).astype(np.float32)
        self._cosine = (1 / np.sqrt(1 + slope**2)).astype(np.float32)
        self._away = np.empty(len(x0), dtype=np.float32)
        self._spans = [
            (x0[a:b].min(initial=np.inf), x1[a:b].max(initial=-np.inf))
            for a, b in zip(layout.starts, layout.starts[1:], strict=False)
        ]

    def nearest(
        self, x: float, y: float, strength: np.ndarray | None = None, least: float = 0.0
    ) -> tuple[int, float] | None:
        """Return an edge's number and its distance.

        Parameters
        ----------
        x, y : float
            The point.
        strength : ndarray (edges,), optional
            The values drawn; those not larger than `least` are passed over.
        least : float
            How strong an edge must be to be seen.
        """
        for layer, (left, right) in enumerate(self._spans):
            if left <= x <= right:
                return self._nearest_in(layer, x, y, strength, least)
        return None

    def _nearest_in(
        self, layer: int, x: float, y: float, strength: np.ndarray | None, least: float
    ) -> tuple[int, float] | None:
        part = slice(self._starts[layer], self._starts[layer + 1])
        away = self._away[part]
        np.multiply(self._slope[part], np.float32(x), out=away)
        away += self._at_zero[part]
        away -= np.float32(y)
        np.abs(away, out=away)
        away *= self._cosine[part]
        away[self._left[part] > x] = np.inf
        if strength is not None:
            away[np.abs(strength[part]) <= least] = np.inf
        number = int(away.argmin())
        distance = float(away[number])
        return (self._starts[layer] + number, distance) if np.isfinite(distance) else None
