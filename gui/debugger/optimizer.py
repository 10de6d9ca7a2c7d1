"""The optimizer's X-ray: a parameter through its last updates and the next, and plainly."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.formulas.writer import number, to_text
from engine.trace import Place, Trace
from engine.trace.kinds import entry_name
from engine.trace.xray import XRay
from gui import theme
from gui.debugger.debugger import Debugger
from gui.debugger.plot import Line, View, draw_frame, draw_lines, extent
from gui.own_fonts import give_font
from gui.panel_parts import muted_label, once_at_rest

UPDATES = 40
RESTS = 120  # milliseconds on one step, until its parameter is followed


class OptimizerCard(QWidget):
    """What the optimizer makes of one parameter's gradients, update by update."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self._asked: tuple[Trace, Place] | tuple[()] = ()
        self._rest = once_at_rest(self, RESTS, self._ask)
        self.title = QLabel()
        give_font(self.title, 9.5, bold=True)
        self.plots = CoursePlots()
        self.note = muted_label()
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
        self.title.setText(f"{trace.moment.train.optimizer.label}: {name}")
        asked = (trace, place)
        if asked != self._asked:
            self._asked = asked
            self._rest.start()

    @Slot()
    def _ask(self) -> None:
        if self._debugger.trace is not None and self._asked:
            self._debugger.xray(self._asked[1], UPDATES)

    @Slot(object)
    def _show(self, answer: XRay) -> None:
        if self._asked[1:] == (answer.place,):
            self.note.setText(explanation(answer))
            self.plots.show_courses(answer)


def explanation(xray: XRay) -> str:
    """Say what the plots show."""
    ahead = (
        f"To the right of now the next {len(xray.chosen.change)} mini-batches: with "
        f"{xray.chosen.label} (solid), and by plain gradient descent (dashed) from the same point."
    )
    if xray.past is not None:
        count = len(xray.past.change)
        last = "update" if count == 1 else f"{count} updates"
        return f"To the left its last {last}. {ahead}"
    return f"Nothing before now can be told: it began here, or was changed by hand. {ahead}"


class CoursePlots(QWidget):
    """Small plots over common time: the parameter, g, the optimizer's memory, Δ."""

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
        """Return title and lines of each plot; now is at 0."""
        if self._xray is None:
            return []
        symbol = _symbol(self._xray.place)
        rows = [
            (symbol, self._lines("value", "accent")),
            ("g", self._lines("gradient", "gradient_positive")),
        ]
        for name in self._xray.chosen.memory:
            rows.append((name, self._memory(name)))
        rows.append((f"Δ{symbol}", self._lines("change", "positive")))
        return rows

    def _lines(self, what: str, role: str) -> list[Line]:
        assert self._xray is not None
        past, chosen, plain = self._xray.past, self._xray.chosen, self._xray.plain
        lines = [_line(getattr(plain, what), "muted", dashed=True)]
        lines.append(_line(getattr(chosen, what), role))
        if past is not None:
            lines.append(_line(getattr(past, what), role, start=-len(past.change)))
        return lines

    def _memory(self, name: str) -> list[Line]:
        assert self._xray is not None
        past, role = self._xray.past, "gradient_negative"
        lines = [_line(self._xray.chosen.memory[name], role)]
        if past is not None and name in past.memory:
            lines.append(_line(past.memory[name], role, start=-len(past.change)))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows = self.rows()
        if not rows:
            return
        columns = 2 if len(rows) > 3 else 1
        deep = -(-len(rows) // columns)
        foot = QFontMetricsF(theme.font(8, tabular=True)).height() + 2
        wide, high = self.width() / columns, (self.height() - foot) / deep
        for k, (title, lines) in enumerate(rows):
            place = QRectF(k % columns * wide, k // columns * high, wide, high)
            last = k + columns >= len(rows)
            self._draw(painter, place, title, lines, foot if last else 0.0)

    def _draw(
        self, painter: QPainter, place: QRectF, title: str, lines: list[Line], foot: float
    ) -> None:
        low, high = extent([each.y for each in lines])
        if all((each.y >= 0).all() for each in lines):
            low = max(low, 0.0)
        first = min(float(each.x[0]) for each in lines)
        last = max(float(each.x[-1]) for each in lines)
        view = View(place.adjusted(66, 4, -6, -6), first, max(last, first + 1), low, high)
        draw_frame(painter, view)
        self._draw_now(painter, view, foot)
        draw_lines(painter, view, lines)
        font = theme.font(10, bold=True)
        painter.setFont(font)
        painter.setPen(theme.palette().color("text"))
        metrics = QFontMetricsF(font)
        wide, tall = metrics.horizontalAdvance(title) + 8, min(metrics.height(), view.box.height())
        box = QRectF(view.box.right() - wide - 1, view.box.top() + 1, wide, tall - 2)
        painter.fillRect(box, theme.palette().color("field", 0.8))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)

    def _draw_now(self, painter: QPainter, view: View, foot: float) -> None:
        """Mark the present, and under the last plots say how far the others reach."""
        colors, now = theme.palette(), view.at(0, view.y0)
        painter.setPen(QPen(colors.color("text", 0.55), 1))
        painter.drawLine(now, view.at(0, view.y1))
        if not foot:
            return
        painter.setFont(theme.font(8, tabular=True))
        painter.setPen(colors.color("muted"))
        box = QRectF(view.box.x(), view.box.bottom() + 2, view.box.width(), foot)
        if now.x() - view.box.x() > 60:
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, f"−{-view.x0:.0f}")
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, f"+{view.x1:.0f}")
        middle = QRectF(now.x() - 30, box.y(), 60, foot)
        painter.drawText(middle, Qt.AlignmentFlag.AlignHCenter, "now")


def _symbol(place: Place) -> str:
    return "w" if place.key.startswith("W") else "b"


def _line(values: np.ndarray, role: str, start: int = 0, dashed: bool = False) -> Line:
    return Line(start + np.arange(len(values), dtype=float), values, role, dashed=dashed)
