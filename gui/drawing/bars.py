"""The probability of every class, as columns that live with the network."""

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPixmap
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
    """One column for each class: its probability in per cent above, its name below.

    Signals
    -------
    chosen(int)
        The column that was clicked.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = tuple("0123456789")
        self.probabilities: np.ndarray | None = None
        self.doubted = False
        self.label: int | None = None
        self._bars: dict[tuple[object, ...], QPixmap] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(220)
        self.setAccessibleName("Probability of each class")
        self.setToolTip(
            "How probable the network finds each digit, in per cent.\n"
            "Click a column to tell the right one."
        )

    def sizeHint(self) -> QSize:
        return QSize(280, 76)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 76)

    def show_probabilities(
        self, names: tuple[str, ...], probabilities: np.ndarray | None, doubted: bool = False
    ) -> None:
        """Show other probabilities; None shows empty columns, and what is doubted is grey."""
        self.names = names
        self.probabilities = probabilities
        self.doubted = doubted
        self.update()

    def show_label(self, label: int | None) -> None:
        """Mark the class that is said to be right."""
        if label != self.label:
            self.label = label
            self.update()

    def _columns(self) -> tuple[float, float]:
        """Return where the first column begins, and how wide each is."""
        step = min(self.width() / max(len(self.names), 1), WIDEST)
        return (self.width() - step * len(self.names)) / 2, step

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        left, step = self._columns()
        index = int((event.position().x() - left) // step)
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside and 0 <= index < len(self.names):
            self.chosen.emit(index)

    @property
    def winner(self) -> int | None:
        """The class that is emphasised."""
        values = self.probabilities
        if values is None or not np.isfinite(values).all():
            return None
        return int(np.argmax(values))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left, step = self._columns()
        winner = self.winner
        for index in range(len(self.names)):
            column = QRectF(left + index * step, 0, step, self.height())
            self._paint_column(painter, column, index, index == winner)

    def _paint_column(self, painter: QPainter, column: QRectF, index: int, wins: bool) -> None:
        line = round(QFontMetricsF(theme.font(10, bold=True)).height()) + 2
        gap = min(4.0, column.width() * 0.12)
        track = column.adjusted(gap, line, -gap, -line).toRect()
        self._paint_bar(painter, track, "line", 1.0)
        if self.probabilities is not None:
            value = float(self.probabilities[index])
            role = "accent" if wins and not self.doubted else "muted"
            self._paint_bar(painter, track, role, value)
            above = QRectF(column.left() - 6, 0, column.width() + 12, line)
            self._paint_percent(painter, above, value, wins)
        painter.setFont(theme.font(10, bold=wins, tabular=True))
        plain = wins or self.probabilities is None
        painter.setPen(theme.palette().color("text" if plain else "muted"))
        below = QRectF(column.left(), track.bottom(), column.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.names[index])
        if index == self.label:
            good = theme.palette().color("good")
            painter.fillRect(QRectF(track.left(), below.bottom() - 2, track.width(), 2), good)

    def _paint_bar(self, painter: QPainter, track: QRect, role: str, share: float) -> None:
        """Fill the lower `share` of a track."""
        height = round(min(max(share, 0.0), 1.0) * track.height()) if np.isfinite(share) else 0
        if height > 0 and track.width() > 0:  # a panel may have no room for a moment
            ratio = self.devicePixelRatioF()
            full = self._full_bar(track.size(), role, ratio)
            source = QRectF(0, full.height() - height * ratio, full.width(), height * ratio)
            at = QRectF(track.left(), track.bottom() + 1 - height, track.width(), height)
            painter.drawPixmap(at, full, source)

    def _full_bar(self, size: QSize, role: str, ratio: float) -> QPixmap:
        """Return a full bar as pixels: rounded corners are too slow to be drawn every time."""
        key = (size.width(), size.height(), role, ratio, theme.palette().name)
        if key not in self._bars:
            if len(self._bars) > 12:
                self._bars.clear()
            self._bars[key] = _rounded(size, role, ratio)
        return self._bars[key]

    def _paint_percent(self, painter: QPainter, box: QRectF, value: float, wins: bool) -> None:
        text = percent(value)
        if text == "0" or (text == "<1" and not wins):
            return
        painter.setFont(theme.font(8.5, bold=wins, tabular=True))
        painter.setPen(theme.palette().color("text" if wins else "muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _rounded(size: QSize, role: str, ratio: float) -> QPixmap:
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.palette().color(role, 0.45 if role == "line" else 1.0))
    painter.drawRoundedRect(QRectF(QPointF(), QSizeF(size)), 3, 3)
    painter.end()
    return pixmap
