"""Declared objects as dicts, lists and plain values, and back: what JSON files hold."""

from dataclasses import fields
from typing import Any, TypeVar, get_type_hints

from engine.knobs.declarations import Declared, SettingError
from engine.knobs.domains import Choice, Domain, ListOf, Optional, shown
from engine.knobs.registry import MOST_LETTERS, suggestion

T = TypeVar("T")


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
        raise SettingError("", f"must be an object of settings, not {shown(plain)}")
    declared = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    types = get_type_hints(kind)
    values = {}
    for key, item in plain.items():
        if key == "name" and "name" not in declared:
            continue
        if key not in declared:
            raise SettingError(
                str(key)[:MOST_LETTERS], f"unknown setting{suggestion(key, declared)}"
            )
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
            raise ValueError(f"must be a list, not {shown(item)}")
        if len(item) > domain.at_most:
            raise ValueError(f"must be {domain.describe()}")
        return tuple(from_plain(domain.kind, each) for each in item)
    if domain is None and isinstance(kind, type) and issubclass(kind, Declared):
        return from_plain(kind, item)
    return item
