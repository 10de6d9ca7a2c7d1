"""Settings declared as dataclass fields, and what follows from the declarations."""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any, Literal

from engine.knobs.domains import Domain

Applies = Literal["live", "restart"]


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
