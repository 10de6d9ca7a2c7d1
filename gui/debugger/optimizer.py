"""The optimizer's X-ray: a parameter through the next updates, beside plain descent."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.formulas.writer import number, to_text
from engine.trace import Place
from engine.trace.kinds import entry_name
from engine.trace.xray import Course, XRay
from gui import theme
from gui.debugger.debugger import Debugger
from gui.debugger.plot import Line, View, draw_frame, draw_lines, extent
from gui.panel_parts import muted_label

UPDATES = 40


class OptimizerCard(QWidget):
    """What the optimizer makes of one parameter's gradients, update by update."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self._asked: tuple[object, ...] = ()
        self.title = QLabel()
        self.plots = CoursePlots()
        self.note = muted_label(
            f"The next {UPDATES} mini-batches, from here: with the chosen optimizer (solid) and by "
            "plain gradient descent (dashed) at the same learning rate."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        for part in (self.title, self.note):
            column.addWidget(part)
        column.addWidget(self.plots, 1)
        debugger.moved.connect(self.refresh)
        debugger.xrayed.connect(self._show)

    def showEvent(self, event: object) -> None:
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Ask for the parameter in focus, unless it is shown already."""
        trace, place = self._debugger.trace, self._debugger.weight_in_focus()
        if trace is None or place is None or not self.isVisible():
            return
        name = to_text(entry_name(trace.given[place.key], place.index))
        self.title.setFont(theme.font(9.5, bold=True))
        self.title.setText(f"{trace.moment.train.optimizer.label}: {name}")
        asked = (trace, place)
        if asked != self._asked:
            self._asked = asked
            self._debugger.xray(place, UPDATES)

    @Slot(object)
    def _show(self, answer: XRay) -> None:
        if self._asked[1:] == (answer.place,):
            self.plots.show_courses(answer)


class CoursePlots(QWidget):
    """Small plots under each other: the parameter, g, the optimizer's memory, Δ."""

    def __init__(self) -> None:
        super().__init__()
        self._xray: XRay | None = None
        self.setMinimumHeight(160)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Course of the parameter")

    def sizeHint(self) -> QSize:
        return QSize(280, 260)

    def show_courses(self, xray: XRay) -> None:
        """Show another parameter."""
        self._xray = xray
        chosen, plain = xray.chosen, xray.plain
        self.setAccessibleDescription(
            f"{chosen.label} ends at {number(chosen.value[-1])}, "
            f"plain descent at {number(plain.value[-1])}"
        )
        self.update()

    def rows(self) -> list[tuple[str, list[Line]]]:
        """Return title and lines of each plot."""
        if self._xray is None:
            return []
        chosen, plain = self._xray.chosen, self._xray.plain
        rows = [
            (_symbol(self._xray.place), _pair(chosen, plain, "value", "accent")),
            ("g", _pair(chosen, plain, "gradient", "gradient_positive")),
        ]
        for name, values in chosen.memory.items():
            rows.append((name, [_line(values, "gradient_negative")]))
        rows.append(("Δ" + _symbol(self._xray.place), _pair(chosen, plain, "change", "positive")))
        return rows

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows = self.rows()
        if not rows:
            return
        columns = 2 if len(rows) > 3 else 1
        lines = -(-len(rows) // columns)
        wide, high = self.width() / columns, self.height() / lines
        for k, (title, shown) in enumerate(rows):
            place = QRectF(k % columns * wide, k // columns * high, wide, high)
            self._draw(painter, place, title, shown)

    def _draw(self, painter: QPainter, place: QRectF, title: str, lines: list[Line]) -> None:
        low, high = extent([each.y for each in lines])
        last = max(len(each.x) for each in lines) - 1
        view = View(place.adjusted(52, 4, -6, -6), 0.0, float(max(last, 1)), low, high)
        draw_frame(painter, view)
        draw_lines(painter, view, lines)
        font = theme.font(10, bold=True)
        painter.setFont(font)
        painter.setPen(theme.palette().color("text"))
        wide = QFontMetricsF(font).horizontalAdvance(title) + 8
        box = QRectF(view.box.right() - wide, view.box.top() + 2, wide, 18)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)


def _symbol(place: Place) -> str:
    return "w" if place.key.startswith("W") else "b"


def _line(values: np.ndarray, role: str, dashed: bool = False) -> Line:
    return Line(np.arange(len(values), dtype=float), values, role, dashed=dashed)


def _pair(chosen: Course, plain: Course, what: str, role: str) -> list[Line]:
    return [_line(getattr(plain, what), "muted", True), _line(getattr(chosen, what), role)]
