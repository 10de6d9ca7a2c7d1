"""The ways to end: signals with anything in front, a reader that hangs, two programs at once."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMenu, QMessageBox

from engine.digits.drawings import Drawing
from gui import ending
from gui.drawing.keeper import Keeper
from tests.gui.windows import opened


@pytest.fixture
def told(monkeypatch):
    """Tell the program to end, as a signal does."""

    def tell():
        monkeypatch.setattr(ending, "_told", True)

    return tell


def a_menu(window):
    menu = QMenu("A menu", window)
    menu.addAction("Something")
    return menu


IN_FRONT = {
    "nothing": lambda window: None,
    "question": lambda window: QMessageBox.question(window, "Sure?", "Really?"),
    "number": lambda window: QInputDialog.getInt(window, "Record", "Seconds:"),
    "file": lambda window: QFileDialog.getOpenFileName(
        window, options=QFileDialog.Option.DontUseNativeDialog
    ),
    "menu": lambda window: a_menu(window).exec(),
    "box": lambda window: QMessageBox(window).open(),
    "a menu above a question": lambda window: (
        QTimer.singleShot(0, lambda: a_menu(window).exec()),
        QMessageBox.question(window, "Sure?", "Really?"),
    ),
}


def in_front():
    return QApplication.activePopupWidget() or QApplication.activeModalWidget()


@pytest.mark.parametrize("front", IN_FRONT)
def test_a_signal_closes_what_is_in_front_and_then_the_window(qtbot, told, front):
    with opened(qtbot) as window:
        stood, look = [], QTimer(window)
        look.timeout.connect(lambda: in_front() and (stood.append(in_front()), told()))
        look.start(20)
        if front == "nothing":
            told()
        else:
            QTimer.singleShot(0, lambda: IN_FRONT[front](window))
        qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
        assert bool(stood) == (front != "nothing")
        assert not window.session._worker.is_alive()


def test_a_signal_while_something_is_recorded_asks_nothing(qtbot, told):
    with opened(qtbot) as window:
        window.menu_actions["record"].trigger()
        told()
        qtbot.waitUntil(lambda: not window.isVisible())
        assert not window.recording.recorder.recording


def test_a_reader_that_hangs_does_not_keep_the_window_open(qtbot, monkeypatch):
    hangs, free = threading.Event(), threading.Event()
    monkeypatch.setattr("gui.watched.PATIENCE", 0.05)

    def read(run):
        hangs.set()
        free.wait(20)

    with opened(qtbot) as window:
        window.session.ask(read, print)
        qtbot.waitUntil(hangs.is_set)
        window.close()
        assert not window.isVisible()
        assert window.session._worker.is_alive()
        free.set()


# ---------------------------------------------------------------- two programs


def drawing(number, label=None):
    return Drawing((np.array([[0.1, 0.2], [number / 100, 0.5]]),), label)


def settled(keeper, drawings):
    keeper.save(drawings)
    if keeper._thread is not None:
        keeper._thread.join(20)
    assert keeper.problem == ""


def kept(path):
    return {each.trail: each.label for each in Keeper(path).load()}


def test_two_programs_keep_each_others_drawings(tmp_path):
    path = tmp_path / "drawings.npz"
    common, gone, said = drawing(1), drawing(2), drawing(3)
    settled(Keeper(path), (common, gone, said))
    one, other = Keeper(path), Keeper(path)
    mine, theirs = one.load(), other.load()
    settled(other, (drawing(4), *theirs))
    labelled = Drawing(mine[2].strokes, 7)
    settled(one, (drawing(5), mine[0], labelled))  # without the second
    assert kept(path) == {
        drawing(5).trail: None,
        drawing(4).trail: None,
        common.trail: None,
        said.trail: 7,
    }
    settled(other, (drawing(6), drawing(4), *theirs))
    assert gone.trail not in kept(path)
    assert len(kept(path)) == 5
    assert kept(path)[said.trail] == 7


def test_many_programs_at_once_lose_nothing(tmp_path):
    path = tmp_path / "drawings.npz"
    keepers = [Keeper(path) for _ in range(4)]
    for keeper in keepers:
        keeper.load()
    for step in range(1, 4):
        for number, keeper in enumerate(keepers):
            keeper.save(tuple(drawing(10 * number + each) for each in range(step)))
    for keeper in keepers:
        if keeper._thread is not None:
            keeper._thread.join(20)
    assert len(kept(path)) == 12
