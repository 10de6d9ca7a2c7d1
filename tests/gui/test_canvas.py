import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEventPoint, QKeyEvent, QPointingDevice, QTabletEvent, QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.drawing.canvas import Canvas

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


@pytest.fixture
def canvas(qtbot):
    made = Canvas()
    made.resize(200, 200)
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    return made


def drag(qtbot, canvas, *points):
    points = [QPoint(*point) for point in points]
    qtbot.mousePress(canvas, LEFT, pos=points[0])
    for point in points[1:]:
        qtbot.mouseMove(canvas, point)
    qtbot.mouseRelease(canvas, LEFT, pos=points[-1])


def drawn(canvas):
    return [np.round(stroke, 3).tolist() for stroke in canvas.sketch.strokes]


def ink(canvas):
    """How many pixels of the canvas carry ink."""
    inside = canvas.rect().adjusted(6, 6, -6, -6)
    image = canvas.grab(inside).toImage().scaled(100, 100)
    ink, ground = theme.palette().rgb("ink"), theme.palette().rgb("canvas")
    middle = (ink.mean() + ground.mean()) / 2
    light = np.array([[image.pixelColor(x, y).lightness() for x in range(100)] for y in range(100)])
    return int(((light > middle) == (ink.mean() > ground.mean())).sum())


# ---------------------------------------------------------------- mouse


def test_a_drag_is_a_stroke_in_the_unit_square(qtbot, canvas):
    drag(qtbot, canvas, (20, 40), (100, 40), (100, 160))
    assert drawn(canvas) == [[[0.1, 0.2], [0.5, 0.2], [0.5, 0.8]]]


def test_every_movement_is_announced_and_the_end_once(qtbot, canvas):
    changes, ends = [], []
    canvas.changed.connect(lambda: changes.append(len(canvas.sketch.strokes[-1])))
    canvas.stroke_finished.connect(lambda: ends.append(True))
    drag(qtbot, canvas, (20, 40), (100, 40), (100, 160))
    assert changes == [1, 2, 3, 3]
    assert ends == [True]


def test_a_resize_keeps_the_drawing_and_the_ink_follows(qtbot, canvas):
    drag(qtbot, canvas, (40, 40), (160, 160))
    before, pixels = drawn(canvas), ink(canvas)
    canvas.resize(420, 420)
    assert drawn(canvas) == before
    assert ink(canvas) == pytest.approx(pixels, rel=0.15)


def test_the_square_is_centred_where_the_widget_is_not_square(qtbot, canvas):
    canvas.resize(300, 200)
    drag(qtbot, canvas, (50, 0), (150, 100))
    assert drawn(canvas) == [[[0, 0], [0.5, 0.5]]]


def test_a_click_is_a_dot(qtbot, canvas):
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(100, 100))
    assert drawn(canvas) == [[[0.5, 0.5]]]
    assert ink(canvas) > 5


def test_a_fast_second_stroke_is_not_lost_as_a_double_click(qtbot, canvas):
    drag(qtbot, canvas, (20, 20), (60, 60))
    qtbot.mouseDClick(canvas, LEFT, pos=QPoint(60, 60))
    assert len(canvas.sketch.strokes) >= 2


def test_the_other_buttons_draw_nothing(qtbot, canvas):
    qtbot.mousePress(canvas, Qt.MouseButton.RightButton, pos=QPoint(20, 20))
    qtbot.mouseMove(canvas, QPoint(100, 100))
    assert drawn(canvas) == []


def test_losing_the_focus_lifts_the_pen(qtbot, canvas):
    qtbot.mousePress(canvas, LEFT, pos=QPoint(20, 20))
    canvas.clearFocus()
    assert canvas.sketch.current is None
    assert len(canvas.sketch.finished) == 1


def test_the_eraser_takes_the_strokes_it_touches(qtbot, canvas):
    drag(qtbot, canvas, (20, 20), (20, 180))
    drag(qtbot, canvas, (100, 20), (100, 180))
    canvas.set_tool("eraser")
    drag(qtbot, canvas, (60, 100), (98, 100))
    assert drawn(canvas) == [[[0.1, 0.1], [0.1, 0.9]]]


# ---------------------------------------------------------------- keyboard


def test_undo_redo_and_clear_by_keyboard(qtbot, canvas):
    drag(qtbot, canvas, (20, 20), (20, 180))
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert drawn(canvas) == []
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(canvas, Qt.Key.Key_Z, both)
    assert len(drawn(canvas)) == 1
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        qtbot.keyClick(canvas, key)
        assert drawn(canvas) == []
        canvas.undo()


def test_the_windows_own_undo_does_not_get_the_key(canvas):
    key = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    key.ignore()
    QApplication.sendEvent(canvas, key)
    assert key.isAccepted()
    other = QKeyEvent(
        QEvent.Type.ShortcutOverride, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier
    )
    other.ignore()
    QApplication.sendEvent(canvas, other)
    assert not other.isAccepted()


