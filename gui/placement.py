"""Where the window and its docks stand, remembered from one start to the next."""

from PySide6.QtWidgets import QApplication, QMainWindow

from gui.docks import LAYOUT_VERSION, Docks
from gui.settings import GEOMETRY, LAYOUT

FIRST_SIZE = 1280, 800
LEAST_IN_SIGHT = 100, 20
"""Width and height of what is to be seen of its top at least: enough to get hold of it."""


def restore(
    window: QMainWindow, docks: Docks, size: tuple[int, int] | None, remembered: bool
) -> None:
    """Put window and docks where they were, or where they stand at first.

    Parameters
    ----------
    size : (int, int) or None
        Width and height to use in place of those remembered.
    remembered : bool
        Whether to look at what is remembered at all.
    """
    geometry = GEOMETRY.value if remembered and size is None else b""
    if not (geometry and window.restoreGeometry(geometry)):
        window.resize(*(size or FIRST_SIZE))
    _pull_onto_screen(window)
    layout = LAYOUT.value if remembered else b""
    if not (layout and window.restoreState(layout, LAYOUT_VERSION)):
        docks.place()
        docks.completed.connect(docks.place)


def _pull_onto_screen(window: QMainWindow) -> None:
    """Move a window into sight where it stood on a screen that is no longer there."""
    width, height = LEAST_IN_SIGHT
    top = window.frameGeometry()
    top.setHeight(2 * height)
    for screen in QApplication.screens():
        seen = screen.availableGeometry().intersected(top)
        if seen.width() >= width and seen.height() >= height:
            return
    window.move(QApplication.primaryScreen().availableGeometry().topLeft())


def keep(window: QMainWindow, docks: Docks) -> None:
    """Remember where window and docks stand; the docks only once their panels fill them."""
    GEOMETRY.keep(bytes(window.saveGeometry().data()))
    if docks.complete:
        LAYOUT.keep(bytes(window.saveState(LAYOUT_VERSION).data()))
