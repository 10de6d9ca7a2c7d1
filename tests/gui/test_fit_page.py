"""Predicted against true in the real window: shown live, pointed at, chosen, opened."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from engine.datasets import Dataset
from engine.fit import Fit
from engine.spec import Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.table_data import Sheet, TableData
from gui import theme
from gui.data.cloud import draw_copies
from gui.data.fit_key import Entry, FitLine
from gui.tables.opening import with_table
from gui.training.overview import JUDGED_ROWS, Overview
from tests.gui.test_overview import look_until_nothing_is_left


def table(rows, target="price"):
    """Return a table with three inputs and a number that depends on them."""
    a, b, c = np.random.default_rng(0).normal(size=(3, rows)).round(3)
    price = 300 + 100 * (a - b + 0.5 * c)
    lines = [",".join(f"{value:g}" for value in row) for row in zip(a, b, c, price, strict=True)]
    return Sheet("things.csv", "\n".join([f"a,b,c,{target}", *lines]), target, "number")


def experiment_on(sheet, test_fraction=0.25):
    network = NetworkSpec(hidden=(HiddenLayer(8),))
    experiment = Experiment(network=network, train=TrainSpec(learning_rate=0.01))
    data = replace(experiment.data, test_fraction=test_fraction)
    return with_table(replace(experiment, data=data), sheet)


def panel_of(window):
    return window.docks.panel("data")


def opened_on(qtbot, window, experiment):
    """Open an experiment, and wait until its fit is shown."""
    session, page = window.session, panel_of(window).fit_page
    session.open(experiment, "A table", play=False)

    def shown():
        return (
            session.dataset.name == experiment.data.source.title
            and session.frame.seen.fit is not None
            and page.plot.fit is session.frame.seen.fit
        )

    qtbot.waitUntil(shown, timeout=20_000)
    assert panel_of(window).page is page
    qtbot.waitUntil(page.isVisible)
    return page


@pytest.fixture
def page(qtbot, window):
    return opened_on(qtbot, window, experiment_on(table(120)))


def spot(plot, row):
    return QPointF(*plot.pixels()[row]).toPoint()


def alone(plot):
    """Return a row whose point has no other near it."""
    pixels = plot.pixels()
    away = np.hypot(*(pixels[:, None] - pixels[None]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    return int(away.min(axis=1).argmax())


def move(plot, at):
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        QPointF(plot.mapToGlobal(at)),
        none,
        none,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(plot, event)


def train(qtbot, window, epochs):
    session = window.session
    session.play_until(epochs)
    page = panel_of(window).fit_page

    def over():
        at_rest = session.frame.epoch == epochs and not session.running
        return at_rest and page.plot.fit is session.frame.seen.fit

    qtbot.waitUntil(over, timeout=20_000)


# ---------------------------------------------------------------- what is shown


def test_points_and_figures_follow_the_training(qtbot, window, page):
    before = page.plot.fit
    train(qtbot, window, 150)
    qtbot.waitUntil(lambda: page.plot.fit.r2 > max(before.r2, 0.5), timeout=20_000)
    fit = page.plot.fit
    assert page.figures.text() == f"R² {fit.r2:.3f}, typical error {fit.rmse:.1f}"
    assert page.key.text().startswith("test rows 30, perfect prediction")
    data = window.session.dataset
    assert len(fit.true) == len(data.x_test)
    prices = 300 + 100 * data.scaling.invert(data.x_test) @ [1, -1, 0.5]
    np.testing.assert_allclose(fit.true, prices)


def test_what_is_said_of_the_last_moment_is_of_the_weights_shown(qtbot, window, page):
    train(qtbot, window, 3)

    def alike():
        # The frame's own example, which is newer than anything that is looked at less often.
        probe, fit = window.session.frame.probe, page.plot.fit
        scaling = window.session.dataset.target_scaling
        said = scaling.invert(probe.outputs[None].astype(float))[0, 0]
        return np.isclose(said, fit.predicted[probe.index], rtol=1e-4)

    qtbot.waitUntil(alike, timeout=20_000)


def test_training_rows_where_none_are_held_back(qtbot, window):
    page = opened_on(qtbot, window, experiment_on(table(40), test_fraction=0.0))
    assert page.key.text().startswith("training rows 40")
    window.session.show_row(3)
    qtbot.waitUntil(lambda: page.plot.chosen_row == 3)
    move(page.plot, spot(page.plot, alone(page.plot)))
    assert page.told.text().startswith("Training row")


def test_the_axes_stand_still_and_mark_what_lies_beyond_them(page):
    plot = page.plot
    fit, extent = plot.fit, plot.extent
    assert extent.left == extent.bottom <= fit.true.min()
    assert extent.right == extent.top >= fit.true.max()
    predicted = fit.true.copy()
    predicted[:4] = 1e9, -1e9, np.inf, np.nan
    plot.show_fit(Fit(fit.true, predicted, np.nan, np.nan))
    assert plot.beyond()[:4].tolist() == [1, -1, 1, 0]
    geometry = plot.axes_now().geometry
    heights = plot.pixels()[:3, 1]
    assert (heights > geometry.y).all()
    assert (heights < geometry.y + geometry.height).all()
    assert heights[0] == heights[2] < heights[1]
    assert plot.row_at(QPointF(*plot.pixels()[0])) is not None
    plot.grab()  # a point that is nowhere is not drawn
    page._fit = plot.fit
    page._count()
    assert page.figures.text() == "R² –, typical error not a number"
    assert page.key.text().endswith("beyond the edge 3")


def test_the_picture_has_a_square_frame_and_points_in_both_themes(qtbot, window, page):
    plot = page.plot
    geometry = plot.axes_now().geometry
    assert geometry.width == geometry.height
    row = alone(plot)
    for name in ("dark", "light"):
        window.appearance.set_theme(name)
        window.session.show_row(row + 1)  # no ring around it
        qtbot.waitUntil(lambda: plot.chosen_row == (row + 1) % len(plot.fit.true))
        image = plot.grab().toImage()
        ratio = image.devicePixelRatio()
        seen = image.pixelColor((QPointF(spot(plot, row)) * ratio).toPoint())
        assert seen == theme.palette().color("test")


def test_it_follows_the_size_of_the_text(qtbot, window, page):
    before = page.plot.axes_now().geometry.x, page.key.sizeHint().height()
    for _ in range(3):
        window.appearance.enlarge_text()
    qtbot.waitUntil(lambda: page.key.sizeHint().height() > before[1])
    qtbot.waitUntil(lambda: page.plot.axes_now().geometry.x > before[0])


def test_other_data_and_back(qtbot, window, page):
    panel, session = panel_of(window), window.session
    before = session.experiment
    classes = replace(before, data=replace(before.data, source=TableData()))
    session.change(classes, "Classes")
    qtbot.waitUntil(lambda: session.dataset.name == "iris.csv", timeout=20_000)
    assert panel.page is panel.classes_page
    qtbot.waitUntil(lambda: panel.classes_page.matrix.answers is not None, timeout=20_000)
    session.undo_stack.undo()
    qtbot.waitUntil(lambda: session.dataset.name == "things.csv", timeout=20_000)
    assert panel.page is page
    qtbot.waitUntil(lambda: page.plot.fit is not None, timeout=20_000)


def test_a_fit_of_the_data_before_is_not_shown(qtbot, window, page):
    data = window.session.dataset
    other = Dataset.from_arrays(
        data.x_test, data.y_test + 1, task="regression", target_scaling=data.target_scaling
    )
    page.show_data(other)
    page.show_frame(window.session.frame)
    assert page.plot.fit is None
    assert page.figures.text() == "R² –, typical error –"


def test_several_numbers_to_learn_are_not_drawn(window):
    panel = panel_of(window)
    several = Dataset.from_arrays(np.eye(4), np.eye(4)[:, :2], task="regression")
    assert panel._page_for(several) is panel.nothing


# ---------------------------------------------------------------- pointed at, chosen, opened


def test_a_point_tells_about_its_row(page):
    plot = page.plot
    row = alone(plot)
    move(plot, spot(plot, row))
    assert plot.row == row
    true, predicted = plot.fit.true[row], plot.fit.predicted[row]
    way = "high" if predicted > true else "low"
    said, values = page.told.text().split("\n")
    assert said == f"Test row {row} · {abs(predicted - true):.0f} too {way}"
    assert values == f"true {true:.0f} · predicted {predicted:.0f}".replace("-", "−")
    assert plot.accessibleDescription() == page.told.text()
    move(plot, QPoint(2, 2))
    assert plot.row is None
    assert page.told.text().startswith("Click a point")


def test_a_click_shows_the_row_in_the_network(qtbot, window, page):
    plot = page.plot
    row = alone(plot)
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=spot(plot, row))
    qtbot.waitUntil(lambda: window.session.frame.probe.index == row)
    assert plot.chosen_row == row


def test_a_click_beside_the_points_shows_nothing(qtbot, window, page):
    shown = window.session._row
    qtbot.mouseClick(page.plot, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert window.session._row == shown


def test_a_double_click_opens_the_row_and_the_farthest_off_follow(qtbot, window, page):
    plot, debugger = page.plot, window.docks.panel("debugger")
    row, farthest = alone(plot), plot.fit.farthest_first.tolist()
    qtbot.mouseDClick(plot, Qt.MouseButton.LeftButton, pos=spot(plot, row))
    move(plot, spot(plot, row))
    qtbot.mouseDClick(plot, Qt.MouseButton.LeftButton, pos=spot(plot, row))

    def shown(row):
        traced = debugger.debugger.traced
        return traced is not None and (traced.subject.kind, traced.subject.index) == ("test", row)

    qtbot.waitUntil(lambda: shown(row), timeout=20_000)
    following = next(each for each in farthest if each != row)
    qtbot.mouseClick(debugger.subjects.another, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(following), timeout=20_000)
    qtbot.mouseClick(debugger.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not debugger.debugger.active, timeout=20_000)


def test_rows_are_gone_to_by_keys(qtbot, window, page):
    plot = page.plot
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    by_truth = np.argsort(plot.fit.true, kind="stable").tolist()
    for key, row in (
        (Qt.Key.Key_Home, by_truth[0]),
        (Qt.Key.Key_Left, by_truth[0]),
        (Qt.Key.Key_Right, by_truth[1]),
        (Qt.Key.Key_Up, by_truth[2]),
        (Qt.Key.Key_PageDown, (by_truth[2] + 1) % 30),
        (Qt.Key.Key_PageUp, by_truth[2]),
        (Qt.Key.Key_End, by_truth[-1]),
        (Qt.Key.Key_Down, by_truth[-2]),
    ):
        qtbot.keyClick(plot, key)
        assert plot.row == row
        assert plot.accessibleDescription().startswith(f"Test row {row} ")
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.frame.probe.index == by_truth[-2])
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.row is None
    qtbot.keyClick(plot, Qt.Key.Key_Right)  # from the row in the network on
    assert plot.row == by_truth[-1]


# ---------------------------------------------------------------- parts


def test_only_so_many_rows_are_judged():
    from engine.trainer import Trainer

    trainer = Trainer(experiment_on(table(2 * JUDGED_ROWS + 10), test_fraction=0.0))
    seen = look_until_nothing_is_left(Overview(trainer), (0.0, 0))
    assert len(seen.fit.true) == JUDGED_ROWS
    assert seen.answers is seen.surface is None
    outputs = trainer.network.predict(trainer.dataset.x_train[:JUDGED_ROWS]).astype(np.float64)
    expected = trainer.dataset.target_scaling.invert(outputs)[:, 0]
    np.testing.assert_allclose(seen.fit.predicted, expected, rtol=1e-5)


def test_copies_of_a_picture_lie_where_they_should(qapp):
    picture = QPixmap(3, 3)
    picture.fill(Qt.GlobalColor.white)
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(0xFF000000)
    painter = QPainter(image)
    draw_copies(painter, picture, np.array([[10.5, 10.5], [30.5, 20.5]]))
    draw_copies(painter, picture, np.empty((0, 2)))
    painter.end()
    lit = np.frombuffer(image.constBits(), np.uint32).reshape(40, 40) & 0xFF > 127
    assert lit.sum() == 18
    assert lit[9:12, 9:12].all()
    assert lit[19:22, 29:32].all()


def test_a_line_wraps_what_there_is_no_room_for(qtbot):
    line = FitLine(9)
    qtbot.addWidget(line)
    line.show_entries((Entry("test rows", "30", "test"), Entry("perfect", "", "perfect")))
    assert line.text() == "test rows 30, perfect"
    assert line.heightForWidth(90) == pytest.approx(2 * line.heightForWidth(400), abs=1)
