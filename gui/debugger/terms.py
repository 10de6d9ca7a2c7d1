"""The terms of a sum, the largest first, the rest folded into one row."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from engine.formulas.writer import number, to_text
from engine.trace import Element, Factor, Terms
from gui import theme
from gui.debugger.debugger import Debugger
from gui.debugger.words import signed

FOLDED = 12  # terms that are shown before the rest is folded
COLUMNS = ("Term", "", "", "Product")  # behind them stands a bar
MARGIN, GAP = 8, 14  # pixels at the left, and between two columns
MOST_MEASURED = 40  # rows from which the widths of the columns are taken
WIDEST_BAR = 200
NO_SUM = "This number is not a sum of products: all of it stands in the formula above."


class TermRows:
    """What the rows of the table say; a row's text is made when it is first asked for.

    Attributes
    ----------
    element : Element or None
        The sum; None where the number is none.
    unfolded, by_size : bool
        Whether all terms have a row, and whether the largest come first.
    """

    def __init__(self) -> None:
        self.element: Element | None = None
        self.unfolded = False
        self.by_size = True
        self._extra: tuple[Factor, ...] = ()
        self._made: dict[int, tuple[str, ...]] = {}

    def show_element(self, element: Element | None) -> None:
        """Show another sum."""
        self.element = element if element is not None and element.terms is not None else None
        self._made = {}
        last = self.element.factors[-1:] if self.element is not None else ()
        self._extra = tuple(each for each in last if each.place and each.place.key.startswith("b"))

    def rearrange(self, unfolded: bool | None = None, by_size: bool | None = None) -> None:
        """Fold or unfold the small terms; order by size or as they come."""
        self._made = {}
        self.unfolded = self.unfolded if unfolded is None else unfolded
        self.by_size = self.by_size if by_size is None else by_size

    @property
    def terms(self) -> Terms | None:
        return self.element.terms if self.element is not None else None

    @property
    def shown(self) -> int:
        """How many terms have a row of their own."""
        count = len(self.terms.left) if self.terms is not None else 0
        return count if self.unfolded or count <= FOLDED + 1 else FOLDED

    @property
    def folds(self) -> bool:
        """Whether there is a row for the rest."""
        return self.terms is not None and self.shown < len(self.terms.left)

    def __len__(self) -> int:
        return 0 if self.terms is None else self.shown + self.folds + len(self._extra) + 1

    def term(self, row: int) -> int | None:
        """Return the number of the term in a row."""
        terms = self.terms
        if terms is None or row >= self.shown:
            return None
        folded = not self.unfolded and self.folds
        return int(terms.order[row]) if self.by_size or folded else row

    def texts(self, row: int) -> tuple[str, ...]:
        """Return what a row says, column by column."""
        if row not in self._made:
            self._made[row] = self._texts(row)
        return self._made[row]

    def _texts(self, row: int) -> tuple[str, str, str, str]:
        assert self.element is not None
        assert self.terms is not None
        k = self.term(row)
        if k is not None:
            left, right = self.terms.factors(k)
            name = to_text(left.name)
            if right.place is not None:
                name += f"·{to_text(right.name)}"
            return (
                name, number(left.value), number(right.value), signed(float(self.terms.products[k]))
            )  # fmt: skip
        row -= self.shown
        if self.folds and row == 0:
            rest = len(self.terms.left) - self.shown
            return (f"{rest} more terms", "", "", signed(self.terms.rest(self.shown)))
        row -= self.folds
        if row < len(self._extra):
            extra = self._extra[row]
            return (to_text(extra.name), "", "", signed(extra.value))
        return (to_text(self.element.left), "", "", signed(self.element.result, 6))

    def share(self, row: int) -> float | None:
        """Return a term against the largest, −1 … 1, for its bar."""
        terms, k = self.terms, self.term(row)
        if terms is None or k is None:
            return None
        largest = abs(float(terms.products[terms.order[0]]))
        return float(terms.products[k]) / largest if largest else 0.0


class TermSheet(QWidget):
    """Draws the rows: a table of Qt's takes longer than all else that a step changes.

    Attributes
    ----------
    rows : TermRows
        What is drawn.
    chosen : Signal of int
        A row was clicked; -1 is the heading.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rows = TermRows()
        self._columns: list[int] = []  # where they end, but for the first, which begins at left
        self.setToolTip("Click a term to see where it comes from, the heading to reorder")
        self.setAccessibleName("Terms of the sum")

    def renew(self) -> None:
        """Show the rows as they are now."""
        rows = self.rows
        bold = QFontMetrics(_font(bold=True))
        seen = [COLUMNS, *map(rows.texts, range(min(len(rows), MOST_MEASURED)))]
        end, self._columns = MARGIN, []
        for column in range(len(COLUMNS)):
            end += max(bold.horizontalAdvance(texts[column]) for texts in seen)
            self._columns.append(end)
            end += GAP
        self.setMinimumHeight(self.place_of(len(rows)).top() if len(rows) else 0)
        lines = ["  ".join(filter(None, texts)) for texts in seen[1:]]
        self.setAccessibleDescription("\n".join(lines) or NO_SUM)
        self.update()

    def place_of(self, row: int) -> QRect:
        """Return where a row is drawn; -1 is the heading."""
        height = QFontMetrics(_font(bold=True)).height() + 6
        return QRect(0, (row + 1) * height, self.width(), height)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.renew()
        super().changeEvent(event)

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors = QPainter(self), theme.palette()
        if not len(self.rows):
            painter.setFont(theme.font(9.5))
            painter.setPen(colors.color("muted"))
            place = self.rect().adjusted(MARGIN, MARGIN, -MARGIN, 0)
            painter.drawText(place, Qt.TextFlag.TextWordWrap, NO_SUM)
            return
        heading = self.place_of(-1)
        self._write(painter, heading, COLUMNS, _font(), "muted")
        painter.fillRect(heading.adjusted(0, heading.height() - 1, 0, 0), colors.color("line"))
        seen, height, last = event.rect(), heading.height(), len(self.rows) - 1
        first = max(seen.top() // height - 1, 0)
        for row in range(first, min(seen.bottom() // height, len(self.rows))):
            total, place = row == last, self.place_of(row)
            role = "text" if total or row < self.rows.shown else "muted"
            self._write(painter, place, self.rows.texts(row), _font(bold=total), role)
            self._draw_bar(painter, place, row)

    def _write(
        self, painter: QPainter, place: QRect, texts: tuple[str, ...], font: QFont, role: str
    ) -> None:
        painter.setFont(font)
        painter.setPen(theme.palette().color(role))
        painter.drawText(place.adjusted(MARGIN, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, texts[0])
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for text, end in zip(texts[1:], self._columns[1:], strict=True):
            if text:
                painter.drawText(QRect(0, place.top(), end, place.height()), right, text)

    def _draw_bar(self, painter: QPainter, place: QRect, row: int) -> None:
        """Draw a term's share from the middle, to the right if it is positive."""
        share = self.rows.share(row)
        if share is None:
            return
        left = self._columns[-1] + GAP
        wide = min(place.width() - left - MARGIN, WIDEST_BAR)
        box = QRect(left, place.top() + 5, wide, place.height() - 10)
        middle, half = box.center().x(), box.width() / 2
        start = middle if share >= 0 else middle + share * half
        painter.fillRect(
            round(start), box.top(), max(1, round(abs(share) * half)), box.height(),
            theme.palette().color("positive" if share >= 0 else "negative"),
        )  # fmt: skip
        painter.fillRect(middle, box.top() - 2, 1, box.height() + 4, theme.palette().color("line"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = int(event.position().y()) // self.place_of(-1).height() - 1
        if row < len(self.rows):
            self.chosen.emit(row)


def _font(bold: bool = False) -> QFont:
    return theme.font(9.5, bold=bold, tabular=True)


class TermsTable(QScrollArea):
    """The terms of the sum in focus; click the folded row to see all, the heading to reorder."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self.sheet = TermSheet()
        self.sheet.chosen.connect(self._choose)
        self.setWidget(self.sheet)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        debugger.moved.connect(self.refresh)

    def showEvent(self, event: object) -> None:
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the sum in focus."""
        if self.isVisible():
            self.sheet.rows.show_element(self._debugger.element())
            self.sheet.renew()

    @Slot(int)
    def _choose(self, row: int) -> None:
        rows = self.sheet.rows
        k = rows.term(row) if row >= 0 else None
        if row < 0:
            rows.rearrange(by_size=not rows.by_size, unfolded=True)
            self.sheet.renew()
        elif k is not None and rows.terms is not None:
            place = rows.terms.factors(k)[0].place
            if place is not None:
                self._debugger.go_to(place)
        elif rows.folds and row == rows.shown:
            rows.rearrange(unfolded=True)
            self.sheet.renew()
