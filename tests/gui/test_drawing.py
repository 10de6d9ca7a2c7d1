from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QUndoStack
from PySide6.QtWidgets import QMenu

from engine.digits.drawings import load_drawings
from engine.digits.novelty import KINDS
from engine.digits.strokes import stages
from engine.spec import DataSpec, Experiment
from engine.toy_data import Circle
from gui import theme
from gui.drawing.answer import UNKNOWN, UNLIKE
from gui.drawing.samples import sample
from gui.first import FIRST
from gui.frame import Frame, Shape
from gui.panels.drawing import DrawingPanel
from gui.reading import Reading
from gui.training.requests import Request
from gui.training.watched import Watched

DIGITS = Shape((64, 64, 10), ("ReLU", "Softmax"), (8, 8), (), tuple("0123456789"), "classification")
POINTS = Shape((2, 4, 1), ("tanh", "sigmoid"), None, ("x₁", "x₂"), ("output",), "binary")


class QuietSession(QObject):
    """What the panel needs of a session, without a training."""

    frameChanged = Signal()
    stateChanged = Signal()
    historyReset = Signal()
    trainedChanged = Signal()
    noticed = Signal(str)

    hurried = False

    def __init__(self, folder=None):
        super().__init__()
        self.frame = self.dataset = None
        self.trained = False
        self.folder = folder
        self.undo_stack = QUndoStack(self)
        self.experiment = Experiment()
        self.drawings = []
        self.changes = []
        self.watched = ()
        self.rows = []
        self.notices = []
        self.noticed.connect(self.notices.append)

    def draw(self, strokes):
        self.drawings.append(strokes)

    def watch(self, drawings):
        self.watched = drawings

    def show_row(self, index):
        self.rows.append(index)

    def show_trained(self):
        self.trained = True
        self.trainedChanged.emit()

    def show_training(self):
        self.trained = False
        self.trainedChanged.emit()

    def ask(self, work, answered, refused=None, of_run=True):
        answered(work(None))

    def ask_aside(self, work, answered, refused=None, writes=False):
        request = Request(work, answered, refused)
        try:
            answered(work(request))
        except ValueError as error:
            refused(str(error))
        return request

    def open(self, experiment, text, play):
        self.changes.append((experiment, text))

    def show(self, reading=None, epoch=0, shape=DIGITS, **others):
        self.frame = Frame(1, epoch, 0, 45, (), (), shape, reading=reading, **others)
        self.frameChanged.emit()

    def read(self, *answers, confidence=0.8):
        """Let the network read the drawings on the shelf, the newest first."""
        outputs = np.full((len(answers), 10), (1 - confidence) / 9)
        outputs[np.arange(len(answers)), answers] = confidence
        self.show(watched=Watched(self.watched, outputs, tuple("0123456789")))


def reading(answer, confidence=0.91, **others):
    probabilities = np.full(10, (1 - confidence) / 9)
    probabilities[answer] = confidence
    picture = np.zeros((8, 8))
    picture[:, 3:5] = 16
    return Reading(picture, probabilities, **others)


@pytest.fixture
def quiet():
    return QuietSession()


@pytest.fixture
def panel(qtbot, quiet):
    made = DrawingPanel(quiet)
    made.resize(310, 650)
    qtbot.addWidget(made)
    made.show()
    quiet.show()
    return made


def drag(qtbot, canvas, end=(60, 100)):
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    qtbot.mouseMove(canvas, QPoint(*end))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(*end))


def test_every_movement_of_the_pen_is_sent(qtbot, panel, quiet):
    drag(qtbot, panel.canvas)
    assert [len(strokes[0]) for strokes in quiet.drawings] == [1, 2, 2]


def test_an_empty_canvas_is_sent_as_none_and_nothing_is_claimed(qtbot, panel, quiet):
    drag(qtbot, panel.canvas)
    quiet.show(reading(7))
    panel.tools.clear.click()
    assert quiet.drawings[-1] is None
    assert panel.answer.digit.text() == "?"
    assert panel.bars.probabilities is None
    quiet.show(reading(7))  # it was on its way when the canvas was cleared
    assert panel.answer.digit.text() == "?"


