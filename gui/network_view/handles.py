"""Small controls that appear on the drawing where the pointer comes near."""

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from gui import theme
from gui.forms.buttons import QuietButton, scaled
from gui.network_view.deeds import Deed, activation_deeds
from gui.network_view.touching import Touching

if TYPE_CHECKING:
    from gui.network_view.view import NetworkView

NEAR = 14.0  # how far around a caption, or from the middle of a gap, counts as near
ROUND = 7
NAME_PART = 0.54  # of a caption's height, taken by the layer's name


class LayerBar(QWidget):
    """Under a layer's name: one neuron less, how many, one more, and the activation."""

    def __init__(self, view: "NetworkView", touching: Touching) -> None:
        super().__init__(view)
        self._view, self._touching = view, touching
        self.layer = 0
        self._room = 0.0
        self._covered = 0
        self.less = self._button("minus", "Remove the last neuron", self._remove)
        self.width_button = self._button("", "Set the number of neurons", self._set_width)
        self.more = self._button("plus", "Add a neuron", self._add)
        self.activation = self._button("chevron-down", "Choose the activation", self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 1, 3, 1)
        row.setSpacing(1)
        for button in (self.less, self.width_button, self.more, self.activation):
            row.addWidget(button)
        self.hide()

    def _button(self, icon: str, name: str, slot: object) -> QuietButton:
        button = QuietButton(self, "", icon, name)
        button.setToolTip(name)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(slot)
        return button

    def show_at(self, layer: int, caption: QRectF, room: float) -> None:
        """Stand in the place of the caption's second line, and in no other caption's `room`."""
        self.layer, self._room, self._covered = layer, room, round(caption.width()) + ROUND
        self.refresh()
        x = round(caption.center().x() - self.width() / 2)
        y = round(caption.top() + NAME_PART * caption.height())
        self.move(max(4, min(x, self._view.width() - self.width() - 4)), y)
        self.show()
        self.raise_()

    def refresh(self) -> None:
        """Show the layer as it is now."""
        frame, layer = self._view.frame, self.layer
        if frame is None or not 0 < layer < len(frame.shape.sizes):
            self.hide()
            return
        hidden = 0 < layer < len(frame.shape.sizes) - 1
        for button in (self.less, self.width_button, self.more):
            button.setVisible(hidden)
        self.less.setEnabled(frame.shape.sizes[layer] > 1)
        self.width_button.setText(f"{frame.shape.sizes[layer]}")
        activation = frame.shape.activations[layer - 1]
        self.activation.setToolTip(f"Choose the activation: now {activation}")
        for text in (activation, ""):  # without the name where that would cover a neighbour
            self.activation.setText(text)
            self._fit()
            if self.width() <= self._room:
                break

    def _fit(self) -> None:
        self.activation.updateGeometry()
        self.width_button.updateGeometry()
        self.layout().activate()  # type: ignore[union-attr]
        hint = self.layout().totalSizeHint()  # type: ignore[union-attr]
        self.resize(max(hint.width(), self._covered), hint.height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.update()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_ground(self)

    @Slot()
    def _remove(self) -> None:
        self._touching.drop_neuron(self.layer)

    @Slot()
    def _add(self) -> None:
        self._touching.add_neuron(self.layer)

    @Slot()
    def _set_width(self) -> None:
        self._touching.edit_width(self.layer)

    @Slot()
    def _choose(self) -> None:
        menu = DeedMenu(self._view)
        menu.add(activation_deeds(self._touching, self.layer))
        menu.popup(self.activation.mapToGlobal(QPoint(0, self.activation.height())))


class GapButton(QuietButton):
    """Between two layers, beside their names: adds a layer there."""

    def __init__(self, view: "NetworkView", touching: Touching) -> None:
        super().__init__(view, "", "plus", "Add a layer here")
        self._touching = touching
        self.gap = 0
        self.setToolTip("Add a layer here")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(self._add)
        self.hide()

    def show_at(self, gap: int, at: QPointF) -> None:
        """Stand at a point, for the gap after layer number `gap`."""
        self.gap = gap
        side = scaled(24)
        self.setGeometry(round(at.x() - side / 2), round(at.y() - side / 2), side, side)
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_ground(self)
        super().paintEvent(event)

    @Slot()
    def _add(self) -> None:
        self._touching.add_layer(self.gap)


class DeedMenu(QMenu):
    """What can be done, in words; what cannot says why in its tooltip."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setToolTipsVisible(True)
        self.triggered.connect(self._do)

    def add(self, deeds: list[Deed], menu: QMenu | None = None) -> None:
        """Add an entry for each."""
        for deed in deeds:
            action = QAction(deed.text, self)
            action.setData(deed)
            action.setEnabled(not deed.reason)
            action.setToolTip(deed.reason or "")
            action.setStatusTip(deed.reason)
            if deed.checked is not None:
                action.setCheckable(True)
                action.setChecked(deed.checked)
            (menu or self).addAction(action)

    @Slot(QAction)
    def _do(self, action: QAction) -> None:
        deed = action.data()
        if isinstance(deed, Deed):
            deed.do()


class Handles:
    """Shows the controls near the pointer, and puts them away."""

    def __init__(self, view: "NetworkView", touching: Touching) -> None:
        self._view, self._touching = view, touching
        self.bar = LayerBar(view, touching)
        self.gap = GapButton(view, touching)

    def follow(self, x: float, y: float) -> None:
        """Show what belongs near a point of the view."""
        layer = self._layer_near(x, y)
        if layer is None:
            self.bar.hide()
        elif layer != self.bar.layer or not self.bar.isVisible():
            self.bar.show_at(layer, self._view.caption_box(layer), self._room(layer))
        place = None if layer is not None else self._gap_near(x, y)
        if place is None:
            self.gap.hide()
        elif place[0] != self.gap.gap or not self.gap.isVisible():
            self.gap.show_at(*place)

    def hide(self) -> None:
        self.bar.hide()
        self.gap.hide()

    def refresh(self) -> None:
        """Take another shape of the network."""
        self.gap.hide()
        self.bar.refresh()

    def _layers(self) -> int:
        frame = self._view.frame
        return 0 if frame is None or self._touching.reason else len(frame.shape.sizes)

    def _layer_near(self, x: float, y: float) -> int | None:
        for layer in range(1, self._layers()):
            box = self._view.caption_box(layer).adjusted(-NEAR, -NEAR, NEAR, NEAR)
            bar = QRectF(self.bar.geometry()) if self.bar.isVisible() else QRectF()
            if box.contains(x, y) or (layer == self.bar.layer and bar.contains(x, y)):
                return layer
        return None

    def _room(self, layer: int) -> float:
        """Return how wide a bar in the middle of a caption may be, to cover no other."""
        boxes = [self._view.caption_box(each) for each in range(self._layers())]
        middle = boxes[layer].center().x()
        left = middle - boxes[layer - 1].right()
        right = boxes[layer + 1].left() - middle if layer + 1 < len(boxes) else left
        return 2 * min(left, right)

    def _gap_near(self, x: float, y: float) -> tuple[int, QPointF] | None:
        """Return the gap whose place for the button is near, and that place."""
        boxes = [self._view.caption_box(layer) for layer in range(self._layers())]
        for gap, (left, right) in enumerate(pairwise(boxes)):
            at = QPointF((left.right() + right.left()) / 2, right.center().y())
            if right.left() - left.right() < scaled(24):
                continue
            if abs(x - at.x()) < 3 * NEAR and abs(y - at.y()) < 2 * NEAR:
                return gap, at
        return None


def paint_ground(widget: QWidget) -> None:
    """Draw the opaque plate that the controls stand on."""
    colors = theme.palette()
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colors.color("line"), 1))
    painter.setBrush(colors.color("window"))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)
    painter.end()
