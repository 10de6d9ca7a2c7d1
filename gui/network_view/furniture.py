"""What stands over the edges: the inputs, neurons, badges, outputs and captions.

Edges are drawn anew in every frame. The rest is many small calls, each of which keeps the
training from Python's interpreter; it is kept in a picture and renewed often enough for
figures to be read and for lights to be seen changing.
"""

import time

import numpy as np
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from gui.frame import Frame
from gui.network_view.badges import draw_badges
from gui.network_view.block import draw_block
from gui.network_view.captions import draw_captions
from gui.network_view.neurons import draw_neurons
from gui.network_view.outputs import draw_outputs
from gui.network_view.picture import Picture
from gui.network_view.silent import draw_switched_off
from gui.network_view.tiles import Tiles

RENEWAL_SECONDS = 0.15
GAP = 8
"""Empty device pixels across which two strips are painted as one."""


class Furniture:
    """Draws what stands over the edges, from a picture kept for a moment where that will do.

    Attributes
    ----------
    shows : Frame or None
        What the picture kept was made of.
    """

    def __init__(self) -> None:
        self._tiles = Tiles()
        self._image: QImage | None = None
        self._strips: list[tuple[QRectF, QRectF]] = []  # where on the widget, where in the image
        self._renewed = 0.0
        self.shows: Frame | None = None
        self._look: tuple[object, ...] = ()

    def draw(self, painter: QPainter, picture: Picture) -> None:
        """Draw all but the captions, which stand over everything else."""
        draw_block(painter, picture)
        draw_neurons(painter, picture, self._tiles)
        draw_switched_off(painter, picture, self._tiles)
        draw_badges(painter, picture)
        draw_outputs(painter, picture)

    def draw_kept(self, painter: QPainter) -> None:
        """Draw all, the captions too, from the picture kept."""
        assert self._image is not None
        for place, strip in self._strips:
            painter.drawImage(place, self._image, strip)

    def renew(self, painter: QPainter, picture: Picture) -> None:
        """Make the picture that is kept anew, where it looks otherwise or has stood a while."""
        ratio = painter.device().devicePixelRatio()
        size = QSizeF(painter.viewport().size())
        look = (picture.layout, picture.style, picture.mode, size, ratio)
        late = time.perf_counter() - self._renewed > RENEWAL_SECONDS
        if look != self._look or (late and picture.frame is not self.shows):
            self._look = look
            self._paint(picture, size, ratio)

    def _paint(self, picture: Picture, size: QSizeF, ratio: float) -> None:
        whole = (size * ratio).toSize()
        if self._image is None or self._image.size() != whole:
            self._image = QImage(whole, QImage.Format.Format_ARGB32_Premultiplied)
        self._image.setDevicePixelRatio(ratio)
        self._image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, picture)
        draw_captions(painter, picture)
        painter.end()
        self.shows, self._renewed = picture.frame, time.perf_counter()
        below_captions = round(picture.room.top * ratio)
        found = strips(self._image, 0, below_captions)
        found += strips(self._image, below_captions, whole.height())
        to_points = QTransform.fromScale(1 / ratio, 1 / ratio)
        self._strips = [(to_points.mapRect(strip), strip) for strip in found]


def strips(image: QImage, top: int, bottom: int) -> list[QRectF]:
    """Return where something stands between two rows, in device pixels: mostly little.

    >>> image = QImage(100, 10, QImage.Format.Format_ARGB32_Premultiplied)
    >>> image.fill(0)
    >>> image.setPixel(20, 5, 0xFFFFFFFF)
    >>> strips(image, 4, 8)
    [PySide6.QtCore.QRectF(20.000000, 4.000000, 1.000000, 4.000000)]
    """
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    (filled,) = np.nonzero(np.bitwise_or.reduce(pixels[top:bottom], axis=0))
    if not len(filled):
        return []
    runs = np.split(filled, np.nonzero(np.diff(filled) > GAP)[0] + 1)
    return [QRectF(run[0], top, run[-1] + 1 - run[0], bottom - top) for run in runs]
