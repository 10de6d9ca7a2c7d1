"""Damages the settings file, and starts the program's settings and placement on it.

python3 dev.py soak settings [--times 20000] [--seed 0]
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QToolBar

from gui import settings, settings_file
from gui.docks import LAYOUT_VERSION
from gui.placement import restore
from tests.soak.whole import KNOWN

VALUES = (
    b"nan",
    b"inf",
    b"-1",
    b"",
    b"a, b",
    b"1e999",
    b"@Invalid()",
    b"@Variant(\\0\\0\\0\\x7f\\0)",
)
VALUES += (
    b"@ByteArray(\\0\\xff)",
    b"@Rect(1 2 3 4)",
    b"\\x40Variant(\\0)",
    b'"',
    b"\\",
    b"x" * 70_000,
)


class Docks:
    """Stands for the window's docks, which only place themselves."""

    complete = True

    class completed:
        connect = staticmethod(lambda slot: None)

    def place(self):
        pass


class Startable:
    """Whether a settings file lets the program start; used for one file after the other.

    Parameters
    ----------
    folder : Path
        Where the files of the settings are put.
    """

    def __init__(self, folder):
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
        self.path = settings_file.place()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.window = QMainWindow()
        self.window.addToolBar(QToolBar("bar", objectName="transport"))
        for number, area in enumerate(("Left", "Right", "Bottom")):
            dock = QDockWidget(area, self.window, objectName=f"dock {number}")
            dock.setWidget(QLabel(area))
            self.window.addDockWidget(Qt.DockWidgetArea[f"{area}DockWidgetArea"], dock)

    def whole(self):
        """Return files that are fine: as they are kept today, and as they once were."""
        geometry = bytes(self.window.saveGeometry().data())
        layout = bytes(self.window.saveState(LAYOUT_VERSION).data())
        settings_file.forget()
        for setting, value in (
            (settings.GEOMETRY, geometry),
            (settings.LAYOUT, layout),
            (settings.THEME, "light"),
            (settings.TEXT_SIZE, 11.0),
            (settings.REDUCED_MOTION, True),
            (settings.RECENT_TABLES, ("/home/a/ü.csv", "b, c.csv")),
            (settings.RECORDING["kind"], "mp4"),
            (settings.RECORDING_FOLDER, "/films"),
        ):
            setting.keep(value)
        today = self.path.read_bytes()
        store = QSettings(str(self.path), QSettings.Format.IniFormat)
        store.setValue("geometry", QByteArray(geometry))
        store.setValue("layout", QByteArray(layout))
        store.sync()
        del store
        return today, self.path.read_bytes()

    def starts(self, data):
        """Start on a file of these bytes; raises, or ends the process, where that fails."""
        settings_file.forget()
        self.path.write_bytes(data)
        values = [each.value for each in KNOWN]
        restore(self.window, Docks(), None, True)
        told = settings_file.take_problems()
        assert values == [each.value for each in KNOWN], "a second look finds something else"
        assert not settings_file.take_problems(), "told twice"
        return told


def damaged(chance, whole):
    """Return a file's bytes, damaged in one way or another."""
    data = bytearray(chance.choice(whole))
    way = chance.randrange(7)
    if way == 0:
        for _ in range(chance.choice((1, 1, 1, 2, 5, 40))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif way == 1:
        del data[chance.randrange(len(data)) :]
    elif way == 2:
        start = chance.randrange(len(data))
        del data[start : start + chance.randrange(1, 200)]
    elif way == 3:
        start, to = chance.randrange(len(data)), chance.randrange(len(data))
        data[to:to] = data[start : start + chance.randrange(1, 300)]
    elif way == 4:
        lines = bytes(data).split(b"\n")
        at = chance.randrange(len(lines))
        lines[at] = lines[at].partition(b"=")[0] + b"=" + chance.choice(VALUES)
        data = bytearray(b"\n".join(lines))
    elif way == 5:
        at = chance.randrange(len(data))
        data[at : at + 20] = chance.randbytes(20)
    else:
        lines = bytes(data).split(b"\n")
        chance.shuffle(lines)
        data = bytearray(b"\n".join(lines))
    return bytes(data)


def try_all(first, times, seed):
    """Try so many files, in a process that may not survive it; print each number beforehand."""
    from gui.app import make_application

    faults, slowest, told = 0, 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        settings.QStandardPaths.setTestModeEnabled(True)
        application = make_application()
        assert application
        startable = Startable(Path(folder))
        whole = startable.whole()
        for number in range(first, first + times):
            print(number, flush=True)
            data = damaged(random.Random(f"{seed} {number}"), whole)
            began = time.perf_counter()
            try:
                told += bool(startable.starts(data))
            except Exception as error:
                faults += 1
                print(f"fault in {number}: {type(error).__name__}: {error}", flush=True)
            slowest = max(slowest, time.perf_counter() - began)
    print(f"done {faults} {told} {slowest:.3f}", flush=True)


def run(times, seed):
    """Try so many files; return how many kept the program from starting, and what was told."""
    first, faults, told, slowest = 0, 0, 0, 0.0
    while first < times:
        child = subprocess.run(
            [
                *(sys.executable, "-m", "tests.soak.settings", "--child", str(first)),
                *("--times", str(times - first), "--seed", str(seed)),
            ],
            capture_output=True,
            text=True,
            timeout=3600,
        )
        lines = child.stdout.splitlines()
        for line in lines:
            if line.startswith("fault"):
                print(line)
        if lines and lines[-1].startswith("done"):
            _, more, said, longest = lines[-1].split()
            return faults + int(more), told + int(said), max(slowest, float(longest))
        last = int(next(line for line in reversed(lines) if line.isdecimal()))
        print(f"fault in {last}: exit status {child.returncode}\n{child.stderr[-800:]}")
        faults, first = faults + 1, last + 1
    return faults, told, slowest


def main():
    parser = argparse.ArgumentParser(prog="soak settings", description=__doc__)
    parser.add_argument("--times", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        try_all(options.child, options.times, options.seed)
        return 0
    faults, told, slowest = run(options.times, options.seed)
    print(
        f"{options.times} damaged settings files: {faults} keep the program from starting; "
        f"{told} told, the slowest took {slowest:.3f} s"
    )
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
