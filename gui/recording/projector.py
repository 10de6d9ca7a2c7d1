"""Paints the moments of a film, at a size and in a theme of its own."""

import time

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPainter

from gui import theme
from gui.network_view.look import Moment
from gui.network_view.scene import Scene

BAND = 0.004
"""Seconds that a band of a picture should take."""
NARROWEST = 40


class Projector:
    """Turns moments into pictures; in the window's thread, a few milliseconds at a time.

    A picture is painted in bands, from the bottom up, as high as the time allows.

    Parameters
    ----------
    width, height : int
        Of the drawing, in device-independent pixels.
    ratio : float
        Pixels of the picture for each of those.
    name : {'dark', 'light'}
        The theme.
    """

    def __init__(self, width: int, height: int, ratio: float, name: theme.ThemeName) -> None:
        self._size = QSize(width, height)
        self._ratio = ratio
        self._name: theme.ThemeName = name
        self._scene = Scene()
        self._image = QImage(self._size * ratio, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(ratio)
        self._missing = height  # rows that are not painted yet
        self._band = NARROWEST

    def paint(self, moment: Moment) -> bytes | None:
        """Return a moment's pixels, blue, green, red and nothing; None where more is to paint."""
        if self._missing == 0:
            self._missing = self._size.height()
            return bytes(self._image.constBits())
        began = time.perf_counter()
        top = max(0, self._missing - self._band)
        band = QRect(0, top, self._size.width(), self._missing - top)
        if not self._paint_band(moment, band):
            self._missing = top
            faster = BAND / (time.perf_counter() - began)
            self._band = max(NARROWEST, round(self._band * min(max(faster, 0.5), 2.0)))
        return None

    def _paint_band(self, moment: Moment, band: QRect) -> bool:
        """Paint a part of a moment; return whether its edges are still to be caught up with."""
        with theme.painted_in(self._name):
            picture = self._scene.take(moment, self._size, self._ratio)
            painter = QPainter(self._image)
            lags = self._scene.paint(
                painter, QRect(QPoint(), self._size), picture, band, patient=True
            )
            painter.end()
        return lags
