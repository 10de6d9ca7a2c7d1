"""Catches what overrides of Qt raise before PySide sees it, to learn what it was.

PySide may crash over such an exception before anybody is told of it. With ``--guard`` the fault
is named, and the run goes on.
"""

import functools
import sys
import traceback

from PySide6.QtCore import QObject

VIRTUAL = ("event", "eventFilter", "sizeHint", "minimumSizeHint", "paint", "boundingRect", "data")


def guard(report):
    """Wrap the overrides in all of the program's classes that are known by now."""
    for name, module in list(sys.modules.items()):
        if name.startswith("gui."):
            for kind in list(vars(module).values()):
                if isinstance(kind, type) and issubclass(kind, QObject):
                    _guard_class(kind, report)


def _guard_class(kind, report):
    if "_guarded_by_soak" in vars(kind) or not kind.__module__.startswith("gui."):
        return
    kind._guarded_by_soak = True
    for name, method in list(vars(kind).items()):
        virtual = name in VIRTUAL or name.endswith("Event")
        if virtual and callable(method) and any(hasattr(base, name) for base in kind.__mro__[1:]):
            setattr(kind, name, _guarded(kind, method, report))


def _guarded(kind, method, report):
    @functools.wraps(method)
    def call(self, *arguments, **names):
        try:
            return method(self, *arguments, **names)
        except Exception as error:
            report(type(error), error, error.__traceback__)
            traceback.clear_frames(error.__traceback__)  # with them goes what still paints
            fallback = getattr(super(kind, self), method.__name__)
            return fallback(*arguments) if "Hint" in method.__name__ else False

    return call
