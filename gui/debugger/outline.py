"""All steps of the update in order, grouped; a click goes there."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from engine.trace import Step, Trace
from gui import theme
from gui.debugger.debugger import Debugger
from gui.debugger.focus import parameter_of
from gui.debugger.words import PHASE_TITLES, quantity

STEP = Qt.ItemDataRole.UserRole


class Outline(QTreeWidget):
    """The table of contents of an update."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self._debugger = debugger
        self._keys: tuple[str, ...] = ()
        self._items: list[QTreeWidgetItem] = []
        self.setHeaderHidden(True)
        self.setIndentation(11)
        self.setUniformRowHeights(True)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName("Steps of the update")
        self.itemClicked.connect(self._choose)
        debugger.moved.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show the debugger's trace, with its present step marked."""
        trace = self._debugger.trace
        if trace is None:
            return
        keys = tuple(step.key for step in trace)
        if keys != self._keys:
            self._keys = keys
            self._fill(trace)
        self.setCurrentItem(self._items[self._debugger.position])

    def _fill(self, trace: Trace) -> None:
        self.clear()
        self._items = []
        groups: dict[tuple[str, ...], QTreeWidgetItem] = {}
        for position, step in enumerate(trace):
            parent = self._group(groups, step)
            item = QTreeWidgetItem(parent, [quantity(step)])
            item.setToolTip(0, f"{step.title}: {step.meaning}")
            item.setData(0, STEP, position)
            self._items.append(item)
        self.expandAll()

    def _group(self, groups: dict[tuple[str, ...], QTreeWidgetItem], step: Step) -> QTreeWidgetItem:
        phase = PHASE_TITLES[step.phase]
        if (phase,) not in groups:
            groups[(phase,)] = self._header(QTreeWidgetItem(self, [phase]), bold=True)
        if step.layer is None:
            return groups[(phase,)]
        name = f"Layer {step.layer}"
        if step.phase == "update":
            what = {"W": "weights", "b": "biases"}.get(parameter_of(step.key)[:1], "")
            name = f"{name}: {what}" if what else name
        if (phase, name) not in groups:
            item = QTreeWidgetItem(groups[(phase,)], [name])
            groups[(phase, name)] = self._header(item, bold=False)
        return groups[(phase, name)]

    def _header(self, item: QTreeWidgetItem, bold: bool) -> QTreeWidgetItem:
        item.setFont(0, theme.font(9.5, bold=bold))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        if not bold:
            item.setForeground(0, theme.palette().color("muted"))
        return item

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._keys = ()
            self.refresh()
        super().changeEvent(event)

    @Slot(QTreeWidgetItem, int)
    def _choose(self, item: QTreeWidgetItem, _column: int) -> None:
        position = item.data(0, STEP)
        if position is None and item.childCount():
            first = item.child(0)
            position = first.data(0, STEP)
            if position is None and first.childCount():
                position = first.child(0).data(0, STEP)
        if position is not None:
            self._debugger.go(position)
