"""Paints the network, and tells what lies where on the painting."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from gui.frame import Frame
from gui.network_view.arrangement import Arrangement
from gui.network_view.badges import layer_text, with_badge
from gui.network_view.captions import captions, draw_captions
from gui.network_view.card import draw_card
from gui.network_view.dense import draw_lit
from gui.network_view.furniture import Furniture
from gui.network_view.items import Item
from gui.network_view.legend import draw_legend, draw_legend_line, legend_numbers, legend_top
from gui.network_view.look import Moment
from gui.network_view.picking import neuron_at
from gui.network_view.picture import Picture
from gui.network_view.quiet import QuietGround
from gui.network_view.style import write

Lend = Callable[[bool], AbstractContextManager[object]]

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


class Scene(Arrangement):
    """Paints the network as it is arranged, and finds what lies at a point of the painting.

    Parameters
    ----------
    lent : callable
        Returns what lets the training go on while edges are drawn, told whether it is to be
        stopped again afterwards.

    Attributes
    ----------
    overlay : Overlay or None
        Drawn over the network.
    """

    def __init__(self, lent: Lend = nullcontext) -> None:
        super().__init__()
        self._lent = lent
        self.overlay: Overlay | None = None
        self._furniture = Furniture()
        self._quiet = QuietGround()
        self._last: Picture | None = None
        self._legend: tuple[object, ...] = ()  # the numbers shown
        self._legend_is_old = False

    # ------------------------------------------------------------ painting

    def forget(self) -> None:
        """Lose the network that was painted: nothing of it is found on the painting any more."""
        self.invalidate()
        self._last = None

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

    def take(self, moment: Moment, size: QSize, ratio: float) -> Picture:
        """Return what a moment's painting is made of, at a size of one's own."""
        self.take_look(moment, size, ratio)
        look = moment.look
        return self.picture(
            moment.frame, focus=look.pinned, pinned=look.pinned, flow=look.flow, pointer=None
        )

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
        with np.errstate(all="ignore"):  # a network on its way to infinity is drawn as it is
            return self._paint(painter, rect, picture, part, patient)

    def _paint(
        self,
        painter: QPainter,
        rect: QRect,
        picture: Picture | None,
        part: QRect | None,
        patient: bool,
    ) -> bool:
        painter.setClipRect(part or rect)  # lets Qt skip clipping every line on its own
        style = self.style(rect.size())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if picture is None or self._edges is None:
            painter.fillRect(rect, style.color("canvas"))
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
            kept = picture.hurried and not picture.focus
            if kept:
                self._furniture.renew(painter, picture)
            self._edges.prepare(picture)
            # Curves are drawn by PySide, which keeps the interpreter: nobody could use it.
            later = self._edges.comes_later(picture)
            with nullcontext() if later or picture.layout.curved else self._lent(not kept):
                if not later:  # else the picture that is there fills all
                    painter.fillRect(rect, style.color("canvas"))
                lags = self._edges.draw(painter, picture)
            if lags and patient:
                return True
            lags |= self._draw_furniture(painter, picture, kept)
            lags |= self._draw_legend(painter, picture, rect, part or rect)
            draw_legend_line(painter, picture, rect.height())
        draw_card(painter, picture, rect.width(), rect.height())
        return lags

    def draw_ahead(self) -> None:
        """Draw what the next painting shows, where that needs no interpreter."""
        if self._edges is not None:
            self._edges.draw_ahead()

    def _draw_furniture(self, painter: QPainter, picture: Picture, kept: bool) -> bool:
        """Draw what stands over the edges; return whether that is of an earlier frame."""
        if kept:
            self._furniture.draw_kept(painter)
            return picture.frame is not self._furniture.shows
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
        """Return what was painted last, as an image of that size; None where it is of the past."""
        if self._last is None or self._last.layout is not self.layout:
            return None  # folded or zoomed since: its edges are no longer there
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

    def caption_help(self, layer: int) -> str:
        """Return what to know of a layer: what ails it, and that it folds."""
        fold = "Click to show all or only a few of these neurons." if self.folds(layer) else ""
        ails = layer_text(self._last, layer) if self._last is not None else ""
        return "\n".join(filter(None, (ails, fold, CHANGE_HELP)))

    def caption_box(self, layer: int) -> QRectF:
        """Return where a layer's caption was painted; empty before any painting."""
        boxes = captions(self._last) if self._last is not None else {}
        return boxes[layer][0] if layer in boxes else QRectF()
