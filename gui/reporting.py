"""What happens when something breaks: a log file, and one dialog that says so.

An exception in a slot, a paint event or a thread reaches the hooks set here, in the thread
that failed; the dialog is opened later, by the window's thread, once for a burst of them.
"""

import faulthandler
import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import (
    QObject,
    QStandardPaths,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QMessageBox

LARGEST_LOG = 500_000  # bytes
log = logging.getLogger("chainrule")
_crash_log: IO[str] | None = None


def log_file() -> Path:
    """Return where the log is kept, in the folder the system has for that."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(folder) / "chainrule.log"


def start_logging() -> None:
    """Write what happens to the log file, and hard crashes beside it; never fail over it."""
    global _crash_log
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        if log_file().exists() and log_file().stat().st_size > LARGEST_LOG:
            log_file().replace(log_file().with_suffix(".old"))
        handler = logging.FileHandler(log_file(), encoding="utf-8", delay=True)
        _crash_log = log_file().with_suffix(".crash").open("w", encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    faulthandler.enable(_crash_log)
    qInstallMessageHandler(_log_qt_message)


def _log_qt_message(kind: QtMsgType, _context: object, message: str) -> None:
    levels = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}
    logging.getLogger("qt").log(levels.get(kind, logging.WARNING), message)


class Reporter(QObject):
    """Catches what nobody caught, logs it, and tells the person once.

    Signals
    -------
    caught(str, str)
        What broke, and the traceback; may be emitted in any thread.
    """

    caught = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._dialog: QMessageBox | None = None
        self.caught.connect(self.show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over Python's hooks for uncaught exceptions, in every thread."""
        sys.excepthook = self._catch
        threading.excepthook = self._catch_in_thread

    def _catch(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        log.error("uncaught exception\n%s", details)
        self.caught.emit(f"{kind.__name__}: {error}", details)

    def _catch_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._catch(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    @Slot(str, str)
    def show(self, message: str, details: str) -> None:
        """Open the dialog, unless one is open already."""
        if self._dialog is not None:
            return
        box = QMessageBox(QApplication.activeWindow())
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Something went wrong")
        box.setText("Something went wrong in Chainrule.")
        box.setInformativeText(
            f"{message}\n\nThe training is paused and nothing that you drew or set is lost. "
            f"Press Reset to go on. The log file has the details:\n{log_file()}"
        )
        box.setDetailedText(details)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._forget)
        self._dialog = box
        box.open()

    @Slot()
    def _forget(self) -> None:
        self._dialog = None
