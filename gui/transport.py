"""The bar on top: play, step, reset, seed, speed, and where the training stands."""

import math

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolBar, QWidget

from gui import theme
from gui.actions import Actions
from gui.session import Session

SPEEDS: tuple[float | None, ...] = (0.5, 1, 2, 5, 10, 20, 50, 100, None)
"""Epochs a second at the stops of the slider, slowest first; None is as fast as it goes."""

USUAL_FIGURE = "100.0% "
LONG_SPEED = "100 epochs/s  "


def speed_text(speed: float | None) -> str:
    """Say a speed the way people do.

    >>> speed_text(0.5), speed_text(1), speed_text(20), speed_text(None)
    ('½ epoch/s', '1 epoch/s', '20 epochs/s', 'Full speed')
    """
    if speed is None:
        return "Full speed"
    number = "½" if speed == 0.5 else f"{speed:g}"
    return f"{number} epoch{'s' if speed > 1 else ''}/s"


class SpeedSlider(QWidget):
    """A slider over :data:`SPEEDS` with its value in words."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, len(SPEEDS) - 1)
        self._slider.setPageStep(1)
        self._slider.setFixedWidth(120)
        self._slider.setAccessibleName("Training speed")
        self._slider.setToolTip("How fast the training runs: slow down to watch every epoch")
        self._text = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(8)
        row.addWidget(self._slider)
        row.addWidget(self._text)
        self.dress()
        self.refresh()
        self._slider.valueChanged.connect(self._choose)
        session.speedChanged.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show the session's speed."""
        self._slider.setValue(SPEEDS.index(self._session.speed))
        self._text.setText(speed_text(self._session.speed))

    def dress(self) -> None:
        """Give every speed the same room, so that the bar stands still while the slider moves."""
        self._text.setMinimumWidth(QFontMetrics(theme.font()).horizontalAdvance(LONG_SPEED))

    @Slot(int)
    def _choose(self, index: int) -> None:
        if SPEEDS[index] != self._session.speed:
            self._session.set_speed(SPEEDS[index])


class Standing(QWidget):
    """Epoch, loss and accuracy in figures that can be read from the back row."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(6)
        self._captions: dict[str, QLabel] = {}
        self._figures: dict[str, QLabel] = {}
        for name in ("epoch", "loss", "accuracy"):
            self._captions[name], self._figures[name] = caption, figure = QLabel(), QLabel("–")
            caption.setProperty("role", "muted")
            row.addSpacing(14)
            row.addWidget(caption)
            row.addWidget(figure)
        self._name_figures()
        self.dress()
        session.historyReset.connect(self._name_figures)

    @Slot()
    def _name_figures(self) -> None:
        """Say whether the figures are of the rows for testing; without any, of those learnt."""
        data = self._session.dataset
        self._kind = "test" if data is None or data.held_back else "train"
        kind = {"test": "Test", "train": "Training"}[self._kind]
        names = {"epoch": "Epoch", "loss": f"{kind} loss", "accuracy": f"{kind} accuracy"}
        for each, name in names.items():
            self._captions[each].setText(name)
            self._figures[each].setAccessibleName(name)

    @Slot()
    def refresh(self) -> None:
        """Show the newest frame's figures."""
        frame, history = self._session.frame, self._session.history
        if frame is None or history is None:
            return
        loss, accuracy = math.nan, math.nan
        if len(history) and not frame.trained:
            loss = float(history[f"{self._kind}_loss"][-1])
            accuracy = float(history[f"{self._kind}_accuracy"][-1])
        self._show("epoch", "trained" if frame.trained else f"{frame.epoch:,}")
        self._show("loss", "–" if math.isnan(loss) else f"{loss:.4g}")
        self._show("accuracy", "–" if math.isnan(accuracy) else f"{accuracy:.1%}")

    def dress(self) -> None:
        """Let the figures follow the size of the text."""
        for figure in self._figures.values():
            figure.setFont(theme.font(12.5, bold=True, tabular=True))
            self._fix_size(figure)

    def _show(self, name: str, text: str) -> None:
        figure = self._figures[name]
        if figure.text() != text:
            figure.setText(text)
            if figure.sizeHint().width() > figure.width():
                self._fix_size(figure)

    def _fix_size(self, figure: QLabel) -> None:
        """Give a figure room once: one that may grow lays the whole window out at every change."""
        room = figure.fontMetrics().horizontalAdvance(USUAL_FIGURE)
        size = figure.sizeHint()
        figure.setFixedSize(max(room, size.width()), size.height())


class TransportBar(QToolBar):
    """Everything that starts, stops and paces the training.

    Attributes
    ----------
    standing : Standing
        To be refreshed when there is another frame.
    """

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__("Training")
        self.setObjectName("transport")
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name in ("play", "step", "reset", "seed"):
            self.addAction(actions[name])
        self.widgetForAction(actions["play"]).setObjectName("primary")
        self.addSeparator()
        self._speed = SpeedSlider(session)
        self.addWidget(self._speed)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spring)
        self.standing = Standing(session)
        self.addWidget(self.standing)
        self.addAction(actions["theme"])
        theme_button = self.widgetForAction(actions["theme"])
        theme_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)  # type: ignore[attr-defined]

    def dress(self) -> None:
        """Let what has a font or a size of its own follow the size of the text."""
        self._speed.dress()
        self.standing.dress()
