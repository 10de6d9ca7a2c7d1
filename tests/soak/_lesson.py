"""A lesson given by a script: rounds of everything that is done in one, with samples between."""

import gc
import time
from collections import Counter

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPushButton

from engine.recipes import RECIPES
from gui.drawing.samples import sample
from tests.soak._watch import Watch, counts
from tests.soak.long import DRAWINGS_AN_HOUR, STEPS_AN_HOUR

PATIENCE = 20.0
"""Seconds that a step of the script waits for what it has asked for."""
PARTS = ("examples", "settings", "draw", "walk", "film", "back", "files", "look", "undo", "train")


class Lesson(QObject):
    """Plays rounds until there was as much of everything as in so many hours.

    Parameters
    ----------
    window : QMainWindow
        The program's.
    folder : Path
        Where its files go.
    options : Namespace
        Of the command.

    Attributes
    ----------
    samples : list of dict
        What was counted after every round.
    """

    def __init__(self, window, folder, options):
        super().__init__()
        self.window, self.session = window, window.session
        self.watch = Watch(lambda fault: print("FAULT", fault["fault"], fault["details"]))
        self.ending = False
        self.samples = []
        self.steps = self.drawings = 0
        self._folder, self._options = folder, options
        self._recipes = [recipe for group in RECIPES for recipe in group]
        self._path = ""
        self._last = (0, 0)
        self._kinds = []
        self._script = self._lesson()
        self._wait = lambda: True
        self._until = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    def start(self):
        """Begin the lesson."""
        QFileDialog.getSaveFileName = staticmethod(lambda *_a, **_n: (self._path, ""))
        QFileDialog.getOpenFileName = staticmethod(lambda *_a, **_n: (self._path, ""))
        self.watch.install(self.session)
        self.session.frameChanged.connect(self._count)
        self._began = time.monotonic()
        self._timer.start(4)

    def _count(self):
        frame = self.session.frame
        steps = frame.epoch * frame.batches_per_epoch + frame.batch
        generation, before = self._last
        if generation == frame.generation and steps > before:
            self.steps += steps - before
        self._last = frame.generation, steps

    def _tick(self):
        late = time.monotonic() > self._until
        if not self._wait() and not late:
            return
        step = next(self._script, None)
        if step is None:
            self._timer.stop()
            self._end()
        elif callable(step):
            self._wait, self._until = step, time.monotonic() + PATIENCE
        else:
            self._wait, self._until = lambda: False, time.monotonic() + step

    # ------------------------------------------------------------ the rounds

    @property
    def hours(self):
        """Return how much of a lesson it was so far, by what there was least of."""
        return (
            min(self.steps / STEPS_AN_HOUR, self.drawings / DRAWINGS_AN_HOUR) / self._options.scale
        )

    def _lesson(self):
        left_out = self._options.without.split(",")
        number = 0
        yield 1.0
        while self.hours < self._options.hours and self._minutes() < self._options.minutes:
            for part in PARTS:
                if part not in left_out:
                    yield from getattr(self, f"_{part}")(number)
            yield from self._rest()
            self._sample()
            number += 1

    def _minutes(self):
        return (time.monotonic() - self._began) / 60

    def _examples(self, number):
        for recipe in (self._recipes[number % len(self._recipes)], self._recipes[0]):
            self.session.open(recipe.experiment, recipe.label, play=True)
            yield lambda: self.session.frame is not None and self.session.frame.epoch > 0
            yield 0.05

    def _settings(self, number):
        """Change what is learnt with and from: a live setting, the layers, the seed."""
        self.session.set_speed(None)
        self.session.new_seed()
        yield 0.1
        panel = self.window.network_view
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            QTest.keyClick(panel, key)
        for _ in range(5):
            self.session.show_next_row()
            yield 0.01

    def _draw(self, number):
        canvas = self.window.docks.panel("draw").canvas
        for each in range(20):
            canvas.load(sample((number + each) % 10))
            self.drawings += 1
            yield 0.02
        canvas.clear()
        yield 0.05

    def _walk(self, number):
        self.window.step_through()
        yield lambda: self.session.walked
        debugger = self.window.docks.panel("debugger").debugger
        for _ in range(12):
            debugger.forward()
            yield 0.01
        debugger.back()
        debugger.leave()
        yield lambda: not self.session.walked
        self.session.play()

    def _film(self, number):
        self.window.recording.toggle()
        yield 0.3
        self.window.recording.toggle()
        yield lambda: self._dialogs()
        for dialog in self._dialogs():
            self._path = str(self._folder / "film.gif")
            press(dialog, "Save…")
            yield lambda: not getattr(self.window.recording._dialog, "saving", False)
            yield 0.1
        for dialog in self._dialogs():
            dialog.reject()
        self.session.play()
        yield 0.1

    def _back(self, number):
        last = len(self.session.history)
        self.window.going_back.go(max(last - 2, 0))
        yield lambda: len(self.session.history) < last
        self.session.play()
        yield 0.05

    def _files(self, number):
        path = self._folder / f"{number % 2}.chainrule"
        self.window.files.save_in(path)
        yield lambda: self.window.windowTitle().startswith(path.name)
        self.window.open_file(path)
        yield 0.3
        self.session.play()

    def _look(self, number):
        for name in ("theme", "larger", "usual_size", "theme"):
            self.window.menu_actions[name].trigger()
            yield 0.05

    def _undo(self, number):
        stack = self.session.undo_stack
        for way in (stack.undo, stack.undo, stack.redo, stack.redo):
            way()
            yield 0.05

    def _train(self, number):
        """Train on at full speed, for as many steps as the drawings so far ask for."""
        self.session.open(self._recipes[0].experiment, self._recipes[0].label, play=True)
        self.session.set_speed(None)
        self.session.play()
        wanted = self.drawings / DRAWINGS_AN_HOUR * STEPS_AN_HOUR
        end = time.monotonic() + PATIENCE
        while self.steps < wanted and time.monotonic() < end:
            if not self.session.running:
                self.session.reset()
                self.session.play()
            yield 0.2

    def _rest(self):
        """Come to the state in which is counted: the same training at rest, nothing open."""
        for dialog in self._dialogs():
            dialog.reject()
        self.session.pause()
        yield lambda: not self.session.running
        yield 0.3

    @staticmethod
    def _dialogs():
        shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog)]
        return [each for each in shown if each.isVisible()]

    # ------------------------------------------------------------ what is counted

    def _sample(self):
        gc.collect()
        counted = counts(self.window)
        seconds = time.monotonic() - self._began
        counted |= {"hours": round(self.hours * self._options.scale, 4), "seconds": round(seconds)}
        counted |= {"steps": self.steps, "drawings": self.drawings, "sprint": 0}
        self.samples.append(counted)
        if len(self.samples) in (4, 8) or len(self.samples) % 16 == 0:
            self._kinds = [*self._kinds[-3:], Counter(type(each).__name__ for each in _living())]

    def grown_kinds(self):
        """Return which classes have more objects than when it was warm, most first."""
        if len(self._kinds) < 2:
            return []
        grown = self._kinds[-1] - self._kinds[0]
        return [(kind, n) for kind, n in grown.most_common(12) if n > 20]

    def _end(self):
        self._sample()
        if self._options.trace:
            import tracemalloc

            for line in tracemalloc.take_snapshot().statistics("lineno")[:25]:
                print(line)
        self.ending = True
        QTimer.singleShot(0, self.window.close)
        self._closing = QTimer(self)
        self._closing.timeout.connect(self._answer)
        self._closing.start(200)

    def _answer(self):
        """Discard whatever the window asks about as it closes."""
        for dialog in self._dialogs():
            for text in ("Discard", "Don't save", "Close without saving"):
                press(dialog, text)
            dialog.close()


def press(dialog, text):
    """Press a button by what stands on it, if it is there."""
    for button in dialog.findChildren(QPushButton):
        if button.text().replace("&", "") == text and button.isEnabled():
            button.click()
            return


def _living():
    return [each for each in gc.get_objects() if not isinstance(each, (np.generic,))]
