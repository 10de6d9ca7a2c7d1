"""One plot over the epochs: curves, axes, a cursor, and the legend above them."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QRegion
from PySide6.QtWidgets import QGraphicsItem, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.panel_parts import Stretched
from gui.plots.axes import Axis, EpochAxis
from gui.plots.legend import Entry, Legend, draw_marker

MARKER_ROOM = 11


@dataclass(frozen=True)
class Series:
    """A curve: its column of the history, its name, its colour's role, its marker."""

    column: str
    name: str
    role: str
    marker: str


class Curve(pg.PlotCurveItem):
    """A line of width 1 with a marker at its newest point."""

    def __init__(self, series: Series) -> None:
        super().__init__(antialias=True, skipFiniteCheck=True, connect="all")
        self.series = series
        self.setSegmentedLineMode("off")

    def pixelPadding(self) -> float:
        """Return the marker's reach."""
        return MARKER_ROOM

    def paint(self, painter: QPainter, option: object, widget: QWidget) -> None:
        super().paint(painter, option, widget)
        if self.xData is None or not len(self.xData):
            return
        end = painter.worldTransform().map(QPointF(self.xData[-1], self.yData[-1]))
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_marker(painter, self.series.marker, end, self.series.role, "canvas")
        painter.restore()


class EpochView(pg.ViewBox):
    """Wheel and drag move along the epochs only; the heights follow by themselves."""

    reset_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.setMouseEnabled(x=True, y=False)
        self.disableAutoRange()

    def mouseDragEvent(self, ev: object, axis: int | None = None) -> None:
        if ev.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            super().mouseDragEvent(ev, axis)
        else:
            ev.ignore()  # type: ignore[attr-defined]

    def mouseClickEvent(self, ev: object) -> None:
        if ev.double() and ev.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            ev.accept()  # type: ignore[attr-defined]
            self.reset_wanted.emit()


