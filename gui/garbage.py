"""Garbage is collected in the window's thread only.

Python collects cyclic garbage in whichever thread happens to allocate. A widget freed that
way by the training thread takes the process down, so automatic collection is switched off,
and a timer of the window does it instead, by the interpreter's own thresholds.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MILLISECONDS = 200


class GarbageCollector(QObject):
    """Collects as long as its parent, the application, lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MILLISECONDS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that is due, and with it the younger ones."""
        due = [
            generation
            for generation, (count, threshold) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if count > threshold
        ]
        if due:
            gc.collect(max(due))

    @staticmethod
    def settle() -> None:
        """Take all that lives now for permanent, so that later collections are short."""
        gc.freeze()
