"""The weights of a layer as a table: for exact reading, and for screen readers."""

from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.frame import Frame
from gui.network_view.items import Neuron
from gui.network_view.names import layer_name, neuron_name, number
from gui.own_fonts import give_font

RENEWAL = 500  # milliseconds
Index = QModelIndex | QPersistentModelIndex
ROLES = Qt.ItemDataRole


class WeightsModel(QAbstractTableModel):
    """Row by row what comes in, column by column the neurons; the biases are the last row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._layer = 0

    def show(self, frame: Frame | None, layer: int) -> None:
        """Show a layer of a frame."""
        before = self._frame
        self._frame, known = frame, before is not None and frame is not None
        if known and layer == self._layer and before.shape == frame.shape:  # type: ignore[union-attr]
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._layer = layer
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        if self._frame is None or parent.isValid():
            return 0
        has_bias = self._frame.biases[self._layer] is not None
        return self._frame.weights[self._layer].shape[0] + has_bias

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if self._frame is None or parent.isValid():
            return 0
        return self._frame.weights[self._layer].shape[1]

    def value(self, row: int, column: int) -> float:
        """Return a weight, or in the last row a bias."""
        assert self._frame is not None
        weights, bias = self._frame.weights[self._layer], self._frame.biases[self._layer]
        if row == weights.shape[0] and bias is not None:
            return float(bias[column])
        return float(weights[row, column])

    def data(self, index: Index, role: int = ROLES.DisplayRole) -> Any:
        if self._frame is None or not index.isValid():
            return None
        if role == ROLES.DisplayRole:
            return number(self.value(index.row(), index.column()), 4, signed=True)
        if role == ROLES.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == ROLES.ForegroundRole:
            value = self.value(index.row(), index.column())
            return QColor(theme.palette().color("negative" if value < 0 else "positive"))
        if role == ROLES.AccessibleTextRole:
            source = self.headerData(index.row(), Qt.Orientation.Vertical)
            target = self.headerData(index.column(), Qt.Orientation.Horizontal)
            return f"{source} to {target}: {self.value(index.row(), index.column()):+.4g}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = ROLES.DisplayRole
    ) -> Any:
        if self._frame is None or role != ROLES.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return neuron_name(self._frame.shape, Neuron(self._layer + 1, section))
        if section == self._frame.weights[self._layer].shape[0]:
            return "bias"
        return neuron_name(self._frame.shape, Neuron(self._layer, section))

    def as_text(self) -> str:
        """Return the table with tabs, at full precision, as spreadsheets take it."""
        if self._frame is None:
            return ""
        weights, bias = self._frame.weights[self._layer], self._frame.biases[self._layer]
        rows = weights if bias is None else np.vstack([weights, bias])
        across = [self.headerData(c, Qt.Orientation.Horizontal) for c in range(rows.shape[1])]
        lines = ["\t".join(["", *across])]
        for number_of_row, row in enumerate(rows.tolist()):
            name = self.headerData(number_of_row, Qt.Orientation.Vertical)
            lines.append("\t".join([name, *(repr(value) for value in row)]))
        return "\n".join(lines)


class WeightsTable(QDialog):
    """A window with the table of one layer, kept up to date while it is open.

    Parameters
    ----------
    view : QWidget
        The network view, whose `frame` is shown.
    """

    def __init__(self, view: Any) -> None:
        super().__init__(view)
        self.setWindowTitle("Weights")
        self.resize(760, 520)
        self._view = view
        self._model = WeightsModel(self)
        self._layers = QComboBox(self)
        self._layers.setAccessibleName("Layer")
        self._layers.currentIndexChanged.connect(self.refresh)
        self._table = QTableView(self)
        self._table.setModel(self._model)
        self._table.setAccessibleName("Weights of the layer")
        give_font(self._table, 9.5, tabular=True)
        for header in (self._table.horizontalHeader(), self._table.verticalHeader()):
            give_font(header)
        copy = QPushButton("Copy table", self)
        copy.setAutoDefault(False)
        copy.clicked.connect(self.copy)
        top = QHBoxLayout()
        top.addWidget(QLabel("Weights from", self))
        top.addWidget(self._layers)
        top.addStretch(1)
        top.addWidget(copy)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self._table)
        self._timer = QTimer(self)
        self._timer.setInterval(RENEWAL)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the newest numbers."""
        frame: Frame | None = self._view.frame
        if frame is None:
            return
        names = [
            f"{layer_name(frame.shape, layer).lower()} to "
            f"{layer_name(frame.shape, layer + 1).lower()}"
            for layer in range(len(frame.weights))
        ]
        if names != [self._layers.itemText(i) for i in range(self._layers.count())]:
            self._layers.blockSignals(True)
            self._layers.clear()
            self._layers.addItems(names)
            self._layers.blockSignals(False)
        self._model.show(frame, max(0, self._layers.currentIndex()))

    @Slot()
    def copy(self) -> None:
        """Put the table on the clipboard."""
        QApplication.clipboard().setText(self._model.as_text())
