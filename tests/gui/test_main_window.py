"""The window as a person meets it: play, pause, step, reset, change, undo, close."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDockWidget, QLabel, QTabBar, QToolButton

from engine.spec import Experiment
from gui import theme
from gui.dock_title import DockButtons
from gui.main_window import MainWindow
from gui.session import Session
from tests.gui.windows import discard, opened


def press(window, qtbot, text):
    """Click the button of the transport bar that reads so."""
    buttons = [each for each in window.findChildren(QToolButton) if each.text() == text]
    assert len(buttons) == 1, f"no button {text}"
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)


def wait_for_epoch(window, qtbot, epoch):
    qtbot.waitUntil(lambda: window.session.frame.epoch >= epoch, timeout=20_000)


def test_play_trains_and_pause_rests(window, qtbot):
    press(window, qtbot, "Play")
    wait_for_epoch(window, qtbot, 1)
    press(window, qtbot, "Pause")
    qtbot.waitUntil(lambda: window.session.state == "paused")
    epoch = window.session.frame.epoch
    press(window, qtbot, "Step")
    wait_for_epoch(window, qtbot, epoch + 1)
    assert len(window.session.history) == window.session.frame.epoch


def test_step_shows_one_epoch_more_and_its_figures(window, qtbot):
    press(window, qtbot, "Step")
    wait_for_epoch(window, qtbot, 1)
    assert window.session.frame.epoch == 1
    accuracy = window.session.history["test_accuracy"][-1]
    shown = {each.accessibleName(): each.text() for each in window.findChildren(QLabel)}
    assert shown["Epoch"] == "1"
    assert shown["Test accuracy"] == f"{accuracy:.1%}"


def test_reset_goes_back_to_the_same_weights_and_a_new_seed_to_others(window, qtbot):
    initial = window.session.frame.weights[0]
    press(window, qtbot, "Step")
    wait_for_epoch(window, qtbot, 1)
    generation = window.session.frame.generation
    press(window, qtbot, "Reset")
    qtbot.waitUntil(lambda: window.session.frame.generation > generation)
    assert np.array_equal(window.session.frame.weights[0], initial)
    assert window.session.frame.epoch == 0
    generation = window.session.frame.generation
    press(window, qtbot, "New seed")
    qtbot.waitUntil(lambda: window.session.frame.generation > generation)
    assert not np.array_equal(window.session.frame.weights[0], initial)


def test_a_live_change_goes_on_and_a_restart_begins_anew_and_both_undo(window, qtbot):
    session = window.session
    before = session.experiment
    press(window, qtbot, "Step")
    wait_for_epoch(window, qtbot, 1)
    generation = session.frame.generation
    session.change(
        replace(before, train=replace(before.train, learning_rate=0.01)), "Learning rate 0.01"
    )
    press(window, qtbot, "Step")
    wait_for_epoch(window, qtbot, 2)
    assert session.frame.generation == generation
    assert session.frame.learning_rate == pytest.approx(0.01)
    session.change(
        replace(session.experiment, network=replace(before.network, hidden=())), "No hidden layer"
    )
    qtbot.waitUntil(lambda: session.frame.shape.sizes == (64, 10))
    session.undo_stack.undo()
    qtbot.waitUntil(lambda: session.frame.shape.sizes == (64, 64, 10))
    session.undo_stack.undo()
    assert session.experiment == before


def test_a_held_arrow_key_is_one_change_to_undo(window):
    session = window.session
    before = session.experiment
    for rate in (0.002, 0.005, 0.01):
        train = replace(session.experiment.train, learning_rate=rate)
        session.change(replace(session.experiment, train=train), f"Learning rate {rate}")
    assert session.undo_stack.count() == 1
    assert session.undo_stack.undoText() == "Learning rate 0.01"
    session.undo_stack.undo()
    assert session.experiment == before


def test_what_does_not_go_together_is_refused_and_nothing_changes(window):
    session = window.session
    from engine.activations import ReLU
    from engine.knobs import SettingError
    from engine.losses import CategoricalCrossEntropy

    wrong = replace(
        session.experiment,
        network=replace(session.experiment.network, output=ReLU()),
        train=replace(session.experiment.train, loss=CategoricalCrossEntropy()),
    )
    with pytest.raises(SettingError, match="needs a softmax output"):
        session.change(wrong, "Nonsense")
    assert session.experiment == Experiment()
    assert not session.undo_stack.canUndo()


def test_everything_pressed_in_the_wrong_order(window, qtbot):
    for text in ("Reset", "New seed", "Step", "Step", "Reset", "Play", "Reset", "Step", "New seed"):
        press(window, qtbot, text)
    window.session.undo_stack.undo()
    window.session.undo_stack.undo()
    press(window, qtbot, "Play")
    wait_for_epoch(window, qtbot, 1)
    assert window.session.state == "running"


def test_space_in_the_network_view_plays(window, qtbot):
    window.network_view.setFocus()
    qtbot.keyClick(window.network_view, Qt.Key.Key_Space)
    assert window.session.running


def test_an_exception_in_the_training_thread_is_shown_to_the_person(window, qtbot, monkeypatch):
    monkeypatch.setattr("engine.trainer.Trainer.slices", lambda self, seconds: iter([1 / 0]))
    window.session.failed.connect(lambda *_: None)
    with qtbot.waitSignal(window.session.failed, timeout=20_000) as told:
        press(window, qtbot, "Play")
    assert told.args[0] == "ZeroDivisionError: division by zero"
    monkeypatch.undo()
    qtbot.waitUntil(lambda: window.session.state == "failed")
    press(window, qtbot, "Reset")
    press(window, qtbot, "Play")
    wait_for_epoch(window, qtbot, 1)


def test_the_theme_switches_live(window, qtbot):
    assert theme.palette().name == "dark"
    window.menu_actions["theme"].trigger()
    assert theme.palette().name == "light"
    picture = window.grab().toImage()
    middle = picture.pixelColor(window.network_view.geometry().topLeft())
    assert middle.lightness() > 200


def test_larger_text_reaches_every_panel_and_comes_back(window, qtbot):
    usual = window.font().pointSizeF()
    window.menu_actions["larger"].trigger()
    window.menu_actions["larger"].trigger()
    assert window.docks.panel("experiment").font().pointSizeF() > usual
    window.menu_actions["usual_size"].trigger()
    assert window.docks.panel("experiment").font().pointSizeF() == usual


def test_the_layout_resets(window, qtbot):
    dock = window.docks.docks["draw"]
    dock.setFloating(True)
    window.docks.docks["curves"].hide()
    window.menu_actions["layout"].trigger()
    assert not dock.isFloating()
    assert all(each.isVisible() for each in window.findChildren(QDockWidget))


def test_layout_and_theme_are_remembered(qtbot):
    with opened(qtbot) as first:
        first.docks.docks["draw"].hide()
        first.appearance.toggle_theme()
    with opened(qtbot) as second:
        assert not second.docks.docks["draw"].isVisible()
        from gui.appearance import chosen_theme

        assert chosen_theme(None) == "light"


def test_closing_in_full_flight_ends_the_thread(qtbot):
    session = Session(Experiment())
    session.start(play=True)
    made = MainWindow(session, size=(900, 600), remember=False)
    made.show()
    qtbot.waitUntil(lambda: session.frame is not None and session.frame.epoch >= 1, timeout=20_000)
    discard(made)
    assert not session._worker.is_alive()


def test_reduced_motion_is_chosen_in_the_menu_and_remembered(window, qtbot):
    view, still = window.network_view, window.menu_actions["still"]
    assert still.isCheckable()
    assert not still.isChecked()
    window.session.play()
    qtbot.waitUntil(lambda: view.picture().flow is not None)
    still.trigger()
    assert view.picture().flow is None
    assert window.docks.panel("debugger").overlay.reduced
    again = MainWindow(window.session, size=(900, 600))
    assert again.menu_actions["still"].isChecked()
    discard(again)


# ---------------------------------------------------------------- titles of docks


def height_of_title(window, name):
    return window.docks.docks[name].titleBarWidget().height()


def end_of_tabs(window):
    ends = [each for each in window.findChildren(DockButtons) if isinstance(each.parent(), QTabBar)]
    assert len(ends) == 1
    return ends[0]


def test_docks_with_tabs_need_no_title_and_float_from_the_end_of_the_tabs(window, qtbot):
    docks = window.docks.docks
    qtbot.waitUntil(lambda: height_of_title(window, "draw") == 0)
    assert height_of_title(window, "curves") > 0  # it has no tab
    end = end_of_tabs(window)
    docks["data"].raise_()
    qtbot.waitUntil(lambda: end.dock is docks["data"])
    float_it, close_it = end.findChildren(QToolButton)
    qtbot.mouseClick(float_it, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: docks["data"].isFloating() and height_of_title(window, "data") > 0)
    assert end.dock is not docks["data"]
    docks["data"].setFloating(False)
    qtbot.waitUntil(lambda: height_of_title(window, "data") == 0)
    docks["draw"].raise_()
    qtbot.waitUntil(lambda: end.dock is docks["draw"])
    qtbot.mouseClick(close_it, Qt.MouseButton.LeftButton)
    assert docks["draw"].isHidden()


def test_a_title_comes_back_where_the_tabs_leave_no_room(window, qtbot):
    qtbot.waitUntil(lambda: height_of_title(window, "draw") == 0)
    for _ in range(4):
        window.menu_actions["larger"].trigger()
    qtbot.waitUntil(lambda: height_of_title(window, "draw") > 0)
    assert end_of_tabs(window).isHidden()
    window.menu_actions["usual_size"].trigger()
    qtbot.waitUntil(lambda: height_of_title(window, "draw") == 0)


def test_the_shortcuts_are_listed_by_where_they_work(window, qtbot):
    window.menu_actions["shortcuts"].trigger()
    (box,) = (each for each in window.findChildren(QDialog) if each.isVisible())
    words = " ".join(each.text() for each in box.findChildren(QLabel))
    for said in ("Everywhere", "Start or pause the training", "The canvas", "Stepping through"):
        assert said in words
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: box not in window.findChildren(QDialog))
