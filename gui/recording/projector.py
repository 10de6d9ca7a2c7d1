"""Paints the moments of a film, at a size and in a theme of its own."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPainter

from gui import theme
from gui.network_view.look import Moment
from gui.network_view.scene import Scene


class Projector:
    """Turns moments into pictures; in the window's thread, a few milliseconds at a time.

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

    def paint(self, moment: Moment) -> bytes | None:
        """Return a moment's pixels, blue, green, red and nothing; None where more is to paint."""
        with theme.painted_in(self._name):
            picture = self._scene.take(moment, self._size, self._ratio)
            painter = QPainter(self._image)
            lags = self._scene.paint(painter, QRect(QPoint(), self._size), picture, patient=True)
            painter.end()
        return None if lags else bytes(self._image.constBits())
