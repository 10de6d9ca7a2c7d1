"""The panels around the drawing: to add one, write its file and an entry here."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.session import Session

if TYPE_CHECKING:
    from engine.datasets import Dataset

AREA = Qt.DockWidgetArea


@dataclass(frozen=True)
class PanelEntry:
    """A panel and where it stands at first.

    Attributes
    ----------
    name : str
        Under which its place is remembered.
    title : str
        What people read.
    area : Qt.DockWidgetArea
        The side of the window it is docked to.
    module, widget : str
        Where its class is; it is called with the session.
    tab_with : str
        The panel, standing before it in the list, whose place it shares at first.
    suits : callable or None
        Given a data set, whether the panel comes to the front of its tabs for it.
    """

    name: str
    title: str
    area: Qt.DockWidgetArea
    module: str
    widget: str
    tab_with: str = ""
    suits: Callable[["Dataset"], bool] | None = None

    def make(self, session: Session) -> QWidget:
        """Import and make the panel."""
        made: QWidget = getattr(import_module(self.module), self.widget)(session)
        return made


PANELS = (
    PanelEntry(
        "experiment",
        "Experiment",
        AREA.LeftDockWidgetArea,
        "gui.panels.hyperparameters",
        "HyperparametersPanel",
    ),
    PanelEntry(
        "draw",
        "Draw a digit",
        AREA.RightDockWidgetArea,
        "gui.panels.drawing",
        "DrawingPanel",
        suits=lambda data: data.image_shape is not None,
    ),
    PanelEntry(
        "data",
        "Data",
        AREA.RightDockWidgetArea,
        "gui.panels.data",
        "DataPanel",
        tab_with="draw",
        suits=lambda data: data.image_shape is None,
    ),
    PanelEntry(
        "debugger",
        "Backprop",
        AREA.RightDockWidgetArea,
        "gui.panels.debugger",
        "DebuggerPanel",
        tab_with="draw",
    ),
    PanelEntry(
        "curves",
        "Learning curves",
        AREA.BottomDockWidgetArea,
        "gui.panels.history_plot",
        "HistoryPlot",
    ),
)
