"""Ranges that stand still while curves grow, and axes that people can read."""

import math

import pyqtgraph as pg
from PySide6.QtCore import QRectF

STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
ACCURACY_FLOORS = (99.0, 98.0, 95.0, 90.0, 80.0, 50.0)
SMALLEST_LOSS = 1e-12


def nice_above(value: float) -> float:
    """Return the next round number that is not below a positive value.

    >>> nice_above(0.013), nice_above(2.3), nice_above(613)
    (0.015, 3.0, 800.0)
    """
    if not value > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    step = next(step for step in (*STEPS, 15.0) if value <= step * power * (1 + 1e-9))
    return step * power


def loss_range(low: float, high: float) -> tuple[float, float]:
    """Return what the axis of a loss spans; it changes in steps only."""
    bottom = 0.0 if low >= 0 else -nice_above(-low)
    return bottom, nice_above(high * 1.02)


def log_range(low: float, high: float) -> tuple[float, float]:
    """Return the decimal logarithms that the axis of a positive loss spans, in thirds."""
    bottom = math.floor(math.log10(max(low, SMALLEST_LOSS)) * 3) / 3
    top = math.ceil(math.log10(max(high, SMALLEST_LOSS)) * 3) / 3
    return bottom, max(top, bottom + 1 / 3)


def accuracy_floor(low: float) -> float:
    """Return where an enlarged accuracy axis begins, in per cent, to show values from `low`.

    >>> accuracy_floor(93.0), accuracy_floor(97.9), accuracy_floor(20.0)
    (90.0, 95.0, 0.0)
    """
    return next((floor for floor in ACCURACY_FLOORS if floor <= low), 0.0)


class Axis(pg.AxisItem):
    """One level of ticks at round distances, with labels that people can read.

    Attributes
    ----------
    room : int
        Pixels between two labels, at least.
    smallest : float
        Distance of two ticks, at least.
    unit : str
        Follows every label.
    """

    room = 26
    smallest = 0.0
    unit = ""

    def boundingRect(self) -> QRectF:
        """Return the room of the axis, and that of labels at its very ends."""
        return super().boundingRect().adjusted(-16, -8, 16, 8)

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """Return the distance of the ticks: 1, 2 or 5 times a power of ten."""
        least = max((maxVal - minVal) * self.room / max(size, 1.0), self.smallest, 1e-300)
        power = 10.0 ** math.floor(math.log10(least))
        step = next(step for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))
        return [(step * power, 0)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the labels: ``12,000``, never ``1.2e+04``."""
        if self.logMode:
            return [power_of_ten(value) for value in values]
        places = max(0, math.ceil(-math.log10(spacing) - 1e-9))
        if places > 5:
            return [f"{value:.1e}" for value in values]
        return [f"{value:,.{places}f}{self.unit}" for value in values]

    def logTickValues(
        self, minVal: float, maxVal: float, size: float, stdTicks: object
    ) -> list[tuple[float | None, list[float]]]:
        """Return powers of ten, with 2 and 5 between them where there is room."""
        first, last = math.floor(minVal), math.ceil(maxVal)
        decade = size / max(maxVal - minVal, 1e-9)
        every = max(1, math.ceil(self.room / decade))
        steps = (1, 2, 5) if decade > 3.5 * self.room else (1,)
        powers = [power for power in range(first, last + 1) if power % every == 0]
        return [(None, [power + math.log10(step) for power in powers for step in steps])]


class EpochAxis(Axis):
    """Whole epochs."""

    room = 70
    smallest = 1.0


def power_of_ten(exponent: float) -> str:
    """Return 10 to a power, in full from 0.0001 to 10,000.

    >>> power_of_ten(-2), power_of_ten(-7), power_of_ten(math.log10(0.2))
    ('0.01', '10⁻⁷', '0.2')
    """
    if -4.01 <= exponent <= 4.01:
        return f"{10**exponent:,.6g}"
    whole = math.floor(exponent + 1e-9)
    factor = round(10 ** (exponent - whole))
    power = "10" + str(whole).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return power if factor == 1 else f"{factor}·{power}"
