"""Digits written on the real canvas with the mouse: what is read is what the engine reads.

Real pen strokes are replayed where they are found beside the project (see
``tests/benchmarks/handwriting.py``), else the drawings made for it.
"""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from engine.digits.strokes import picture
from engine.handwriting import read_digit, sample_drawings
from tests.benchmarks.handwriting import STROKES

COUNT = 36
LEFT = Qt.MouseButton.LeftButton


def real_drawings():
    """Some digits of each source, as lists of strokes."""
    with np.load(STROKES, allow_pickle=False) as file:
        pen_down = np.split(file["pts"].astype(float), file["stroke_off"][1:-1])
        digits = [pen_down[a:b] for a, b in pairwise(file["sample_off"])]
        source = file["src"]
    rng = np.random.default_rng(6)
    half = COUNT // 2
    chosen = [rng.choice(np.flatnonzero(source == kind), half, replace=False) for kind in (0, 1)]
    return [digits[index] for index in np.concatenate(chosen)]


def drawings():
    if STROKES.exists():
        return real_drawings()
    made = [each["strokes"] for each in sample_drawings() if each["label"] is not None]
    return [[np.array(stroke, float) for stroke in strokes] for strokes in made]


def placed(strokes, canvas, rng):
    """Put a digit somewhere on the canvas, a third to nine tenths of its height; whole pixels."""
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), max(np.ptp(points, axis=0).max(), 1)
    square = canvas.square
    largest = rng.uniform(1 / 3, 0.9) * square.width()
    corner = rng.uniform(0, square.width() - largest, 2) + np.array(square.getRect()[:2])
    return [np.round((stroke - low) * (largest / size) + corner) for stroke in strokes]


def write(qtbot, canvas, strokes):
    for stroke in strokes:
        start, *rest = (QPoint(int(x), int(y)) for x, y in stroke)
        qtbot.mousePress(canvas, LEFT, pos=start)
        for point in rest:
            qtbot.mouseMove(canvas, point)
        qtbot.mouseRelease(canvas, LEFT, pos=rest[-1] if rest else start)


@pytest.fixture
def written(qtbot, window):
    """Write digits one after the other by the network shipped; yield what was written and read."""
    panel, session = window.docks.panel("draw"), window.session
    panel.trained.click()
    qtbot.waitUntil(lambda: session.frame.trained)
    rng = np.random.default_rng(5)

    def each():
        for strokes in drawings():
            strokes = placed(strokes, panel.canvas, rng)
            panel.canvas.clear()
            qtbot.waitUntil(lambda: session.frame.reading is None)
            write(qtbot, panel.canvas, strokes)
            count = sum(map(len, panel.canvas.sketch.strokes))
            qtbot.waitUntil(lambda: points_read(session.frame) == count)  # noqa: B023
            yield strokes, session.frame.reading, panel

    return each


def points_read(frame):
    return sum(map(len, frame.reading.stages.strokes)) if frame.reading else 0


def test_the_canvas_reads_what_the_engine_reads(written):
    for strokes, reading, panel in written():
        np.testing.assert_array_equal(reading.picture, picture(strokes))
        np.testing.assert_allclose(reading.probabilities, read_digit(strokes), atol=1e-6)
        assert panel.bars.winner == read_digit(strokes).argmax()
