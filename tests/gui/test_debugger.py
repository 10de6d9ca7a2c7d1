"""Stepping through backpropagation in the real window, as a person does it."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSlider, QTabBar

from engine.activations import ReLU
from engine.data_sources import SinglePoint
from engine.optimizers import SGD
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trace import Place
from gui.debugger.desk import Subject
from gui.debugger.subjects import BATCH, DRAWING
from gui.drawing.samples import sample
from gui.network_view.items import Edge, Neuron
from gui.network_view.legend import legend_top

WAIT = 10_000


@pytest.fixture
def panel(window, qtbot):
    """The panel, with an update of the digits' network unfolded after an epoch."""
    window.session.step()
    qtbot.waitUntil(lambda: window.session.frame.epoch == 1, timeout=WAIT)
    return opened(window, qtbot)


def opened(window, qtbot):
    made = window.docks.panel("debugger")
    made.overlay.reduced = True
    made.open()
    qtbot.waitUntil(lambda: made.debugger.trace is not None, timeout=WAIT)
    return made


def lesson():
    return Experiment(
        data=DataSpec(source=SinglePoint()),
        network=NetworkSpec(hidden=(HiddenLayer(2, ReLU()),), dtype="float64"),
        train=TrainSpec(optimizer=SGD(), learning_rate=0.1, batch_size=1),
    )


def at(panel, key):
    panel.debugger.go(panel.debugger.trace.position(key))


def traced_anew(panel, qtbot, act):
    """Do something that is worked out in the other thread, and wait for the new trace."""
    before = panel.debugger.traced
    act()
    qtbot.waitUntil(lambda: panel.debugger.traced is not before, timeout=WAIT)


# ---------------------------------------------------------------- in and out


def test_opening_stops_the_training_and_unfolds_its_next_update(panel, window):
    assert not window.session.running
    debugger = panel.debugger
    assert debugger.step.key == "z1"
    assert panel.where.text() == "epoch 2 · batch 1/45 · sample 1/32 · forward · layer 1 · z"
    network = debugger.trace.moment.network
    np.testing.assert_array_equal(network.weights[0], window.session.frame.weights[0])


def test_leaving_resumes_exactly_where_it_was(panel, window, qtbot):
    session, before = window.session, window.session.frame
    traced_anew(panel, qtbot, lambda: panel.debugger.walk("forward"))
    assert panel.keep.isVisible()
    with qtbot.waitSignal(session.noticed) as noticed:
        panel.resume.click()
    assert "exactly where it was" in noticed.args[0]
    assert not panel.debugger.active
    session.step()
    qtbot.waitUntil(lambda: session.frame.epoch == 2, timeout=WAIT)
    first = session.frame.weights
    session.reset()
    qtbot.waitUntil(lambda: session.frame.epoch == 0, timeout=WAIT)
    session.play_until(2)
    qtbot.waitUntil(lambda: session.frame.epoch == 2, timeout=WAIT)
    np.testing.assert_array_equal(first[0], session.frame.weights[0])
    assert before.epoch == 1


def test_after_the_walk_the_keys_go_to_the_drawing(panel, window, qtbot):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    speed = window.transport.findChild(QSlider)
    speed.setFocus()
    assert window.focusWidget() is speed
    panel.resume.click()
    qtbot.waitUntil(lambda: not panel.debugger.active, timeout=WAIT)
    assert window.focusWidget() is window.network_view


def test_keeping_the_steps_goes_on_from_there(panel, window, qtbot):
    session = window.session
    traced_anew(panel, qtbot, lambda: panel.debugger.walk("forward_epoch"))
    walked = panel.debugger.trace.moment.network.weights[0].copy()
    with qtbot.waitSignal(session.noticed) as noticed:
        panel.keep.click()
    assert "from the stepped weights" in noticed.args[0]
    qtbot.waitUntil(lambda: session.frame.epoch == 2, timeout=WAIT)
    np.testing.assert_array_equal(session.frame.weights[0], walked)
    assert len(session.history) == 2


