"""Where a number goes when it is stepped up or down, so that it stays round.

>>> from engine.knobs import Integer, Real
>>> step(Real(0, 100, open_low=True, scale="log"), 0.001, 1)
0.002
>>> step(Real(0, 0.9), 0.2, -1)
0.15
>>> step(Integer(1, 1000, scale="log"), 32, 1)
64
"""

import math

from engine.knobs import Integer, Real

TINY = 1e-6
"""Where a logarithmic scale that includes 0 begins."""

PER_DECADE = (1, 2, 5)


def step(domain: Real, value: float, count: int) -> float:
    """Return `value` moved by `count` steps, up if positive, as far as the domain allows.

    A logarithmic scale is climbed through 1, 2, 5, 10, …, whole numbers on it by doubling
    and halving; a linear one by a twentieth of its range, or by one.
    """
    for _ in range(abs(count)):
        moved = _one_step(domain, value, 1 if count > 0 else -1)
        try:
            value = domain.check(moved)
        except ValueError:
            return _clamped(domain, moved, value)
    return value


def start(domain: Real) -> float:
    """Return where stepping begins when there is no number yet."""
    return _clamped(domain, 1.0, max(domain.low, 0.0))


def _clamped(domain: Real, wanted: float, otherwise: float) -> float:
    try:
        return domain.check(min(max(wanted, domain.low), domain.high))
    except ValueError:
        return otherwise


def _one_step(domain: Real, value: float, direction: int) -> float:
    if domain.scale == "log" and isinstance(domain, Integer):
        return max(value + 1, value * 2) if direction > 0 else value // 2
    if domain.scale == "log":
        return _next_round(value) if direction > 0 else _previous_round(value)
    size = 1.0 if isinstance(domain, Integer) else _linear_step(domain, value)
    at = value / size
    steps = math.floor(at + 1e-9) + 1 if direction > 0 else math.ceil(at - 1e-9) - 1
    return _tidy(steps * size)


def _linear_step(domain: Real, value: float) -> float:
    span = domain.high - domain.low
    if span <= 10:
        return _round_below(span / 20 * 1.2)
    return max(0.1, 10.0 ** math.floor(math.log10(abs(value)))) if value else 0.1


def _round_below(value: float) -> float:
    decade = 10.0 ** math.floor(math.log10(value))
    return _tidy(max(k * decade for k in PER_DECADE if k * decade <= value * (1 + 1e-9)))


def _next_round(value: float) -> float:
    if value < TINY / 2:
        return TINY
    decade = 10.0 ** math.floor(math.log10(value))
    above = (k * decade for k in (*PER_DECADE, 10, 20))
    return _tidy(next(each for each in above if each > value * (1 + 1e-9)))


def _previous_round(value: float) -> float:
    return _round_below(value * (1 - 1e-6)) if value > TINY * (1 + 1e-9) else 0.0


def _tidy(value: float) -> float:
    """Drop the last bits, which only show that steps are not exact in binary."""
    return float(f"{value:.10g}")
