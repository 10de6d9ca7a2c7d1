"""Saving a training and going on with it, in the real window."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from engine.data_sources import XorTable
from engine.spec import DataSpec
from tests.gui.test_tables import shown
from tests.gui.windows import drop


def wait(qtbot, window, condition):
    def met():
        window.beat()
        return bool(condition())

    qtbot.waitUntil(met, timeout=10_000)


@pytest.fixture
def saved(qtbot, window, tmp_path):
    """A file with the window's training after one epoch."""
    window.session.step()
    wait(qtbot, window, lambda: window.session.frame.epoch == 1 and not window.session.running)
    path = tmp_path / "one.chainrule"
    window.files.save_in(path)
    wait(qtbot, window, lambda: path.exists() and window.windowTitle().startswith("one"))
    return path


def test_a_training_is_saved_and_gone_on_with(qtbot, window, saved):
    weights = window.session.frame.weights[0].copy()
    window.session.reset()
    wait(qtbot, window, lambda: window.session.frame.epoch == 0)
    assert not np.array_equal(window.session.frame.weights[0], weights)
    window.files.open(saved)
    wait(qtbot, window, lambda: window.session.frame.epoch == 1)
    assert np.array_equal(window.session.frame.weights[0], weights)
    assert len(window.session.history) == 1
    assert not window.session.running
    window.session.play()
    wait(qtbot, window, lambda: len(window.session.history) > 2)
    window.session.pause()


def test_opening_can_be_undone(qtbot, window, saved):
    other = replace(window.session.experiment, data=DataSpec(XorTable()))
    window.session.open(other, "Another", play=False)
    wait(qtbot, window, lambda: window.session.dataset.features == 3)
    window.files.open(saved)
    wait(qtbot, window, lambda: window.session.dataset.features == 64)
    assert window.windowTitle() == "one.chainrule – Chainrule"
    window.session.undo_stack.undo()
    wait(qtbot, window, lambda: window.session.dataset.features == 3)
    assert window.windowTitle() == "Chainrule"


def test_other_data_are_not_saved_over_the_file(qtbot, window, saved, monkeypatch):
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: asked.append(1) or ("", ""))
    window.menu_actions["save"].trigger()
    assert not asked
    other = replace(window.session.experiment, data=DataSpec(XorTable()))
    window.session.open(other, "Another", play=False)
    window.menu_actions["save"].trigger()
    assert asked


def test_a_name_without_an_ending_gets_one(qtbot, window, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    window.menu_actions["save_as"].trigger()
    wait(qtbot, window, (tmp_path / "mine.chainrule").exists)


@pytest.mark.parametrize("content", [b"", b"nothing of the kind"], ids=["empty", "other"])
def test_a_bad_file_is_refused_and_the_training_stays(qtbot, window, tmp_path, content):
    before = window.session.experiment
    path = tmp_path / "bad.chainrule"
    path.write_bytes(content)
    assert drop(window, path)
    box = shown(qtbot, window, QMessageBox)
    assert "bad.chainrule is not a training that Chainrule saved" in box.informativeText()
    box.close()
    assert window.session.experiment == before


def test_parts_that_do_not_go_together_are_refused(qtbot, window, saved):
    from engine.training_file import load_training, save_training

    good = load_training(saved)
    save_training(saved, replace(good, records=()))
    frame, title = window.session.frame, window.windowTitle()
    window.files.open(saved)
    box = shown(qtbot, window, QMessageBox)
    assert "one.chainrule is damaged: history" in box.informativeText()
    box.close()
    assert window.session.frame.generation == frame.generation
    assert window.windowTitle() == title


def test_where_nothing_can_be_written_it_is_said(qtbot, window, tmp_path):
    window.files.save_in(tmp_path / "no such folder" / "a.chainrule")
    box = shown(qtbot, window, QMessageBox)
    assert "cannot be written" in box.informativeText()
    box.close()
