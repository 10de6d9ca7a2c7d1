"""Where the window and its docks stand, remembered from one start to the next."""

from PySide6.QtWidgets import QApplication, QMainWindow

from gui.docks import LAYOUT_VERSION, Docks
from gui.settings import settings

FIRST_SIZE = 1280, 800


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
    store = settings()
    geometry = store.value("geometry") if remembered and size is None else None
    if geometry is None or not window.restoreGeometry(geometry):
        window.resize(*(size or FIRST_SIZE))
    _pull_onto_screen(window)
    layout = store.value("layout") if remembered else None
    if layout is None or not window.restoreState(layout, LAYOUT_VERSION):
        docks.place()
        docks.completed.connect(docks.place)


def _pull_onto_screen(window: QMainWindow) -> None:
    """Move a window into sight where it stood on a screen that is no longer there."""
    screens = QApplication.screens()
    if not any(screen.availableGeometry().intersects(window.geometry()) for screen in screens):
        window.move(QApplication.primaryScreen().availableGeometry().topLeft())


def keep(window: QMainWindow) -> None:
    """Remember where window and docks stand."""
    store = settings()
    store.setValue("geometry", window.saveGeometry())
    store.setValue("layout", window.saveState(LAYOUT_VERSION))
