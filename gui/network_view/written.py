"""Lines of many colours, drawn by Qt in one call that holds nothing of Python's.

Between two calls a thread that is busy with Python has to hand the interpreter over, for long
enough to fall asleep: a call for each pen keeps the training waiting. What a QPicture carries
out is a list of painting commands, and whoever writes that list has Qt change pens by itself.
"""

import struct
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, Qt
from PySide6.QtGui import QBrush, QColor, QPaintEngine, QPainter, QPen, QPicture

from gui.network_view.unheld import BYTES_PER_LINE, carry_out, draw_lines

FINENESS = 64
"""Points are written as whole numbers of this part of a pixel, which Qt reads fastest."""

DRAW_RECT, LINES, SET_PEN, SET_BRUSH, SET_HINTS = 5, 11, 46, 47, 63
"""How QPicture numbers its commands."""
SMOOTH = QPainter.RenderHint.Antialiasing


class ThinPen(QPen):
    """A pen that Qt draws fast with, on any scale: one pixel wide, without caps.

    Attributes
    ----------
    written : bytes
        The command that takes it up.
    """

    def __init__(self, color: QColor) -> None:
        super().__init__(color, 1.0)
        self.setCosmetic(True)
        self.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.written = _command(SET_PEN, _as_qt_writes(QPen(self)))


Run = tuple[ThinPen, int, int, bool]
"""A pen, its first line, the one after its last, and whether they are antialiased."""


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
        self._bytes = self._whole.reshape(-1).view(np.uint8)

    def draw(self, painter: QPainter, runs: list[Run]) -> None:
        """Draw, with each run's pen and smoothness; leaves the painter as it was.

        A painter of nothing, such as one of an empty image, draws nothing.
        """
        if not painter.isActive():
            return
        on_pixels = painter.paintEngine().type() == QPaintEngine.Type.Raster
        if runs and not (on_pixels and self.write(runs).carry_out(painter)):
            painter.save()
            for pen, start, stop, smooth in runs:
                painter.setPen(pen)
                painter.setRenderHint(SMOOTH, smooth)
                draw_lines(painter, self._address + start * BYTES_PER_LINE, stop - start)
            painter.restore()

    def write(self, runs: list[Run], ground: QColor | None = None) -> "Written":
        """Return what is to be drawn, as the lines are now.

        Parameters
        ----------
        ground : QColor, optional
            What all is filled with before.
        """
        commands = list(_filling(ground.rgb())) if ground is not None else []
        if runs:
            drawn = slice(runs[0][1], runs[-1][2])
            np.multiply(self._lines[drawn], FINENESS, out=self._fine[drawn])
            np.copyto(self._whole[drawn], self._fine[drawn], casting="unsafe")
        were_smooth = None
        for pen, start, stop, smooth in runs:
            if smooth != were_smooth:
                were_smooth = smooth
                commands.append(_command(SET_HINTS, _number(SMOOTH.value if smooth else 0)))
            commands.append(pen.written)
            ends = _number(2 * (stop - start))
            commands.append(_command(LINES, ends + self._bytes[16 * start : 16 * stop].tobytes()))
        return Written(commands)


class Written:
    """Commands that Qt carries out in one call.

    Parameters
    ----------
    commands : list of bytes
        As QPicture writes them.
    """

    def __init__(self, commands: list[bytes]) -> None:
        self._bytes = QByteArray(b"".join(commands))
        self._count = len(commands)

    def carry_out(self, painter: QPainter) -> bool:
        """Let a painter carry them out, and leave it as it was; return whether it could."""
        stream = QDataStream(self._bytes, QIODevice.OpenModeFlag.ReadOnly)  # reads them in place
        painter.save()
        painter.scale(1 / FINENESS, 1 / FINENESS)
        done = carry_out(QPicture(), painter, stream, self._count)
        painter.restore()
        return done


@lru_cache(maxsize=8)
def _filling(ground: int) -> list[bytes]:
    """Return the commands that fill everything with an opaque colour."""
    far = 1e6  # farther than any painting reaches; Qt clips it
    everything = struct.pack(">4d", -far, -far, 2 * far, 2 * far)
    return [
        _command(SET_PEN, _as_qt_writes(QPen(Qt.PenStyle.NoPen))),
        _command(SET_BRUSH, _as_qt_writes(QBrush(QColor.fromRgb(ground)))),
        _command(DRAW_RECT, everything),
    ]


def _as_qt_writes(tool: QPen | QBrush) -> bytes:
    written = QByteArray()
    QDataStream(written, QIODevice.OpenModeFlag.WriteOnly) << tool
    return bytes(written.data())


def _number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def _command(number: int, arguments: bytes) -> bytes:
    """Return a command as QPicture writes it: number, length, and what it is done with."""
    length = min(len(arguments), 255).to_bytes(1, "big")
    if len(arguments) >= 255:
        length += _number(len(arguments))
    return number.to_bytes(1, "big") + length + arguments
