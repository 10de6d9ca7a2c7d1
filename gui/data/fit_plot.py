"""Predicted against true, to be looked into: rows pointed at, shown in the network, opened."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QWidget

from engine.fit import Fit
from gui.data.fit_picture import FitPicture

REACH = 10.0
"""How near the pointer must come to a point, in pixels."""
FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_Up)
BACK = (Qt.Key.Key_Left, Qt.Key.Key_Down)
PAGES = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
KEYS = (*FORWARD, *BACK, *PAGES, Qt.Key.Key_Home, Qt.Key.Key_End)
CHOOSE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class FitPlot(FitPicture):
    """A fit whose rows can be chosen.

    The mouse: a click shows the row in the network, a double click opens it in the debugger. The
    keyboard: arrows go to the next larger or smaller true value, Home and End to the smallest and
    the largest, Page Up and Page Down by the rows' numbers; Enter shows the row in the network,
    Escape lets go.

    Signals
    -------
    pointed()
        `row`, under the pointer or gone to by keys, is another one now.
    chosen(int), opened(int)
        The row that was clicked, and clicked twice.
    """

    pointed = Signal()
    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order = np.empty(0, np.intp)  # of the rows, by their true values
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_fit(self, fit: Fit) -> None:
        """Show what is predicted now."""
        if self.fit is None:
            self._order = np.argsort(fit.true, kind="stable")
        super().show_fit(fit)

    def row_at(self, at: QPointF) -> int | None:
        """Return the row nearest to a pixel; None where none is near."""
        if self.fit is None:
            return None
        away = np.hypot(*(self.pixels() - (at.x(), at.y())).T)
        away[np.isnan(away)] = np.inf
        nearest = int(away.argmin())
        return nearest if away[nearest] <= max(REACH, self.radius() + 4) else None

    def _point_at(self, row: int | None) -> None:
        if row != self.row:
            self.row = row
            self.pointed.emit()
            self.update()

    # ------------------------------------------------------------ the mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.by_keyboard = False
        self._point_at(self.row_at(event.position()))
        shape = Qt.CursorShape.ArrowCursor
        self.setCursor(shape if self.row is None else Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.by_keyboard = False
            self._point_at(self.row_at(event.position()))
            self._choose()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The row clicked first: the network may have moved its point since.
        if event.button() == Qt.MouseButton.LeftButton and self.row is not None:
            self.opened.emit(self.row)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.by_keyboard:
            self._point_at(None)

    def _choose(self) -> None:
        if self.row is not None:
            self.chosen.emit(self.row)

    # ------------------------------------------------------------ the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self.row is not None:
            self.by_keyboard = False
            self._point_at(None)
        elif key in CHOOSE and self.row is not None:
            self._choose()
        elif (row := self._row_by(key)) is not None:
            self.by_keyboard = True
            self._point_at(row)
            self.update()
            announced = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(announced)
        else:
            super().keyPressEvent(event)

    def _row_by(self, key: Qt.Key) -> int | None:
        """Return the row that a key goes to; from the one in the network, if from none yet."""
        if self.fit is None or key not in KEYS:
            return None
        rows, here = len(self._order), self.row if self.row is not None else self.chosen_row
        if here is not None and here >= rows:
            here = None  # a row of a very large set that is not drawn
        if key in PAGES:
            return 0 if here is None else (here + PAGES[key]) % rows
        if here is None or key == Qt.Key.Key_Home:
            return int(self._order[0])
        if key == Qt.Key.Key_End:
            return int(self._order[-1])
        place = int(np.flatnonzero(self._order == here)[0]) + (1 if key in FORWARD else -1)
        return int(self._order[min(max(place, 0), rows - 1)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.by_keyboard = event.reason() in reasons
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.by_keyboard = False
        self.update()
