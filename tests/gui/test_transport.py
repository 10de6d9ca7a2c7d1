"""The bar on top: what it says can be read in every window, however narrow."""

from itertools import combinations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QSlider, QToolButton

from gui.appearance import TEXT_SIZES
from tests.gui.windows import opened

FIGURES = ("Epoch", "Test loss", "Test accuracy")


@pytest.fixture
def window(qtbot):
    """The real window after an epoch, with the drawing alone: panels do not keep it wide."""
    with opened(qtbot) as made:
        for dock in made.docks.docks.values():
            dock.hide()
        made.session.step()
        qtbot.waitUntil(lambda: made.session.frame.epoch == 1, timeout=20_000)
        qtbot.waitUntil(lambda: figure(made, "Test loss").text() != "–")
        yield made


def make_wide(window, width):
    """Resize the window; the next beat lays it out and paints it."""
    window.beat()  # what was closed before no longer keeps it wide
    window.resize(width, 600)
    window.beat()
    return window.transport


def figure(window, name):
    labels = window.transport.findChildren(QLabel)
    (found,) = (each for each in labels if each.accessibleName() == name)
    return found


def button(window, text):
    buttons = window.transport.findChildren(QToolButton)
    (found,) = (each for each in buttons if each.text() == text)
    return found


def reads_its_words(window, text):
    return button(window, text).toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon


def is_seen_whole(widget):
    """Whether all of a widget is on screen, with room for what it says."""
    seen = widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()
    wanted = widget.sizeHint()
    return seen and wanted.width() <= widget.width() and wanted.height() <= widget.height()


def parts(bar):
    """Everything in the bar that is looked at, Qt's arrow to what has no room left out."""
    found = [each for kind in (QLabel, QSlider, QToolButton) for each in bar.findChildren(kind)]
    return [each for each in found if each.objectName() != "qt_toolbar_ext_button"]


def assert_all_is_seen_and_apart(bar):
    cut = [spoken(each) for each in parts(bar) if not is_seen_whole(each)]
    assert not cut, f"cut off: {cut}"
    assert not bar.findChild(QToolButton, "qt_toolbar_ext_button").isVisible()
    places = [(spoken(each), place_in(bar, each)) for each in parts(bar)]
    overlapping = [(a, b) for (a, one), (b, other) in combinations(places, 2) if one & other]
    assert not overlapping
    assert all(bar.rect().contains(place) for _, place in places)


def spoken(widget):
    return widget.accessibleName() or getattr(widget, "text", str)()


def place_in(bar, widget):
    return QRect(widget.mapTo(bar, widget.rect().topLeft()), widget.size())


@pytest.mark.parametrize("width", [800, 900, 1024, 1280])
def test_epoch_loss_and_accuracy_can_be_read_at_every_width(window, width):
    bar = make_wide(window, width)
    assert bar.width() == width
    for name in FIGURES:
        assert is_seen_whole(figure(window, name))
    assert figure(window, "Epoch").text() == "1"
    assert_all_is_seen_and_apart(bar)


def test_nothing_is_ever_cut_off_while_the_window_is_dragged_narrower_and_wider(window):
    widths = [*range(1300, 640, -23), *range(640, 1300, 29)]
    for width in widths:
        assert_all_is_seen_and_apart(make_wide(window, width))


def test_the_window_is_never_narrower_than_what_must_be_read(window):
    bar = make_wide(window, 100)
    assert window.width() == bar.minimumWidth()
    assert_all_is_seen_and_apart(bar)


def test_with_all_panels_the_figures_fit_into_the_narrowest_window(window):
    window.menu_actions["layout"].trigger()
    bar = make_wide(window, 100)
    assert window.docks.docks["experiment"].isVisible()
    assert_all_is_seen_and_apart(bar)


def test_what_is_secondary_yields_its_words_first_and_gets_them_back(window):
    names = ("Play", "Step", "Reset", "New seed")
    make_wide(window, 1280)
    assert all(reads_its_words(window, name) for name in names)
    make_wide(window, 1024)
    assert [name for name in names if reads_its_words(window, name)] == ["Play"]
    assert button(window, "New seed").toolTip().startswith("Draw other initial weights (")
    make_wide(window, 1280)
    assert all(reads_its_words(window, name) for name in names)


def test_figures_stand_beside_their_captions_as_long_as_there_is_room(window):
    def stands_beside(name):
        labels = window.transport.findChildren(QLabel)
        (caption,) = (each for each in labels if each.text() == name)
        return caption.geometry().right() < figure(window, name).geometry().left()

    make_wide(window, 900)
    assert all(stands_beside(name) for name in FIGURES)
    make_wide(window, 800)
    assert not any(stands_beside(name) for name in FIGURES)


@pytest.mark.parametrize("width", [800, 900, 1024, 1280])
def test_a_pause_and_every_speed_leave_the_figures_their_room(window, qtbot, width):
    bar = make_wide(window, width)
    window.session.play()
    qtbot.waitUntil(lambda: window.session.frame.epoch > 1)
    for speed in (0.5, 100, None):
        window.session.set_speed(speed)
        window.beat()
        assert_all_is_seen_and_apart(bar)


def test_a_figure_that_grows_makes_the_rest_yield(window, qtbot):
    bar = make_wide(window, 1180)
    assert reads_its_words(window, "Step")
    figure(window, "Epoch").show_text("12,345,678")  # nobody waits for that many
    qtbot.waitUntil(lambda: not reads_its_words(window, "Step"))
    window.beat()
    assert_all_is_seen_and_apart(bar)


def test_figures_grow_with_the_text_and_still_fit(window):
    heights = []
    for _ in TEXT_SIZES:
        assert_all_is_seen_and_apart(make_wide(window, 1024))
        heights.append(figure(window, "Test loss").fontMetrics().height())
        window.menu_actions["larger"].trigger()
    assert heights[-1] > 2 * heights[0]
    window.menu_actions["usual_size"].trigger()
    assert_all_is_seen_and_apart(make_wide(window, 1024))
    assert figure(window, "Test loss").fontMetrics().height() == heights[0]
