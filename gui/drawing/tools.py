"""The row of tools above the canvas."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from gui import theme
from gui.drawing.canvas import Canvas
from gui.drawing.ink import fitted
from gui.drawing.samples import sample
from gui.drawing.sketch import Stroke

NO_DIGITS = ("A", "H", "K", "W", "horse", "fish", "scribble")
WIDTH = 31
PEN_WIDTHS = {"Thin pen": 0.03, "Medium pen": 0.055, "Thick pen": 0.09}
UNDO, REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


class Tools(QWidget):
    """Pen, eraser, undo, redo, clear and samples, for one canvas.

    The canvas itself answers to the keys that the tooltips name, while it has the focus.

    Signals
    -------
    row_wanted(int)
        A digit of the data set that shows this.
    """

    row_wanted = Signal(int)

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._icons: dict[QToolButton, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._add_pen_and_eraser()
        self.undo = self._add("undo", "Undo the last stroke", keys_of(UNDO))
        self.redo = self._add("redo", "Redo", keys_of(REDO))
        self.clear = self._add("clear", "Clear the canvas", "Delete")
        self._row.addStretch(1)
        self._add_samples()
        self.more = self._add("more", "Pictures, and your own digits", "")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.undo.clicked.connect(canvas.undo)
        self.redo.clicked.connect(canvas.redo)
        self.clear.clicked.connect(canvas.clear)
        canvas.changed.connect(self.refresh)
        canvas.tool_changed.connect(self.refresh)
        self.refresh()
        self.dress()

    def _add(self, icon: str, text: str, keys: str) -> QToolButton:
        button = QToolButton()
        button.setIconSize(QSize(18, 18))
        button.setToolTip(f"{text} ({keys})" if keys else text)
        button.setAccessibleName(text)
        if icon:
            button.setFixedWidth(WIDTH)
            self._icons[button] = icon
        self._row.addWidget(button)
        return button

    def _add_pen_and_eraser(self) -> None:
        self.pen = self._add("pen", "Draw; hold for the width of the pen", "P")
        self.eraser = self._add("eraser", "Erase whole strokes", "E")
        for button in (self.pen, self.eraser):
            button.setCheckable(True)
            button.setAutoExclusive(True)
        self.pen.clicked.connect(self._take_pen)
        self.eraser.clicked.connect(self._take_eraser)
        menu = QMenu(self)
        group = QActionGroup(menu)
        for name, width in PEN_WIDTHS.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(width == self._canvas.pen_width)
            action.setData(width)
            group.addAction(action)
        menu.triggered.connect(self._choose_width)
        self.pen.setMenu(menu)
        self.pen.setPopupMode(QToolButton.ToolButtonPopupMode.DelayedPopup)

    def _add_samples(self) -> None:
        self.samples = self._add("", "Put a sample digit on the canvas", "0 to 9")
        self.samples.setText("Sample")
        self.samples.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._sample_menu = QMenu(self)
        for digit in range(10):
            self._sample_menu.addAction(f"A sample &{digit}").setData(digit)
        self._sample_menu.triggered.connect(self._load_sample)
        self._sample_menu.addSeparator()
        self.rows_menu = self._sample_menu.addMenu("From the &data set")
        for digit in range(10):
            self.rows_menu.addAction(f"One of its &{digit}s").setData(f"row {digit}")
        self.others_menu = self._sample_menu.addMenu("&No digit at all")
        for name in NO_DIGITS:
            text = f"The letter {name}" if len(name) == 1 else f"A {name}"
            self.others_menu.addAction(text).setData(name)
        self.samples.clicked.connect(self._offer_samples)

    # ------------------------------------------------------------ commands

    def refresh(self) -> None:
        """Offer what is possible now."""
        sketch = self._canvas.sketch
        self.undo.setEnabled(sketch.can_undo)
        self.redo.setEnabled(sketch.can_redo)
        self.clear.setEnabled(bool(sketch.finished))
        self.pen.setChecked(self._canvas.tool == "pen")
        self.eraser.setChecked(self._canvas.tool == "eraser")

    def _take_pen(self) -> None:
        self._canvas.set_tool("pen")

    def _take_eraser(self) -> None:
        self._canvas.set_tool("eraser")

    def _choose_width(self, action: QAction) -> None:
        self._canvas.set_pen_width(action.data())

    def _offer_samples(self) -> None:
        corner = QPoint(0, self.samples.height())
        self._sample_menu.popup(self.samples.mapToGlobal(corner))

    def _load_sample(self, action: QAction) -> None:
        wanted = action.data()
        if isinstance(wanted, int):
            self._canvas.load(sample(wanted))
        elif wanted.startswith("row "):
            self.row_wanted.emit(int(wanted[4:]))
        else:
            self._canvas.load(no_digit(wanted))
        self._canvas.setFocus()

    # ------------------------------------------------------------ the look

    def dress(self) -> None:
        """Take icons from the theme."""
        for button, icon in self._icons.items():
            button.setIcon(theme.icon(icon))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.dress()
        super().changeEvent(event)


def keys_of(standard: QKeySequence.StandardKey) -> str:
    """Return the first key sequence of a standard command, as people read it."""
    return QKeySequence(standard).toString(QKeySequence.SequenceFormat.NativeText)


def no_digit(name: str) -> tuple[Stroke, ...]:
    """Return one of the project's drawings that show no digit, in the unit square."""
    from engine.handwriting import sample_drawings  # not needed to start

    found = next(each for each in sample_drawings() if each["name"] == name)
    return fitted((np.array(stroke, float) for stroke in found["strokes"]), margin=0.14)
