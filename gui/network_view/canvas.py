"""The widget that draws the newest frame of a training."""

from contextlib import nullcontext
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QHideEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.frame import Frame
from gui.network_view.items import Item
from gui.network_view.look import Moment
from gui.network_view.motion import TICK, Motion
from gui.network_view.picture import Picture
from gui.network_view.scene import Overlay, Scene
from gui.network_view.values import Mode
from gui.panel_parts import once_at_rest

EDGE_REACH = 5.0  # how near the pointer must come to an edge
SETTLE_MILLISECONDS = 90  # without another size, until the network is drawn for this one
LAST_FRAME = 100  # milliseconds without another frame, until what lags is painted for itself


class NetworkCanvas(QWidget):
    """Draws a network, and knows what is singled out on it.

    Attributes
    ----------
    hovered, pinned : Signal of (Neuron, Edge or None)
        What lies under the pointer, or stays in focus, has changed.
    activated : Signal of Neuron or Edge
        It was double-clicked, or Enter was pressed on what is pinned.
    optionsChanged : Signal
        Mode, threshold or scale have changed.
    """

    hovered = Signal(object)
    pinned = Signal(object)
    activated = Signal(object)
    optionsChanged = Signal()

    def __init__(self, session: Any = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.by_keyboard = False  # whether a frame shows where the keys go
        self._scene = Scene(getattr(session, "lent", nullcontext))
        self._frame: Frame | None = None
        self._hover: Item = None
        self._pin: Item = None
        self._gradients_wanted = False
        self._pointer: tuple[float, float] | None = None
        self._motion = Motion(session, self)
        self._motion.moved.connect(self._move)
        self._again = QTimer(self)  # for what is painted in slices
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._catch_up)
        self._still: QImage | None = None  # the last picture, while the size changes
        self._settle = once_at_rest(self, SETTLE_MILLISECONDS, self._settled)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)

    def sizeHint(self) -> QSize:
        return QSize(1000, 700)

    # ------------------------------------------------------------ what is shown

    def set_frame(self, frame: Frame | None) -> None:
        """Show a frame from the next painting on."""
        before, self._frame = self._frame, frame
        self._motion.note(frame)
        self._motion.set_seen(self.isVisible() and (self._scene.layout is None or self._curved))
        if before is not None and (frame is None or frame.shape.sizes != before.shape.sizes):
            self._scene.forget()  # another network may not have what was pointed at
            self._let_go()
            self.update()
        self._catch_up()

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
        self._ask_for_gradients()

    def set_fit(self, fit: bool) -> None:
        self._set_option("fit", fit)

    def set_threshold(self, threshold: float) -> None:
        self._set_option("threshold", threshold)

    def _set_option(self, name: str, value: object) -> None:
        if getattr(self._scene, name) != value:
            setattr(self._scene, name, value)
            self.optionsChanged.emit()
            self.update()

    def set_overlay(self, overlay: Overlay | None) -> None:
        """Draw something over the network, such as what a step of an update is about."""
        self._scene.overlay = overlay
        self.update()

    @Slot()
    def update_overlay(self) -> None:
        """Paint again what is drawn over the network, but not the buttons that stand there."""
        self.update(QRegion(self.rect()) - self.childrenRegion())

    def set_reduced_motion(self, reduced: bool) -> None:
        """Show no particles, for people whom motion disturbs."""
        self._motion.set_reduced(reduced)

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._still is not None:
            painter.drawImage(self.rect(), self._still)
            painter.end()
            return
        picture = self.picture()
        lags = self._scene.paint(painter, self.rect(), picture, event.rect())
        if self.hasFocus() and self.by_keyboard:
            self._scene.paint_focus(painter, self.rect())
        painter.end()
        if lags:  # at full speed the next frame is on its way; this is for the last one
            self._again.start(LAST_FRAME if picture and picture.hurried else TICK)

    def draw_ahead(self) -> None:
        """Draw what the next painting shows; it keeps nobody waiting."""
        self._scene.draw_ahead()

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
            flow=self._motion.flow,
            pointer=self._pointer,
            cached=cached,
            hurried=cached and getattr(self.session, "hurried", False),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stretch the last picture while training and size both go on: a new one takes longer."""
        if not getattr(self.session, "running", False) or event.oldSize().isEmpty():
            self._settled()
            return
        if self._still is None:
            self._still = self._scene.still(event.oldSize(), self.devicePixelRatioF())
        self._settle.start()

    @Slot()
    def _settled(self) -> None:
        self._still = None
        self._scene.invalidate()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._scene.invalidate()
            self.update()
        super().changeEvent(event)

    @Slot()
    def _move(self) -> None:
        if self._curved:
            self._ask_for_gradients()
            self._catch_up()

    @property
    def _curved(self) -> bool:
        return self._scene.layout is not None and self._scene.layout.curved

    @Slot()
    def _catch_up(self) -> None:
        """Paint again what changes from frame to frame."""
        self.update(self._scene.changing(self.rect()))

    def showEvent(self, event: QShowEvent) -> None:
        self._motion.set_seen(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._motion.set_seen(False)

    # ------------------------------------------------------------ what is singled out

    def place_of(self, item: Item) -> tuple[float, float] | None:
        """Return where an item is drawn; None if it is not."""
        return self._scene.layout.middle(item) if self._scene.layout is not None else None

    def item_at(self, x: float, y: float) -> Item:
        """Return the neuron or edge at a point of the widget."""
        return self._scene.item_at(x, y, EDGE_REACH)

    def pin(self, item: Item) -> None:
        """Keep a neuron or an edge in focus; None lets go."""
        if item != self._pin:
            self._pin = item
            self._ask_for_gradients()
            self.pinned.emit(item)
            self.update()

    def _set_hover(self, item: Item) -> None:
        if item != self._hover:
            self._hover = item
            self._ask_for_gradients()
            self.hovered.emit(item)
            self.update()

    def _ask_for_gradients(self) -> None:
        """Have frames carry the gradients while colours, a card or what flows tell them."""
        flow = self._motion.flow if self._curved else None
        wanted = self.mode == "gradient" or (self._hover or self._pin) is not None
        wanted = wanted or (flow is not None and flow.backward)
        if self.session is not None and wanted != self._gradients_wanted:
            self._gradients_wanted = wanted
            self.session.show_gradients(wanted)

    def _let_go(self) -> None:
        self._set_hover(None)
        self.pin(None)

    # ------------------------------------------------------------ zoom, fold

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

    # ------------------------------------------------------------ export

    def moment(self) -> Moment | None:
        """Return what is seen now, but for what is only pointed at, to be painted later.

        None where there is nothing yet, and while a walk through an update covers it.
        """
        overlay = self._scene.overlay
        if self._frame is None or (overlay is not None and overlay.covers):
            return None
        self._scene.update(self._frame, self.size(), self.devicePixelRatioF())
        return self._scene.moment(self._frame, self._pin, self._motion.flow)

    def paint_to(self, painter: QPainter) -> None:
        """Draw with any painter, in the widget's coordinates, all lines as lines."""
        self._scene.paint(painter, self.rect(), self.picture(cached=False))
