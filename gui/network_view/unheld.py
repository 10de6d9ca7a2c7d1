"""Qt draws many lines without holding Python's interpreter meanwhile.

PySide keeps the interpreter while Qt works, so that a network being painted would keep the
training waiting although it needs another core only. Called through ctypes, the same function
of the same library lets go of it.
"""

import ctypes
import platform
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import cast

import PySide6.QtGui
from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainter, QPen
from shiboken6 import Shiboken

DRAW_LINES = {
    "Linux": ("libQt6Gui.so.6", "_ZN8QPainter9drawLinesEPK6QLineFi"),
    "Darwin": ("QtGui.framework/Versions/A/QtGui", "_ZN8QPainter9drawLinesEPK6QLineFi"),
    "Windows": ("Qt6Gui.dll", "?drawLines@QPainter@@QEAAXPEBVQLineF@@H@Z"),
}
"""Where ``QPainter::drawLines(const QLineF *, int)`` is, and how its compiler calls it."""

Run = tuple[QPen, int, int]
"""A pen, where its lines lie in memory, and how many they are."""

BYTES_PER_LINE = 32
FEW = 16
"""Lines that take Qt less time than getting the interpreter back."""


@lru_cache(maxsize=1)
def _draw_lines() -> Callable[[int, int, int], None] | None:
    """Return Qt's own function of (painter, lines, count); None where it is not found."""
    name, symbol = DRAW_LINES.get(platform.system(), ("", ""))
    folder = Path(PySide6.QtGui.__file__).parent
    places = [folder / "Qt" / "lib" / name, folder / name]
    try:
        library = ctypes.CDLL(str(next(place for place in places if place.is_file())))
        function = getattr(library, symbol)
    except (StopIteration, OSError, AttributeError):
        return None
    function.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
    function.restype = None
    return cast(Callable[[int, int, int], None], function)


def draw_lines(painter: QPainter, address: int, count: int) -> None:
    """Draw `count` lines that lie in memory as (x0, y0, x1, y1) of float64 each."""
    draw_runs(painter, [(painter.pen(), address, count)])


def draw_runs(painter: QPainter, runs: Iterable[Run]) -> None:
    """Draw lines with one pen after the other, with as little as can be done between two.

    Each time a thread that is busy with Python has to hand the interpreter over, for long enough
    to fall asleep.
    """
    function, pointer = _draw_lines(), Shiboken.getCppPointer(painter)[0]
    set_pen = painter.setPen
    for pen, address, count in runs:
        set_pen(pen)
        if function is None or count < FEW:
            painter.drawLines(cast(QLineF, Shiboken.wrapInstance(address, QLineF)), count)
        else:
            function(pointer, address, count)
