"""The examples: chosen from the menu with the mouse, walked through, and undone."""

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QMenu

from engine.recipes import (
    ARTICLE_DIGITS,
    MULTI_LAYER,
    ONE_LAYER,
    ONE_UPDATE,
    PERCEPTRON,
    RECIPES,
)
from engine.spec import Experiment
from gui.examples import BY_HAND
from gui.first import FIRST
from gui.forms.points import MatricesEditor
from gui.watched import VARIED

WAIT = 10_000


def choose(window, recipe, qtbot):
    """Click the example's entry in the menu, and wait until its first frame is there."""
    session, bar = window.session, window.menuBar()
    before = session.run
    title = next(each for each in bar.actions() if each.text() == "E&xamples")
    menu: QMenu = title.menu()
    entry = next(each for each in menu.actions() if each.text() == recipe.label)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.actionGeometry(title).center())
    qtbot.waitUntil(menu.isVisible, timeout=WAIT)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    qtbot.waitUntil(lambda: session.run != before and session.frame.generation == session.run)
    assert session.experiment == recipe.experiment


def press(window, keys, qtbot):
    """Press a shortcut while the drawing has the focus."""
    window.activateWindow()
    window.network_view.setFocus()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    qtbot.keySequence(window.network_view, QKeySequence(keys))


def number(panel, key):
    """Read the number that the panel works out at a step, from what is on screen."""
    panel.debugger.go(panel.debugger.trace.position(key))
    shown = panel.arithmetic.worked.text()
    return float(shown.rsplit("=", 1)[-1].replace("−", "-"))


def test_the_chain_rule_is_walked_through_by_hand(window, qtbot):
    session = window.session
    session.play()
    choose(window, ONE_UPDATE, qtbot)
    assert session.state == "paused"
    assert (session.frame.epoch, session.frame.batch) == (0, 0)
    assert BY_HAND in window.statusBar().currentMessage()

    panel = window.docks.panel("debugger")
    panel.overlay.reduced = True
    press(window, "F8", qtbot)
    qtbot.waitUntil(lambda: panel.debugger.trace is not None, timeout=WAIT)
    x1, x2, y = 1.0, 2.0, 0.0
    z1 = x1 * 0.5 + x2 * 0.25 - 0.5
    z3 = max(z1, 0) * 1.0 + 0 * -0.5 + 0.5
    a3 = 1 / (1 + math.exp(-z3))
    expected = {
        "z1": z1,
        "a1": max(z1, 0),
        "z2": z3,
        "a2": a3,
        "L": -math.log(1 - a3),
        "dz2": a3 - y,
        "dW2": (a3 - y) * max(z1, 0),
        "dz1": (a3 - y) * 1.0,
        "dW1": (a3 - y) * 1.0 * x1,
        "newW1": 0.5 - 0.1 * (a3 - y) * 1.0 * x1,
        "newb2": 0.5 - 0.1 * (a3 - y),
    }
    shown = {key: number(panel, key) for key in expected}
    assert shown == pytest.approx(expected, rel=1e-5)


def test_an_example_is_undone_and_redone(window, qtbot):
    session = window.session
    session.play()
    choose(window, ONE_UPDATE, qtbot)
    assert session.undo_stack.count() == 1
    assert session.undo_stack.undoText() == ONE_UPDATE.label
    given = session.frame.weights[0].tolist()
    assert given == [[0.5, 0.5], [0.25, -0.75]]
    run = session.run
    press(window, "Ctrl+Z", qtbot)
    qtbot.waitUntil(lambda: session.frame.generation == session.run > run, timeout=WAIT)
    assert session.experiment == Experiment()
    assert session.running  # as it did
    run = session.run
    press(window, "Ctrl+Shift+Z", qtbot)
    qtbot.waitUntil(lambda: session.frame.generation == session.run > run, timeout=WAIT)
    assert session.frame.weights[0].tolist() == given
    assert session.state == "paused"


