"""Starts the application: Qt, the theme, the error reports, the window."""

import argparse
import os
import sys
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from gui import guard, theme  # noqa: F401  (guard comes before any class of ours is made)
from gui.appearance import chosen_theme, remembered_text_size
from gui.first import FIRST_EXPERIMENT
from gui.garbage import GarbageCollector
from gui.main_window import MainWindow
from gui.reporting import Reporter, start_logging
from gui.screenshot import Screenshot
from gui.session import Session
from gui.settings import data_folder

SWITCH_SECONDS = 0.0005
"""How long one thread may keep the interpreter from another that wants it."""


def make_application() -> QApplication:
    """Return the application, dressed in Fusion and our font, ready for a theme."""
    # Qt shares every translucent stroke out among threads, and that takes far longer than to
    # paint it: without, the curves of a small network are painted seven times faster.
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("Chainrule")
    application.setOrganizationName("Chainrule")
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
    application = make_application()
    start_logging()
    reporter = Reporter()
    reporter.install()
    picture = options.screenshot
    theme.apply_theme(application, chosen_theme(options.theme))
    lasts = picture is None
    session = Session(FIRST_EXPERIMENT, folder=data_folder() if lasts else None, sprints=lasts)
    session.failed.connect(reporter.show)
    window = MainWindow(session, size=options.size, remember=lasts)
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
    status = application.exec()
    window.deleteLater()  # by Qt, children first, not by Python's collector at the very end
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return status
