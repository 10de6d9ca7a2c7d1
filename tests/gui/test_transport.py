"""The bar on top: what it says can be read in every window."""

from PySide6.QtWidgets import QLabel


def figure(window, name):
    labels = window.transport.findChildren(QLabel)
    (found,) = (each for each in labels if each.accessibleName() == name)
    return found


def test_figures_grow_with_the_text(window):
    usual = figure(window, "Test loss").fontMetrics().height()
    window.menu_actions["larger"].trigger()
    window.menu_actions["larger"].trigger()
    assert figure(window, "Test loss").fontMetrics().height() > usual
    window.menu_actions["usual_size"].trigger()
    assert figure(window, "Test loss").fontMetrics().height() == usual
