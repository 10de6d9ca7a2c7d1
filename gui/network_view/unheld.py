"""Qt draws many lines, and puts a window on screen, without holding Python's interpreter.

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
from PySide6.QtCore import QEvent, QLineF
from PySide6.QtGui import QPainter, QPen
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

Run = tuple[QPen, int, int]
"""A pen, where its lines lie in memory, and how many they are."""

BYTES_PER_LINE = 32
FEW = 16
"""Lines that take Qt less time than getting the interpreter back."""


def _function(places: dict[str, tuple[str, str]]) -> Callable[..., None] | None:
    """Return Qt's own function, which takes pointers; None where it is not found."""
    name, symbol = places.get(platform.system(), ("", ""))
    folder = Path(PySide6.QtGui.__file__).parent
    files = [folder / "Qt" / "lib" / name, folder / name]
    try:
        library = ctypes.CDLL(str(next(file for file in files if file.is_file())))
        function = getattr(library, symbol)
    except (StopIteration, OSError, AttributeError):
        return None
    function.restype = None
    return cast(Callable[..., None], function)


@lru_cache(maxsize=1)
def _draw_lines() -> Callable[[int, int, int], None] | None:
    """Return Qt's function of (painter, lines, count)."""
    function = _function(DRAW_LINES)
    if function is not None:
        function.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)  # type: ignore[attr-defined]
    return function


@lru_cache(maxsize=1)
def _deliver() -> Callable[[int, int], None] | None:
    """Return Qt's function of (window, event)."""
    function = _function(DELIVER)
    if function is not None:
        function.argtypes = (ctypes.c_void_p, ctypes.c_void_p)  # type: ignore[attr-defined]
    return function


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