def test_a_digit_key_puts_a_sample_on_the_canvas(qtbot, canvas):
    qtbot.keyClick(canvas, Qt.Key.Key_4)
    assert len(canvas.sketch.strokes) == 3
    canvas.undo()
    assert drawn(canvas) == []


def test_tools_by_keyboard(qtbot, canvas):
    qtbot.keyClick(canvas, Qt.Key.Key_E)
    assert canvas.tool == "eraser"
    qtbot.keyClick(canvas, Qt.Key.Key_P)
    assert canvas.tool == "pen"


# ---------------------------------------------------------------- pen and finger


def stylus(pointer=QPointingDevice.PointerType.Pen):
    kinds = QPointingDevice.DeviceType, QPointingDevice.Capability
    return QPointingDevice("stylus", 7, kinds[0].Stylus, pointer, kinds[1].Pressure, 1, 2)


def tablet(canvas, device, kind, x, y, button=LEFT, pressure=0.6):
    at = QPointF(x, y)
    held = NONE if kind == QEvent.Type.TabletRelease else button
    event = QTabletEvent(
        kind, device, at, at, pressure, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier, button, held
    )
    QApplication.sendEvent(canvas, event)


def test_a_pen_draws_whatever_its_pressure(canvas):
    pen = stylus()
    tablet(canvas, pen, QEvent.Type.TabletMove, 10, 10, NONE, 0.0)  # hovers
    tablet(canvas, pen, QEvent.Type.TabletPress, 20, 40, pressure=0.0)
    tablet(canvas, pen, QEvent.Type.TabletMove, 100, 40, pressure=1.0)
    tablet(canvas, pen, QEvent.Type.TabletRelease, 100, 40)
    assert drawn(canvas) == [[[0.1, 0.2], [0.5, 0.2]]]


def test_the_rubber_end_of_a_pen_erases(qtbot, canvas):
    drag(qtbot, canvas, (20, 20), (20, 180))
    rubber = stylus(QPointingDevice.PointerType.Eraser)
    tablet(canvas, rubber, QEvent.Type.TabletPress, 22, 100)
    tablet(canvas, rubber, QEvent.Type.TabletRelease, 22, 100)
    assert drawn(canvas) == []
    assert canvas.tool == "pen"


@pytest.fixture(scope="module")
def screen(qapp):
    return QTest.createTouchDevice()


def test_a_finger_draws_and_a_second_one_does_not(canvas, screen):
    QTest.touchEvent(canvas, screen).press(0, QPoint(20, 40)).commit()
    QTest.touchEvent(canvas, screen).move(0, QPoint(60, 40)).press(1, QPoint(180, 180)).commit()
    QTest.touchEvent(canvas, screen).move(0, QPoint(100, 40)).move(1, QPoint(150, 150)).commit()
    QTest.touchEvent(canvas, screen).release(0, QPoint(100, 40)).release(
        1, QPoint(150, 150)
    ).commit()
    (stroke,) = canvas.sketch.strokes
    np.testing.assert_allclose(stroke, [[0.1, 0.2], [0.3, 0.2], [0.5, 0.2]], atol=0.02)


def test_a_cancelled_touch_leaves_nothing(canvas, screen):
    QTest.touchEvent(canvas, screen).press(0, QPoint(20, 40)).commit()
    point = QEventPoint(0, QEventPoint.State.Updated, QPointF(20, 40), QPointF(20, 40))
    cancel = QTouchEvent(QEvent.Type.TouchCancel, screen, Qt.KeyboardModifier.NoModifier, [point])
    QApplication.sendEvent(canvas, cancel)
    assert drawn(canvas) == []
    QTest.touchEvent(canvas, screen).release(0, QPoint(20, 40)).commit()


# ---------------------------------------------------------------- painting


def test_the_empty_canvas_says_what_to_do_until_something_is_drawn(qtbot, canvas):
    empty = canvas.grab().toImage()
    drag(qtbot, canvas, (20, 20), (21, 20))
    canvas.clear()
    assert canvas.grab().toImage() == empty
    canvas.load((np.array([[0.01, 0.01]]),))
    assert ink(canvas) < 20


def test_a_wider_pen_leaves_more_ink_on_the_same_strokes(qtbot, canvas):
    drag(qtbot, canvas, (20, 100), (180, 100))
    strokes, thin = drawn(canvas), ink(canvas)
    canvas.set_pen_width(0.11)
    assert ink(canvas) > 1.5 * thin
    assert drawn(canvas) == strokes


def test_the_ink_changes_with_the_theme(qtbot, canvas, qapp):
    drag(qtbot, canvas, (20, 100), (180, 100))
    assert ink(canvas) > 100
    theme.apply_theme(qapp, "light")
    assert ink(canvas) > 100
