"""Larger text is larger everywhere: on a projector, nothing stays as small as it was."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from engine.toy_data import Circle
from gui.drawing.samples import sample
from tests.gui.windows import opened


@pytest.fixture
def window(request, qtbot):
    """The real window after an epoch, with what a test wants to see in front."""
    with opened(qtbot) as made:
        made.session.step()
        qtbot.waitUntil(lambda: made.session.frame.epoch == 1, timeout=20_000)
        request.param(made, qtbot)
        settle(made, qtbot)
        yield made


def settle(window, qtbot):
    """Lay the window out and paint it, until it rests."""
    for _ in range(3):
        window.beat()
        qtbot.wait(1)


def in_front(window, name):
    window.docks.docks[name].raise_()
    return window.docks.panel(name)


def an_empty_canvas(window, qtbot):
    in_front(window, "draw")


def a_drawing_that_is_read(window, qtbot):
    panel = in_front(window, "draw")
    panel.canvas.load(sample(3))
    qtbot.waitUntil(lambda: panel.answer.digit.isEnabled() and panel.answer.why.isVisible())
    panel.label.labelled.emit(3)
    panel.canvas.clear()
    panel.canvas.load(sample(4))
    qtbot.waitUntil(lambda: bool(panel.earlier.score.text()))


def digits_that_are_misread(window, qtbot):
    page = in_front(window, "data").page
    qtbot.waitUntil(lambda: page.title.text().startswith("Misread: "))


def points_of_two_classes(window, qtbot):
    session = window.session
    spec = replace(session.experiment.data, source=Circle())
    session.change(replace(session.experiment, data=spec), "Other data")
    panel = in_front(window, "data")
    qtbot.waitUntil(lambda: session.dataset.features == 2 and panel.page.matrix.isVisible())


def the_way_into_the_debugger(window, qtbot):
    in_front(window, "debugger")


def a_walk(window, qtbot):
    panel = in_front(window, "debugger")
    window.step_through()
    qtbot.waitUntil(lambda: panel.debugger.active)
    return panel


def a_nudge(window, qtbot):
    a_walk(window, qtbot).tabs.setCurrentIndex(4)


def an_optimizer(window, qtbot):
    a_walk(window, qtbot).tabs.setCurrentIndex(5)


SIGHTS = (
    an_empty_canvas,
    a_drawing_that_is_read,
    digits_that_are_misread,
    points_of_two_classes,
    the_way_into_the_debugger,
    a_walk,
    a_nudge,
    an_optimizer,
)
seen = pytest.mark.parametrize("window", SIGHTS, indirect=True, ids=lambda sight: sight.__name__)


def written(window):
    """Return all that can be read in labels and on buttons."""
    parts = [*window.findChildren(QLabel), *window.findChildren(QAbstractButton)]
    return [each for each in parts if each.isVisible() and each.text()]


def fonts(window):
    return {each: each.font() for each in written(window)}


def small(window, usual):
    """Return what is not two steps larger than it was."""
    now = fonts(window)
    both = now.keys() & usual.keys()
    return {
        each.text() for each in both if now[each].pointSizeF() < 1.19 * usual[each].pointSizeF()
    }


def cut_off(window):
    """Return whatever has less room than its words need."""

    def room(part):
        if part.hasHeightForWidth():
            return part.heightForWidth(part.width()) <= part.height()
        wanted = part.sizeHint()
        return wanted.width() <= part.width() and wanted.height() <= part.height()

    return {each for each in written(window) if not room(each)}


def enlarge_twice(window, qtbot):
    for _ in range(2):
        window.menu_actions["larger"].trigger()
    settle(window, qtbot)


@seen
def test_all_that_is_written_grows_and_goes_back(window, qtbot):
    usual = fonts(window)
    assert len(usual) > 20
    enlarge_twice(window, qtbot)
    assert not small(window, usual)
    window.menu_actions["theme"].trigger()
    settle(window, qtbot)
    assert not small(window, usual)
    window.menu_actions["usual_size"].trigger()
    settle(window, qtbot)
    again = fonts(window)
    assert {each.text() for each in usual if again[each] != usual[each]} == set()


@seen
def test_what_was_whole_is_whole_in_larger_letters(window, qtbot):
    before = cut_off(window)
    enlarge_twice(window, qtbot)
    cut = [each.text() for each in cut_off(window) - before]
    assert not cut, f"cut off: {cut}"


@pytest.mark.parametrize("window", [an_empty_canvas], indirect=True)
def test_what_is_first_seen_in_larger_letters_has_them(window, qtbot):
    enlarge_twice(window, qtbot)
    panel = a_walk(window, qtbot)
    settle(window, qtbot)
    title = panel.arithmetic.title.font()
    assert title.pointSizeF() == pytest.approx(11.5 * 1.2)
    panel.debugger.leave(keep=False)
    digits_that_are_misread(window, qtbot)
    settle(window, qtbot)
    titles = [window.docks.panel("data").page.title, window.docks.panel("data").page.standing]
    assert [each.font().pointSizeF() for each in titles] == [pytest.approx(12)] * 2