def test_playing_again_ends_the_walk(panel, window, qtbot):
    window.session.play()
    qtbot.waitUntil(lambda: not panel.debugger.active, timeout=WAIT)
    qtbot.waitUntil(lambda: window.session.frame.epoch > 1, timeout=WAIT)
    assert panel.overlay.lit is None


def test_a_training_that_ran_goes_on(window, qtbot):
    window.session.play()
    qtbot.waitUntil(lambda: window.session.frame.epoch >= 1, timeout=WAIT)
    panel = opened(window, qtbot)
    assert not window.session.running
    panel.resume.click()
    qtbot.waitUntil(lambda: window.session.running, timeout=WAIT)


def test_another_experiment_ends_the_walk(panel, window, qtbot):
    window.session.reset()
    qtbot.waitUntil(lambda: not panel.debugger.active, timeout=WAIT)
    assert panel.debugger.trace is None


def test_the_window_makes_room_and_gives_it_back(window, qtbot):
    docks = window.docks.docks
    panel = opened(window, qtbot)
    assert docks["experiment"].isHidden()
    assert docks["debugger"].width() > 500
    panel.resume.click()
    qtbot.waitUntil(lambda: not panel.debugger.active, timeout=WAIT)
    assert not docks["experiment"].isHidden()


def test_closing_in_the_middle_remembers_the_usual_layout(window, qtbot):
    opened(window, qtbot)
    window.close()
    assert not window.docks.docks["experiment"].isHidden()


# ---------------------------------------------------------------- walking


def test_every_operation_forward_and_back(panel):
    debugger, keys = panel.debugger, []
    debugger.first()
    for _ in range(len(debugger.trace) - 1):
        keys.append(debugger.step.key)
        panel.player.forward()
    assert keys == [step.key for step in debugger.trace][:-1]
    assert debugger.position == len(debugger.trace) - 1
    for key in reversed(keys):
        panel.player.back()
        assert debugger.step.key == key


def test_behind_the_last_operation_comes_the_next_batch_and_back(panel, qtbot):
    debugger = panel.debugger
    debugger.last()
    new = {k: debugger.trace[f"newW{k}"].value.copy() for k in (1, 2)}
    traced_anew(panel, qtbot, panel.player.forward)
    assert panel.where.text().startswith("epoch 2 · batch 2/45")
    for k, weights in new.items():
        np.testing.assert_allclose(debugger.trace.given[f"W{k}"].value, weights, rtol=1e-5)
    traced_anew(panel, qtbot, panel.player.back)
    assert panel.where.text().startswith("epoch 2 · batch 1/45")
    assert debugger.position == len(debugger.trace) - 1


def test_by_layer_sample_batch_and_epoch(panel, qtbot):
    debugger, unit = panel.debugger, panel.player.unit
    unit.setCurrentIndex(1)
    panel.player.forward()
    assert debugger.step.key == "z2"
    unit.setCurrentIndex(2)
    panel.player.forward()
    assert debugger.focus.sample == 1
    panel.player.back()
    panel.player.back()
    assert debugger.focus.sample == 31
    unit.setCurrentIndex(3)
    traced_anew(panel, qtbot, panel.player.forward)
    assert debugger.trace.moment.batch == 1
    unit.setCurrentIndex(4)
    traced_anew(panel, qtbot, panel.player.forward)
    assert (debugger.trace.moment.epoch, debugger.trace.moment.batch) == (2, 0)
    traced_anew(panel, qtbot, panel.player.back)
    assert debugger.trace.moment.epoch == 1


def test_back_to_the_beginning(panel, window, qtbot):
    traced_anew(panel, qtbot, lambda: panel.debugger.walk("back"))
    assert panel.where.text().startswith("epoch 1 · batch 45/45")
    traced_anew(panel, qtbot, lambda: panel.debugger.walk("back_epoch"))
    assert panel.where.text().startswith("epoch 1 · batch 1/45")
    assert "back" in panel.keep.toolTip()
    with qtbot.waitSignal(window.session.noticed) as noticed:
        panel.debugger.walk("back")
    assert "where the training began" in noticed.args[0]