def test_reset_comes_back_to_the_numbers_written_out_even_after_the_network_grew(window, qtbot):
    session = window.session
    choose(window, ONE_UPDATE, qtbot)
    session.step()
    qtbot.waitUntil(lambda: session.frame.epoch == 1, timeout=WAIT)
    layer = (
        window.docks.panel("experiment").sections["network"].form.fields["hidden"].editor.rows[0]
    )
    layer.fields["units"].editor.edited.emit(3, "Neurons 3")
    qtbot.waitUntil(lambda: session.frame.shape.sizes == (2, 3, 1), timeout=WAIT)
    assert session.frame.weights[1][2, 0] == 0  # listens, and is not listened to yet
    run = session.run
    window.menu_actions["reset"].trigger()
    qtbot.waitUntil(lambda: session.frame.generation == session.run > run, timeout=WAIT)
    first, second = session.frame.weights
    assert first[:, :2].tolist() == [[0.5, 0.5], [0.25, -0.75]]
    assert second[:2].tolist() == [[1.0], [-0.5]]
    assert second[2, 0] != 0


def test_the_form_says_how_many_numbers_are_written_out(window, qtbot):
    choose(window, ONE_UPDATE, qtbot)
    form = window.docks.panel("experiment").sections["network"].form
    [written] = form.fields["initializer"].editor.below.findChildren(MatricesEditor)
    assert written.text.text() == "9 numbers"


def test_digits_go_on_learning(window, qtbot):
    choose(window, ARTICLE_DIGITS, qtbot)
    assert window.session.running
    qtbot.waitUntil(lambda: window.session.frame.epoch >= 1, timeout=WAIT)


def test_an_example_begins_anew_though_only_a_layer_is_another(window, qtbot):
    session = window.session
    choose(window, MULTI_LAYER, qtbot)
    qtbot.waitUntil(lambda: session.frame.epoch >= 2, timeout=WAIT)
    choose(window, PERCEPTRON, qtbot)  # waits for another run
    run = session.run
    choose(window, PERCEPTRON, qtbot)
    assert session.run > run
    assert session.undo_stack.count() == 2


def test_an_example_takes_the_place_of_the_trained_network(window, qtbot):
    session = window.session
    session.play()
    session.show_trained()
    qtbot.waitUntil(lambda: session.frame.trained, timeout=WAIT)
    choose(window, ONE_UPDATE, qtbot)
    assert not session.trained
    assert session.state == "paused"


def test_every_example_is_listed_and_says_what_there_is_to_see(window):
    title = next(each for each in window.menuBar().actions() if each.text() == "E&xamples")
    listed = {each.text(): each.statusTip() for each in title.menu().actions() if each.text()}
    offered = (*(each for group in RECIPES for each in group), FIRST)
    assert listed == {each.label: each.about for each in offered}


def test_an_example_that_trains_brings_its_data_forward(window, qtbot):
    data, backprop = window.docks.docks["data"], window.docks.docks["debugger"]
    choose(window, PERCEPTRON, qtbot)
    backprop.raise_()
    qtbot.waitUntil(lambda: not backprop.visibleRegion().isEmpty())
    choose(window, MULTI_LAYER, qtbot)
    qtbot.waitUntil(lambda: not data.visibleRegion().isEmpty())
    choose(window, FIRST, qtbot)
    qtbot.waitUntil(lambda: not window.docks.docks["draw"].visibleRegion().isEmpty())


def test_it_is_said_once_when_the_rows_become_varied(window, qtbot):
    session, notices = window.session, []
    session.noticed.connect(notices.append)
    data = replace(FIRST.experiment.data, split_seed=99)  # its varied rows are not made yet
    session.open(replace(FIRST.experiment, data=data), FIRST.label, play=True)
    qtbot.waitUntil(lambda: session.frame.generation == session.run)
    qtbot.waitUntil(lambda: session.frame.varied, timeout=20_000)
    epoch = session.frame.epoch
    qtbot.waitUntil(lambda: session.frame.epoch > epoch, timeout=WAIT)
    assert notices.count(VARIED) == 1


def test_without_rows_for_testing_the_figures_are_those_of_training(window, qtbot):
    def figures():
        return {
            each.accessibleName(): each.text()
            for each in window.transport.standing.findChildren(QLabel)
            if each.accessibleName()
        }

    assert figures() == {"Epoch": "0", "Test loss": "–", "Test accuracy": "–"}
    choose(window, ONE_LAYER, qtbot)
    window.session.pause()
    qtbot.waitUntil(lambda: figures()["Epoch"] not in "–0", timeout=WAIT)
    assert list(figures()) == ["Epoch", "Training loss", "Training accuracy"]
    assert "–" not in figures().values()
