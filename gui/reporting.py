"""What happens when something breaks: it is logged, and one dialog says so.

An exception in a slot, a paint event or a thread reaches the hooks set here, in the thread
that failed; the dialog is opened later, by the window's thread, once for each fault.
"""

import logging
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.files import short
from gui.guard import end_painters
from gui.log import log_file
from gui.messages import message_box

log = logging.getLogger("chainrule")
ROOT = Path(__file__).resolve().parent.parent
PARTS = {
    "gui/network_view": "the drawing of the network",
    "gui/data": "the data panel",
    "gui/panels/data": "the data panel",
    "gui/debugger": "the debugger",
    "gui/panels/debugger": "the debugger",
    "gui/drawing": "the drawing panel",
    "gui/panels/drawing": "the drawing panel",
    "gui/plots": "the learning curves",
    "gui/panels/history_plot": "the learning curves",
    "gui/forms": "the experiment panel",
    "gui/panels/hyperparameters": "the experiment panel",
    "gui/recording": "the recording",
    "gui/tables": "the opening of a table",
    "gui/training_files": "the opening and saving of trainings",
    "gui/placement": "the placing of the window",
    "gui/transport": "the bar on top",
    "gui/training": "the training",
    "gui/main_window": "the window",
    "engine": "the training",
}
"""What people call the part that a module belongs to."""
GOES_ON = {
    "running": "The training goes on.",
    "paused": "The training is paused, as it was.",
    "finished": "The training is complete, as it was.",
}
NOTHING_LOST = "What you did last may not have been done."


@dataclass(frozen=True)
class Fault:
    """Something that broke.

    Attributes
    ----------
    kind : str
        The same for the same fault in the same place.
    part : str
        Where it broke, as people call it.
    message, details : str
        What broke, and the traceback.
    """

    kind: str
    part: str
    message: str
    details: str


class Reporter(QObject):
    """Catches what nobody caught, logs it, and tells the person once.

    Attributes
    ----------
    window : QWidget or None
        What the dialog stands in front of, once there is a window.
    training : callable
        Returns the training's state.
    closing : bool
        Whether the window has closed: nobody is told any more.

    Signals
    -------
    caught(Fault)
        What broke; may be emitted in any thread.
    """

    caught = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.window: QWidget | None = None
        self.training: Callable[[], str] = lambda: ""
        self.closing = False
        self._dialog: QMessageBox | None = None
        self._seen: Counter[str] = Counter()
        self._told: set[str] = set()
        self.caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def stop_telling(self) -> None:
        """Only log from now on: the window has closed."""
        self.closing = True
        self.window = None

    def install(self) -> None:
        """Take over Python's hooks for uncaught exceptions, in every thread."""
        sys.excepthook = self._catch
        threading.excepthook = self._catch_in_thread

    def _catch(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        try:
            end_painters(trace)
            place = place_of(trace)
            name = f"{kind.__name__} {place}"
            self._seen[name] += 1
            if not _is_round(count := self._seen[name]):
                return  # what is painted again and again would fill the log
            details = "".join(traceback.format_exception(kind, error, trace))
            log.error("uncaught exception, for the %d. time\n%s", count, details)
            message = f"{kind.__name__}: {error}"
            self.caught.emit(Fault(name, part_of(trace), message, details))
        finally:
            # They would keep what broke alive, with all that it has in hand.
            sys.last_type = sys.last_value = sys.last_traceback = None
            sys.last_exc = None  # type: ignore[attr-defined]

    def _catch_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._catch(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    # ------------------------------------------------------------ the dialog

    @Slot(str, str)
    def show(self, message: str, details: str) -> None:
        """Say what went wrong in the training's thread."""
        self._tell(Fault(f"{message} {self.training()}", "the training", message, details))

    @Slot(object)
    def _tell(self, fault: Fault) -> None:
        """Open the dialog, unless one is open already, or it has been said."""
        if self.closing:
            return  # it is in the log; a box would keep the program
        failed = self.training() == "failed" and fault.part == "the training"
        if self._dialog is not None or (fault.kind in self._told and not failed):
            return
        self._told.add(fault.kind)
        if failed:
            then = (
                "The training has stopped. Press Reset to train again: that starts from the "
                "initial weights, and what was learnt is lost."
            )
        else:
            then = f"{GOES_ON.get(self.training(), '')} {NOTHING_LOST}".strip()
        details = f"{fault.details or fault.message}\n\nThe log: {log_file()}"
        box = message_box(
            self.window,
            "Something went wrong",
            f"Something went wrong in {fault.part}.",
            details,
            f"{short(fault.message, 120)}. {then}",
        )
        _offer_copy(box, f"{fault.message}\n{details}")
        # Qt deletes it when it is closed, in its own time: to drop it before would be a crash.
        box.destroyed.connect(self._forget)
        self._dialog = box
        box.open()

    @Slot()
    def _forget(self) -> None:
        self._dialog = None


def _offer_copy(box: QMessageBox, text: str) -> None:
    """Add a button that puts a text on the clipboard, and leaves the box open."""
    copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
    copy.clicked.disconnect()  # else it closes the box, as every button does
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))


def _frames(trace: TracebackType | None) -> list[tuple[str, int]]:
    """Return the modules of ours in a traceback, with their lines; the innermost first."""
    found = []
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(ROOT):
            found.append((path.relative_to(ROOT).with_suffix("").as_posix(), trace.tb_lineno))
        trace = trace.tb_next
    return found[::-1]


def place_of(trace: TracebackType | None) -> str:
    """Return the innermost place in the program that an exception came from."""
    return next((f"{module}:{line}" for module, line in _frames(trace)), "")


def part_of(trace: TracebackType | None) -> str:
    """Return the innermost part of the program that an exception came from, in words."""
    for gui in (True, False):  # whatever the engine was asked, it was asked for something
        for module, _line in _frames(trace):
            if module.startswith("gui/") == gui:
                for start in sorted(PARTS, key=len, reverse=True):
                    if module == start or module.startswith(start + "/"):
                        return PARTS[start]
    return "the window"


def _is_round(count: int) -> bool:
    """Return whether a number is 1, 10, 100, …

    >>> [number for number in range(1, 200) if _is_round(number)]
    [1, 10, 100]
    """
    return str(count).strip("0") == "1"
