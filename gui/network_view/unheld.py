"""Qt draws many lines, and puts a window on screen, without holding Python's interpreter.

PySide keeps the interpreter while Qt works, so that a network being painted would keep the
training waiting although it needs another core only. Called through ctypes, the same function
of the same library lets go of it.
"""

import ctypes
import platform
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import cast

import PySide6.QtGui
from PySide6.QtCore import QDataStream, QEvent, QLineF
from PySide6.QtGui import QPainter, QPicture
from PySide6.QtWidgets import QMainWindow
from shiboken6 import Shiboken

DRAW_LINES = {
    "Linux": ("libQt6Gui.so.6", "_ZN8QPainter9drawLinesEPK6QLineFi"),
    "Darwin": ("QtGui.framework/Versions/A/QtGui", "_ZN8QPainter9drawLinesEPK6QLineFi"),
    "Windows": ("Qt6Gui.dll", "?drawLines@QPainter@@QEAAXPEBVQLineF@@H@Z"),
}
"""Where ``QPainter::drawLines(const QLineF *, int)`` is, and how its compiler calls it."""

DELIVER = {
    "Linux": ("libQt6Widgets.so.6", "_ZN11QMainWindow5eventEP6QEvent"),
    "Darwin": ("QtWidgets.framework/Versions/A/QtWidgets", "_ZN11QMainWindow5eventEP6QEvent"),
    "Windows": ("Qt6Widgets.dll", "?event@QMainWindow@@MEAA_NPEAVQEvent@@@Z"),
}
"""The same of ``QMainWindow::event(QEvent *)``."""

CARRY_OUT = {
    "Linux": ("libQt6Gui.so.6", "_ZN8QPicture4execEP8QPainterR11QDataStreami"),
    "Darwin": ("QtGui.framework/Versions/A/QtGui", "_ZN8QPicture4execEP8QPainterR11QDataStreami"),
    "Windows": ("Qt6Gui.dll", "?exec@QPicture@@AEAA_NPEAVQPainter@@AEAVQDataStream@@H@Z"),
}
"""The same of ``QPicture::exec(QPainter *, QDataStream &, int)``."""

BYTES_PER_LINE = 32
FEW = 16
"""Lines that take Qt less time than getting the interpreter back."""


def _function(places: dict[str, tuple[str, str]], *takes: type) -> Callable[..., None] | None:
    """Return Qt's own function, which takes pointers and numbers; None where it is not found."""
    name, symbol = places.get(platform.system(), ("", ""))
    folder = Path(PySide6.QtGui.__file__).parent
    files = [folder / "Qt" / "lib" / name, folder / name]
    try:
        library = ctypes.CDLL(str(next(file for file in files if file.is_file())))
        function = getattr(library, symbol)
    except (StopIteration, OSError, AttributeError):
        return None
    function.restype, function.argtypes = None, takes
    return cast(Callable[..., None], function)


@lru_cache(maxsize=1)
def _draw_lines() -> Callable[[int, int, int], None] | None:
    """Return Qt's function of (painter, lines, count)."""
    return _function(DRAW_LINES, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)


@lru_cache(maxsize=1)
def _deliver() -> Callable[[int, int], None] | None:
    """Return Qt's function of (window, event)."""
    return _function(DELIVER, ctypes.c_void_p, ctypes.c_void_p)


@lru_cache(maxsize=1)
def _carry_out() -> Callable[[int, int, int, int], None] | None:
    """Return Qt's function of (picture, painter, stream, count)."""
    return _function(CARRY_OUT, *(ctypes.c_void_p,) * 3, ctypes.c_int)


def deliver(window: QMainWindow, event: QEvent) -> None:
    """Let a window do what it does with an event, past any method of a subclass.

    The interpreter is taken only for widgets that are painted in Python.
    """
    function = _deliver()
    if function is None:
        QMainWindow.event(window, event)
    else:
        function(Shiboken.getCppPointer(window)[0], Shiboken.getCppPointer(event)[0])


def draw_lines(painter: QPainter, address: int, count: int) -> None:
    """Draw `count` lines that lie in memory as (x0, y0, x1, y1) of float64 each."""
    function = _draw_lines()
    if function is None or count < FEW:
        painter.drawLines(cast(QLineF, Shiboken.wrapInstance(address, QLineF)), count)
    else:
        function(Shiboken.getCppPointer(painter)[0], address, count)


def can_carry_out() -> bool:
    """Return whether :func:`carry_out` finds Qt's function."""
    return _carry_out() is not None


def carry_out(picture: QPicture, painter: QPainter, stream: QDataStream, commands: int) -> bool:
    """Let a painter carry out so many commands of a picture, written in a stream.

    Returns
    -------
    bool
        Whether Qt's function was found; nothing is drawn where it was not.
    """
    function = _carry_out()
    if function is None:
        return False
    drawn, by, read = (Shiboken.getCppPointer(each)[0] for each in (picture, painter, stream))
    function(drawn, by, read, commands)
    return True
