"""The network on screen, as it is touched: pointed at, zoomed, walked through by keys."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from gui.frame import Frame
from gui.network_view.bar import ViewBar
from gui.network_view.canvas import NetworkCanvas
from gui.network_view.card import describe
from gui.network_view.deeds import activation_deeds, item_deeds, layer_deeds
from gui.network_view.handles import DeedMenu, Handles
from gui.network_view.items import Item, Neuron
from gui.network_view.layout import neighbour, unit_for
from gui.network_view.legend import WIDE
from gui.network_view.placing import anchor
from gui.network_view.table import WeightsTable
from gui.network_view.touching import Touching

STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class NetworkView(NetworkCanvas):
    """A network in training that can be touched.

    The mouse: point at a neuron or an edge to single it out, click to keep it, drag to move,
    turn the wheel to zoom, double-click the ground to see all, click a layer's caption to
    fold it; double-click an edge or a neuron to set its weight or bias, press the right button
    for all that can be changed. The keyboard: arrows go from neuron to neuron, Enter keeps one,
    Enter again or F2 sets its bias, Escape lets go, the menu key opens the menu, + − 0 zoom,
    F folds, T opens the weights as a table.

    Parameters
    ----------
    session : Session, optional
        Whose training moves the particles.
    """

    def __init__(self, session: Any = None, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._pressed: QPointF | None = None
        self._dragged = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Network")
        self.bar = ViewBar(self)
        self.touching = Touching(self)
        self.handles = Handles(self, self.touching)

    def legend_width(self) -> float:
        """Return how far the legend reaches, in device-independent pixels."""
        unit = unit_for(self.width(), self.height())
        return (470 if self.width() >= WIDE * max(unit, 1.0) else 390) * unit

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.place()

    def set_frame(self, frame: Frame | None) -> None:
        before = self.frame
        super().set_frame(frame)
        if frame is None or before is None or frame.shape != before.shape:
            self.handles.refresh()

    # ------------------------------------------------------------ pointing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self.by_keyboard = False
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(at)
            return
        self._pointer = (at.x(), at.y())
        self._set_hover(self.item_at(at.x(), at.y()))
        self.handles.follow(at.x(), at.y())
        layer = self._scene.caption_at(at.x(), at.y())
        self.setToolTip(self._scene.caption_help(layer) if layer is not None else "")
        folds = layer is not None and self._scene.folds(layer)
        self.setCursor(Qt.CursorShape.PointingHandCursor if folds else Qt.CursorShape.ArrowCursor)

    def _drag_to(self, at: QPointF) -> None:
        assert self._pressed is not None
        by = at - self._pressed
        if not self._dragged and by.manhattanLength() < QApplication.startDragDistance():
            return
        if self._scene.viewport.is_fit:
            return
        self._dragged = True
        self._pressed = at
        self._scene.move(by.x(), by.y())
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        self.unsetCursor()
        if self._dragged:
            return
        at = event.position()
        layer = self._scene.caption_at(at.x(), at.y())
        if layer is not None:
            self.toggle_fold(layer)
            return
        item = self.item_at(at.x(), at.y())
        self.pin(None if item == self._pin else item)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        item = self.item_at(at.x(), at.y())
        if item is None:
            self.zoom_to_fit()
        else:
            self._pointer = (at.x(), at.y())
            self.pin(item)  # the first click may have let it go
            self.activated.emit(item)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            item = self._hover or self._pin
            x, y = self.point_of(item)
            self.menu_for(item, None).popup(self.mapToGlobal(QPointF(x, y).toPoint()))
            return
        x, y = event.pos().x(), event.pos().y()
        self._pointer = (x, y)
        item = self.item_at(x, y)
        self.menu_for(item, self._scene.caption_at(x, y)).popup(event.globalPos())

    def menu_for(self, item: Item, caption: int | None) -> DeedMenu:
        """Return a new menu of what can be done at a neuron, an edge, a caption or the ground."""
        menu, touching = DeedMenu(self), self.touching
        layer = item.layer if isinstance(item, Neuron) else caption
        if self.frame is not None and hasattr(self.session, "experiment"):
            menu.add(item_deeds(touching, item))
            if layer is not None:
                menu.addSeparator()
                menu.add(layer_deeds(touching, layer))
                if activations := activation_deeds(touching, layer):
                    menu.add(activations, menu.addMenu("A&ctivation"))
            if not menu.isEmpty():
                menu.addSeparator()
        self.bar.export_menu(menu)
        return menu

    def point_of(self, item: Item | int) -> tuple[float, float]:
        """Return where something that belongs to an item, or to a layer, should stand."""
        if isinstance(item, int):
            box = self.caption_box(item)
            return box.center().x(), box.bottom()
        picture = self.picture()
        if picture is None or item is None:
            return self.width() / 2, self.height() / 2
        return anchor(replace(picture, focus=item)) or (self.width() / 2, self.height() / 2)

    def caption_box(self, layer: int) -> QRectF:
        """Return where a layer's caption stands."""
        return self._scene.caption_box(layer)

    def leaveEvent(self, event: QEvent) -> None:
        self.handles.hide()
        self._pointer = None
        self._set_hover(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        at = event.position()
        self._zoom(1.0015 ** event.angleDelta().y(), at.x(), at.y())
        event.accept()

    # ------------------------------------------------------------ keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        actions = {
            Qt.Key.Key_Escape: self._let_go,
            Qt.Key.Key_Return: self._pin_hovered,
            Qt.Key.Key_Enter: self._pin_hovered,
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.zoom_to_fit,
            Qt.Key.Key_F: self._fold_focused,
            Qt.Key.Key_T: self.show_table,
            Qt.Key.Key_F2: self._edit_focused,
        }
        if key in STEPS and self._scene.layout is not None:
            self._step(*STEPS[key])
        elif key in actions and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            actions[key]()
        else:
            super().keyPressEvent(event)

    def _step(self, right: int, down: int) -> None:
        layout = self._scene.layout
        assert layout is not None
        here = self._hover if isinstance(self._hover, Neuron) else self._pin
        self.by_keyboard, self._pointer = True, None
        if isinstance(here, Neuron):
            self._set_hover(neighbour(layout, here, right, down))
        else:
            self._set_hover(Neuron(min(1, len(layout.sizes) - 1), int(layout.shown[1][0])))
        self._announce()

    def _announce(self) -> None:
        """Tell screen readers what is in focus."""
        picture = self.picture()
        if picture is not None:
            title, rows = describe(picture)
            self.setAccessibleDescription(", ".join([title, *(f"{a} {b}" for a, b in rows)]))
            event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(event)

    def _pin_hovered(self) -> None:
        if self._hover is not None and self._hover == self._pin:
            self.activated.emit(self._pin)
        else:
            self.pin(self._hover)

    def _edit_focused(self) -> None:
        self.activated.emit(self._hover or self._pin)

    def _fold_focused(self) -> None:
        focus = self._hover or self._pin
        if isinstance(focus, Neuron):
            self.toggle_fold(focus.layer)

    def focusInEvent(self, event: Any) -> None:
        self.by_keyboard = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )
        self.update()

    def focusOutEvent(self, event: Any) -> None:
        self.update()

    @Slot()
    def show_table(self) -> None:
        """Open the weights as a table."""
        table = WeightsTable(self)
        table.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        table.show()
