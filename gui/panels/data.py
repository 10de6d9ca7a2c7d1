"""The data, and what the network makes of them: a plot, a table of right and wrong, or a fit."""

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtGui import QContextMenuEvent, QPainter
from PySide6.QtWidgets import QLabel, QMenu, QStackedLayout, QWidget

from engine.datasets import Dataset
from gui import theme
from gui.data.classes_page import ClassesPage
from gui.data.fit_page import FitPage
from gui.data.plot_page import PlotPage
from gui.picture_dialog import PictureActions
from gui.session import Session

NOTHING = (
    "Points with one or two inputs are drawn here, classes are counted, and a number that is "
    "predicted is held against the true one. This data set has several numbers to learn, and "
    "more inputs than can be drawn."
)
Page = PlotPage | ClassesPage | FitPage


class DataPanel(QWidget):
    """Shows the present data set in the way that suits it.

    Parameters
    ----------
    session : Session
        Whose data are shown and changed.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.plot_page = PlotPage(session)
        self.classes_page = ClassesPage(session)
        self.fit_page = FitPage(session)
        self.nothing = QLabel("The data are being loaded …")
        self.nothing.setWordWrap(True)
        self.nothing.setMargin(24)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setProperty("role", "muted")
        self._pages = QStackedLayout(self)
        for page in (self.nothing, self.plot_page, self.classes_page, self.fit_page):
            self._pages.addWidget(page)
        session.historyReset.connect(self._show_data)
        session.frameChanged.connect(self._show_frame)
        self.pictures = PictureActions(self, self._paint, "Data")
        self.pictures.told.connect(session.noticed)
        self._show_data()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.pictures.copy, self.pictures.save])
        menu.popup(event.globalPos())

    def _paint(self, painter: QPainter) -> None:
        """Draw what is shown, with any painter."""
        painter.fillRect(self.rect(), theme.palette().color("window"))
        self.page.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)

    def sizeHint(self) -> QSize:
        return QSize(310, 560)

    @property
    def page(self) -> QWidget:
        """What is shown."""
        return self._pages.currentWidget()

    @Slot()
    def _show_data(self) -> None:
        data = self._session.dataset
        if data is None:
            return
        page = self._page_for(data)
        self._pages.setCurrentWidget(page)
        if isinstance(page, Page):
            page.show_data(data)
        else:
            self.nothing.setText(NOTHING)
        self._show_frame()

    def _page_for(self, data: Dataset) -> QWidget:
        curve = data.features == 1 and data.task == "regression"
        if data.features == 2 or curve:
            return self.plot_page
        if data.task != "regression":
            return self.classes_page
        return self.fit_page if data.outputs == 1 else self.nothing

    @Slot()
    def _show_frame(self) -> None:
        frame, page = self._session.frame, self.page
        if frame is not None and isinstance(page, Page):
            page.show_frame(frame)
