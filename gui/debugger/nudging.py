"""The nudge test: wiggle a weight, and see the loss change as backpropagation says."""

import math

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from engine.formulas.writer import number, to_text
from engine.trace import Place, Trace
from engine.trace.kinds import entry_name
from engine.trace.nudge import Nudge
from gui import theme
from gui.debugger.debugger import Debugger
from gui.debugger.desk import Checked, Nudged
from gui.debugger.plot import Line, View, draw_frame, draw_lines
from gui.own_fonts import give_font
from gui.panel_parts import muted_label, once_at_rest

FINEST, COARSEST = -7.0, 0.0  # powers of ten of the nudge
RESTS = 120  # milliseconds on one step, until its parameter is nudged
PER_POWER = 10  # stops of the slider
AGREES = 1e-4  # relative difference below which the two numbers are the same
ROWS = (
    ("forward", "ΔL / ε, to one side"),
    ("central", "ΔL / 2ε, over both sides"),
    ("gradient", "∂L/∂w, by backpropagation"),
    ("difference", "relative difference"),
)


class NudgeCard(QWidget):
    """Drag ε; the slope of the loss converges on the gradient."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self._place: Place | None = None
        self._rest = once_at_rest(self, RESTS, self._nudge)
        self.title = QLabel()
        give_font(self.title, 9.5, bold=True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(round(FINEST * PER_POWER), round(COARSEST * PER_POWER))
        self.slider.setValue(-10)
        self.slider.setAccessibleName("Size of the nudge")
        self.epsilon = QLabel()
        self.plot = ConvergencePlot()
        self.check = QPushButton("Check all parameters")
        self.check.setToolTip("Nudge every parameter, or 400 of them where there are more")
        self.verdict = muted_label()
        self._figures = {name: QLabel("–") for name, _ in ROWS}
        for name, label in self._figures.items():
            give_font(label, bold=name == "gradient", tabular=True)
        self._lay_out()
        self.slider.valueChanged.connect(self._nudge)
        self.check.clicked.connect(self._check)
        debugger.moved.connect(self.refresh)
        debugger.nudged.connect(self._show)
        debugger.checked.connect(self._show_check)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addWidget(self.title)
        row = QHBoxLayout()
        row.addWidget(QLabel("ε"))
        row.addWidget(self.slider, 1)
        row.addWidget(self.epsilon)
        column.addLayout(row)
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        for k, (name, words) in enumerate(ROWS):
            grid.addWidget(muted_label(words), k, 0)
            grid.addWidget(self._figures[name], k, 1)
            self._figures[name].setAccessibleName(words)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        column.addLayout(grid)
        column.addWidget(self.plot, 1)
        row = QHBoxLayout()
        row.addWidget(self.check)
        row.addWidget(self.verdict, 1)
        column.addLayout(row)

    @property
    def chosen(self) -> float:
        """The nudge chosen."""
        return 10.0 ** (self.slider.value() / PER_POWER)

    def showEvent(self, event: object) -> None:
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Nudge the parameter in focus."""
        trace, place = self._debugger.trace, self._debugger.weight_in_focus()
        if trace is None or place is None or not self.isVisible():
            return
        if place != self._place:
            self.verdict.setText("")
        self._place = place
        self.title.setText(f"Nudge {_name(trace, place)} = {number(trace.value(place), 6)}")
        self._rest.start()

    @Slot()
    def _nudge(self) -> None:
        self.epsilon.setText(f"{number(self.chosen, 2)}")
        if self._place is not None:
            self._debugger.nudge(self._place, self.chosen)

    @Slot()
    def _check(self) -> None:
        self.verdict.setText("Checking …")
        self._debugger.check()

    @Slot(object)
    def _show(self, answer: Nudged) -> None:
        nudge = answer.nudge
        if nudge.place != self._place:
            return
        for name, label in self._figures.items():
            value = float(getattr(nudge, name))
            label.setText(number(value, 3 if name == "difference" else 8))
        self.plot.show_series(answer.series, nudge)

    @Slot(object)
    def _show_check(self, answer: Checked) -> None:
        trace = self._debugger.trace
        if trace is None:
            return
        self.verdict.setText(verdict(answer, trace))


def verdict(answer: Checked, trace: Trace) -> str:
    """Say what came of checking all."""
    worst = max(answer.results, key=lambda each: each.difference)
    wrong = sum(each.difference > AGREES for each in answer.results)
    count = len(answer.results)
    which = f"All {count}" if count == _trainable(trace) else f"{count} of {_trainable(trace)}"
    name = _name(trace, worst.place)
    if wrong:
        return (
            f"{which} parameters checked: {wrong} differ by more than {number(AGREES)}, most {name}"
            f" ({number(worst.difference, 2)}). A kink of ReLU within reach of ε does that."
        )
    return f"{which} parameters agree; largest difference {number(worst.difference, 2)} ({name})."


def _trainable(trace: Trace) -> int:
    return sum(each.value.size for each in trace.given.values() if each.role == "weight")


def _name(trace: Trace, place: Place) -> str:
    return to_text(entry_name(trace.given[place.key], place.index))


class ConvergencePlot(QWidget):
    """How far the slopes are from the gradient, against ε; both by powers of ten."""

    def __init__(self) -> None:
        super().__init__()
        self._series: tuple[Nudge, ...] = ()
        self._nudge: Nudge | None = None
        self.setMinimumHeight(70)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Difference from the gradient, by the size of the nudge")

    def sizeHint(self) -> QSize:
        return QSize(280, 110)

    def show_series(self, series: tuple[Nudge, ...], nudge: Nudge) -> None:
        """Show nudges of all sizes, with the chosen one marked."""
        self._series, self._nudge = series, nudge
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._nudge is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = View(QRectF(self.rect()).adjusted(48, 4, -8, -18), COARSEST, FINEST - 1, -13.0, 1.0)
        draw_frame(painter, View(view.box, COARSEST, FINEST - 1, 1e-13, 10.0))
        lines = [
            self._line("forward", "gradient_negative", dashed=True),
            self._line("central", "gradient_positive"),
        ]
        draw_lines(painter, view, lines)
        at = view.at(math.log10(self._nudge.epsilon), 0)
        painter.setPen(QPen(theme.palette().color("accent"), 1.4))
        painter.drawLine(round(at.x()), round(view.box.top()), round(at.x()),
                         round(view.box.bottom()))  # fmt: skip
        self._caption(painter, view)

    def _line(self, which: str, role: str, dashed: bool = False) -> Line:
        size = [max(abs(each.gradient), abs(each.central), 1e-300) for each in self._series]
        away = [
            abs(getattr(each, which) - each.gradient) / s
            for each, s in zip(self._series, size, strict=True)
        ]
        x = np.log10([each.epsilon for each in self._series])
        return Line(x, np.log10(np.maximum(away, 1e-14)), role, dashed=dashed)

    def _caption(self, painter: QPainter, view: View) -> None:
        painter.setFont(theme.font(8.5))
        box = QRectF(view.box.x(), view.box.bottom() + 2, view.box.width(), 16)
        painter.setPen(theme.palette().color("muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, "ε = 1")
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, number(10 ** (FINEST - 1)))
        painter.drawText(
            box, Qt.AlignmentFlag.AlignHCenter, "difference: one side (dashed), both sides"
        )
