"""What is shown together belongs together, in whatever order things are pressed."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QMessageBox

from engine.recipes import RECIPES
from engine.spec import HiddenLayer
from gui.drawing.samples import sample
from gui.network_view.items import Neuron
from tests.gui.test_debugger import opened as opened_debugger
from tests.gui.test_training_files import wait

EXAMPLES = {each.label: each for group in RECIPES for each in group}
TABLE = next(each for label, each in EXAMPLES.items() if "Iris" in label or "flower" in label)


def take_example(window, recipe=TABLE, play=False):
    window.session.open(recipe.experiment, recipe.label, play=play)


def test_fewer_test_rows_while_the_misread_ones_are_shown(window, qtbot):
    session = window.session
    window.docks.docks["data"].raise_()
    session.step()
    wait(qtbot, window, lambda: session.frame.epoch == 1 and not session.running)
    page = window.docks.panel("data").page
    wait(qtbot, window, lambda: page.gallery.tiles)
    run = session.run
    fewer = replace(session.experiment, data=replace(session.experiment.data, test_fraction=0.05))
    session.change(fewer, "Fewer")
    wait(qtbot, window, lambda: session.run != run)
    rows = len(session.dataset.shown_rows[0])
    wait(qtbot, window, lambda: page.gallery.tiles)
    assert all(tile.row < rows for tile in page.gallery.tiles)
    window.grab()


@pytest.mark.parametrize("corner", [(1.0, 1.0), (0.0, 0.0), (1.0, 0.0)])
def test_zoomed_in_while_stepping(window, qtbot, corner):
    panel = opened_debugger(window, qtbot)
    view = window.network_view
    for _ in range(12):
        view._zoom(1.4, corner[0] * view.width(), corner[1] * view.height())
    for _ in range(len(panel.debugger.trace)):
        panel.debugger.forward()
        view.grab()


def test_a_labelled_digit_another_example_and_back_twice(window, qtbot):
    session, panel = window.session, window.docks.panel("draw")
    panel.canvas.load(sample(3))
    panel._label(3)
    panel.canvas.clear()
    wait(qtbot, window, lambda: session.frame.watched is not None)
    run = session.run
    take_example(window)
    wait(qtbot, window, lambda: session.run != run)
    session.undo_stack.undo()
    session.undo_stack.undo()
    wait(qtbot, window, lambda: session.dataset.features == 64)


def test_a_digit_of_the_data_set_then_another_data_set(window, qtbot):
    session, panel = window.session, window.docks.panel("draw")
    panel._show_row_of(3)
    wait(qtbot, window, lambda: session.frame.probe.label == 3)
    take_example(window)
    wait(qtbot, window, lambda: session.dataset.features == 4)
    assert session.frame.shape.sizes[0] == 4


def test_a_smaller_network_while_the_size_changes_under_the_mouse(window, qtbot):
    session, view = window.session, window.network_view
    session.play()
    wait(qtbot, window, lambda: view.place_of(Neuron(1, 40)) is not None)
    place = QPointF(*view.place_of(Neuron(1, 40)))

    def point():
        event = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            place,
            view.mapToGlobal(place),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view, event)

    window.resize(window.width() + 40, window.height())
    network = replace(session.experiment.network, hidden=(HiddenLayer(4),))
    session.change(replace(session.experiment, network=network), "Smaller")

    def smaller():
        point()
        window.resize(window.width() + 1, window.height())  # the last picture is still stretched
        return session.frame.shape.sizes[1] == 4

    wait(qtbot, window, smaller)
    point()
    view.grab()
    session.pause()


def test_another_example_before_the_epoch_is_gone_back_to(window, qtbot):
    session = window.session
    for epoch in (1, 2):
        session.step()
        wait(qtbot, window, lambda epoch=epoch: session.frame.epoch == epoch)
    session.epochWanted.emit(1)
    take_example(window)
    wait(qtbot, window, lambda: session.dataset.features == 4)
    done = []
    session.ask(lambda run: run.generation, done.append)
    wait(qtbot, window, lambda: done)
    assert session.dataset.features == 4
    assert session.undo_stack.count() == 1
    session.undo_stack.undo()
    wait(qtbot, window, lambda: session.dataset.features == 64)
    assert session.experiment == window.session.experiment
    assert not window.findChildren(QMessageBox)


def test_the_state_is_what_was_wanted_last(window, qtbot):
    session = window.session
    session.play()
    wait(qtbot, window, lambda: session.frame.epoch > 1)
    session.pause()
    take_example(window, play=True)
    wait(qtbot, window, lambda: session.dataset.features == 4 and session.frame.epoch > 2)
    assert session.state == "running"
    session.pause()
    wait(qtbot, window, lambda: session.state == "paused")
    assert not session._worker.training


def test_a_walk_asked_for_and_another_example_at_once(window, qtbot):
    panel = window.docks.panel("debugger")
    panel.open()
    take_example(window, play=True)
    wait(qtbot, window, lambda: window.session.dataset.features == 4)
    assert not panel.debugger.active
    assert not window.session.walked
    assert window.session.running


def test_a_walk_asked_for_before_the_example_is_there(window, qtbot):
    panel = window.docks.panel("debugger")
    take_example(window, play=True)
    panel.open()
    wait(qtbot, window, lambda: panel.debugger.trace is not None)
    assert window.session.dataset.features == 4
    assert not window.session.running
    panel.debugger.leave()
    wait(qtbot, window, lambda: not panel.debugger.active)


def test_what_breaks_in_a_request_is_the_askers_only(window, qtbot, monkeypatch):
    session, reported, refused = window.session, [], []
    monkeypatch.setattr("sys.excepthook", lambda kind, *_: reported.append(kind))
    session.play()
    wait(qtbot, window, lambda: session.frame.epoch > 0)

    def breaks(run):
        return run.trainer.network.weights[7]

    session.ask(breaks, pytest.fail, refused.append)
    wait(qtbot, window, lambda: refused)
    assert reported == [IndexError]
    assert session.running
    epoch = session.frame.epoch
    wait(qtbot, window, lambda: session.frame.epoch > epoch)
    session.pause()


def test_what_cannot_be_loaded_leaves_all_as_it_was(window, qtbot, monkeypatch):
    from gui.training.run import Run

    session, experiment = window.session, window.session.experiment
    session.play()
    wait(qtbot, window, lambda: session.frame.epoch > 0)
    said = []
    session.noticed.connect(said.append)

    def too_large(self, *_):
        raise MemoryError

    monkeypatch.setattr(Run, "__init__", too_large)
    take_example(window)
    wait(qtbot, window, lambda: any("memory" in each for each in said))
    assert session.experiment == experiment
    assert session.running
    assert session.undo_stack.count() == 0
    session.pause()


def test_an_undo_that_cannot_be_done_does_not_block_the_others(window, qtbot, monkeypatch):
    from gui.training.run import Run

    session, run = window.session, window.session.run
    take_example(window)
    wait(qtbot, window, lambda: session.run != run)
    present, made, said = session.experiment, Run.__init__, []
    session.noticed.connect(said.append)

    def broken(self, *_):
        raise ValueError("the data are gone")

    monkeypatch.setattr(Run, "__init__", broken)
    session.undo_stack.undo()
    wait(qtbot, window, lambda: any("Not undone" in each for each in said))
    monkeypatch.setattr(Run, "__init__", made)
    assert session.experiment == present
    assert session.undo_stack.count() == 0
    assert session.dataset.features == 4


def test_a_layer_folded_while_it_is_recorded_and_the_size_changes(window, qtbot):
    session, view = window.session, window.network_view
    session.play()
    wait(qtbot, window, lambda: session.frame.epoch > 0)
    view.toggle_fold(1)
    view.moment()  # lays the network out anew, before anything is painted
    window.resize(window.width() + 60, window.height() + 20)
    epoch = session.frame.epoch
    wait(qtbot, window, lambda: session.frame.epoch > epoch)
    view.grab()
    session.pause()
