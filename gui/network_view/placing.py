"""Where a card goes: beside what it is about, hiding as little as may be."""

import numpy as np

from gui.network_view.items import Neuron
from gui.network_view.picture import Picture


def place(
    picture: Picture, size: tuple[float, float], width: float, height: float
) -> tuple[float, float]:
    """Return the upper left corner where a card hides least, near what it is about."""
    unit = picture.style.unit
    x, y = anchor(picture) or (width / 2, height / 2)
    gap = 16 * unit
    room = (width - size[0] - 8, height - size[1] - picture.style.legend_height - 24 * unit)
    stage = picture.layout.stage
    columns = [x + gap, x - gap - size[0], stage.x, stage.right - size[0], room[0]]
    rows = [y + gap, y - gap - size[1], stage.y, stage.bottom - size[1]]
    highest = picture.room.top - 8 * unit  # below the captions
    corners = [
        (
            float(np.clip(left, 8, max(8, room[0]))),
            float(np.clip(top, highest, max(highest, room[1]))),
        )
        for left in columns
        for top in rows
    ]
    matters = _places_that_matter(picture)
    return min(corners, key=lambda corner: _cost(corner, size, matters, (x, y)))


def anchor(picture: Picture) -> tuple[float, float] | None:
    """Return the point that the card belongs to."""
    focus, layout = picture.focus, picture.layout
    if isinstance(focus, Neuron) and (slot := layout.slot(focus)) is not None:
        x, y = layout.centers[focus.layer][slot].tolist()
        return x, y
    if picture.pointer is not None:
        return picture.pointer
    numbers = layout.edges_of(focus)
    if not len(numbers):
        return None
    x0, y0, x1, y1 = layout.lines[numbers[0]].tolist()
    return (x0 + x1) / 2, (y0 + y1) / 2


def _places_that_matter(picture: Picture) -> np.ndarray:
    """Return points (n, 3) that should stay in sight: x, y and how much."""
    layout = picture.layout
    lines = layout.lines[layout.edges_of(picture.focus)]
    part = np.linspace(0.05, 0.95, 7)[:, None, None]
    along = (lines[:, :2] * (1 - part) + lines[:, 2:] * part).reshape(-1, 2)
    weight = 60 / max(len(lines), 1)
    ends = [*layout.centers[1 if layout.block else 0 :]]
    if layout.block:
        ends.append(layout.centers[0][:: max(1, len(layout.centers[0]) // 64)])
    labels = layout.centers[-1] + (layout.radii[-1] + picture.room.name + 40 * layout.unit, 0)
    neurons = np.concatenate([*ends, labels])
    return np.concatenate(
        [
            np.column_stack([along, np.full(len(along), weight)]),
            np.column_stack([neurons, np.full(len(neurons), 30.0 if layout.curved else 8.0)]),
            [[*(anchor(picture) or (0.0, 0.0)), 1e4]],
        ]
    )


def _cost(
    corner: tuple[float, float],
    size: tuple[float, float],
    matters: np.ndarray,
    at: tuple[float, float],
) -> float:
    left, top = corner
    x, y, weight = matters.T
    margin = 6
    hidden = (x > left - margin) & (x < left + size[0] + margin)
    hidden &= (y > top - margin) & (y < top + size[1] + margin)
    away = np.hypot(left + size[0] / 2 - at[0], top + size[1] / 2 - at[1])
    return float(weight[hidden].sum() + 0.15 * away)
