"""The key under a plot: the colours' scale, and which marker is what."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.datasets import Dataset
from gui import theme
from gui.data.cloud import Cloud, dot, ring
from gui.data.colors import class_colors, largest_height
from gui.data.geometry import short

GAP, BAR = 12.0, 64.0


@dataclass(frozen=True)
class Counts:
    """How many points there are to train on and to test with, and how many are misread."""

    trained: int
    tested: int
    misread: int | None


class Key(QWidget):
    """Two lines: what the colours mean, and what the markers mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: Dataset | None = None
        self._counts = Counts(0, 0, None)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_counts(self, cloud: Cloud, misread: int | None) -> None:
        """Count the points of a data set; `misread` is None where nothing can be."""
        data = cloud.data
        trained = len(data.x_train) + len(data.x_validation)
        counts = Counts(trained, len(data.x_test), misread)
        if data is not self._data or counts != self._counts:
            self._data, self._counts = data, counts
            self.setAccessibleName(self.text())
            self.update()

    def text(self) -> str:
        """Return what is shown as a sentence."""
        return ", ".join(f"{name} {count}" for _marker, name, count in self._markers())

    def sizeHint(self) -> QSize:
        return QSize(240, round(2 * self._line() + 4))

    def _line(self) -> float:
        return QFontMetricsF(theme.font(9)).height() * 1.4

    def _markers(self) -> list[tuple[str, str, str]]:
        counts = self._counts
        found = [("train", "train", f"{counts.trained:,}")]
        if counts.tested:
            found.append(("test", "test", f"{counts.tested:,}"))
        if counts.misread is not None:
            found.append(("misread", "misread", f"{counts.misread:,}"))
        return found

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._data is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self._line()
        x, middle = 2.0, line / 2
        for marker, name, count in self._markers():
            x = self._draw_marker(painter, marker, x, middle)
            x = write(painter, name, x, middle, "muted") + 4
            x = write(painter, count, x, middle, "text", bold=True) + GAP
        self._draw_colors(painter, self._data, 2.0, middle + line)
        painter.end()

    def _draw_marker(self, painter: QPainter, marker: str, x: float, middle: float) -> float:
        assert self._data is not None
        colors, ratio = theme.palette(), self.devicePixelRatioF()
        surface = self._data.features == 2
        color = colors.color("muted" if surface else marker if marker != "misread" else "text")
        radius = 4.0
        if marker == "misread":
            picture, radius = ring(colors.name, 3.0, ratio), 5.0
        else:
            picture = dot(colors.name, color.rgb(), marker == "test", radius, ratio)
        painter.drawPixmap(QPointF(x, middle - radius - 2), picture)
        return x + 2 * radius + 8

    def _draw_colors(self, painter: QPainter, data: Dataset, x: float, middle: float) -> None:
        if data.features == 1:
            self._draw_line(painter, x, middle)
        elif data.task == "classification" and data.outputs > 2:
            for name, color in zip(data.class_names, class_colors(data.outputs), strict=True):
                painter.setBrush(QColor(color))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(QPointF(x + 5, middle), 4.5, 4.5)
                x = write(painter, name, x + 13, middle, "text") + GAP
        else:
            low, high = _ends(data)
            x = write(painter, low, x, middle, "text") + 6
            self._draw_bar(painter, QRectF(x, middle - 4.5, BAR, 9))
            write(painter, high, x + BAR + 6, middle, "text")

    def _draw_line(self, painter: QPainter, x: float, middle: float) -> None:
        pen = painter.pen()
        pen.setColor(theme.palette().color("positive"))
        pen.setWidthF(2.4)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, middle), QPointF(x + 20, middle))
        write(painter, "the network's curve", x + 26, middle, "muted")

    def _draw_bar(self, painter: QPainter, box: QRectF) -> None:
        gradient = QLinearGradient(box.topLeft(), box.topRight())
        stops = np.linspace(-1, 1, 17)
        for at, color in zip(stops, theme.diverging(stops).tolist(), strict=True):
            gradient.setColorAt((at + 1) / 2, QColor(color))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(box, 4, 4)


def _ends(data: Dataset) -> tuple[str, str]:
    if data.task == "regression":
        peak = largest_height(data)
        return short(-peak), short(peak)
    low, high = data.class_names[:2]
    return f"class {low}", f"class {high}"


def write(
    painter: QPainter,
    text: str,
    x: float,
    middle: float,
    role: str,
    bold: bool = False,
    points: float = 9,
) -> float:
    """Write `text` from `x` on and return where it ends."""
    font = theme.font(points, bold=bold, tabular=True)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(theme.palette().color(role))
    painter.drawText(QPointF(x, middle + (metrics.ascent() - metrics.descent()) / 2), text)
    return x + metrics.horizontalAdvance(text)
