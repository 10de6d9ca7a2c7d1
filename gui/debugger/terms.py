"""The terms of a sum, the largest first, the rest folded into one row."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from engine.formulas.writer import number, to_text
from engine.trace import Element, Factor, Terms
from gui import theme
from gui.debugger.debugger import Debugger
from gui.debugger.words import signed
from gui.panel_parts import muted_label

FOLDED = 12  # terms that are shown before the rest is folded
COLUMNS = ("Term", "", "", "Product", "")
BAR = 4
AnyIndex = QModelIndex | QPersistentModelIndex


class TermsModel(QAbstractTableModel):
    """The terms as a table; texts are made for the rows that are seen."""

    def __init__(self) -> None:
        super().__init__()
        self.element: Element | None = None
        self.unfolded = False
        self.by_size = True
        self._extra: tuple[Factor, ...] = ()
        self._made: dict[int, tuple[str, ...]] = {}  # the rows' texts; each column asks for them

    def show_element(self, element: Element | None) -> None:
        """Show another sum."""
        self.beginResetModel()
        self.element = element if element is not None and element.terms is not None else None
        self._extra, self._made = (), {}
        if self.element is not None:
            last = self.element.factors[-1:]
            biases = [each for each in last if each.place and each.place.key.startswith("b")]
            self._extra = tuple(biases)
        self.endResetModel()

    def rearrange(self, unfolded: bool | None = None, by_size: bool | None = None) -> None:
        """Fold or unfold the small terms; order by size or as they come."""
        self.beginResetModel()
        self._made = {}
        self.unfolded = self.unfolded if unfolded is None else unfolded
        self.by_size = self.by_size if by_size is None else by_size
        self.endResetModel()

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

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if self.terms is None else self.shown + self.folds + len(self._extra) + 1

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section]
        return None

    def term(self, row: int) -> int | None:
        """Return the number of the term in a row."""
        terms = self.terms
        if terms is None or row >= self.shown:
            return None
        folded = not self.unfolded and self.folds
        return int(terms.order[row]) if self.by_size or folded else row

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            row = index.row()
            if row not in self._made:
                self._made[row] = self._texts(row)
            return self._made[row][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and 1 <= index.column() < BAR:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.FontRole:
            last = index.row() == self.rowCount() - 1
            return theme.font(9.5, bold=last, tabular=True)
        if role == Qt.ItemDataRole.ForegroundRole and index.row() >= self.shown:
            last = index.row() == self.rowCount() - 1
            return theme.palette().color("text" if last else "muted")
        return None

    def _texts(self, row: int) -> tuple[str, str, str, str, str]:
        assert self.element is not None
        assert self.terms is not None
        k = self.term(row)
        if k is not None:
            left, right = self.terms.factors(k)
            name = to_text(left.name)
            if right.place is not None:
                name += f"·{to_text(right.name)}"
            values = (number(left.value), number(right.value))
            return (name, *values, signed(float(self.terms.products[k])), "")
        row -= self.shown
        if self.folds and row == 0:
            rest = len(self.terms.left) - self.shown
            return (f"{rest} more terms", "", "", signed(self.terms.rest(self.shown)), "")
        row -= self.folds
        if row < len(self._extra):
            extra = self._extra[row]
            return (to_text(extra.name), "", "", signed(extra.value), "")
        return (to_text(self.element.left), "", "", signed(self.element.result, 6), "")

    def share(self, row: int) -> float | None:
        """Return a term against the largest, −1 … 1, for its bar."""
        terms, k = self.terms, self.term(row)
        if terms is None or k is None:
            return None
        largest = abs(float(terms.products[terms.order[0]]))
        return float(terms.products[k]) / largest if largest else 0.0


class BarDelegate(QStyledItemDelegate):
    """Draws a term as a bar from the middle."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        model = index.model()
        assert isinstance(model, TermsModel)
        share = model.share(index.row())
        if share is None:
            return
        box = option.rect.adjusted(6, 5, -6, -5)
        middle, half = box.center().x(), box.width() / 2
        start = middle if share >= 0 else middle + share * half
        role = "positive" if share >= 0 else "negative"
        painter.fillRect(
            round(start), box.top(), max(1, round(abs(share) * half)), box.height(),
            theme.palette().color(role),
        )  # fmt: skip
        painter.fillRect(middle, box.top() - 2, 1, box.height() + 4, theme.palette().color("line"))


class TermsTable(QWidget):
    """The terms of the sum in focus; click the folded row to see all, a header to reorder."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self.model = TermsModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setItemDelegateForColumn(BAR, BarDelegate(self.table))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(22)
        self.table.setShowGrid(False)
        self.table.setFrameShape(QTableView.Shape.NoFrame)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setAccessibleName("Terms of the sum")
        header = self.table.horizontalHeader()
        header.setResizeContentsPrecision(0)  # as wide as what is seen
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(BAR, QHeaderView.ResizeMode.Stretch)
        header.setToolTip("Click: order by size, or as they come")
        header.sectionClicked.connect(self._reorder)
        self.table.clicked.connect(self._choose)
        self.empty = muted_label(
            "This number is not a sum of products: all of it stands in the formula above."
        )
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        debugger.moved.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show the sum in focus."""
        if not self.isVisible():
            return
        element = self._debugger.element()
        self.model.show_element(element)
        self._pages.setCurrentIndex(0 if self.model.terms is not None else 1)

    def showEvent(self, event: object) -> None:
        self.refresh()

    @Slot(int)
    def _reorder(self, _section: int) -> None:
        self.model.rearrange(by_size=not self.model.by_size, unfolded=True)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        k = self.model.term(index.row())
        if k is None:
            if self.model.folds and index.row() == self.model.shown:
                self.model.rearrange(unfolded=True)
            return
        terms = self.model.terms
        assert terms is not None
        place = terms.factors(k)[0].place
        if place is not None:
            self._debugger.go_to(place)
