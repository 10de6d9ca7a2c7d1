"""Work that no file has: asked about when one leaves, and there again after a crash."""

import shutil

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from tests.gui.test_tables import shown
from tests.gui.test_training_files import wait
from tests.gui.windows import opened

BUTTON = QMessageBox.StandardButton


def train(qtbot, window, epochs=1):
    for _ in range(epochs):
        before = len(window.session.history)
        window.session.step()
        wait(qtbot, window, lambda before=before: len(window.session.history) > before)
    wait(qtbot, window, lambda: window.session.frame.epoch == len(window.session.history))


def draw_other_weights(qtbot, window):
    before = window.session.run
    window.session.new_seed()
    wait(qtbot, window, lambda: window.session.run != before)


def files(folder):
    return sorted((folder / "recovery").glob("*.chainrule"))


def press(qtbot, box, text):
    button = next(each for each in box.findChildren(QPushButton) if each.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def crashed(qtbot, tmp_path):
    """A folder as a program leaves it that was killed, and the weights it had."""
    with opened(qtbot, folder=tmp_path) as window:
        train(qtbot, window, 2)
        window.recovery.keep()
        wait(qtbot, window, lambda: files(tmp_path))
        left = tmp_path / "left"
        shutil.copyfile(files(tmp_path)[0], left)
        weights = window.session.frame.weights[0].copy()
    assert not files(tmp_path)  # who leaves in order leaves nothing
    left.rename(tmp_path / "recovery" / "20260101-120000-1.chainrule")
    return tmp_path, weights


def test_after_a_crash_the_training_is_offered_as_it_stood(qtbot, crashed):
    folder, weights = crashed
    with opened(qtbot, folder=folder) as window:
        box = shown(qtbot, window, QMessageBox)
        assert "epoch 2" in box.informativeText()
        press(qtbot, box, "Go on with it")
        wait(qtbot, window, lambda: window.session.frame.epoch == 2)
        assert np.array_equal(window.session.frame.weights[0], weights)
        assert len(files(folder)) == 1  # until it is saved, it is kept
        assert window.unsaved.is_work
        window.session.undo_stack.undo()
        wait(qtbot, window, lambda: window.session.frame.epoch == 0)


def test_what_is_discarded_is_offered_once(qtbot, crashed):
    folder, _weights = crashed
    with opened(qtbot, folder=folder) as window:
        press(qtbot, shown(qtbot, window, QMessageBox), "Discard it")
        assert not files(folder)
    with opened(qtbot, folder=folder) as window:
        wait(qtbot, window, lambda: window.docks.complete)
        assert not window.findChildren(QMessageBox)


def test_a_running_program_keeps_its_own(qtbot, tmp_path):
    with opened(qtbot, folder=tmp_path) as window:
        train(qtbot, window)
        window.recovery.keep()
        wait(qtbot, window, lambda: files(tmp_path))
        with opened(qtbot, folder=tmp_path) as other:
            wait(qtbot, other, lambda: other.docks.complete)
            assert not other.findChildren(QMessageBox)
        assert files(tmp_path)


def test_a_damaged_one_is_set_aside_and_said(qtbot, crashed):
    folder, _weights = crashed
    path = files(folder)[0]
    path.write_bytes(path.read_bytes()[:-100])
    with opened(qtbot, folder=folder) as window:
        wait(qtbot, window, lambda: "cannot be read" in window.statusBar().currentMessage())
        assert not window.findChildren(QMessageBox)
        assert path.with_suffix(".damaged").exists()


def test_who_is_told_to_end_asks_nothing_and_keeps_all(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(QApplication, "exit", lambda status: None)  # the tests go on
    with opened(qtbot, folder=tmp_path) as window:
        draw_other_weights(qtbot, window)
        train(qtbot, window)
        window.end()
        assert not window.isVisible()
        assert len(files(tmp_path)) == 1
    with opened(qtbot, folder=tmp_path) as window:
        assert "epoch 1" in shown(qtbot, window, QMessageBox).informativeText()
        shown(qtbot, window, QMessageBox).reject()


# ---------------------------------------------------------------- leaving


def test_nothing_is_asked_where_nothing_is_lost(qtbot, window):
    train(qtbot, window)
    window.close()
    assert not window.isVisible()


def test_unsaved_work_is_asked_about_once(qtbot, window):
    draw_other_weights(qtbot, window)
    train(qtbot, window)
    window.close()
    box = shown(qtbot, window, QMessageBox)
    window.close()
    assert [each for each in window.findChildren(QMessageBox) if each.isVisible()] == [box]
    qtbot.mouseClick(box.button(BUTTON.Cancel), Qt.MouseButton.LeftButton)
    assert window.isVisible()
    window.close()
    box = shown(qtbot, window, QMessageBox)
    qtbot.mouseClick(box.button(BUTTON.Discard), Qt.MouseButton.LeftButton)
    assert not window.isVisible()


def test_it_is_saved_first_where_that_is_wanted(qtbot, window, tmp_path):
    path = tmp_path / "mine.chainrule"
    train(qtbot, window)
    window.files.save_in(path)
    wait(qtbot, window, lambda: window.windowTitle().startswith("mine"))
    draw_other_weights(qtbot, window)
    train(qtbot, window)
    before = path.read_bytes()
    window.close()
    box = shown(qtbot, window, QMessageBox)
    assert "mine.chainrule" in box.text()
    qtbot.mouseClick(box.button(BUTTON.Save), Qt.MouseButton.LeftButton)
    wait(qtbot, window, lambda: not window.isVisible())
    assert path.read_bytes() != before