def test_the_answer_says_what_how_sure_and_after_how_much_training(panel, quiet):
    panel.canvas.load((np.array([[0.2, 0.2], [0.8, 0.8]]),))
    quiet.show(reading(7), epoch=12)
    assert panel.answer.digit.text() == "7"
    assert panel.answer.sure.text() == "91 %, sure"
    assert panel.answer.trained.text() == "after 12 epochs"
    assert panel.bars.winner == 7


def test_another_answer_does_not_lay_out_the_window(qapp, qtbot, panel, quiet):
    class Asked(QObject):
        times = 0

        def eventFilter(self, watched, event):
            self.times += event.type() == QEvent.Type.LayoutRequest
            return False

    panel.canvas.load((np.array([[0.2, 0.2], [0.8, 0.8]]),))
    quiet.show(reading(7), epoch=12)
    with qtbot.waitExposed(panel):
        panel.show()
    qapp.processEvents()
    asked = Asked()
    panel.installEventFilter(asked)
    quiet.show(reading(7), epoch=12_345_678)
    for _ in range(5):  # from layout to layout
        qapp.processEvents()
    assert panel.answer.trained.text() == "after 12,345,678 epochs"
    assert not asked.times


def test_the_answer_lives_with_the_network(panel, quiet):
    panel.canvas.load((np.array([[0.2, 0.2], [0.8, 0.8]]),))
    for epoch, answer in enumerate((3, 8, 3)):
        quiet.show(reading(answer), epoch=epoch)
        assert panel.answer.digit.text() == str(answer)
        assert panel.bars.winner == answer


def test_a_drawing_unlike_all_it_knows_is_said_to_be_so(panel, quiet):
    panel.canvas.load((np.array([[0.2, 0.2], [0.8, 0.8]]),))
    quiet.show(reading(7, known=False), epoch=3)
    assert panel.answer.warning.isVisible()
    assert panel.answer.warning.text() == UNKNOWN
    assert panel.answer.sure.text() == "No digit it knows"
    assert panel.answer.digit.text() == "?"
    assert panel.answer.trained.text() == "would say 7 · after 3 epochs"
    assert panel.bars.doubted
    quiet.show(replace(reading(7, known=False), like="letter"))
    assert panel.answer.sure.text() == "More like a letter"
    quiet.show(reading(7, known=True))
    assert panel.answer.digit.text() == "7"
    assert not panel.answer.warning.isVisible()
    assert not panel.bars.doubted
    assert panel.answer.runner_up.isVisible()


def test_there_are_words_for_whatever_a_drawing_may_be_like():
    assert set(UNLIKE) == {*KINDS, ""}


