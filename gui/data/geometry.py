"""Where a place of the data lies on the screen, and where the axes' numbers stand."""

import math
from dataclasses import dataclass

import numpy as np

from engine.surfaces import Extent


@dataclass(frozen=True)
class Geometry:
    """A rectangle of data drawn in a rectangle of pixels.

    Attributes
    ----------
    extent : Extent
        In the data's units.
    x, y, width, height : float
        In device-independent pixels, y down.
    """

    extent: Extent
    x: float
    y: float
    width: float
    height: float

    def to_pixels(self, places: np.ndarray) -> np.ndarray:
        """Turn places, (n, 2), into pixels, (n, 2).

        >>> Geometry(Extent(0, 1, 0, 1), 10, 10, 100, 100).to_pixels(np.array([[0.5, 1.0]]))
        array([[60., 10.]])
        """
        extent = self.extent
        return np.column_stack(
            [
                self.x + (places[:, 0] - extent.left) / extent.width * self.width,
                self.y + (extent.top - places[:, 1]) / extent.height * self.height,
            ]
        )

    def to_place(self, x: float, y: float) -> tuple[float, float]:
        """Turn a pixel into a place, the nearest one inside."""
        extent = self.extent
        across = min(max((x - self.x) / self.width, 0.0), 1.0)
        down = min(max((y - self.y) / self.height, 0.0), 1.0)
        return extent.left + across * extent.width, extent.top - down * extent.height

    def contains(self, x: float, y: float) -> bool:
        return 0 <= x - self.x <= self.width and 0 <= y - self.y <= self.height


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most `most` round numbers from `low` to `high`, zero among them if inside.

    >>> ticks(-6, 6, 7), ticks(-1.5, 1.5, 5)
    ([-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0], [-1.0, 0.0, 1.0])
    """
    power = 10.0 ** math.floor(math.log10((high - low) / max(most, 1)))
    for step in (power, 2 * power, 5 * power, 10 * power, 20 * power):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            break
    return [number * step + 0.0 for number in range(first, last + 1)]


def short(value: float, figures: int = 3) -> str:
    """Write a number with so many figures and a true minus.

    >>> short(-4.0), short(0.1234), short(-0.0001)
    ('−4', '0.123', '0')
    """
    text = f"{value:.{figures}g}" if abs(value) >= 0.0005 else "0"
    return text.replace("-", "−")


def in_full(value: float, step: float) -> str:
    """Write a number in full, with the places that numbers a `step` apart take.

    >>> in_full(-250_000.0, 50_000.0), in_full(0.25, 0.1), in_full(-0.2, 1.0)
    ('−250,000', '0.2', '0')
    """
    if not math.isfinite(value):
        return "not a number"
    places = max(0, math.ceil(-math.log10(step) - 1e-9))
    if places > 6 or abs(value) >= 1e9:
        return short(value, 4)
    return f"{round(value, places) + 0.0:,.{places}f}".replace("-", "−")


def apart(values: list[float]) -> list[str]:
    """Write numbers with as many figures as it takes to tell one from the next.

    >>> apart([99.5, 100.0, 100.5]), apart([-2.0, 0.0, 2.0])
    (['99.5', '100', '100.5'], ['−2', '0', '2'])
    """
    texts: list[str] = []
    for figures in range(3, 9):
        texts = [short(value, figures) for value in values]
        if len(set(texts)) == len(values):
            break
    return texts
