"""Starts the application: Qt, the theme, the error reports, the window."""

import argparse
import logging
import os
import sys
import threading
import time
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from gui import ending, guard, theme  # noqa: F401  (guard: before any class of ours is made)
from gui.appearance import chosen_theme, remembered_text_size
from gui.first import FIRST_EXPERIMENT
from gui.garbage import GarbageCollector
from gui.log import start_logging
from gui.main_window import MainWindow
from gui.reporting import Reporter
from gui.screenshot import Screenshot
from gui.session import Session
from gui.settings import data_folder, forget_settings

log = logging.getLogger("chainrule")
PATIENCE = 3.0
"""Seconds that the end waits for drawings being written, and for threads."""
SWITCH_SECONDS = 0.0005
"""How long one thread may keep the interpreter from another that wants it."""


def name_application() -> None:
    """Say whose folders are meant."""
    QCoreApplication.setApplicationName("Chainrule")
    QCoreApplication.setOrganizationName("Chainrule")


def make_application() -> QApplication:
    """Return the application, dressed in Fusion and our font, ready for a theme."""
    # Qt shares every translucent stroke out among threads, and that takes far longer than to
    # paint it: without, the curves of a small network are painted seven times faster.
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    name_application()
    application.setStyle("Fusion")
    if application.findChild(GarbageCollector) is None:
        GarbageCollector(application)
    theme.load_fonts()
    application.setWindowIcon(theme.application_icon())
    application.setFont(QFont(theme.FONT_FAMILY, remembered_text_size()))
    return application


def draw_sample(window: MainWindow, digit: int) -> None:
    """Draw one of the project's own digits on the canvas."""
    from gui.drawing.samples import sample

    window.docks.panel("draw").canvas.load(sample(digit))  # type: ignore[attr-defined]


def run(options: argparse.Namespace) -> int:
    """Open the window and return the exit status when it is closed."""
    sys.setswitchinterval(SWITCH_SECONDS)
    name_application()
    start_logging()
    if options.reset_settings:
        forget_settings()
    application = make_application()
    reporter = Reporter()
    reporter.install()
    if ending.told():
        return 0
    picture = options.screenshot
    theme.apply_theme(application, chosen_theme(options.theme))
    lasts = picture is None
    session = Session(FIRST_EXPERIMENT, folder=data_folder() if lasts else None, sprints=lasts)
    session.failed.connect(reporter.show)
    reporter.training = lambda: session.state
    window = reporter.window = MainWindow(session, size=options.size, remember=lasts)
    window.docks.completed.connect(GarbageCollector.settle)
    if options.file is not None:
        window.docks.completed.connect(partial(window.open_file, options.file))
    if options.draw is not None:
        window.docks.completed.connect(partial(draw_sample, window, options.draw))
    window.show()
    session.start(play=lasts)
    if picture is not None:
        job = Screenshot(window, picture, options.epochs)
        QTimer.singleShot(0, job.start)
    if ending.told():
        window.end()
        status = 0
    else:
        status = application.exec()
    session.close()  # should the window have failed to
    reporter.window = None
    window.deleteLater()  # by Qt, children first, not by Python's collector at the very end
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    leave(status)
    return status


def leave(status: int) -> None:
    """Wait a while for what is still being written; what hangs then does not keep the program.

    Parameters
    ----------
    status : int
        The exit status, where it leaves at once.
    """
    until = time.monotonic() + PATIENCE
    for thread in _threads():
        thread.join(max(0.0, until - time.monotonic()))
    if left := [thread.name for thread in _threads()]:
        log.warning("left while these still worked: %s", ", ".join(left))
        logging.shutdown()
        os._exit(status)


def _threads() -> list[threading.Thread]:
    """Return all but the main one; those that Python did not start are not its to wait for."""
    main, foreign = threading.main_thread(), threading._DummyThread
    return [e for e in threading.enumerate() if e is not main and not isinstance(e, foreign)]
