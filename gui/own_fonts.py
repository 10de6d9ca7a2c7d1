"""Fonts that widgets have of their own, and that follow the size of the text.

What is to be smaller, larger or bolder than the window's text says so once, here, and is given
its font anew with every size of the text.

A widget hears of its font by ``QEvent.FontChange``, whether the font is its own or the window's;
what depends on the font, a fixed height for instance, is to be measured then.
``ApplicationFontChange`` comes to windows only.
"""

from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gui import theme

PROPERTY = "own_font"


def give_font(
    widget: QWidget, points: float = 10.0, bold: bool = False, tabular: bool = False
) -> None:
    """Give a widget a font of its own, now and for every size of the text to come.

    Parameters
    ----------
    widget : QWidget
        What has text in it; its children inherit the font, unless they have one of their own.
    points, bold, tabular : float, bool, bool
        As in :func:`gui.theme.font`.
    """
    widget.setProperty(PROPERTY, [points, bold, tabular])  # lives and dies with the widget
    widget.setFont(theme.font(points, bold, tabular))


def renew_fonts() -> None:
    """Give all widgets the fonts that are their own, in the present size of the text."""
    for widget in QApplication.allWidgets():
        own = widget.property(PROPERTY)
        if own is not None:
            widget.setFont(theme.font(*own))
            if isinstance(widget, QLabel) and not widget.text():
                widget.setIndent(widget.indent())  # without words it keeps the size it had
