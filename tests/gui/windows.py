"""How the tests open a window, and part with it."""

import gc
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from engine.spec import Experiment
from gui.main_window import MainWindow
from gui.session import Session


@contextmanager
def opened(qtbot, experiment=None, sprints=False, folder=None):
    """Show the real window, paused at epoch 0; a window that fails its test is closed too."""
    session = Session(experiment or Experiment(), folder=folder, sprints=sprints)
    session.start(play=False)
    window = MainWindow(session, size=(1280, 800))
    window.show()
    try:
        qtbot.waitUntil(lambda: session.frame is not None and window.docks.complete, timeout=20_000)
        yield window
    finally:
        discard(window)


def discard(window):
    """Close a window and let Qt delete it, as the program does at its end."""
    window._asks = False
    window.unsaved.note_saved()  # nobody wants to keep what a test has made
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def drop(window, path):
    """Drag a file over the window and drop it, if it is taken; return whether it was."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = (
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(5, 5), *how)
    enter.ignore()
    QCoreApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QCoreApplication.sendEvent(window, QDropEvent(QPointF(5, 5), *how))
    return enter.isAccepted()
