"""Exceptions in what Qt calls: reported, and the window goes on.

Qt calls methods that a subclass overrides (``paintEvent``, ``sizeHint``, ``redo`` …) from C++. An
exception there has nobody above it to catch it: PySide prints it, sometimes crashes over it, and
a painter that was at work stays alive and takes the process down later. So every override of a
class that is defined after this module was imported is wrapped: the exception goes to
``sys.excepthook`` as any other, painters that were begun are ended, and Qt gets an answer that
does no harm. The next frame paints again.
"""

import sys
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath
from shiboken6 import Shiboken

ANSWERS: dict[str, Callable[[], Any]] = {
    "event": bool,
    "viewportEvent": bool,
    "sceneEvent": bool,
    "eventFilter": bool,
    "sizeHint": QSize,
    "minimumSizeHint": QSize,
    "heightForWidth": lambda: -1,
    "hasHeightForWidth": bool,
    "boundingRect": QRectF,
    "shape": QPainterPath,
    "itemChange": lambda: None,
    "paint": lambda: None,
    "initStyleOption": lambda: None,
    "createEditor": lambda: None,
    "data": lambda: None,
    "headerData": lambda: None,
    "setData": bool,
    "rowCount": int,
    "columnCount": int,
    "index": QModelIndex,
    "parent": QModelIndex,
    "flags": lambda: Qt.ItemFlag.NoItemFlags,
    "redo": lambda: None,
    "undo": lambda: None,
    "mergeWith": bool,
    "id": lambda: -1,
}
"""What Qt is answered where an override fails; an event handler (``…Event``) answers nothing."""


def end_painters(traceback: TracebackType | None, spared: tuple[object, ...] = ()) -> None:
    """End the painters that an exception has left at work, in the frames it came through.

    Parameters
    ----------
    traceback : traceback or None
    spared : tuple of object
        Painters that somebody else began, and goes on with.
    """
    frames = []
    while traceback is not None:
        frames.append(traceback.tb_frame)
        traceback = traceback.tb_next
    for frame in reversed(frames):
        for value in list(frame.f_locals.values()):
            begun = isinstance(value, QPainter) and not any(value is each for each in spared)
            if begun and Shiboken.isValid(value) and value.isActive():
                value.end()


def guarded(method: Callable[..., Any], answer: Callable[[], Any]) -> Callable[..., Any]:
    """Return an override that reports its exceptions instead of raising them."""

    @wraps(method)
    def override(*arguments: Any, **named: Any) -> Any:
        try:
            return method(*arguments, **named)
        except Exception as error:
            end_painters(error.__traceback__, arguments)
            sys.excepthook(type(error), error, error.__traceback__)
            return answer()

    override.__guarded__ = True  # type: ignore[attr-defined]
    return override


def is_override(cls: type, name: str) -> bool:
    """Tell whether a method of a class is one that Qt calls."""
    if name not in ANSWERS and not name.endswith("Event"):
        return False
    return any(
        name in vars(base) and base.__module__.startswith("PySide6.") for base in cls.__mro__[1:]
    )


def _guard(cls: type, **_: Any) -> None:
    for name, method in list(vars(cls).items()):
        if callable(method) and not isinstance(method, type) and is_override(cls, name):
            setattr(cls, name, guarded(method, ANSWERS.get(name, lambda: None)))


setattr(Shiboken.Object, "__init_subclass__", classmethod(_guard))  # noqa: B010 (mypy: a method)
