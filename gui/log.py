"""The log, and the traces of crashes: written beside each other, bounded, never in the way.

Each program writes the trace of its crash to a file of its own, which it keeps locked while it
lives. The next start adds what the dead ones left to the log.
"""

import faulthandler
import logging
import os
import time
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from engine import locks
from gui.settings import data_folder

LARGEST_LOG = 500_000  # bytes
LARGEST_TRACE = 20_000  # bytes of it that are kept
MOST_TRACES = 5
log = logging.getLogger("chainrule")
_trace: IO[bytes] | None = None
_problems: list[str] = []


def log_file() -> Path:
    """Return where the log is kept, in the folder the system has for that."""
    return data_folder() / "chainrule.log"


def start_logging() -> None:
    """Write what happens to the log file, and hard crashes beside it; never fail over it."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    path = log_file()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            raise OSError("something else is called so")  # a pipe would keep it waiting
        root.addHandler(_handler(path))
        _take_up_traces(path)
        _write_traces(path)
    qInstallMessageHandler(_log_qt_message)


def take_problems() -> list[str]:
    """Return what is to be told of the last time, and forget it."""
    told = _problems[:]
    _problems.clear()
    return told


class _Quiet(RotatingFileHandler):
    """Says nothing where it cannot write: there is nobody to say it to."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


def _handler(path: Path) -> logging.Handler:
    handler = _Quiet(path, maxBytes=LARGEST_LOG, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler


def _write_traces(path: Path) -> None:
    """Have a crash write its trace to a file that no other program has."""
    global _trace
    _trace = path.with_name(f"{path.stem}-{os.getpid()}.crash").open("wb")
    with suppress(OSError):
        locks.take(_trace)
    faulthandler.enable(_trace)


def _take_up_traces(path: Path) -> None:
    """Add the traces of programs that are gone to the log, and remove them."""
    traces = sorted(path.parent.glob(f"{path.stem}*.crash"), key=_age)
    found = [text for each in traces if (text := _taken_up(each))]
    for text in found[:MOST_TRACES]:
        log.error("%s", text)
    if found:
        _problems.append(
            "Chainrule did not end properly the last time. What happened stands in the log "
            "(Help, Open the log file); what was not saved then may be lost."
        )


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0


def _taken_up(path: Path) -> str:
    """Return a trace under its headline, and remove its file; empty if there is nothing in it."""
    try:
        if path.is_symlink() or not path.is_file():
            return ""
        with path.open("rb") as file:
            if not locks.take(file):
                return ""  # whose it is still runs
            file.seek(0)
            trace = file.read(LARGEST_TRACE).decode(errors="replace").strip()
            then = time.strftime(
                "%Y-%m-%d %H:%M:%S", time.localtime(os.fstat(file.fileno()).st_mtime)
            )
        path.unlink()
    except OSError:
        return ""
    return f"a crash, at {then}\n{trace}" if trace else ""


def _log_qt_message(kind: QtMsgType, _context: object, message: str) -> None:
    levels = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}
    logging.getLogger("qt").log(levels.get(kind, logging.WARNING), message)
