"""Lines drawn by Qt's own function: the same picture, while other threads run."""

import sys
import threading

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QMainWindow, QWidget

from gui.network_view import unheld
from gui.network_view.unheld import FEW, deliver, draw_lines


@pytest.fixture
def lines():
    return np.random.default_rng(0).uniform(0, 300, (4000, 4))


def drawn(lines, count):
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setPen(QPen(QColor(200, 120, 40, 90), 1))
    draw_lines(painter, lines.ctypes.data, count)
    painter.end()
    return image


@pytest.mark.parametrize("count", [0, 1, FEW, 4000])
def test_the_picture_is_that_of_the_painter(qapp, lines, count, monkeypatch):
    ours = drawn(lines, count)
    monkeypatch.setattr(unheld, "_draw_lines", lambda: None)
    assert ours == drawn(lines, count)


def test_another_thread_runs_meanwhile(qapp, lines):
    if unheld._draw_lines() is None:
        pytest.skip("Qt's function is not found by its name here")
    ran = threading.Event()
    begin = threading.Lock()
    begin.acquire()

    def run():
        with begin:
            ran.set()

    other = threading.Thread(target=run)
    other.start()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(30.0)  # nobody is made to hand the interpreter over
    try:
        begin.release()
        drawn(lines, len(lines))
        assert ran.is_set()
    finally:
        sys.setswitchinterval(interval)
        other.join()


@pytest.mark.parametrize("found", [True, False])
def test_a_window_paints_what_is_delivered(qtbot, found, monkeypatch):
    class Painted(QWidget):
        times = 0

        def paintEvent(self, event):
            self.times += 1

    if not found:
        monkeypatch.setattr(unheld, "_deliver", lambda: None)
    window, widget = QMainWindow(), Painted()
    qtbot.addWidget(window)
    window.setCentralWidget(widget)
    with qtbot.waitExposed(window):
        window.show()
    before = widget.times
    widget.update()
    deliver(window, QEvent(QEvent.Type.UpdateRequest))
    assert widget.times == before + 1
