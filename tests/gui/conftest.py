"""The real window for the tests, without a screen and without the user's settings."""

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from engine.spec import Experiment
from gui import settings_file, theme
from gui.app import make_application
from gui.appearance import USUAL_POINTS
from gui.session import Session
from tests.gui.windows import opened


@pytest.fixture(scope="session")
def qapp(tmp_path_factory):
    """The application as :func:`gui.app.run` makes it, its settings in a folder of the test."""
    folder = str(tmp_path_factory.mktemp("settings"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
    application = make_application()
    theme.apply_theme(application, "dark")
    return application


@pytest.fixture(autouse=True)
def forgotten_settings(qapp):
    """Start every test as on the first start."""
    settings_file.forget()
    yield
    qapp.setFont(QFont(theme.FONT_FAMILY, round(USUAL_POINTS)))
    theme.apply_theme(qapp, "dark")


@pytest.fixture(autouse=True)
def no_leaked_windows(qapp):
    """Fail a test that leaves a window open."""
    yield
    qapp.processEvents()
    left = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    for each in left:
        each.close()  # one test's failure is not the next one's
    assert not left, f"windows left open: {left}"


@pytest.fixture
def session(qapp):
    """A running session without a window; the test collects its frames."""
    made = Session(Experiment())
    yield made
    made.close()


@pytest.fixture
def window(qtbot):
    """The real main window on its way to learning digits, paused at epoch 0."""
    with opened(qtbot) as made:
        yield made
