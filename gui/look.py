"""The style of the widgets: Fusion, but for a few parts that are drawn here.

A style sheet would say the same in fewer words, but Qt matches its rules with every widget anew
for another theme or size of the text, which keeps the window for half a second. What is drawn
here takes its colours from :func:`gui.theme.palette` as it is painted, so that another theme is
another palette and a painting.

Python is asked about these parts only: each has a style of its own, and :class:`Look`, which is
the application's, does no more than hand them out.
"""

from typing import ClassVar

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QMainWindow,
    QProxyStyle,
    QScrollArea,
    QScrollBar,
    QStatusBar,
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionSlider,
    QStyleOptionTab,
    QStyleOptionToolButton,
    QTabBar,
    QToolBar,
    QToolButton,
    QWidget,
)

from gui import theme

STATE = QStyle.StateFlag
METRIC = QStyle.PixelMetric
CONTROL = QStyle.ControlElement
COMPLEX = QStyle.ComplexControl
PRIMITIVE = QStyle.PrimitiveElement
SEPARATOR = 3
"""Pixels between docks that can be dragged; the line in their middle is seen."""
LABEL_ROLES = {
    "muted": QPalette.ColorRole.PlaceholderText,
    "error": QPalette.ColorRole.BrightText,
    "warning": QPalette.ColorRole.LinkVisited,
}
"""Where the palette has the colour of a label whose property ``role`` says what it is."""


class Look(QProxyStyle):
    """The application's style: gives every widget that is not drawn by Fusion its own."""

    def __init__(self) -> None:
        super().__init__("Fusion")
        self._frames, self._tips = Frames(self), Tips(self)
        self._parts: tuple[tuple[type, QStyle], ...] = (
            (QToolButton, ToolButtons(self)),
            (QScrollBar, ScrollBars(self)),
            (QTabBar, Tabs(self)),
            (QMainWindow, self._frames),
            (QToolBar, self._frames),
            (QStatusBar, self._frames),
        )

    def polish(self, what: QWidget | QPalette | QApplication) -> QPalette | None:  # type: ignore[override]
        """Dress a widget before it is first shown; what depends on the theme is asked for later."""
        polished: QPalette | None = super().polish(what)
        if isinstance(what, QLabel):
            self._polish_label(what)
        elif isinstance(what, QScrollArea):
            what.setFrameShape(QFrame.Shape.NoFrame)
        elif isinstance(what, QWidget):
            for kind, style in self._parts:
                if isinstance(what, kind):
                    what.setStyle(style)
                    break
        return polished

    def _polish_label(self, label: QLabel) -> None:
        role = label.property("role")
        if role is not None:
            label.setForegroundRole(LABEL_ROLES.get(role, QPalette.ColorRole.NoRole))
        elif label.metaObject().className() == "QTipLabel":
            label.setStyle(self._tips)
            label.setContentsMargins(2, 0, 2, 0)  # beside the words, beyond the metric's


class Part(QProxyStyle):
    """The style of one kind of widget."""

    def __init__(self, look: QStyle) -> None:
        super().__init__("Fusion")
        self.setParent(look)


