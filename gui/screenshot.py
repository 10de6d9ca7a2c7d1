"""Trains a while, saves a picture of the real window, and quits."""

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from engine.files import reason_of
from gui.main_window import MainWindow
from gui.training.run import Run

VARIED_COPIES = 12
"""Of the rows, made before: at full speed, the training would be over before there are any."""


class Screenshot(QObject):
    """The work behind ``--screenshot``.

    Parameters
    ----------
    window : MainWindow
        What to take the picture of, once it is complete.
    path : Path
        A PNG file.
    epochs : int
        How long to train before.
    """

    def __init__(self, window: MainWindow, path: Path, epochs: int) -> None:
        super().__init__(window)
        self._window = window
        self._path = path
        self._epochs = epochs
        self._look = QTimer(self)
        self._look.setInterval(20)
        self._look.timeout.connect(self._take_when_ready)

    @Slot()
    def start(self) -> None:
        session = self._window.session
        session.ask(_make_varied_rows, _nothing)
        session.play_until(self._epochs)
        self._look.start()

    @Slot()
    def _take_when_ready(self) -> None:
        window, session = self._window, self._window.session
        if session.state == "failed":
            self._look.stop()
            self._leave("the training failed; the log file says why", status=1)
            return
        over = session.state == "finished"
        if session.frame is None or not window.docks.complete:
            return
        if session.frame.epoch < self._epochs and not over:
            return
        self._look.stop()
        # One more turn of the event loop, so that everything new has been laid out and painted.
        QTimer.singleShot(100, self._take)

    @Slot()
    def _take(self) -> None:
        try:
            self._window.write_picture(self._path)
        except OSError as error:
            self._leave(f"cannot write '{self._path}': {reason_of(error)}", status=2)
        else:
            self._leave("", status=0)

    def _leave(self, message: str, status: int) -> None:
        if message:
            print(f"chainrule: {message}", file=sys.stderr)
        self._window.close()
        QApplication.exit(status)


def _nothing(_answer: None) -> None:
    """Wait for no answer: what is asked is done before what is asked after it."""


def _make_varied_rows(run: Run) -> None:
    fresh = run.dataset.fresh
    if fresh is not None:
        fresh.complete(VARIED_COPIES)
