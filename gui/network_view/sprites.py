"""Many small pictures at once, out of one sheet: a single call whatever their number."""

from typing import cast

import numpy as np
from PySide6.QtGui import QPainter, QPixmap
from shiboken6 import Shiboken


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
