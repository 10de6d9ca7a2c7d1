"""What is stepped through: the next mini-batch, a row, a wrong answer, the drawing."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.debugger.debugger import Debugger
from gui.debugger.desk import Kind, Subject, Taught
from gui.panel_parts import CalmComboBox, CalmSpinBox, muted_label, set_quietly

BATCH, TRAIN, TEST, WRONG, DRAWING = range(5)
CHOICES = (
    "The next mini-batch",
    "A training row",
    "A test row",
    "A wrong answer",
    "My drawing",
)
KINDS = {TRAIN: "train", TEST: "test"}
CHOICE_OF = {"batch": BATCH, "train": TRAIN, "test": TEST, "drawing": DRAWING}


class SubjectBar(QWidget):
    """Chooses the rows; single rows can be taught at once, and unlearnt again."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self._rows: tuple[int, ...] = ()  # those that were asked for together
        self._steps = 0  # of the walk, when what is shown was shown
        self.choice = CalmComboBox()
        self.choice.addItems(CHOICES)
        self.choice.setAccessibleName("What is stepped through")
        self.row = CalmSpinBox()
        self.row.setRange(0, 10_000_000)
        self.row.setKeyboardTracking(False)
        self.row.setAccessibleName("Number of the row")
        self.sample = CalmSpinBox()
        self.sample.setPrefix("sample ")
        self.sample.setMinimum(1)
        self.sample.setWrapping(True)
        self.sample.setAccessibleName("Sample of the batch")
        self.label = CalmComboBox()
        self.label.setAccessibleName("What the drawing is")
        self.another = QPushButton("Next one")
        self.another.setToolTip("Another row that the network gets wrong, or that was asked for")
        self.teach_once = QPushButton("Teach it this")
        self.teach_once.setToolTip("Make one update on what is shown")
        self.teach_more = QPushButton("× 10")
        self.teach_more.setToolTip("Make ten updates on what is shown")
        self.outcome = muted_label()
        self.outcome.setVisible(False)
        self._lay_out()
        self.choice.activated.connect(self._choose)
        self.row.valueChanged.connect(self._choose)
        self.label.activated.connect(self._choose)
        self.another.clicked.connect(self._choose_another)
        self.sample.valueChanged.connect(self._show_sample)
        self.teach_once.clicked.connect(self._teach_once)
        self.teach_more.clicked.connect(self._teach_more)
        debugger.moved.connect(self.refresh)
        debugger.taught.connect(self._show_taught)
        debugger.refused.connect(self._stay)
        debugger.closed.connect(self._forget)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for parts in (
            (self.choice, self.row, self.label, self.sample, self.another),
            (self.teach_once, self.teach_more),
        ):
            row = QHBoxLayout()
            for part in parts:
                row.addWidget(part)
            row.addStretch(1)
            column.addLayout(row)
        column.addWidget(self.outcome)

    @Slot()
    def _forget(self) -> None:
        self._rows = ()
        self.choice.setCurrentIndex(BATCH)
        self.outcome.setVisible(False)

    @Slot()
    def _stay(self) -> None:
        """Name what is looked at still, as something else was refused."""
        traced, chosen = self._debugger.traced, self.choice.currentIndex()
        if traced is not None and not (chosen == WRONG and traced.subject.kind in KINDS.values()):
            self.choice.setCurrentIndex(CHOICE_OF[traced.subject.kind])
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what the debugger looks at."""
        traced, debugger = self._debugger.traced, self._debugger
        if traced is None:
            return
        if traced.steps < self._steps:
            self.outcome.setVisible(False)  # what was taught is taken back
        self._steps = traced.steps
        subject, chosen = traced.subject, self.choice.currentIndex()
        names = self._class_names()
        if [self.label.itemText(k) for k in range(self.label.count())] != names:
            self.label.clear()
            self.label.addItems(names)
        single = subject.kind != "batch"
        self.row.setVisible(chosen in (TRAIN, TEST))
        self.label.setVisible(chosen == DRAWING)
        self.another.setVisible(chosen == WRONG or len(self._rows) > 1)
        self.sample.setVisible(not single and debugger.rows > 1)
        self.teach_once.setVisible(single)
        self.teach_more.setVisible(single)
        if self.sample.maximum() != debugger.rows:
            self.sample.blockSignals(True)
            self.sample.setMaximum(debugger.rows)
            self.sample.setSuffix(f" of {debugger.rows}")
            self.sample.blockSignals(False)
        for spin, value in ((self.row, subject.index), (self.sample, debugger.focus.sample + 1)):
            set_quietly(spin, value)

    def _class_names(self) -> list[str]:
        dataset = self._debugger.session.dataset
        return [f"is a {name}" for name in dataset.class_names] if dataset is not None else []

    @Slot()
    def _choose(self) -> None:
        self.outcome.setVisible(False)
        self._rows = ()
        chosen = self.choice.currentIndex()
        if chosen == WRONG:
            self._debugger.choose_wrong()
        elif chosen in KINDS:
            self._debugger.choose(Subject(KINDS[chosen], self.row.value()))  # type: ignore[arg-type]
        elif chosen == DRAWING:
            self._debugger.choose(Subject("drawing", label=max(self.label.currentIndex(), 0)))
        else:
            self._debugger.choose(Subject())

    def choose_rows(self, kind: Kind, rows: tuple[int, ...]) -> None:
        """Look at rows of the data, one after the other."""
        self.choice.setCurrentIndex(TEST if kind == "test" else TRAIN)
        self._rows = rows
        self._debugger.choose(Subject(kind, rows[0]))

    @Slot()
    def _choose_another(self) -> None:
        traced, rows = self._debugger.traced, self._rows
        if not rows or traced is None:
            self._debugger.choose_wrong()
            return
        here = rows.index(traced.subject.index) if traced.subject.index in rows else -1
        self._debugger.choose(replace(traced.subject, index=rows[(here + 1) % len(rows)]))

    def choose_drawing(self, label: int) -> None:
        """Look at the drawing, which is said to be of a class."""
        self.choice.setCurrentIndex(DRAWING)
        self.label.clear()
        self.label.addItems(self._class_names())
        self.label.setCurrentIndex(label)
        self._choose()

    @Slot(int)
    def _show_sample(self, number: int) -> None:
        self._debugger.show_sample(number - 1)

    @Slot()
    def _teach_once(self) -> None:
        self._debugger.teach(1)

    @Slot()
    def _teach_more(self) -> None:
        self._debugger.teach(10)

    @Slot(object)
    def _show_taught(self, taught: Taught) -> None:
        trace = self._debugger.trace
        if trace is not None:
            self.outcome.setText(taught_words(taught, trace.moment.y[0], self._names()))
            self.outcome.setVisible(True)

    def _names(self) -> tuple[str, ...]:
        dataset = self._debugger.session.dataset
        return dataset.class_names if dataset is not None else ()


def taught_words(taught: Taught, y: np.ndarray, names: tuple[str, ...]) -> str:
    """Say what teaching has brought: the probability of the right answer before and after."""
    times = "one update" if taught.updates == 1 else f"{taught.updates} updates"
    right = int(np.argmax(y)) if len(y) > 1 else 0
    before, after = float(taught.before[0, right]), float(taught.after[0, right])
    if not names:
        return f"After {times} it says {after:.4g}; before {before:.4g}. The target is {y[0]:g}."
    name = names[right] if len(y) > 1 else names[-1]
    return (
        f"After {times} it says “{name}” with {_percent(after)}; before {_percent(before)}. "
        "Undo takes it back."
    )


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %" if value < 0.9995 else f"{100 * value:.3f} %"
