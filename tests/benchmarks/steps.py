"""How long the window takes to walk one operation of an update on, with each tab open.

The real window. A step is timed from the press of the button until all of the window is
painted anew; what follows it in turns of their own (the frames in which values flow, the
answers that the training's thread has worked out) is timed turn by turn. Both networks are
walked through a whole update with each tab in turn, and the debugger is opened and left again.
"""

import os
import sys
import time
from dataclasses import dataclass
from typing import ClassVar

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.data_sources import SOURCES, Source
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec
from gui.app import SWITCH_SECONDS, make_application
from gui.garbage import GarbageCollector
from gui.main_window import MainWindow
from gui.session import Session
from tests.benchmarks._report import options, save, table

TURN_SECONDS = 0.016
FOLLOWED_SECONDS = 0.4  # after a step: the values have flowed, and what was asked is answered


@SOURCES.register
@dataclass(frozen=True)
class Pictures(Source):
    """Pictures of 28×28 made-up pixels, so that nothing need be fetched."""

    name: ClassVar[str] = "made_up_pictures"
    label: ClassVar[str] = "Made-up pictures"
    about: ClassVar[str] = "640 pictures of 28 by 28 pixels, each a class's own and noise."
    task: ClassVar[str] = "classification"
    class_names: ClassVar[tuple[str, ...]] = tuple("0123456789")
    image_shape: ClassVar[tuple[int, int]] = (28, 28)

    def rows(self):
        rng = np.random.default_rng(3)
        labels = np.arange(640) % 10
        prototypes = rng.uniform(size=(10, 784)) ** 3
        return np.clip(prototypes[labels] + 0.2 * rng.normal(size=(640, 784)), 0, 1), labels


EXPERIMENTS = {
    "64-64-10": Experiment(),
    "784-128-64-10": Experiment(
        data=DataSpec(source=Pictures()),
        network=NetworkSpec(hidden=(HiddenLayer(128), HiddenLayer(64))),
    ),
}
TARGETS = {"64-64-10": 16, "784-128-64-10": 50}


class Window(MainWindow):
    """The real window, whose beats are made by the benchmark."""

    def beat(self):
        """Wait for :meth:`turn`: the window's own timer would come in between."""

    def turn(self):
        """Do what is due, and paint it in a beat; return how long that took, in milliseconds."""
        began = time.perf_counter()
        QCoreApplication.processEvents()
        super().beat()
        return (time.perf_counter() - began) * 1e3

    def follow(self, seconds):
        """Go on for some time as the window does; return how long each turn took."""
        turns, end = [], time.perf_counter() + seconds
        while time.perf_counter() < end:
            turns.append(self.turn())
            time.sleep(max(0.0, TURN_SECONDS - turns[-1] / 1e3))
        return turns

    def until(self, condition):
        """Go on until something is so; return how long each turn took."""
        turns = []
        while not condition():
            turns.append(self.turn())
            time.sleep(0.001)
        return turns


def opened(experiment, size):
    """Return the real window on an experiment, trained for an epoch, resting."""
    session = Session(experiment)
    session.start(play=False)
    window = Window(session, size=size, remember=False)
    window.appearance.set_theme("dark")
    window.show()
    window.until(lambda: window.docks.complete and session.frame)
    session.step()
    window.until(lambda: session.frame.epoch == 1)
    window.follow(0.5)
    GarbageCollector.settle()  # as the program does
    return window


def open_debugger(window, panel, rounds):
    """Open the debugger and leave it, again and again; return the milliseconds to its picture."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        window.step_through()
        window.until(lambda: panel.debugger.trace is not None)
        window.turn()
        times.append((time.perf_counter() - began) * 1e3)
        window.follow(FOLLOWED_SECONDS)
        panel.debugger.leave()
        window.until(lambda: not panel.debugger.active)
        window.follow(FOLLOWED_SECONDS)
    return times


def walk(window, panel, tab, most):
    """Walk through the whole update; return the times of the steps, and of what follows."""
    panel.tabs.setCurrentIndex(tab)
    panel.debugger.first()
    window.follow(FOLLOWED_SECONDS)
    steps, followed = [], []
    positions = range(len(panel.debugger.trace) - 1)
    for _ in positions[:most]:
        began = time.perf_counter()
        panel.player.forward()
        window.turn()
        steps.append((time.perf_counter() - began) * 1e3)
        followed += window.follow(FOLLOWED_SECONDS)
    return steps, followed


def figures_of(times):
    """Return the middle, the 95th percentile and the largest of some times."""
    middle, high, top = np.percentile(times, [50, 95, 100])
    return {"median": float(middle), "p95": float(high), "max": float(top)}


def main():
    chosen = options(
        __doc__,
        ("--size", {"default": "1280x800", "metavar": "WxH", "help": "of the window"}),
        ("--steps", {"type": int, "default": 100, "metavar": "N", "help": "at most, of an update"}),
        ("--network", {"choices": sorted(EXPERIMENTS), "help": "only this one"}),
    )
    size = tuple(int(each) for each in chosen.size.split("x"))
    sys.setswitchinterval(SWITCH_SECONDS)
    make_application()
    figures = {}
    rows = [["network", "tab", "step median", "p95", "max", "turn after it", "p95", "max"]]
    openings = [["network", "opening median", "p95", "max"]]
    for name in [chosen.network] if chosen.network else EXPERIMENTS:
        window = opened(EXPERIMENTS[name], size)
        panel = window.docks.panel("debugger")
        opening = figures_of(open_debugger(window, panel, chosen.rounds))
        figures[name] = {"opening": opening}
        window.step_through()
        window.until(lambda panel=panel: panel.debugger.trace is not None)
        for tab in range(panel.tabs.count()):
            title = panel.tabs.tabText(tab)
            found = [figures_of(times) for times in walk(window, panel, tab, chosen.steps)]
            figures[name][title] = dict(zip(("step", "followed"), found, strict=True))
            rows.append([name, title, *(f"{v:.1f} ms" for each in found for v in each.values())])
        openings.append([name, *(f"{value:.1f} ms" for value in opening.values())])
        window.close()
    table(rows)
    print()
    table(openings)
    print("targets: a step below 16 ms on 64-64-10, 50 ms on 784-128-64-10; opening below 100 ms")
    save(chosen.json, "steps", figures)


if __name__ == "__main__":
    main()
