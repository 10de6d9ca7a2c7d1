"""One neuron: its weighted sum, and its activation as a point on the curve of f."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.activations import Activation
from engine.formulas.writer import number
from engine.trace import Factor, Trace
from gui import theme
from gui.debugger.debugger import Debugger
from gui.debugger.focus import layer_of
from gui.debugger.formula_view import FormulaView
from gui.debugger.plot import Line, View, draw_frame, draw_lines, extent
from gui.own_fonts import give_font

POINTS = 241
LEAST_REACH = 4.0  # of the weighted sums that are shown


class ActivationCurve(QWidget):
    """The curve of f with the neuron's point, and the tangent f′ there."""

    def __init__(self) -> None:
        super().__init__()
        self._f: Activation | None = None
        self._z = self._a = self._slope = 0.0
        self._bars: np.ndarray | None = None
        self._neuron = 0
        self.setMinimumHeight(120)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Curve of the activation")

    def sizeHint(self) -> QSize:
        return QSize(280, 160)

    def show_neuron(self, trace: Trace, layer: int, sample: int, neuron: int) -> None:
        """Show a neuron's point; for softmax, the outputs of its whole layer."""
        self._f = trace.moment.network.dense[layer - 1].activation
        self._z = float(trace[f"z{layer}"].value[sample, neuron])
        self._a = float(trace[f"a{layer}"].value[sample, neuron])
        self._neuron = neuron
        self._bars = None if self._f.elementwise else trace[f"a{layer}"].value[sample]
        if self._f.elementwise:
            self._slope = float(trace[f"slope{layer}"].value[sample, neuron])
        words = f"z {number(self._z)}, a {number(self._a)}, slope {number(self._slope)}"
        self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._f is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._bars is not None:
            self._draw_bars(painter, self._bars)
        else:
            self._draw_curve(painter, self._f)

    # ------------------------------------------------------------ elementwise

    def _draw_curve(self, painter: QPainter, f: Activation) -> None:
        reach = max(LEAST_REACH, 1.25 * abs(self._z)) if np.isfinite(self._z) else LEAST_REACH
        z = np.linspace(-reach, reach, POINTS)
        a = f.value(z)
        low, high = extent([a, np.array([self._a, 0.0])], 0.15)
        view = View(QRectF(self.rect()).adjusted(48, 8, -12, -24), -reach, reach, low, high)
        draw_frame(painter, view, f"a = f(z), {f.label}")
        tangent = self._a + self._slope * (z - self._z)
        draw_lines(
            painter,
            view,
            [Line(z, a, "text", width=2.0), Line(z, tangent, "gradient_positive", dashed=True)],
        )
        self._draw_point(painter, view)
        self._label_axis(painter, view)

    def _draw_point(self, painter: QPainter, view: View) -> None:
        colors, at = theme.palette(), view.at(self._z, self._a)
        painter.setPen(QPen(colors.color("muted"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(at, QPointF(at.x(), view.box.bottom()))
        painter.drawLine(at, QPointF(view.box.x(), at.y()))
        painter.setPen(QPen(colors.color("canvas"), 1.5))
        painter.setBrush(colors.color("accent"))
        painter.drawEllipse(at, 5, 5)
        font = theme.font(9, tabular=True)
        painter.setFont(font)
        painter.setPen(colors.color("gradient_positive"))
        text = f"slope f′(z) = {number(self._slope)}"
        wide = QFontMetricsF(font).horizontalAdvance(text)
        above = at.y() > view.box.center().y()
        away = -wide - 10 if above and self._slope > 0 else 10  # not on the tangent
        x = min(max(at.x() + away, view.box.x() + 4), view.box.right() - wide - 6)
        painter.drawText(QPointF(x, at.y() + (-12 if above else 22)), text)

    def _label_axis(self, painter: QPainter, view: View) -> None:
        painter.setFont(theme.font(8.5, tabular=True))
        painter.setPen(theme.palette().color("muted"))
        box = QRectF(view.box.x(), view.box.bottom() + 4, view.box.width(), 18)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, number(view.x0, 2))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, number(view.x1, 2))
        text = f"z = {number(self._z)}   a = {number(self._a)}"
        painter.setPen(theme.palette().color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, text)

    # ------------------------------------------------------------ softmax

    def _draw_bars(self, painter: QPainter, values: np.ndarray) -> None:
        colors = theme.palette()
        box = QRectF(self.rect()).adjusted(12, 18, -12, -20)
        wide = min(44.0, box.width() / len(values))
        painter.setFont(theme.font(8.5, tabular=True))
        for k, value in enumerate(values.tolist()):
            here = k == self._neuron
            bar = QRectF(box.x() + k * wide + 3, box.bottom(), wide - 6, -box.height() * value)
            painter.fillRect(bar.normalized(), colors.color("accent" if here else "node"))
            painter.setPen(colors.color("text" if here else "muted"))
            label = QRectF(box.x() + k * wide, box.bottom() + 3, wide, 16)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, str(k + 1))
            if here or value > 0.05:
                top = QRectF(box.x() + k * wide, bar.normalized().top() - 16, wide, 14)
                painter.drawText(top, Qt.AlignmentFlag.AlignCenter, number(value, 2))
        painter.setPen(QPen(colors.color("line"), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())


class NeuronCard(QWidget):
    """The neuron in focus: z, then a, then how much the loss depends on it."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self._factors: tuple[Factor, ...] = ()
        self.title = QLabel()
        give_font(self.title, 9.5, bold=True)
        self.sum = FormulaView(11)
        self.sum.setAccessibleName("Weighted sum of the neuron")
        self.curve = ActivationCurve()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addWidget(self.title)
        column.addWidget(self.sum)
        column.addWidget(self.curve, 1)
        self.sum.linkClicked.connect(self._follow)
        debugger.moved.connect(self.refresh)

    def showEvent(self, event: object) -> None:
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the neuron in focus."""
        trace, step = self._debugger.trace, self._debugger.step
        if trace is None or step is None or not self.isVisible():
            return
        layers = len(trace.moment.network.dense)
        layer = layer_of(step.key)
        layer = layer if layer > 0 else (1 if layer == 0 else layers)
        focus = self._debugger.focus
        neuron = focus.neurons[layer]
        element = trace[f"z{layer}"].element((focus.sample, neuron))
        self._factors = element.factors
        self.title.setText(f"Neuron {neuron + 1} of layer {layer}")
        self.sum.show_lines(element.worked, element.factors)
        self.curve.show_neuron(trace, layer, focus.sample, neuron)

    @Slot(int)
    def _follow(self, ref: int) -> None:
        place = self._factors[ref].place
        if place is not None:
            self._debugger.go_to(place)
