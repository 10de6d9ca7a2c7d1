from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal

from engine.spec import DataSpec, Experiment
from engine.strokes import stages
from engine.toy_data import Circle
from gui import theme
from gui.drawing.answer import UNKNOWN
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


def test_the_strip_shows_the_way_from_the_strokes_to_what_the_network_sees(panel, quiet):
    strokes = (np.array([[0.2, 0.2], [0.8, 0.8]]),)
    panel.canvas.load(strokes)
    assert [bool(tile.paint) for tile in panel.strip.tiles] == [True, False, False, False]
    quiet.show(reading(7, stages=stages(strokes)))
    assert [bool(tile.paint) for tile in panel.strip.tiles] == [True, True, True, True]
    quiet.show(reading(7, contributions=np.ones((8, 8))))
    assert panel.strip.tiles[-1].caption == "why"


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


@pytest.mark.parametrize("size", [(280, 470), (310, 650), (520, 1300), (700, 400)])
def test_everything_stays_inside_the_panel(panel, quiet, size):
    panel.resize(*size)
    panel.canvas.load((np.array([[0.2, 0.2], [0.8, 0.8]]),))
    quiet.show(reading(7, contributions=np.ones((8, 8))))
    panel.grab()
    for part in (panel.tools, panel.canvas, panel.answer, panel.bars, panel.strip):
        place = part.geometry().translated(part.parentWidget().mapTo(panel, QPoint(0, 0)))
        assert panel.rect().contains(place), part
    assert panel.canvas.square.width() >= 140


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
