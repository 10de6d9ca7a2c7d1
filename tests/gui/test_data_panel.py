"""The data panel on the real window: points touched, classes counted, rows opened."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from engine.data_sources import Digits, FirstInputTable
from engine.datasets import load
from engine.drawn_data import DrawnClasses, DrawnCurve, DrawnHeights, DrawnSeveral
from engine.spec import DataSpec
from engine.surfaces import Surface
from engine.toy_data import Bumps, Circle, Sine
from gui.drawing.samples import sample

FEW = DrawnClasses(
    points=((-4.0, -4.0, 0.0), (4.0, 4.0, 1.0), (-4.0, 4.0, 0.0)), test_points=((4.0, -4.0, 1.0),)
)


def panel_of(window):
    return window.docks.panel("data")


def in_front(window, name="data"):
    """Tell whether a panel is seen, and not behind another tab."""
    return window.rect().intersects(window.docks.docks[name].geometry())


def fresh(dataset, spec):
    """Tell whether these rows are those of the spec.

    By value: when this thread and the worker load at the same moment, each has its own rows.
    """
    wanted = load(spec)
    rows = ("x_train", "y_train", "x_test", "y_test")
    return all(np.array_equal(getattr(dataset, each), getattr(wanted, each)) for each in rows)


def learn(window, qtbot, source, **data):
    """Give the window other data, and wait until the panel shows them."""
    session = window.session
    spec = replace(session.experiment.data, source=source, **data)
    session.change(replace(session.experiment, data=spec), "Other data")

    def shown():
        frame = session.frame
        if frame is None or frame.generation != session._generation or frame.seen is None:
            return False
        return fresh(session.dataset, spec) and frame.seen.health is not None

    qtbot.waitUntil(shown, timeout=20_000)
    qtbot.waitUntil(lambda: in_front(window) or isinstance(source, Digits))
    return panel_of(window).page


def open_panel(window, qtbot):
    window.docks.docks["data"].raise_()
    qtbot.waitUntil(lambda: in_front(window))
    session = window.session
    qtbot.waitUntil(lambda: session.frame.seen.answers is not None, timeout=20_000)
    qtbot.waitUntil(lambda: panel_of(window).page.matrix.answers is not None)
    return panel_of(window).page


def spot(plot, *place):
    """Return the pixel of a place of the data."""
    x, y = plot.geometry_now().to_pixels(np.array([place], float))[0]
    return QPoint(round(x), round(y))


def move(plot, at, buttons=Qt.MouseButton.NoButton):
    """Move the mouse over the plot, as the window system would tell it."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        QPointF(plot.mapToGlobal(at)),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(plot, event)


def wait_for(qtbot, window, points):
    """Wait until the session's data are `points` and the plot shows them."""

    def shown():
        source, data = window.session.experiment.data.source, window.session.dataset
        drawn = panel_of(window).page.plot.cloud.data is data
        return source.points == points and drawn and fresh(data, window.session.experiment.data)

    qtbot.waitUntil(shown, timeout=20_000)


# ---------------------------------------------------------------- two inputs


def test_what_suits_the_data_comes_to_the_front(window, qtbot):
    assert in_front(window, "draw")
    assert not in_front(window)
    learn(window, qtbot, Circle())
    assert in_front(window)
    window.session.undo_stack.undo()
    qtbot.waitUntil(lambda: in_front(window, "draw"), timeout=20_000)


def test_points_lie_over_the_surface_and_misread_ones_are_marked(window, qtbot):
    page = learn(window, qtbot, Circle())
    seen = window.session.frame.seen
    assert isinstance(seen.surface, Surface)
    data = window.session.dataset
    wrong = (window.session.frame.seen.answers.misread + len(data.x_train)).tolist()
    assert page.plot.misread().tolist()[-len(wrong) :] == wrong
    assert page.key.text() == f"train 400, test 100, misread {len(page.plot.misread())}"
    assert len(page.plot.cloud) == 500


def test_the_surface_is_renewed_while_it_learns(window, qtbot):
    page = learn(window, qtbot, Circle())
    first = page.plot.frame.seen.surface
    window.session.set_speed(None)
    window.session.play()
    qtbot.waitUntil(lambda: page.plot.frame.seen.surface is not first, timeout=20_000)
    window.session.pause()