class Tips(Part):
    """Tooltips: a field with an outline, and some air."""

    def pixelMetric(
        self, metric: METRIC, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric == METRIC.PM_ToolTipLabelFrameWidth:
            return 12
        return super().pixelMetric(metric, option, widget)

    def drawPrimitive(
        self,
        element: PRIMITIVE,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element != PRIMITIVE.PE_PanelTipLabel:
            super().drawPrimitive(element, option, painter, widget)
            return
        colors = theme.palette()
        painter.fillRect(option.rect, QColor(colors.line))
        painter.fillRect(option.rect.adjusted(1, 1, -1, -1), QColor(colors.field))


def middle_of(box: QRect) -> QRect:
    """Return the line in the middle of a separator, along its longer side."""
    if box.width() < box.height():
        return QRect(box.center().x(), box.top(), 1, box.height())
    return QRect(box.left(), box.center().y(), box.width(), 1)


class Frames(Part):
    """The window's own lines: between its docks, under its bar, above its status line."""

    _metrics: ClassVar = {
        # Of one pixel, Qt makes two more widgets whenever docks are arranged, and keeps them all.
        METRIC.PM_DockWidgetSeparatorExtent: SEPARATOR,
        METRIC.PM_ToolBarItemMargin: 0,
        METRIC.PM_ToolBarFrameWidth: 8,
        METRIC.PM_ToolBarItemSpacing: 4,
    }

    def pixelMetric(
        self, metric: METRIC, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        known = self._metrics.get(metric)
        return super().pixelMetric(metric, option, widget) if known is None else known

    def drawControl(
        self,
        element: CONTROL,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element != CONTROL.CE_ToolBar:
            super().drawControl(element, option, painter, widget)
            return
        box = option.rect
        painter.fillRect(
            QRect(box.left(), box.bottom(), box.width(), 1), QColor(theme.palette().line)
        )

    def drawPrimitive(
        self,
        element: PRIMITIVE,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        colors, box = theme.palette(), option.rect
        if element == PRIMITIVE.PE_PanelStatusBar:
            painter.fillRect(QRect(box.left(), box.top(), box.width(), 1), QColor(colors.line))
        elif element == PRIMITIVE.PE_IndicatorDockWidgetResizeHandle:
            over = option.state & STATE.State_MouseOver
            painter.fillRect(middle_of(box), QColor(colors.accent if over else colors.line))
        elif element != PRIMITIVE.PE_FrameStatusBarItem:
            super().drawPrimitive(element, option, painter, widget)


class ToolButtons(Part):
    """Flat buttons with round corners, seen when they are pointed at, checked or focused.

    A button called ``primary`` is filled with the accent. The properties ``narrow`` and ``quiet``
    leave out air at the sides and the sign of a menu.
    """

    RADIUS = 6

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        if kind != QStyle.ContentsType.CT_ToolButton:
            return super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]
        return size + QSize(3 + 2 * _side(widget), 15)

    def drawComplexControl(
        self,
        control: COMPLEX,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if control != COMPLEX.CC_ToolButton or not isinstance(option, QStyleOptionToolButton):
            super().drawComplexControl(control, option, painter, widget)
            return
        primary = widget is not None and widget.objectName() == "primary"
        self._draw_ground(option, painter, primary)
        inner = QStyleOptionToolButton(option)
        if primary:
            colors = QPalette(option.palette)
            colors.setColor(QPalette.ColorRole.ButtonText, QColor(theme.palette().on_accent))
            inner.palette = colors
        side = _side(widget)
        inner.rect = option.rect.adjusted(side, 6, -side, -6)
        self.drawControl(CONTROL.CE_ToolButtonLabel, inner, painter, widget)
        has_menu = option.features & QStyleOptionToolButton.ToolButtonFeature.HasMenu
        if has_menu and not (widget is not None and widget.property("quiet")):
            extent = self.pixelMetric(METRIC.PM_MenuButtonIndicator, option, widget)
            right, bottom = option.rect.right(), option.rect.bottom()
            inner.rect = QRect(right + 5 - extent, bottom + 5 - extent, extent - 6, extent - 6)
            self.drawPrimitive(PRIMITIVE.PE_IndicatorArrowDown, inner, painter, widget)

    def _draw_ground(
        self, option: QStyleOptionToolButton, painter: QPainter, primary: bool
    ) -> None:
        colors, state = theme.palette(), option.state
        filled = state & (STATE.State_MouseOver | STATE.State_On)
        focused = state & STATE.State_HasFocus
        box, radius = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), self.RADIUS - 0.5
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if primary or filled:
            painter.setBrush(QColor(colors.accent if primary else colors.line))
            painter.drawRoundedRect(box, radius, radius)
        if focused:
            painter.setPen(QColor(colors.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, radius, radius)
        painter.restore()


def _side(button: QWidget | None) -> int:
    """Return the air at either side of what a button shows, its outline included."""
    return 4 if button is not None and button.property("narrow") else 9


class ScrollBars(Part):
    """Upright bars: a slim handle on the ground, without arrows."""

    SHORTEST = 32
    _metrics: ClassVar = {METRIC.PM_ScrollBarExtent: 8, METRIC.PM_ScrollBarSliderMin: SHORTEST}

    def pixelMetric(
        self, metric: METRIC, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        known = self._metrics.get(metric) if _upright(option) else None
        return super().pixelMetric(metric, option, widget) if known is None else known

    def subControlRect(
        self,
        control: COMPLEX,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        if not isinstance(option, QStyleOptionSlider) or not _upright(option):
            return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]
        box, (top, bottom) = option.rect, self._handle(option)
        parts = QStyle.SubControl
        spans = {
            parts.SC_ScrollBarSlider: (top, bottom),
            parts.SC_ScrollBarSubPage: (0, top),
            parts.SC_ScrollBarAddPage: (bottom, box.height()),
            parts.SC_ScrollBarGroove: (0, box.height()),
        }
        start, end = spans.get(part, (0, 0))
        return QRect(box.left(), box.top() + start, box.width() if end > start else 0, end - start)

    def _handle(self, option: QStyleOptionSlider) -> tuple[int, int]:
        """Return where the handle begins and ends."""
        room, steps = option.rect.height(), option.maximum - option.minimum
        if steps <= 0:
            return 0, room
        length = min(room, max(self.SHORTEST, option.pageStep * room // (steps + option.pageStep)))
        top = QStyle.sliderPositionFromValue(
            option.minimum,
            option.maximum,
            option.sliderPosition,
            room - length,
            option.upsideDown,
        )
        return top, top + length

    def drawComplexControl(
        self,
        control: COMPLEX,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if not isinstance(option, QStyleOptionSlider) or not _upright(option):
            super().drawComplexControl(control, option, painter, widget)
            return
        colors, slider = theme.palette(), QStyle.SubControl.SC_ScrollBarSlider
        over = option.state & STATE.State_MouseOver and option.activeSubControls & slider
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.muted if over else colors.line))
        painter.drawRoundedRect(QRectF(self.subControlRect(control, option, slider, widget)), 4, 4)
        painter.restore()


def _upright(option: QStyleOption | None) -> bool:
    return isinstance(option, QStyleOptionSlider) and option.orientation == Qt.Orientation.Vertical


class Tabs(Part):
    """Tabs that are words, with a line under the one in front."""

    LINE = 2
    _metrics: ClassVar = {
        METRIC.PM_TabBarTabHSpace: 24,
        METRIC.PM_TabBarTabVSpace: 15,
        METRIC.PM_TabBarTabOverlap: 0,
        METRIC.PM_TabBarTabShiftHorizontal: 0,
        METRIC.PM_TabBarTabShiftVertical: 0,
    }

    def pixelMetric(
        self, metric: METRIC, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        known = self._metrics.get(metric)
        return super().pixelMetric(metric, option, widget) if known is None else known

    def subElementRect(
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None
    ) -> QRect:
        if element == QStyle.SubElement.SE_TabBarTabText:
            return option.rect.adjusted(12, 7, -12, -6 - self.LINE)
        return super().subElementRect(element, option, widget)  # type: ignore[arg-type]

    def drawControl(
        self,
        element: CONTROL,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        colors, state = theme.palette(), option.state
        if element == CONTROL.CE_TabBarTabShape:
            if state & STATE.State_Selected:
                box = option.rect
                line = QRect(box.left(), box.bottom() + 1 - self.LINE, box.width(), self.LINE)
                painter.fillRect(line, QColor(colors.accent))
            return
        if element == CONTROL.CE_TabBarTabLabel and isinstance(option, QStyleOptionTab):
            seen = state & (STATE.State_Selected | STATE.State_MouseOver)
            option = QStyleOptionTab(option)
            own = QPalette(option.palette)
            own.setColor(
                QPalette.ColorRole.WindowText, QColor(colors.text if seen else colors.muted)
            )
            option.palette = own
        super().drawControl(element, option, painter, widget)