def test_keys(panel, qtbot):
    debugger, outline = panel.debugger, panel.outline
    outline.setFocus()
    for key, step in (
        (Qt.Key.Key_Right, "a1"), (Qt.Key.Key_Down, "z2"), (Qt.Key.Key_Left, "a1"),
        (Qt.Key.Key_End, "newb2"), (Qt.Key.Key_Home, "z1"),
    ):  # fmt: skip
        qtbot.keyClick(outline, key)
        assert debugger.step.key == step
    qtbot.keyClick(outline, Qt.Key.Key_PageDown)
    assert debugger.focus.sample == 1
    qtbot.keyClick(outline, Qt.Key.Key_Space)
    assert panel.player.playing
    qtbot.keyClick(outline, Qt.Key.Key_Space)
    assert not panel.player.playing


def test_playing_walks_on_by_itself(panel, qtbot):
    panel.player.pace.setCurrentIndex(4)
    panel.player.toggle()
    qtbot.waitUntil(lambda: panel.debugger.position >= 2, timeout=WAIT)
    panel.resume.click()
    qtbot.waitUntil(lambda: not panel.debugger.active, timeout=WAIT)
    assert not panel.player.playing


def test_the_outline_leads_to_every_step(panel):
    outline, debugger = panel.outline, panel.debugger
    for position, item in enumerate(outline._items):
        outline.itemClicked.emit(item, 0)
        assert debugger.position == position
    assert outline.topLevelItem(0).text(0) == "Forward"
    outline.itemClicked.emit(outline.topLevelItem(2), 0)
    assert debugger.step.key == "da2"


# ---------------------------------------------------------------- what is shown


def test_the_formula_is_shown_with_this_networks_numbers(panel):
    at(panel, "z1")
    element = panel.debugger.element()
    text = panel.arithmetic.worked.text()
    assert text.splitlines()[0].startswith("z")
    assert "more terms" in text
    assert f"{element.result:.3g}".strip("-0.")[:2] in text.replace("−", "-")
    assert panel.arithmetic.whole.text() == "z⁽¹⁾ = x·W⁽¹⁾ + b⁽¹⁾"


def test_every_step_and_tab_can_be_shown(panel, window, qapp):
    for tab in range(panel.tabs.count()):
        panel.tabs.setCurrentIndex(tab)
        for position in range(0, len(panel.debugger.trace), 1 + (tab > 0)):
            panel.debugger.go(position)
            window.grab()
    for name in ("light", "dark"):
        window.appearance.set_theme(name)
        window.grab()


def test_a_number_leads_to_where_it_comes_from(panel, qtbot):
    at(panel, "dz1")
    view, debugger = panel.arithmetic.worked, panel.debugger
    place = debugger.element().factors[0].place
    rect = view.link_rect(0)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert debugger.step.key == place.key == "da1"
    assert debugger.focus.of(debugger.step) == place.index


def test_a_click_on_the_drawing_brings_neuron_or_weight_into_focus(panel, window):
    view, debugger = window.network_view, panel.debugger
    view.pin(Neuron(1, 7))
    assert debugger.focus.neurons[1] == 7
    assert panel.tabs.tabText(panel.tabs.currentIndex()) == "Neuron"
    view.pin(Edge(0, 20, 9))
    assert debugger.focus.neurons[:2] == (20, 9)
    assert panel.tabs.tabText(panel.tabs.currentIndex()) == "Weight"
    card = panel.tabs.currentWidget()
    assert "∂L/∂w₂₁,₁₀⁽¹⁾ = " in card.rule.text()


def test_the_drawing_shows_the_walks_sample(panel, window):
    panel.debugger.show_sample(5)
    probe = window.network_view.frame.probe
    np.testing.assert_array_equal(probe.x, panel.debugger.trace.moment.x[5])
    assert probe.caption == "Sample 6 of the batch"


