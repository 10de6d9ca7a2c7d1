"""Another theme or size of the text is everywhere at once, in what is shown later too."""

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QMenu, QMessageBox, QToolButton, QToolTip

from gui import theme
from gui.network_view.table import WeightsTable


def colors_in(widget):
    """Return the colours of a widget's pixels, and how often each is there."""
    picture = widget.grab().toImage()
    found = {}
    for y in range(picture.height()):
        for x in range(picture.width()):
            name = picture.pixelColor(x, y).name()
            found[name] = found.get(name, 0) + 1
    return found


def own_colors(name):
    """Return the colours of one theme that the other does not have."""
    mine, other = (
        theme.PALETTES[each] for each in (name, {"dark": "light", "light": "dark"}[name])
    )
    roles = ("window", "field", "line", "text", "muted", "accent")
    return {getattr(mine, role) for role in roles} - {getattr(other, role) for role in roles}


def assert_wears(widget, name):
    """Check that a widget is painted in the colours of a theme, and in none of the other's."""
    seen = colors_in(widget)
    other = {"dark": "light", "light": "dark"}[name]
    assert own_colors(name) & seen.keys()
    assert not own_colors(other) & seen.keys()


def shown_panels(window):
    for name, dock in window.docks.docks.items():
        dock.raise_()
        yield name, window.docks.panel(name)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_all_that_is_seen_wears_the_theme_at_once(window, qtbot, name):
    if name == "dark":
        window.menu_actions["theme"].trigger()
    window.menu_actions["theme"].trigger()
    for part in (window.transport, window.statusBar(), window.menuBar()):
        assert_wears(part, name)
    plots = window.docks.panel("curves")
    assert_wears(plots, name)
    for _, panel in shown_panels(window):  # most were hidden when the theme changed
        qtbot.waitUntil(panel.isVisible)
        assert_wears(panel, name)


def test_labels_take_their_colours_from_the_theme(window):
    for name in ("light", "dark"):
        window.menu_actions["theme"].trigger()
        muted = [each for each in window.findChildren(QLabel) if each.property("role") == "muted"]
        seen = [each for each in muted if each.isVisible() and each.text()]
        assert len(seen) > 5
        for label in seen:
            color = label.palette().color(QPalette.ColorGroup.Active, label.foregroundRole())
            assert color.name() == theme.PALETTES[name].muted, label.text()


def test_the_button_that_matters_most_is_filled_with_the_accent(window):
    play = next(each for each in window.findChildren(QToolButton) if each.objectName() == "primary")
    for name in ("light", "dark"):
        window.menu_actions["theme"].trigger()
        picture = play.grab().toImage()
        assert picture.pixelColor(6, picture.height() // 2).name() == theme.PALETTES[name].accent


def test_what_is_opened_later_wears_the_theme_and_the_size(window, qtbot):
    window.menu_actions["theme"].trigger()
    for _ in range(2):
        window.menu_actions["larger"].trigger()
    window.menu_actions["shortcuts"].trigger()
    box = window.findChild(QMessageBox)
    table = WeightsTable(window.network_view)
    table.show()
    menu = QMenu(window)
    menu.addAction("Something")
    menu.popup(window.mapToGlobal(window.rect().center()))
    try:
        for each in (box, table, menu):
            assert_wears(each, "light")
            assert each.font().pointSizeF() == pytest.approx(12)
        for label in box.findChildren(QLabel):
            assert label.font().pointSizeF() == pytest.approx(12)
    finally:
        for each in (box, table, menu):
            each.close()
    QToolTip.showText(window.mapToGlobal(window.rect().center()), "Words", window)
    (tip,) = (each for each in window.findChildren(QLabel) if each.text() == "Words")
    assert_wears(tip, "light")
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_all_texts_grow_even_those_hidden_meanwhile(window):
    parts = [*window.findChildren(QLabel), *window.findChildren(QToolButton)]
    before = {each: each.font().pointSizeF() for each in parts if each.text()}
    assert any(not each.isVisible() for each in before)
    for _ in range(2):
        window.menu_actions["larger"].trigger()
    for each, points in before.items():
        assert each.font().pointSizeF() == pytest.approx(points * 1.2), each.text()
