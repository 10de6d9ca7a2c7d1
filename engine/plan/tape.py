"""Tapes, and the buffers they run over."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.memory import aligned

Array = np.ndarray
Call = tuple[Callable[..., Any], tuple[Any, ...]]
Tape = list[Call]


def play(tape: Iterable[Call]) -> None:
    """Make the calls one after the other."""
    for f, args in tape:
        f(*args)


def transposed(a: Array) -> Array:
    """Return `a` with its last two axes swapped; a view."""
    return a.swapaxes(-1, -2)


class Workspace:
    """Buffers by name: asked twice, the same one is given."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self._arrays: dict[str, Array] = {}

    def array(self, name: str, shape: tuple[int, ...], dtype: Any = None) -> Array:
        """Return the aligned buffer called `name`, zeros at first."""
        if name not in self._arrays:
            kind = np.dtype(dtype or self.dtype)
            self._arrays[name] = aligned(math.prod(shape), kind).reshape(shape)
        array = self._arrays[name]
        assert array.shape == shape, (name, array.shape, shape)
        return array

    def constant(self, value: float) -> Array:
        """Return a number as a 0-d array of the right type: the fastest operand there is."""
        return np.array(value, self.dtype)


@dataclass(frozen=True, eq=False)
class Signal:
    """What flows between two layers for one batch.

    Attributes
    ----------
    memory : ndarray
        The values as they lie: (units, rows), or (rows, units) if not `units_first`.
    delta : ndarray or None
        ∂L/∂ of the values, laid out alike; None where nobody asks.
    ones : ndarray or None
        (units + 1, rows): the values above a row of ones, where there is one.
    units_first : bool
    """

    memory: Array
    delta: Array | None
    ones: Array | None = None
    units_first: bool = True

    @property
    def units(self) -> Array:
        """The values as (units, rows)."""
        return self.memory if self.units_first else transposed(self.memory)

    @property
    def rows(self) -> Array:
        """The values as (rows, units), as the definition has them."""
        return transposed(self.units)

    @property
    def delta_units(self) -> Array:
        """∂L/∂values as (units, rows)."""
        assert self.delta is not None
        return self.delta if self.units_first else transposed(self.delta)
