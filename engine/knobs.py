"""Settings declared once.

A setting is a dataclass field made by :func:`knob`. From that one declaration come its
validation and the message when it is refused, the form in the window, and the JSON file.
Adding a hyperparameter is one line::

    @dataclass(frozen=True)
    class SGD(Declared):
        momentum: float = knob(0.0, label="Momentum", domain=Real(0, 1, open_high=True), ...)

What is to be chosen among (activations, optimizers, data sets) are such dataclasses too,
gathered in a :class:`Registry` by the decorator that stands at their definition.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any, ClassVar, Literal, TypeVar, get_type_hints

Applies = Literal["live", "restart"]
Scale = Literal["linear", "log"]


class SettingError(ValueError):
    """A setting that is refused.

    Attributes
    ----------
    setting : str
        Dotted path of the field, such as ``train.learning_rate``; empty if unknown.
    reason : str
        What came and what is allowed, as a sentence for people.
    """

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(f"{setting}: {reason}" if setting else reason)
        self.setting = setting
        self.reason = reason

    def within(self, parent: str) -> "SettingError":
        """Return the same refusal, seen from the object that holds this one."""
        path = f"{parent}.{self.setting}" if self.setting else parent
        return SettingError(path, self.reason)


# ---------------------------------------------------------------- domains


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
            raise ValueError(f"must be {self.describe()}, not {value!r}") from None
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
            raise ValueError(f"must be {self.describe()}, not {value!r}")
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
            raise ValueError(f"must be {self.describe()}, not {value!r}")
        return value

    def parse(self, text: str) -> str:
        return self.check(text.strip())

    def describe(self) -> str:
        return "one of " + ", ".join(self.options)


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

    registry: "Registry[Any]"

    def check(self, value: Any) -> Any:
        if not isinstance(value, self.registry.kind):
            raise ValueError(f"must be {self.describe()}, not {value!r}")
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
            raise ValueError(f"must be {self.describe()}, not {value!r}")
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
            raise ValueError(f"must be {self.describe()}, not {value!r}")
        return tuple(sorted({Integer(0).check(each) for each in value}))

    def parse(self, text: str) -> tuple[int, ...]:
        return self.check([Integer(1).parse(each) - 1 for each in text.split(",") if each.strip()])

    def describe(self) -> str:
        return f"a list of {self.noun}s"


# ---------------------------------------------------------------- declarations


@dataclass(frozen=True)
class Knob:
    """What is declared about one setting.

    Attributes
    ----------
    name : str
        The field's name in code and in files.
    label : str
        What people read beside the field.
    help : str
        One or two sentences: what it does, and what more or less of it brings.
    domain : Domain
        The values allowed.
    applies : {'live', 'restart'}
        Whether a change takes effect between two batches or starts the training anew.
    unit : str
        Shown behind the value; empty where the number has none.
    relevant : callable
        Given the object that holds the field, whether the setting matters there.
    advanced : bool
        Whether a form keeps it folded away at first.
    default : object
        The value it begins with; None also if it has none.
    """

    name: str
    label: str
    help: str
    domain: Domain
    applies: Applies = "restart"
    unit: str = ""
    relevant: Callable[[Any], bool] = lambda _holder: True
    advanced: bool = False
    default: Any = None


def knob(
    default: Any = MISSING,
    *,
    label: str,
    domain: Domain,
    help: str = "",
    applies: Applies = "restart",
    unit: str = "",
    relevant: Callable[[Any], bool] = lambda _holder: True,
    advanced: bool = False,
) -> Any:
    """Declare a dataclass field as a setting; the arguments are those of :class:`Knob`."""
    known = None if default is MISSING else default
    declared = Knob("", label, help, domain, applies, unit, relevant, advanced, known)
    return field(default=default, metadata={"knob": declared})


class Declared:
    """Base of frozen dataclasses whose fields are knobs: an invalid one cannot be made."""

    def __post_init__(self) -> None:
        for each in knobs(self):
            try:
                value = each.domain.check(getattr(self, each.name))
            except SettingError as error:
                raise error.within(each.name) from None
            except ValueError as error:
                raise SettingError(each.name, str(error)) from None
            object.__setattr__(self, each.name, value)


def knobs(declared: Any) -> tuple[Knob, ...]:
    """List the knobs of a declared object or class in the order of their declaration."""
    return tuple(
        replace(each.metadata["knob"], name=each.name)
        for each in fields(declared)
        if "knob" in each.metadata
    )


def changed_knobs(old: Any, new: Any) -> Iterator[tuple[str, Knob]]:
    """Walk the settings that differ between two declared objects of one kind.

    Yields
    ------
    (path, knob)
        The dotted path and the declaration of the outermost setting that cannot be
        compared further: a choice that became another kind is one change.
    """
    for each in fields(old):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if before == after:
            continue
        if isinstance(before, Declared) and type(before) is type(after):
            for path, inner in changed_knobs(before, after):
                yield f"{each.name}.{path}", inner
        elif "knob" in each.metadata:
            yield each.name, replace(each.metadata["knob"], name=each.name)


def needs_restart(old: Any, new: Any) -> bool:
    """Tell whether going from `old` to `new` starts the training anew."""
    return any(each.applies == "restart" for _path, each in changed_knobs(old, new))


# ---------------------------------------------------------------- registries

T = TypeVar("T")


class Registry(dict[str, type[T]]):
    """The things of one kind that can be chosen, by name, in the order of definition.

    Parameters
    ----------
    noun : str
        What one of them is called in messages, such as 'activation'.
    kind : type
        The base class of everything in it.
    """

    def __init__(self, noun: str, kind: type) -> None:
        super().__init__()
        self.noun = noun
        self.kind = kind

    def register(self, cls: type[T]) -> type[T]:
        """Class decorator: add the class under its ``name``."""
        self[cls.name] = cls  # type: ignore[attr-defined]
        return cls

    def get(self, name: str, *_: Any) -> type[T]:
        """Return the class called `name`, or raise a ValueError that suggests one."""
        if isinstance(name, str) and name in self:
            return self[name]
        raise ValueError(f"unknown {self.noun} '{name}'{suggestion(name, self)}")

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)


def suggestion(name: str, known: Any) -> str:
    """Return what to add to 'unknown …': the nearest known name, or all of them."""
    import difflib  # only where something is misspelt

    near = difflib.get_close_matches(str(name), list(known), n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; there are {', '.join(known)}"


# ---------------------------------------------------------------- plain data


def to_plain(value: Any) -> Any:
    """Turn a declared object into dicts, lists and plain values, ready for JSON."""
    if isinstance(value, Declared):
        name = getattr(type(value), "name", None)
        named = {} if name is None else {"name": name}
        return named | {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}  # type: ignore[arg-type]
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: type[T], plain: Any) -> T:
    """Build the declared object that :func:`to_plain` was given.

    Settings that are left out take their defaults. Unknown or invalid ones raise
    :class:`SettingError` with their dotted path.
    """
    if not isinstance(plain, dict):
        raise SettingError("", f"must be an object of settings, not {plain!r}")
    declared = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    types = get_type_hints(kind)
    values = {}
    for key, item in plain.items():
        if key == "name" and "name" not in declared:
            continue
        if key not in declared:
            raise SettingError(key, f"unknown setting{suggestion(key, declared)}")
        domain = declared[key].metadata["knob"].domain if declared[key].metadata else None
        try:
            values[key] = _from_plain_field(domain, types[key], item)
        except SettingError as error:
            raise error.within(key) from None
        except ValueError as error:
            raise SettingError(key, str(error)) from None
    return kind(**values)


def _from_plain_field(domain: Domain | None, kind: Any, item: Any) -> Any:
    if isinstance(domain, Optional):
        return None if item is None else _from_plain_field(domain.inner, kind, item)
    if isinstance(domain, Choice):
        if not isinstance(item, dict) or "name" not in item:
            raise ValueError(f"must be an object with a name ({domain.describe()})")
        return from_plain(domain.registry.get(item["name"]), item)
    if isinstance(domain, ListOf):
        if not isinstance(item, list):
            raise ValueError(f"must be a list, not {item!r}")
        return tuple(from_plain(domain.kind, each) for each in item)
    if domain is None and isinstance(kind, type) and issubclass(kind, Declared):
        return from_plain(kind, item)
    return item
