"""How long the window is busy with another theme or text size, and with other long turns.

``python3 dev.py bench look [--json FILE] [--rounds N] [--profile]``

The real window with every panel made, at 1280×800 and 2560×1440, at rest and while it trains. A
turn is all that a change entails, the next painting included: layouts, fonts, icons. What counts
is the processor time of the window's own thread, for which a busy machine matters little.
"""

import cProfile
import gc
import os
import pstats
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.app import SWITCH_SECONDS, make_application
from gui.first import FIRST_EXPERIMENT
from gui.main_window import MainWindow
from gui.session import Session
from tests.benchmarks._report import options, save, summary, table

SIZES = ((1280, 800), (2560, 1440))
LIMIT_MS = 100.0
CHANGES = {
    "nothing": ("still", "still"),
    "theme": ("theme", "theme"),
    "text size": ("larger", "larger", "smaller", "usual_size"),
}


@contextmanager
def window_of(size: tuple[int, int], play: bool) -> Iterator[MainWindow]:
    """Open the window with a training of its own, and wait until all of it is made."""
    session = Session(FIRST_EXPERIMENT, sprints=play)
    window = MainWindow(session, size=size, remember=False)
    window.show()
    session.start(play=play)
    go_on(lambda: session.frame is not None and window.docks.complete)
    settle()
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()


def go_on(until: Callable[[], bool], seconds: float = 30.0) -> None:
    """Let the window live until something holds."""
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise TimeoutError("the window does not get there")
        QApplication.processEvents()
        time.sleep(0.001)


def settle(seconds: float = 0.3) -> None:
    end = time.monotonic() + seconds
    go_on(lambda: time.monotonic() > end)


def turn(window: MainWindow, deed: Callable[[], object]) -> tuple[float, float]:
    """Do something; return the own milliseconds until it is painted, and of the longest turn after.

    Most of what the window paints while it trains is painted without anything being done, too.
    """
    start = time.thread_time()
    deed()
    window.beat()
    painted = time.thread_time()
    longest, end = 0.0, time.monotonic() + 0.25
    while time.monotonic() < end:
        before = time.thread_time()
        QApplication.processEvents()
        longest = max(longest, time.thread_time() - before)
        time.sleep(0.001)
    return (painted - start) * 1e3, longest * 1e3


def changes(window: MainWindow, rounds: int, profile: cProfile.Profile | None) -> dict:
    """Change theme and text size in turn, as from the menu."""
    found = defaultdict(list)
    for number in range(rounds + 1):
        for kind, names in CHANGES.items():
            for name in names:
                if profile and number:
                    profile.enable()
                took = turn(window, window.menu_actions[name].trigger)
                if profile:
                    profile.disable()
                if number:  # the first round is like no other
                    found[kind].append(took)
    return found


def main() -> None:
    chosen = options(__doc__ or "", ("--profile", {"action": "store_true"}))
    QSettings.setPath(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, tempfile.mkdtemp("look")
    )
    sys.setswitchinterval(SWITCH_SECONDS)
    application = make_application()
    theme.apply_theme(application, "dark")
    profile = cProfile.Profile() if chosen.profile else None
    rows = [["change", "size", "training", "median ms", "max ms", "after: median ms", "max ms"]]
    figures = {}
    for size in SIZES:
        for play in (False, True):
            with window_of(size, play) as window:
                for what, took in changes(window, chosen.rounds, profile).items():
                    each = [summary(list(part)) for part in zip(*took, strict=True)]
                    state = "runs" if play else "rests"
                    figures[f"{what}, {size[0]}×{size[1]}, {state}"] = each
                    numbers = [f"{part[key]:.0f}" for part in each for key in ("median", "max")]
                    rows.append([what, f"{size[0]}×{size[1]}", state, *numbers])
    table(rows)
    print(f"target: {LIMIT_MS:.0f} ms")
    if profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)
    save(chosen.json, "look", figures)


if __name__ == "__main__":
    main()