def test_a_click_adds_a_point_of_the_chosen_class_and_undo_takes_it_back(window, qtbot):
    page = learn(window, qtbot, FEW)
    qtbot.mouseClick(page.brushes.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.plot, Qt.MouseButton.LeftButton, pos=spot(page.plot, 0, 0))
    added = window.session.experiment.data.source.points[-1]
    assert added[2] == 0.0
    assert added[:2] == pytest.approx((0, 0), abs=0.06)
    assert window.session.undo_stack.undoText() == "Add a point"
    wait_for(qtbot, window, (*FEW.points, added))
    window.session.undo_stack.undo()
    wait_for(qtbot, window, FEW.points)


def test_the_training_goes_on_when_points_and_classes_change(window, qtbot):
    page = learn(window, qtbot, FEW)
    session = window.session
    session.play_until(40)
    qtbot.waitUntil(lambda: session.frame.epoch == 40, timeout=20_000)
    known = session.frame.weights
    qtbot.mouseClick(page.plot, Qt.MouseButton.LeftButton, pos=spot(page.plot, 0, 0))
    wait_for(qtbot, window, session.experiment.data.source.points)
    qtbot.waitUntil(lambda: session.frame.generation == session._generation)
    assert session.frame.epoch == len(session.history) == 40
    assert all(np.array_equal(a, b) for a, b in zip(session.frame.weights, known, strict=True))

    press(qtbot, page.brushes.more)
    qtbot.waitUntil(lambda: session.frame.shape.sizes[-1] == 3, timeout=20_000)
    assert session.frame.epoch == 40
    assert np.array_equal(session.frame.weights[0], known[0])
    session.undo_stack.undo()
    qtbot.waitUntil(lambda: session.frame.shape.sizes[-1] == 1, timeout=20_000)
    assert session.frame.epoch == 40
    assert np.allclose(session.frame.weights[-1], known[-1])
    session.step()
    qtbot.waitUntil(lambda: session.frame.epoch == 41, timeout=20_000)
    assert session.history["epoch"].tolist() == list(range(1, 42))


def test_a_point_is_dragged(window, qtbot):
    page = learn(window, qtbot, FEW)
    plot = page.plot
    start, end = spot(plot, 4, 4), spot(plot, 1, -2)
    move(plot, start)
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=start)
    move(plot, (start + end) / 2, Qt.MouseButton.LeftButton)
    move(plot, end, Qt.MouseButton.LeftButton)
    assert window.session.experiment.data.source == FEW  # not before it is let go
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=end)
    moved = window.session.experiment.data.source.points[1]
    assert moved[:2] == pytest.approx((1, -2), abs=0.06)
    assert moved[2] == 1.0
    assert window.session.undo_stack.undoText() == "Move a point"


def test_escape_lets_go_of_a_dragged_point(window, qtbot):
    plot = learn(window, qtbot, FEW).plot
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=spot(plot, 4, 4))
    move(plot, spot(plot, 0, 0), Qt.MouseButton.LeftButton)
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=spot(plot, 0, 0))
    assert window.session.experiment.data.source == FEW


def right_click(plot, at):
    QApplication.sendEvent(
        plot, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, plot.mapToGlobal(at))
    )


def test_a_right_click_removes_a_point_but_never_the_last(window, qtbot):
    plot = learn(window, qtbot, FEW).plot
    move(plot, spot(plot, 4, 4))
    right_click(plot, spot(plot, 4, 4))
    assert window.session.experiment.data.source.points == (FEW.points[0], FEW.points[2])
    lonely = DrawnClasses(points=((0.0, 0.0, 1.0),))
    plot = learn(window, qtbot, lonely).plot
    move(plot, spot(plot, 0, 0))
    with qtbot.waitSignal(window.session.noticed) as told:
        right_click(plot, spot(plot, 0, 0))
    assert "cannot be removed" in told.args[0]
    assert window.session.experiment.data.source == lonely


