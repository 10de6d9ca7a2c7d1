"""Keeps layout, values and renderers in step with frame, size and zoom, and paints them."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from gui import theme
from gui.frame import Frame, Shape
from gui.network_view.badges import layer_text, with_badge
from gui.network_view.captions import captions, draw_captions
from gui.network_view.card import draw_card
from gui.network_view.dense import draw_lit
from gui.network_view.edges import Edges, edges_for
from gui.network_view.furniture import Furniture
from gui.network_view.items import Item
from gui.network_view.kept import Move
from gui.network_view.layout import FOLDED, Layout, arrange, crowded_layers, unit_for
from gui.network_view.legend import draw_legend, legend_numbers, legend_top
from gui.network_view.look import Look, Moment
from gui.network_view.picking import neuron_at
from gui.network_view.picture import Picture, Room
from gui.network_view.quiet import QuietGround
from gui.network_view.style import Style, write
from gui.network_view.values import EdgeValues, Mode, Start, most_connected
from gui.network_view.viewport import FIT, Viewport

Lend = Callable[[], AbstractContextManager[object]]

PLACEHOLDER = "The network appears here as soon as its data are loaded"
CHANGE_HELP = "Right-click here, on a neuron or on an edge to change the network."


class Overlay(Protocol):
    """Something that is drawn over the network without its edges, under the captions."""

    @property
    def covers(self) -> bool:
        """Whether there is anything to draw; it hides the edges, and quiets the rest."""

    def paint(self, painter: QPainter, picture: Picture) -> None:
        """Draw, with the painter in the widget's coordinates."""

    def draw_legend(self, painter: QPainter, picture: Picture, wide: float, height: float) -> None:
        """Tell what its colours mean, along the lower edge of a widget of this size."""