def test_the_drawing_lights_what_the_step_is_about(panel):
    overlay = panel.overlay
    at(panel, "z2")
    assert (overlay.lit.gap, overlay.lit.direction, overlay.lit.edge_role) == (1, 1, "data")
    at(panel, "dW1")
    assert (overlay.lit.gap, overlay.lit.direction) == (0, -1)
    assert overlay.lit.edge_role == "gradient"
    at(panel, "changeW1")
    assert overlay.lit.swells
    np.testing.assert_array_equal(overlay.lit.edges, panel.debugger.trace["changeW1"].value)


def test_the_legend_names_all_that_is_lit(panel):
    debugger, overlay = panel.debugger, panel.overlay
    for position in range(len(debugger.trace)):
        debugger.go(position)
        lit = overlay.lit
        assert lit.node_words.keys() == lit.nodes.keys()
        assert bool(lit.edge_words) == (lit.edges is not None)
    at(panel, "z2")
    assert overlay.lit.edge_words == "input × weight"
    assert overlay.lit.node_words == {1: "a, layer 1", 2: "z, layer 2"}
    at(panel, "changeW1")
    assert overlay.lit.edge_words == "change of the weights"


def test_who_sits_out_by_dropout_is_marked_in_the_step_and_the_legend(window, qtbot):
    layers = (HiddenLayer(12, dropout=0.5),)
    window.session.change(Experiment(network=NetworkSpec(hidden=layers)), "Dropout")
    qtbot.waitUntil(lambda: window.session.frame.shape.sizes == (64, 12, 10), timeout=WAIT)
    panel, view = opened(window, qtbot), window.network_view
    at(panel, "z1")
    qtbot.waitUntil(lambda: view.frame.sits_out != (), timeout=WAIT)
    marked = view.grab().toImage()
    absent = view.frame.sits_out[0]
    assert absent.any()
    view.set_frame(replace(view.frame, sits_out=()))
    plain = view.grab().toImage()
    neuron = view.place_of(Neuron(1, int(np.argmax(absent))))
    legend = (0, legend_top(view.picture().style, view.height()) - 8)
    for x, y in (neuron, legend):
        place = QRectF(x - 12, y - 12, 60, 24).toAlignedRect()
        assert marked.copy(place) != plain.copy(place)


def click_row(panel, qtbot, row):
    """Click a row of the table of terms; -1 is its heading."""
    sheet = panel.tabs.currentWidget().sheet
    place = sheet.place_of(row)
    at = QPoint(20, place.center().y())
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=at)
    return sheet.rows


def test_the_words_of_a_step_stand_under_its_lowest_number(window, qtbot):
    window.resize(1600, 1000)
    window.session.change(Experiment(network=NetworkSpec(hidden=(HiddenLayer(16),))), "Sixteen")
    qtbot.waitUntil(lambda: window.session.frame.shape.sizes == (64, 16, 10), timeout=WAIT)
    panel, view = opened(window, qtbot), window.network_view
    at(panel, "a1")
    picture = view.picture()
    layout, style = picture.layout, picture.style
    lowest = layout.centers[1][-1, 1] + layout.radii[1] + 2 + style.figures.height
    words = legend_top(style, view.height()) - 0.6 * style.title.height - style.title.cap / 2
    assert lowest <= words


def test_terms_are_sorted_and_fold(panel, qtbot):
    panel.tabs.setCurrentIndex(1)
    at(panel, "z1")
    sheet = panel.tabs.currentWidget().sheet
    rows = sheet.rows
    assert rows.shown == 12
    assert rows.folds
    assert len(rows) == 12 + 1 + 1 + 1  # the rest, the bias, the sum
    sizes = [abs(rows.share(row)) for row in range(12)]
    assert sizes == sorted(sizes, reverse=True)
    assert rows.texts(12)[0] == "52 more terms"
    assert "52 more terms" in sheet.accessibleDescription()
    rows = click_row(panel, qtbot, 12)
    assert len(rows) == 64 + 2
    rows = click_row(panel, qtbot, -1)
    assert rows.texts(0)[0].startswith("x₁·")  # as they come


