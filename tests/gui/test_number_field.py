"""The number on the drawing as a user meets it: typed, dragged, left."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from engine.knobs import Integer, Real
from gui.network_view.number_field import InlineNumber

LEFT, SHIFT, CONTROL = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
PLAIN = Qt.KeyboardModifier.NoModifier


class Heard:
    """What a field has said."""

    def __init__(self, field):
        self.said = []
        field.edited.connect(self._edited)
        field.accepted.connect(self._accepted)
        field.cancelled.connect(self._cancelled)

    def _edited(self, value):
        self.said.append(("edited", round(value, 6)))

    def _accepted(self, value):
        self.said.append(("accepted", round(value, 6)))

    def _cancelled(self):
        self.said.append("cancelled")


@pytest.fixture
def ground(qtbot):
    made = QWidget()
    made.resize(500, 300)
    made.other = QLineEdit(made)
    column = QVBoxLayout(made)
    column.addStretch(1)
    column.addWidget(made.other)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    made.close()


@pytest.fixture
def opened(ground, qtbot):
    def open_field(value=0.5, at=(250, 150), **how):
        field = InlineNumber(ground, "Weight", value, **how)
        field.heard = Heard(field)  # kept as long as the field
        field.open_at(*at)
        qtbot.waitUntil(field.line.hasFocus)
        return field, field.heard.said

    return open_field


def drag(field, pixels, modifiers=PLAIN, release=True):
    start = field.rect().center()
    QTest.mousePress(field, LEFT, modifiers, start)
    for part in (0.5, 1.0):
        spot = QPoint(start.x() + round(pixels * part), start.y())
        send_move(field, spot, modifiers)
    if release:
        QTest.mouseRelease(field, LEFT, modifiers, spot)


def send_move(field, spot, modifiers):
    at = QPointF(spot)
    there = QPointF(field.mapToGlobal(spot))
    event = QMouseEvent(QEvent.Type.MouseMove, at, there, Qt.MouseButton.NoButton, LEFT, modifiers)
    QApplication.sendEvent(field, event)


def test_a_typed_number_takes_effect_with_enter(opened, qtbot):
    field, said = opened()
    qtbot.keyClicks(field.line, "-1,25")  # what stood there was selected
    assert said == []
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert said == [("accepted", -1.25)]
    assert not field.isVisible()


def test_escape_leaves_the_number_as_it_was(opened, qtbot):
    field, said = opened()
    qtbot.keyClicks(field.line, "7")
    qtbot.keyClick(field.line, Qt.Key.Key_Escape)
    assert said == ["cancelled"]
    assert not field.isVisible()


def test_going_elsewhere_leaves_the_number_as_it_was(ground, opened, qtbot):
    field, said = opened()
    qtbot.keyClicks(field.line, "7")
    ground.other.setFocus()
    assert said == ["cancelled"]


def test_enter_on_the_same_number_changes_nothing(opened, qtbot):
    field, said = opened(value=0.123456789)
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert said == ["cancelled"]


@pytest.mark.parametrize(
    ("text", "says"),
    [("abc", "'abc' is not a number"), ("inf", "must be a number"), ("", "Type a number")],
)
def test_what_is_no_number_is_refused_in_words(opened, qtbot, text, says):
    field, said = opened()
    field.line.selectAll()
    qtbot.keyClick(field.line, Qt.Key.Key_Backspace)
    qtbot.keyClicks(field.line, text)
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert field.isVisible()
    assert says in field.error.text()
    assert said == []
    qtbot.keyClicks(field.line, "1")
    assert not field.error.isVisible()


def test_limits_are_named(opened, qtbot):
    field, said = opened(value=8, domain=Integer(1, 4096), step=0.1)
    qtbot.keyClicks(field.line, "5000")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert "at most 4096" in field.error.text()
    assert said == []


def test_a_drag_changes_the_number_at_once_and_its_end_decides(opened, qtbot):
    field, said = opened(value=0.5)
    drag(field, 40)
    assert said == [("edited", 0.7), ("edited", 0.9), ("accepted", 0.9)]
    assert field.line.text() == "0.9"
    qtbot.keyClick(field.line, Qt.Key.Key_Escape)  # only lets go: it is decided
    assert said[-1] == "cancelled"
    assert not field.isVisible()


def test_shift_is_fine_and_control_coarse(opened):
    field, said = opened(value=0.0)
    drag(field, 40, SHIFT)
    assert said[-1] == ("accepted", 0.04)
    drag(field, -40, CONTROL)
    assert said[-1] == ("accepted", -4.0)


def test_escape_in_the_middle_of_a_drag_takes_it_back(opened, qtbot):
    field, said = opened()
    drag(field, 40, release=False)
    qtbot.keyClick(field.line, Qt.Key.Key_Escape)
    assert said[-1] == "cancelled"


def test_a_drag_stays_within_the_limits(opened):
    field, said = opened(value=0.9, domain=Real(0, 1))
    drag(field, 200)
    assert said[-1] == ("accepted", 1.0)


def test_the_keys_up_and_down_change_it(opened, qtbot):
    field, said = opened(value=0.5)
    qtbot.keyClick(field.line, Qt.Key.Key_Up)
    qtbot.keyClick(field.line, Qt.Key.Key_Up)
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert said == [("edited", 0.51), ("edited", 0.52), ("accepted", 0.52)]


@pytest.mark.parametrize("corner", [(0, 0), (499, 0), (0, 299), (499, 299)])
def test_it_stays_on_the_drawing(ground, opened, qtbot, corner):
    field, _said = opened(at=corner)
    assert ground.rect().contains(field.geometry())
    qtbot.keyClicks(field.line, "nothing like a number at all, and long")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert ground.rect().contains(field.geometry())
