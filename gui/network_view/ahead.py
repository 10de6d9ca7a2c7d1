"""Edges at full speed: drawn between two paintings, while the training goes on."""

from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.network_view.strokes import Buckets
from gui.network_view.written import ThinPen, Written


class EdgesAhead:
    """Shows the edges of one frame before, and draws those of this one for the next.

    While a window is painted the training waits, and drawing the edges takes the most of it.
    Drawn afterwards they keep nobody waiting, and nothing is left to be done after them for
    which the training would have to be stopped again.

    Parameters
    ----------
    buckets : Buckets
        The edges, sorted.
    most_smooth : int
        See :meth:`Buckets.draw`.
    """

    def __init__(self, buckets: Buckets, most_smooth: int) -> None:
        self._buckets = buckets
        self._most_smooth = most_smooth
        self._image = QImage()
        self._look: tuple[object, ...] = ()
        self._shows: object = None
        self._coming: object = None
        self._written: Written | None = None

    def show(
        self, painter: QPainter, wanted: object, with_pens: list[ThinPen], ground: QColor
    ) -> bool:
        """Show the picture there is, ground and edges; return whether it is an earlier one.

        Parameters
        ----------
        wanted : object
            Tells how the edges are sorted now; another one wants another picture.
        """
        ratio = painter.device().devicePixelRatio()
        size = (QSizeF(painter.viewport().size()) * ratio).toSize()
        look = (size, ratio, with_pens, ground.rgba())
        if wanted != self._shows or look != self._look:
            self._written = self._buckets.write(with_pens, self._most_smooth, ground)
            self._coming = wanted
        if look != self._look:  # there is none yet that could be shown
            self._look = look
            self._image = QImage(size, QImage.Format.Format_RGB32)
            self._image.setDevicePixelRatio(ratio)
            self.draw()
        painter.drawImage(QPointF(0, 0), self._image)
        return self._shows != wanted

    def draw(self) -> None:
        """Draw what the next painting shows."""
        if self._written is None:
            return
        painter = QPainter(self._image)
        painter.setClipRect(painter.viewport())
        self._written.carry_out(painter)
        painter.end()
        self._shows, self._written = self._coming, None
