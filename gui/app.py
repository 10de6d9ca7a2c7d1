"""Starts the application: Qt, the theme, the error reports, the window."""

import argparse
import sys
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.first import FIRST_EXPERIMENT
from gui.garbage import GarbageCollector
from gui.main_window import TEXT_SIZES, USUAL_POINTS, MainWindow
from gui.reporting import Reporter, start_logging
from gui.screenshot import Screenshot
from gui.session import Session
from gui.settings import data_folder, settings

SWITCH_SECONDS = 0.0005
"""How long one thread may keep the interpreter from another that wants it."""


def make_application() -> QApplication:
    """Return the application, dressed in Fusion and our font, ready for a theme."""
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


def remembered_text_size() -> int:
    """Return the text's size in points, the usual one where nothing sensible is remembered."""
    try:
        points = float(str(settings().value("text_size", USUAL_POINTS)))
    except ValueError:
        points = USUAL_POINTS
    return round(min(max(points, TEXT_SIZES[0]), TEXT_SIZES[-1]))


def chosen_theme(option: theme.ThemeName | None) -> theme.ThemeName:
    """Return the theme asked for, else the remembered one, else the system's."""
    remembered = settings().value("theme")
    for name in theme.PALETTES:
        if option is None and remembered == name:
            return name
    return option or theme.system_theme()


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
    session = Session(FIRST_EXPERIMENT, folder=data_folder() if picture is None else None)
    session.failed.connect(reporter.show)
    window = MainWindow(session, size=options.size, remember=picture is None)
    window.docks.completed.connect(GarbageCollector.settle)
    if options.draw is not None:
        window.docks.completed.connect(partial(draw_sample, window, options.draw))
    window.show()
    session.start(play=picture is None)
    if picture is not None:
        job = Screenshot(window, picture, options.epochs)
        QTimer.singleShot(0, job.start)
    status = application.exec()
    window.deleteLater()  # by Qt, children first, not by Python's collector at the very end
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return status
