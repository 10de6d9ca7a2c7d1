"""The network as the ground of what is drawn over it: kept as an image, for it stands still."""

from collections.abc import Callable
from operator import is_

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage, QPainter

from gui.network_view.picture import Picture

DrawsNetwork = Callable[[QPainter, Picture], None]

VEIL = 0.84
"""Opacity of the canvas over what is not active."""


class QuietGround:
    """An image of the network under a veil, made anew when what it shows is another."""

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._shown: tuple[object, ...] = ()
        self._looks: tuple[object, ...] = ()

    def draw(
        self, painter: QPainter, rect: QRect, picture: Picture, draw_network: DrawsNetwork
    ) -> None:
        """Draw the ground; `draw_network` draws the network where it has to be made anew."""
        if not picture.cached:
            _paint(painter, rect, picture, draw_network)
            return
        ratio = painter.device().devicePixelRatio()
        shown = (picture.frame, picture.layout, picture.style)
        looks = (rect.size(), ratio, picture.focus, picture.mode, picture.values.scales)
        same = looks == self._looks and all(map(is_, shown, self._shown))
        if self._image is None or not same:
            self._image = QImage(rect.size() * ratio, QImage.Format.Format_RGB32)
            self._image.setDevicePixelRatio(ratio)
            inner = QPainter(self._image)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner.setClipRect(rect)
            _paint(inner, rect, picture, draw_network)
            inner.end()
            self._shown, self._looks = shown, looks
        painter.drawImage(QPointF(rect.topLeft()), self._image)


def _paint(painter: QPainter, rect: QRect, picture: Picture, draw_network: DrawsNetwork) -> None:
    painter.fillRect(rect, picture.style.color("canvas"))
    draw_network(painter, picture)
    painter.fillRect(rect, picture.style.color("canvas", VEIL))
