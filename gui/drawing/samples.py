"""A drawing of each digit, made for this program, to try it without a pen."""

import numpy as np

from gui.drawing.sketch import Stroke

_PENS = {
    0: "50 15 30 24 24 52 34 82 54 86 72 68 74 36 62 17 50 15",
    1: "36 32 46 25 54 15 | 54 15 53 50 51 86",
    2: "29 31 38 17 57 15 69 29 60 49 41 69 28 85 | 28 85 50 83 75 85",
    3: "30 22 46 14 65 20 66 36 46 48 68 56 71 73 54 86 29 79",
    4: "56 14 42 36 25 60 | 25 60 50 60 77 59 | 62 36 61 60 59 87",
    5: "70 16 52 16 36 17 | 36 17 34 32 32 46 | 32 46 49 40 67 50 70 68 56 84 29 81",
    6: "64 15 46 26 33 48 31 70 44 86 63 81 68 65 54 53 33 64",
    7: "27 18 50 17 73 16 | 73 16 60 46 45 87",
    8: "66 25 50 14 34 24 42 42 62 57 66 76 49 87 33 74 42 55 62 40 66 25",
    9: "68 30 56 15 37 20 32 38 46 50 64 42 68 30 | 68 30 67 52 60 87",
}
"""Where each smooth part of a digit passes, x and y in hundredths of the canvas."""


def sample(digit: int) -> tuple[Stroke, ...]:
    """Return the strokes of a digit in the unit square, 0 to 9.

    >>> [stroke.shape for stroke in sample(1)]
    [(25, 2), (25, 2)]
    """
    parts = (np.array(part.split(), dtype=float) for part in _PENS[digit].split("|"))
    return tuple(spline(part.reshape(-1, 2) / 100) for part in parts)


def spline(points: np.ndarray, per_part: int = 12) -> Stroke:
    """Return a smooth curve through points, (n, 2), after Catmull and Rom (1974)."""
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    a, b, c, d = (ends[k : len(ends) - 3 + k, None] for k in range(4))
    t = np.linspace(0, 1, per_part, endpoint=False)[None, :, None]
    curve = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return np.vstack([curve.reshape(-1, 2), points[-1:]])
