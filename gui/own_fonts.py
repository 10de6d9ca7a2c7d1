"""Fonts that widgets have of their own, and that follow the size of the text.

With every style sheet that is set anew, Qt gives widgets the fonts back that they had when the
first one came: with another size of the text, and with another theme. So what is to be smaller,
larger or bolder than the window's text says so once, here, and is given its font after each sheet.

A widget hears of its font by ``QEvent.FontChange``, whether the font is its own or the window's;
what depends on the font, a fixed height for instance, is to be measured then.
``ApplicationFontChange`` comes to windows only.
"""

from PySide6.QtWidgets import QApplication, QWidget

from gui import theme

PROPERTY = "own_font"


def give_font(
    widget: QWidget, points: float = 10.0, bold: bool = False, tabular: bool = False
) -> None:
    """Give a widget a font of its own, now and for every size of the text to come.

    Parameters
    ----------
    widget : QWidget
        What has text in it; its children do not inherit the font, for they have a style sheet.
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
