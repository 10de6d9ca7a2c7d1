"""Digits of one's own: drawn, told what they are, and trained on with the set or without it.

They are part of the experiment itself, written out digit by digit: the same experiment gives
the same run, on any computer, whatever has been drawn since. :mod:`engine.digits.drawings` keeps
the drawings they come from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.data_sources import SOURCES, Array, Digits, Source
from engine.knobs import Domain, Flag, SettingError, knob

INK = "0123456789abcdefg"
"""How a pixel is written, from 0 (paper) to g (16, ink)."""
LENGTH = 65
MOST_DIGITS = 10_000


def write_digit(label: int, picture: ArrayLike) -> str:
    """Write a picture of 8×8, pixels from 0 to 16, as its label and one character per pixel.

    >>> write_digit(7, np.full((8, 8), 15.9))[:9]
    '7gggggggg'
    """
    pixels = np.clip(np.rint(np.asarray(picture, np.float64).ravel()), 0, 16).astype(int)
    return str(int(label)) + "".join(INK[pixel] for pixel in pixels)


def read_digits(written: Iterable[str]) -> tuple[Array, Array]:
    """Return the pictures, (n, 64), and the labels, (n,), of digits that were written out."""
    text = "".join(written).encode("ascii")
    values = np.frombuffer(text, np.uint8).reshape(-1, LENGTH).astype(np.float64)
    values -= np.where(values >= ord("a"), ord("a") - 10, ord("0"))
    return values[:, 1:], values[:, 0]


@dataclass(frozen=True)
class WrittenDigits(Domain):
    """Labelled pictures, each a line as :func:`write_digit` makes it."""

    def check(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or len(value) > MOST_DIGITS:
            raise ValueError(f"must be {self.describe()}")
        for number, line in enumerate(value, start=1):
            right = isinstance(line, str) and len(line) == LENGTH and line[0] in INK[:10]
            if not right or not set(line) <= set(INK):
                raise ValueError(f"must be {self.describe()}; number {number} is not")
        return tuple(value)

    def parse(self, text: str) -> tuple[str, ...]:
        return self.check(text.split())

    def describe(self) -> str:
        return (
            f"at most {MOST_DIGITS:,} digits, each its label and {LENGTH - 1} characters "
            f"from 0 (paper) to g (ink)"
        )


@SOURCES.register
@dataclass(frozen=True)
class MyDigits(Digits):
    """Digits that were drawn in the window and told what they are.

    With the data set, they are all trained on, and its test rows stay what they are: the
    accuracy can be compared with that of the set alone. Without it, they are split like any
    other rows.
    """

    name: ClassVar[str] = "my_digits"
    label: ClassVar[str] = "Your own digits"
    about: ClassVar[str] = "Digits that you drew, with or without those of the data set."

    digits: tuple[str, ...] = knob(
        (),
        label="Yours",
        help="Drawn, told what they are, and taken from there in the drawing panel.",
        domain=WrittenDigits(),
    )
    together: bool = knob(
        True,
        label="And the data set's",
        help="Train on the data set's digits as well, and test on its test rows.",
        domain=Flag(),
    )

    @property
    def trained(self) -> int:
        return len(self.digits) if self.together else 0

    def rows(self) -> tuple[Array, Array]:
        pictures, labels = read_digits(self.digits)
        if not (self.together or self.digits):
            raise SettingError(
                "together", "there are no digits of yours to train on: draw some, and label them"
            )
        if not self.together:
            return pictures, labels
        others, their_labels = super().rows()
        return np.concatenate([others, pictures]), np.concatenate([their_labels, labels])


def own_pictures(source: Source) -> Array:
    """Return the pictures, (n, 64), that a person drew for a data set; mostly none."""
    return read_digits(source.digits if isinstance(source, MyDigits) else ())[0]
