"""From the command to the first painted window, against a bare PySide6 window with NumPy.

Whole processes, started in turn; the clock runs from the start of the process to the line
that the child prints when its window has painted, and when the network has been trained for
the first batches.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks._report import options, save, summary, table

ROOT = Path(__file__).resolve().parents[2]

BARE = """
import numpy
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", flush=True)
        print("training", flush=True)
        QTimer.singleShot(0, application.quit)

application = QApplication([])
window = Window()
window.resize(1280, 800)
window.show()
application.exec()
"""

OURS = """
import main
from gui.main_window import MainWindow
from PySide6.QtCore import QTimer

seen = set()

class Window(MainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        tell("painted")

    def beat(self):
        super().beat()
        frame = self.session.frame
        if frame is not None and (frame.epoch or frame.batch):
            tell("training")
        if len(seen) == 2 and self.docks.complete:
            self.close()

def tell(what):
    if what not in seen:
        seen.add(what)
        print(what, flush=True)

import gui.app
gui.app.MainWindow = Window
main.main(["--size", "1280x800"])
"""


def start(code: str) -> dict[str, float]:
    """Run `code` in a process of its own; return seconds to each line that it prints."""
    began = time.perf_counter()
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, as on a person's machine
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds = {}
    assert child.stdout is not None
    for line in child.stdout:
        seconds[line.strip()] = time.perf_counter() - began
    child.wait()
    return seconds


def main() -> None:
    chosen = options(__doc__ or "")
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    start(BARE), start(OURS)  # warm the file cache
    rounds = [(start(BARE), start(OURS)) for _ in range(chosen.rounds)]
    figures = {
        "bare_painted_s": summary([bare["painted"] for bare, _ in rounds]),
        "painted_s": summary([ours["painted"] for _, ours in rounds]),
        "training_s": summary([ours["training"] for _, ours in rounds]),
        "painted_ratio": summary([ours["painted"] / bare["painted"] for bare, ours in rounds]),
        "training_ratio": summary([ours["training"] / bare["painted"] for bare, ours in rounds]),
    }
    rows = [["figure", "min", "median", "max"]]
    rows += [[name, *(f"{value:.3f}" for value in each.values())] for name, each in figures.items()]
    table(rows)
    print("target: painted_ratio below 2")
    save(chosen.json, "start", figures)


if __name__ == "__main__":
    main()