def press(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_classes_are_added_up_to_six_and_undo_takes_them_back(window, qtbot):
    page = learn(window, qtbot, FEW)
    for classes in range(3, 7):
        press(qtbot, page.brushes.more)
        shown = partial(lambda count: len(page.brushes.buttons) == count, classes)
        qtbot.waitUntil(shown, timeout=20_000)
        assert window.session.dataset.class_names == tuple("012345"[:classes])
    assert not page.brushes.more.isVisible()
    assert page.brushes.answer == (5.0,)  # the new one is at hand
    at = spot(page.plot, 0, 3)
    qtbot.mouseClick(page.plot, Qt.MouseButton.LeftButton, pos=at)
    source = window.session.experiment.data.source
    assert isinstance(source, DrawnSeveral)
    assert source.points[-1][2] == 5.0
    assert source.test_points == FEW.test_points
    wait_for(qtbot, window, source.points)
    assert len(page.plot.frame.seen.surface.values) == 6
    for _ in range(5):
        window.session.undo_stack.undo()
    qtbot.waitUntil(lambda: len(page.brushes.buttons) == 2, timeout=20_000)
    assert window.session.experiment.data.source == FEW


def test_a_point_is_given_another_class_by_mouse_and_by_key(window, qtbot):
    page = learn(window, qtbot, DrawnSeveral())
    press(qtbot, page.brushes.buttons[2])
    first = window.session.experiment.data.source.points[0]
    at, shift = spot(page.plot, *first[:2]), Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(page.plot, Qt.MouseButton.LeftButton, shift, at)
    changed = window.session.experiment.data.source.points
    assert changed[0] == (*first[:2], 2.0)
    assert window.session.undo_stack.undoText() == "Change a point"
    wait_for(qtbot, window, changed)
    press(qtbot, page.brushes.buttons[1])
    page.plot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(page.plot, Qt.Key.Key_PageDown)
    qtbot.keyClick(page.plot, Qt.Key.Key_Space)
    assert window.session.experiment.data.source.points[0] == (*first[:2], 1.0)


def test_a_new_height_is_typed_and_given_to_another_point(window, qtbot):
    page = learn(window, qtbot, DrawnHeights())
    page.brushes.number.setFocus()
    page.brushes.number.selectAll()
    qtbot.keyClicks(page.brushes.number, "0.35")
    qtbot.mouseClick(page.plot, Qt.MouseButton.LeftButton, pos=spot(page.plot, 2, -1))
    source = window.session.experiment.data.source
    assert source.points[-1][2] == 0.35
    wait_for(qtbot, window, source.points)
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(page.plot, Qt.MouseButton.LeftButton, shift, spot(page.plot, 0, 0))
    assert window.session.experiment.data.source.points[2] == (0.0, 0.0, 0.35)


def test_a_height_is_dragged_up_and_nudged_by_keys(window, qtbot):
    plot = learn(window, qtbot, DrawnHeights()).plot
    session, before = window.session, window.session.experiment.data.source
    at, left, shift = spot(plot, 0, 0), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    qtbot.mousePress(plot, left, shift, at)
    move(plot, at - QPoint(0, 40), left)
    assert plot.cursor().shape() == Qt.CursorShape.SizeVerCursor
    assert plot.new_height is not None
    qtbot.mouseRelease(plot, left, shift, at - QPoint(0, 40))
    lifted = session.experiment.data.source
    assert lifted.points[2][:2] == before.points[2][:2]
    assert lifted.points[2][2] > before.points[2][2]
    assert session.undo_stack.undoText() == "Change a height"
    wait_for(qtbot, window, lifted.points)
    qtbot.keyClick(plot, Qt.Key.Key_PageDown)
    heights = [before.points[0][2]]
    for _ in range(2):  # the crosshair stays on the point
        qtbot.keyClick(plot, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
        nudged = session.experiment.data.source
        heights.append(nudged.points[0][2])
        wait_for(qtbot, window, nudged.points)
    assert heights[0] < heights[1] < heights[2]
    for _ in range(3):
        session.undo_stack.undo()
    assert session.experiment.data.source == before


def test_a_made_up_data_set_becomes_drawn_when_it_is_touched(window, qtbot):
    page = learn(window, qtbot, Circle(samples=40))
    data = window.session.dataset
    extent = page.plot.extent
    corner = spot(page.plot, extent.left + 0.1, extent.bottom + 0.1)
    qtbot.mouseClick(page.plot, Qt.MouseButton.LeftButton, pos=corner)
    source = window.session.experiment.data.source
    assert isinstance(source, DrawnClasses)
    assert len(source.points) == len(data.x_train) + 1
    np.testing.assert_allclose(np.array(source.test_points)[:, :2], data.x_test, atol=1e-4)


def test_a_click_on_a_test_point_lets_it_flow_through_the_network(window, qtbot):
    plot = learn(window, qtbot, FEW).plot
    with qtbot.waitSignal(window.session.noticed) as told:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=spot(plot, 4, 4))
    assert told.args[0].startswith("Only test points")
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=spot(plot, 4, -4))
    qtbot.waitUntil(lambda: plot.probe_place() == (4.0, -4.0))
    assert window.session.experiment.data.source == FEW


def test_the_line_below_tells_about_the_place_under_the_pointer(window, qtbot):
    page = learn(window, qtbot, FEW)
    assert page.told.text().startswith("Click to add")
    move(page.plot, spot(page.plot, 4, -4))
    assert page.told.text().startswith("x₁ 4, x₂ −4 · test point, class 1 · network 0.")
    assert page.plot.accessibleDescription() == page.told.text()


