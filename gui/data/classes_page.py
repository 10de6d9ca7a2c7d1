"""How every class is read: the confusion matrix, and the rows behind its cells."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from engine.answers import Answers
from engine.datasets import Dataset
from gui.data.gallery import Gallery, tiles_of
from gui.data.matrix import Cell, ConfusionMatrix
from gui.frame import Frame
from gui.own_fonts import give_font
from gui.session import Session

MOST_TILES = 200


class ClassesPage(QWidget):
    """Counts of right and wrong answers over the test rows, and the wrong ones to look at."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._data: Dataset | None = None
        self._answers: Answers | None = None
        self.standing = QLabel()
        self.matrix = ConfusionMatrix()
        self.title = QLabel()
        self.all = QToolButton()
        self.all.setText("Show all")
        self.all.setToolTip("Show all rows that are misread")
        self.debug = QToolButton()
        self.debug.setText("Step through")
        self.debug.setToolTip(
            "Open these in the backprop debugger, the marked one first; a double click does, too"
        )
        self.gallery = Gallery()
        self.none = QLabel("None is misread.")
        self.none.setProperty("role", "muted")
        for label in (self.standing, self.title):
            give_font(label, bold=True, tabular=True)
        self._lay_out()
        self.matrix.selected.connect(self._select)
        self.all.clicked.connect(self._show_all)
        self.gallery.chosen.connect(session.show_row)
        self.gallery.opened.connect(self._step_through)
        self.debug.clicked.connect(self._step_through)

    def _lay_out(self) -> None:
        self._area = QScrollArea()
        self._area.setWidget(self.gallery)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.setContentsMargins(0, 4, 0, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.debug)
        head.addWidget(self.all)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.standing)
        column.addWidget(self.matrix)
        column.addLayout(head)
        column.addWidget(self.none)
        column.addWidget(self._area, 1)

    # ------------------------------------------------------------ what is shown

    def show_data(self, data: Dataset) -> None:
        """Show the classes of another data set."""
        self._data, self._answers = data, None
        self.matrix.select(None)
        self.gallery.show_data(data)

    def show_frame(self, frame: Frame) -> None:
        """Show the answers that the network gives now."""
        probe = frame.probe
        row = probe.index if probe is not None and probe.source == "row" else None
        self.gallery.show_chosen(row)
        answers = frame.seen.answers if frame.seen is not None else None
        if answers is None or answers is self._answers or self._data is None:
            return
        if len(answers.confusion) != len(self._data.class_names):
            return
        self._answers = answers
        self.matrix.show_answers(answers, self._data.class_names, self._noun())
        self._refresh()

    def _noun(self) -> str:
        assert self._data is not None
        kind = "test" if self._data.held_back else "training"
        return f"{kind} {'digits' if self._data.image_shape else 'rows'}"

    @Slot(object)
    def _select(self, cell: Cell | None) -> None:
        self._refresh()

    @Slot()
    def _show_all(self) -> None:
        self.matrix.select(None)

    @Slot()
    def _step_through(self) -> None:
        """Hand the rows that are shown to the debugger."""
        rows = self.gallery.rows_from_current()
        if rows and self._data is not None:
            self._session.unfold("test" if self._data.held_back else "train", rows)

    def _refresh(self) -> None:
        """Show the rows that are wanted, and say which they are."""
        answers, data = self._answers, self._data
        if answers is None or data is None:
            return
        wrong, rows = len(answers.misread), len(answers.true)
        self.standing.setText(f"{wrong:,} of {rows:,} {self._noun()} misread")
        cell = self.matrix.cell
        names = data.class_names
        tiles = tiles_of(answers, names, cell)[:MOST_TILES]
        title = "Misread" if cell is None else f"{names[cell[0]]} read as {names[cell[1]]}"
        self.title.setText(f"{title}: {len(tiles)}")
        self.all.setVisible(cell is not None)
        self.none.setText("None is misread." if cell is None else "None at present.")
        self.none.setVisible(not tiles)
        self.debug.setVisible(bool(tiles))
        self.gallery.show_tiles(tiles)
        self.gallery.setAccessibleName(self.title.text())
