"""The values that settings may take: checked, read from what people type, described."""

import math
import reprlib
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from engine.knobs.registry import Registry

Scale = Literal["linear", "log"]
Matrix = tuple[tuple[float, ...], ...]
"""Rows of numbers."""


class Domain:
    """The values that a setting may take."""

    def check(self, value: Any) -> Any:
        """Return `value` in its canonical type, or raise ValueError with the reason."""
        raise NotImplementedError

    def parse(self, text: str) -> Any:
        """Read what a person typed, or raise ValueError with the reason."""
        raise NotImplementedError

    def describe(self) -> str:
        """Say what is allowed, to follow the words 'must be'."""
        raise NotImplementedError


_short = reprlib.Repr()
_short.maxstring = _short.maxother = 60


def shown(value: Any) -> str:
    """Return a value as messages show it: never long, whatever a file holds.

    >>> shown("many"), shown([0] * 1000)
    ("'many'", '[0, 0, 0, 0, 0, 0, ...]')
    """
    return _short.repr(value)


def read_number(text: str) -> float:
    """Read a number typed by a person; a decimal comma is taken as a point.

    >>> read_number("0,05")
    0.05
    >>> read_number("3,2,1")
    Traceback (most recent call last):
    ValueError: '3,2,1' is not a number
    """
    try:
        return float(text.strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        raise ValueError(f"'{text.strip()}' is not a number") from None


def show_number(value: float) -> str:
    """Write a number the short way.

    >>> show_number(0.00001), show_number(32.0), show_number(0.05)
    ('1e-05', '32', '0.05')
    """
    return f"{value:.10g}"


@dataclass(frozen=True)
class Real(Domain):
    """Real numbers of an interval."""

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    scale: Scale = "linear"
    noun: ClassVar[str] = "a number"

    def check(self, value: Any) -> float:
        try:
            if isinstance(value, bool | str | bytes):
                raise TypeError
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"must be {self.describe()}, not {shown(value)}") from None
        too_low = number <= self.low if self.open_low else number < self.low
        too_high = number >= self.high if self.open_high else number > self.high
        if math.isnan(number) or math.isinf(number) or too_low or too_high:
            raise ValueError(f"must be {self.describe()}, not {show_number(number)}")
        return number

    def parse(self, text: str) -> float:
        return self.check(read_number(text))

    def describe(self) -> str:
        bounds = []
        if self.low > -math.inf:
            bounds.append(f"{'above' if self.open_low else 'at least'} {show_number(self.low)}")
        if self.high < math.inf:
            bounds.append(f"{'below' if self.open_high else 'at most'} {show_number(self.high)}")
        return " ".join([self.noun, " and ".join(bounds)]).strip()


@dataclass(frozen=True)
class Integer(Real):
    """Whole numbers of an interval."""

    noun: ClassVar[str] = "a whole number"

    def check(self, value: Any) -> int:
        number = super().check(value)
        if number != int(number):
            raise ValueError(f"must be {self.describe()}, not {show_number(number)}")
        return int(number)


@dataclass(frozen=True)
class Flag(Domain):
    """Yes or no."""

    def check(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"must be {self.describe()}, not {shown(value)}")
        return value

    def parse(self, text: str) -> bool:
        words = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
        if text.strip().lower() not in words:
            raise ValueError(f"must be {self.describe()}, not '{text}'")
        return words[text.strip().lower()]

    def describe(self) -> str:
        return "yes or no"


@dataclass(frozen=True)
class OneOf(Domain):
    """One of a few words; `options` maps each word to its label."""

    options: dict[str, str]

    def check(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(f"must be {self.describe()}, not {shown(value)}")
        return value

    def parse(self, text: str) -> str:
        return self.check(text.strip())

    def describe(self) -> str:
        return "one of " + ", ".join(self.options)


@dataclass(frozen=True)
class Text(Domain):
    """Any text."""

    def check(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"must be {self.describe()}, not {shown(value)}")
        try:
            value.encode()  # half a surrogate pair can be neither shown nor written
        except UnicodeEncodeError:
            raise ValueError(f"must be {self.describe()}, not {shown(value)}") from None
        return value

    def parse(self, text: str) -> str:
        return text

    def describe(self) -> str:
        return "text"


@dataclass(frozen=True)
class Words(Domain):
    """Several texts, each once, in the order in which they came.

    >>> Words().check(["b", "a", "b"])
    ('b', 'a')
    """

    def check(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError(f"must be {self.describe()}, not {shown(value)}")
        return tuple(dict.fromkeys(map(Text().check, value)))

    def describe(self) -> str:
        return "a list of texts"


@dataclass(frozen=True)
class Optional(Domain):
    """A value of `inner`, or None, which people see as `none_label`."""

    inner: Domain
    none_label: str

    def check(self, value: Any) -> Any:
        return None if value is None else self.inner.check(value)

    def parse(self, text: str) -> Any:
        return None if text.strip() in ("", self.none_label) else self.inner.parse(text)

    def describe(self) -> str:
        return f"{self.inner.describe()}, or {self.none_label}"


@dataclass(frozen=True)
class Choice(Domain):
    """A value object of a registry: the choice itself carries its own knobs."""

    registry: Registry[Any]

    def check(self, value: Any) -> Any:
        if not isinstance(value, self.registry.kind):
            raise ValueError(f"must be {self.describe()}, not {shown(value)}")
        return value

    def parse(self, text: str) -> Any:
        return self.registry.get(text.strip())()

    def describe(self) -> str:
        return "one of " + ", ".join(self.registry)


@dataclass(frozen=True)
class ListOf(Domain):
    """A tuple of declared objects of one kind, such as the hidden layers."""

    kind: type
    at_most: int
    noun: str = "item"

    def check(self, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError(f"must be {self.describe()}, not {shown(value)}")
        items = tuple(value)
        if len(items) > self.at_most or not all(isinstance(item, self.kind) for item in items):
            raise ValueError(f"must be {self.describe()}")
        return items

    def describe(self) -> str:
        return f"at most {self.at_most} {self.noun}s"


@dataclass(frozen=True)
class Positions(Domain):
    """Places in a row, counted from 0; kept in order, each once.

    >>> Positions("neuron").check([4, 1, 4])
    (1, 4)
    """

    noun: str

    def check(self, value: Any) -> tuple[int, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError(f"must be {self.describe()}, not {shown(value)}")
        whole = Integer(0)
        return tuple(sorted({whole.check(each) for each in value}))

    def parse(self, text: str) -> tuple[int, ...]:
        return self.check([Integer(1).parse(each) - 1 for each in text.split(",") if each.strip()])

    def describe(self) -> str:
        return f"a list of {self.noun}s"


@dataclass(frozen=True)
class Matrices(Domain):
    """Matrices written out, row by row; every row of one has as many numbers.

    >>> Matrices().check([[[1, 2], [3, 4]], [[5]]])
    (((1.0, 2.0), (3.0, 4.0)), ((5.0,),))
    """

    def check(self, value: Any) -> tuple[Matrix, ...]:
        number = Real()
        try:
            matrices = tuple(
                tuple(tuple(map(number.check, row)) for row in matrix) for matrix in value
            )
        except (TypeError, ValueError):
            raise ValueError(f"must be {self.describe()}") from None
        for matrix in matrices:
            widths = {len(row) for row in matrix}
            if len(widths) != 1 or 0 in widths:
                raise ValueError(f"must be {self.describe()}")
        return matrices

    def describe(self) -> str:
        return "a list of matrices of finite numbers, their rows of one length"
