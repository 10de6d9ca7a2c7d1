import csv
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox

from engine.history import COLUMNS, History, Record
from gui import theme
from gui.export import painted
from gui.panels.history_plot import HistoryPlot
from gui.plots.chart import Chart
from gui.plots.legend import Entry, Legend


class QuietSession(QObject):
    """What the plot needs of a session, without a training."""

    historyReset = Signal()
    noticed = Signal(str)
    failed = Signal(str, str)

    def __init__(self):
        super().__init__()
        self.history = History()
        self.notices = []
        self.failures = []
        self.noticed.connect(self.notices.append)
        self.failed.connect(lambda *what: self.failures.append(what))


def train(history, epochs, regression=False, validation=False):
    nan = float("nan")
    for epoch in range(len(history) + 1, len(history) + epochs + 1):
        loss, accuracy = 2.0 / epoch, nan if regression else 1 - 0.5 / epoch
        history.append(
            Record(
                epoch,
                train_loss=loss,
                test_loss=1.1 * loss,
                validation_loss=1.2 * loss if validation else nan,
                train_accuracy=accuracy,
                test_accuracy=accuracy - 0.05,
                learning_rate=0.01,
            )
        )


@pytest.fixture
def quiet():
    return QuietSession()


@pytest.fixture
def plot(qtbot, quiet):
    made = HistoryPlot(quiet)
    made.resize(900, 220)
    qtbot.addWidget(made)
    made.show()
    return made


def points(chart, column):
    curve = chart.curves[column]
    return (curve.xData, curve.yData) if curve.isVisible() else ([], [])


def epochs_shown(chart):
    return chart.view.viewRange()[0]


def heights_shown(chart):
    return chart.view.viewRange()[1]


def move_mouse(qtbot, chart, epoch):
    at = chart.view.mapViewToScene(QPointF(epoch, 0.5)).toPoint()
    qtbot.mouseMove(chart.plot.viewport(), at - QPoint(1, 1))
    qtbot.mouseMove(chart.plot.viewport(), at)


# ---------------------------------------------------------------- what is shown


def test_before_the_first_epoch_it_says_what_will_be_there(plot, quiet):
    assert plot.empty.isVisible()
    train(quiet.history, 1)
    plot.refresh()
    assert not plot.empty.isVisible()


def test_train_and_test_curves_of_loss_and_accuracy(plot, quiet):
    train(quiet.history, 4)
    plot.refresh()
    x, y = points(plot.loss, "train_loss")
    assert x.tolist() == [1, 2, 3, 4]
    assert y.tolist() == [2, 1, 2 / 3, 0.5]
    np.testing.assert_allclose(points(plot.accuracy, "test_accuracy")[1], [45, 70, 78.333, 82.5],
                               rtol=1e-4)  # fmt: skip
    assert plot.loss.legend.text() == "Loss: train 0.5000, test 0.5500"
    assert plot.accuracy.legend.text() == (
        "Accuracy: train 87.5 %, test 82.5 % (best 82.5 % in epoch 4)"
    )


def test_a_validation_curve_where_there_are_such_rows(plot, quiet):
    train(quiet.history, 4)
    plot.refresh()
    assert len(points(plot.loss, "validation_loss")[0]) == 0
    quiet.history = History()
    train(quiet.history, 4, validation=True)
    quiet.historyReset.emit()
    assert len(points(plot.loss, "validation_loss")[0]) == 4


def test_regression_has_no_accuracy(plot, quiet):
    train(quiet.history, 4, regression=True)
    plot.refresh()
    assert not plot.accuracy.isVisible()
    quiet.history = History()
    quiet.historyReset.emit()
    assert plot.accuracy.isVisible()


def test_a_new_run_begins_with_an_empty_plot(plot, quiet):
    train(quiet.history, 50)
    plot.refresh()
    quiet.history = History()
    quiet.historyReset.emit()
    assert plot.empty.isVisible()
    assert len(points(plot.loss, "train_loss")[0]) == 0
    train(quiet.history, 2)
    plot.refresh()
    assert len(points(plot.loss, "train_loss")[0]) == 2


def test_ranges_move_in_steps_only(plot, quiet):
    shown = set()
    for _ in range(100):
        train(quiet.history, 1)
        plot.refresh()
        shown.add((*epochs_shown(plot.loss), *heights_shown(plot.loss)))
        assert epochs_shown(plot.loss)[1] >= len(quiet.history)
        assert heights_shown(plot.accuracy)[0] == 0
        assert heights_shown(plot.accuracy)[1] >= 100
    assert len(shown) <= 10


