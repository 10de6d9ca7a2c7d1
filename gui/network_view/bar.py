"""The controls in the drawing's lower right corner: what the colours tell, and how much."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QWheelEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QWidget,
)

from gui import theme
from gui.network_view.values import MODES
from gui.picture_dialog import PictureActions

if TYPE_CHECKING:
    from gui.network_view.view import NetworkView

ICON, CHEVRON = 16, 12
SLIDER = 84
FIT_HELP = (
    "Let the strongest colour stand for the largest value at this moment. "
    "Otherwise the scale stays as it is, so that growth shows."
)


class ThresholdSlider(QSlider):
    """A slider that leaves the wheel to the drawing beneath."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ViewBar(QWidget):
    """Colour mode, threshold, scale, zoom and export of a network view."""

    def __init__(self, view: "NetworkView") -> None:
        super().__init__(view)
        self._view = view
        self.pictures = PictureActions(view, view.paint_to, "Network")
        self._more: list[QAction] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._mode = self._button("", "What the colour of an edge tells")
        self._mode.setProperty("icon_name", "chevron-down")
        self._mode.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._mode.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the chevron at the end
        self._mode.setIconSize(QSize(CHEVRON, CHEVRON))
        self._mode.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._mode.setMenu(self._mode_menu())
        self._label = QLabel("Hide weak edges", self)
        self._label.setProperty("role", "muted")
        self._slider = self._threshold_slider()
        self._fit = self._button("Fit colours", FIT_HELP)
        self._fit.setCheckable(True)
        self._fit.toggled.connect(view.set_fit)
        self._zoom = self._icon_button("fit", "Show the whole network (0)", view.zoom_to_fit)
        self._export = self._icon_button(
            "camera", "Copy or save the picture, or see its numbers", None
        )
        self._export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._export.setMenu(self.export_menu())
        for widget in (self._mode, self._label, self._slider, self._fit, self._zoom, self._export):
            row.addWidget(widget)
        view.optionsChanged.connect(self.refresh)
        self.refresh()
        self._dress()

    # ------------------------------------------------------------ parts

    def _button(self, text: str, help_text: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setProperty("quiet", True)
        button.setToolTip(help_text)
        button.setAccessibleName(text or help_text)
        return button

    def _icon_button(self, icon: str, help_text: str, slot: object) -> QToolButton:
        button = self._button("", help_text)
        button.setProperty("icon_name", icon)
        button.setIconSize(QSize(ICON, ICON))
        if slot is not None:
            button.clicked.connect(slot)
        return button

    def _threshold_slider(self) -> ThresholdSlider:
        slider = ThresholdSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(0, 100)
        slider.setFixedWidth(SLIDER)
        slider.setAccessibleName("Hide edges weaker than, in percent of the scale")
        slider.setToolTip("Hide edges weaker than this part of the scale")
        slider.valueChanged.connect(self._hide_below)
        return slider

    def _mode_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for mode, text in MODES.items():
            action = QAction(text, group)
            action.setCheckable(True)
            action.setData(mode)
            menu.addAction(action)
        group.triggered.connect(self._choose_mode)
        return menu

    def export_menu(self, menu: QMenu | None = None) -> QMenu:
        """Return a menu, a new one if none is given, with what can be done with the picture."""
        menu = menu or QMenu(self)
        menu.addActions([self.pictures.copy, self.pictures.save])
        menu.addSeparator()
        menu.addActions(self._more)
        menu.addSeparator()
        menu.addAction("Weights as a &table…", self._view.show_table)
        return menu

    @property
    def icon_size(self) -> QSize:
        """How large the icons are."""
        return QSize(ICON, ICON)

    def offer(self, button: QToolButton, actions: list[QAction]) -> None:
        """Add a button, where it can grow without moving the others, and more for the menu."""
        self.layout().insertWidget(0, button)  # type: ignore[union-attr]
        self._more = actions
        self._export.setMenu(self.export_menu())
        self.place()

    # ------------------------------------------------------------ what is chosen

    @Slot()
    def refresh(self) -> None:
        """Show the view's options."""
        view = self._view
        self._mode.setText("Colour: " + MODES[view.mode].partition(" (")[0].lower())
        self._fit.setChecked(view.fit)
        self._slider.setValue(round(view.threshold * 100))
        for action in self._mode.menu().actions():
            action.setChecked(action.data() == view.mode)
        self.place()

    @Slot(QAction)
    def _choose_mode(self, action: QAction) -> None:
        self._view.set_mode(action.data())

    @Slot(int)
    def _hide_below(self, percent: int) -> None:
        self._view.set_threshold(percent / 100)

    # ------------------------------------------------------------ place and dress

    def place(self) -> None:
        """Stand in the corner; leave out what there is no room for."""
        room = self._view.width() - self._view.legend_width()
        optional = (self._label, self._slider, self._fit, self._mode)
        for widget in optional:
            widget.setVisible(True)
        for widget in optional:
            if self.sizeHint().width() <= room:
                break
            widget.setVisible(False)
        size = self.sizeHint()
        self.resize(size)
        self.move(self._view.width() - size.width() - 10, self._view.height() - size.height() - 12)

    def _dress(self) -> None:
        for button in (self._mode, self._zoom, self._export):
            button.setIcon(theme.icon(button.property("icon_name"), "muted"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        elif event.type() == QEvent.Type.FontChange:
            self.place()
