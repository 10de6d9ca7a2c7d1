"""Where everything stands: the drawing's geometry in plain NumPy, without Qt.

Lengths are device-independent pixels. Edges are numbered layer by layer, and within a layer
as ``weights[layer].ravel()`` goes: by source, then by target.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from gui.network_view.items import Edge, Item, Neuron

DESIGN_WIDTH, DESIGN_HEIGHT = 1000.0, 700.0
WIDEST_BLOCK = 0.31  # of the width, for a picture given to the network
CURVED_EDGES = 200  # up to here every edge is a curve of its own
NARROWEST_PITCH = 3.0  # neurons nearer than this are folded away
FOLDED = 24  # neurons that a folded layer shows


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x <= self.right and self.y <= y <= self.bottom


@dataclass(frozen=True, eq=False)
class Layout:
    """The places of all neurons and edges.

    Attributes
    ----------
    stage : Box
        The part of the widget between captions and legend.
    unit : float
        How much larger than at 1000×700 things are drawn.
    sizes : tuple of int
        Neurons of each layer, folded or not.
    shown : tuple of ndarray of int
        For each layer the neurons drawn, in order.
    centers : tuple of ndarray (shown, 2)
        Their places.
    radii : tuple of float
        Half the breadth of each layer's neurons.
    block : Box or None
        The picture's place, where the inputs are one.
    lines : ndarray (edges, 4) of float64
        From x, y to x, y; C-contiguous, as QLineF lies in memory.
    starts : tuple of int
        The first edge of each layer, and the number of edges.
    """

    stage: Box
    unit: float
    sizes: tuple[int, ...]
    shown: tuple[np.ndarray, ...]
    centers: tuple[np.ndarray, ...]
    radii: tuple[float, ...]
    block: Box | None
    lines: np.ndarray
    starts: tuple[int, ...]

    @property
    def edges(self) -> int:
        """Number of edges drawn."""
        return self.starts[-1]

    @property
    def curved(self) -> bool:
        """Whether the network is small enough for a curve per edge."""
        return self.edges <= CURVED_EDGES

    def is_folded(self, layer: int) -> bool:
        return len(self.shown[layer]) < self.sizes[layer]

    def zoomed(self, scale: float, dx: float, dy: float) -> "Layout":
        """Return the drawing magnified about the origin, then moved."""
        shift = np.array([dx, dy])
        block = self.block
        if block:
            block = Box(
                block.x * scale + dx,
                block.y * scale + dy,
                block.width * scale,
                block.height * scale,
            )
        return replace(
            self,
            centers=tuple(places * scale + shift for places in self.centers),
            radii=tuple(radius * scale for radius in self.radii),
            block=block,
            lines=self.lines * scale + np.tile(shift, 2),
        )

    def slot(self, neuron: Neuron) -> int | None:
        """Return where in `shown` a neuron stands, None if it is folded away."""
        shown = self.shown[neuron.layer]
        slot = int(np.searchsorted(shown, neuron.index))
        return slot if slot < len(shown) and shown[slot] == neuron.index else None

    def middle(self, item: Item) -> tuple[float, float] | None:
        """Return where an item is, None if it is folded away."""
        if isinstance(item, Neuron):
            slot = self.slot(item)
            points = self.centers[item.layer][[] if slot is None else [slot]]
        else:
            points = self.lines[self.edges_of(item)].reshape(-1, 2, 2).mean(axis=1)
        return (float(points[0, 0]), float(points[0, 1])) if len(points) else None

    def edges_of(self, item: Item) -> np.ndarray:
        """Return the numbers of the edges that an item consists of or is joined by."""
        if isinstance(item, Edge):
            source = self.slot(Neuron(item.layer, item.source))
            target = self.slot(Neuron(item.layer + 1, item.target))
            if source is None or target is None:
                return np.empty(0, dtype=np.intp)
            width = len(self.shown[item.layer + 1])
            return np.array([self.starts[item.layer] + source * width + target])
        if isinstance(item, Neuron) and (slot := self.slot(item)) is not None:
            return np.concatenate([self._incoming(item.layer, slot), self._outgoing(item, slot)])
        return np.empty(0, dtype=np.intp)

    def _incoming(self, layer: int, slot: int) -> np.ndarray:
        if layer == 0:
            return np.empty(0, dtype=np.intp)
        width = len(self.shown[layer])
        return np.arange(self.starts[layer - 1] + slot, self.starts[layer], width)

    def _outgoing(self, neuron: Neuron, slot: int) -> np.ndarray:
        if neuron.layer == len(self.sizes) - 1:
            return np.empty(0, dtype=np.intp)
        width = len(self.shown[neuron.layer + 1])
        first = self.starts[neuron.layer] + slot * width
        return np.arange(first, first + width)

    def edge(self, number: int) -> Edge:
        """Return the edge of a number."""
        layer = int(np.searchsorted(self.starts, number, side="right")) - 1
        source, target = divmod(number - self.starts[layer], len(self.shown[layer + 1]))
        return Edge(layer, int(self.shown[layer][source]), int(self.shown[layer + 1][target]))


def neighbour(layout: Layout, neuron: Neuron, right: int, down: int) -> Neuron:
    """Return the neuron one step away; at the rim, the same."""
    if layout.block and neuron.layer == 0 and right == 0:
        down *= round(layout.block.width / layout.radii[0] / 2)  # a row of pixels
    slot = layout.slot(neuron) or 0
    layer = min(max(neuron.layer + right, 0), len(layout.sizes) - 1)
    if layer != neuron.layer:
        y = layout.centers[neuron.layer][slot, 1]
        slot = int(np.abs(layout.centers[layer][:, 1] - y).argmin())
    shown = layout.shown[layer]
    there = slot + down
    return Neuron(layer, int(shown[there if 0 <= there < len(shown) else slot]))


def unit_for(width: float, height: float) -> float:
    """Return how large things are drawn in a widget of this size; 1 at 1000×700."""
    return float(np.clip(min(width / DESIGN_WIDTH, height / DESIGN_HEIGHT), 0.55, 2.2))


def arrange(
    sizes: tuple[int, ...],
    stage: Box,
    *,
    unit: float = 1.0,
    image_shape: tuple[int, int] | None = None,
    folds: Mapping[int, np.ndarray] | None = None,
    tiles: bool = False,
) -> Layout:
    """Lay a network out from left to right.

    Parameters
    ----------
    sizes : tuple of int
        Neurons of each layer, the inputs first.
    stage : Box
        Where the neurons may stand; labels have their room outside.
    unit : float
        Magnification of radii and the gaps' upper bounds.
    image_shape : (int, int), optional
        Height and width, where the inputs are a picture: they become a block.
    folds : mapping of int to ndarray of int, optional
        For each folded layer the neurons that it shows, in order.
    tiles : bool
        Whether the neurons are tiles large enough for a picture of their own.
    """
    folds = folds or {}
    block = _block(stage, image_shape) if image_shape else None
    shown = tuple(folds.get(layer, np.arange(size)) for layer, size in enumerate(sizes))
    most = 27.0 if tiles else 18.0
    pitches = [_pitch(len(s), stage, unit, tiles) for s in shown]
    radii = [min(0.42 * pitch, most * unit) for pitch in pitches]
    columns = _columns(len(sizes), stage, unit, block, radii)
    centers = [
        _column(x, len(s), stage, pitch)
        for x, s, pitch in zip(columns, shown, pitches, strict=True)
    ]
    if block and image_shape:
        centers[0] = _pixels(block, image_shape)
        radii[0] = block.width / image_shape[1] / 2
    lines, starts = _join(centers)
    if block:
        _leave(block, lines[: starts[1]])
    return Layout(stage, unit, sizes, shown, tuple(centers), tuple(radii), block, lines, starts)


def crowded_layers(
    sizes: tuple[int, ...], stage: Box, image_shape: tuple[int, int] | None
) -> list[int]:
    """Return the layers with more neurons than the stage has room for."""
    fits = stage.height / NARROWEST_PITCH
    first = 1 if image_shape else 0
    return [layer for layer in range(first, len(sizes)) if sizes[layer] > fits]


def _block(stage: Box, image_shape: tuple[int, int]) -> Box:
    rows, columns = image_shape
    cell = min(WIDEST_BLOCK * stage.width / columns, 0.62 * stage.height / rows)
    if cell > 4:
        cell = np.floor(cell)
    width, height = cell * columns, cell * rows
    x, y = round(stage.x), round(stage.y + (stage.height - height) / 2)
    return Box(float(x), float(y), float(width), float(height))


def _pitch(count: int, stage: Box, unit: float, tiles: bool) -> float:
    """Return the distance between neighbours of a column."""
    roomy = 88.0 * unit
    return min(stage.height / max(count, 1), roomy)


def _columns(
    layers: int, stage: Box, unit: float, block: Box | None, radii: list[float]
) -> np.ndarray:
    last = stage.right - radii[-1]
    if block:
        return np.linspace(block.right, last, layers)
    first = stage.x + radii[0]
    widest = 330 * unit * max(layers - 1, 1)
    spare = max(0.0, last - first - widest) / 2
    return np.linspace(first + spare, last - spare, layers)


def _column(x: float, count: int, stage: Box, pitch: float) -> np.ndarray:
    middle = stage.y + stage.height / 2
    y = middle + (np.arange(count) - (count - 1) / 2) * pitch
    return np.column_stack([np.full(count, x), y])


def _pixels(block: Box, image_shape: tuple[int, int]) -> np.ndarray:
    rows, columns = image_shape
    cell = block.width / columns
    row, column = np.divmod(np.arange(rows * columns), columns)
    return np.column_stack([block.x + (column + 0.5) * cell, block.y + (row + 0.5) * cell])


def _join(centers: list[np.ndarray]) -> tuple[np.ndarray, tuple[int, ...]]:
    counts = [len(a) * len(b) for a, b in itertools.pairwise(centers)]
    starts = (0, *np.cumsum(counts).tolist())
    lines = np.empty((starts[-1], 4))
    for layer, (a, b) in enumerate(itertools.pairwise(centers)):
        joined = lines[starts[layer] : starts[layer + 1]].reshape(len(a), len(b), 4)
        joined[..., :2] = a[:, None]
        joined[..., 2:] = b
    return lines, starts


def _leave(block: Box, lines: np.ndarray) -> None:
    """Let lines that start inside a block begin at its edge: the rest lies beneath it."""
    x, y = lines[:, 0], lines[:, 1]
    dx, dy = lines[:, 2] - x, lines[:, 3] - y
    with np.errstate(divide="ignore", invalid="ignore"):
        to_side = (np.where(dx > 0, block.right, block.x) - x) / dx
        to_end = (np.where(dy > 0, block.bottom, block.y) - y) / dy
    part = np.fmin(np.fmin(to_side, to_end), 1.0)
    x += part * dx
    y += part * dy