class Scene:
    """Everything that is kept from one painting to the next.

    Parameters
    ----------
    lent : callable
        Returns what lets the training go on while edges are drawn.

    Attributes
    ----------
    mode, fit, threshold
        What the colours tell, on which scale, and from which strength on edges are drawn.
    layout : Layout or None
        Where things stand on screen, zoomed.
    viewport : Viewport
        Zoom and pan.
    overlay : Overlay or None
        Drawn over the network.
    """

    def __init__(self, lent: Lend = nullcontext) -> None:
        self._lent = lent
        self.mode: Mode = "weight"
        self.fit = False
        self.threshold = 0.0
        self.overlay: Overlay | None = None
        self.viewport = FIT
        self.layout: Layout | None = None
        self._whole: Layout | None = None
        self._shape: Shape | None = None
        self._style: Style | None = None
        self._room: Room | None = None
        self._values: EdgeValues | None = None
        self._edges: Edges | None = None
        self._folds: dict[int, np.ndarray] = {}
        self._unfolded: set[int] = set()
        self._furniture = Furniture()
        self._quiet = QuietGround()
        self._tiled = False
        self._last: Picture | None = None
        self._look: Look | None = None
        self._legend: tuple[object, ...] = ()  # the numbers shown
        self._legend_is_old = False
        self._ratio = 1.0
        self._theme = ""
        self._size = QSize()

    def invalidate(self) -> None:
        """Lay everything out again before the next painting."""
        self._style = self.layout = self._whole = None

    def update(self, frame: Frame, size: QSize, ratio: float, start: Start | None = None) -> None:
        """Take a frame; lay it out if the network, the size or the screen is another.

        Changes are counted from `start`; None is the first frame of a training seen here.
        """
        other = frame.shape != self._shape
        if other:
            self._leave_shape(frame.shape)
        tiled = frame.maps is not None
        if self.layout is None or other or ratio != self._ratio or tiled != self._tiled:
            self._tiled = tiled
            move = None if other else self._resized(size)
            self._size, self._ratio, self._shape = size, ratio, frame.shape
            self._arrange(frame, move)
        assert self._values is not None
        self._values.start = start or self._values.start
        self._values.update(frame, self.mode, self.fit)

    def _leave_shape(self, shape: Shape) -> None:
        """Forget zoom and folds, but for those of layers that stay as wide as they were."""
        old, new = self._shape.sizes if self._shape else (), shape.sizes
        if len(old) != len(new) or old[0] != new[0]:
            self.viewport, self._folds, self._unfolded = FIT, {}, set()
            return
        wide = {layer for layer, size in enumerate(new) if size == old[layer]}
        self._folds = {layer: shown for layer, shown in self._folds.items() if layer in wide}

    def _resized(self, size: QSize) -> Move | None:
        """Return how things move where only the size changes; not into other colours."""
        old, theme_now = self._size, theme.palette().name
        same, self._theme = theme_now == self._theme, theme_now
        if not same or old.isEmpty():
            return None
        return Move(size.width() / old.width(), size.height() / old.height())

    def _arrange(self, frame: Frame, move: Move | None) -> None:
        shape, style = frame.shape, self.style(self._size)
        self._room = Room.for_words(shape, style)
        stage = self._room.stage(self._size.width(), self._size.height())
        for layer in crowded_layers(shape.sizes, stage, shape.image_shape):
            if layer not in self._unfolded:
                self._folds.setdefault(layer, most_connected(frame, layer, FOLDED))
        self._whole = arrange(
            shape.sizes,
            stage,
            unit=style.unit,
            image_shape=shape.image_shape,
            folds=self._folds,
            tiles=self._tiled,
        )
        values = EdgeValues(self._whole)
        if self._values is not None:
            values.continue_from(self._values)
        self._values = values
        self._place(move)

    def _place(self, move: Move | None) -> None:
        """Apply zoom and pan; what is kept of the edges stays, moved, until it is renewed."""
        assert self._whole is not None
        before = self._edges
        view = self.viewport
        self.layout = (
            self._whole if view.is_fit else self._whole.zoomed(view.scale, view.dx, view.dy)
        )
        self._edges = edges_for(self.layout, self._whole, self._ratio)
        if move is not None and before is not None:
            self._edges.take_over(before, move)

    def style(self, size: QSize) -> Style:
        """Return fonts and colours for a widget of a size."""
        if self._style is None:
            self._style = Style(unit_for(size.width(), size.height()))
        return self._style

    # ------------------------------------------------------------ painting

    def picture(self, frame: Frame, **how: Any) -> Picture:
        """Return what the next painting is made of."""
        assert self.layout is not None
        assert self._room is not None
        assert self._values is not None
        assert self._style is not None
        self._last = Picture(
            frame,
            self.layout,
            self._style,
            self._room,
            self._values,
            self.mode,
            self.threshold,
            zoomed=not self.viewport.is_fit,
            **how,
        )
        return self._last

    def changing(self, rect: QRect) -> QRect:
        """Return what another frame changes: mostly not the legend and the controls beside it."""
        picture = self._last
        if picture is None or picture.zoomed or picture.focus or self._legend_is_old:
            return rect
        if self.overlay is not None and self.overlay.covers:
            return rect
        return QRect(0, 0, rect.width(), int(legend_top(picture.style, rect.height())))

    def paint(
        self,
        painter: QPainter,
        rect: QRect,
        picture: Picture | None,
        part: QRect | None = None,
        patient: bool = False,
    ) -> bool:
        """Paint all, or what lies in a part; return whether it lags and wants another painting.

        With `patient`, nothing else is painted before the edges have caught up.
        """
        painter.setClipRect(part or rect)  # lets Qt skip clipping every line on its own
        style = self.style(rect.size())
        painter.fillRect(rect, style.color("canvas"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if picture is None or self._edges is None:
            at = QRectF(rect).center()
            center = Qt.AlignmentFlag.AlignHCenter
            write(painter, style.body, style.color("muted"), (at.x(), at.y()), PLACEHOLDER, center)
            return False
        if self.overlay is not None and self.overlay.covers:
            self._quiet.draw(painter, rect, picture, self._furniture.draw)
            self.overlay.paint(painter, picture)
            self.overlay.draw_legend(painter, picture, rect.width(), rect.height())
            draw_captions(painter, picture)
            lags = False
        else:
            with self._lent():
                lags = self._edges.draw(painter, picture)
            if lags and patient:
                return True
            lags |= self._draw_furniture(painter, picture)
            lags |= self._draw_legend(painter, picture, rect, part or rect)
        draw_card(painter, picture, rect.width(), rect.height())
        return lags

    def _draw_furniture(self, painter: QPainter, picture: Picture) -> bool:
        """Draw what stands over the edges; return whether that is of an earlier frame."""
        if picture.hurried and not picture.focus:
            return self._furniture.draw_kept(painter, picture)
        draw_lit(painter, picture)
        self._furniture.draw(painter, picture)
        draw_captions(painter, picture)
        return False

    def _draw_legend(self, painter: QPainter, picture: Picture, rect: QRect, part: QRect) -> bool:
        """Draw the legend where it can be seen; return whether it should have been."""
        seen = part.bottom() >= legend_top(picture.style, rect.height())
        kept_is_old = picture.hurried and picture.frame is not self._furniture.shows
        if seen or not kept_is_old:  # a legend need not be newer than what it explains
            numbers = legend_numbers(picture)
            self._legend_is_old = not seen and numbers != self._legend
            if seen:
                self._legend = numbers
                draw_legend(painter, picture, rect.width(), rect.height())
        return self._legend_is_old

    def still(self, size: QSize, ratio: float) -> QImage | None:
        """Return what was painted last, as an image of that size; None before any painting."""
        if self._last is None or self.layout is None:
            return None
        image = QImage(size * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), self._last)
        painter.end()
        return image

    def paint_focus(self, painter: QPainter, rect: QRect) -> None:
        """Show that the keyboard acts here."""
        painter.setPen(QPen(self.style(rect.size()).color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(1, 1, -1, -1))

    # ------------------------------------------------------------ moments

    def moment(self, frame: Frame, pinned: Item, phase: float | None) -> Moment:
        """Return what is seen now, to be painted later by another scene."""
        folds = ((layer, tuple(shown.tolist())) for layer, shown in self._folds.items())
        look = Look(
            self.mode,
            self.fit,
            self.threshold,
            self.viewport,
            tuple(folds),
            frozenset(self._unfolded),
            pinned,
            phase,
        )
        start = self._values.start if self._values is not None else None
        return Moment(frame, look, start, self._size.width(), self._size.height())

    def take(self, moment: Moment, size: QSize, ratio: float) -> Picture:
        """Look at a moment as it was looked at, at a size of one's own."""
        look, before = moment.look, self._look
        self.mode, self.fit, self.threshold = look.mode, look.fit, look.threshold
        if before is None or (before.folds, before.unfolded) != (look.folds, look.unfolded):
            self.layout = None
        if self.layout is None or moment.frame.shape != self._shape:
            self._shape, self.layout = moment.frame.shape, None
            self._folds = {layer: np.array(shown) for layer, shown in look.folds}
            self._unfolded = set(look.unfolded)
        wider, higher = size.width() / moment.width, size.height() / moment.height
        if self.layout is None:
            self.viewport = look.viewport.on(wider, higher)
        else:
            self._look_through(look.viewport.on(wider, higher))
        self._look = look
        self.update(moment.frame, size, ratio, moment.start)
        return self.picture(
            moment.frame, focus=look.pinned, pinned=look.pinned, phase=look.phase, pointer=None
        )

    # ------------------------------------------------------------ pointing

    def item_at(self, x: float, y: float, reach: float) -> Item:
        """Return the neuron at a point, or else the edge within `reach`."""
        if self.layout is None or self._edges is None or self._values is None:
            return None
        neuron = neuron_at(self.layout, x, y)
        if neuron is not None or (self.layout.block and self.layout.block.contains(x, y)):
            return neuron
        # Where edges lie close, only one that stands out can be meant.
        least = 0.06 if self.layout.curved else 0.25
        found = self._edges.nearest(x, y, self._values.scaled, max(self.threshold, least))
        if found is None or found[1] > (reach if self.layout.curved else reach / 2):
            return None
        return self.layout.edge(found[0])

    def caption_at(self, x: float, y: float) -> int | None:
        """Return the layer whose caption lies at a point."""
        if self._last is None:
            return None
        for layer, (box, *_) in captions(self._last).items():
            if with_badge(self._last, box).contains(x, y):
                return layer
        return None

    def folds(self, layer: int) -> bool:
        """Return whether a layer is wide enough to be folded."""
        layout = self.layout
        return (
            layout is not None
            and layout.sizes[layer] > FOLDED
            and not (layer == 0 and layout.block)
        )

    def caption_help(self, layer: int) -> str:
        """Return what to know of a layer: what ails it, and that it folds."""
        fold = "Click to show all or only a few of these neurons." if self.folds(layer) else ""
        ails = layer_text(self._last, layer) if self._last is not None else ""
        return "\n".join(filter(None, (ails, fold, CHANGE_HELP)))

    def caption_box(self, layer: int) -> QRectF:
        """Return where a layer's caption was painted; empty before any painting."""
        boxes = captions(self._last) if self._last is not None else {}
        return boxes[layer][0] if layer in boxes else QRectF()

    # ------------------------------------------------------------ zoom, fold

    def zoom(self, factor: float, x: float, y: float) -> None:
        """Magnify about a point; 0 shows all."""
        self._look_through(self.viewport.zoomed(factor, x, y))

    def move(self, dx: float, dy: float) -> None:
        width, height = self._size.width(), self._size.height()
        self._look_through(self.viewport.moved(dx, dy, width, height))

    def _look_through(self, view: Viewport) -> None:
        before = self.viewport
        if view == before or self._whole is None:
            return
        self.viewport = view
        by = view.scale / before.scale
        self._place(Move(by, by, view.dx - by * before.dx, view.dy - by * before.dy))

    def toggle_fold(self, frame: Frame, layer: int) -> None:
        """Show only a few of a wide layer's neurons, or all of them again."""
        if not self.folds(layer):
            return
        if layer in self._folds:
            del self._folds[layer]
            self._unfolded.add(layer)
        else:
            self._folds[layer] = most_connected(frame, layer, FOLDED)
        self.layout = None
