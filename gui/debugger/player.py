"""The buttons that walk along: back, play, on; by operation, layer, sample, batch or epoch."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from gui import theme
from gui.debugger.debugger import Debugger

UNITS = {
    "operation": "operation",
    "layer": "layer",
    "sample": "sample",
    "batch": "batch",
    "epoch": "epoch",
}
PACES = (0.5, 1.0, 2.0, 4.0, 8.0)
USUAL_PACE = 1


class Player(QWidget):
    """Walks along the update, by hand or at a pace.

    Attributes
    ----------
    played : Signal of bool
        Playing has begun, or ended.
    """

    played = Signal(bool)

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self.buttons = {
            name: self._button(name, icon, tip, slot)
            for name, icon, tip, slot in (
                ("first", "first", "First operation (Home)", debugger.first),
                ("back", "previous", "Back (←)", self.back),
                ("play", "play", "Walk on by itself (Space)", self.toggle),
                ("forward", "next", "On (→)", self.forward),
                ("last", "last", "Last operation (End)", debugger.last),
            )
        }
        self.unit = _combo("How far a step goes", [f"by {each}" for each in UNITS])
        self.pace = _combo("How fast it plays", [f"{each:g}/s" for each in PACES])
        self.pace.setCurrentIndex(USUAL_PACE)
        self.pace.currentIndexChanged.connect(self._set_pace)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addSpacing(6)
        row.addWidget(self.unit)
        row.addWidget(self.pace)
        row.addStretch(1)
        debugger.closed.connect(self.stop)
        debugger.refused.connect(self.stop)
        self._dress()

    def _button(self, name: str, icon: str, tip: str, slot: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setProperty("icon_name", icon)
        button.setToolTip(tip)
        button.setAccessibleName(tip.split(" (")[0])
        button.clicked.connect(slot)
        return button

    def _dress(self) -> None:
        for name, button in self.buttons.items():
            icon = button.property("icon_name")
            icon = "pause" if name == "play" and self.playing else icon
            button.setIcon(theme.icon(icon))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    # ------------------------------------------------------------ walking

    @property
    def walks_by(self) -> str:
        """The unit of a step: operation, layer, sample, batch or epoch."""
        return list(UNITS)[self.unit.currentIndex()]

    @Slot()
    def forward(self) -> None:
        """Go a step on."""
        debugger = self._debugger
        {
            "operation": debugger.forward,
            "layer": lambda: debugger.next_layer(1),
            "sample": lambda: debugger.next_sample(1),
            "batch": lambda: debugger.walk("forward"),
            "epoch": lambda: debugger.walk("forward_epoch"),
        }[self.walks_by]()

    @Slot()
    def back(self) -> None:
        """Go a step back."""
        debugger = self._debugger
        {
            "operation": debugger.back,
            "layer": lambda: debugger.next_layer(-1),
            "sample": lambda: debugger.next_sample(-1),
            "batch": lambda: debugger.walk("back"),
            "epoch": lambda: debugger.walk("back_epoch"),
        }[self.walks_by]()

    # ------------------------------------------------------------ playing

    @property
    def playing(self) -> bool:
        """Whether it walks on by itself."""
        return self._timer.isActive()

    @Slot()
    def toggle(self) -> None:
        """Walk on by itself, or stop."""
        if self.playing:
            self.stop()
        elif self._debugger.trace is not None:
            self._set_pace()
            self._timer.start()
            self._dress()
            self.played.emit(True)

    @Slot()
    def stop(self) -> None:
        """Stop walking on by itself."""
        if self.playing:
            self._timer.stop()
            self._dress()
            self.played.emit(False)

    @Slot()
    def _set_pace(self) -> None:
        self._timer.setInterval(round(1000 / PACES[self.pace.currentIndex()]))

    @Slot()
    def _tick(self) -> None:
        trace = self._debugger.trace
        at_end = trace is not None and self._debugger.position == len(trace) - 1
        batch = self._debugger.traced is not None and self._debugger.traced.subject.kind == "batch"
        if at_end and not batch and self.walks_by in ("operation", "layer"):
            self.stop()
        elif at_end and batch and self.walks_by == "layer":
            self._debugger.forward()
        else:
            self.forward()


def _combo(name: str, entries: list[str]) -> QComboBox:
    combo = QComboBox()
    combo.addItems(entries)
    combo.setAccessibleName(name)
    combo.setToolTip(name)
    return combo
