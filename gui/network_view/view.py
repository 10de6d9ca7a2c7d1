"""The network on screen: the widget that draws the newest frame and is pointed at."""

from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.frame import Frame, Shape
from gui.network_view.captions import draw_captions
from gui.network_view.card import draw_card
from gui.network_view.dense import DenseEdges, draw_lit
from gui.network_view.items import Edge, Item, Neuron
from gui.network_view.layout import Layout, arrange, unit_for
from gui.network_view.legend import draw_legend
from gui.network_view.neurons import draw_block, draw_neurons, draw_outputs
from gui.network_view.picking import neuron_at
from gui.network_view.picture import Picture, Room, Style, write
from gui.network_view.values import EdgeValues, Mode

PLACEHOLDER = "The network appears here as soon as its data are loaded."


class NetworkView(QWidget):
    """Draws a network in training, from the newest frame alone.

    Signals
    -------
    hovered(Neuron, Edge or None)
        What lies under the pointer has changed.
    pinned(Neuron, Edge or None)
        What stays in focus has changed.
    """

    hovered = Signal(object)
    pinned = Signal(object)

    def __init__(self, session: Any = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._frame: Frame | None = None
        self._layout: Layout | None = None
        self._shape: Shape | None = None
        self._style: Style | None = None
        self._room: Room | None = None
        self._values: EdgeValues | None = None
        self._edges: DenseEdges | None = None
        self._hover: Item = None
        self._pin: Item = None
        self._pointer: tuple[float, float] | None = None
        self._mode: Mode = "weight"
        self._fit = False
        self._threshold = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Network")

    def sizeHint(self) -> QSize:
        return QSize(1000, 700)

    # ------------------------------------------------------------ what is shown

    def set_frame(self, frame: Frame | None) -> None:
        """Show a frame from the next painting on."""
        self._frame = frame
        self.update()

    @property
    def selection(self) -> Item:
        """What is pinned."""
        return self._pin

    def set_mode(self, mode: Mode) -> None:
        """Choose what the edges' colours tell."""
        self._mode = mode
        self.update()

    def set_fit(self, fit: bool) -> None:
        """Read the colours on a scale that ends at the largest value, or on a fixed one."""
        self._fit = fit
        self.update()

    def set_threshold(self, threshold: float) -> None:
        """Hide edges weaker than a part, 0 … 1, of the scale."""
        self._threshold = threshold
        self.update()

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """Draw with any painter in the widget's coordinates."""
        painter.setClipRect(self.rect())  # lets Qt skip clipping every line on its own
        style = self._styled()
        painter.fillRect(self.rect(), style.color("canvas"))
        picture = self.picture()
        if picture is None or self._edges is None:
            at = QRectF(self.rect()).center()
            center = Qt.AlignmentFlag.AlignHCenter
            write(painter, style.body, style.color("muted"), (at.x(), at.y()), PLACEHOLDER, center)
            return
        self._edges.draw(painter, picture)
        draw_lit(painter, picture)
        draw_block(painter, picture)
        draw_neurons(painter, picture)
        draw_outputs(painter, picture)
        draw_captions(painter, picture)
        draw_legend(painter, picture, self.height())
        draw_card(painter, picture, self.width(), self.height())

    def picture(self) -> Picture | None:
        """Return what the next painting is made of, None before any frame."""
        frame = self._frame
        if frame is None:
            return None
        if self._layout is None or frame.shape != self._shape:
            self._arrange(frame.shape)
        assert self._layout is not None
        assert self._values is not None
        assert self._room is not None
        self._values.update(frame, self._mode, self._fit)
        return Picture(
            frame,
            self._layout,
            self._styled(),
            self._room,
            self._values,
            self._mode,
            self._threshold,
            focus=self._hover or self._pin,
            pinned=self._pin,
            pointer=self._pointer,
        )

    def _styled(self) -> Style:
        if self._style is None:
            self._style = Style(unit_for(self.width(), self.height()))
        return self._style

    def _arrange(self, shape: Shape) -> None:
        if shape != self._shape:
            self._hover = self._pin = None
        self._shape = shape
        style = self._styled()
        self._room = Room.for_words(shape, style)
        stage = self._room.stage(self.width(), self.height())
        self._layout = arrange(shape.sizes, stage, unit=style.unit, image_shape=shape.image_shape)
        values = EdgeValues(self._layout)
        if self._values is not None:
            values.continue_from(self._values)
        self._values = values
        self._edges = DenseEdges(self._layout)

    def _restyle(self) -> None:
        self._style = self._layout = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._restyle()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._restyle()
        super().changeEvent(event)

    # ------------------------------------------------------------ pointing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self._set_hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._point_at(event.position())
            self.pin(None if self._hover == self._pin else self._hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._pin is not None:
            self.pin(None)
        else:
            super().keyPressEvent(event)

    def pin(self, item: Item) -> None:
        """Keep a neuron or an edge in focus; None lets go."""
        if item != self._pin:
            self._pin = item
            self.pinned.emit(item)
            self.update()

    def _point_at(self, at: QPointF) -> None:
        self._pointer = (at.x(), at.y())
        self._set_hover(self.item_at(at.x(), at.y()))

    def _set_hover(self, item: Item) -> None:
        if item != self._hover:
            self._hover = item
            self.hovered.emit(item)
            self.update()

    def item_at(self, x: float, y: float) -> Item:
        """Return the neuron or edge at a point of the widget."""
        return neuron_at(self._layout, x, y) if self._layout is not None else None


__all__ = ["Edge", "NetworkView", "Neuron"]
