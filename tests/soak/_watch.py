"""What is watched while events come: exceptions, Qt's messages, long turns, what grows."""

import gc
import linecache
import os
import re
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from pathlib import Path

import pyqtgraph.debug
from PySide6.QtCore import QObject, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parents[2]

SAMPLE_SECONDS = 0.02

BORNE = {
    r"This plugin does not support": "the screenless platform has no such thing",
    r"Mouse event at .* occurs outside target window": "a drag that ends where the window has gone",
    r"QTest::": "said by what plays the events",
}
"""Qt's messages that are no fault, with the reason."""


def place_in(frames):
    """Return the innermost lines of the program's own among frames of a trace."""
    own = [each for each in frames if _is_own(each.filename)]
    if not own:
        return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    last = own[-1]
    path = Path(last.filename)
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{shown}:{last.lineno} {last.name}"


class Watch(QObject):
    """Collects faults, each under a key of its own, with the event that came before.

    Parameters
    ----------
    tell : callable
        Called with each fault that is seen for the first time.

    Attributes
    ----------
    faults : Counter
        How often each was seen.
    index : int
        The number of the event under way.
    """

    def __init__(self, tell):
        super().__init__()
        self._tell = tell
        self.faults = Counter()
        self.messages = Counter()
        self.index = 0
        self._told_qt = None

    def fault(self, key, details=""):
        """Count a fault; tell of the first of its kind."""
        self.faults[key] += 1
        if self.faults[key] == 1:
            self._tell({"fault": key, "event": self.index, "details": details[-6000:]})

    def install(self, session):
        """Listen in, in front of what the program itself has installed."""
        self._hook, self._thread_hook = sys.excepthook, threading.excepthook
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread
        self._told_qt = qInstallMessageHandler(self._qt)
        session.failed.connect(self._failed)
        pyqtgraph.debug.printExc = self._printed  # it prints what it catches, and goes on

    def remove(self):
        """Listen no more; nothing of Python's may be called by Qt at the very end."""
        sys.excepthook, threading.excepthook = self._hook, self._thread_hook
        qInstallMessageHandler(self._told_qt)

    def _caught(self, kind, error, trace):
        frames = traceback.extract_tb(trace)
        details = "".join(traceback.format_exception(kind, error, trace))
        self.fault(f"exception: {kind.__name__} {place_in(frames)}", details)
        self._hook(kind, error, trace)

    def _printed(self, message="", *_arguments, **_names):
        error = sys.exc_info()[1]
        frames = traceback.extract_tb(error.__traceback__) if error else []
        self.fault(f"pyqtgraph: {type(error).__name__} {place_in(frames)}", traceback.format_exc())

    def _caught_in_thread(self, arguments):
        frames = traceback.extract_tb(arguments.exc_traceback)
        self.fault(f"in a thread: {arguments.exc_type.__name__} {place_in(frames)}")
        self._thread_hook(arguments)

    def _failed(self, message, details):
        places = re.findall(r'File ".*?/((?:gui|engine)/[^"]+)", line (\d+), in (\w+)', details)
        where = "{}:{} {}".format(*places[-1]) if places else ""
        self.fault(f"failed: {re.sub(r'[0-9]+', 'N', message)[:90]} {where}", message + details)

    def _qt(self, kind, context, message):
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            if any(re.search(each, message) for each in BORNE):
                self.messages[re.sub(r"[0-9]+", "N", message)[:80]] += 1
            else:
                stack = "".join(traceback.format_stack(limit=8))
                self.fault(f"Qt: {re.sub(r'0x[0-9a-f]+|[0-9]+', 'N', message)[:110]}", stack)
        if self._told_qt is not None:
            self._told_qt(kind, context, message)


class Turns:
    """Measures the window's own time a turn; looks what takes long while it does.

    Parameters
    ----------
    watch : Watch
        Told of turns over the limit; None of it where `limit` is None.
    limit : float or None
        Seconds of own time that are too many.
    """

    def __init__(self, watch, limit):
        self._watch, self._limit = watch, limit
        self.worst = []
        self.over = Counter()
        self.turns = 0
        self._began = time.thread_time()
        self._since = time.monotonic()
        self._seen = Counter()
        signal.signal(signal.SIGALRM, self._sample)
        signal.setitimer(signal.ITIMER_REAL, SAMPLE_SECONDS, SAMPLE_SECONDS)

    def turn(self, event):
        """End the turn under way, which this event and what came of it took."""
        spent = time.thread_time() - self._began
        seen, self._seen = self._seen, Counter()  # a sample may come at any line
        self.turns += 1
        for limit in (50, 100, 200):
            self.over[limit] += spent * 1000 > limit
        if spent > 0.05 and (len(self.worst) < 10 or spent > self.worst[-1][0]):
            where = [place for place, _n in seen.most_common(3)]
            self.worst = sorted([*self.worst, (spent, event, where)], key=lambda w: -w[0])[:10]
        if self._limit is not None and spent > self._limit:
            places = seen.most_common(6)
            where = places[0][0] if places else "?"
            self._watch.fault(
                f"turn: over {self._limit * 1000:.0f} ms in {where}",
                f"{event} {spent:.3f} s {places}",
            )
        self.restart()

    def restart(self):
        """Forget the turn under way."""
        self._seen = Counter()
        self._since = time.monotonic()
        self._began = time.thread_time()

    def close(self):
        """End the sampling."""
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _sample(self, _signal, frame):
        """Note where the window's thread is; another thread that did so would keep its painters."""
        if time.monotonic() - self._since > 0.05:
            self._seen[_own_line(frame)] += 1


def _is_own(name):
    inside = name.startswith((f"{ROOT}/gui/", f"{ROOT}/engine/"))
    return inside and not name.endswith("gui/guard.py")  # which stands around everything


def _own_line(frame):
    """Return the innermost function of the program's that a thread is in."""
    while frame is not None:
        name = frame.f_code.co_filename
        if _is_own(name):
            return f"{Path(name).relative_to(ROOT)} {frame.f_code.co_name}"
        frame = frame.f_back
    return "outside"


def counts(window):
    """Return what should not grow: threads, processes, descriptors, widgets, objects, bytes."""
    linecache.clearcache()
    return {
        "threads": threading.active_count(),
        "processes": _children(),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "widgets": len(QApplication.allWidgets()),
        "windows": len(QApplication.topLevelWidgets()),
        "objects": len(window.findChildren(QObject)),
        "MB": round(resident(), 1),
    }


def resident():
    """Return the megabytes of memory that are resident."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _children():
    found = 0
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/children") as file:
                found += len(file.read().split())
        except OSError:
            continue
    return found


def growth(samples):
    """Name what is always more in the last quarter than it ever was in the second."""
    quarter = len(samples) // 4
    if quarter < 2:
        return {}
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    margins = {
        "threads": 3,
        "processes": 2,
        "descriptors": 10,
        "widgets": 150,
        "windows": 40,
        "objects": 300,
    }
    grown = {}
    for name, margin in margins.items():
        most, least = max(s[name] for s in early), min(s[name] for s in late)
        if least > most + margin:
            grown[name] = (most, least)
    return grown


def collect_all():
    """Collect garbage to the last generation."""
    gc.collect()
