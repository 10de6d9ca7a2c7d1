"""What is shown of a network and where: folded, laid out, zoomed."""

import numpy as np
from PySide6.QtCore import QSize

from gui import theme
from gui.frame import Frame, Shape
from gui.network_view.edges import Edges, edges_for
from gui.network_view.flow import Flow
from gui.network_view.items import Item
from gui.network_view.kept import Move
from gui.network_view.layout import FOLDED, Layout, arrange, crowded_layers, unit_for
from gui.network_view.look import Look, Moment
from gui.network_view.picture import Room
from gui.network_view.style import Style
from gui.network_view.values import EdgeValues, Mode, Start, most_connected
from gui.network_view.viewport import FIT, Viewport


class Arrangement:
    """Keeps layout, values and edges in step with frame, size, folds and zoom.

    Attributes
    ----------
    mode, fit, threshold
        What the colours tell, on which scale, and from which strength on edges are drawn.
    layout : Layout or None
        Where things stand on screen, zoomed.
    viewport : Viewport
        Zoom and pan.
    """

    def __init__(self) -> None:
        self.mode: Mode = "weight"
        self.fit = False
        self.threshold = 0.0
        self.viewport = FIT
        self.layout: Layout | None = None
        self._whole: Layout | None = None
        self._shape: Shape | None = None
        self._style: Style | None = None
        self._room: Room | None = None
        self._values: EdgeValues | None = None
        self._edges: Edges | None = None
        self._folds: dict[int, np.ndarray] = {}
        self._unfolded: set[int] = set()
        self._look: Look | None = None
        self._tiled = False
        self._ratio = 1.0
        self._theme = ""
        self._size = QSize()

    def invalidate(self) -> None:
        """Lay everything out again before the next painting."""
        self._style = self.layout = self._whole = None

    def update(self, frame: Frame, size: QSize, ratio: float, start: Start | None = None) -> None:
        """Take a frame; lay it out if the network, the size or the screen is another.

        Changes are counted from `start`; None is the first frame of a training seen here.
        """
        other = frame.shape != self._shape
        if other:
            self._leave_shape(frame.shape)
        tiled = frame.maps is not None
        if self.layout is None or other or ratio != self._ratio or tiled != self._tiled:
            self._tiled = tiled
            move = None if other else self._resized(size)
            self._size, self._ratio, self._shape = size, ratio, frame.shape
            self._arrange(frame, move)
        assert self._values is not None
        self._values.start = start or self._values.start
        with np.errstate(all="ignore"):  # a network on its way to infinity is drawn as it is
            self._values.update(frame, self.mode, self.fit)

    def _leave_shape(self, shape: Shape) -> None:
        """Forget zoom and folds, but for those of layers that stay as wide as they were."""
        old, new = self._shape.sizes if self._shape else (), shape.sizes
        if len(old) != len(new) or old[0] != new[0]:
            self.viewport, self._folds, self._unfolded = FIT, {}, set()
            return
        wide = {layer for layer, size in enumerate(new) if size == old[layer]}
        self._folds = {layer: shown for layer, shown in self._folds.items() if layer in wide}

    def _resized(self, size: QSize) -> Move | None:
        """Return how things move where only the size changes; not into other colours."""
        old, theme_now = self._size, theme.palette().name
        same, self._theme = theme_now == self._theme, theme_now
        if not same or old.isEmpty():
            return None
        return Move(size.width() / old.width(), size.height() / old.height())

    def _arrange(self, frame: Frame, move: Move | None) -> None:
        """Fold and lay out the network anew; colours go on on the scales they had."""
        shape, style = frame.shape, self.style(self._size)
        self._room = Room.for_words(shape, style)
        stage = self._room.stage(self._size.width(), self._size.height())
        for layer in crowded_layers(shape.sizes, stage, shape.image_shape):
            if layer not in self._unfolded:
                self._folds.setdefault(layer, most_connected(frame, layer, FOLDED))
        self._whole = arrange(
            shape.sizes,
            stage,
            unit=style.unit,
            image_shape=shape.image_shape,
            folds=self._folds,
            tiles=self._tiled,
        )
        values = EdgeValues(self._whole)
        if self._values is not None:
            values.continue_from(self._values)
        self._values = values
        self._place(move)

    def _place(self, move: Move | None) -> None:
        """Apply zoom and pan; what is kept of the edges stays, moved, until it is renewed."""
        assert self._whole is not None
        before = self._edges
        view = self.viewport
        self.layout = (
            self._whole if view.is_fit else self._whole.zoomed(view.scale, view.dx, view.dy)
        )
        self._edges = edges_for(self.layout, self._whole, self._ratio)
        if move is not None and before is not None:
            self._edges.take_over(before, move)

    def style(self, size: QSize) -> Style:
        """Return fonts and colours for a widget of a size."""
        if self._style is None:
            self._style = Style(unit_for(size.width(), size.height()))
        return self._style

    # ------------------------------------------------------------ zoom, fold

    def zoom(self, factor: float, x: float, y: float) -> None:
        """Magnify about a point; 0 shows all."""
        self._look_through(self.viewport.zoomed(factor, x, y))

    def move(self, dx: float, dy: float) -> None:
        """Shift what is seen, as far as the magnified network reaches."""
        width, height = self._size.width(), self._size.height()
        self._look_through(self.viewport.moved(dx, dy, width, height))

    def _look_through(self, view: Viewport) -> None:
        before = self.viewport
        if view == before or self._whole is None:
            return
        self.viewport = view
        by = view.scale / before.scale
        self._place(Move(by, by, view.dx - by * before.dx, view.dy - by * before.dy))

    def folds(self, layer: int) -> bool:
        """Return whether a layer is wide enough to be folded."""
        layout = self.layout
        return (
            layout is not None
            and layout.sizes[layer] > FOLDED
            and not (layer == 0 and layout.block)
        )

    def toggle_fold(self, frame: Frame, layer: int) -> None:
        """Show only a few of a wide layer's neurons, or all of them again."""
        if not self.folds(layer):
            return
        if layer in self._folds:
            del self._folds[layer]
            self._unfolded.add(layer)
        else:
            self._folds[layer] = most_connected(frame, layer, FOLDED)
        self.layout = self._whole = None

    # ------------------------------------------------------------ moments

    def moment(self, frame: Frame, pinned: Item, flow: Flow | None) -> Moment:
        """Return what is seen now, to be painted later by another scene."""
        folds = ((layer, tuple(shown.tolist())) for layer, shown in self._folds.items())
        look = Look(
            self.mode,
            self.fit,
            self.threshold,
            self.viewport,
            tuple(folds),
            frozenset(self._unfolded),
            pinned,
            flow,
        )
        start = self._values.start if self._values is not None else None
        return Moment(frame, look, start, self._size.width(), self._size.height())

    def take_look(self, moment: Moment, size: QSize, ratio: float) -> None:
        """Take a moment's frame, and look at it as it was looked at, at a size of one's own."""
        look, before = moment.look, self._look
        self.mode, self.fit, self.threshold = look.mode, look.fit, look.threshold
        if before is None or (before.folds, before.unfolded) != (look.folds, look.unfolded):
            self.layout = None
        if self.layout is None or moment.frame.shape != self._shape:
            self._shape, self.layout = moment.frame.shape, None
            self._folds = {layer: np.array(shown) for layer, shown in look.folds}
            self._unfolded = set(look.unfolded)
        wider, higher = size.width() / moment.width, size.height() / moment.height
        if self.layout is None:
            self.viewport = look.viewport.on(wider, higher)
        else:
            self._look_through(look.viewport.on(wider, higher))
        self._look = look
        self.update(moment.frame, size, ratio, moment.start)
