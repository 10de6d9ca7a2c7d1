"""The drawings that were put away, and what they were said to show."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.digits.drawings import Drawing
from gui.drawing.keeper import Keeper
from gui.drawing.sketch import Stroke

MOST = 60
"""Drawings without a label that are kept; those with one are all kept."""
PROBLEM_MILLISECONDS = 500
FILE = "drawings.npz"


class Collection(QObject):
    """Drawings, the newest first, kept between two starts of the program.

    Parameters
    ----------
    undo_stack : QUndoStack
        Where labelling, forgetting and importing can be undone.
    folder : Path or None
        Where the file is; None keeps nothing.

    Attributes
    ----------
    drawings : tuple of Drawing
        All of them.

    Signals
    -------
    changed
        `drawings` are others now.
    noticed(str)
        A sentence for the status line.
    """

    changed = Signal()
    noticed = Signal(str)

    def __init__(
        self, undo_stack: QUndoStack, folder: Path | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.drawings: tuple[Drawing, ...] = ()
        self._undo_stack = undo_stack
        self._keeper = Keeper(folder / FILE) if folder is not None else None
        self._look = QTimer(self)
        self._look.setInterval(PROBLEM_MILLISECONDS)
        self._look.timeout.connect(self._tell_problem)

    def load(self) -> None:
        """Take up what was kept at the last start."""
        if self._keeper is None:
            return
        try:
            self.drawings = self._keeper.load()
        except (ValueError, OSError) as error:
            self.noticed.emit(f"Your earlier drawings could not be read: {error}")
        self.changed.emit()

    @property
    def labelled(self) -> tuple[Drawing, ...]:
        """My digits: the drawings that were said to show one."""
        return tuple(each for each in self.drawings if each.label is not None)

    def of(self, strokes: tuple[Stroke, ...]) -> Drawing | None:
        """Return the drawing that has these very strokes."""
        return next((each for each in self.drawings if each.strokes is strokes), None)

    # ------------------------------------------------------------ changes

    def keep(self, strokes: tuple[Stroke, ...]) -> None:
        """Put a drawing in front; one that is there already moves there."""
        drawing = self.of(strokes) or Drawing(strokes)
        others = [each for each in self.drawings if each is not drawing]
        plain = [each for each in others if each.label is None]
        forgotten = set(plain[MOST - 1 :]) if drawing.label is None else set()
        self._set((drawing, *(each for each in others if each not in forgotten)))

    def label(self, strokes: tuple[Stroke, ...], label: int | None) -> None:
        """Say what a drawing shows, or with None that nobody knows; can be undone."""
        before = self.of(strokes)
        if before is None:
            self.keep(strokes)
            before = self.drawings[0]
        if before.label != label:
            text = "Take a label back" if label is None else f"This is a {label}"
            self._push((before,), (Drawing(strokes, label),), text)

    def forget(self, drawings: Sequence[Drawing]) -> None:
        """Take drawings away; can be undone."""
        if drawings:
            plural = "s" if len(drawings) > 1 else ""
            self._push(tuple(drawings), (), f"Forget {len(drawings)} drawing{plural}")

    def add(self, drawings: Sequence[Drawing], replaced: Sequence[Drawing] = ()) -> None:
        """Put several drawings in front, and take away those they replace; can be undone."""
        if drawings:
            plural = "s" if len(drawings) > 1 else ""
            self._undo_stack.beginMacro(f"Import {len(drawings)} drawing{plural}")
            self._push(tuple(replaced), (), "Make room")
            self._push((), tuple(drawings), "Import")
            self._undo_stack.endMacro()

    def _push(self, out: tuple[Drawing, ...], new: tuple[Drawing, ...], text: str) -> None:
        self._undo_stack.push(_Exchange(self, out, new, text))

    def _set(self, drawings: tuple[Drawing, ...]) -> None:
        self.drawings = drawings
        if self._keeper is not None:
            self._keeper.save(drawings)
            self._look.start()
        self.changed.emit()

    def _tell_problem(self) -> None:
        """Say once that the drawings could not be kept."""
        keeper = self._keeper
        if keeper is None or keeper.busy:
            return
        self._look.stop()
        if keeper.problem:
            self.noticed.emit(f"Your drawings could not be kept: {keeper.problem}")


class _Exchange(QUndoCommand):
    """Drawings that went, and others that came in their place."""

    def __init__(
        self,
        collection: Collection,
        out: tuple[Drawing, ...],
        new: tuple[Drawing, ...],
        text: str,
    ) -> None:
        super().__init__(text)
        self._collection = collection
        self._out = out
        self._new = new
        self._before: tuple[Drawing, ...] = ()

    def redo(self) -> None:
        self._before = self._collection.drawings
        self._exchange(self._out, self._new)

    def undo(self) -> None:
        self._exchange(self._new, self._out)

    def _exchange(self, out: tuple[Drawing, ...], new: tuple[Drawing, ...]) -> None:
        """Take away and put in, each at the place that it had before."""
        left, gone = list(self._collection.drawings), frozenset(out)
        at = next((index for index, each in enumerate(left) if each in gone), 0)
        left = [each for each in left if each not in gone]
        places = {each: index for index, each in enumerate(self._before)}
        if all(each in places for each in new):
            for each in new:
                left.insert(min(places[each], len(left)), each)
        else:
            left[at:at] = new
        self._collection._set(tuple(left))
