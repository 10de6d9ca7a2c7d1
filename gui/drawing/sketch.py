"""Strokes drawn by hand, with undo and redo; no Qt."""

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float64]
"""Points of the pen from where it touched to where it was lifted, (n, 2), y down."""

TREMOR = 0.012
"""Of the square's side: a pen that moved less was put down for a dot."""


class Sketch:
    """Strokes in the unit square, whatever the size of the canvas they were drawn on.

    >>> sketch = Sketch()
    >>> sketch.begin(0.5, 0.1)
    >>> sketch.extend(0.5, 0.9)
    True
    >>> sketch.finish()
    >>> len(sketch.strokes), sketch.undo(), len(sketch.strokes), sketch.redo()
    (1, True, 0, True)
    """

    def __init__(self) -> None:
        self._states: list[tuple[Stroke, ...]] = [()]
        self._present = 0
        self._pen = np.empty((0, 2))  # grows by doubling; what it holds is never overwritten
        self._count = 0

    @property
    def finished(self) -> tuple[Stroke, ...]:
        """The strokes whose pen was lifted."""
        return self._states[self._present]

    @property
    def current(self) -> Stroke | None:
        """The stroke under the pen; None while it is lifted."""
        if not self._count:
            return None
        points = self._pen[: self._count]
        points.flags.writeable = False
        return points

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """All strokes, the one under the pen last."""
        current = self.current
        return self.finished if current is None else (*self.finished, current)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._present > 0

    @property
    def can_redo(self) -> bool:
        """Whether a change was taken back last."""
        return self._present < len(self._states) - 1

    # ------------------------------------------------------------ the pen

    def begin(self, x: float, y: float) -> None:
        """Put the pen down; outside the unit square it is held at the border."""
        self.finish()
        self._pen, self._count = np.empty((256, 2)), 1
        self._pen[0] = _inside(x, y)

    def extend(self, x: float, y: float) -> bool:
        """Move the pen; return whether it is down and came to another point."""
        point = _inside(x, y)
        if not self._count or point == tuple(self._pen[self._count - 1]):
            return False
        if self._count == len(self._pen):
            self._pen = np.concatenate([self._pen, np.empty_like(self._pen)])
        self._pen[self._count] = point
        self._count += 1
        return True

    def finish(self) -> None:
        """Lift the pen; a click is a dot, however the hand trembled."""
        if self.current is not None:
            stroke = self.current.copy()
            if np.ptp(stroke, axis=0).max() < TREMOR:
                stroke = stroke[:1].copy()
            stroke.flags.writeable = False
            self.cancel()
            self.replace((*self.finished, stroke))

    def cancel(self) -> None:
        """Forget the stroke under the pen."""
        self._count = 0

    # ------------------------------------------------------------ whole drawings

    def replace(self, strokes: tuple[Stroke, ...]) -> None:
        """Put other strokes in place of all; can be undone."""
        del self._states[self._present + 1 :]
        self._states.append(strokes)
        self._present += 1

    def clear(self) -> bool:
        """Take everything away; return whether there was anything."""
        self.cancel()
        if not self.finished:
            return False
        self.replace(())
        return True

    def erase(self, x: float, y: float, radius: float) -> bool:
        """Take away the strokes that come within `radius` of a point; return whether any did."""
        at = np.array([x, y])
        kept = tuple(each for each in self.finished if distance(each, at) > radius)
        if len(kept) == len(self.finished):
            return False
        self.replace(kept)
        return True

    def undo(self) -> bool:
        """Take the last change back; return whether there was one."""
        self.finish()
        there = self.can_undo
        self._present -= there
        return there

    def redo(self) -> bool:
        """Make the change again that was taken back; return whether there was one."""
        there = self.can_redo and not self._count
        self._present += there
        return there


def _inside(x: float, y: float) -> tuple[float, float]:
    return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)


def distance(stroke: Stroke, point: np.ndarray) -> float:
    """Return how far a point is from the nearest part of a stroke.

    >>> distance(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([0.5, 0.25]))
    0.25
    """
    start, step = stroke[:-1], np.diff(stroke, axis=0)
    if not len(step):
        return float(np.hypot(*(point - stroke[0])))
    length = np.maximum((step**2).sum(axis=1), 1e-18)
    along = np.clip(((point - start) * step).sum(axis=1) / length, 0, 1)
    return float(np.hypot(*(start + along[:, None] * step - point).T).min())
