"""The program itself, started as it always is, with something that plays in it."""

from pathlib import Path

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication


def run_program(folder, size, player, installed=lambda: None):
    """Start the program with its settings in a folder; return its exit status and the player.

    Parameters
    ----------
    size : str
        Of the window, as the command line takes it.
    player : callable
        Makes of the window, once all of it stands, what plays: it has ``start()`` and
        ``ending``, before which the window stays open whatever is pressed.
    installed : callable, optional
        Called when the program has set its hooks.
    """
    QSettings.setPath(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(Path(folder) / "settings")
    )
    import gui.app
    import main as program

    players = []

    class Window(gui.app.MainWindow):
        def closeEvent(self, event):
            if players and not players[0].ending:
                event.ignore()
            else:
                super().closeEvent(event)

    class Reporter(gui.app.Reporter):
        def install(self):
            super().install()
            installed()

    gui.app.MainWindow, gui.app.Reporter = Window, Reporter

    def look():
        for window in QApplication.topLevelWidgets():
            if isinstance(window, Window) and window.docks.complete and window.session.frame:
                waiting.stop()
                players.append(player(window))
                players[0].start()
                return

    waiting = QTimer(gui.app.make_application())
    waiting.timeout.connect(look)
    waiting.start(20)
    status = program.main(["--size", size])
    return status, players[0] if players else None
