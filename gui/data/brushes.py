"""What a new point stands for: a class, or a height."""

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from engine.datasets import Dataset
from engine.drawn_data import MOST_CLASSES
from gui import theme
from gui.data.cloud import dot
from gui.data.colors import largest_height, point_colors
from gui.data.editing import drawn_kind
from gui.panel_parts import CalmDoubleSpinBox


class Brushes(QWidget):
    """A button for each class and one for another class; a number where points have heights.

    Signals
    -------
    classWanted
        One more class than there are is asked for.
    """

    classWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: Dataset | None = None
        self._classes: tuple[str, ...] = ()
        self._group = QButtonGroup(self)
        self.more = QToolButton(self)
        self.more.setProperty("narrow", True)
        self.more.setToolTip(f"Add a class; there may be {MOST_CLASSES}")
        self.more.setAccessibleName("Add a class")
        self.more.clicked.connect(self.classWanted)
        self.height_name = QLabel("New points at", self)
        self.number = CalmDoubleSpinBox(self)
        self.number.setRange(-1e6, 1e6)
        self.number.setValue(1.0)
        self.number.setAccessibleName("Height of a new point")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        for part in (self.height_name, self.number, self.more):
            self._row.addWidget(part)
        self._row.addStretch(1)

    @property
    def buttons(self) -> list[QAbstractButton]:
        """One for each class."""
        return self._group.buttons()

    @property
    def answer(self) -> tuple[float, ...]:
        """The answer of a new point; empty where its place tells."""
        if self._data is None or self._data.features == 1:
            return ()
        if self._data.task == "regression":
            return (self.number.value(),)
        return (float(self._group.checkedId()),)

    def offer(self, data: Dataset) -> None:
        """Offer the answers that points of a data set may have."""
        self._data = data
        possible = drawn_kind(data) is not None
        heights = possible and data.features == 2 and data.task == "regression"
        classes = data.class_names if possible else ()
        if classes != self._classes:
            self._classes = classes
            self._make_buttons()
        self.more.setVisible(2 <= len(classes) < MOST_CLASSES)
        self.height_name.setVisible(heights)
        self.number.setVisible(heights)
        if heights:
            self.number.setSingleStep(largest_height(data) / 10)
        self._dress()

    def _make_buttons(self) -> None:
        for button in self.buttons:
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        for index, name in enumerate(self._classes):
            button = QToolButton(self)
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            several = len(self._classes) > 2
            button.setText(name if several else f"class {name}")
            button.setProperty("narrow", several)
            button.setToolTip(f"New points are of class {name}")
            button.setAccessibleName(button.toolTip())
            button.setChecked(index == len(self._classes) - 1)
            self._group.addButton(button, index)
            self._row.insertWidget(index, button)

    def _dress(self) -> None:
        self.more.setIcon(theme.icon("plus", "muted"))
        buttons = self.buttons
        if self._data is None or not buttons:
            return
        several = self._data.task == "classification"
        answers = np.eye(len(buttons)) if several else np.arange(2.0)[:, None]
        for button, color in zip(buttons, point_colors(self._data, answers), strict=True):
            picture = dot(
                theme.palette().name, QColor(color).rgb(), False, 5.0, self.devicePixelRatioF()
            )
            button.setIcon(QIcon(picture))
            button.setIconSize(QSize(14, 14))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)