def test_a_long_training_costs_no_more_points_than_pixels(plot, quiet):
    train(quiet.history, 6000)
    plot.refresh()
    assert len(points(plot.loss, "train_loss")[0]) <= 2 * plot.loss.plot.width()
    assert points(plot.loss, "train_loss")[1].max() == 2.0


def test_nothing_new_is_nothing_drawn(plot, quiet, monkeypatch):
    train(quiet.history, 5)
    plot.refresh()
    drawn = []
    monkeypatch.setattr(plot.loss, "show_curve", lambda *a: drawn.append(a))
    plot.refresh()
    assert drawn == []


# ---------------------------------------------------------------- choices


def test_logarithmic_loss(qtbot, plot, quiet):
    train(quiet.history, 100)
    plot.refresh()
    qtbot.keyClick(plot, Qt.Key.Key_L)
    assert plot.log.isChecked()
    np.testing.assert_allclose(
        points(plot.loss, "train_loss")[1], np.log10(quiet.history["train_loss"])
    )
    low, high = heights_shown(plot.loss)
    assert low <= np.log10(0.02)
    assert high >= np.log10(2.2)
    assert plot.loss.values.tickStrings([-1, 0], 1, 1) == ["0.1", "1"]
    qtbot.keyClick(plot, Qt.Key.Key_L)
    assert heights_shown(plot.loss)[0] == 0


def test_a_loss_of_zero_survives_the_logarithm(plot, quiet):
    quiet.history.append(Record(1, train_loss=0.0))
    plot.log.setChecked(True)
    plot.refresh()
    assert points(plot.loss, "train_loss")[1].tolist() == [-12]
    plot.grab()


def test_zooming_in_on_the_accuracy(plot, quiet):
    train(quiet.history, 100)
    plot.zoom.setChecked(True)
    assert heights_shown(plot.accuracy)[0] == 90
    plot.zoom.setChecked(False)
    assert heights_shown(plot.accuracy)[0] == 0


