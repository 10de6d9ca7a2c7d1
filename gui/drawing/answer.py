"""The network's answer in words: what, how sure, after how much training."""

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.drawing.bars import percent
from gui.own_fonts import give_font
from gui.reading import Reading

DIGIT = (36, True)  # points, bold
FIRST_WORDS = (12, True)
UNKNOWN = "Unlike anything it was trained on"
UNKNOWN_HELP = (
    "<p>The network itself answers any drawing with one of its digits. So another one looks "
    "first: it has seen digits in many hands, and letters, signs, pictures and scribbles, and "
    "says what the drawing is more like.</p>"
    "<p>Of real digits by strangers, 1 to 8 in 100 are doubted wrongly.</p>"
)
UNLIKE = {
    "letter": "More like a letter",
    "sign": "More like a symbol",
    "picture": "More like a picture",
    "scribble": "More like a scribble",
    "more": "More than one digit",
    "": "No digit it knows",
}


def how_sure(probability: float) -> str:
    """Say a probability in words.

    >>> how_sure(0.99), how_sure(0.7), how_sure(0.2)
    ('very sure', 'fairly sure', 'guessing')
    """
    words = ((0.95, "very sure"), (0.8, "sure"), (0.5, "fairly sure"), (0.3, "unsure"))
    return next((word for least, word in words if probability >= least), "guessing")


def how_trained(epoch: int, trained: bool = False) -> str:
    """Say how far the network is trained, or that it is the one that came trained.

    >>> how_trained(0), how_trained(1), how_trained(1200), how_trained(1500, trained=True)
    ('not trained yet', 'after 1 epoch', 'after 1,200 epochs', 'the trained network')
    """
    if trained:
        return "the trained network"
    if epoch == 0:
        return "not trained yet"
    return f"after {epoch:,} epoch{'s' if epoch > 1 else ''}"


class Answer(QWidget):
    """A large digit with a few words beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit = QLabel()
        self.sure = QLabel()
        self.runner_up = QLabel()
        self.trained = QLabel()
        self.warning = QLabel(UNKNOWN)
        self.why = QToolButton()
        self.why.setText("Why?")
        self.why.setCheckable(True)
        self.why.setToolTip(
            "Colour your strokes: orange speaks for the answer, blue against it (W)"
        )
        self.why.hide()
        self.digit.setAccessibleName("The network's answer")
        self.digit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.runner_up.setProperty("role", "muted")
        self.trained.setProperty("role", "muted")
        self.warning.setProperty("role", "warning")
        self.warning.setToolTip(UNKNOWN_HELP)
        self._lay_out()
        self._give_fonts()
        self._fit()
        self.show_nothing()

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.addWidget(self.sure, 1)
        first.addWidget(self.why)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addLayout(first)
        for label in (self.runner_up, self.warning, self.trained):
            words.addWidget(label)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.digit)
        row.addLayout(words, 1)
        for label in (self.sure, self.runner_up, self.warning, self.trained):
            # Words are cut off before they widen the panel.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def _give_fonts(self) -> None:
        give_font(self.digit, *DIGIT)
        give_font(self.sure, *FIRST_WORDS, tabular=True)
        give_font(self.why, 9)
        for label in (self.runner_up, self.trained, self.warning):
            give_font(label, 9.5, tabular=True)

    def _fit(self) -> None:
        """Give every digit the same room, and the button that of the words beside it."""
        digits, words = QFontMetrics(theme.font(*DIGIT)), QFontMetrics(theme.font(*FIRST_WORDS))
        self.digit.setFixedSize(digits.horizontalAdvance("88"), round(digits.height() * 0.95))
        self.why.setFixedHeight(words.height() + 4)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._fit()
        super().changeEvent(event)

    def show_nothing(self) -> None:
        """Say that there is nothing to answer yet."""
        self.why.hide()
        self.digit.setText("?")
        self.sure.setText("Waiting for a digit")
        self.runner_up.setText("It is read while you draw.")
        self.trained.setText("")
        self.digit.setEnabled(False)
        self._warn(False)

    def show_reading(
        self, reading: Reading, names: tuple[str, ...], source: str, settled: bool = True
    ) -> None:
        """Say what the network makes of the drawing.

        Parameters
        ----------
        reading : Reading
        names : tuple of str
            What the classes are called.
        source : str
            Whose answer it is, as from :func:`how_trained`.
        settled : bool
            Whether the drawing may be doubted; not while the pen is still down.
        """
        self.digit.setEnabled(True)
        self.trained.setText(source)
        self.why.setVisible(reading.contributions is not None)
        values = reading.probabilities
        if not np.isfinite(values).all():
            self._show_broken()
            return
        first, second = np.argsort(values)[::-1][:2]
        self.digit.setText(names[first])
        best = float(values[first])
        self.sure.setText(f"{percent(best)} %, {how_sure(best)}")
        self.runner_up.setText(f"then {names[second]} with {percent(float(values[second]))} %")
        doubted = settled and reading.known is False
        if doubted:
            self.digit.setText("?")
            self.digit.setEnabled(False)
            self.sure.setText(UNLIKE[reading.like])
            self.trained.setText(f"would say {names[first]} · {source}")
        self._warn(doubted)

    def _show_broken(self) -> None:
        self.digit.setText("–")
        self.sure.setText("No answer")
        self.runner_up.setText("Its numbers are no longer finite.")
        self._warn(False)

    def _warn(self, unknown: bool) -> None:
        """Put the warning in the runner-up's place, so that nothing else moves."""
        self.runner_up.setVisible(not unknown)
        self.warning.setVisible(unknown)
