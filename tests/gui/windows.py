"""How the tests part with a window."""

import gc

from PySide6.QtCore import QCoreApplication, QEvent


def discard(window):
    """Close a window and let Qt delete it, as the program does at its end."""
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
