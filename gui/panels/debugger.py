"""Step through backpropagation: one update of the network in training, operation by operation."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.trace.copying import as_latex, as_numpy, as_text
from gui.debugger.arithmetic import Arithmetic
from gui.debugger.debugger import Debugger
from gui.debugger.desk import Kind
from gui.debugger.edits import EditBar
from gui.debugger.neuron import NeuronCard
from gui.debugger.nudging import NudgeCard
from gui.debugger.optimizer import OptimizerCard
from gui.debugger.outline import Outline
from gui.debugger.overlay import Overlay
from gui.debugger.player import Player
from gui.debugger.subjects import SubjectBar
from gui.debugger.terms import TermsTable
from gui.debugger.weight import WeightCard
from gui.debugger.whole import Whole
from gui.own_fonts import give_font
from gui.panel_parts import muted_label
from gui.session import Session

WAYS_TO_COPY = {"text": as_text, "LaTeX": as_latex, "NumPy": as_numpy}
INTRODUCTION = (
    "The training stops, and its next update unfolds into the operations that make it up: "
    "forward, loss, backward, update. Each with its formula and this network's own numbers."
)


class DebuggerPanel(QWidget):
    """The walk along an update, and the way into it.

    Attributes
    ----------
    debugger : Debugger
        Where one is.
    player : Player
        The buttons that walk along.
    overlay : Overlay
        To be drawn over the network.

    Signals
    -------
    opening
        A walk is about to begin; the window is still arranged as it was.
    """

    opening = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.debugger = Debugger(session, self)
        self.overlay = Overlay(self.debugger)
        self.player = Player(self.debugger)
        self.subjects = SubjectBar(self.debugger)
        self.arithmetic = Arithmetic(self.debugger)
        self.outline = Outline(self.debugger)
        self.tabs = self._make_tabs()
        self.edits = EditBar(self.debugger)
        self.where = muted_label()
        self.where.setAccessibleName("Where you are")
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._start_page())
        self._pages.addWidget(self._walk_page())
        self._make_shortcuts()
        debugger = self.debugger
        debugger.opened.connect(self._show_page)
        debugger.closed.connect(self._show_page)
        debugger.moved.connect(self.refresh)
        debugger.refused.connect(session.noticed)
        session.unfoldWanted.connect(self.open_on)
        self._show_page()

    def sizeHint(self) -> QSize:
        return QSize(320, 660)

    # ------------------------------------------------------------ pages

    def _start_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        title = QLabel("Step through backpropagation")
        give_font(title, 12, bold=True)
        self.start = QPushButton("Step through the next update")
        self.start.setObjectName("primary")
        self.start.clicked.connect(self.open)
        keys = muted_label(
            "← → walk by operation, ↑ ↓ by layer, Page keys by sample, Space plays. Click a "
            "neuron, an edge or any number to see where it comes from. Double-click an input, an "
            "edge or a neuron on the drawing to change its number; an output, at the loss, to "
            "change its target."
        )
        for part in (title, muted_label(INTRODUCTION), self.start, keys):
            column.addWidget(part)
        column.addStretch(1)
        return page

    def _walk_page(self) -> QWidget:
        page = QWidget()
        page.setAutoFillBackground(True)  # what lies behind need not be painted for every step
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 6, 8, 4)
        column.setSpacing(4)
        column.addLayout(self._header())
        column.addWidget(self.subjects)
        column.addWidget(self.where)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.addWidget(self._upper())
        halves.addWidget(self._lower())
        halves.setSizes([420, 270])
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 2)
        halves.setChildrenCollapsible(False)
        column.addWidget(halves, 1)
        return page

    def _header(self) -> QHBoxLayout:
        self.resume = QPushButton("Leave")
        self.resume.setToolTip("The training goes on exactly where it was stopped")
        self.resume.clicked.connect(self._leave)
        self.keep = QPushButton("Keep the steps")
        self.keep.setToolTip("The training goes on from the weights that were stepped to")
        self.keep.clicked.connect(self._keep)
        self.copy = QToolButton()
        self.copy.setText("Copy")
        self.copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.copy)
        for name in WAYS_TO_COPY:
            menu.addAction(f"As {name}").setData(name)
        menu.triggered.connect(self._copy)
        self.copy.setMenu(menu)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.player, 1)
        for part in (self.copy, self.keep, self.resume):
            row.addWidget(part)
        return row

    def _upper(self) -> QWidget:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.arithmetic)
        upper = QSplitter(Qt.Orientation.Horizontal)
        upper.addWidget(self.outline)
        upper.addWidget(scroll)
        upper.setSizes([150, 400])
        upper.setStretchFactor(1, 1)
        return upper

    def _lower(self) -> QWidget:
        lower = QWidget()
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.edits)
        return lower

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        for title, tip, make in (
            ("Matrices", "The whole step, with shapes", Whole),
            ("Terms", "The sum in focus, term by term", TermsTable),
            ("Neuron", "The neuron in focus, on its activation's curve", NeuronCard),
            ("Weight", "The chain rule for the weight in focus", WeightCard),
            ("Nudge", "Wiggle the weight and see the loss change", NudgeCard),
            ("Optimizer", "The weight through the next updates", OptimizerCard),
        ):
            card = make(self.debugger)
            card.setAutoFillBackground(True)
            index = tabs.addTab(card, title)
            tabs.setTabToolTip(index, tip)
        return tabs

    # ------------------------------------------------------------ walking

    @Slot()
    def open(self) -> None:
        """Stop the training and unfold its next update."""
        self.opening.emit()
        self.debugger.open()

    @Slot(str, tuple)
    def open_on(self, kind: Kind, rows: tuple[int, ...]) -> None:
        """Unfold what rows of the data teach the network, the first one first."""
        self.open()
        self.subjects.choose_rows(kind, rows)

    @Slot()
    def _show_page(self) -> None:
        shown = int(self.debugger.active)
        for index in range(self._pages.count()):  # a page that is not shown asks for no room
            policy = QSizePolicy.Policy.Preferred if index == shown else QSizePolicy.Policy.Ignored
            page = self._pages.widget(index)
            assert page is not None
            page.setSizePolicy(policy, policy)
        self._pages.setCurrentIndex(shown)
        if self.debugger.active:
            self.outline.setFocus()

    @Slot()
    def refresh(self) -> None:
        """Say where one is, and what leaving does."""
        traced = self.debugger.traced
        if traced is None:
            return
        self.where.setText(self.debugger.where())
        self.keep.setVisible(traced.steps != 0)
        count = abs(traced.steps)
        steps = "one step" if count == 1 else f"{count} steps"
        way = "further" if traced.steps > 0 else "back"
        self.keep.setToolTip(f"The training goes on from these weights, {steps} {way}")
        self.resume.setToolTip(
            f"The training goes on exactly where it was stopped; {steps} are forgotten"
            if traced.steps
            else "The training goes on exactly where it was stopped"
        )

    @Slot()
    def _leave(self) -> None:
        self.debugger.leave(keep=False)

    @Slot()
    def _keep(self) -> None:
        self.debugger.leave(keep=True)

    @Slot(object)
    def select(self, item: object) -> None:
        """Look at a neuron or an edge of the drawing."""
        if not self.debugger.active or item is None:
            return
        if hasattr(item, "index"):
            self.debugger.look_at_neuron(item.layer, item.index)  # type: ignore[attr-defined]
            self.tabs.setCurrentIndex(2)
        else:
            self.debugger.look_at_weight(item.layer, item.source, item.target)  # type: ignore[attr-defined]
            self.tabs.setCurrentIndex(3)

    # ------------------------------------------------------------ copying, keys

    @Slot(object)
    def _copy(self, action: object) -> None:
        name = action.data()  # type: ignore[attr-defined]
        text = self.copied(name)
        if text:
            QGuiApplication.clipboard().setText(text)
            self._session.noticed.emit(f"Copied as {name}.")

    def copied(self, name: str) -> str:
        """Return the step as text, LaTeX or NumPy; empty if it cannot be."""
        step = self.debugger.step
        if step is None:
            return ""
        try:
            return WAYS_TO_COPY[name](step, self.debugger.focus.of(step))
        except ValueError as error:
            self._session.noticed.emit(f"{error}.")
            return ""

    def _make_shortcuts(self) -> None:
        player, debugger = self.player, self.debugger
        keys: dict[str, Callable[[], object]] = {
            "Left": player.back,
            "Right": player.forward,
            "Space": player.toggle,
            "Home": debugger.first,
            "End": debugger.last,
            "Up": self._layer_back,
            "Down": self._layer_on,
            "PgUp": self._sample_back,
            "PgDown": self._sample_on,
            "Escape": self._leave,
        }
        for key, slot in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    @Slot()
    def _layer_back(self) -> None:
        self.debugger.next_layer(-1)

    @Slot()
    def _layer_on(self) -> None:
        self.debugger.next_layer(1)

    @Slot()
    def _sample_back(self) -> None:
        self.debugger.next_sample(-1)

    @Slot()
    def _sample_on(self) -> None:
        self.debugger.next_sample(1)
