"""The network changed on its drawing, by mouse and keys on the real window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.datasets import SOURCES
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec
from gui.network_view import Edge, Neuron
from gui.network_view.handles import DeedMenu
from tests.gui.windows import opened

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def toy(qtbot):
    """Two inputs, hidden layers of 4 and 3, paused."""
    layers = (HiddenLayer(4), HiddenLayer(3))
    experiment = Experiment(
        data=DataSpec(source=SOURCES["circle"]()), network=NetworkSpec(hidden=layers)
    )
    with opened(qtbot, experiment) as made:
        yield made


def sizes(window):
    return window.network_view.frame.shape.sizes


def wait_for_sizes(window, qtbot, *wanted):
    qtbot.waitUntil(lambda: sizes(window) == wanted, timeout=10_000)


def place(view, item):
    return QPoint(*(round(each) for each in view.point_of(item)))


def weight(window, edge):
    return float(window.session.frame.weights[edge.layer][edge.source, edge.target])


def hover_caption(window, qtbot, layer):
    view = window.network_view
    view.grab()  # captions are where they were painted
    QTest.mouseMove(view, QPoint(3, view.height() // 2))
    QTest.mouseMove(view, view.caption_box(layer).center().toPoint())
    qtbot.waitUntil(view.handles.bar.isVisible)
    return view.handles.bar


def test_the_controls_cover_no_other_caption(qtbot):
    network = NetworkSpec(hidden=tuple(HiddenLayer(units) for units in (8, 8, 8)))
    with opened(qtbot, Experiment(data=DataSpec(SOURCES["circle"]()), network=network)) as window:
        view = window.network_view
        for layer in range(1, 5):
            bar = QRectF(hover_caption(window, qtbot, layer).geometry())
            others = [view.caption_box(each) for each in range(5) if each != layer]
            assert not any(bar.intersects(other) for other in others)
            own = view.caption_box(layer)
            assert bar.left() <= own.left()
            assert bar.right() >= own.right()


def click(button):
    QTest.mouseClick(button, LEFT)


def entries(menu):
    found = {}
    for action in menu.actions():
        if action.menu():
            found |= entries(action.menu())
        elif action.text():
            found[action.text().replace("&", "")] = action
    return found


@pytest.fixture
def notices(toy):
    said = []
    toy.session.noticed.connect(said.append)
    return said


def type_into(window, qtbot, text):
    field = window.network_view.touching.field
    assert field is not None
    qtbot.keyClicks(field.line, text)
    qtbot.keyClick(field.line, Qt.Key.Key_Return)


# ---------------------------------------------------------------- weights and biases


def double_click(window, item):
    """Double-click on it, as the mouse does: press, release, press again, release."""
    view = window.network_view
    view.grab()
    at = place(view, item)
    QTest.mouseClick(view, LEFT, pos=at)
    QTest.mouseDClick(view, LEFT, pos=at)


def strongest_edge(window, layer):
    """The edge that stands out: another may be drawn over the middle of a weak one."""
    weights = np.abs(window.session.frame.weights[layer])
    source, target = np.unravel_index(int(weights.argmax()), weights.shape)
    return Edge(layer, int(source), int(target))


def test_a_weight_is_typed_and_undone_to_the_bit(toy, qtbot):
    edge = strongest_edge(toy, 0)
    before = weight(toy, edge)
    toy.network_view.pin(edge)
    qtbot.keyClick(toy.network_view, Qt.Key.Key_F2)
    type_into(toy, qtbot, "-2,5")
    qtbot.waitUntil(lambda: weight(toy, edge) == -2.5)
    toy.session.undo_stack.undo()
    qtbot.waitUntil(lambda: weight(toy, edge) == before)
    toy.session.undo_stack.redo()
    qtbot.waitUntil(lambda: weight(toy, edge) == -2.5)


def test_a_double_click_on_an_edge_opens_its_weight(toy, qtbot):
    view = toy.network_view
    view.grab()
    found = None
    for layer in (0, 1):
        shape = toy.session.frame.weights[layer].shape
        for source, target in np.ndindex(shape):
            edge = Edge(layer, source, target)
            at = place(view, edge)
            if found is None and view.item_at(at.x(), at.y()) == edge:
                found = edge
    assert found is not None
    double_click(toy, found)
    type_into(toy, qtbot, "1.25")
    qtbot.waitUntil(lambda: weight(toy, found) == 1.25)


def test_a_double_click_on_a_neuron_opens_its_bias(toy, qtbot):
    double_click(toy, Neuron(1, 2))
    type_into(toy, qtbot, "0.75")
    qtbot.waitUntil(lambda: toy.session.frame.biases[0][2] == 0.75)


def test_a_number_that_is_dragged_acts_at_once_and_escape_takes_it_back(toy, qtbot):
    edge = strongest_edge(toy, 1)
    before = weight(toy, edge)
    toy.network_view.touching.edit(edge)
    field = toy.network_view.touching.field
    qtbot.keyClick(field.line, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: weight(toy, edge) != before)
    qtbot.keyClick(field.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: weight(toy, edge) == before)
    assert not toy.session.undo_stack.canUndo()


def test_a_weight_changes_in_full_flight(toy, qtbot):
    toy.session.set_speed(None)
    toy.session.play()
    toy.network_view.touching.edit(Edge(0, 0, 0))
    type_into(toy, qtbot, "50")
    qtbot.waitUntil(lambda: abs(weight(toy, Edge(0, 0, 0)) - 50) < 10)
    assert toy.session.running


def test_after_a_restart_an_old_weight_is_not_put_back(toy, qtbot, notices):
    toy.network_view.touching.edit(Edge(0, 0, 0))
    type_into(toy, qtbot, "3")
    qtbot.waitUntil(lambda: weight(toy, Edge(0, 0, 0)) == 3)
    run = toy.session.run
    toy.session.reset()
    qtbot.waitUntil(lambda: toy.session.run != run and weight(toy, Edge(0, 0, 0)) != 3)
    toy.session.undo_stack.undo()
    assert "begun anew" in notices[-1]


# ---------------------------------------------------------------- neurons and layers


def test_plus_and_minus_at_a_caption_change_the_width(toy, qtbot):
    bar = hover_caption(toy, qtbot, 1)
    click(bar.more)
    wait_for_sizes(toy, qtbot, 2, 5, 3, 1)
    assert bar.width_button.text() == "5"
    click(bar.less)
    wait_for_sizes(toy, qtbot, 2, 4, 3, 1)
    toy.session.undo_stack.undo()
    wait_for_sizes(toy, qtbot, 2, 5, 3, 1)
    toy.session.undo_stack.undo()
    wait_for_sizes(toy, qtbot, 2, 4, 3, 1)


def test_a_new_neuron_changes_no_answer_and_the_training_goes_on(toy, qtbot, notices):
    toy.session.step()
    qtbot.waitUntil(lambda: toy.session.frame.epoch == 1)
    before = toy.session.frame
    click(hover_caption(toy, qtbot, 1).more)
    wait_for_sizes(toy, qtbot, 2, 5, 3, 1)
    after = toy.session.frame
    assert (after.epoch, after.generation) == (before.epoch, before.generation)
    np.testing.assert_allclose(after.probe.outputs, before.probe.outputs, rtol=1e-5)
    assert (after.weights[0][:, :4] == before.weights[0]).all()
    assert "goes on" in notices[-1]


def test_a_removed_neuron_comes_back_with_its_weights(toy, qtbot):
    before = toy.session.frame.weights
    toy.network_view.touching.remove_neuron(Neuron(1, 1))
    wait_for_sizes(toy, qtbot, 2, 3, 3, 1)
    toy.session.undo_stack.undo()
    wait_for_sizes(toy, qtbot, 2, 4, 3, 1)
    for was, now in zip(before, toy.session.frame.weights, strict=True):
        assert (was == now).all()


def test_the_width_is_typed(toy, qtbot):
    click(hover_caption(toy, qtbot, 2).width_button)
    type_into(toy, qtbot, "6")
    wait_for_sizes(toy, qtbot, 2, 4, 6, 1)


def test_a_layer_is_added_between_two_and_removed_by_the_menu(toy, qtbot):
    view = toy.network_view
    view.grab()
    left, right = view.caption_box(1), view.caption_box(2)
    middle = QPoint(round((left.right() + right.left()) / 2), round(right.center().y()))
    QTest.mouseMove(view, QPoint(3, 300))
    QTest.mouseMove(view, middle)
    qtbot.waitUntil(view.handles.gap.isVisible)
    click(view.handles.gap)
    wait_for_sizes(toy, qtbot, 2, 4, 4, 3, 1)
    entries(view.menu_for(None, 2))["Remove this layer"].trigger()
    wait_for_sizes(toy, qtbot, 2, 4, 3, 1)


def test_the_activation_is_chosen_in_a_menu(toy, qtbot):
    click(hover_caption(toy, qtbot, 1).activation)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), DeedMenu))
    menu = QApplication.activePopupWidget()
    assert entries(menu)["ReLU"].isChecked()
    entries(menu)["tanh" if "tanh" in entries(menu) else "Tanh"].trigger()
    menu.close()
    qtbot.waitUntil(lambda: "tanh" in toy.network_view.frame.shape.activations[0].lower())
    assert toy.session.run == toy.session.frame.generation == 1


def test_the_menu_key_opens_what_can_be_done_at_the_neuron_in_focus(toy, qtbot):
    view = toy.network_view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(view, event)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), DeedMenu))
    menu = QApplication.activePopupWidget()
    found = entries(menu)
    assert {"Set bias…", "Switch this neuron off", "Remove this neuron", "Width…"} <= {*found}
    found["Remove this neuron"].trigger()
    menu.close()
    wait_for_sizes(toy, qtbot, 2, 3, 3, 1)


# ---------------------------------------------------------------- switched off


def test_a_neuron_is_switched_off_and_on(toy, qtbot, notices):
    toy.session.step()
    qtbot.waitUntil(lambda: toy.session.frame.epoch == 1)
    qtbot.waitUntil(lambda: toy.session.frame.seen.answers is not None)
    view = toy.network_view
    entries(view.menu_for(Neuron(1, 2), None))["Switch this neuron off"].trigger()
    qtbot.waitUntil(lambda: view.frame.shape.is_off(1, 2))
    assert view.frame.probe.activations[1][2] == 0
    qtbot.waitUntil(lambda: "before" in notices[-1], timeout=10_000)
    assert "without neuron 3" in notices[-1]
    entries(view.menu_for(Neuron(1, 2), None))["Switch this neuron on"].trigger()
    qtbot.waitUntil(lambda: not view.frame.shape.is_off(1, 2))
    toy.session.undo_stack.undo()
    qtbot.waitUntil(lambda: view.frame.shape.is_off(1, 2))


# ---------------------------------------------------------------- refused in words


def test_inputs_and_outputs_say_why_they_stay(toy):
    view = toy.network_view
    for item, entry, why in (
        (Neuron(0, 0), "Remove this neuron", "data decide"),
        (Neuron(0, 0), "Set bias…", "data decide"),
        (Neuron(3, 0), "Remove this neuron", "how many outputs"),
        (Neuron(3, 0), "Remove this layer", "how many outputs"),
        (Neuron(0, 0), "Add a layer before", "data decide"),
    ):
        action = entries(view.menu_for(item, None))[entry]
        assert not action.isEnabled()
        assert why in action.toolTip()


def test_an_output_activation_that_the_loss_forbids_says_why(toy):
    found = entries(toy.network_view.menu_for(Neuron(3, 0), None))
    softmax = found["Softmax" if "Softmax" in found else "softmax"]
    assert not softmax.isEnabled()
    assert "sigmoid" in softmax.toolTip()


def test_while_an_update_is_stepped_through_nothing_is_changed(toy, qtbot, notices):
    toy.step_through()
    qtbot.waitUntil(lambda: toy.session.walked)
    toy.network_view.touching.edit(Edge(0, 0, 0))
    assert toy.network_view.touching.field is None
    assert "stepped through" in notices[-1]


def test_the_trained_network_stays_as_it_is(window, qtbot):
    said = []
    window.session.noticed.connect(said.append)
    window.session.show_trained()
    qtbot.waitUntil(lambda: window.network_view.frame.trained)
    window.network_view.touching.add_neuron(1)
    assert "comes with the program" in said[-1]
    action = entries(window.network_view.menu_for(Neuron(1, 0), None))["Add a neuron"]
    assert not action.isEnabled()


def test_the_first_layer_of_a_perceptron_restarts_the_training_and_says_so(toy, qtbot, notices):
    for _ in range(2):
        toy.network_view.touching.remove_layer(1)
        qtbot.waitUntil(lambda: toy.network_view.touching.reason == "")
    wait_for_sizes(toy, qtbot, 2, 1)
    run = toy.session.run
    toy.network_view.touching.add_layer(0)
    wait_for_sizes(toy, qtbot, 2, 8, 1)
    assert toy.session.run == run + 1
    assert any("anew" in each for each in notices)
