"""The panels around the drawing: to add one, write its file and an entry here."""

from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.session import Session

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
    """

    name: str
    title: str
    area: Qt.DockWidgetArea
    module: str
    widget: str

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
        "draw", "Draw a digit", AREA.RightDockWidgetArea, "gui.panels.drawing", "DrawingPanel"
    ),
    PanelEntry(
        "curves",
        "Learning curves",
        AREA.BottomDockWidgetArea,
        "gui.panels.history_plot",
        "HistoryPlot",
    ),
)
