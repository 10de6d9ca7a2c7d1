"""Painting commands written out: the same picture as by the painter's own calls, in one call."""

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from gui.network_view import unheld
from gui.network_view.ahead import EdgesAhead
from gui.network_view.strokes import Buckets, pens
from gui.network_view.written import FINENESS

EDGES = 600
GROUND = QColor(16, 20, 24)


@pytest.fixture
def buckets(qapp):
    rng = np.random.default_rng(0)
    made = Buckets(EDGES)
    # Where Qt reads them as they are, nothing is rounded away.
    lines = np.round(rng.uniform(0, 300, (EDGES, 4)) * FINENESS) / FINENESS
    made.sort(lines, rng.uniform(-1, 1, EDGES).astype(np.float32))
    return made


@pytest.fixture
def qt_cannot(monkeypatch):
    return lambda: monkeypatch.setattr(unheld, "_carry_out", lambda: None)


def with_pens():
    return pens("dark", "", 0.9, 1.7)


def on_image(draw):
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(GROUND)
    painter = QPainter(image)
    painter.setClipRect(image.rect())
    draw(painter)
    painter.end()
    return image


def pixels(image):
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[..., :3].astype(int)


@pytest.mark.parametrize("most_smooth", [0, 100, EDGES])
def test_the_picture_is_that_of_one_call_for_each_pen(buckets, qt_cannot, most_smooth):
    at_once = pixels(on_image(lambda painter: buckets.draw(painter, with_pens(), most_smooth)))
    qt_cannot()
    one_by_one = pixels(on_image(lambda painter: buckets.draw(painter, with_pens(), most_smooth)))
    assert (at_once != pixels(on_image(lambda painter: None))).any(axis=2).mean() > 0.2
    # Qt rounds 8-bit alpha and halves of pixels a little differently: nothing that is seen.
    assert np.abs(at_once - one_by_one).mean() < 0.2
    assert (np.abs(at_once - one_by_one) > 24).mean() < 0.002


def test_the_painter_is_left_as_it_was(buckets):
    def draw(painter):
        before = painter.pen(), painter.transform(), painter.renderHints()
        buckets.draw(painter, with_pens())
        assert (painter.pen(), painter.transform(), painter.renderHints()) == before

    on_image(draw)


def test_other_media_get_the_lines_themselves(buckets):
    into = QBuffer()
    into.open(QBuffer.OpenModeFlag.WriteOnly)
    svg = QSvgGenerator()
    svg.setOutputDevice(into)
    svg.setSize(QSize(300, 300))
    painter = QPainter(svg)
    buckets.draw(painter, with_pens())
    painter.end()
    drawn = into.data().data().decode()
    assert drawn.count("<polyline") > EDGES / 2
    assert f"{buckets.lines[-1, 0]:.6g}"[:5] in drawn


def test_what_is_drawn_ahead_is_shown_one_painting_later(buckets):
    ahead = EdgesAhead(buckets, 0)

    def show(painter, frame):
        return ahead.show(painter, frame, with_pens(), GROUND)

    lags = []
    first = on_image(lambda painter: lags.append(show(painter, 1)))
    assert lags == [False], "there was no picture yet, so it is drawn at once"
    assert first == on_image(lambda painter: buckets.draw(painter, with_pens(), 0))

    buckets.sort(buckets.lines.copy(), np.linspace(1, -1, EDGES, dtype=np.float32))
    assert on_image(lambda painter: lags.append(show(painter, 2))) == first
    ahead.draw()
    second = on_image(lambda painter: lags.append(show(painter, 2)))
    assert lags == [False, True, False]
    assert second == on_image(lambda painter: buckets.draw(painter, with_pens(), 0))
