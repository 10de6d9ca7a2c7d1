"""Drawings in files: strokes, and what they are said to show.

A file is an npz archive without pickles. Whatever reads npz can read it:

====================  ================  =====================================================
``points``            float32 (p, 2)    x and y of every point of every stroke, y down, one
                                        drawing after the other; in the unit square
``stroke_lengths``    int64 (s,)        how many points each stroke has, at least 1
``drawing_lengths``   int64 (n,)        how many strokes each drawing has, at least 1
``labels``            int8 (n,)         the digit that each shows; −1 where nobody has said
``pictures``          uint8 (n, 8, 8)   each as a network sees it, 0 (paper) to 16 (ink);
                                        made from the strokes, and not read back
====================  ================  =====================================================

With scikit-learn: ``model.fit(file["pictures"].reshape(-1, 64), file["labels"])``.

A file that comes twice brings nothing new: :func:`merge`.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.digits.novelty import measure
from engine.digits.strokes import stages
from engine.files import FlawError, open_file, reading, writing
from engine.npz import Npz

MOST_DRAWINGS = 10_000
MOST_STROKES = 100_000
MOST_POINTS = 2_000_000
MOST_BYTES = 100_000_000
ADVICE = "Choose a file that was saved with 'Export my digits'."
KINDS = {"points": "f", "stroke_lengths": "iu", "drawing_lengths": "iu", "labels": "iu"}


@dataclass(frozen=True, eq=False)
class Drawing:
    """A drawing, and what it shows.

    Attributes
    ----------
    strokes : tuple of ndarray, each of shape (points, 2)
        The points of the pen, y down, in the unit square.
    label : int or None
        The digit it shows, where somebody has said so.
    """

    strokes: tuple[NDArray[np.float64], ...]
    label: int | None = None

    @property
    def picture(self) -> NDArray[np.float32]:
        """The 8×8 that a network sees, 0 (paper) to 16 (ink)."""
        return self._seen[0]

    @property
    def doubted(self) -> bool:
        """Whether nobody called it a digit, and it is unlike one; :mod:`engine.digits.novelty`."""
        return self.label is None and self._seen[1]

    @cached_property
    def trail(self) -> bytes:
        """The strokes as a file has them: the same for the same drawing, and for no other."""
        lengths = np.array([len(each) for each in self.strokes], np.int64)
        return lengths.tobytes() + np.concatenate(self.strokes).astype(np.float32).tobytes()

    @cached_property
    def _seen(self) -> tuple[NDArray[np.float32], bool]:
        drawn = stages(self.strokes)
        return drawn.picture, measure()(drawn) > 1


@dataclass(frozen=True, eq=False)
class Merge:
    """What drawings of a file bring to those that are there.

    Attributes
    ----------
    new : tuple of Drawing
        To be added.
    replaced : tuple of Drawing
        Of those that are there: without a label, which their likes in `new` have.
    known : int
        How many of the file are not needed.
    disputed : int
        How many of these have another label in the file than here.
    """

    new: tuple[Drawing, ...]
    replaced: tuple[Drawing, ...]
    known: int
    disputed: int


def merge(mine: Iterable[Drawing], others: Iterable[Drawing]) -> Merge:
    """Find out which of the others are new; of two labels, the one that is there stays."""
    there = {each.trail: each for each in mine}
    new: list[Drawing] = []
    replaced: list[Drawing] = []
    known = disputed = 0
    for other in others:
        twin = there.get(other.trail)
        if twin is not None and (twin.label is not None or other.label is None):
            known += 1
            disputed += other.label not in (None, twin.label)
            continue
        if twin is not None:
            (new.remove if twin in new else replaced.append)(twin)
        there[other.trail] = other
        new.append(other)
    return Merge(tuple(new), tuple(replaced), known, disputed)


def save_drawings(path: str | os.PathLike[str], drawings: Sequence[Drawing]) -> None:
    """Write a file of drawings; one that stands there is replaced whole or not at all."""
    strokes = [stroke for each in drawings for stroke in each.strokes]
    labels = [-1 if each.label is None else each.label for each in drawings]
    pictures = [np.rint(each.picture) for each in drawings]
    with writing(path) as unfinished, unfinished.open("wb") as file:
        np.savez_compressed(
            file,
            points=np.concatenate([np.zeros((0, 2)), *strokes]).astype(np.float32),
            stroke_lengths=np.array([len(each) for each in strokes], np.int64),
            drawing_lengths=np.array([len(each.strokes) for each in drawings], np.int64),
            labels=np.array(labels, np.int8),
            pictures=np.array(pictures, np.uint8).reshape(-1, 8, 8),
        )


def load_drawings(path: str | os.PathLike[str]) -> tuple[Drawing, ...]:
    """Read a file of drawings.

    Raises
    ------
    FileError
        When it cannot be read, is not such a file, or what it holds does not go together; the
        message says for people what is wrong, and what to do.
    """
    with reading(path, "a file of drawings", ADVICE), open_file(path, MOST_BYTES) as file:
        npz = Npz(file, compressed=True)
        if not any(name in npz for name in KINDS):
            raise FlawError
        _check_headers(npz)
        arrays = {name: npz.read(name) for name in KINDS}
        _check(arrays)
        return tuple(_drawings(arrays))


def _check_headers(npz: Npz) -> None:
    """Refuse arrays that cannot make drawings before any of them is read."""
    for name, kinds in KINDS.items():
        if name not in npz:
            raise FlawError(f"lacks the array '{name}'")
        header = npz.header(name)
        if header.dtype.kind not in kinds:
            raise FlawError(f"holds {header.dtype} in '{name}' where numbers are due")
        if name != "points" and len(header.shape) != 1:
            raise FlawError(f"has {name} of shape {header.shape}, not a list")
    points, strokes = npz.header("points").shape, npz.header("stroke_lengths").shape
    labels, drawings = npz.header("labels").shape, npz.header("drawing_lengths").shape
    if len(points) != 2 or points[1] != 2:
        raise FlawError(f"has points of shape {points}, not (points, 2)")
    if labels[0] > MOST_DRAWINGS:
        raise FlawError(f"holds more than {MOST_DRAWINGS:,} drawings")
    if points[0] > MOST_POINTS or strokes[0] > MOST_STROKES:
        raise FlawError(f"holds more than {MOST_STROKES:,} strokes or {MOST_POINTS:,} points")
    if labels != drawings:
        raise FlawError(f"has {labels[0]} labels for {drawings[0]} drawings")


def _check(arrays: dict[str, NDArray]) -> None:
    """Refuse arrays that do not make drawings."""
    points, labels = arrays["points"], arrays["labels"]
    strokes, drawings = arrays["stroke_lengths"], arrays["drawing_lengths"]
    if not np.isfinite(points).all() or np.abs(points).max(initial=0) > 1e6:
        raise FlawError("has points that are nowhere")
    _check_lengths("points", strokes, len(points))
    _check_lengths("strokes", drawings, len(strokes))
    if labels.min(initial=0) < -1 or labels.max(initial=0) > 9:
        raise FlawError("has labels other than the digits 0 to 9, and -1 for none")


def _check_lengths(what: str, lengths: NDArray, total: int) -> None:
    if lengths.min(initial=1) < 1 or lengths.sum(dtype=np.float64) != total:
        raise FlawError(f"does not say which {what} belong together")


def _drawings(arrays: dict[str, NDArray]) -> Iterable[Drawing]:
    """Take the arrays apart."""
    points = np.clip(arrays["points"], 0, 1).astype(np.float64)
    ends = np.cumsum(arrays["stroke_lengths"])[:-1]
    strokes = np.split(points, ends) if len(points) else []
    start = 0
    for count, label in zip(arrays["drawing_lengths"], arrays["labels"], strict=True):
        yield Drawing(tuple(strokes[start : start + count]), None if label < 0 else int(label))
        start += int(count)
