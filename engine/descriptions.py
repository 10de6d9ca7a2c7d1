"""The JSON that a file is described by: bounded, sealed, each value checked as it is taken."""

import hashlib
import json
import re
from typing import Any

from engine.files import FlawError
from engine.knobs import SettingError, from_plain
from engine.spec import Experiment

MOST_VALUES = 400_000
"""Of all lists and objects; hand-drawn points are the most there are."""
DEEPEST = 40
MOST_WORD = 10_000
SEAL = ', "checksum": "'
EXACT = 2**53
"""Whole numbers up to this are the same in every program."""


class Description:
    """The values of a JSON object.

    All methods raise :class:`FlawError` when a value is missing or another than can be.
    """

    def __init__(self, values: Any, name: str = "the description") -> None:
        if not isinstance(values, dict):
            raise FlawError(f"is damaged: {name} is not as it should be")
        self._values = values

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __getitem__(self, key: str) -> Any:
        if key not in self._values:
            raise FlawError(f"is damaged: {key} is missing")
        return self._values[key]

    def whole(self, key: str, low: int = 0, high: int = EXACT) -> int:
        """Return a whole number of a range."""
        value = self[key]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise FlawError(f"is damaged: {key} must be a whole number from {low:,} to {high:,}")
        return value

    def number(self, key: str) -> float:
        """Return any number; sums that have grown beyond all bounds are infinite, or NaN."""
        value = self[key]
        large = isinstance(value, int) and abs(value) > EXACT
        if large or isinstance(value, bool) or not isinstance(value, int | float):
            raise FlawError(f"is damaged: {key} must be a number")
        return float(value)

    def text(self, key: str) -> str:
        """Return a text."""
        value = self[key]
        if not isinstance(value, str) or len(value) > MOST_WORD:
            raise FlawError(f"is damaged: {key} must be a short text")
        return value

    def items(self, key: str, kind: type) -> tuple[Any, ...]:
        """Return a list of values of one type."""
        value = self[key]
        if not isinstance(value, list) or not all(type(each) is kind for each in value):
            raise FlawError(f"is damaged: {key} is not as it should be")
        return tuple(value)

    def part(self, key: str) -> "Description":
        """Return an object within."""
        return Description(self[key], key)

    @property
    def experiment(self) -> Experiment:
        """The experiment, checked setting by setting."""
        try:
            return from_plain(Experiment, self["experiment"])
        except SettingError as error:
            raise FlawError(f"is damaged: {error}") from None


def written(values: dict[str, Any]) -> str:
    """Return values as JSON, with a seal that tells whether any of it was changed since."""
    text = json.dumps({key: each for key, each in values.items() if key != "checksum"})
    return f'{text[:-1]}{SEAL}{_seal(text[:-1])}"}}'


def intact(text: str) -> bool:
    """Tell whether JSON is as :func:`written` wrote it, or has no seal to tell."""
    body, mark, seal = text.rpartition(SEAL)
    return not mark or seal == f'{_seal(body)}"}}'


def read(text: str) -> Description:
    """Read JSON; raises :class:`FlawError`."""
    _check_structure(text)
    try:
        return Description(json.loads(text))
    except (ValueError, RecursionError):
        raise FlawError from None


def _seal(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _check_structure(text: str) -> None:
    """Refuse JSON of too many values, or too deep, before any of it is made.

    What stands in quotation marks, be it a whole table, does not count.
    """
    if text.count('"') - text.count('\\"') > 4 * MOST_VALUES:
        raise FlawError("is too large: it holds too many settings")
    bare = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    if sum(map(bare.count, ",[{}]")) > MOST_VALUES:
        raise FlawError("is too large: it holds too many settings")
    depth = 0
    for letter in re.sub(r"[^][{}]+", "", bare):
        depth += (letter in "[{") - (letter in "]}")
        if depth > DEEPEST:
            raise FlawError("is damaged: its settings are nested too deep")
