"""The data as points over what the network says, to be looked at and touched."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from engine.answers import Answers
from engine.surfaces import Extent, extent_of
from gui.data.cloud import Cloud, draw_dots, draw_rings
from gui.data.geometry import Geometry
from gui.data.ground import (
    draw_axes,
    draw_crosshair,
    draw_curve,
    draw_focus,
    draw_surface,
    frame_of,
    room_for_axes,
)
from gui.data.matrix import Cell
from gui.frame import Frame

if TYPE_CHECKING:
    from gui.overview import Seen

REACH = 9.0
"""How near the pointer must come to a point, in pixels."""
STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
FINE, COARSE = 1 / 48, 1 / 8
Modifier = Qt.KeyboardModifier


class Plot(QWidget):
    """Points over a surface of two inputs, or around a curve of one.

    The mouse: click on the ground to add a point, drag one to move it, right-click it to
    remove it, click it to see it flow through the network. The keyboard: arrows move a
    crosshair (with Shift in large steps), Page Up and Down go from point to point, Alt and
    arrows move the point under it, Enter adds one, Delete removes it, Escape lets go.

    Signals
    -------
    added(tuple), moved(int, tuple), removed(int)
        What the person wants changed; places in the data's units.
    chosen(int)
        The point that was clicked.
    pointed()
        `place` and `point`, under the pointer or the crosshair, are others now.
    """

    added = Signal(tuple)
    moved = Signal(int, tuple)
    removed = Signal(int)
    chosen = Signal(int)
    pointed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cloud: Cloud | None = None
        self.extent: Extent | None = None
        self.frame: Frame | None = None
        self.discrete = False
        self.cell: Cell | None = None
        self.place: tuple[float, float] | None = None
        self.point: int | None = None
        self._pressed: QPointF | None = None
        self._dragged: tuple[int, tuple[float, float]] | None = None
        self._by_keyboard = False
        self._dots: QPixmap | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(180, 160)
        self.setAccessibleName("Data")

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
        self._dragged = None
        self._redraw()

    def show_frame(self, frame: Frame) -> None:
        """Show what the network says, from the next painting on."""
        before, self.frame = self.frame, frame
        if before is None or before.seen is not frame.seen or before.probe is not frame.probe:
            self.update()

    @property
    def _seen(self) -> "Seen | None":
        return None if self.frame is None else self.frame.seen

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

    def _redraw(self) -> None:
        self._dots = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange):
            self._redraw()
        super().changeEvent(event)

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.cloud is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        geometry, seen = self.geometry_now(), self._seen
        found = seen.surface if seen is not None else None
        if found is not None and found.extent != geometry.extent:
            found = None  # of the data before
        draw_surface(painter, geometry, self.cloud.data, found, self.discrete)
        draw_axes(painter, geometry, self.cloud.data)
        painter.setClipRect(frame_of(geometry))
        painter.drawPixmap(0, 0, self._layer(geometry))
        draw_curve(painter, geometry, found)
        self._paint_marks(painter, geometry)
        painter.setClipping(False)
        if self.hasFocus() and self._by_keyboard:
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
            skip = None if self._dragged is None else self._dragged[0]
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
        if self._dragged is not None:
            index, place = self._dragged
            one = Cloud(self.cloud.data, np.array([place]), self.cloud.targets[index : index + 1],
                        int(index < self.cloud.trained), 1)  # fmt: skip
            draw_dots(painter, one, geometry.to_pixels(one.places), radius * 1.25)
        self._paint_probe(painter, geometry)
        if self.place is not None and (self._by_keyboard or self.point is not None):
            at = geometry.to_pixels(np.array([self._marked_place()]))[0]
            draw_crosshair(painter, geometry, QPointF(*at), radius, self._by_keyboard, "text")

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

    def _marked_place(self) -> tuple[float, float]:
        assert self.cloud is not None
        assert self.place is not None
        if self._dragged is not None:
            return self._dragged[1]
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
        first = cloud.trained if len(cloud.data.x_test) else 0
        return rows[rows < len(cloud) - first] + first

    # ------------------------------------------------------------ the mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.cloud is None:
            return
        at, geometry = event.position(), self.geometry_now()
        self._by_keyboard = False
        if self._pressed is not None and self.point is not None:
            self._drag(at, geometry)
            return
        inside = geometry.contains(at.x(), at.y())
        self._point_at(geometry.to_place(at.x(), at.y()) if inside else None, geometry)
        self.setCursor(Qt.CursorShape.CrossCursor if inside else Qt.CursorShape.ArrowCursor)

    def _drag(self, at: QPointF, geometry: Geometry) -> None:
        assert self._pressed is not None
        assert self.point is not None
        moved = (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._dragged is None and not moved:
            return
        first = self._dragged is None
        self._dragged = (self.point, geometry.to_place(at.x(), at.y()))
        self.place = self._dragged[1]
        self.pointed.emit()
        if first:
            self._dots = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.cloud is None or event.button() != Qt.MouseButton.LeftButton:
            return
        at, geometry = event.position(), self.geometry_now()
        if geometry.contains(at.x(), at.y()):
            self._by_keyboard = False
            self._point_at(geometry.to_place(at.x(), at.y()), geometry)
            self._pressed = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        if self._dragged is not None:
            self.moved.emit(*self._dragged)
        elif self.point is not None:
            self.chosen.emit(self.point)
        elif self.place is not None:
            self.added.emit(self.place)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Remove the point under the pointer."""
        if event.reason() == QContextMenuEvent.Reason.Mouse and self.point is not None:
            self.removed.emit(self.point)

    def leaveEvent(self, event: QEvent) -> None:
        if not self._by_keyboard and self._pressed is None:
            self._point_at(None, None)

    def _point_at(self, place: tuple[float, float] | None, geometry: Geometry | None) -> None:
        """Take a place under the pointer or the crosshair, and the point nearest to it."""
        point = None if place is None or geometry is None else self._nearest(place, geometry)
        if (place, point) != (self.place, self.point):
            marked = point != self.point or self._by_keyboard
            self.place, self.point = place, point
            self.pointed.emit()
            if marked:
                self.update()

    def _nearest(self, place: tuple[float, float], geometry: Geometry) -> int | None:
        assert self.cloud is not None
        away = geometry.to_pixels(self.cloud.places) - geometry.to_pixels(np.array([place]))
        distance = np.hypot(*away.T)
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= REACH else None

    def reset(self) -> None:
        """Put a point that was dragged back: the change was refused."""
        self._dragged = None
        self._redraw()

    # ------------------------------------------------------------ the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.cloud is None or not self._obey(Qt.Key(event.key()), event.modifiers()):
            super().keyPressEvent(event)

    def _obey(self, key: Qt.Key, modifiers: Modifier) -> bool:
        actions: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Return: self._add_here,
            Qt.Key.Key_Enter: self._add_here,
            Qt.Key.Key_Delete: self._remove_here,
            Qt.Key.Key_Backspace: self._remove_here,
            Qt.Key.Key_Escape: self._let_go,
        }
        keyboard, self._by_keyboard = self._by_keyboard, True
        if key in STEPS and not modifiers & Modifier.ControlModifier:
            self._step(*STEPS[key], modifiers)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._next_point(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in actions:
            actions[key]()
        else:
            self._by_keyboard = keyboard
            return False
        self.update()
        return True

    def _step(self, right: int, up: int, modifiers: Modifier) -> None:
        assert self.extent is not None
        part = COARSE if modifiers & Modifier.ShiftModifier else FINE
        extent = self.extent
        x, y = self._marked_place() if self.place is not None else _middle(extent)
        x = min(max(x + right * part * extent.width, extent.left), extent.right)
        y = min(max(y + up * part * extent.height, extent.bottom), extent.top)
        if modifiers & Modifier.AltModifier:
            if self.point is not None:
                self.moved.emit(self.point, (x, y))
            return
        self._point_at((x, y), self.geometry_now())
        self._announce()

    def _next_point(self, step: int) -> None:
        assert self.cloud is not None
        here = self.point if self.point is not None else -1 if step > 0 else 0
        self.point = (here + step) % len(self.cloud)
        x, y = self.cloud.places[self.point].tolist()
        self.place = (x, y)
        self.pointed.emit()
        self._announce()

    def _add_here(self) -> None:
        if self.place is not None:
            self.added.emit(self.place)

    def _remove_here(self) -> None:
        if self.point is not None:
            self.removed.emit(self.point)

    def _let_go(self) -> None:
        self._by_keyboard, self._pressed = False, None
        if self._dragged is not None:
            self.reset()
        self._point_at(None, None)

    def _announce(self) -> None:
        event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._by_keyboard = event.reason() in reasons
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = False
        self.update()


def _wrong(answers: Answers | None, most: int) -> np.ndarray:
    misread = np.empty(0, np.intp) if answers is None else answers.misread
    return misread[misread < most]


def _middle(extent: Extent) -> tuple[float, float]:
    return (extent.left + extent.right) / 2, (extent.bottom + extent.top) / 2
