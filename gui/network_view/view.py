"""The network on screen: the widget that draws the newest frame and is pointed at."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from gui.frame import Frame
from gui.network_view import export
from gui.network_view.bar import ViewBar
from gui.network_view.card import describe
from gui.network_view.items import Item, Neuron
from gui.network_view.layout import neighbour, unit_for
from gui.network_view.motion import TICK, Motion
from gui.network_view.picture import Picture
from gui.network_view.scene import Scene
from gui.network_view.table import WeightsTable
from gui.network_view.values import Mode

EDGE_REACH = 5.0  # how near the pointer must come to an edge
STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class NetworkView(QWidget):
    """Draws a network in training, from the newest frame alone.

    The mouse: point at a neuron or an edge to single it out, click to keep it, drag to move,
    turn the wheel to zoom, double-click the ground to see all, click a layer's caption to
    fold it. The keyboard: arrows go from neuron to neuron, Enter keeps one, Escape lets go,
    + − 0 zoom, F folds, T opens the weights as a table.

    Attributes
    ----------
    hovered, pinned : Signal of (Neuron, Edge or None)
        What lies under the pointer, or stays in focus, has changed.
    optionsChanged : Signal
        Mode, threshold or scale have changed.
    """

    hovered = Signal(object)
    pinned = Signal(object)
    optionsChanged = Signal()

    def __init__(self, session: Any = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._scene = Scene()
        self._frame: Frame | None = None
        self._hover: Item = None
        self._pin: Item = None
        self._pointer: tuple[float, float] | None = None
        self._pressed: QPointF | None = None
        self._dragged = False
        self._by_keyboard = False
        self._motion = Motion(session, self)
        self._motion.moved.connect(self._move)
        self._again = QTimer(self)  # for what is painted in slices
        self._again.setSingleShot(True)
        self._again.setInterval(TICK)
        self._again.timeout.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Network")
        self.bar = ViewBar(self)

    def sizeHint(self) -> QSize:
        return QSize(1000, 700)

    # ------------------------------------------------------------ what is shown

    def set_frame(self, frame: Frame | None) -> None:
        """Show a frame from the next painting on."""
        before, self._frame = self._frame, frame
        if before is not None and (frame is None or frame.shape != before.shape):
            self._let_go()  # another network may not have what was pointed at
        self.update()

    @property
    def frame(self) -> Frame | None:
        """What is shown."""
        return self._frame

    @property
    def selection(self) -> Item:
        """What is pinned."""
        return self._pin

    @property
    def mode(self) -> Mode:
        """What the edges' colours tell."""
        return self._scene.mode

    @property
    def fit(self) -> bool:
        """Whether the colours' scale ends at the largest value, not at a fixed one."""
        return self._scene.fit

    @property
    def threshold(self) -> float:
        """Edges weaker than this part of the scale are hidden."""
        return self._scene.threshold

    def set_mode(self, mode: Mode) -> None:
        self._set_option("mode", mode)

    def set_fit(self, fit: bool) -> None:
        self._set_option("fit", fit)

    def set_threshold(self, threshold: float) -> None:
        self._set_option("threshold", threshold)

    def _set_option(self, name: str, value: object) -> None:
        if getattr(self._scene, name) != value:
            setattr(self._scene, name, value)
            self.optionsChanged.emit()
            self.update()

    def set_reduced_motion(self, reduced: bool) -> None:
        """Show no particles, for people whom motion disturbs."""
        self._motion.set_reduced(reduced)

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = self.picture()
        painter = QPainter(self)
        lags = self._scene.paint(painter, self.rect(), picture)
        if self.hasFocus() and self._by_keyboard:
            self._scene.paint_focus(painter, self.rect())
        painter.end()
        if lags:
            self._again.start()

    def picture(self, cached: bool = True) -> Picture | None:
        """Return what a painting is made of now, None before any frame.

        Parameters
        ----------
        cached : bool
            Whether costly parts may come from pictures kept.
        """
        if self._frame is None:
            return None
        self._scene.update(self._frame, self.size(), self.devicePixelRatioF())
        return self._scene.picture(
            self._frame,
            focus=self._hover or self._pin,
            pinned=self._pin,
            phase=self._motion.phase,
            pointer=self._pointer,
            cached=cached,
        )

    def legend_width(self) -> float:
        """Return how far the legend reaches, in device-independent pixels."""
        return 400 * unit_for(self.width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._scene.invalidate()
        self.bar.place()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._scene.invalidate()
            self.update()
        super().changeEvent(event)

    @Slot()
    def _move(self) -> None:
        if self._scene.layout is not None and self._scene.layout.curved:
            self.update()

    def showEvent(self, event: QShowEvent) -> None:
        self._motion.set_seen(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._motion.set_seen(False)

    # ------------------------------------------------------------ pointing

    def item_at(self, x: float, y: float) -> Item:
        """Return the neuron or edge at a point of the widget."""
        return self._scene.item_at(x, y, EDGE_REACH)

    def pin(self, item: Item) -> None:
        """Keep a neuron or an edge in focus; None lets go."""
        if item != self._pin:
            self._pin = item
            self.pinned.emit(item)
            self.update()

    def _set_hover(self, item: Item) -> None:
        if item != self._hover:
            self._hover = item
            self.hovered.emit(item)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self._by_keyboard = False
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(at)
            return
        self._pointer = (at.x(), at.y())
        self._set_hover(self.item_at(at.x(), at.y()))
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
        if self.item_at(at.x(), at.y()) is None:
            self.zoom_to_fit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.bar.export_menu().popup(event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self._set_hover(None)

    # ------------------------------------------------------------ zoom, fold

    def wheelEvent(self, event: QWheelEvent) -> None:
        at = event.position()
        self._zoom(1.0015 ** event.angleDelta().y(), at.x(), at.y())
        event.accept()

    @Slot()
    def zoom_in(self) -> None:
        self._zoom(1.25, self.width() / 2, self.height() / 2)

    @Slot()
    def zoom_out(self) -> None:
        self._zoom(0.8, self.width() / 2, self.height() / 2)

    @Slot()
    def zoom_to_fit(self) -> None:
        """Show the whole network."""
        self._zoom(0.0, 0.0, 0.0)

    def _zoom(self, factor: float, x: float, y: float) -> None:
        self._scene.zoom(factor, x, y)
        self.update()

    def toggle_fold(self, layer: int) -> None:
        """Show only a few of a wide layer's neurons, or all of them again."""
        if self._frame is not None:
            self._scene.toggle_fold(self._frame, layer)
            self.update()

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
        self._by_keyboard, self._pointer = True, None
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
        self.pin(None if self._hover == self._pin else self._hover)

    def _let_go(self) -> None:
        self._set_hover(None)
        self.pin(None)

    def _fold_focused(self) -> None:
        focus = self._hover or self._pin
        if isinstance(focus, Neuron):
            self.toggle_fold(focus.layer)

    def focusInEvent(self, event: Any) -> None:
        self._by_keyboard = event.reason() in (
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

    # ------------------------------------------------------------ export

    def paint_to(self, painter: QPainter) -> None:
        """Draw with any painter, in the widget's coordinates, all lines as lines."""
        self._scene.paint(painter, self.rect(), self.picture(cached=False))

    def export_png(self, path: str | Path, scale: float = 2.0) -> None:
        """Save what is seen, `scale` pixels for each on screen; OSError says what went wrong."""
        export.save_png(self, path, scale)

    def export_svg(self, path: str | Path) -> None:
        """Save what is seen as vectors; OSError says what went wrong."""
        export.save_svg(self, path)

    @Slot()
    def copy(self) -> None:
        """Put what is seen on the clipboard."""
        export.copy(self)
