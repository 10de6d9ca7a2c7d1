"""The bar on top: play, step, reset, seed, speed, and where the training stands."""

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolBar,
    QToolButton,
    QWidget,
)

from gui.actions import Actions
from gui.own_fonts import give_font
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
        self._slider.setAccessibleName("Training speed")
        self._slider.setToolTip("How fast the training runs: slow down to watch every epoch")
        self._text = QLabel()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(6, 0, 6, 0)
        self._row.addWidget(self._slider)
        self._row.addWidget(self._text)
        self._fit()
        self.set_compact(False)
        self.refresh()
        self._slider.valueChanged.connect(self._choose)
        session.speedChanged.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show the session's speed."""
        self._slider.setValue(SPEEDS.index(self._session.speed))
        self._text.setText(speed_text(self._session.speed))

    def set_compact(self, compact: bool) -> None:
        """Put the words under a shorter slider, or beside it."""
        self._row.setDirection(_direction(compact))
        self._row.setSpacing(0 if compact else 8)
        self._slider.setFixedWidth(88 if compact else 120)
        policies = QSizePolicy.Policy  # the two stay together where the bar is higher
        self.setSizePolicy(policies.Preferred, policies.Fixed if compact else policies.Preferred)

    def _fit(self) -> None:
        """Give every speed the same room, so that the bar stands still while the slider moves."""
        self._text.setMinimumWidth(self._text.fontMetrics().horizontalAdvance(LONG_SPEED))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    @Slot(int)
    def _choose(self, index: int) -> None:
        if SPEEDS[index] != self._session.speed:
            self._session.set_speed(SPEEDS[index])


class Figure(QLabel):
    """A running number that has room once: one that may grow lays out the window at every change.

    Parameters
    ----------
    text : str
        What stands for the number while there is none.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        give_font(self, 12.5, bold=True, tabular=True)

    def show_text(self, text: str) -> None:
        """Show another number; take more room only where it is a longer one."""
        if self.text() != text:
            self.setText(text)
            if self.sizeHint().width() > self.width():
                self._fit()

    def _fit(self) -> None:
        room, size = self.fontMetrics().horizontalAdvance(USUAL_FIGURE), self.sizeHint()
        self.setFixedSize(max(room, size.width()), size.height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()


class Standing(QWidget):
    """Epoch, loss and accuracy in figures that can be read from the back row."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 0, 8, 0)
        self._row.setSpacing(20)
        self._pairs: list[QBoxLayout] = []
        self._captions: dict[str, QLabel] = {}
        self._figures: dict[str, Figure] = {}
        for name in ("epoch", "loss", "accuracy"):
            self._captions[name], self._figures[name] = caption, figure = QLabel(), Figure("–")
            caption.setProperty("role", "muted")
            pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
            pair.addWidget(caption)
            pair.addWidget(figure)
            self._row.addLayout(pair)
            self._row.setAlignment(pair, Qt.AlignmentFlag.AlignVCenter)
            self._pairs.append(pair)
        self._name_figures()
        self.set_compact(False)
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
        self._figures["epoch"].show_text("trained" if frame.trained else f"{frame.epoch:,}")
        self._figures["loss"].show_text("–" if math.isnan(loss) else f"{loss:.4g}")
        self._figures["accuracy"].show_text("–" if math.isnan(accuracy) else f"{accuracy:.1%}")

    def set_compact(self, compact: bool) -> None:
        """Put the figures under their captions, or beside them."""
        for pair in self._pairs:
            pair.setDirection(_direction(compact))
            pair.setSpacing(0 if compact else 6)
        self._row.invalidate()  # it hears nothing from layouts within it
        self.updateGeometry()


class TransportBar(QToolBar):
    """Everything that starts, stops and paces the training.

    Where the window is narrow, it yields step by step, what is secondary first, so that epoch, loss
    and accuracy always have their place; it is never narrower than with all of that yielded.

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
        names = ("play", "step", "reset", "seed")
        play, *others = (self._add_button(actions[name]) for name in names)
        play.setObjectName("primary")
        self.addSeparator()
        self._speed = SpeedSlider(session)
        self.addWidget(self._speed)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spring)
        self.standing = Standing(session)
        self.addWidget(self.standing)
        _show_icons_only([self._add_button(actions["theme"])], True)
        self._yields: tuple[Callable[[bool], None], ...] = (
            partial(_show_icons_only, others),
            self._speed.set_compact,
            self.standing.set_compact,
            partial(_show_icons_only, [play]),
        )
        self._yielded = 0
        self._needed = [0] * (len(self._yields) + 1)

    def _add_button(self, action: QAction) -> QToolButton:
        self.addAction(action)
        button = self.widgetForAction(action)
        assert isinstance(button, QToolButton)
        return button

    def event(self, event: QEvent) -> bool:
        """Fit in whenever the width is another, or another one is needed."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            if self.sizeHint().width() != self._needed[self._yielded]:
                self._measure()
                self._fit()
        elif event.type() == QEvent.Type.Resize:
            self._fit()
        return done

    def _measure(self) -> None:
        """Note the width needed after each step of yielding, with the texts and fonts of now."""
        for count in range(len(self._needed)):
            self._yield_first(count)
            self._needed[count] = self.sizeHint().width()
        self.setMinimumWidth(self._needed[-1])

    def _fit(self) -> None:
        """Yield as little as the width allows."""
        fitting = (count for count, width in enumerate(self._needed) if width <= self.width())
        count = next(fitting, len(self._yields))
        if count != self._yielded:
            self._yield_first(count)

    def _yield_first(self, count: int) -> None:
        self._yielded = count
        for index, set_compact in enumerate(self._yields):
            set_compact(index < count)
        layout = self.layout()
        assert layout is not None
        layout.invalidate()  # it hears nothing from parts that it had no room for


def _direction(compact: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.TopToBottom if compact else QBoxLayout.Direction.LeftToRight


def _show_icons_only(buttons: list[QToolButton], alone: bool) -> None:
    """Leave the words to the tooltips, or let them stand beside the icons."""
    styles = Qt.ToolButtonStyle
    for button in buttons:
        button.setToolButtonStyle(
            styles.ToolButtonIconOnly if alone else styles.ToolButtonTextBesideIcon
        )
