"""How evenly the window paints while the network trains, and what that costs the training.

The real window, for some seconds in each of several situations, in turn: at rest, training at
full speed, and training while the speed slider moves, a digit is drawn and the window is
resized. Then the training's rate with the window open against the same trainer without one, and
what the machine would allow: the rate of that trainer while another process, with an interpreter
of its own, paints the same window's frames.
"""

import math
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from engine.spec import Experiment
from engine.trainer import Trainer
from gui.app import SWITCH_SECONDS, make_application
from gui.garbage import GarbageCollector
from gui.main_window import MainWindow
from gui.session import Session
from gui.transport import SPEEDS
from tests.benchmarks._report import options, save, summary, table


class Window(MainWindow):
    """The real window, which notes when it has painted a frame and how long its turn took."""

    def __init__(self, session):
        self.painted = []
        self.turns = []
        super().__init__(session, size=(1280, 800), remember=False)

    def beat(self):
        began = time.perf_counter()
        super().beat()
        now = time.perf_counter()
        self.painted.append(now)
        self.turns.append(now - began)


def nothing(window, seconds):
    """Leave the window alone."""


def slide(window, seconds):
    """Move the speed slider to and fro, coming back to full speed."""
    index = len(SPEEDS) - 1 - int(2 * abs(math.sin(3 * seconds)))
    window.session.set_speed(SPEEDS[index])


def draw(window, seconds):
    """Draw round and round on the canvas with mouse events."""
    canvas = window.docks.panel("draw").canvas
    side = min(canvas.width(), canvas.height())
    angle = 4 * seconds
    point = QPointF(side * (0.5 + 0.3 * math.cos(angle)), side * (0.5 + 0.3 * math.sin(angle)))
    first = canvas.sketch.current is None
    send_mouse(canvas, QEvent.Type.MouseButtonPress if first else QEvent.Type.MouseMove, point)


def lift(window):
    """Take the pen off the canvas; the drawing stays, and is read on."""
    canvas = window.docks.panel("draw").canvas
    if canvas.sketch.current is not None:
        send_mouse(canvas, QEvent.Type.MouseButtonRelease, QPointF(canvas.rect().center()))


def send_mouse(canvas, kind, point):
    """Let the left button act at a point of the canvas."""
    button, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    held = none if kind == QEvent.Type.MouseButtonRelease else button
    where = canvas.mapToGlobal(point)
    event = QMouseEvent(kind, point, where, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, event)


def resize(window, seconds):
    """Make the window wider and narrower."""
    window.resize(1280 + int(120 * math.sin(3 * seconds)), 800)


SITUATIONS = {"training": nothing, "slider": slide, "drawing": draw, "resizing": resize}


def watch(window, act, duration):
    """Act on the window for some seconds; return the gaps and the turns in milliseconds."""
    window.painted, window.turns = [], []
    began = time.perf_counter()
    actor = QTimer(interval=12)
    actor.timeout.connect(lambda: act(window, time.perf_counter() - began))
    if act is not nothing:
        actor.start()
    loop = QEventLoop()
    QTimer.singleShot(int(duration * 1000), loop.quit)
    loop.exec()
    actor.stop()
    lift(window)
    return np.diff(window.painted) * 1e3, np.array(window.turns) * 1e3


def headless_rate(seconds):
    """Return the epochs a second of the same experiment without a window."""
    trainer = Trainer(Experiment())
    slices = trainer.slices(0.001)
    for _ in range(50):
        next(slices)
    began, epochs = time.perf_counter(), trainer.epoch
    while time.perf_counter() - began < seconds:
        next(slices)
    return (trainer.epoch - epochs) / (time.perf_counter() - began)


class Painting(Window):
    """The window as it looks at full speed, with another frame in every beat and no training."""

    def beat(self):
        frame = self.session.frame
        if self.docks.complete and frame is not None:
            self.session.state, self.session.speed = "running", None
            self.session.frame = replace(frame, epoch=frame.epoch + 1)
            self.network_view.set_frame(self.session.frame)
        super().beat()


@contextmanager
def painted_elsewhere():
    """Give a function that lets another process paint, or rest."""
    painter = subprocess.Popen([sys.executable, "-m", __spec__.name, "--paint"])

    def paint(wanted):
        painter.send_signal(signal.SIGCONT if wanted else signal.SIGSTOP)

    try:
        time.sleep(4)  # it starts like any window
        paint(False)
        yield paint
    finally:
        painter.kill()
        painter.wait()


def opened(kind):
    """Return a window, as the program opens it, with its panels made."""
    sys.setswitchinterval(SWITCH_SECONDS)
    application = make_application()
    session = Session(Experiment(), sprints=kind is Window)
    session.start(play=kind is Window)
    window = kind(session)
    window.appearance.set_theme("dark")
    window.show()
    while not (window.docks.complete and session.frame):
        application.processEvents()
    GarbageCollector.settle()  # as the program does
    return window


def main():
    chosen = options(
        __doc__,
        ("--seconds", {"type": float, "default": 3.0}),
        ("--paint", {"action": "store_true", "help": "only paint, until killed"}),
    )
    if chosen.paint:
        watch(opened(Painting), nothing, 3600)
    else:
        with painted_elsewhere() as paint:
            measure(chosen, paint)


def measure(chosen, paint):
    """Measure in turn, print and save."""
    window = opened(Window)
    session = window.session
    watch(window, nothing, 1.0)
    gaps = {name: [] for name in SITUATIONS}
    turns = {name: [] for name in SITUATIONS}
    ratios, ceilings = [], []
    for _ in range(chosen.rounds):
        for name, act in SITUATIONS.items():
            session.set_speed(None)
            epoch = session.frame.epoch
            gap, turn = watch(window, act, chosen.seconds)
            gaps[name].append(gap)
            turns[name].append(turn)
            if name == "training":
                rate = (session.frame.epoch - epoch) / chosen.seconds
                session.pause()
                watch(window, nothing, 0.2)
                alone = headless_rate(chosen.seconds / 2)
                ratios.append(rate / alone)
                paint(True)
                ceilings.append(headless_rate(chosen.seconds / 2) / alone)
                paint(False)
                session.play()
    window.close()
    figures = {}
    rows = [
        ["situation", "gap median", "gap p95", "gap max", "turn median", "turn p95", "turn max"]
    ]
    for name in SITUATIONS:
        gap, turn = np.concatenate(gaps[name]), np.concatenate(turns[name])
        values = [*np.percentile(gap, [50, 95, 100]), *np.percentile(turn, [50, 95, 100])]
        figures[name] = dict(zip(rows[0][1:], map(float, values), strict=True))
        rows.append([name, *(f"{value:.2f} ms" for value in values)])
    table(rows)
    figures["rate_ratio"], figures["ceiling"] = summary(ratios), summary(ceilings)
    print("training rate with the window open / without: {median:.2f}".format(**summary(ratios)))
    print("while another process paints / alone: {median:.2f}".format(**summary(ceilings)))
    print("targets: gap median 16 to 17 ms, largest gap below 50 ms, rate at least 0.75")
    save(chosen.json, "frames", figures)


if __name__ == "__main__":
    main()
