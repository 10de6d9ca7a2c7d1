"""Lines of many colours, drawn by Qt in one call that holds nothing of Python's.

Between two calls a thread that is busy with Python has to hand the interpreter over, for long
enough to fall asleep: a call for each pen keeps the training waiting. What a QPicture carries
out is a list of painting commands, and whoever writes that list has Qt change pens by itself.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPen, QPicture

from gui.network_view.unheld import BYTES_PER_LINE, carry_out, draw_lines

FINENESS = 64
"""Points are written as whole numbers of this part of a pixel, which Qt reads fastest."""

LINES, SET_PEN, SET_HINTS = 11, 46, 63  # how QPicture numbers its commands
SMOOTH = QPainter.RenderHint.Antialiasing

Run = tuple[QPen, int, int, bool]
"""A thin pen, its first line, the one after its last, and whether they are antialiased."""


def thin_pen(color: QColor) -> QPen:
    """Return a pen that Qt draws fast with, on any scale: one pixel wide, without caps."""
    pen = QPen(color, 1.0)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


class WrittenLines:
    """Draws runs of lines; memory is taken once.

    Parameters
    ----------
    lines : ndarray (count, 4) of float64
        (x0, y0, x1, y1) of each, in the painter's coordinates; read at each drawing.
    """

    def __init__(self, lines: np.ndarray) -> None:
        self._lines = lines
        self._address = lines.ctypes.data
        self._fine = np.empty_like(lines)
        self._whole = np.empty(lines.shape, ">i4")
        self._picture = QPicture()

    def draw(self, painter: QPainter, runs: list[Run]) -> None:
        """Draw, with each run's pen and smoothness; leaves the painter as it was."""
        painter.save()
        on_pixels = painter.paintEngine().type() == QPaintEngine.Type.Raster
        if not (runs and on_pixels and self._carried_out(painter, runs)):
            for pen, start, stop, smooth in runs:
                painter.setPen(pen)
                painter.setRenderHint(SMOOTH, smooth)
                draw_lines(painter, self._address + start * BYTES_PER_LINE, stop - start)
        painter.restore()

    def _carried_out(self, painter: QPainter, runs: list[Run]) -> bool:
        """Have Qt draw all at once; return whether it could be asked to."""
        commands = list(self._commands(runs))
        written = QByteArray(b"".join(commands))  # the stream reads it where it lies
        stream = QDataStream(written, QIODevice.OpenModeFlag.ReadOnly)
        painter.scale(1 / FINENESS, 1 / FINENESS)
        if carry_out(self._picture, painter, stream, len(commands)):
            return True
        painter.scale(FINENESS, FINENESS)
        return False

    def _commands(self, runs: list[Run]) -> Iterator[bytes]:
        drawn = slice(runs[0][1], runs[-1][2])
        np.multiply(self._lines[drawn], FINENESS, out=self._fine[drawn])
        np.copyto(self._whole[drawn], self._fine[drawn], casting="unsafe")
        were_smooth = None
        for pen, start, stop, smooth in runs:
            if smooth != were_smooth:
                were_smooth = smooth
                yield _command(SET_HINTS, (SMOOTH.value if smooth else 0).to_bytes(4, "big"))
            yield _set_pen(pen.color().rgba())
            points = (2 * (stop - start)).to_bytes(4, "big")
            yield _command(LINES, points + self._whole[start:stop].tobytes())


@lru_cache(maxsize=256)
def _set_pen(rgba: int) -> bytes:
    written = QByteArray()
    QDataStream(written, QIODevice.OpenModeFlag.WriteOnly) << thin_pen(QColor.fromRgba(rgba))
    return _command(SET_PEN, written.data())


def _command(number: int, arguments: bytes) -> bytes:
    """Return a command as QPicture writes it: number, length, and what it is done with."""
    length = min(len(arguments), 255).to_bytes(1, "big")
    if len(arguments) >= 255:
        length += len(arguments).to_bytes(4, "big")
    return number.to_bytes(1, "big") + length + arguments
