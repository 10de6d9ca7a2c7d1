"""How well a number is predicted: every row's prediction against the truth."""

import math

import numpy as np
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.datasets import Dataset
from engine.fit import Fit, in_own_units
from engine.surfaces import Extent, rounded
from gui.data.fit_key import Entry, FitLine
from gui.data.fit_plot import FitPlot
from gui.data.geometry import in_full
from gui.frame import Frame
from gui.session import Session

HINT = "Click a point to see its row in the network, double-click to step through it."
FIGURES = (
    "R²: the share of the variance that is explained; 1 is perfect, 0 no better than always "
    "saying the mean. Typical error: the root mean squared error, in the units of the data."
)


class FitPage(QWidget):
    """Predicted against true over the rows shown, its figures, and a line about a row."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._data: Dataset | None = None
        self._true = np.empty(0)  # of the rows shown
        self._fit: Fit | None = None
        self.figures = FitLine(10)
        self.figures.setToolTip(FIGURES)
        self.plot = FitPlot()
        self.key = FitLine(9)
        self.told = QLabel(HINT)
        self.told.setProperty("role", "muted")
        self.told.setWordWrap(True)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._lay_out()
        self._dress()
        self.plot.pointed.connect(self._tell)
        self.plot.chosen.connect(session.show_row)
        self.plot.opened.connect(self._step_through)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        for part in (self.figures, self.plot, self.key, self.told):
            column.addWidget(part)
        column.addStretch(1)

    # ------------------------------------------------------------ what is shown

    def show_data(self, data: Dataset) -> None:
        """Show the rows of another data set, which has one number to learn."""
        self._data, self._fit = data, None
        self._true = in_own_units(data.shown_rows[1], data.target_scaling)
        every = np.concatenate([data.y_train, data.y_validation, data.y_test])
        ends = rounded(in_own_units(every, data.target_scaling))
        self.plot.show_data(data, Extent(*ends, *ends))
        self._count()
        self._tell()

    def show_frame(self, frame: Frame) -> None:
        """Show what the network predicts now."""
        probe = frame.probe
        row = probe.index if probe is not None and probe.source == "row" else None
        self.plot.show_chosen(row)
        fit = frame.seen.fit if frame.seen is not None else None
        if fit is None or fit is self._fit or not self._is_of_these_rows(fit):
            return
        self._fit = fit
        self.plot.show_fit(fit)
        self._count()
        self._tell()

    def _is_of_these_rows(self, fit: Fit) -> bool:
        """Tell a fit from one of the data before, which the last frame may still hold."""
        return np.array_equal(fit.true, self._true[: len(fit.true)])

    def _count(self) -> None:
        """Write the figures, and what the marks mean."""
        data, fit = self._data, self._fit
        if data is None:
            return
        kind = "test" if data.held_back else "train"
        rows = "test rows" if data.held_back else "training rows"
        count, all_rows = len(self._true) if fit is None else len(fit.true), len(self._true)
        of = f"{count:,}" if count == all_rows else f"{count:,} of {all_rows:,}"
        entries = [Entry(rows, of, kind), Entry("perfect prediction", "", "perfect")]
        if fit is not None and (beyond := np.count_nonzero(self.plot.beyond())):
            entries.append(Entry("beyond the edge", f"{beyond:,}", "beyond"))
        self.key.show_entries(tuple(entries), kind)
        explained, typical = ("–", "–") if fit is None else (share(fit.r2), typical_error(fit.rmse))
        self.figures.show_entries((Entry("R²", explained), Entry("typical error", typical)))

    @Slot()
    def _tell(self) -> None:
        """Say what is known of the row pointed at, or what can be done."""
        row, fit = self.plot.row, self._fit
        text = HINT if row is None or fit is None else self._about(fit, row)
        if text != self.told.text():
            self.told.setText(text)
        if text != self.plot.accessibleDescription():
            self.plot.setAccessibleDescription(text)

    def _about(self, fit: Fit, row: int) -> str:
        true, predicted = float(fit.true[row]), float(fit.predicted[row])
        texts = [in_full(value, self._step()) for value in (true, predicted)]
        kind = "Test" if self._data is not None and self._data.held_back else "Training"
        off = in_full(abs(predicted - true), self._step())
        way = "high" if predicted > true else "low"
        judged = "" if not math.isfinite(predicted) else f" · {off} too {way}"
        if texts[0] == texts[1]:
            judged = " · right"
        return f"{kind} row {row}{judged}\ntrue {texts[0]} · predicted {texts[1]}"

    def _step(self) -> float:
        """Return the distance of values that are told apart: a thousandth of their range."""
        extent = self.plot.extent
        return 10.0 ** (math.ceil(math.log10(extent.width)) - 3)

    # ------------------------------------------------------------ what is done

    @Slot(int)
    def _step_through(self, row: int) -> None:
        """Hand a row to the debugger, and after it the others, the farthest off first."""
        if self._data is None or self._fit is None:
            return
        others = [each for each in self._fit.farthest_first.tolist() if each != row]
        self._session.unfold("test" if self._data.held_back else "train", (row, *others))

    def _dress(self) -> None:
        self.told.setMinimumHeight(2 * self.told.fontMetrics().lineSpacing())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._dress()
        super().changeEvent(event)


def typical_error(rmse: float) -> str:
    """Write an error in full, with three figures at least.

    >>> typical_error(54.3271), typical_error(11760.4), typical_error(0.0)
    ('54.3', '11,760', '0')
    """
    return in_full(rmse, 10.0 ** (math.floor(math.log10(rmse)) - 2) if 0 < rmse < math.inf else 1.0)


def share(r2: float) -> str:
    """Write R², which may be far below 0.

    >>> share(0.4567), share(-0.0001), share(-1234.5), share(float("nan"))
    ('0.457', '0.000', '−1,234', '–')
    """
    return "–" if math.isnan(r2) else in_full(r2, 0.001 if r2 > -10 else 1.0)
