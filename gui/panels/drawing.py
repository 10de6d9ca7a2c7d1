"""Draw a digit, and see what the network on screen makes of it while it learns."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from engine.data_sources import Digits
from gui.drawing.answer import Answer, how_trained
from gui.drawing.bars import ProbabilityBars
from gui.drawing.canvas import Canvas
from gui.drawing.shelf import Kept, Shelf
from gui.drawing.sketch import Stroke
from gui.drawing.strip import Strip, stage_tiles, why_tile
from gui.drawing.tools import Tools
from gui.drawing.why import weights_along
from gui.frame import Frame
from gui.reading import Reading
from gui.session import Session

DIRECTION = QBoxLayout.Direction
DIGIT_SHAPE = (8, 8)


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
        self.shelf = Shelf()
        self.no_picture = NoPicture(session)
        self._stages_of: tuple[object, ...] = (None, None)
        self._why_of: Reading | None = None
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._drawing_page())
        self._pages.addWidget(self.no_picture)
        self.canvas.changed.connect(self._send)
        self.canvas.put_away.connect(self._keep)
        self.shelf.chosen.connect(self.canvas.load)
        self.answer.why.toggled.connect(self._show_why)
        self.canvas.why_wanted.connect(self.answer.why.toggle)
        session.frameChanged.connect(self.refresh)
        session.historyReset.connect(self.refresh)
        self.refresh()

    def _drawing_page(self) -> QWidget:
        page = QWidget()
        self._layout = QBoxLayout(DIRECTION.TopToBottom, page)
        self._layout.setContentsMargins(8, 6, 8, 8)
        self._layout.setSpacing(10)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self.tools)
        left.addWidget(self.canvas, 1)
        right.setSpacing(10)
        right.addWidget(self.answer)
        right.addWidget(self.bars, 1)
        right.addWidget(self.strip)
        self._layout.addLayout(left)
        self._layout.addLayout(right)
        right.addWidget(self.shelf, 1)
        self._layout.addStretch(1)
        return page

    def sizeHint(self) -> QSize:
        return QSize(310, 660)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put canvas and answer side by side where the panel is wide."""
        wide = self.width() > 1.2 * self.height()
        self._layout.setDirection(DIRECTION.LeftToRight if wide else DIRECTION.TopToBottom)
        for index, stretch in enumerate((1, 1, 0) if wide else (0, 100, 1)):
            self._layout.setStretch(index, stretch)
        super().resizeEvent(event)

    # ------------------------------------------------------------ session

    @Slot()
    def _send(self) -> None:
        """Let the network read what is drawn so far."""
        strokes = self.canvas.sketch.strokes
        self._session.draw(list(strokes) if strokes else None)
        self.refresh()

    @Slot(tuple)
    def _keep(self, strokes: tuple[Stroke, ...]) -> None:
        """Put a drawing on the shelf, with the answer it has now."""
        frame: Frame | None = self._session.frame
        if frame is None or frame.reading is None:
            self.shelf.keep(Kept(strokes, "", "Not read yet"))
            return
        answer = self.answer.digit.text()
        told = f"Read as {answer} ({self.answer.sure.text()}) {how_trained(frame.epoch)}"
        self.shelf.keep(Kept(strokes, answer, told))

    @Slot()
    def refresh(self) -> None:
        """Show how the network reads the drawing now."""
        frame: Frame | None = self._session.frame
        if frame is not None and frame.shape.image_shape != DIGIT_SHAPE:
            self.no_picture.explain(frame.shape.input_names)
            self._pages.setCurrentWidget(self.no_picture)
            return
        self._pages.setCurrentIndex(0)
        strokes = self.canvas.sketch.strokes
        reading = frame.reading if frame is not None and strokes else None
        self._show_stages(strokes, reading)
        self._show_why()
        if frame is None or reading is None:
            self._show_nothing()
            return
        names = frame.shape.output_names or tuple(map(str, range(len(reading.probabilities))))
        self.bars.show_probabilities(names, reading.probabilities)
        self.answer.show_reading(reading, names, frame.epoch)

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
            "With the handwritten digits as its data set it can."
        )

    @Slot()
    def _learn_digits(self) -> None:
        experiment = self._session.experiment
        data = replace(experiment.data, source=Digits())
        self._session.change(replace(experiment, data=data), "Handwritten digits")
