"""Which way of drawing the edges suits a network of a size."""

from typing import Protocol

import numpy as np
from PySide6.QtGui import QPainter

from gui.network_view.curves import CurvedEdges
from gui.network_view.dense import DenseEdges
from gui.network_view.haze import HazeEdges
from gui.network_view.kept import Move
from gui.network_view.layout import Layout
from gui.network_view.picture import Picture

DENSE_PIXELS = 2.6e6  # lines as long as this together are drawn well within a frame


class Edges(Protocol):
    """Draws all edges of a layout, and finds the one at a point."""

    def prepare(self, picture: Picture) -> None:
        """Work out what is to be drawn, before the training goes on beside the drawing."""

    def comes_later(self, picture: Picture) -> bool:
        """Return whether `draw` shows what is there, and leaves the work to `draw_ahead`."""

    def draw(self, painter: QPainter, picture: Picture) -> bool:
        """Draw, over the ground; return whether the drawing lags behind the frame."""

    def draw_ahead(self) -> None:
        """Draw what the next painting shows, while the training goes on."""

    def take_over(self, other: object, move: Move) -> None:
        """Show what another has painted, moved, while one's own is not ready."""

    def nearest(
        self, x: float, y: float, strength: np.ndarray, least: float
    ) -> tuple[int, float] | None:
        """Return an edge's number and distance, among those stronger than `least`."""


def edges_for(layout: Layout, whole: Layout, pixel_ratio: float) -> Edges:
    """Choose by the number of edges and the pixels they cover where nothing is zoomed."""
    if layout.curved:
        return CurvedEdges(layout)
    x0, y0, x1, y1 = whole.lines.T
    length = float(np.hypot(x1 - x0, y1 - y0).sum()) * pixel_ratio
    return DenseEdges(layout) if length <= DENSE_PIXELS else HazeEdges(layout)