def wheel(chart, up=True):
    viewport = chart.plot.viewport()
    at = QPointF(viewport.rect().center())
    QApplication.sendEvent(
        viewport,
        QWheelEvent(
            at,
            viewport.mapToGlobal(at),
            QPoint(0, 0),
            QPoint(0, 120 if up else -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def test_the_wheel_zooms_both_plots_and_the_heights_follow(qtbot, plot, quiet):
    train(quiet.history, 500)
    plot.refresh()
    plot.grab()
    for _ in range(8):
        wheel(plot.loss)
    low, high = epochs_shown(plot.loss)
    assert 0 < low < high < 500
    assert epochs_shown(plot.accuracy) == pytest.approx([low, high])
    assert heights_shown(plot.loss)[1] < 0.1
    train(quiet.history, 500)
    plot.refresh()
    assert epochs_shown(plot.loss) == pytest.approx([low, high]), "new epochs do not pull it away"
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert epochs_shown(plot.loss)[0] == 0
    assert epochs_shown(plot.loss)[1] >= 1000


def test_a_double_click_shows_all_epochs_again(qtbot, plot, quiet):
    train(quiet.history, 500)
    plot.refresh()
    plot.grab()
    wheel(plot.accuracy)
    assert epochs_shown(plot.accuracy)[0] > 0
    viewport = plot.accuracy.plot.viewport()
    middle = viewport.rect().center()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=middle)
    assert epochs_shown(plot.accuracy)[0] == 0


# ---------------------------------------------------------------- exact values


def test_the_values_under_the_mouse_are_exact(qtbot, plot, quiet):
    train(quiet.history, 9)
    plot.refresh()
    plot.grab()
    move_mouse(qtbot, plot.loss, 3)
    assert plot.loss.legend.text() == "Loss: train 0.666667, test 0.733333 (epoch 3)"
    assert plot.accuracy.legend.text() == "Accuracy: train 83.33 %, test 78.33 % (epoch 3)"
    QApplication.sendEvent(plot.loss, QEventLeave())
    assert "epoch 3" not in plot.loss.legend.text()


def QEventLeave():
    from PySide6.QtCore import QEvent

    return QEvent(QEvent.Type.Leave)


def test_the_cursor_by_keyboard(qtbot, plot, quiet):
    train(quiet.history, 30)
    plot.refresh()
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert "(epoch 30)" in plot.loss.legend.text()
    qtbot.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert "(epoch 20)" in plot.loss.legend.text()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert "(epoch 21)" in plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert "epoch" not in plot.loss.legend.text()


# ---------------------------------------------------------------- taking it away


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_our_own_menu(qtbot, plot):
    viewport = plot.loss.plot.viewport()
    at = viewport.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
    QApplication.sendEvent(viewport, event)
    (menu,) = [each for each in plot.findChildren(QMenu) if each.isVisible()]
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Logarithmic loss",
        "Zoom in on the accuracy",
        "Show all epochs",
        "&Copy picture",
        "&Save picture…",
        "Export all epochs…",
    ]
    menu.close()


def test_a_table_of_every_epoch(qtbot, plot, quiet, tmp_path):
    train(quiet.history, 1234)
    plot.export_table(tmp_path / "curves.csv")
    qtbot.waitUntil(lambda: quiet.notices == ["Saved curves.csv."])
    with (tmp_path / "curves.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 1234
    assert rows[6]["epoch"] == "7"
    assert float(rows[6]["train_loss"]) == 2 / 7
    assert rows[6]["validation_loss"] == ""


def test_a_picture_as_png_and_svg(plot, quiet, tmp_path):
    train(quiet.history, 40)
    plot.refresh()
    for name in ("curves.png", "curves.svg"):
        painted(tmp_path / name, plot.size(), plot.paint_picture, "Learning curves")()
    image = QImage(str(tmp_path / "curves.png"))
    assert (image.width(), image.height()) == (1800, 440)
    root = ET.parse(tmp_path / "curves.svg").getroot()
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "image" not in kinds, "lines and letters, no pixels"
    text = " ".join(root.itertext())
    for word in ("Loss", "Accuracy", "train", "test", "epoch"):
        assert word in text


def test_a_copy_on_the_clipboard(plot, quiet):
    train(quiet.history, 40)
    plot.refresh()
    plot.pictures.copy.trigger()
    assert QApplication.clipboard().image().width() == 1800


def test_a_file_that_cannot_be_written_is_said_so(qtbot, plot, quiet, tmp_path):
    train(quiet.history, 4)
    plot.export_table(tmp_path / "missing" / "curves.csv")
    qtbot.waitUntil(lambda: plot.findChild(QMessageBox) is not None)
    box = plot.findChild(QMessageBox)
    assert box.text() == "curves.csv was not written."
    assert "no such file or directory" in box.informativeText()
    assert not quiet.failures, "the training is as well as ever"
    box.close()


# ---------------------------------------------------------------- the look


def test_wide_side_by_side_and_narrow_on_top_of_each_other(plot):
    assert plot.loss.y() == plot.accuracy.y()
    plot.resize(400, 400)
    QApplication.processEvents()
    assert plot.loss.y() < plot.accuracy.y()


def test_colours_change_with_the_theme(qapp, plot, quiet):
    train(quiet.history, 40)
    plot.refresh()
    for name in ("light", "dark"):
        theme.apply_theme(qapp, name)
        qapp.processEvents()
        pen = plot.loss.curves["train_loss"].opts["pen"]
        assert pen.color().name() == theme.palette().train
        corner = plot.grab().toImage().pixelColor(450, 2)
        assert corner.name() == theme.palette().window


def test_the_ground_of_the_curves_follows_the_theme(window):
    plot = window.docks.panel("curves").findChild(Chart).plot
    for _ in range(2):
        window.appearance.toggle_theme()
        ground = plot.grab().toImage().pixelColor(4, 4)
        assert ground.name() == theme.palette().window


def test_a_legend_without_room_leaves_a_value_out_rather_than_cut_it(qtbot):
    legend = Legend("Loss")
    qtbot.addWidget(legend)
    legend.resize(70, 24)
    first = Entry("train", "train", "disc", "0.0712")
    legend.show_entries([first])
    alone = legend.grab().toImage()
    legend.show_entries([first, Entry("test", "test", "ring", "0.0957")])
    assert legend.grab().toImage() == alone


def test_plots_are_stretched_while_the_size_changes_and_drawn_anew_at_rest(qtbot, plot, quiet):
    chart = plot.loss
    qtbot.waitUntil(chart.plot.isVisible, timeout=20_000)
    before = chart.plot.width()
    plot.resize(1300, 260)
    assert not chart.plot.isVisible()
    assert chart.plot.width() == before
    qtbot.waitUntil(chart.plot.isVisible, timeout=20_000)
    assert chart.plot.size() == chart.stretched.size()
    assert chart.plot.width() > before
