"""Files are read aside; what takes long shows how far it is, and can be cancelled."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QProgressDialog, QWidget

from engine.files import short
from gui.session import Session
from gui.training.requests import Request

PATIENCE = 600
"""Milliseconds before anything is shown: most files are read by then."""
LOOK = 100
PARTS = 1000


class Waiting(QObject):
    """Has one file read at a time, and shows that it takes its time.

    Parameters
    ----------
    session : Session
        Has it read.
    window : QWidget
        What the progress is shown in front of; it can be used meanwhile.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._request: Request | None = None
        self._dialog: QProgressDialog | None = None
        self._text = ""
        self._look = QTimer(self)
        self._look.timeout.connect(self._show_progress)

    def read(
        self,
        name: str,
        work: Callable[[Request], Any],
        answered: Callable[[Any], object],
        refused: Callable[[str], object],
    ) -> None:
        """Have a file read; one that was asked for before is wanted no more.

        Parameters
        ----------
        name : str
            Of the file.
        work, answered, refused : callable
            As those of :meth:`Session.ask_aside`.
        """
        self._stop()
        self._text = f"Reading {short(name, 60)} …"
        self._session.noticed.emit(self._text)
        self._request = self._session.ask_aside(
            work, partial(self._finish, answered), partial(self._finish, refused)
        )
        self._look.start(PATIENCE)

    @Slot()
    def cancel(self) -> None:
        """Want the file no more."""
        if self._request is not None:
            self._stop()
            self._session.noticed.emit("Not opened: you cancelled it.")

    def _finish(self, told: Callable[[Any], object], what: object) -> None:
        self._stop()
        self._session.noticed.emit("")
        told(what)

    def _stop(self) -> None:
        self._look.stop()
        if self._request is not None:
            self._request.cancel()
            self._request = None
        if self._dialog is not None:
            self._dialog.canceled.disconnect(self.cancel)
            self._dialog.close()
            self._dialog = None

    @Slot()
    def _show_progress(self) -> None:
        if self._request is None:
            return
        if self._dialog is None:
            self._dialog = self._progress_dialog()
            self._look.start(LOOK)
        if self._request.progress is not None:
            self._dialog.setMaximum(PARTS)
            self._dialog.setValue(min(int(PARTS * self._request.progress), PARTS - 1))

    def _progress_dialog(self) -> QProgressDialog:
        dialog = QProgressDialog(self._text, "Cancel", 0, 0, self._window)  # 0 to 0: under way
        dialog.setWindowTitle("Chainrule")
        dialog.setWindowModality(Qt.WindowModality.NonModal)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAutoClose(False)
        dialog.setAutoReset(False)
        dialog.setMinimumDuration(0)
        dialog.canceled.connect(self.cancel)
        dialog.show()
        return dialog