class Chart(QWidget):
    """Curves over the epochs, under a legend that tells their values.

    Parameters
    ----------
    title : str
        What the heights are.
    series : tuple of Series
        The curves that may be shown.
    button : QToolButton
        The choice offered at the right end of the legend.
    unit : str
        Follows the numbers.
    rest : int
        Milliseconds without another size, until it is drawn for this one.

    Signals
    -------
    moved(float, float)
        The person wants to see these epochs.
    reset_wanted
        The person wants to see all epochs again.
    pointed(float)
        The epoch under the mouse; NaN when it left.
    """

    moved = Signal(float, float)
    reset_wanted = Signal()
    pointed = Signal(float)

    def __init__(
        self,
        title: str,
        series: tuple[Series, ...],
        button: QToolButton,
        unit: str = "",
        rest: int = 120,
    ) -> None:
        super().__init__()
        self.legend = Legend(title)
        self.values = Axis("left")
        self.values.unit = unit
        self.epochs = EpochAxis("bottom")
        self.view = EpochView()
        self.plot = pg.PlotWidget(
            viewBox=self.view,
            axisItems={"left": self.values, "bottom": self.epochs},
            background=None,
            enableMenu=False,
        )
        self.stretched = Stretched(self.plot, rest)
        self.curves = {each.column: Curve(each) for each in series}
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._set_up_plot()
        self._lay_out(button)
        self.dress()

    def _set_up_plot(self) -> None:
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.plot.hideButtons()
        self.plot.plotItem.layout.setContentsMargins(0, 7, 24, 0)
        self.plot.setLabel("bottom", "epoch")
        for axis in (self.values, self.epochs):
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=0, tickTextOffset=6, hideOverlappingLabels=False)
        self._cache_axes(True)
        self.values.setGrid(90)
        self.view.setLimits(xMin=0.0, minXRange=4.0)
        for curve in self.curves.values():
            self.plot.addItem(curve, ignoreBounds=True)
        self._cursor.setVisible(False)
        self.plot.addItem(self._cursor, ignoreBounds=True)
        self.view.sigRangeChangedManually.connect(self._on_moved)
        self.view.reset_wanted.connect(self.reset_wanted)
        self.plot.scene().sigMouseMoved.connect(self._on_mouse)

    def _cache_axes(self, cached: bool) -> None:
        """Keep the axes as pixels between two paintings: their text is what costs."""
        modes = QGraphicsItem.CacheMode
        for axis in (self.values, self.epochs):
            axis.setCacheMode(modes.DeviceCoordinateCache if cached else modes.NoCache)

    def _lay_out(self, button: QToolButton) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(8, 0, 4, 0)
        top.addWidget(self.legend, 1)
        top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 2)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.stretched, 1)

    # ------------------------------------------------------------ what is shown

    def show_curve(self, column: str, x: np.ndarray, y: np.ndarray) -> None:
        """Show a curve; without points it is hidden."""
        curve = self.curves[column]
        curve.setVisible(len(x) > 0)
        curve.setData(x, y)

    def show_scale(self, logarithmic: bool) -> None:
        """Say whether the heights are decimal logarithms."""
        if self.values.logMode != logarithmic:
            self.values.setLogMode(x=False, y=logarithmic)

    def show_range(self, epochs: tuple[float, float], heights: tuple[float, float]) -> None:
        """Show these epochs and these heights, exactly."""
        self.view.setRange(xRange=epochs, yRange=heights, padding=0)

    def show_cursor(self, epoch: float | None) -> None:
        """Put the cursor on an epoch, or take it away."""
        self._cursor.setVisible(epoch is not None)
        if epoch is not None:
            self._cursor.setValue(epoch)

    def show_values(self, values: dict[str, str], note: str = "", aside: str = "") -> None:
        """Show a text beside the name of each curve; curves without one are left out.

        The note is always shown, what is said aside only where there is room.
        """
        shown = [curve.series for curve in self.curves.values() if curve.series.column in values]
        entries = [Entry(s.name, s.role, s.marker, values[s.column]) for s in shown]
        self.legend.show_entries(entries, note, aside)

    # ------------------------------------------------------------ the look

    def dress(self) -> None:
        """Take colours and fonts from the theme."""
        colors = theme.palette()
        self.plot.setBackground(colors.color("window"))  # its own would stay in another theme
        font = theme.font(8.5, tabular=True)
        metrics = QFontMetricsF(font)
        self.values.setWidth(metrics.horizontalAdvance("0.00000") + 10)
        self.epochs.setHeight(metrics.height() * 2 + 6)
        for axis in (self.values, self.epochs):
            axis.setTickFont(font)
            axis.setPen(pg.mkPen(colors.color("line")))
            axis.setTickPen(pg.mkPen(colors.color("line")))
            axis.setTextPen(colors.color("muted"))
        self.epochs.label.setFont(font)
        for curve in self.curves.values():
            curve.setPen(pg.mkPen(colors.color(curve.series.role), width=1))
        self._cursor.setPen(pg.mkPen(colors.color("muted"), width=1))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.dress()
        super().changeEvent(event)

    def paint_picture(self, painter: QPainter) -> None:
        """Draw legend and plot, without the button."""
        at, none = self.legend.pos(), QRegion()
        self.legend.render(painter, at, none, QWidget.RenderFlag.DrawChildren)
        self._cache_axes(False)
        self.plot.render(painter, QRectF(self.stretched.geometry()), self.plot.viewport().rect())
        self._cache_axes(True)

    # ------------------------------------------------------------ the mouse

    def _on_moved(self, _mask: object) -> None:
        low, high = self.view.viewRange()[0]
        self.moved.emit(low, high)

    def _on_mouse(self, position: QPointF) -> None:
        inside = self.view.sceneBoundingRect().contains(position)
        self.pointed.emit(self.view.mapSceneToView(position).x() if inside else np.nan)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(np.nan)
        super().leaveEvent(event)
