"""Drawings of anything but digits, without end: what to tell digits from.

- **letters**, **signs** and shapes, **pictures** of things (``resources/other-drawings.txt``);
- **scribbles**: pens that go to and fro, round and round, or astray;
- **doodles**: lines, arcs, rings and corners put together at random, which count as pictures;
- **more than a digit**: two digits side by side, a digit crossed out, underlined, or ringed.

All of them by many hands (:mod:`engine.digits.hands`).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from engine.data_sources import RESOURCES
from engine.digits.hands import Strokes, by_hand
from engine.digits.strokes import Array

DRAWINGS = RESOURCES / "other-drawings.txt"
SHARES = {
    "letter": 0.24,
    "sign": 0.26,
    "picture": 0.16,
    "doodle": 0.14,
    "scribble": 0.12,
    "more": 0.08,
}


def other(rng: np.random.Generator, digits: Sequence[Strokes]) -> tuple[str, list[Array]]:
    """Draw something that is no digit; return of what kind it is, and its strokes.

    Parameters
    ----------
    rng : Generator
    digits : sequence of strokes
        Boxed digits, of which some are made into more than a digit.
    """
    kind = str(rng.choice(list(SHARES), p=list(SHARES.values())))
    if kind == "doodle":
        return "picture", by_hand(doodle(rng), rng)
    if kind == "scribble":
        return kind, by_hand(scribble(rng), rng)
    if kind == "more":
        return kind, by_hand(more_than_a_digit(rng, digits), rng)
    drawings = templates()[kind]
    return kind, by_hand(drawings[rng.integers(len(drawings))], rng)


# ---------------------------------------------------------------- templates


@lru_cache(maxsize=1)
def templates() -> dict[str, list[list[Array]]]:
    """Return the drawings of ``resources/other-drawings.txt`` by their kinds."""
    drawings: dict[str, list[list[Array]]] = {}
    for line in DRAWINGS.read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = drawings.setdefault(line.strip("[]"), [])
        elif ":" in line and not line.startswith("#"):
            kind.append(parsed(line)[1])
    return drawings


def parsed(line: str) -> tuple[str, list[Array]]:
    """Read a drawing and its name; the file says how it is written.

    >>> parsed("roof: 0,4 5,0 10,4 | ~0,4 5,6 10,4")[1][0][1]
    array([5., 0.])
    """
    name, _colon, strokes = line.partition(":")
    return name, [_stroke(each) for each in strokes.split("|")]


def _stroke(text: str) -> Array:
    numbers = [float(each) for each in re.findall(r"-?[\d.]+", text)]
    points = np.array(numbers).reshape(-1, 2)
    if "o" in text:
        return curve(np.concatenate([points, points[:1]]), closed=True)
    return curve(points) if "~" in text else points


def curve(points: Array, closed: bool = False) -> Array:
    """Lead a smooth curve through points (Catmull and Rom 1974)."""
    before = points[-2] if closed else 2 * points[0] - points[1]
    after = points[1] if closed else 2 * points[-1] - points[-2]
    p = np.concatenate([[before], points, [after]])
    t = np.linspace(0, 1, 8, endpoint=False)[:, None, None]
    a, b, c, d = p[:-3], p[1:-2], p[2:-1], p[3:]
    pieces = b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return np.concatenate([pieces.swapaxes(0, 1).reshape(-1, 2), points[-1:]])


# ---------------------------------------------------------------- scribbles


def scribble(rng: np.random.Generator) -> list[Array]:
    """Draw without a purpose: to and fro, round and round, astray, or all over the place."""
    way = (_to_and_fro, _round_and_round, _astray, _all_over)[rng.integers(4)]
    return [way(rng) for _ in range(1 + (rng.random() < 0.2))]


def _to_and_fro(rng: np.random.Generator) -> Array:
    turns = int(rng.integers(5, 22))
    along = np.linspace(0, rng.uniform(0.4, 1.5), turns)
    across = np.arange(turns) % 2 * rng.uniform(0.5, 1) + rng.normal(0, 0.12, turns)
    points = np.stack([along + rng.normal(0, 0.05, turns), across], axis=1) @ _turned(rng)
    return curve(points) if rng.random() < 0.6 else points


def _round_and_round(rng: np.random.Generator) -> Array:
    angle = np.linspace(0, rng.uniform(2.4, 7) * 2 * np.pi, 90) * rng.choice([-1, 1])
    inner, outer = rng.uniform(0.15, 1, 2)
    radius = np.linspace(inner, outer, 90) + _stray(rng, 90, 0.15)
    drift = np.linspace(0, rng.uniform(0, 2.5), 90)[:, None] * _turned(rng)[0]
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1) + drift


def _astray(rng: np.random.Generator) -> Array:
    """Go on, turning now this way and now that, for a long while."""
    heading = np.cumsum(_stray(rng, 120, rng.uniform(0.5, 1.5))) + rng.uniform(0, 6.3)
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=1)
    for before, step in pairwise(steps):  # kept together, or it would be one long line
        step += before * 0.96
    return steps


def _all_over(rng: np.random.Generator) -> Array:
    points = rng.random((rng.integers(6, 24), 2))
    return curve(points) if rng.random() < 0.5 else points


def _stray(rng: np.random.Generator, count: int, size: float) -> Array:
    """Return smooth noise, about a dozen waves of it in a hundred."""
    knots = rng.normal(0, size, count // 8 + 2)
    return np.interp(np.linspace(0, len(knots) - 1, count), np.arange(len(knots)), knots)


def _turned(rng: np.random.Generator) -> Array:
    angle = rng.uniform(0, 2 * np.pi)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


# ---------------------------------------------------------------- doodles


def doodle(rng: np.random.Generator) -> list[Array]:
    """Put three to eight lines, arcs, rings and corners together; many begin where one ends."""
    strokes = [_part(rng)]
    for _ in range(rng.integers(2, 8)):
        part = _part(rng)
        if rng.random() < 0.6:
            joined = strokes[rng.integers(len(strokes))]
            part = part - part[0] + joined[rng.integers(len(joined))]
        strokes.append(part)
    return strokes


def _part(rng: np.random.Generator) -> Array:
    size = rng.uniform(0.2, 1, 2)
    sort = rng.random()
    if sort < 0.45:
        part = np.array([[0, -0.5], [0, 0.5]])
    elif sort < 0.6:
        part = rng.uniform(-0.5, 0.5, (3, 2))
    elif sort < 0.8:
        part = _arc(rng.uniform(0.8, 4))
    elif sort < 0.9:
        part = _arc(2 * np.pi)
    else:
        part = curve(rng.uniform(-0.5, 0.5, (5, 2)))
    return (part * size) @ _turned(rng) + rng.uniform(-0.6, 0.6, 2)


def _arc(angle: float) -> Array:
    along = np.linspace(0, angle, 20)
    return np.stack([np.cos(along), np.sin(along)], axis=1) / 2


# ---------------------------------------------------------------- more than a digit


def more_than_a_digit(rng: np.random.Generator, digits: Sequence[Strokes]) -> list[Array]:
    """Put two or three digits side by side, or cross one out, underline it, ring it."""
    drawn = list(digits[int(rng.integers(len(digits)))])
    sort = rng.random()
    if sort < 0.5:
        for place in range(1, 2 + int(rng.random() < 0.2)):
            for stroke in digits[int(rng.integers(len(digits)))]:
                drawn.append(stroke + np.array([place * rng.uniform(0.7, 1.1), 0]))
    elif sort < 0.75:
        x, y = rng.uniform(0.5, 0.75, 2)
        drawn += [np.array([(-x, -y), (x, y)]), np.array([(-x, y), (x, -y)])]
    elif sort < 0.9:
        drawn.append(np.array([(-0.6, 0.7), (0.6, 0.7)]))
    else:
        drawn.append(_arc(2 * np.pi) * rng.uniform(1.3, 1.7))
    return drawn