def test_the_losses_of_the_samples_are_terms_too(panel, qtbot):
    panel.tabs.setCurrentIndex(1)
    at(panel, "L")
    worst = int(panel.debugger.trace["l"].value.argmax())
    assert panel.tabs.currentWidget().sheet.rows.texts(0)[0] == f"L{_lowered(worst + 1)}"
    click_row(panel, qtbot, 0)
    assert panel.debugger.step.key == "l"
    assert panel.debugger.focus.sample == worst


def _lowered(count):
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(each)] for each in str(count))


def test_matrices_can_be_clicked(panel, qtbot):
    at(panel, "z1")
    panel.tabs.setCurrentIndex(0)
    strip = panel.tabs.currentWidget()
    assert [each.shape for each in strip.matrices] == [(32, 64), (64, 64), (64,), (32, 64)]
    place = strip.places()[3]
    point = QPointF(place.x() + place.width() * 10.5 / 64, place.y() + place.height() * 4.5 / 32)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=point.toPoint())
    assert panel.debugger.focus.of(panel.debugger.step) == (4, 10)


def test_a_product_shows_its_matrices_as_they_are_multiplied(panel):
    at(panel, "dW1")
    panel.tabs.setCurrentIndex(0)
    left, right, result = panel.tabs.currentWidget().matrices
    np.testing.assert_allclose(left.values @ right.values, result.values, atol=1e-6)
    assert left.index(3, 5) == (5, 3)


@pytest.mark.parametrize("name", ["text", "LaTeX", "NumPy"])
def test_copying(panel, name):
    at(panel, "dW2")
    action = next(each for each in panel.copy.menu().actions() if each.data() == name)
    action.trigger()
    text = QGuiApplication.clipboard().text()
    assert {"text": "∂L/∂W⁽²⁾", "LaTeX": r"\frac", "NumPy": "import numpy"}[name] in text


# ---------------------------------------------------------------- on anything


def test_a_row_of_ones_choice(panel, window, qtbot):
    traced_anew(panel, qtbot, lambda: panel.debugger.choose(Subject("test", 7)))
    moment = panel.debugger.trace.moment
    np.testing.assert_allclose(moment.x[0], window.session.dataset.x_test[7], rtol=1e-6)
    assert "test row 7" in panel.where.text()
    assert "sample" not in panel.where.text()


def test_wrong_answers_one_after_the_other(panel, qtbot):
    rows = []
    panel.subjects.choice.setCurrentIndex(3)
    traced_anew(panel, qtbot, panel.subjects._choose)
    for _ in range(2):
        moment = panel.debugger.trace.moment
        assert panel.debugger.trace.outputs[0].argmax() != moment.y[0].argmax()
        rows.append(panel.debugger.traced.subject.index)
        traced_anew(panel, qtbot, panel.subjects.another.click)
    assert rows[0] < rows[1]


def test_teaching_it_the_drawing_and_taking_that_back(panel, window, qtbot):
    window.docks.panel("draw").canvas.load(sample(3))
    qtbot.waitUntil(lambda: window.session.frame.reading is not None, timeout=WAIT)
    traced_anew(panel, qtbot, lambda: panel.subjects.choose_drawing(3))
    before = panel.debugger.trace.outputs[0, 3]
    traced_anew(panel, qtbot, panel.subjects.teach_more.click)
    assert panel.debugger.trace.outputs[0, 3] > before
    assert "After 10 updates it says “3” with" in panel.subjects.outcome.text()
    traced_anew(panel, qtbot, panel.edits.undo.click)
    assert panel.debugger.trace.outputs[0, 3] == before


def test_nothing_drawn_is_said(panel, window, qtbot):
    with qtbot.waitSignal(window.session.noticed) as noticed:
        panel.subjects.choose_drawing(3)
    assert "draw a digit first" in noticed.args[0]


# ---------------------------------------------------------------- changing and testing numbers


