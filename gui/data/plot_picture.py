"""The picture of the data: points over what the network says."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.answers import Answers
from engine.surfaces import Extent, extent_of
from gui.data.cloud import Cloud, draw_dots, draw_rings
from gui.data.geometry import Geometry, short
from gui.data.ground import (
    Found,
    draw_axes,
    draw_crosshair,
    draw_curve,
    draw_figure,
    draw_focus,
    draw_surface,
    frame_of,
    room_for_axes,
)
from gui.data.matrix import Cell
from gui.frame import Frame

if TYPE_CHECKING:
    from gui.training.overview import Seen


class PlotPicture(QWidget):
    """Draws points over a surface of two inputs, or around a curve of one.

    Attributes
    ----------
    cloud : Cloud or None
        The points.
    place, point : (float, float) or None, int or None
        What lies under the pointer or the crosshair.
    dragged : (int, (float, float)) or None
        The point that is being moved, and where to.
    new_height : float or None
        Of the point that is dragged, where its height is what changes.
    by_keyboard : bool
        Whether the crosshair is moved by keys.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cloud: Cloud | None = None
        self.extent: Extent | None = None
        self.frame: Frame | None = None
        self.discrete = False
        self.cell: Cell | None = None
        self.place: tuple[float, float] | None = None
        self.point: int | None = None
        self.dragged: tuple[int, tuple[float, float]] | None = None
        self.new_height: float | None = None
        self.by_keyboard = False
        self._dots: QPixmap | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(180, 160)

    def sizeHint(self) -> QSize:
        return QSize(290, self.heightForWidth(290))

    def heightForWidth(self, width: int) -> int:
        """Return the height that leaves no room beside a square plot."""
        left, below = room_for_axes()
        return round(max(width - left - 10, 40) + below + 6)

    # ------------------------------------------------------------ what is shown

    def show_cloud(self, cloud: Cloud) -> None:
        """Show the points of another data set."""
        extent = extent_of(cloud.data)
        if cloud.places.shape[1] != 2 or extent is None:
            raise ValueError("a plot shows one or two inputs")
        if extent != self.extent:
            self.place = None
        self.cloud, self.extent, self.point = cloud, extent, None
        self.dragged = self.new_height = None
        self.redraw()

    @property
    def has_heights(self) -> bool:
        """Whether the points have heights over two inputs."""
        data = self.cloud.data if self.cloud is not None else None
        return data is not None and data.features == 2 and data.task == "regression"

    def show_frame(self, frame: Frame) -> None:
        """Show what the network says, from the next painting on."""
        before, self.frame = self.frame, frame
        if before is None or before.seen is not frame.seen or before.probe is not frame.probe:
            self.update()

    @property
    def _seen(self) -> "Seen | None":
        return None if self.frame is None else self.frame.seen

    def found(self) -> Found:
        """Return what the network says all over; None while that is of the data before."""
        found = None if self._seen is None else self._seen.surface
        if found is None or self.cloud is None or found.extent != self.extent:
            return None
        return found if len(found.values) == self.cloud.data.outputs else None

    def set_discrete(self, discrete: bool) -> None:
        """Show the decision alone, or how sure it is."""
        self.discrete = discrete
        self.update()

    def geometry_now(self) -> Geometry:
        """Return where the data lie in the widget."""
        assert self.cloud is not None
        assert self.extent is not None
        left, below = room_for_axes()
        width, height = max(self.width() - left - 10, 40), max(self.height() - below - 6, 40)
        if self.cloud.data.features == 2:
            side = min(width, height)
            right = (self.width() - side - left) / 2 + left
            return Geometry(self.extent, max(left, min(right, left + 30)), 6, side, side)
        return Geometry(self.extent, left, 6, width, min(height, width))

    def redraw(self) -> None:
        self._dots = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.redraw()
        super().changeEvent(event)

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.cloud is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        geometry, found = self.geometry_now(), self.found()
        draw_surface(painter, geometry, self.cloud.data, found, self.discrete)
        draw_axes(painter, geometry, self.cloud.data)
        painter.setClipRect(frame_of(geometry))
        painter.drawPixmap(0, 0, self._layer(geometry))
        draw_curve(painter, geometry, found)
        self._paint_marks(painter, geometry)
        painter.setClipping(False)
        if self.hasFocus() and self.by_keyboard:
            draw_focus(painter, geometry)
        painter.end()

    def _layer(self, geometry: Geometry) -> QPixmap:
        """Return the picture of all points; it is kept, as they are many and rarely change."""
        if self._dots is None:
            assert self.cloud is not None
            ratio = self.devicePixelRatioF()
            self._dots = QPixmap(self.size() * ratio)
            self._dots.setDevicePixelRatio(ratio)
            self._dots.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._dots)
            skip = None if self.dragged is None else self.dragged[0]
            pixels = geometry.to_pixels(self.cloud.places)
            draw_dots(painter, self.cloud, pixels, self._radius(geometry), skip)
            painter.end()
        return self._dots

    def _radius(self, geometry: Geometry) -> float:
        assert self.cloud is not None
        return self.cloud.radius * min(max(geometry.width / 280, 0.8), 2.2)

    def _paint_marks(self, painter: QPainter, geometry: Geometry) -> None:
        assert self.cloud is not None
        radius = self._radius(geometry)
        wrong = self.marked()
        if len(wrong):
            draw_rings(painter, geometry.to_pixels(self.cloud.places[wrong]), radius)
        if self.dragged is not None:
            index, place = self.dragged
            targets = self.cloud.targets[index : index + 1]
            if self.new_height is not None:
                targets = np.array([[self.new_height]])
            one = Cloud(self.cloud.data, np.array([place]), targets,
                        int(index < self.cloud.trained), 1)  # fmt: skip
            pixels = geometry.to_pixels(one.places)
            draw_dots(painter, one, pixels, radius * 1.25)
            if self.new_height is not None:
                draw_figure(painter, geometry, QPointF(*pixels[0]), radius, short(self.new_height))
        self._paint_probe(painter, geometry)
        if self.place is not None and (self.by_keyboard or self.point is not None):
            at = geometry.to_pixels(np.array([self.marked_place()]))[0]
            draw_crosshair(painter, geometry, QPointF(*at), radius, self.by_keyboard, "text")

    def _paint_probe(self, painter: QPainter, geometry: Geometry) -> None:
        """Mark the example that flows through the network."""
        place = self.probe_place()
        if place is not None:
            at = QPointF(*geometry.to_pixels(np.array([place]))[0])
            draw_crosshair(painter, geometry, at, self._radius(geometry) + 3, False, "accent")

    def probe_place(self) -> tuple[float, float] | None:
        """Return where the example shown lies; None if it is none of these points."""
        probe = self.frame.probe if self.frame is not None else None
        if self.cloud is None or probe is None or probe.source != "row":
            return None
        data = self.cloud.data
        if len(probe.x) != data.features:
            return None
        if data.features == 2:
            return float(probe.x[0]), float(probe.x[1])
        targets = data.y_test if len(data.y_test) else data.y_train
        if not 0 <= probe.index < len(targets):
            return None
        return float(probe.x[0]), float(targets[probe.index, 0])

    def marked_place(self) -> tuple[float, float]:
        assert self.cloud is not None
        assert self.place is not None
        if self.dragged is not None:
            return self.dragged[1]
        if self.point is None:
            return self.place
        x, y = self.cloud.places[self.point].tolist()
        return x, y

    def misread(self) -> np.ndarray:
        """Return the points whose class the network gets wrong."""
        cloud, seen = self.cloud, self._seen
        if cloud is None or seen is None or cloud.data.task == "regression":
            return np.empty(0, np.intp)
        tested = len(cloud) - cloud.trained
        trained = _wrong(seen.trained_answers, cloud.trained)
        if not tested:
            return trained
        return np.concatenate([trained, cloud.trained + _wrong(seen.answers, tested)])

    def show_cell(self, cell: Cell | None) -> None:
        """Mark the test points of one cell of the confusion matrix; None all misread ones."""
        self.cell = cell
        self.update()

    def marked(self) -> np.ndarray:
        """Return the points that wear a ring."""
        cloud, seen = self.cloud, self._seen
        answers = None if seen is None else seen.answers
        if self.cell is None or cloud is None or answers is None:
            return self.misread()
        rows = np.flatnonzero((answers.true == self.cell[0]) & (answers.predicted == self.cell[1]))
        first = cloud.trained if cloud.data.held_back else 0
        return rows[rows < len(cloud) - first] + first


def _wrong(answers: Answers | None, most: int) -> np.ndarray:
    misread = np.empty(0, np.intp) if answers is None else answers.misread
    return misread[misread < most]
