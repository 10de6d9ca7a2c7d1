"""The program as `main.py` starts it, brought into a state by itself, and closed if asked to.

python -m tests.soak.driver STATE [SECONDS-UNTIL-IT-CLOSES-ITSELF]
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    from gui.ending import heed_signals

    heed_signals()

STATES = (
    "as it starts",
    "full speed",
    "recording",
    "walking",
    "dialog",
    "question",
    "menu",
    "file",
    "drawing",
)


def bring(window, state):
    """Bring a window that is complete into a state."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QFileDialog, QMenu

    actions, session = window.menu_actions, window.session
    if state == "full speed":
        session.set_speed(None)
    elif state == "recording":
        actions["record"].trigger()
    elif state == "walking":
        window.step_through()
    elif state == "dialog":
        session.set_speed(None)
        QTimer.singleShot(0, window.recording._ask_for_seconds)
    elif state == "question":
        actions["record"].trigger()
        QTimer.singleShot(0, window.close)
    elif state == "menu":
        menu = QMenu("A menu", window)
        menu.addAction("Something")
        QTimer.singleShot(0, lambda: menu.exec(window.pos()))
    elif state == "at work":
        work(window)
    elif state == "file":
        path = Path.home() / "pipe.csv"
        if not path.exists():
            import os

            os.mkfifo(path)
        window.open_file(path)
        table = Path.home() / "large.csv"
        table.write_text("a,b,c\n" + "1,2,x\n3,4,y\n" * 200_000)
        window.open_file(table)
    elif state == "drawing":
        from gui.app import draw_sample

        for digit in range(4):
            draw_sample(window, digit)
            window.docks.panel("draw").canvas.clear()
        QTimer.singleShot(
            0,
            lambda: QFileDialog.getOpenFileName(
                window, options=QFileDialog.Option.DontUseNativeDialog
            ),
        )


def work(window):
    """Train, draw, and change a setting; say what the window says."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QMessageBox

    from gui.app import draw_sample

    window.session.set_speed(None)
    draw_sample(window, 3)
    window.docks.panel("draw").canvas.clear()
    window.menu_actions["theme"].trigger()

    def look():
        for each in window.findChildren(QMessageBox):
            print(each.text(), each.informativeText(), flush=True)
        print(window.statusBar().currentMessage(), flush=True)
        if window.session.frame.epoch > 2 and not window._worked:
            window._worked = True
            print("worked", flush=True)
            QTimer.singleShot(3000, window.close)

    window._worked = False
    window.statusBar().messageChanged.connect(lambda said: print(said, flush=True))
    window._looking = QTimer(window)
    window._looking.setInterval(200)
    window._looking.timeout.connect(look)
    window._looking.start()


def main(state, seconds=None):
    from PySide6.QtCore import QTimer

    import main as program
    from gui import main_window

    class Driven(main_window.MainWindow):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            self.docks.completed.connect(lambda: bring(self, state))
            if seconds is not None:
                self._closing = QTimer(self)
                self._closing.setInterval(100)
                self._closing.timeout.connect(self._close_as_a_person)
                QTimer.singleShot(round(1000 * float(seconds)), self._closing.start)

        def _close_as_a_person(self):
            from PySide6.QtWidgets import QApplication, QMessageBox

            front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            discard = QMessageBox.StandardButton.Discard
            if isinstance(front, QMessageBox) and (button := front.button(discard)):
                button.click()
            else:
                (front or self).close()

    import gui.app

    gui.app.MainWindow = Driven
    return program.main([])


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