def test_an_edit_recomputes_and_is_undone(panel, qtbot):
    debugger, edits = panel.debugger, panel.edits
    before = debugger.trace["z1"].value.copy()
    place = next(k for k, each in enumerate(edits._places) if each.key == "W1")
    edits.which.setCurrentIndex(place)
    traced_anew(panel, qtbot, lambda: edits.value.setValue(2.5))
    assert debugger.trace.value(edits._places[place]) == 2.5
    assert (debugger.trace["z1"].value != before).any()
    traced_anew(panel, qtbot, edits.undo.click)
    np.testing.assert_array_equal(debugger.trace["z1"].value, before)


@pytest.mark.parametrize(
    ("item", "step", "place"),
    [
        (Neuron(0, 20), "z1", Place("x", (0, 20))),
        (Neuron(1, 7), "z1", Place("b1", (7,))),
        (Edge(1, 7, 3), "z2", Place("W2", (7, 3))),
        (Neuron(2, 3), "z2", Place("b2", (3,))),
        (Neuron(2, 3), "l", Place("y", (0, 3))),
    ],
)
def test_numbers_are_changed_on_the_drawing(panel, window, qtbot, item, step, place):
    view, debugger = window.network_view, panel.debugger
    at(panel, step)
    before = debugger.trace.value(place)
    view.pin(item)
    view.activated.emit(item)
    field = window.stage.in_place.field
    field.line.setText("0.75")
    traced_anew(panel, qtbot, lambda: qtbot.keyClick(field.line, Qt.Key.Key_Return))
    assert debugger.trace.value(place) == 0.75
    assert debugger.step.key == step
    traced_anew(panel, qtbot, panel.edits.undo.click)
    assert debugger.trace.value(place) == before


def test_a_double_click_opens_the_field_and_escape_leaves_the_number(panel, window, qtbot):
    view = window.network_view
    x, y = view.place_of(Neuron(1, 7))
    point = QPointF(x, y).toPoint()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=point)
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=point)
    field = window.stage.in_place.field
    assert field.isVisible()
    traced = panel.debugger.traced
    field.line.setText("3")
    qtbot.keyClick(field.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.stage.in_place.field is None, timeout=WAIT)
    assert panel.debugger.traced is traced
    assert panel.debugger.active


def test_enter_on_what_is_kept_opens_the_field_and_leaving_closes_it(panel, window, qtbot):
    view = window.network_view
    view.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Return):
        qtbot.keyClick(view, key)
    assert window.stage.in_place.field.isVisible()
    panel.resume.click()
    qtbot.waitUntil(lambda: window.stage.in_place.field is None, timeout=WAIT)


def test_the_nudge_test_agrees(panel, qtbot):
    panel.tabs.setCurrentIndex(4)
    at(panel, "dW2")
    card, place = panel.tabs.currentWidget(), panel.debugger.weight_in_focus()
    fits = lambda answer: answer.nudge.place == place and answer.nudge.epsilon < 1e-4  # noqa: E731
    with qtbot.waitSignal(panel.debugger.nudged, timeout=WAIT, check_params_cb=fits) as answer:
        card.slider.setValue(-45)
    assert answer.args[0].nudge.difference < 1e-3


def test_checking_all(panel, qtbot):
    panel.tabs.setCurrentIndex(4)
    card = panel.tabs.currentWidget()
    with qtbot.waitSignal(panel.debugger.checked, timeout=WAIT):
        card.check.click()
    assert "400 of 4810 parameters" in card.verdict.text()


def test_the_optimizer_beside_plain_descent(panel, qtbot):
    at(panel, "changeW2")
    with qtbot.waitSignal(panel.debugger.xrayed, timeout=WAIT):
        panel.tabs.setCurrentIndex(5)
    card = panel.tabs.currentWidget()
    plots = card.plots
    lines = dict(plots.rows())["w"]
    assert sorted({float(line.x[0]) for line in lines}) == [-45.0, 0.0]
    past = next(line for line in lines if line.x[0] < 0)
    assert past.y[-1] == panel.debugger.trace.value(panel.debugger.weight_in_focus())
    assert "its last 45 updates" in card.note.text()
    assert [title for title, _ in plots.rows()] == ["w", "g", "m", "v", "m\u0302", "v\u0302", "Δw"]


