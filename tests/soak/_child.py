"""The process that is shaken: the program itself, and what plays the events in it.

It is started by :mod:`tests.soak.monkey` with a job as JSON, and says what happens in lines of
JSON on its standard output.
"""

import faulthandler
import gc
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThread, QTimer
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QMessageBox

from tests.soak._deeds import Deeds
from tests.soak._events import Events
from tests.soak._files import make_files, places
from tests.soak._invariants import broken, strays, unsettled
from tests.soak._program import run_program
from tests.soak._run import read_events
from tests.soak._watch import Turns, Watch, counts, growth

DEEPEST = 8
"""Loops in loops, as of a dialog that waits for its answer."""
DEEP = 3
"""In so many, events still come; in more, what is in front is closed."""
SETTLE_SECONDS = 4.0


class Driver(QObject):
    """Plays events in the running program, one a turn of its loop, until there are enough.

    Parameters
    ----------
    window : QMainWindow
        The program's.
    job : dict
        See :mod:`tests.soak.monkey`.
    out : callable
        Told what happens, as a dict.
    """

    def __init__(self, window, job, out):
        super().__init__()
        self.window, self.job, self._out = window, job, out
        self.watch = Watch(self._fault)
        self.ending = False
        folder = Path(job["folder"])
        self._files, self._places = make_files(folder / "files"), places(folder / "files")
        self._files = [each for each in self._files if Path(each).name not in job["without"]]
        self._random = random.Random(job["seed"])
        self._replayed = read_events(job["replay"]) if job.get("replay") else None
        self._events = Events(self._random, window, self._files, self._places)
        self._deeds = Deeds(window, self._end_turn)
        self._kinds, self._gone = Counter(), Counter()
        self._samples = []
        self._took, self._since = Counter(), 0.0
        self._luck, self._last = 0, {}
        self._depth = 0
        self._resting = 0.0
        self._settling = None
        self._stuck = 0
        self._timers = [QTimer(self) for _ in range(DEEPEST)]
        for timer in self._timers:
            timer.timeout.connect(self._tick)
        self._record = _log(job["record"]) if job.get("record") else None

    def start(self):
        """Begin, with the files' dialogs answered and everything watched."""
        for name in ("getOpenFileName", "getSaveFileName", "getExistingDirectory"):
            setattr(QFileDialog, name, self._answer(name))
        QDesktopServices.openUrl = staticmethod(lambda _url: True)
        self.watch.install(self.window.session)
        self._turns = Turns(self.watch, 0.2 if self.job["timed"] else None)
        # After every beat as well: what takes longer than a turn makes the next beat late.
        self.window._clock.timeout.connect(self._end_turn)
        self._out({"began": True})
        self._began = self._since = time.monotonic()
        self._timers[0].start(0)

    def _answer(self, name):
        """Return what stands in for a dialog of the system: a path by the event's luck."""
        known = [*self._files, ""] if name == "getOpenFileName" else self._places

        def answer(*_arguments, **_names):
            return known[self._luck % len(known)], ""

        return staticmethod(answer)

    def _fault(self, fault):
        self._out(fault)
        if self.job.get("until") and fault["fault"] == self.job["until"]:
            self._out({"over": True})
            os._exit(3)

    # ------------------------------------------------------------ one event after another

    def _tick(self):
        depth = self._depth
        if depth >= DEEPEST or QThread.currentThread().loopLevel() <= depth:
            return  # only what plays the events lets others come meanwhile
        if depth:
            self._timers[depth].setInterval(0)
            self._stuck += 1
        self._depth += 1
        if self._depth < DEEPEST:
            self._timers[self._depth].start(60)  # only where a loop of its own goes on meanwhile
        try:
            if depth >= DEEP or (depth and self._stuck > 40):
                self._close_front(self._stuck > 60)
            else:
                self._go_on(depth)
        finally:
            if self._depth < DEEPEST:
                self._timers[self._depth].stop()
            self._depth = depth
            if not depth:
                self._stuck = 0

    def _go_on(self, depth):
        if self.ending:
            self._end_more()
        elif time.monotonic() < self._resting:
            time.sleep(0.004)
        elif self._settling is not None:
            self._settle()
        elif self.watch.index >= self._wanted():
            self._end()
        else:
            self._play_one()
            if not depth and self.watch.index % 200 == 0:
                self._look()

    def _end_turn(self):
        self._turns.turn(self._last)

    def _wanted(self):
        return len(self._replayed) if self._replayed is not None else self.job["events"]

    def _play_one(self):
        index = self.watch.index
        event = self._replayed[index] if self._replayed is not None else self._events.next()
        if self._record:
            self._record.write(json.dumps(event, ensure_ascii=False) + "\n")
        self.watch.index += 1
        self._kinds[event["do"]] += 1
        self._luck = event["luck"]
        self._end_turn()
        self._took[self._last.get("do", "")] += time.monotonic() - self._since
        self._since = time.monotonic()
        self._last = event
        if not self._deeds.do(event):
            self._gone[event["do"]] += 1
        rest = event.get("ms", 0) if event["do"] == "rest" else self.job["rest"]
        if rest:
            self._resting = time.monotonic() + rest / 1000
        if index % 50 == 0:
            self._out({"beat": index})

    # ------------------------------------------------------------ looking

    def _look(self):
        self._samples.append(counts(self.window))
        self._settling = time.monotonic() + SETTLE_SECONDS

    def _settle(self):
        """Wait until window and thread agree; a fault if they do not for long."""
        wrong = [unsettled(self.window), *broken(self.window)]
        wrong = [each for each in wrong if each]
        if wrong and time.monotonic() < self._settling:
            time.sleep(0.004)
            return
        for each in wrong:
            self.watch.fault(f"invariant: {each}")
        self._settling = None
        self._turns.restart()

    # ------------------------------------------------------------ the end

    def _end(self):
        self._began_ending = time.monotonic()
        self._end_turn()
        self._turns.close()
        self._spent = self._began_ending - self._began
        self.ending = True

    def _end_more(self):
        """Close what is in front, then the window; answer what it asks."""
        if time.monotonic() - self._began_ending > 30:
            self.watch.fault("end: the window does not close")
            self._report()
            os._exit(4)
        if not self._close_front(hard=True) and not self._depth > 1:
            for stray in strays(self.window):
                self.watch.fault(f"stray: {stray}")
            self.window.close()

    def _close_front(self, hard):
        """Part with the menu or dialog in front; return whether there was one."""
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        left = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
        left = [each for each in left if isinstance(each, (QDialog, QMenu))]
        front = front or next(iter(left), None)
        if front is None:
            QTest.keyClick(
                self.window.windowHandle(), Qt.Key.Key_Escape
            )  # lets go of what is dragged
            return False
        if isinstance(front, QMessageBox) and self.ending:
            roles = (QMessageBox.ButtonRole.DestructiveRole, QMessageBox.ButtonRole.NoRole)
            for button in front.buttons():
                if front.buttonRole(button) in roles:
                    button.click()
                    return True
        front.close()
        if hard and isinstance(front, QDialog) and front.isVisible():
            front.reject()
        return True

    def _report(self):
        for name, (early, late) in growth(self._samples).items():
            self.watch.fault(f"growth: {name} from {early} to {late}")
        self._out(
            {
                "figures": {
                    "events": self.watch.index,
                    "seconds": round(self._spent, 1),
                    "kinds": dict(self._kinds.most_common()),
                    "took": {kind: round(s, 1) for kind, s in self._took.most_common()},
                    "gone": dict(self._gone.most_common()),
                    "faults": dict(self.watch.faults.most_common()),
                    "borne": dict(self.watch.messages),
                    "turns": self._turns.turns,
                    "over": dict(self._turns.over),
                    "worst": self._turns.worst,
                    "samples": self._samples[:: max(len(self._samples) // 8, 1)],
                }
            }
        )

    def report(self):
        """Say what was found, once the program has ended by itself."""
        self._report()


def _log(path):
    return Path(path).open("w", buffering=1, encoding="utf-8")


def main():
    job = json.loads(sys.argv[1])
    trace = _log(job["trace"])
    pipe = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what the program prints is not what the parent reads

    def out(fact):
        pipe.write(json.dumps(fact, ensure_ascii=False) + "\n")

    def installed():
        faulthandler.enable(trace)
        faulthandler.register(signal.SIGUSR1, trace, all_threads=True)

    def player(window):
        installed()  # the program may have sent crashes elsewhere since
        return Driver(window, job, out)

    status, driver = run_program(job["folder"], job["size"], player, installed)
    if status:
        out({"fault": f"end: exit status {status}", "event": 0, "details": ""})
    if driver is not None:
        driver.report()
        driver.watch.remove()
        for timer in driver._timers:
            timer.stop()
        QGuiApplication.clipboard().clear()  # what Python made there would outlive Python
        del driver  # what plays goes before what it plays on
        gc.collect()
    out({"over": True})
    return status


if __name__ == "__main__":
    sys.exit(main())
