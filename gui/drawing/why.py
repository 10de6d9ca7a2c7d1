"""What in a drawing speaks for the answer and what against it, along its own strokes."""

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.digits.strokes import CELL
from gui import theme
from gui.drawing.ink import thinned
from gui.drawing.sketch import Stroke
from gui.reading import Reading

MOST_POINTS = 400  # of a stroke; each is a line of its own colour

Weights = tuple[np.ndarray, ...]
"""For each stroke, one number from −1 (against) to 1 (for) at each of its points."""


def weights_along(reading: Reading | None, strokes: tuple[Stroke, ...]) -> Weights | None:
    """Return how the pixels under each point of the strokes speak for the answer.

    None where that is not known, or known of another drawing.
    """
    if reading is None or reading.stages is None or reading.contributions is None:
        return None
    placed = reading.stages.placed
    if [len(each) for each in placed] != [len(each) for each in strokes]:
        return None
    largest = float(np.abs(reading.contributions).max()) or 1.0
    return tuple(interpolated(reading.contributions / largest, each / CELL) for each in placed)


def interpolated(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return a picture's values at points (n, 2), x and y in pixels from its corner.

    >>> interpolated(np.array([[0.0, 4.0], [0.0, 4.0]]), np.array([[0.5, 1.0], [1.25, 1.0]]))
    array([0., 3.])
    """
    last = np.array(picture.shape[::-1]) - 1
    at = np.clip(points - 0.5, 0, last)
    near = np.minimum(at.astype(int), last - 1)
    (u, v), (x, y) = (at - near).T, near.T
    above = picture[y, x] * (1 - u) + picture[y, x + 1] * u
    below = picture[y + 1, x] * (1 - u) + picture[y + 1, x + 1] * u
    return above * (1 - v) + below * v


def paint_weights(
    painter: QPainter, strokes: tuple[Stroke, ...], weights: Weights, side: float, width: float
) -> None:
    """Paint strokes of the unit square in the colours of what they say."""
    cap = Qt.PenCapStyle.RoundCap
    for stroke, weight in zip(strokes, weights, strict=True):
        shown = thinned(len(stroke), MOST_POINTS)
        points = [QPointF(x, y) for x, y in (stroke[shown] * side).tolist()]
        colors = [QColor(int(rgb)) for rgb in theme.diverging(weight[shown])]
        for start, end, color in zip(points, points[1:] or points, colors, strict=False):
            painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, cap))
            painter.drawLine(start, end)