# ---------------------------------------------------------------- the lesson


def test_the_two_two_one_lesson_can_be_walked_end_to_end(window, qtbot):
    window.session.change(lesson(), "The lesson")
    qtbot.waitUntil(lambda: window.session.frame.shape.sizes == (2, 2, 1), timeout=WAIT)
    panel = opened(window, qtbot)
    debugger = panel.debugger
    for _ in range(len(debugger.trace)):
        window.grab()
        element = debugger.element()
        assert np.isfinite(element.result)
        panel.player.forward()
    qtbot.waitUntil(lambda: debugger.trace.moment.epoch == 1, timeout=WAIT)


def test_settings_changed_meanwhile_are_taken_over(panel, window, qtbot):
    from dataclasses import replace

    session = window.session
    train = replace(session.experiment.train, learning_rate=0.25)
    changed = replace(session.experiment, train=train)
    traced_anew(panel, qtbot, lambda: session.change(changed, "Learning rate"))
    assert panel.debugger.trace.moment.learning_rate == 0.25


# ---------------------------------------------------------------- in the wrong order


def test_what_was_refused_is_not_shown_as_chosen(panel, qtbot):
    choice = panel.subjects.choice
    choice.setCurrentIndex(DRAWING)
    with qtbot.waitSignal(panel.debugger.refused, timeout=WAIT) as refused:
        choice.activated.emit(DRAWING)
    assert "draw a digit first" in refused.args[0]
    assert choice.currentIndex() == BATCH
    assert panel.debugger.traced.subject.kind == "batch"


def test_a_number_beyond_the_networks_type_is_refused(panel, qtbot):
    with qtbot.waitSignal(panel.debugger.refused, timeout=WAIT) as refused:
        panel.debugger.edit(Place("W1", (0, 0)), 1e300)
    assert "at most 3.4e+38" in refused.args[0]
    assert not panel.debugger.traced.edited


def test_teaching_that_is_taken_back_says_no_more_what_it_brought(panel, qtbot):
    traced_anew(panel, qtbot, lambda: panel.debugger.choose(Subject("test", 3)))
    traced_anew(panel, qtbot, panel.subjects.teach_once.click)
    assert panel.subjects.outcome.isVisible()
    traced_anew(panel, qtbot, panel.edits.undo.click)
    assert not panel.subjects.outcome.isVisible()


def test_a_closed_panel_ends_the_walk(panel, window, qtbot):
    window.docks.docks["debugger"].close()
    qtbot.waitUntil(lambda: not panel.debugger.active, timeout=WAIT)
    assert window.network_view.frame is window.session.frame


def test_what_cannot_be_followed_is_refused_and_the_training_lives(panel, window, qtbot):
    class Stuck:
        def __iter__(self):
            return self

        def __next__(self):
            raise ValueError("weights[0] must be finite")

    desk = panel.debugger._desk
    desk._xray = Stuck()
    with qtbot.waitSignal(panel.debugger.refused, timeout=WAIT) as refused:
        panel.debugger._desk = desk
        debugger = panel.debugger
        window.session.ask(lambda run: desk._following(desk._xray), partial(debugger._take, desk))
    assert refused.args == ["this parameter cannot be followed: weights[0] must be finite"]
    traced_anew(panel, qtbot, lambda: panel.debugger.walk("forward"))


def test_walk_after_walk_leaves_no_tabs_behind(panel, window, qtbot):
    shown = [dock.isVisible() for dock in window.docks.docks.values()]
    for size in ((640, 400), (1280, 800)):
        window.resize(*size)
    for _ in range(3):
        panel.debugger.leave()
        qtbot.waitUntil(lambda: not panel.debugger.active, timeout=WAIT)
        here = Qt.FindChildOption.FindDirectChildrenOnly
        assert sum(tabs.isVisible() for tabs in window.findChildren(QTabBar, options=here)) == 1
        assert window.docks.docks["experiment"].isVisible()
        opened(window, qtbot)
    assert [dock.isVisible() for dock in window.docks.docks.values()] == shown
