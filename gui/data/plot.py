"""The plot of the data, to be touched: points added, moved, removed and chosen."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from engine.surfaces import Extent
from gui.data.cloud import Cloud
from gui.data.colors import largest_height
from gui.data.geometry import Geometry
from gui.data.plot_picture import PlotPicture

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


class Plot(PlotPicture):
    """Points over a surface of two inputs, or around a curve of one.

    The mouse: click on the ground to add a point, drag one to move it, right-click it to
    remove it, click it to see it flow through the network, with Shift to let it stand for
    something else; drag it up or down with Shift to change its height. The keyboard: arrows move
    a crosshair (with Shift in large steps), Page Up and Down go from point to point, Alt and
    arrows move the point under it, Ctrl and Up or Down change its height, Enter adds one, Space
    lets it stand for something else, Delete removes it, Escape lets go.

    Signals
    -------
    added(tuple), moved(int, tuple), lifted(int, float), removed(int)
        What the person wants changed; places and heights in the data's units.
    answered(int)
        The point that is to stand for what new ones stand for.
    chosen(int)
        The point that was clicked.
    pointed()
        `place` and `point`, under the pointer or the crosshair, are others now.
    """

    added = Signal(tuple)
    moved = Signal(int, tuple)
    lifted = Signal(int, float)
    removed = Signal(int)
    answered = Signal(int)
    chosen = Signal(int)
    pointed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: QPointF | None = None
        self._lifts = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Data")

    def show_cloud(self, cloud: Cloud) -> None:
        """Show the points of another data set; the crosshair stays on the point it changed."""
        super().show_cloud(cloud)
        if self.place is not None and self.by_keyboard:
            self.point = self._nearest(self.place, self.geometry_now())

    # ------------------------------------------------------------ the mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.cloud is None:
            return
        at, geometry = event.position(), self.geometry_now()
        self.by_keyboard = False
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
        if self.dragged is None and not moved:
            return
        first = self.dragged is None
        if self._lifts:
            self._lift((self._pressed.y() - at.y()) / geometry.height)
        else:
            self.dragged = (self.point, geometry.to_place(at.x(), at.y()))
            self.place = self.dragged[1]
        self.pointed.emit()
        if first:
            self.redraw()
        self.update()

    def _lift(self, part: float) -> None:
        """Change the height of a point where it stands; 1 is from the least to the largest."""
        assert self.cloud is not None
        assert self.point is not None
        x, y = self.cloud.places[self.point].tolist()
        self.dragged = (self.point, (x, y))
        peak = largest_height(self.cloud.data)
        self.new_height = round(float(self.cloud.targets[self.point, 0]) + part * 2 * peak, 3)
        self.setCursor(Qt.CursorShape.SizeVerCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.cloud is None or event.button() != Qt.MouseButton.LeftButton:
            return
        at, geometry = event.position(), self.geometry_now()
        if geometry.contains(at.x(), at.y()):
            self.by_keyboard = False
            self._point_at(geometry.to_place(at.x(), at.y()), geometry)
            self._pressed = at
            self._lifts = self.has_heights and bool(event.modifiers() & Modifier.ShiftModifier)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        if self.dragged is not None:
            self._change_dragged()
        elif self.point is not None and event.modifiers() & Modifier.ShiftModifier:
            self.answered.emit(self.point)
        elif self.point is not None:
            self.chosen.emit(self.point)
        elif self.place is not None:
            self.added.emit(self.place)

    def _change_dragged(self) -> None:
        assert self.dragged is not None
        if self.new_height is None:
            self.moved.emit(*self.dragged)
        else:
            self.lifted.emit(self.dragged[0], self.new_height)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Remove the point under the pointer."""
        if event.reason() == QContextMenuEvent.Reason.Mouse and self.point is not None:
            self.removed.emit(self.point)
        else:
            event.ignore()  # the panel has a menu

    def leaveEvent(self, event: QEvent) -> None:
        if not self.by_keyboard and self._pressed is None:
            self._point_at(None, None)

    def _point_at(self, place: tuple[float, float] | None, geometry: Geometry | None) -> None:
        """Take a place under the pointer or the crosshair, and the point nearest to it."""
        point = None if place is None or geometry is None else self._nearest(place, geometry)
        if (place, point) != (self.place, self.point):
            marked = point != self.point or self.by_keyboard
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
        self.dragged = self.new_height = None
        self.redraw()

    # ------------------------------------------------------------ the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.cloud is None or not self._obey(Qt.Key(event.key()), event.modifiers()):
            super().keyPressEvent(event)

    def _obey(self, key: Qt.Key, modifiers: Modifier) -> bool:
        actions: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Return: self._add_here,
            Qt.Key.Key_Enter: self._add_here,
            Qt.Key.Key_Space: self._answer_here,
            Qt.Key.Key_Delete: self._remove_here,
            Qt.Key.Key_Backspace: self._remove_here,
            Qt.Key.Key_Escape: self._let_go,
        }
        keyboard, self.by_keyboard = self.by_keyboard, True
        if key in STEPS and not modifiers & Modifier.ControlModifier:
            self._step(*STEPS[key], modifiers)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.has_heights:
            self._lift_here(STEPS[key][1] * FINE)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._next_point(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in actions:
            actions[key]()
        else:
            self.by_keyboard = keyboard
            return False
        self.update()
        return True

    def _step(self, right: int, up: int, modifiers: Modifier) -> None:
        assert self.extent is not None
        part = COARSE if modifiers & Modifier.ShiftModifier else FINE
        extent = self.extent
        x, y = self.marked_place() if self.place is not None else _middle(extent)
        x = min(max(x + right * part * extent.width, extent.left), extent.right)
        y = min(max(y + up * part * extent.height, extent.bottom), extent.top)
        if modifiers & Modifier.AltModifier:
            if self.point is not None:
                self.place = (x, y)
                self.moved.emit(self.point, (x, y))
            return
        self._point_at((x, y), self.geometry_now())
        self._announce()

    def _lift_here(self, part: float) -> None:
        if self.point is not None:
            self._lift(part)
            self._change_dragged()

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

    def _answer_here(self) -> None:
        if self.point is not None:
            self.answered.emit(self.point)

    def _remove_here(self) -> None:
        if self.point is not None:
            self.removed.emit(self.point)

    def _let_go(self) -> None:
        self.by_keyboard, self._pressed = False, None
        if self.dragged is not None:
            self.reset()
        self._point_at(None, None)

    def _announce(self) -> None:
        event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.by_keyboard = event.reason() in reasons
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.by_keyboard = False
        self.update()


def _middle(extent: Extent) -> tuple[float, float]:
    return (extent.left + extent.right) / 2, (extent.bottom + extent.top) / 2
