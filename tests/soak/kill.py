"""Kills what saves, at random moments: what was saved is whole, the old or the new.

python3 dev.py soak kill [--times 200] [--seed 0]
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QSettings, QSize, Qt

from engine.digits.drawings import Drawing
from engine.spec import Experiment
from engine.trainer import Trainer
from engine.training_file import SavedTraining, load_training, save_training
from gui import export, settings, settings_file
from gui.drawing.keeper import Keeper
from tests.soak.whole import settings_are_whole

LATEST = 0.12  # seconds after the first is saved


class Trainings:
    def __init__(self, folder):
        self.path = folder / "training.chainrule"
        trainer = Trainer(Experiment())
        self.states = []
        for _ in range(2):
            while not next(trainer.slices(10.0)):
                pass
            self.states.append(SavedTraining.of(trainer))

    def save(self, which):
        save_training(self.path, self.states[which])

    def is_whole(self):
        found = load_training(self.path).snapshot.epoch
        return found in [each.snapshot.epoch for each in self.states]


class Drawings:
    def __init__(self, folder):
        self.path = folder / "drawings.npz"
        rng = np.random.default_rng(0)
        drawn = tuple(Drawing((rng.random((30, 2)),), each % 10) for each in range(40))
        self.states = (drawn, drawn[:30])

    def save(self, which):
        keeper = Keeper(self.path)
        keeper._stamp = keeper_stamp(self.path)
        keeper.save(self.states[which])
        keeper._thread and keeper._thread.join()

    def is_whole(self):
        return len(Keeper(self.path).load()) in (30, 40)


def keeper_stamp(path):
    """Let the file pass for one's own, so that it is written anew."""
    from gui.drawing.keeper import _stamp

    return _stamp(path)


class Settings:
    states = (os.urandom(9000), os.urandom(500))

    def __init__(self, folder):
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
        self.path = settings_file.place()
        self.path.parent.mkdir(parents=True, exist_ok=True)

    def save(self, which):
        settings.LAYOUT.keep(self.states[which])
        settings.RECENT_TABLES.keep(("one",) * which + ("two",))

    def is_whole(self):
        return settings_are_whole(self.path) and settings.LAYOUT.value in self.states


class Pictures:
    sizes = QSize(1200, 900), QSize(1300, 900)

    def __init__(self, folder):
        self.path = folder / "picture.png"

    def save(self, which):
        size, red = self.sizes[which], lambda painter: painter.fillRect(0, 0, 700, 700, Qt.red)
        export.painted(self.path, size, red, "")()

    def is_whole(self):
        from PySide6.QtGui import QImage

        return QImage(str(self.path)).size() in [2 * each for each in self.sizes]


KINDS = (Trainings, Drawings, Settings, Pictures)


def kill_once(kind, delay):
    """Kill what saves after a while; return whether the file is whole."""
    kind.save(0)
    child = os.fork()
    if child == 0:
        try:
            for number in range(1, 1_000_000):
                kind.save(number % 2)
        finally:
            os._exit(1)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        return False  # the saving failed before
    try:
        return kind.is_whole()
    except Exception as error:
        print(f"{type(kind).__name__}: {type(error).__name__}: {error}", flush=True)
        return False


def run(times, seed):
    """Kill so many times; return how often, and how often whole, by kind."""
    chance = random.Random(seed)
    done, whole = Counter(), Counter()
    with tempfile.TemporaryDirectory() as folder:
        kinds = [each(Path(folder)) for each in KINDS]
        for number in range(times):
            kind = kinds[number % len(kinds)]
            done[type(kind).__name__] += 1
            whole[type(kind).__name__] += kill_once(kind, chance.uniform(0.0, LATEST))
        left = [each for each in Path(folder).rglob("*") if each.is_file()]
    return done, whole, left


def main():
    parser = argparse.ArgumentParser(prog="soak kill", description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    done, whole, left = run(options.times, options.seed)
    for kind, count in done.items():
        print(f"{kind}: {whole[kind]} of {count} whole")
    print(f"{done.total()} kills, {whole.total()} whole; {len(left)} files left in all")
    return done != whole


if __name__ == "__main__":
    sys.exit(main())
