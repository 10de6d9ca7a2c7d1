"""The points of a data set on a plot: which there are, where they lie, how they look."""

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from shiboken6 import Shiboken

from engine.datasets import Dataset
from gui import theme
from gui.data.colors import point_colors

MOST_SHOWN = 2000
"""Points of each kind that are drawn: more would only cover each other."""


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points for training, then points for testing.

    Attributes
    ----------
    places : ndarray (n, 2)
        Both inputs, or input and target.
    targets : ndarray (n, outputs)
    trained : int
        How many of them are trained on.
    all : int
        How many there are, more than are shown in a very large set.
    """

    data: Dataset
    places: np.ndarray
    targets: np.ndarray
    trained: int
    all: int

    @classmethod
    def of(cls, data: Dataset) -> "Cloud":
        """Take the points of a data set with one or two inputs."""
        x = [np.concatenate([data.x_train, data.x_validation])[:MOST_SHOWN], data.x_test]
        y = [np.concatenate([data.y_train, data.y_validation])[:MOST_SHOWN], data.y_test]
        trained = len(x[0])
        inputs = np.concatenate([x[0], x[1][:MOST_SHOWN]])
        targets = np.concatenate([y[0], y[1][:MOST_SHOWN]])
        places = inputs if data.features == 2 else np.column_stack([inputs, targets[:, 0]])
        rows = len(data.x_train) + len(data.x_validation) + len(data.x_test)
        return cls(data, places, targets, trained, rows)

    def __len__(self) -> int:
        return len(self.places)

    @property
    def complete(self) -> bool:
        """Whether every point is shown."""
        return len(self) == self.all

    @property
    def radius(self) -> float:
        """How large a point is drawn on a plot 280 pixels wide."""
        return 5.0 if len(self) <= 60 else 3.4 if len(self) <= 700 else 2.4

    def colors(self) -> list[int]:
        """Return each point's colour: its class or height; for curves the role it plays."""
        if self.data.features == 2:
            return point_colors(self.data, self.targets)
        roles = [theme.palette().color(role).rgb() for role in ("train", "test")]
        return [roles[index >= self.trained] for index in range(len(self))]


@lru_cache(maxsize=512)
def dot(name: str, color: int, tested: bool, radius: float, ratio: float, rim: str = "") -> QPixmap:
    """Return a point's picture: a disc to train on, a bright-edged diamond to test with.

    `name` is the theme's, whose colours it has; `rim` the role of its edge, if not the usual.
    """
    side = 2 * radius + 4
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = theme.palette().color(rim or ("text" if tested else "canvas"), 0.95)
    painter.setPen(QPen(edge, max(0.9, 0.24 * radius)))
    painter.setBrush(QColor(color))
    middle = QPointF(side / 2, side / 2)
    if tested:
        reach = 1.22 * radius
        corners = ((0, -reach), (reach, 0), (0, reach), (-reach, 0))
        painter.drawPolygon([middle + QPointF(x, y) for x, y in corners])
    else:
        painter.drawEllipse(middle, radius, radius)
    painter.end()
    return pixmap


@lru_cache(maxsize=32)
def arrow(name: str, color: int, up: bool, radius: float, ratio: float) -> QPixmap:
    """Return the picture of a point that lies beyond the upper or the lower edge."""
    side = 2 * radius + 4
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.palette().color("canvas"), 1))
    painter.setBrush(QColor(color))
    reach = radius + 1.5
    tip = -reach if up else reach
    corners = ((0, tip), (reach, -0.7 * tip), (-reach, -0.7 * tip))
    painter.drawPolygon([QPointF(side / 2 + x, side / 2 + y) for x, y in corners])
    painter.end()
    return pixmap


@lru_cache(maxsize=32)
def ring(name: str, radius: float, ratio: float) -> QPixmap:
    """Return the mark around a point that is misread, in the colours of theme `name`."""
    side = 2 * radius + 8
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for role, width in (("canvas", 2.6), ("text", 1.3)):
        painter.setPen(QPen(theme.palette().color(role), width))
        painter.drawEllipse(QPointF(side / 2, side / 2), radius + 1.6, radius + 1.6)
    painter.end()
    return pixmap


def draw_copies(painter: QPainter, picture: QPixmap, pixels: np.ndarray) -> None:
    """Draw a picture with its middle at each of the pixels, (n, 2), in one call of Qt's."""
    if not len(pixels):
        return
    ratio = picture.devicePixelRatio()
    copies = np.zeros((len(pixels), 10))  # as QPainter::PixmapFragment lies in memory:
    copies[:, :2] = pixels  # the middle,
    copies[:, 4:6] = picture.width(), picture.height()  # what is taken from 0, 0 on,
    copies[:, 6:8] = 1 / ratio  # its scale across and down, and at last its opacity
    copies[:, 9] = 1
    first = cast(
        QPainter.PixmapFragment,
        Shiboken.wrapInstance(copies.ctypes.data, QPainter.PixmapFragment),
    )
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmapFragments(first, len(copies), picture)


def draw_dots(
    painter: QPainter, cloud: Cloud, pixels: np.ndarray, radius: float, skip: int | None = None
) -> None:
    """Draw all points but `skip` at their pixels (n, 2): those to test with on top."""
    name, ratio = theme.palette().name, painter.device().devicePixelRatioF()
    colors = cloud.colors()
    heights = cloud.data.features == 2 and cloud.data.task == "regression"
    rim = "muted" if heights else ""  # a height near 0 has the colour of the ground
    for index, (x, y) in enumerate((pixels - (radius + 2)).tolist()):
        if index != skip:
            tested = index >= cloud.trained
            edge = "" if tested else rim
            picture = dot(name, colors[index], tested, radius, ratio, edge)
            painter.drawPixmap(QPointF(x, y), picture)


def draw_rings(painter: QPainter, pixels: np.ndarray, radius: float) -> None:
    """Mark points as misread."""
    mark = ring(theme.palette().name, radius, painter.device().devicePixelRatioF())
    for x, y in (pixels - (radius + 4)).tolist():
        painter.drawPixmap(QPointF(x, y), mark)
