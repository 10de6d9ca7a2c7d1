"""Loss and accuracy over the epochs, of the rows trained on and of those kept back."""

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QSize, QStandardPaths, Qt, Slot
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QLabel,
    QMenu,
    QMessageBox,
    QToolButton,
    QWidget,
)

from gui import theme
from gui.export import CsvWriter
from gui.own_fonts import give_font
from gui.picture_dialog import PictureActions
from gui.plots.axes import SMALLEST_LOSS, accuracy_floor, log_range, loss_range, nice_above
from gui.plots.chart import Chart, Series
from gui.plots.curves import Bins, Curves
from gui.session import Session

LOSSES = (
    Series("train_loss", "train", "train", "disc"),
    Series("test_loss", "test", "test", "ring"),
    Series("validation_loss", "validation", "muted", "diamond"),
)
ACCURACIES = (
    Series("train_accuracy", "train", "train", "disc"),
    Series("test_accuracy", "test", "test", "ring"),
    Series("validation_accuracy", "validation", "muted", "diamond"),
)
BEST = Series("best", "best", "test", "pointer")
FEWEST_EPOCHS = 10.0
DIRECTION = QBoxLayout.Direction


class HistoryPlot(QWidget):
    """The learning curves; :meth:`refresh` brings them up to date at constant cost.

    Wheel and drag choose the epochs shown, the heights follow; a double click shows all
    again. The value of every curve at the epoch under the mouse stands in the legend.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._curves = Curves()
        self._window: tuple[float, float] | None = None
        self._cursor: int | None = None
        self._drawn: tuple[object, ...] = ()
        self._make_actions()
        self._make_charts()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Learning curves")
        session.historyReset.connect(self.refresh)
        self.refresh()

    # ------------------------------------------------------------ set-up

    def _make_actions(self) -> None:
        self.log = self._action("Logarithmic loss", "log", "L")
        self.log.setToolTip("Show the loss on a logarithmic scale: late progress stays visible (L)")
        self.zoom = self._action("Zoom in on the accuracy", "zoom", "Z")
        self.zoom.setToolTip("Show the upper end of the accuracies only (Z)")
        self.show_all = self._action("Show all epochs", key="Home")
        self.pictures = PictureActions(self, self.paint_picture, "Learning curves")
        self.pictures.copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self.pictures.copy.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(self.pictures.copy)
        self.export = self._action("Export all epochs…")
        for choice in (self.log, self.zoom):
            choice.setCheckable(True)
            choice.toggled.connect(self.refresh)
        self.show_all.triggered.connect(self._forget_window)
        self.pictures.told.connect(self._session.noticed)
        self.export.triggered.connect(self._ask_for_table_file)

    def _action(
        self, text: str, short: str = "", key: str | QKeySequence.StandardKey = ""
    ) -> QAction:
        action = QAction(text, self)
        action.setIconText(short or text)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        return action

    def _make_charts(self) -> None:
        self.loss = Chart("Loss", LOSSES, _button(self.log))
        series = (*ACCURACIES, BEST)
        self.accuracy = Chart("Accuracy", series, _button(self.zoom), unit=" %", rest=150)
        self._layout = QBoxLayout(DIRECTION.LeftToRight, self)
        self._layout.setContentsMargins(4, 0, 4, 0)
        self._layout.setSpacing(8)
        for chart in (self.loss, self.accuracy):
            chart.moved.connect(self._move_to)
            chart.reset_wanted.connect(self._forget_window)
            chart.pointed.connect(self._point_at)
            chart.stretched.settled.connect(self.refresh)
            self._layout.addWidget(chart, 1)
        self.empty = QLabel("The curves appear when the training starts", self)
        self.empty.setProperty("role", "muted")
        self.empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.empty.setAutoFillBackground(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMargin(8)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() > 1.5 * self.height()
        self._layout.setDirection(DIRECTION.LeftToRight if wide else DIRECTION.TopToBottom)
        self._place_empty()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._place_empty()

    def _place_empty(self) -> None:
        """Put what stands in for the curves in the middle, over the axes."""
        text = self.empty.fontMetrics().horizontalAdvance(self.empty.text()) + 24
        width = min(text, self.width() - 16)
        self.empty.resize(width, self.empty.heightForWidth(width))
        self.empty.move(self.rect().center() - self.empty.rect().center())

    # ------------------------------------------------------------ what is shown

    @Slot()
    def refresh(self) -> None:
        """Show the newest epochs; costs nothing when there are none."""
        if self._curves.follow(self._session.history):
            self._window = self._cursor = None
            self._drawn = ()
        wanted = (
            len(self._curves),
            self._window,
            self._cursor,
            self.log.isChecked(),
            self.zoom.isChecked(),
            self.loss.plot.width(),
            self.accuracy.plot.width(),
        )
        if wanted != self._drawn:
            self._drawn = wanted
            self._draw()

    def _draw(self) -> None:
        self.empty.setVisible(not len(self._curves))
        most = max(self.loss.plot.width(), self.accuracy.plot.width(), 200)
        bins = self._curves.bins(most, self._window)
        all_epochs = 0.0, max(FEWEST_EPOCHS, nice_above(self._curves.last_epoch * 1.01))
        epochs = self._window or all_epochs
        self._draw_losses(bins.part(_columns(LOSSES)), epochs)
        self._draw_accuracies(bins.part(_columns(ACCURACIES), scale=100.0), epochs)
        self._show_values()

    def _draw_losses(self, bins: Bins, epochs: tuple[float, float]) -> None:
        extremes = bins.extremes or (0.0, 1.0)
        logarithmic = self.log.isChecked() and bins.extremes is not None
        heights = log_range(*extremes) if logarithmic else loss_range(*extremes)
        self.loss.show_scale(logarithmic)
        self.loss.show_range(epochs, heights)
        if logarithmic:
            bins = bins.log10(SMALLEST_LOSS)
        for row, series in enumerate(LOSSES):
            self.loss.show_curve(series.column, *bins.outline(row))

    def _draw_accuracies(self, bins: Bins, epochs: tuple[float, float]) -> None:
        self.accuracy.setVisible(not len(bins.x) or bins.extremes is not None)
        floor = 0.0
        if self.zoom.isChecked():
            late = slice(len(bins.x) // 2, None)
            extremes = Bins(bins.x[late], bins.low[:, late], bins.high[:, late]).extremes
            floor = accuracy_floor(extremes[0]) if extremes else 0.0
        self.accuracy.show_range(epochs, (floor, 100.0 + (100.0 - floor) * 0.03))
        for row, series in enumerate(ACCURACIES):
            self.accuracy.show_curve(series.column, *bins.outline(row))
        epoch, value = np.array([self._curves.best or ()]).reshape(-1, 2).T
        self.accuracy.show_curve(BEST.column, epoch, value * 100.0)

    def _show_values(self) -> None:
        row, note, best = -1, "", ""
        if self._cursor is not None:
            row, note = self._cursor, f"epoch {self._curves.epoch_of(self._cursor):,.0f}"
        elif self._curves.best is not None:
            epoch, accuracy = self._curves.best
            best = f"best {100 * accuracy:.1f} % in epoch {epoch:,.0f}"
        values, exact = self._curves.values(row), self._cursor is not None
        names = dict.fromkeys(_columns(LOSSES[:2] + ACCURACIES[:2]), float("nan"))
        texts = {name: _as_text(name, value, exact) for name, value in (values or names).items()}
        self.loss.show_values(texts, note)
        self.accuracy.show_values(texts, note, best)
        cursor = None if self._cursor is None else self._curves.epoch_of(self._cursor)
        for chart in (self.loss, self.accuracy):
            chart.show_cursor(cursor)

    # ------------------------------------------------------------ mouse and keyboard

    @Slot(float, float)
    def _move_to(self, low: float, high: float) -> None:
        self._window = low, high
        self.refresh()

    @Slot()
    def _forget_window(self) -> None:
        self._window = None
        self.refresh()

    @Slot(float)
    def _point_at(self, epoch: float) -> None:
        self._cursor = None if np.isnan(epoch) else self._curves.nearest_row(epoch)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor with the arrow keys, Shift for ten epochs; Escape takes it away."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and len(self._curves):
            far = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            row = len(self._curves) if self._cursor is None else self._cursor
            self._cursor = min(max(row + step * (10 if far else 1), 0), len(self._curves) - 1)
            self.refresh()
            said = f"{self.loss.legend.text()}; {self.accuracy.legend.text()}"
            self.setAccessibleDescription(said)
        elif event.key() == Qt.Key.Key_Escape and self._cursor is not None:
            self._point_at(float("nan"))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """Return a menu of what can be done here, and at the epoch under the mouse."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._cursor is not None:
            epoch = int(self._curves.epoch_of(self._cursor))
            back = menu.addAction(f"Go back to epoch {epoch:,}")
            back.triggered.connect(partial(self._session.epochWanted.emit, epoch))
            menu.addSeparator()
        menu.addActions([self.log, self.zoom, self.show_all])
        menu.addSeparator()
        menu.addActions([self.pictures.copy, self.pictures.save, self.export])
        return menu

    # ------------------------------------------------------------ taking it away

    def paint_picture(self, painter: QPainter) -> None:
        """Draw both plots without the buttons."""
        painter.fillRect(self.rect(), theme.palette().color("window"))
        for chart in (self.loss, self.accuracy):
            if chart.isVisibleTo(self):
                painter.save()
                painter.translate(chart.pos())
                chart.paint_picture(painter)
                painter.restore()

    def export_table(self, path: Path) -> None:
        """Write every epoch to a CSV file, between frames; tell the person how it went."""
        if self._session.history is None:
            return
        writer = CsvWriter(path, self._session.history, self)
        writer.finished.connect(self._on_exported)
        writer.start()

    @Slot(str, str)
    def _on_exported(self, name: str, problem: str) -> None:
        if not problem:
            self._session.noticed.emit(f"Saved {name}.")
            return
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Not exported")
        box.setText(f"{name} was not written.")
        box.setInformativeText(f"It cannot be written: {problem}. Choose another folder.")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    @Slot()
    def _ask_for_table_file(self) -> None:
        kinds = "Tables (*.csv)"
        self._ask("Export every epoch", "learning curves.csv", kinds, self.export_table)

    def _ask(self, title: str, name: str, kinds: str, then: object) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen, kind = QFileDialog.getSaveFileName(self, title, str(Path(folder) / name), kinds)
        if chosen:
            path = Path(chosen)
            ending = kind.partition("*")[2].rstrip(")")
            then(path if path.suffix else path.with_suffix(ending))  # type: ignore[operator]


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    give_font(button, 9)
    return button


def _columns(group: tuple[Series, ...]) -> tuple[str, ...]:
    return tuple(series.column for series in group)


def _as_text(column: str, value: float, exact: bool) -> str:
    if np.isnan(value):
        return ""
    if column.endswith("accuracy"):
        return f"{100 * value:.2f} %" if exact else f"{100 * value:.1f} %"
    if exact:
        return f"{value:.6g}"
    return f"{value:.4f}" if 1e-3 <= abs(value) < 1e4 or value == 0 else f"{value:.3e}"
