"""The picture of a fit: what is predicted for each row against what is true."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.datasets import Dataset
from engine.fit import Fit
from engine.surfaces import Extent
from gui import theme
from gui.data.cloud import arrow, dot, draw_copies
from gui.data.fit_axes import FitAxes
from gui.data.geometry import Geometry
from gui.data.ground import draw_crosshair, draw_focus

MANY = 1000
"""Points beyond which bright edges would be all there is to see."""


class FitPicture(QWidget):
    """Draws a point for each row, its true value to the right and the predicted one upwards.

    The axes are those of the true values and stand still: what is predicted beyond them is an
    arrow at the edge.

    Attributes
    ----------
    fit : Fit or None
        What is drawn.
    row : int or None
        What lies under the pointer, or is gone to by keys.
    chosen_row : int or None
        What flows through the network.
    by_keyboard : bool
        Whether rows are gone to by keys.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fit: Fit | None = None
        self.extent = Extent(0, 1, 0, 1)
        self.row: int | None = None
        self.chosen_row: int | None = None
        self.by_keyboard = False
        self._names = ("", "")
        self._role = "test"
        self._axes: FitAxes | None = None
        self._points: QPixmap | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(180, 160)

    def sizeHint(self) -> QSize:
        return QSize(290, self.heightForWidth(290))

    def heightForWidth(self, width: int) -> int:
        """Return the height that leaves no room beside a square."""
        return round(FitAxes.within(self.extent, width).height)

    # ------------------------------------------------------------ what is shown

    def show_data(self, data: Dataset, extent: Extent) -> None:
        """Prepare for the rows of another data set, whose true values lie in `extent`."""
        self.fit = self.row = self.chosen_row = None
        self.extent = extent
        self._names = (f"true {data.target_name}", f"predicted {data.target_name}")
        self._role = "test" if data.held_back else "train"
        self.setAccessibleName(f"Predicted against true {data.target_name}")
        self.updateGeometry()
        self._lay_out_again()

    def show_fit(self, fit: Fit) -> None:
        """Show what is predicted now."""
        self.fit = fit
        self._draw_again()

    def show_chosen(self, row: int | None) -> None:
        """Mark the row that flows through the network."""
        if row != self.chosen_row:
            self.chosen_row = row
            self.update()

    def axes_now(self) -> FitAxes:
        """Return where the axes lie; text is slow to measure, so they are kept."""
        if self._axes is None:
            self._axes = FitAxes.within(self.extent, self.width(), self.height())
        return self._axes

    def pixels(self) -> np.ndarray:
        """Return where the rows lie, (rows, 2): on the edge where beyond it; NaN is nowhere."""
        assert self.fit is not None
        geometry, fit = self.axes_now().geometry, self.fit
        bounded = np.clip(fit.predicted, self.extent.bottom, self.extent.top)
        pixels = geometry.to_pixels(np.column_stack([fit.true, bounded]))
        inside = self.radius() + 2  # arrows do not lie across the frame
        low, high = geometry.y + inside, geometry.y + geometry.height - inside
        out = self.beyond() != 0
        pixels[out, 1] = np.clip(pixels[out, 1], low, high)
        return pixels

    def beyond(self) -> np.ndarray:
        """Return 1 for each row predicted above the axes, −1 below, 0 in between; (rows,)."""
        assert self.fit is not None
        above, below = self.fit.predicted > self.extent.top, self.fit.predicted < self.extent.bottom
        return above.astype(np.intp) - below

    def radius(self) -> float:
        """Return how large a point is drawn."""
        rows = 0 if self.fit is None else len(self.fit.true)
        radius = 5.0 if rows <= 60 else 3.8 if rows <= 300 else 3.2 if rows <= MANY else 2.4
        return radius * min(max(self.axes_now().geometry.width / 280, 0.8), 1.8)

    # ------------------------------------------------------------ painting

    def _draw_again(self) -> None:
        self._points = None
        self.update()

    def _lay_out_again(self) -> None:
        self._axes = None
        self._draw_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out_again()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.updateGeometry()
            self._lay_out_again()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        axes = self.axes_now()
        axes.draw_ground(painter)
        axes.draw_texts(painter, *self._names)
        if self.fit is not None:
            painter.drawPixmap(0, 0, self._layer())
            self._paint_marks(painter, axes.geometry)
        if self.hasFocus() and self.by_keyboard:
            draw_focus(painter, axes.geometry)
        painter.end()

    def _layer(self) -> QPixmap:
        """Return the picture of all points; kept, as what is marked changes more often."""
        ratio = self.devicePixelRatioF()
        if self._points is None or self._points.devicePixelRatio() != ratio:
            self._points = QPixmap(self.size() * ratio)
            self._points.setDevicePixelRatio(ratio)
            self._points.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._points)
            self._draw_points(painter, ratio)
            painter.end()
        return self._points

    def _draw_points(self, painter: QPainter, ratio: float) -> None:
        colors, radius = theme.palette(), self.radius()
        color = colors.color(self._role)
        pixels, beyond = self.pixels(), self.beyond()
        drawn = np.isfinite(pixels).all(axis=1)
        rim = "canvas" if len(pixels) > MANY else ""
        point = dot(colors.name, color.rgb(), self._role == "test", radius, ratio, rim)
        draw_copies(painter, point, pixels[drawn & (beyond == 0)])
        for side in (1, -1):
            picture = arrow(colors.name, color.rgb(), side > 0, radius, ratio)
            draw_copies(painter, picture, pixels[drawn & (beyond == side)])

    def _paint_marks(self, painter: QPainter, geometry: Geometry) -> None:
        """Mark the row in the network and the one pointed at, and show how far off they are."""
        pixels, radius = self.pixels(), self.radius()
        for row, role, room in ((self.chosen_row, "accent", 2.0), (self.row, "text", 0.0)):
            if row is None or row >= len(pixels) or not np.isfinite(pixels[row]).all():
                continue
            at = QPointF(*pixels[row].tolist())
            self._paint_error(painter, geometry, at, radius + room + 3.5, role)
            draw_crosshair(painter, geometry, at, radius + room, False, role)

    def _paint_error(
        self, painter: QPainter, geometry: Geometry, at: QPointF, gap: float, role: str
    ) -> None:
        """Draw a line from a point's ring to the diagonal."""
        perfect = geometry.y + geometry.height - (at.x() - geometry.x)
        away = perfect - at.y()
        if abs(away) > gap:
            painter.setPen(QPen(theme.palette().color(role, 0.9), 1.6))
            start = at.y() + (gap if away > 0 else -gap)
            painter.drawLine(QPointF(at.x(), start), QPointF(at.x(), perfect))
