"""Colours of classes, of points and of the surface beneath them."""

import numpy as np
from PySide6.QtGui import QColor

from engine.datasets import Dataset
from gui import theme

STRENGTH = 0.55
"""How strong the surface is at most, so that the points on it stand out."""
BANDS = 4
"""Steps from zero to the largest value of a discretised height."""
SEVERAL: dict[str, tuple[str, ...]] = {
    "dark": ("#459fff", "#ff9b45", "#18fccf", "#b0466d", "#514ce5", "#656d08"),
    "light": ("#0072b2", "#d55e00", "#00a567", "#a82679", "#8a82ff", "#4e500a"),
}
"""More than two classes: the diverging pair, then what stays apart from it and from each other
for colour-blind people too (CIEDE2000 of 13 or more after Machado's simulations of 2009), each at
3:1 on the ground. They repeat after six."""


def class_colors(classes: int) -> list[str]:
    """Return a colour for each class, as ``#rrggbb``: the diverging pair for two."""
    colors = theme.palette()
    if classes <= 2:
        return [colors.negative, colors.positive]
    several = SEVERAL[colors.name]
    return [several[index % len(several)] for index in range(classes)]


def signed_answers(data: Dataset, targets: np.ndarray, peak: float) -> np.ndarray:
    """Bring outputs or targets of two classes, or heights, to [−1, 1]; any shape."""
    if data.task == "regression":
        return targets / peak
    return 2 * targets - 1


def largest_height(data: Dataset) -> float:
    """Return the height that is drawn in full colour."""
    heights = np.concatenate([data.y_train, data.y_test])
    return float(np.abs(heights).max()) or 1.0


def point_colors(data: Dataset, targets: np.ndarray) -> list[int]:
    """Return the colour of each point, ``0xffRRGGBB``, given its targets (n, outputs)."""
    if data.task == "classification":
        table = [QColor(name).rgb() for name in class_colors(data.outputs)]
        return [table[label] for label in targets.argmax(axis=1).tolist()]
    signed = signed_answers(data, targets[:, 0], largest_height(data))
    return theme.diverging(signed, gamma=0.6).tolist()


def surface_pixels(data: Dataset, values: np.ndarray, discrete: bool) -> np.ndarray:
    """Colour a surface, (outputs, rows, columns), as ``0xffRRGGBB``."""
    if data.task == "classification" and data.outputs > 2:
        return _several(values, discrete)
    if data.task == "classification":
        signed = values[1] - values[0]
    else:
        signed = signed_answers(data, values[0], largest_height(data))
    if discrete and data.task == "regression":
        signed = np.round(signed * BANDS) / BANDS
    elif discrete:
        signed = np.where(signed >= 0, 1.0, -1.0)
    return theme.diverging(np.clip(signed, -1, 1) * STRENGTH)


def _several(values: np.ndarray, discrete: bool) -> np.ndarray:
    """Mix each place's winning colour into the ground, more of it where the win is clear."""
    named = [QColor(name) for name in class_colors(len(values))]
    colors = np.array([(each.red(), each.green(), each.blue()) for each in named], float)
    least = 1 / len(values)
    lead = (np.nan_to_num(values.max(axis=0)) - least) / (1 - least)
    strength = np.clip(np.ones_like(lead) if discrete else lead, 0, 1)[..., None] * STRENGTH
    ground = theme.palette().rgb("neutral")
    return theme.pack_rgb(ground * (1 - strength) + colors[values.argmax(axis=0)] * strength)
