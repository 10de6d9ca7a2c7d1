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
from gui.drawing.answer import Answer
from gui.drawing.bars import ProbabilityBars
from gui.drawing.canvas import Canvas
from gui.drawing.sketch import Stroke
from gui.drawing.strip import Strip, tiles_of
from gui.drawing.tools import Tools
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
        self.no_picture = NoPicture(session)
        self._stages_of: tuple[object, ...] = (None, None, None)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._drawing_page())
        self._pages.addWidget(self.no_picture)
        self.canvas.changed.connect(self._send)
        session.frameChanged.connect(self.refresh)
        session.historyReset.connect(self.refresh)
        self.refresh()

    def _drawing_page(self) -> QWidget:
        page = QWidget()
        self._layout = QBoxLayout(DIRECTION.TopToBottom, page)
        self._layout.setContentsMargins(10, 6, 10, 8)
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
        self._layout.addStretch(1)
        return page

    def sizeHint(self) -> QSize:
        return QSize(310, 660)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put canvas and answer side by side where the panel is wide."""
        wide = self.width() > 1.2 * self.height()
        self._layout.setDirection(DIRECTION.LeftToRight if wide else DIRECTION.TopToBottom)
        for index, stretch in enumerate((1, 1, 0) if wide else (0, 1, 1)):
            self._layout.setStretch(index, stretch)
        super().resizeEvent(event)

    # ------------------------------------------------------------ session

    @Slot()
    def _send(self) -> None:
        """Let the network read what is drawn so far."""
        strokes = self.canvas.sketch.strokes
        self._session.draw(list(strokes) if strokes else None)
        self.refresh()

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
        if frame is None or reading is None:
            self._show_nothing()
            return
        names = frame.shape.output_names or tuple(map(str, range(len(reading.probabilities))))
        self.bars.show_probabilities(names, reading.probabilities)
        self.answer.show_reading(reading, names, frame.epoch)

    def _show_nothing(self) -> None:
        self.answer.show_nothing()
        if self.bars.probabilities is not None:
            self.bars.show_probabilities(self.bars.names, None)

    def _show_stages(self, strokes: tuple[Stroke, ...], reading: Reading | None) -> None:
        """Bring the strip up to date where the drawing, not only the network, is another one."""
        source = (strokes, reading and reading.picture, reading and reading.contributions)
        if any(new is not old for new, old in zip(source, self._stages_of, strict=True)):
            self._stages_of = source
            self.strip.show_tiles(tiles_of(strokes, reading))


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
