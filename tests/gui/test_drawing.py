from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor

from engine.spec import DataSpec, Experiment
from engine.strokes import stages
from engine.toy_data import Circle
from gui import theme
from gui.drawing.answer import UNKNOWN
from gui.drawing.samples import sample
from gui.frame import Frame, Shape
from gui.panels.drawing import DrawingPanel
from gui.reading import Reading

DIGITS = Shape((64, 64, 10), ("ReLU", "Softmax"), (8, 8), (), tuple("0123456789"), "classification")
POINTS = Shape((2, 4, 1), ("tanh", "sigmoid"), None, ("x₁", "x₂"), ("output",), "binary")


class QuietSession(QObject):
    """What the panel needs of a session, without a training."""

    frameChanged = Signal()
    historyReset = Signal()

    def __init__(self):
        super().__init__()
        self.frame = None
        self.experiment = Experiment()
        self.drawings = []
        self.changes = []

    def draw(self, strokes):
        self.drawings.append(strokes)

    def change(self, experiment, text):
        self.changes.append((experiment, text))

    def show(self, reading=None, epoch=0, shape=DIGITS):
        self.frame = Frame(1, epoch, 0, 45, (), (), shape, None, reading)
        self.frameChanged.emit()


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


def drag(qtbot, canvas):
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    qtbot.mouseMove(canvas, QPoint(100, 60))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 60))


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


def test_the_answer_lives_with_the_network(panel, quiet):
    panel.canvas.load((np.array([[0.2, 0.2], [0.8, 0.8]]),))
    for epoch, answer in enumerate((3, 8, 3)):
        quiet.show(reading(answer), epoch=epoch)
        assert panel.answer.digit.text() == str(answer)
        assert panel.bars.winner == answer


def test_a_drawing_unlike_all_it_knows_is_said_to_be_so(panel, quiet):
    panel.canvas.load((np.array([[0.2, 0.2], [0.8, 0.8]]),))
    quiet.show(reading(7, known=False))
    assert panel.answer.warning.isVisible()
    assert panel.answer.warning.text() == UNKNOWN
    quiet.show(reading(7, known=True))
    assert not panel.answer.warning.isVisible()
    assert panel.answer.runner_up.isVisible()


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
    experiment, text = quiet.changes[0]
    assert experiment.data.source.name == "digits"
    assert text == "Handwritten digits"
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


def test_drawings_put_away_stand_on_the_shelf_with_their_answers(qtbot, panel, quiet):
    assert not panel.shelf.isVisible()
    drag(qtbot, panel.canvas)
    first = panel.canvas.sketch.strokes
    quiet.show(reading(7), epoch=12)
    panel.tools.clear.click()
    assert panel.shelf.isVisible()
    assert panel.shelf.item(0).text() == "7"
    assert panel.shelf.item(0).toolTip() == "Read as 7 (91 %, sure) after 12 epochs"
    qtbot.keyClick(panel.canvas, Qt.Key.Key_3)
    quiet.show(reading(3), epoch=13)
    place = panel.shelf.visualItemRect(panel.shelf.item(0)).center()
    qtbot.mouseClick(panel.shelf.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.canvas.sketch.strokes is first
    assert [panel.shelf.item(row).text() for row in range(panel.shelf.count())] == ["3", "7"]


def test_a_drawing_is_on_the_shelf_once_and_can_be_forgotten(qtbot, panel):
    drag(qtbot, panel.canvas)
    for _ in range(3):
        panel.canvas.clear()
        panel.canvas.undo()
    assert panel.shelf.count() == 1
    panel.shelf.setCurrentRow(0)
    qtbot.keyClick(panel.shelf, Qt.Key.Key_Delete)
    assert panel.shelf.count() == 0
    assert not panel.shelf.isVisible()


def test_the_shelf_does_not_grow_without_end(panel):
    for digit in range(70):
        panel.canvas.load(sample(digit % 10))
    assert panel.shelf.count() == 60


@pytest.mark.parametrize("size", [(280, 470), (310, 650), (520, 1300), (700, 400)])
def test_everything_stays_inside_the_panel(panel, quiet, size):
    panel.resize(*size)
    panel.canvas.load((np.array([[0.2, 0.2], [0.8, 0.8]]),))
    quiet.show(reading(7, contributions=np.ones((8, 8))))
    panel.grab()
    for part in (panel.tools, panel.canvas, panel.answer, panel.bars, panel.strip):
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
    drag(qtbot, panel.canvas)
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
