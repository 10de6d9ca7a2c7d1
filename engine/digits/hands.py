"""Hands: the same drawing as different people would draw it.

What is drawn is turned, slanted, stretched, tapered and bent as a whole; its loose ends come
out longer or shorter, each stroke is set down a little beside its place, and the pen trembles.
Some digits have other ways to be written, which the data set hardly shows.
"""

from collections.abc import Sequence

import numpy as np

from engine.digits.strokes import Array, box

# Standard deviations, in shares of the drawing's size where nothing else is said.
ROTATION = 0.17  # radians
SLANT = 0.3
STRETCH = 0.3  # of the logarithm of width to height
TAPER = 0.35  # of the logarithm of the foot's width to the head's
BEND, BEND_POINTS = 0.05, 4  # of a smooth field at 4×4 points over the drawing
BESIDE = 0.015  # of what a stroke misses its place by
TREMBLE = 0.015  # of what the pen strays by at each step
LONGER = 0.05, 0.14  # of a loose end: mean and standard deviation
LOOSE = 0.07  # an end with no other ink within is loose
STEP = 0.04  # between the points that the pen goes through
OTHERWISE = {0: 0.2, 1: 0.25, 2: 0.25, 7: 0.3}  # share of a digit that is written another way

Strokes = Sequence[Array]


def by_hand(strokes: Strokes, rng: np.random.Generator) -> list[Array]:
    """Draw strokes, each (points, 2), anew, as another hand would."""
    drawn = [resampled(points) for points in box(strokes)]
    drawn = [_with_ends(number, drawn, rng) for number in range(len(drawn))]
    field = rng.normal(0, BEND, (2, BEND_POINTS, BEND_POINTS))
    turn, slant, stretch, taper = rng.normal(0, (ROTATION, SLANT, STRETCH, TAPER))
    cos, sin = np.cos(turn), np.sin(turn)
    shape = np.diag(np.exp([stretch / 2, -stretch / 2]))
    shape = shape @ [[1, 0], [slant, 1]] @ [[cos, -sin], [sin, cos]]
    hand = []
    for points in drawn:
        x, y = _shares(points[:, 0]), _shares(points[:, 1])
        bent = points + np.einsum("py,ayx,px->pa", y, field, x)
        bent[:, 0] *= np.exp(np.clip(taper, -0.9, 0.9) * points[:, 1])
        bent += _smoothed(rng.normal(0, TREMBLE, bent.shape))
        hand.append(bent @ shape + rng.normal(0, BESIDE, 2))
    return hand


def resampled(points: Array) -> Array:
    """Cut a stroke into equal steps, about as long as :data:`STEP`."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    marks = np.linspace(0, along[-1], 2 + int(along[-1] / STEP))
    return np.stack([np.interp(marks, along, points[:, axis]) for axis in (0, 1)], axis=1)


def _with_ends(number: int, strokes: Strokes, rng: np.random.Generator) -> Array:
    """Draw the loose ends of a stroke longer, or shorter; leave those that touch other ink."""
    points = strokes[number]
    others = [*strokes[:number], *strokes[number + 1 :]]
    for _end in range(2):
        points = points[::-1]
        ink = np.concatenate([*others, points[:-6]])
        if len(points) > 8 and np.hypot(*(ink - points[-1]).T).min() > LOOSE:
            points = _longer(points, rng.normal(*LONGER))
    return points


def _longer(points: Array, length: float) -> Array:
    if length < 0:
        return points[: max(len(points) // 2, len(points) + round(length / STEP))]
    way = points[-1] - points[-5]
    end = points[-1:] + way * length / (np.hypot(*way) + 1e-9)
    return resampled(np.concatenate([points, end]))


def _shares(places: Array) -> Array:
    """Return how much each of the field's points counts at places from −½ to ½."""
    last = BEND_POINTS - 1
    distance = (np.clip(places, -0.5, 0.5)[:, None] + 0.5) * last - np.arange(BEND_POINTS)
    near = np.maximum(1 - np.abs(distance), 0)
    return near * near * (3 - 2 * near)


def _smoothed(values: Array) -> Array:
    """Average over five steps."""
    sums = np.cumsum(np.pad(values, ((3, 2), (0, 0)), mode="edge"), axis=0)
    return (sums[5:] - sums[:-5]) / 5


def otherwise(strokes: Strokes, digit: int, rng: np.random.Generator) -> list[Array]:
    """Now and then slash a zero, give a one a foot, a two a loop, or cross a seven."""
    drawn = box(strokes)
    if rng.random() > OTHERWISE.get(digit, 0):
        return drawn
    points = np.concatenate(drawn)
    left, right = points[:, 0].min(), points[:, 0].max()
    x, y = rng.normal(0, 0.04, 2)
    if digit == 0:
        x += (left + right) / 2
        return [*drawn, _line(x, y, -rng.uniform(0.6, 1.6), rng.uniform(0.3, 0.7))]
    if digit == 1:
        x += points[points[:, 1] > 0.35, 0].mean()
        return [*drawn, _line(x, 0.49, rng.normal(0, 0.06), rng.uniform(0.12, 0.4))]
    if digit == 7:
        x += points[np.abs(points[:, 1]) < 0.15, 0].mean()
        return [*drawn, _line(x, y, rng.normal(0, 0.12), rng.uniform(0.14, 0.35))]
    angle = np.linspace(0, 2 * np.pi, 20)
    wide, high = rng.uniform(0.08, 0.2), rng.uniform(0.05, 0.14)
    loop = [left + wide * (1 + np.cos(angle)), 0.5 - high * (1 + np.sin(angle))]
    return [*drawn, np.stack(loop, axis=1)]


def _line(x: float, y: float, angle: float, reach: float) -> Array:
    """Return a straight stroke through (x, y) that goes on for `reach` to either side."""
    along = np.linspace(-reach, reach, 2)
    return np.stack([x + along * np.cos(angle), y + along * np.sin(angle)], axis=1)
