"""Exceptions in what Qt calls: reported once each, and the window goes on."""

import sys

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Shiboken

from gui import guard
from gui.network_view.written import WrittenLines


@pytest.fixture
def reported(monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: seen.append(kind))
    return seen


class Breaks(QWidget):
    """Fails in its first painting, in the middle of it."""

    painted = 0

    def paintEvent(self, event):
        painter = QPainter(self)
        self.painted += 1
        if self.painted == 1:
            np.zeros(3)[7]
        painter.end()

    def sizeHint(self):
        raise KeyError("size")


class Command(QUndoCommand):
    def redo(self):
        np.zeros(3)[7]


def test_a_painting_that_fails_is_told_and_the_next_one_paints(qtbot, reported):
    widget = Breaks()
    qtbot.addWidget(widget)
    widget.resize(40, 40)
    widget.show()
    qtbot.waitUntil(lambda: widget.painted == 1)
    assert reported[-1] is IndexError
    widget.update()
    qtbot.waitUntil(lambda: widget.painted == 2)  # Qt warns of a painter left at work


def test_qt_is_answered_with_what_does_no_harm(qtbot, reported):
    widget = Breaks()
    qtbot.addWidget(widget)
    assert widget.sizeHint() == QSize()
    QUndoStack(widget).push(Command())
    assert reported == [KeyError, IndexError]


def test_a_painter_of_somebody_else_goes_on(reported):
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    painter = QPainter(image)

    class Item(QWidget):
        def paintEvent(self, theirs):
            raise ValueError

    Item().paintEvent(painter)
    assert painter.isActive()
    painter.end()


def test_nothing_is_drawn_on_nothing():
    painter = QPainter()
    WrittenLines(np.zeros((2, 4))).draw(painter, [(None, 0, 2, False)])
    assert not painter.isActive()


def test_every_override_of_the_program_is_guarded(window):
    """New classes are, without anybody thinking of it."""
    waiting, seen = [Shiboken.Object], set()
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    ours = [each for each in seen if each.__module__.startswith("gui.")]
    assert len(ours) > 80
    bare = [
        f"{each.__qualname__}.{name}"
        for each in ours
        for name, method in vars(each).items()
        if guard.is_override(each, name) and not hasattr(method, "__guarded__")
    ]
    assert bare == []
    assert QApplication.instance() is not None
