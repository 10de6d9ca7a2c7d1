"""Draw a digit, and see what the network on screen makes of it while it learns."""

import time

import numpy as np
from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from gui.drawing.answer import Answer, how_trained
from gui.drawing.bars import ProbabilityBars
from gui.drawing.canvas import Canvas
from gui.drawing.collection import Collection
from gui.drawing.earlier import Earlier
from gui.drawing.label import LabelButton
from gui.drawing.more import More
from gui.drawing.sketch import Stroke
from gui.drawing.strip import Strip, stage_tiles, why_tile
from gui.drawing.tools import Tools
from gui.drawing.trained import TrainedButton
from gui.drawing.why import weights_along
from gui.first import FIRST
from gui.frame import Frame
from gui.panel_parts import Fence
from gui.reading import Reading
from gui.session import Session

DIRECTION = QBoxLayout.Direction
DIGIT_SHAPE = (8, 8)
ANY_HEIGHT = 16_777_215  # Qt's largest
READABLE_SECONDS = 0.2  # an answer stands at least, at full speed


class DrawingPanel(QWidget):
    """The canvas, the answer, and the way from the one to the other."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.canvas = Canvas()
        self.tools = Tools(self.canvas)
        self.answer = Answer()
        self.bars = ProbabilityBars()
        self.strip = Strip()
        self.label = LabelButton()
        self.trained = TrainedButton(session)
        self.collection = Collection(session.undo_stack, session.folder, self)
        self.earlier = Earlier(session, self.collection)
        self.more = More(session, self.canvas, self.collection, self)
        self.tools.more.setMenu(self.more.menu)
        self.no_picture = NoPicture(session)
        self._stages_of: tuple[object, ...] = (None, None)
        self._why_of: Reading | None = None
        self._refreshed = 0.0
        self._leafing = False
        self._row = -1
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._drawing_page())
        self._pages.addWidget(self.no_picture)
        self._connect()
        self.collection.load()
        self._show_label()
        self.refresh()

    def _connect(self) -> None:
        canvas, collection, session = self.canvas, self.collection, self._session
        canvas.changed.connect(self._send)
        canvas.put_away.connect(collection.keep)
        canvas.why_wanted.connect(self.answer.why.toggle)
        canvas.label_wanted.connect(self.label.open)
        self.tools.row_wanted.connect(self._show_row_of)
        self.earlier.chosen.connect(canvas.load)
        self.answer.why.toggled.connect(self._show_why)
        self.label.labelled.connect(self._label)
        self.bars.chosen.connect(self._label)
        collection.changed.connect(self._show_label)
        collection.noticed.connect(session.noticed)
        self.more.noticed.connect(session.noticed)
        session.frameChanged.connect(self._follow)
        session.stateChanged.connect(self.refresh)
        session.historyReset.connect(self.refresh)

    def _drawing_page(self) -> QWidget:
        page = QWidget()
        self._layout = QBoxLayout(DIRECTION.TopToBottom, page)
        self._layout.setContentsMargins(8, 6, 8, 8)
        self._layout.setSpacing(8)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self.tools)
        left.addWidget(self.canvas, 1)
        right.setSpacing(7)
        right.addWidget(Fence(self.answer))
        right.addWidget(self.bars, 1)
        right.addLayout(self._buttons())
        right.addWidget(self.strip)
        self._layout.addLayout(left)
        self._layout.addLayout(right)
        right.addWidget(self.earlier, 1)
        self._layout.addStretch(1)
        return page

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.label)
        line.addStretch(1)
        line.addWidget(self.trained)
        return line

    def sizeHint(self) -> QSize:
        return QSize(310, 660)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put canvas and answer side by side where the panel is wide.

        Where it is not, the canvas takes what the others leave, until it is a square.
        """
        wide = self.width() > 1.2 * self.height()
        self._layout.setDirection(DIRECTION.LeftToRight if wide else DIRECTION.TopToBottom)
        self.canvas.setMaximumHeight(ANY_HEIGHT if wide else max(self.width() - 16, 140))
        for index, stretch in enumerate((1, 1, 0) if wide else (10_000, 100, 1)):
            self._layout.setStretch(index, stretch)
        super().resizeEvent(event)

    def put_away(self) -> None:
        """Keep what is on the canvas among the drawings, as when it is cleared."""
        self.canvas.clear()

    # ------------------------------------------------------------ session

    @Slot()
    def _send(self) -> None:
        """Let the network read what is drawn so far."""
        strokes = self.canvas.sketch.strokes
        self._leafing = self._leafing and not strokes
        self._session.draw(list(strokes) if strokes else None)
        self._show_label()
        self.refresh()

    @Slot(object)
    def _label(self, label: int | None) -> None:
        """Say what the drawing on the canvas shows."""
        self.canvas.sketch.finish()
        if self.canvas.sketch.finished:
            self.collection.label(self.canvas.sketch.finished, label)

    @Slot(int)
    def _show_row_of(self, digit: int) -> None:
        """Show the next row of the data set that shows a digit, in place of a drawing."""
        if self._session.dataset is None:
            return
        _x, y = self._session.dataset.shown_rows
        rows = np.flatnonzero(y.argmax(axis=1) == digit)
        if len(rows):
            self.canvas.clear()
            self._row = int(rows[np.searchsorted(rows, self._row, side="right") % len(rows)])
            self._leafing = True
            self._session.show_row(self._row)

    @Slot()
    def _follow(self) -> None:
        """Show a new frame; of those that come at full speed only as many as can be read."""
        drawing = self.canvas.sketch.current is not None
        late = time.perf_counter() - self._refreshed > READABLE_SECONDS
        if drawing or late or not self._session.hurried:
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show how the network reads the drawing now."""
        self._refreshed = time.perf_counter()
        frame: Frame | None = self._session.frame
        if frame is not None and frame.shape.image_shape != DIGIT_SHAPE:
            self.no_picture.explain(frame.shape.input_names)
            self._pages.setCurrentWidget(self.no_picture)
            return
        self._pages.setCurrentIndex(0)
        strokes = self.canvas.sketch.strokes
        reading: Reading | None = None
        if frame is not None:
            reading = frame.reading if strokes else self._reading_of_row(frame)
        self.canvas.show_picture(None if strokes or reading is None else reading.picture)
        self._show_stages(strokes, reading)
        self._show_why()
        if frame is None or reading is None:
            self._show_nothing()
        else:
            self._show_reading(frame, reading)

    def _show_reading(self, frame: Frame, reading: Reading) -> None:
        names = frame.shape.output_names or tuple(map(str, range(len(reading.probabilities))))
        settled = self.canvas.sketch.current is None
        source, probe = how_trained(frame.epoch, frame.trained), frame.probe
        if self._leafing and probe is not None and probe.label is not None:
            source = f"the data set's {names[probe.label]} · {source}"
        doubted = settled and reading.known is False
        self.bars.show_probabilities(names, reading.probabilities, doubted)
        self.answer.show_reading(reading, names, source, settled)

    def _reading_of_row(self, frame: Frame) -> Reading | None:
        """Return how the row on screen is read, while one leafs through the data."""
        probe, data = frame.probe, self._session.dataset
        if not self._leafing or probe is None or probe.source != "row" or data is None:
            return None
        raw = probe.x if data.scaling is None else data.scaling.invert(probe.x[None])[0]
        return Reading(raw.reshape(DIGIT_SHAPE), probe.outputs)

    @Slot()
    def _show_label(self) -> None:
        """Show what the drawing on the canvas was said to be."""
        strokes = self.canvas.sketch.finished
        drawing = self.collection.of(strokes) if strokes else None
        label = None if drawing is None else drawing.label
        if label != self.label.label:
            self.label.show_label(label)
        self.label.setEnabled(bool(strokes))
        self.bars.show_label(label)

    @Slot()
    def _show_why(self) -> None:
        """Colour the strokes by what they say, if that is known and wanted."""
        frame: Frame | None = self._session.frame
        reading: Reading | None = None if frame is None else frame.reading
        strokes = self.canvas.sketch.strokes
        wanted = self.answer.why.isChecked()
        self.canvas.show_weights(weights_along(reading, strokes) if wanted else None)

    def _show_nothing(self) -> None:
        self.answer.show_nothing()
        if self.bars.probabilities is not None:
            self.bars.show_probabilities(self.bars.names, None)

    def _show_stages(self, strokes: tuple[Stroke, ...], reading: Reading | None) -> None:
        """Bring up to date what depends on the drawing, and what on the network, if it changed."""
        stages, why = self.strip.tiles[:-1], self.strip.tiles[-1]
        source = (strokes, reading and reading.picture)
        if any(new is not old for new, old in zip(source, self._stages_of, strict=True)):
            self._stages_of = source
            stages = stage_tiles(strokes, reading)
        if reading is not self._why_of:
            self._why_of = reading
            why = why_tile(reading)
        self.strip.show_tiles((*stages, why))


class NoPicture(QWidget):
    """Says that there is nothing to draw for this network, and what to do about it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setProperty("role", "muted")
        self.button = QPushButton("Learn handwritten digits")
        self.button.clicked.connect(self._learn_digits)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(self._text)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def explain(self, inputs: tuple[str, ...]) -> None:
        """Say what the network takes instead of a picture."""
        if len(inputs) > 4:
            taken = f"{len(inputs)} numbers"
        else:
            taken = " and ".join(inputs) if inputs else "numbers"
        self._text.setText(
            f"This network takes {taken}, not a picture, so it cannot read a drawing. "
            "One that learns handwritten digits can."
        )

    @Slot()
    def _learn_digits(self) -> None:
        self._session.open(FIRST.experiment, FIRST.label, play=True)
