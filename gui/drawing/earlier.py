"""The shelf with its headline: how earlier drawings are read as the network learns."""

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.digits.drawings import Drawing
from gui.drawing.collection import Collection
from gui.drawing.shelf import Shelf, verdict
from gui.frame import Frame
from gui.own_fonts import give_font
from gui.session import Session

MOST_SHOWN = 120


class Earlier(QWidget):
    """Shows a collection, and lets the network read it; says what comes here while it is empty.

    Signals
    -------
    chosen(tuple)
        The strokes of a drawing that is wanted back on the canvas.
    """

    chosen = Signal(tuple)

    def __init__(self, session: Session, collection: Collection) -> None:
        super().__init__()
        self._session = session
        self._collection = collection
        self._outputs: dict[Drawing, np.ndarray] = {}
        self._names: tuple[str, ...] = ()  # what those outputs are called
        self._newest: object = None
        self.shelf = Shelf()
        self.title = QLabel()
        self.score = QLabel()
        self.title.setProperty("role", "muted")
        self.score.setToolTip("How many of those you have labelled are read as what they are")
        give_font(self.title, 8.5)
        give_font(self.score, 8.5, bold=True, tabular=True)
        self._lay_out()
        self.shelf.chosen.connect(self._choose)
        self.shelf.forgotten.connect(collection.forget)
        self.shelf.labelled.connect(self._label)
        collection.changed.connect(self._show_drawings)
        session.frameChanged.connect(self.refresh)
        self._show_drawings()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.title, 1)
        line.addWidget(self.score)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self.shelf, 1)

    # ------------------------------------------------------------ what is shown

    @property
    def shown(self) -> tuple[Drawing, ...]:
        """The newest drawings, not more than can be looked at."""
        return self.shelf.drawings

    @Slot()
    def _show_drawings(self) -> None:
        """Show the collection as it is now, and have it read."""
        drawings = self._collection.drawings
        shown = drawings[:MOST_SHOWN]
        self.shelf.show_drawings(shown)
        self._session.watch(shown)
        self.title.setText(
            "Your drawings" if len(drawings) < 10 else f"Your {len(drawings):,} drawings"
        )
        self._outputs = {each: self._outputs[each] for each in shown if each in self._outputs}
        self._show_verdicts()

    @Slot()
    def refresh(self) -> None:
        """Show how the drawings are read now, if that is news."""
        frame: Frame | None = self._session.frame
        watched = frame.watched if frame is not None else None
        if watched is None or watched is self._newest or watched.drawings is not self.shown:
            return
        self._newest = watched
        self._outputs = dict(zip(watched.drawings, watched.outputs, strict=True))
        self._names = watched.names
        self._show_verdicts()

    def _show_verdicts(self) -> None:
        verdicts = [verdict(each, self._outputs.get(each), self._names) for each in self.shown]
        self.shelf.show_verdicts(verdicts)
        labelled = [each.right for each in verdicts if each.right is not None]
        self.score.setText(f"{sum(labelled)} of {len(labelled)} right" if labelled else "")

    # ------------------------------------------------------------ what is done

    @Slot(object)
    def _choose(self, drawing: Drawing) -> None:
        self.chosen.emit(drawing.strokes)

    @Slot(object, object)
    def _label(self, drawing: Drawing, label: int | None) -> None:
        self._collection.label(drawing.strokes, label)
