"""Particles on the curves of a small network, and the words that tell what they are."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap

from gui import theme
from gui.network_view.flow import Flow
from gui.network_view.layout import Layout
from gui.network_view.picture import Picture
from gui.network_view.sprites import draw_sprites
from gui.network_view.style import write
from gui.network_view.values import EdgeValues

SPACING = 62.0  # between particles of one curve
FAINTEST, FAINTEST_SLOPE = 0.06, 0.004  # strength of an edge that has any
LEVELS = 6  # sizes
MORE = 1.4  # times larger than values are gradients
FINE = 2  # places within a pixel, each way: what is slow would be seen to jump
KINDS = ("ink", "gradient_positive", "gradient_negative")
SOFT = 0.25  # of the network's width, over which the flow's front fades in
WORDS = ("→ values", "← gradients")


class Particles:
    """Points that run along curves: with the values forward, with the gradients back.

    Forward they are larger on stronger edges; backward by ∂L/∂w, all layers on one scale, so
    that a gradient that vanishes on its way is seen to.

    Parameters
    ----------
    points : ndarray (edges, samples, 2)
        Points along the curves, from source to target.
    """

    def __init__(self, layout: Layout, points: np.ndarray) -> None:
        self._layout, self._points = layout, points
        steps = np.diff(points, axis=1)
        lengths = np.hypot(steps[..., 0], steps[..., 1]).sum(axis=1)
        count = np.maximum((lengths / (SPACING * layout.unit)).astype(int), 1)
        self._on = np.repeat(np.arange(len(points)), count)
        first = np.repeat(np.cumsum(count) - count, count)
        self._many = np.repeat(count, count)
        # No two curves beat together.
        self._start = np.arange(len(self._on)) - first + self._on * 0.618 % 1
        self._gradients: np.ndarray | None = None

    def draw(self, painter: QPainter, picture: Picture, flow: Flow, strength: np.ndarray) -> None:
        """Draw them where they are by now; `strength` (edges,) is of the edges as drawn."""
        kinds, faintest = np.zeros(len(strength), dtype=int), FAINTEST
        if flow.backward:
            slopes = self._slopes(picture)
            strength, kinds, faintest = np.abs(slopes), 1 + (slopes < 0), FAINTEST_SLOPE
        else:
            self._gradients = None
        if picture.dimmed:
            lit = picture.layout.edges_of(picture.focus)
            strength = np.where(np.isin(np.arange(len(strength)), lit), strength, 0)
        shown = np.flatnonzero(strength[self._on] > faintest)
        on = self._on[shown]
        places = self._places(shown, flow.rounds)
        level = np.minimum(np.sqrt(strength[on]) * LEVELS, LEVELS - 1).astype(int)
        ratio, style = painter.device().devicePixelRatio(), picture.style
        sheet = _sheet(style.colors.name, style.unit, ratio)
        whole, fine = np.divmod(places * ratio * FINE, FINE)
        fine = fine.astype(int)
        which = ((kinds[on] * LEVELS + level) * FINE + fine[:, 1]) * FINE + fine[:, 0]
        draw_sprites(painter, sheet, whole / ratio, which, ratio, self._seen(places, flow))

    def _slopes(self, picture: Picture) -> np.ndarray:
        """Return ∂L/∂w of each edge, from -1 to 1: of one update as long as they flow back."""
        if self._gradients is None:
            if picture.frame.gradients is None:
                return np.zeros(len(self._points))  # asked for, they come with another frame
            values = EdgeValues(self._layout)
            values.update(picture.frame, "gradient", fit=True)
            peaks = np.repeat(values.scales, np.diff(self._layout.starts))
            self._gradients = values.scaled * peaks / max(values.scales)
        return self._gradients

    def _places(self, shown: np.ndarray, rounds: float) -> np.ndarray:
        """Return the places (particles, 2) of those that are shown."""
        points, on = self._points, self._on[shown]
        part = (self._start[shown] + rounds) / self._many[shown] % 1
        at = part * (points.shape[1] - 1)
        left = np.minimum(at.astype(int), points.shape[1] - 2)
        rest = (at - left)[:, None]
        return points[on, left] * (1 - rest) + points[on, left + 1] * rest

    def _seen(self, places: np.ndarray, flow: Flow) -> np.ndarray:
        """Return how opaque each is: only where the flow has come by now."""
        left, right = self._points[:, 0, 0].min(), self._points[:, -1, 0].max()
        across = (places[:, 0] - left) / (right - left)
        way = 1 - across if flow.backward else across
        return flow.strength * np.clip((flow.front * (1 + SOFT) - way) / SOFT, 0, 1)


@lru_cache(maxsize=4)
def _sheet(name: theme.ThemeName, unit: float, ratio: float) -> QPixmap:
    """Return particles of all kinds and sizes, at all places within a pixel, side by side."""
    side = 2 * int(np.ceil(MORE * (1.1 + 0.3 * LEVELS) * unit * ratio + 2))
    sheet = QPixmap(len(KINDS) * LEVELS * FINE * FINE * side, side)
    sheet.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for place in range(sheet.width() // side):
        rest, fine = divmod(place, FINE * FINE)
        kind, level = divmod(rest, LEVELS)
        colors, radius = theme.PALETTES[name], (1.1 + 0.3 * level) * unit * ratio
        painter.setBrush(colors.color(KINDS[kind], 0.35 + 0.1 * level))
        if kind:  # in hues of their own, they need more to stand out from the edges
            radius *= MORE
            painter.setBrush(colors.color(KINDS[kind], 0.75 + 0.05 * level))
        down, right = divmod(fine, FINE)
        middle = QPointF((right + 0.5) / FINE, (down + 0.5) / FINE)
        painter.drawEllipse(QPointF(place * side + side / 2, side / 2) + middle, radius, radius)
    painter.end()
    return sheet


def draw_flow_words(painter: QPainter, picture: Picture, x: float, y: float) -> float:
    """Say what flows, the way it flows at present in its colours; return where the words end."""
    style, flow = picture.style, picture.flow
    if flow is None or not picture.layout.curved:
        return x
    for words, backward, lit in zip(WORDS, (False, True), ("text", KINDS[1]), strict=True):
        color = style.color(lit if flow.backward == backward else "muted")
        write(painter, style.small, color, (x, y), words)
        x += style.small.width(words) + 12 * style.unit
    return x + 6 * style.unit
