"""Going back to an epoch in the real window: by the curve, by the menu, and return."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QInputDialog

from tests.gui.test_training_files import wait


@pytest.fixture
def three(qtbot, window):
    """The window's weights after each of three epochs."""
    seen = {}
    for epoch in (1, 2, 3):
        window.session.step()
        wait(qtbot, window, lambda: window.session.frame.epoch == epoch)  # noqa: B023
        wait(qtbot, window, lambda: not window.session.running)
        seen[epoch] = window.session.frame.weights[0].copy()
    return seen


def at(qtbot, window, epoch, weights):
    wait(qtbot, window, lambda: window.session.frame.epoch == epoch)
    assert np.array_equal(window.session.frame.weights[0], weights)
    assert len(window.session.history) == epoch


def test_an_epoch_is_gone_back_to_and_returned_from(qtbot, window, three):
    window.session.epochWanted.emit(2)
    at(qtbot, window, 2, three[2])
    window.session.epochWanted.emit(1)  # further back than where it began anew
    at(qtbot, window, 1, three[1])
    window.session.undo_stack.undo()
    at(qtbot, window, 2, three[2])
    window.session.undo_stack.undo()
    at(qtbot, window, 3, three[3])
    window.session.undo_stack.redo()
    at(qtbot, window, 2, three[2])
    assert not window.session.running
    window.session.step()
    at(qtbot, window, 3, three[3])  # the same experiment trains to the same bits


def test_the_menu_asks_which(qtbot, window, three, monkeypatch):
    asked = []

    def answer(*question):
        asked.append(question[2:])
        return 1, True

    monkeypatch.setattr(QInputDialog, "getInt", answer)
    window.menu_actions["back"].trigger()
    at(qtbot, window, 1, three[1])
    assert asked == [("Go back to epoch (0 to 3):", 2, 0, 3)]


def test_the_curve_offers_the_epoch_under_the_mouse(qtbot, window, three):
    panel = window.docks.panel("curves")
    panel.refresh()
    panel._point_at(2.0)
    wanted = []
    window.session.epochWanted.connect(wanted.append)
    [back] = [each for each in panel.menu().actions() if "Go back" in each.text()]
    assert back.text() == "Go back to epoch 2"
    back.trigger()
    assert wanted == [2]
    at(qtbot, window, 2, three[2])


def test_an_epoch_that_is_not_there_is_said(qtbot, window, three):
    window.session.epochWanted.emit(7)
    wait(qtbot, window, lambda: "those from 0 to 3 can" in window.statusBar().currentMessage())
    at(qtbot, window, 3, three[3])


def test_a_changed_setting_stands_as_it_was_then(qtbot, window, three):
    experiment = window.session.experiment
    faster = replace(experiment, train=replace(experiment.train, learning_rate=0.02))
    window.session.change(faster, "Learning rate 0.02")
    window.session.step()
    wait(qtbot, window, lambda: window.session.frame.epoch == 4)
    window.session.epochWanted.emit(2)
    at(qtbot, window, 2, three[2])
    assert window.session.experiment == experiment
