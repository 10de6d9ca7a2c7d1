"""Many small pictures at once, out of one sheet: a single call whatever their number."""

from functools import lru_cache
from typing import cast

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from shiboken6 import Shiboken

LARGEST = 9.0
"""Radius up to which discs come from a sheet; larger ones are quickly drawn one by one."""

SHADES = 65
"""How many colours a sheet of discs has, from -1 to 1."""


def shade_of(strength: np.ndarray) -> np.ndarray:
    """Return which shade stands for each strength from -1 to 1."""
    return np.rint((strength + 1) * (SHADES // 2)).astype(int)


def draw_discs(
    painter: QPainter, centers: np.ndarray, radius: float, outline: QPen,
    shades: tuple[int, ...], which: np.ndarray, cached: bool = True,
) -> None:  # fmt: skip
    """Draw discs in ``0xffRRGGBB`` colours; where `cached`, small ones come from a sheet."""
    if radius > LARGEST or not cached:
        painter.setPen(outline)
        for (x, y), shade in zip(centers.tolist(), which.tolist(), strict=True):
            painter.setBrush(QColor(shades[shade]))
            painter.drawEllipse(QPointF(x, y), radius, radius)
        return
    ratio = painter.device().devicePixelRatio()
    line = outline.color().rgba(), outline.widthF()
    draw_sprites(painter, _disc_sheet(shades, radius, line, ratio), centers, which, ratio)


@lru_cache(maxsize=32)
def _disc_sheet(
    shades: tuple[int, ...], radius: float, line: tuple[int, float], ratio: float
) -> QPixmap:
    """Return discs of all colours, side by side."""
    color, width = line
    side = int(np.ceil((2 * radius + width + 1) * ratio))
    sheet = QPixmap(len(shades) * side, side)
    sheet.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    painter.setPen(QPen(QColor.fromRgba(color), width))
    for place, fill in enumerate(shades):
        painter.setBrush(QColor(fill))
        painter.drawEllipse(QPointF((place + 0.5) * side / ratio, side / ratio / 2), radius, radius)
    painter.end()
    return sheet


def draw_sprites(
    painter: QPainter,
    sheet: QPixmap,
    centers: np.ndarray,
    which: np.ndarray,
    ratio: float,
    opacity: np.ndarray | float = 1.0,
) -> None:
    """Draw pictures of a sheet.

    Parameters
    ----------
    sheet : QPixmap
        Square pictures side by side, in device pixels.
    centers : ndarray (n, 2)
        Where their middles are, in device-independent pixels.
    which : ndarray (n,)
        Which picture of the sheet stands at each.
    ratio : float
        Device pixels to a device-independent one.
    opacity : ndarray (n,) or float
        How opaque each is.
    """
    side = sheet.height()
    fragments = np.zeros((len(centers), 10))  # as QPainter::PixmapFragment lies in memory
    # Whole device pixels, or Qt would blur what was drawn sharp.
    fragments[:, :2] = (np.rint(centers * ratio - side / 2) + side / 2) / ratio
    fragments[:, 2] = which * side
    fragments[:, 4:6] = side
    fragments[:, 6:8] = 1 / ratio
    fragments[:, 9] = opacity
    kind = QPainter.PixmapFragment
    first = cast(kind, Shiboken.wrapInstance(fragments.ctypes.data, kind))  # type: ignore[valid-type]
    painter.drawPixmapFragments(first, len(fragments), sheet)
