"""The probability of every class, as columns that live with the network."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme

WIDEST = 56.0


def percent(probability: float) -> str:
    """Say a probability in per cent, never 0 or 100 where it is not.

    >>> percent(0.956), percent(0.9999), percent(0.002), percent(0.0), percent(float("nan"))
    ('96', '>99', '<1', '0', '–')
    """
    if not np.isfinite(probability):
        return "–"
    if 0 < probability < 0.005:
        return "<1"
    if 0.995 <= probability < 1:
        return ">99"
    return f"{100 * probability:.0f}"


class ProbabilityBars(QWidget):
    """One column for each class: its probability in per cent above, its name below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = tuple("0123456789")
        self.probabilities: np.ndarray | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(220)
        self.setAccessibleName("Probability of each class")
        self.setToolTip("How probable the network finds each class, in per cent")

    def sizeHint(self) -> QSize:
        return QSize(280, 110)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 76)

    def show_probabilities(self, names: tuple[str, ...], probabilities: np.ndarray | None) -> None:
        """Show other probabilities; None shows empty columns."""
        self.names = names
        self.probabilities = probabilities
        self.update()

    @property
    def winner(self) -> int | None:
        """The class that is emphasised."""
        values = self.probabilities
        if values is None or not np.isfinite(values).all():
            return None
        return int(np.argmax(values))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = min(self.width() / max(len(self.names), 1), WIDEST)
        left = (self.width() - step * len(self.names)) / 2
        for index in range(len(self.names)):
            column = QRectF(left + index * step, 0, step, self.height())
            self._paint_column(painter, column, index)

    def _paint_column(self, painter: QPainter, column: QRectF, index: int) -> None:
        wins = index == self.winner
        line = QFontMetricsF(theme.font(10, bold=True)).height() + 2
        top, bottom = column.top() + line, column.bottom() - line
        gap = min(4.0, column.width() * 0.12)
        track = QRectF(column.left() + gap, top, column.width() - 2 * gap, bottom - top)
        colors = theme.palette()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color("line", 0.45))
        painter.drawRoundedRect(track, 3, 3)
        if self.probabilities is not None:
            self._paint_value(painter, column, track, float(self.probabilities[index]), wins)
        painter.setFont(theme.font(10, bold=wins, tabular=True))
        painter.setPen(colors.color("text" if wins or self.winner is None else "muted"))
        name = QRectF(column.left(), bottom, column.width(), line)
        painter.drawText(name, Qt.AlignmentFlag.AlignCenter, self.names[index])

    def _paint_value(
        self, painter: QPainter, column: QRectF, track: QRectF, value: float, wins: bool
    ) -> None:
        colors = theme.palette()
        if np.isfinite(value):
            full = QRectF(track)
            full.setTop(track.bottom() - min(max(value, 0.0), 1.0) * track.height())
            painter.setBrush(colors.color("accent" if wins else "muted"))
            if full.height() >= 0.5:
                painter.drawRoundedRect(full, 3, 3)
        text = percent(value)
        if text == "0" or (text == "<1" and not wins):
            return
        painter.setFont(theme.font(8.5, bold=wins, tabular=True))
        painter.setPen(colors.color("text" if wins else "muted"))
        above = QRectF(column.left() - 6, column.top(), column.width() + 12, track.top())
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, text)