def test_nothing_is_doubted_while_the_pen_is_down(qtbot, panel, quiet):
    qtbot.mousePress(panel.canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    quiet.show(reading(7, known=False))
    assert panel.answer.digit.text() == "7"
    qtbot.mouseRelease(panel.canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert panel.answer.digit.text() == "?"


def test_numbers_that_are_not_finite_are_no_answer(panel, quiet):
    panel.canvas.load((np.array([[0.2, 0.2], [0.8, 0.8]]),))
    broken = replace(reading(7), probabilities=np.full(10, np.nan))
    quiet.show(broken)
    assert panel.answer.digit.text() == "–"
    assert panel.bars.winner is None
    panel.grab()


def shown(panel):
    return [tile.caption for tile in panel.strip.tiles if tile.paint is not None]


def test_the_strip_shows_the_way_from_the_strokes_to_what_the_network_sees(panel, quiet):
    strokes = (np.array([[0.2, 0.2], [0.8, 0.8]]),)
    panel.canvas.load(strokes)
    assert shown(panel) == ["yours"]
    first = reading(7, stages=stages(strokes))
    quiet.show(first)
    assert shown(panel) == ["yours", "upright", "inked", "8 × 8"]
    before = panel.strip.tiles
    quiet.show(replace(first, contributions=np.ones((8, 8))))
    assert shown(panel) == ["yours", "upright", "inked", "8 × 8", "why"]
    assert panel.strip.tiles[:4] == before[:4], "the same drawing is not painted anew"
    panel.canvas.clear()
    assert shown(panel) == []


def test_the_strokes_take_the_colours_of_what_speaks_for_the_answer(qtbot, panel, quiet):
    panel.canvas.load(sample(1))
    plain = panel.canvas.grab().toImage()
    made = stages(panel.canvas.sketch.strokes)
    quiet.show(reading(1, stages=made))
    assert not panel.answer.why.isVisible()
    half = np.repeat([[1.0], [-1.0]], 4, axis=0) * np.ones(8)
    quiet.show(reading(1, stages=made, contributions=half))
    assert panel.canvas.grab().toImage() == plain
    qtbot.keyClick(panel.canvas, Qt.Key.Key_W)
    assert panel.answer.why.isChecked()
    colored = panel.canvas.grab().toImage()
    square = panel.canvas.square
    down = panel.canvas.sketch.strokes[1]
    for point, role in ((down[6], "positive"), (down[-6], "negative")):
        at = square.topLeft() + QPointF(*point) * square.width()
        near = QColor(colored.pixel((at * colored.devicePixelRatio()).toPoint()))
        assert near.name() == theme.palette().color(role).name()
    panel.answer.why.click()
    assert panel.canvas.grab().toImage() == plain


def test_colours_of_another_drawing_are_not_shown(panel, quiet):
    panel.canvas.load(sample(1))
    made = stages(panel.canvas.sketch.strokes)
    quiet.show(reading(1, stages=made, contributions=np.ones((8, 8))))
    panel.answer.why.click()
    panel.canvas.load(sample(8))
    colored = panel.canvas.grab().toImage()
    panel.answer.why.click()
    assert panel.canvas.grab().toImage() == colored


def test_a_network_without_picture_input_says_so_and_offers_a_way_back(qtbot, panel, quiet):
    quiet.experiment = Experiment(data=DataSpec(source=Circle()))
    quiet.show(shape=POINTS)
    assert not panel.canvas.isVisible()
    assert "takes x₁ and x₂, not a picture" in panel.no_picture.text
    panel.no_picture.button.click()
    assert quiet.changes == [(FIRST.experiment, FIRST.label)]
    quiet.show()
    assert panel.canvas.isVisible()


def test_tools_are_offered_when_they_can_do_something(qtbot, panel):
    tools = panel.tools
    assert not tools.undo.isEnabled()
    assert not tools.clear.isEnabled()
    drag(qtbot, panel.canvas)
    assert tools.undo.isEnabled()
    assert tools.clear.isEnabled()
    tools.undo.click()
    assert tools.redo.isEnabled()
    assert not tools.clear.isEnabled()
    tools.redo.click()
    assert len(panel.canvas.sketch.strokes) == 1


def test_the_tools_follow_the_keyboard_and_the_other_way_round(qtbot, panel):
    panel.tools.eraser.click()
    assert panel.canvas.tool == "eraser"
    panel.canvas.setFocus()
    qtbot.keyClick(panel.canvas, Qt.Key.Key_P)
    assert panel.tools.pen.isChecked()
    assert not panel.tools.eraser.isChecked()


@pytest.fixture
def shelf(panel):
    return panel.earlier.shelf


def texts(shelf):
    return [shelf.item(row).text() for row in range(shelf.count())]


def test_drawings_put_away_are_read_again_and_come_back_on_a_click(qtbot, panel, quiet, shelf):
    before = panel.canvas.geometry()
    drag(qtbot, panel.canvas)
    first = panel.canvas.sketch.strokes
    panel.tools.clear.click()
    assert panel.canvas.geometry() == before, "nothing jumps when the first is put away"
    quiet.read(7)
    assert texts(shelf) == ["7"]
    assert shelf.item(0).toolTip() == "Read as 7 (80 %)"
    quiet.read(1, confidence=0.5)
    assert texts(shelf) == ["1"], "the network has learnt"
    qtbot.keyClick(panel.canvas, Qt.Key.Key_3)
    place = shelf.visualItemRect(shelf.item(0)).center()
    qtbot.mouseClick(shelf.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.canvas.sketch.strokes is first
    quiet.read(3, 1)
    assert texts(shelf) == ["3", "1"]


def test_earlier_drawings_that_are_no_digits_say_so_unless_they_were_labelled(
    qtbot, panel, quiet, shelf
):
    drag(qtbot, panel.canvas, end=(110, 60))
    panel.tools.clear.click()
    quiet.read(7)
    assert texts(shelf) == ["?"]
    assert shelf.item(0).toolTip() == "Unlike a digit; would be read as 7 (80 %)"
    panel.canvas.load(panel.earlier.shown[0].strokes)
    panel.label.labelled.emit(7)
    quiet.read(7)
    assert texts(shelf) == ["7 ✓"]


def test_answers_to_other_drawings_are_not_taken(panel, quiet, shelf):
    panel.canvas.load(sample(1))
    panel.canvas.load(sample(2))
    before = quiet.watched
    panel.canvas.load(sample(3))
    quiet.show(watched=Watched(before, np.eye(10)[[5]], tuple("0123456789")))
    assert texts(shelf) == ["", ""]


def test_a_drawing_is_on_the_shelf_once_and_forgetting_it_can_be_undone(qtbot, panel, quiet, shelf):
    drag(qtbot, panel.canvas)
    for _ in range(3):
        panel.canvas.clear()
        panel.canvas.undo()
    assert shelf.count() == 1
    panel.canvas.load(sample(8))
    panel.canvas.clear()
    before = quiet.watched
    shelf.setCurrentRow(1)
    qtbot.keyClick(shelf, Qt.Key.Key_Delete)
    assert quiet.watched == before[:1]
    quiet.undo_stack.undo()
    assert quiet.watched == before
    quiet.undo_stack.redo()
    shelf.setCurrentRow(0)
    qtbot.keyClick(shelf, Qt.Key.Key_Delete)
    assert quiet.watched == ()


def test_the_shelf_does_not_grow_without_end_but_keeps_what_is_labelled(panel, quiet):
    panel.canvas.load(sample(0))
    panel.label.labelled.emit(0)
    for digit in range(70):
        panel.canvas.load(sample(digit % 10))
    assert len(quiet.watched) == 61
    assert quiet.watched[-1].label == 0


# ---------------------------------------------------------------- labels


def test_a_click_on_a_column_labels_the_drawing_and_undo_takes_it_back(qtbot, panel, quiet, shelf):
    panel.canvas.load(sample(7))
    quiet.show(reading(1))
    assert panel.label.text() == "What is it?"
    column = QPoint(round(panel.bars.width() * 0.75), panel.bars.height() // 2)
    qtbot.mouseClick(panel.bars, Qt.MouseButton.LeftButton, pos=column)
    assert panel.label.text() == "It is a 7"
    assert panel.bars.label == 7
    assert [each.label for each in quiet.watched] == [7]
    quiet.read(1)
    assert texts(shelf) == ["1 ✗"]
    assert panel.earlier.score.text() == "0 of 1 right"
    quiet.read(7)
    assert texts(shelf) == ["7 ✓"]
    assert panel.earlier.score.text() == "1 of 1 right"
    assert quiet.undo_stack.undoText() == "This is a 7"
    quiet.undo_stack.undo()
    assert panel.label.text() == "What is it?"
    assert [each.label for each in quiet.watched] == [None], "the drawing itself stays"


def test_labels_by_keyboard(qtbot, panel, quiet, shelf):
    panel.canvas.load(sample(4))
    panel.canvas.setFocus()
    qtbot.keyClick(panel.canvas, Qt.Key.Key_L)
    menu = panel.label.findChild(QMenu)
    qtbot.waitUntil(menu.isVisible)
    qtbot.keyClick(menu, Qt.Key.Key_4)
    assert panel.label.label == 4
    shelf.setCurrentRow(0)
    qtbot.keyClick(shelf, Qt.Key.Key_9)
    assert panel.label.label == 9
    for action in shelf.menu_of(quiet.watched[0]).actions():
        if action.data() == "unlabel":
            action.trigger()
    assert panel.label.label is None


def test_nothing_drawn_is_nothing_to_label(panel, quiet):
    assert not panel.label.isEnabled()
    panel.bars.chosen.emit(3)
    assert quiet.watched == ()


# ---------------------------------------------------------------- what is kept


def kept(quiet):
    path = quiet.folder / "drawings.npz"
    return load_drawings(path) if path.exists() else ()


def test_drawings_and_labels_are_there_again_at_the_next_start(qtbot, tmp_path):
    quiet = QuietSession(tmp_path / "new folder")
    panel = DrawingPanel(quiet)
    qtbot.addWidget(panel)
    panel.canvas.load(sample(3))
    panel.label.labelled.emit(3)
    panel.canvas.load(sample(5))
    panel.canvas.clear()
    qtbot.waitUntil(lambda: len(kept(quiet)) == 2)
    again = QuietSession(quiet.folder)
    second = DrawingPanel(again)
    qtbot.addWidget(second)
    assert [each.label for each in again.watched] == [None, 3]
    np.testing.assert_allclose(again.watched[1].strokes[0], sample(3)[0], atol=1e-6)


def test_a_damaged_file_is_put_aside_and_said(qtbot, tmp_path):
    (tmp_path / "drawings.npz").write_bytes(b"PK no more")
    quiet = QuietSession(tmp_path)
    panel = DrawingPanel(quiet)
    qtbot.addWidget(panel)
    assert "could not be read: drawings.npz is not a file" in quiet.notices[0]
    assert (tmp_path / "drawings-damaged.npz").read_bytes() == b"PK no more"


def test_a_folder_that_cannot_be_written_is_said(qtbot, tmp_path):
    (tmp_path / "file").write_text("in the way")
    quiet = QuietSession(tmp_path / "file")
    panel = DrawingPanel(quiet)
    qtbot.addWidget(panel)
    panel.canvas.load(sample(3))
    panel.canvas.clear()
    qtbot.waitUntil(lambda: bool(quiet.notices))
    assert "could not be kept" in quiet.notices[0]


@pytest.mark.parametrize("size", [(280, 470), (310, 650), (520, 1300), (700, 400)])
def test_everything_stays_inside_the_panel(panel, quiet, size):
    panel.resize(*size)
    panel.canvas.load((np.array([[0.2, 0.2], [0.8, 0.8]]),))
    quiet.show(reading(7, contributions=np.ones((8, 8))))
    panel.grab()
    parts = (panel.canvas, panel.answer, panel.bars, panel.label, panel.trained, panel.strip)
    for part in (panel.tools, *parts):
        place = part.geometry().translated(part.parentWidget().mapTo(panel, QPoint(0, 0)))
        assert panel.rect().contains(place), part
    assert panel.width() == size[0]
    assert panel.canvas.square.width() >= 140
    panel.canvas.clear()
    panel.grab()
    assert panel.canvas.square.width() >= 140, "the shelf leaves room to draw"


def test_the_pictures_change_with_the_theme(qapp, panel, quiet):
    panel.canvas.load((np.array([[0.2, 0.2], [0.8, 0.8]]),))
    quiet.show(reading(7))
    dark = panel.grab().toImage()
    theme.apply_theme(qapp, "light")
    qapp.processEvents()
    light = panel.grab().toImage()
    seen = panel.strip.tile_rect(3).center() + panel.strip.mapTo(panel, QPoint(0, 0)).toPointF()
    at = (seen * dark.devicePixelRatio()).toPoint()
    assert dark.pixelColor(at).lightness() > 200
    assert light.pixelColor(at).lightness() < 60


def test_in_the_real_window_a_drawing_lights_up_the_network(qtbot, window):
    panel, session = window.docks.panel("draw"), window.session
    panel.canvas.load(sample(1))
    qtbot.waitUntil(lambda: session.frame.reading is not None)
    probe, answer = session.frame.probe, session.frame.reading
    assert probe.source == "drawing"
    np.testing.assert_array_equal(answer.probabilities, probe.outputs)
    np.testing.assert_array_equal(answer.picture, stages(panel.canvas.sketch.strokes).picture)
    assert panel.answer.digit.text() == str(answer.answer)
    assert panel.answer.trained.text() == "not trained yet"
    assert len(shown(panel)) == 5
    session.step()
    qtbot.waitUntil(lambda: panel.answer.trained.text() == "after 1 epoch")
    panel.tools.clear.click()
    qtbot.waitUntil(lambda: session.frame.probe.source == "row")
    assert panel.answer.digit.text() == "?"
