"""What one painting is made of: the newest frame, where things stand, how they look."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from gui import theme
from gui.frame import Frame, Shape
from gui.network_view.flow import Flow
from gui.network_view.items import Item, Neuron
from gui.network_view.layout import Box, Layout
from gui.network_view.names import layer_name, neuron_name
from gui.network_view.style import Style
from gui.network_view.values import EdgeValues, Mode

BAR_WIDTH = 44.0  # of an output's probability


@dataclass(frozen=True)
class Room:
    """What the words around the network take up, in device-independent pixels."""

    left: float
    top: float
    right: float
    bottom: float
    name: float
    percent: float

    @classmethod
    def for_words(cls, shape: Shape, style: Style) -> "Room":
        """Measure the words of a network."""
        unit = style.unit
        title, body = style.title, style.body
        lines = title.height + body.height
        names = max((title.width(name) for name in shape.output_names), default=0.0)
        name = min(names, 110 * unit) + 10 * unit
        percent = style.strong.width("100 %") + 8 * unit
        bar = BAR_WIDTH * unit
        left = 40 * unit
        bottom = style.legend_height + 34 * unit + 0.4 * lines
        if not shape.image_shape:
            widest = max((body.width(text) for text in shape.input_names), default=0.0)
            left += min(widest, 130 * unit) + 8 * unit
            bottom += lines  # the example's caption stands under the column
        right = 10 * unit + name + bar + percent + 22 * unit
        return cls(left, 18 * unit + lines + 14 * unit, right, bottom, name, percent)

    def stage(self, width: float, height: float) -> Box:
        """Return what is left for the network."""
        return Box(
            self.left,
            self.top,
            max(60.0, width - self.left - self.right),
            max(60.0, height - self.top - self.bottom),
        )


@dataclass(eq=False)
class Picture:
    """Everything the painters read.

    Attributes
    ----------
    focus : Item
        What is pointed at, or else pinned: all but it and its edges is dimmed.
    pinned : Item
        What stays in focus when the pointer leaves.
    flow : Flow
        What flows along the edges; None where nothing does.
    pointer : (float, float) or None
        Where the mouse is.
    cached : bool
        Whether costly parts may come from pictures kept; False for export.
    hurried : bool
        Whether frames come faster than anyone reads, so that figures may lag for a moment.
    zoomed : bool
        Whether the network may reach under the captions and the legend.
    """

    frame: Frame
    layout: Layout
    style: Style
    room: Room
    values: EdgeValues
    mode: Mode = "weight"
    threshold: float = 0.0
    focus: Item = None
    pinned: Item = None
    flow: Flow | None = None
    pointer: tuple[float, float] | None = None
    cached: bool = True
    hurried: bool = False
    zoomed: bool = False

    @property
    def look(self) -> tuple[theme.ThemeName, str]:
        """Theme and family of the edges' colours: gradients have hues of their own."""
        return self.style.colors.name, "gradient_" if self.mode == "gradient" else ""

    def hue(self, value: float, alpha: float) -> QColor:
        """Return the colour of an edge of a sign."""
        role = "negative" if value < 0 else "positive"
        return self.style.colors.color(self.look[1] + role, alpha)

    @property
    def dimmed(self) -> bool:
        """Whether a neuron stands out before all else."""
        return isinstance(self.focus, Neuron)

    @property
    def focus_map(self) -> tuple[str, str] | None:
        """What the input's plate shows instead of the example, and how to read it."""
        focus = self.focus
        if isinstance(focus, Neuron) and focus.layer == 1 and self.layout.block:
            name = self.neuron_name(focus)
            return f"Weights into {name}", "orange raises it, blue lowers it"
        return None

    def layer_name(self, layer: int) -> str:
        """Return what a layer is called."""
        return layer_name(self.frame.shape, layer)

    def neuron_name(self, neuron: Neuron) -> str:
        """Return what a neuron is called."""
        return neuron_name(self.frame.shape, neuron)


def rectangle(box: Box, margin: float = 0.0) -> QRectF:
    return QRectF(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin)
