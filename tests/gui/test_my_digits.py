"""Pictures in and out, digits in and out, training on them: on the real window."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMessageBox

from engine.data_sources import Digits
from engine.digits.drawings import Drawing, load_drawings, save_drawings
from engine.my_digits import MyDigits
from gui.drawing.ink import paint_strokes
from gui.drawing.pictures import grey, trace
from gui.drawing.samples import sample
from tests.gui.windows import opened


def picture_of(digit, ink="black", paper="white", side=200):
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(QColor(paper))
    painter = QPainter(image)
    paint_strokes(painter, sample(digit), side, side * 0.06, QColor(ink))
    painter.end()
    return image


@pytest.fixture
def panel(window):
    return window.docks.panel("draw")


@pytest.fixture
def session(window):
    return window.session


@pytest.fixture
def trained(qtbot, panel, session):
    """The trained network on screen, so that answers can be relied on."""
    panel.trained.click()
    qtbot.waitUntil(lambda: session.frame.trained)


def drop(canvas, data):
    action, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(50, 50), action, data, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(50, 50), action, data, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, event)
    return True


def drop_file(canvas, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return drop(canvas, data)


def complaint(qtbot, panel):
    """Wait for a dialog, close it, and return what it said."""
    boxes = []

    def there():
        boxes[:] = [each for each in panel.findChildren(QMessageBox) if each.isVisible()]
        return bool(boxes)

    qtbot.waitUntil(there)
    text = boxes[0].text().replace("\u200b", "")  # where a long path may be broken
    qtbot.keyClick(boxes[0], Qt.Key.Key_Escape)
    return text


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize(
    ("ending", "ink", "paper"),
    [("png", "black", "white"), ("jpg", "#30405f", "#d8d2c0"), ("png", "white", "black"),
     ("png", "black", "transparent"), ("png", "white", "transparent")],
)  # fmt: skip
def test_a_dropped_picture_of_a_digit_is_drawn_and_read(
    qtbot, tmp_path, panel, session, trained, ending, ink, paper
):
    path = tmp_path / f"digit.{ending}"
    assert picture_of(3, ink, paper).save(str(path))
    assert drop_file(panel.canvas, path)
    qtbot.waitUntil(lambda: panel.answer.digit.text() == "3")
    assert 1 <= len(panel.canvas.sketch.finished) <= 4
    panel.canvas.undo()
    assert not panel.canvas.sketch.finished


def test_a_picture_is_pasted(qtbot, panel, session, trained):
    QGuiApplication.clipboard().setImage(picture_of(7))
    panel.canvas.setFocus()
    qtbot.keyClick(panel.canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: panel.answer.digit.text() == "7")
    QGuiApplication.clipboard().clear()


def test_text_is_not_taken_for_a_picture(panel):
    data = QMimeData()
    data.setText("7")
    assert not drop(panel.canvas, data)


def test_what_is_no_picture_of_a_digit_is_said_and_nothing_changes(qtbot, tmp_path, panel):
    panel.canvas.load(sample(1))
    before = panel.canvas.sketch.finished
    path = tmp_path / "notes.png"
    path.write_text("not a picture")
    drop_file(panel.canvas, path)
    assert complaint(qtbot, panel).startswith("notes.png cannot be read: ")
    blank = QImage(80, 60, QImage.Format.Format_RGB32)
    blank.fill(QColor("white"))
    blank.save(str(tmp_path / "blank.png"))
    drop_file(panel.canvas, tmp_path / "blank.png")
    assert complaint(qtbot, panel).startswith("blank.png shows nothing")
    assert panel.canvas.sketch.finished is before


def test_a_file_that_is_gone_or_empty_is_said(tmp_path):
    assert "no such file" in trace(tmp_path / "gone.png").complaint
    assert trace(QImage()).complaint == "The picture is empty."


def test_large_photographs_are_read_small():
    large = QImage(3000, 1500, QImage.Format.Format_RGB32)
    large.fill(QColor("white"))
    assert grey(large).shape == (512, 1024)


def test_a_drawing_saved_as_a_picture_comes_back_as_the_same_digit(
    qtbot, tmp_path, panel, session, trained
):
    panel.canvas.load(sample(5))
    panel.more.save_to(tmp_path / "five.png")
    image = QImage(str(tmp_path / "five.png"))
    assert (image.width(), image.height()) == (512, 512)
    panel.canvas.clear()
    drop_file(panel.canvas, tmp_path / "five.png")
    qtbot.waitUntil(lambda: panel.answer.digit.text() == "5")
    panel.more.save_to(tmp_path / "no" / "where.png")
    assert "cannot be written" in complaint(qtbot, panel)


# ---------------------------------------------------------------- my digits


@pytest.fixture
def labelled(panel):
    for digit in range(10):
        panel.canvas.load(sample(digit))
        panel.label.labelled.emit(digit)


def test_my_digits_are_exported_and_imported_with_undo(
    qtbot, tmp_path, panel, session, labelled, monkeypatch
):
    path = tmp_path / "mine.npz"
    panel.canvas.load(sample(0))
    panel.canvas.clear()
    monkeypatch.setattr(
        "gui.drawing.more.QFileDialog.getSaveFileName", lambda *_: (str(tmp_path / "mine"), "")
    )
    panel.more.refresh()
    assert panel.more.export.text() == "&Export my 10 digits…"
    panel.more.export.trigger()
    qtbot.waitUntil(path.exists)
    assert [each.label for each in load_drawings(path)] == list(range(9, -1, -1))
    notices = []
    session.noticed.connect(notices.append)
    before = panel.collection.drawings
    drop_file(panel.canvas, path)
    qtbot.waitUntil(lambda: "mine.npz: none added, 10 were there already" in notices)
    assert panel.collection.drawings == before
    panel.collection.forget(panel.collection.labelled[:3])
    without = panel.collection.drawings
    drop_file(panel.canvas, path)
    qtbot.waitUntil(lambda: "mine.npz: 3 added, 7 were there already" in notices)
    assert len(panel.collection.drawings) == len(before)
    assert session.undo_stack.undoText() == "Import 3 drawings"
    session.undo_stack.undo()
    assert panel.collection.drawings == without


def test_a_file_that_is_none_of_drawings_is_refused(qtbot, tmp_path, panel):
    path = tmp_path / "other.npz"
    np.savez(path, weights=np.zeros(3))
    panel.more.import_from(path)
    assert complaint(qtbot, panel).startswith("other.npz is not a file of drawings")
    panel.more.import_from(tmp_path / "gone.npz")
    assert "gone.npz cannot be read: no such file" in complaint(qtbot, panel)
    panel.more.export_to(tmp_path / "no" / "where.npz")
    assert "where.npz cannot be written" in complaint(qtbot, panel)
    assert panel.collection.drawings == ()


def choose(panel, mode):
    panel.more.refresh()
    for action in panel.more.train_menu.actions():
        if action.data() == mode:
            assert action.isEnabled()
            action.trigger()


def test_training_on_my_digits_is_part_of_the_experiment_and_undone(
    qtbot, panel, session, labelled
):
    choose(panel, "both")
    qtbot.waitUntil(lambda: isinstance(session.experiment.data.source, MyDigits))
    qtbot.waitUntil(lambda: len(session.dataset.x_train) == 1437 + 10)
    choose(panel, "mine")
    qtbot.waitUntil(lambda: len(session.dataset.x_train) == 8)
    assert session.experiment.data.source.label == "Your own digits"
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert session.experiment.data.source == Digits()


def test_one_digit_alone_cannot_be_trained_on_and_that_is_said(qtbot, panel, session):
    panel.canvas.load(sample(3))
    panel.label.labelled.emit(3)
    before = session.experiment
    notices = []
    session.noticed.connect(notices.append)
    choose(panel, "mine")
    qtbot.waitUntil(lambda: any("leave none to train on" in each for each in notices))
    assert session.experiment == before


def test_a_refused_change_is_taken_back_and_a_label_given_meanwhile_stays(qtbot, panel, session):
    panel.canvas.load(sample(3))
    before = session.experiment
    fractions = replace(before.data, test_fraction=0.9, validation_fraction=0.9)
    session.change(replace(before, data=fractions), "Too much")
    panel.label.labelled.emit(3)
    with qtbot.waitSignal(session.refused):
        pass
    assert session.experiment == before
    assert panel.label.label == 3
    session.undo_stack.undo()
    assert panel.label.label is None
    while session.undo_stack.canUndo():
        session.undo_stack.undo()
    assert session.experiment == before


def test_without_my_digits_nothing_of_them_is_offered(panel):
    panel.more.refresh()
    assert not panel.more.export.isEnabled()
    enabled = [each.data() for each in panel.more.train_menu.actions() if each.isEnabled()]
    assert enabled == ["set"]


def test_many_imported_drawings_stay_quick_to_show(qtbot, tmp_path, panel):
    path = tmp_path / "many.npz"
    lines = np.random.default_rng(0).random((200, 9, 2))
    save_drawings(path, [Drawing((each,), digit % 10) for digit, each in enumerate(lines)])
    panel.more.import_from(path)
    qtbot.waitUntil(lambda: len(panel.collection.labelled) == 200)
    assert panel.earlier.shelf.count() == 120
    assert panel.earlier.title.text() == "Your 200 drawings"


# ---------------------------------------------------------------- the trained network, the data


def test_the_trained_network_and_back(qtbot, panel, session):
    session.play_until(4)
    qtbot.waitUntil(lambda: session.frame.epoch == 4 and not session.running)
    weights = session.frame.weights
    panel.canvas.load(sample(3))
    panel.trained.click()
    qtbot.waitUntil(lambda: panel.answer.trained.text() == "the trained network")
    assert panel.answer.digit.text() == "3"
    assert panel.trained.text() == "Back to training"
    assert len(session.history) == 4
    panel.trained.click()
    qtbot.waitUntil(lambda: panel.answer.trained.text() == "after 4 epochs")
    for before, after in zip(weights, session.frame.weights, strict=True):
        np.testing.assert_array_equal(before, after)


def test_a_running_training_rests_meanwhile_and_goes_on(qtbot, panel, session):
    session.play()
    qtbot.waitUntil(lambda: session.frame.epoch >= 1)
    panel.trained.click()
    assert not session.running
    qtbot.waitUntil(lambda: session.frame.trained)
    panel.trained.click()
    assert session.running
    epoch = len(session.history)
    qtbot.waitUntil(lambda: not session.frame.trained and session.frame.epoch > epoch)


def test_play_step_and_changes_go_back_to_the_training(qtbot, panel, session):
    for go_back in (session.step, session.reset, session.new_seed):
        session.show_trained()
        qtbot.waitUntil(lambda: session.frame.trained)
        go_back()
        assert not panel.trained.isChecked()
        qtbot.waitUntil(lambda: not session.frame.trained)


def test_a_digit_of_the_data_set_is_shown_on_the_canvas(qtbot, panel, session):
    panel.canvas.load(sample(3))
    four = panel.tools.rows_menu.actions()[4]
    indices = set()
    for _ in range(2):
        four.trigger()
        qtbot.waitUntil(lambda: panel.answer.trained.text().startswith("the data set's 4"))
        qtbot.waitUntil(lambda: session.frame.probe.index == panel._row)
        indices.add(session.frame.probe.index)
    assert len(indices) == 2, "another one each time"
    assert panel.earlier.shelf.count() == 1, "what was drawn is kept"
    panel.canvas.load(sample(1))
    qtbot.waitUntil(lambda: session.frame.probe.source == "drawing")
    assert "data set" not in panel.answer.trained.text()


def test_what_is_no_digit_is_said_to_be_none(qtbot, panel, session):
    (letter,) = (each for each in panel.tools.others_menu.actions() if each.data() == "W")
    letter.trigger()
    qtbot.waitUntil(lambda: panel.answer.warning.isVisible())
    assert panel.answer.digit.text() == "?"
    panel.canvas.load(sample(3))
    qtbot.waitUntil(lambda: panel.answer.runner_up.isVisible())


def test_what_is_on_the_canvas_when_the_window_is_closed_is_kept(qtbot, tmp_path):
    with opened(qtbot, folder=tmp_path) as window:
        window.docks.panel("draw").canvas.load(sample(3))
    for thread in threading.enumerate():
        if thread.name == "drawings":
            thread.join()
    [kept] = load_drawings(tmp_path / "drawings.npz")
    assert kept.label is None
    with opened(qtbot, folder=tmp_path) as window:
        assert len(window.docks.panel("draw").collection.drawings) == 1