def test_everything_can_be_done_with_keys(window, qtbot):
    page = learn(window, qtbot, FEW)
    plot = page.plot
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(plot, Qt.Key.Key_PageDown)
    assert plot.point == 0
    assert "train point, class 0" in plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    moved = window.session.experiment.data.source.points[0]
    assert moved[0] > -4
    wait_for(qtbot, window, (moved, *FEW.points[1:]))
    qtbot.keyClick(plot, Qt.Key.Key_PageUp)
    qtbot.keyClick(plot, Qt.Key.Key_PageUp)
    qtbot.keyClick(plot, Qt.Key.Key_Delete)
    assert len(window.session.experiment.data.source.points) == 2
    wait_for(qtbot, window, window.session.experiment.data.source.points)
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    for _ in range(3):
        qtbot.keyClick(plot, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    place = plot.place
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert window.session.experiment.data.source.points[-1][:2] == pytest.approx(place, abs=1e-3)


def test_discretise_paints_the_decision_alone(window, qtbot):
    page = learn(window, qtbot, Circle())
    soft = page.plot.grab().toImage()
    qtbot.mouseClick(page.discrete, Qt.MouseButton.LeftButton)
    assert page.plot.discrete
    assert page.plot.grab().toImage() != soft


def test_a_cell_of_two_classes_marks_its_points(window, qtbot):
    page = learn(window, qtbot, FEW)
    answers = window.session.frame.seen.answers
    cell = (1, int(answers.predicted[0]))
    box = page.matrix._box(*cell)
    qtbot.mouseClick(page.matrix, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert page.plot.cell == cell
    assert page.plot.marked().tolist() == [3]


@pytest.mark.parametrize("source", [Bumps(samples=60), Sine(samples=40)])
def test_heights_and_curves_are_shown_and_changed_likewise(window, qtbot, source):
    page = learn(window, qtbot, source)
    assert not page.matrix.isVisible()
    assert page.plot.misread().size == 0
    extent = page.plot.extent
    corner = spot(page.plot, extent.left + 0.02 * extent.width, extent.top - 0.02 * extent.height)
    qtbot.mouseClick(page.plot, Qt.MouseButton.LeftButton, pos=corner)
    drawn = window.session.experiment.data.source
    assert drawn.task == "regression"
    if isinstance(source, Sine):
        assert isinstance(drawn, DrawnCurve)
        assert drawn.points[-1][1] == pytest.approx(extent.top, abs=0.1 * extent.height)
    qtbot.waitUntil(lambda: window.session.dataset.name == drawn.label, timeout=20_000)


# ---------------------------------------------------------------- classes


def test_the_matrix_counts_every_test_digit(window, qtbot):
    page = open_panel(window, qtbot)
    answers = window.session.frame.seen.answers
    assert page.matrix.answers.confusion.sum() == len(window.session.dataset.x_test)
    assert page.standing.text() == f"{len(answers.misread)} of 360 test digits misread"


def test_a_cell_opens_its_digits_and_a_digit_flows_through_the_network(window, qtbot):
    page = open_panel(window, qtbot)
    answers = page.matrix.answers
    true, predicted = answers.true[answers.misread[0]], answers.predicted[answers.misread[0]]
    box = page.matrix._box(int(true), int(predicted))
    qtbot.mouseClick(page.matrix, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert {(t.true, t.answer) for t in page.gallery.tiles} == {(str(true), str(predicted))}
    row = page.gallery.tiles[-1].row
    center = page.gallery._box(len(page.gallery.tiles) - 1).center().toPoint()
    qtbot.mouseClick(page.gallery, Qt.MouseButton.LeftButton, pos=center)
    qtbot.waitUntil(lambda: window.session.frame.probe.index == row)
    assert page.gallery.shown_row == row
    qtbot.mouseClick(page.all, Qt.MouseButton.LeftButton)
    assert len(page.gallery.tiles) == min(len(answers.misread), 200)


def test_a_misread_digit_is_handed_to_the_debugger_and_the_others_follow(window, qtbot):
    page = open_panel(window, qtbot)
    gallery, debugger = page.gallery, window.docks.panel("debugger")
    rows = [tile.row for tile in gallery.tiles]

    def shown(row):
        traced = debugger.debugger.traced
        return traced is not None and (traced.subject.kind, traced.subject.index) == ("test", row)

    at = gallery._box(1).center().toPoint()
    qtbot.mouseClick(gallery, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(gallery, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: shown(rows[1]), timeout=20_000)
    qtbot.waitUntil(lambda: in_front(window, "debugger"))
    press(qtbot, debugger.subjects.another)
    qtbot.waitUntil(lambda: shown(rows[2]), timeout=20_000)
    press(qtbot, debugger.resume)
    qtbot.waitUntil(lambda: not debugger.debugger.active, timeout=20_000)
    window.docks.docks["data"].raise_()
    press(qtbot, page.debug)
    qtbot.waitUntil(lambda: shown(rows[1]), timeout=20_000)
    press(qtbot, debugger.resume)
    qtbot.waitUntil(lambda: not debugger.debugger.active, timeout=20_000)


def test_matrix_and_gallery_by_keys(window, qtbot):
    page = open_panel(window, qtbot)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(page.matrix, key)
    assert " of class 1 " in page.matrix.accessibleDescription()
    qtbot.keyClick(page.matrix, Qt.Key.Key_Return)
    assert page.matrix.cell == (1, 1)
    qtbot.keyClick(page.matrix, Qt.Key.Key_Escape)
    assert page.matrix.cell is None
    page.gallery.setFocus()
    qtbot.keyClick(page.gallery, Qt.Key.Key_Right)
    qtbot.keyClick(page.gallery, Qt.Key.Key_Return)
    row = page.gallery.tiles[1].row
    qtbot.waitUntil(lambda: window.session.frame.probe.index == row)


def test_a_class_tells_precision_recall_and_accuracy(window, qtbot):
    matrix = open_panel(window, qtbot).matrix
    box = matrix._box(3, 0)
    at = QPoint(round(box.left()) - 8, round(box.center().y()))
    assert matrix.cell_at(at.x(), at.y()) == (3, -1)
    told = matrix.describe((3, -1))
    recall = matrix.answers.scores.recall[3]
    assert told.startswith(f"Class 3: {recall:.0%} of them found (recall)")
    assert "precision" in told
    assert "accuracy" in told
    event = QHelpEvent(QEvent.Type.ToolTip, at, matrix.mapToGlobal(at))
    assert QApplication.sendEvent(matrix, event)


def test_a_truth_table_is_counted_without_pictures(window, qtbot):
    page = learn(window, qtbot, FirstInputTable())
    assert page is panel_of(window).classes_page
    assert page.matrix.answers.confusion.shape == (2, 2)
    assert "of 4 training rows misread" in page.standing.text()


# ---------------------------------------------------------------- the whole


def test_one_panel_serves_all_data_sets_one_after_the_other(window, qtbot):
    panel = panel_of(window)
    pages = [
        learn(window, qtbot, source)
        for source in (Circle(), Sine(), Digits(), Bumps(), FirstInputTable())
    ]
    plot, classes = panel.plot_page, panel.classes_page
    assert pages == [plot, plot, classes, plot, classes]


def test_it_looks_right_in_light_too(window, qtbot):
    page = learn(window, qtbot, Circle())
    dark = page.plot.grab().toImage()
    window.appearance.toggle_theme()
    light = page.plot.grab().toImage()
    at = spot(page.plot, -5.9, -5.9)
    assert light.pixelColor(at).lightness() > dark.pixelColor(at).lightness()


def test_dropping_the_test_rows_judges_the_training_rows(window, qtbot):
    page = learn(window, qtbot, Circle(samples=50), test_fraction=0.0)
    assert page.key.text().startswith("train 50, misread")
    assert page.matrix.answers.confusion.sum() == 50


def test_places_outside_the_plot_add_nothing(window, qtbot):
    plot = learn(window, qtbot, FEW).plot
    geometry = plot.geometry_now()
    outside = QPointF(geometry.x - 10, geometry.y + geometry.height + 10).toPoint()
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=outside)
    assert window.session.experiment.data == DataSpec(source=FEW)


def test_a_digit_of_the_gallery_is_shown_in_place_of_a_drawing(window, qtbot):
    window.docks.panel("draw").canvas.load(sample(3))
    qtbot.waitUntil(lambda: window.session.frame.probe.source == "drawing", timeout=20_000)
    page = open_panel(window, qtbot)
    page.gallery.chosen.emit(page.gallery.tiles[2].row)
    qtbot.waitUntil(lambda: window.session.frame.probe.source == "row", timeout=20_000)
    assert window.session.frame.reading is not None  # and the drawing is still read
    window.docks.panel("draw").canvas.load(sample(4))
    qtbot.waitUntil(lambda: window.session.frame.probe.source == "drawing", timeout=20_000)
