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
from functools import partial
from pathlib import Path

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu

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


def turn(
    window: MainWindow, deed: Callable[[], object], seconds: float = 0.25
) -> tuple[float, float]:
    """Do something; return the own milliseconds until it is painted, and of the longest turn after.

    Most of what the window paints while it trains is painted without anything being done, too.
    """
    start = time.thread_time()
    deed()
    window.beat()
    painted = time.thread_time()
    longest, end = 0.0, time.monotonic() + seconds
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


def deeds(window: MainWindow, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Name and do what else a person does; what it opens is closed again."""
    act, docks = window.menu_actions, window.docks.docks
    for name, dock in docks.items():
        for what in ("close", "open"):
            yield f"{what} the panel {name}", dock.toggleViewAction().trigger
        yield f"bring the panel {name} forward", dock.raise_
    yield "float a panel", lambda: docks["curves"].setFloating(True)
    yield "reset the layout", act["layout"].trigger
    yield "weights table", lambda: QTest.keyClick(window.network_view, Qt.Key.Key_T)
    close_dialogs()
    yield "keyboard shortcuts", act["shortcuts"].trigger
    close_dialogs()
    yield "record", act["record"].trigger
    yield "recording dialog", act["record"].trigger
    close_dialogs()
    for columns in (20, 2000):
        path = folder / f"{columns}.csv"
        head = ",".join(f"c{number}" for number in range(columns))
        rows = [",".join(str((row * column) % 7) for column in range(columns)) for row in range(60)]
        path.write_text("\n".join([head, *rows]))
        yield f"table of {columns:,} columns", partial(window.open_file, path)
        close_dialogs()
    yield "step through", act["debug"].trigger
    for _ in range(5):
        yield "one step", lambda: QTest.keyClick(window.network_view, Qt.Key.Key_Right)
    yield "leave", lambda: QTest.keyClick(window.network_view, Qt.Key.Key_Escape)
    menu = next(each for each in window.findChildren(QMenu) if each.title() == "E&xamples")
    for action in menu.actions():
        if action.text():
            yield f"example: {action.text()}", action.trigger
    stack = window.session.undo_stack
    for _ in range(5):
        yield "undo", stack.undo
    for _ in range(5):
        yield "redo", stack.redo


def close_dialogs() -> None:
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and each.isVisible():
            each.reject()


def worst_turns(count: int) -> list[list[str]]:
    """Return the turns that took longest, with what was done."""
    found = []
    with tempfile.TemporaryDirectory() as folder, window_of(SIZES[0], play=True) as window:
        for what, deed in deeds(window, Path(folder)):
            found.append((max(turn(window, deed, 0.6)), what))
        close_dialogs()
    found.sort(reverse=True)
    return [[what, f"{took:.0f}"] for took, what in found[:count]]


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
    worst = worst_turns(20)
    table([["longest turns, 1280×800, training", "ms"], *worst])
    figures["worst"] = worst
    if profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)
    save(chosen.json, "look", figures)


if __name__ == "__main__":
    main()
