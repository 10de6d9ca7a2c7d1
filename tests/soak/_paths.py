"""Widgets by where they stand in their window, so that a recording finds them again."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


def top_levels():
    """Return the visible windows, in an order that does not depend on when they were made."""
    found = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    return sorted(found, key=_rank)


def _rank(window):
    kind = window.metaObject().className()
    return not isinstance(window, QMainWindow), kind, window.objectName(), window.windowTitle()


def _siblings(widget):
    parent = widget.parentWidget()
    if widget.isWindow() or parent is None:
        return [each for each in top_levels() if _called(each) == _called(widget)]
    kind = widget.metaObject().className()
    return [
        each
        for each in parent.children()
        if isinstance(each, QWidget)
        and not each.isWindow()
        and each.metaObject().className() == kind
    ]


def _called(window):
    return window.metaObject().className()


def path_of(widget):
    """Return the names from the window to the widget: ``MainWindow/DockWidget.2/Canvas``."""
    steps = []
    while True:
        same = _siblings(widget)
        number = same.index(widget) if widget in same else 0
        steps.append(_called(widget) + (f".{number}" if number else ""))
        parent = widget.parentWidget()
        if widget.isWindow() or parent is None:
            return "/".join(reversed(steps))
        widget = parent


def find(path):
    """Return the visible widget at a path; None where there is none now."""
    window, *steps = path.split("/")
    found = _numbered(top_levels(), window)
    for step in steps:
        if found is None:
            return None
        children = [
            each for each in found.children() if isinstance(each, QWidget) and not each.isWindow()
        ]
        found = _numbered(children, step)
    return found if found is not None and found.isVisible() else None


def _numbered(widgets, step):
    kind, _, number = step.partition(".")
    same = [each for each in widgets if _called(each) == kind]
    index = int(number or 0)
    return same[index] if index < len(same) else None


def within(widget, x, y):
    """Return the handle of the widget's window, and the point in it; the widget may be smaller."""
    window = widget.window()
    here = QPoint(min(x, max(widget.width() - 1, 0)), min(y, max(widget.height() - 1, 0)))
    point = widget.mapTo(window, here)
    inside = QPoint(
        min(max(point.x(), 0), max(window.width() - 1, 0)),
        min(max(point.y(), 0), max(window.height() - 1, 0)),
    )
    return window.windowHandle(), inside
