"""What the program remembers between two starts: every setting declared once, and checked.

The file may hold anything: what is read from it is checked, and what does not pass is set aside
and takes its usual value. So no settings keep the program from starting.
"""

import base64
import binascii
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QByteArray, QStandardPaths

from gui import settings_file

T = TypeVar("T")
LONGEST_TEXT = 4096
"""Letters of a path, at most."""
LARGEST_STATE = 200_000


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting; a kind of it says what values it takes, and how they are written.

    Attributes
    ----------
    name : str
        In the file.
    usual : object
        Its value where nothing else is remembered.
    """

    name: str
    usual: T

    def read(self, found: object) -> T:
        """Return the value that a file has.

        Raises
        ------
        ValueError
            When it is none of this setting.
        """
        raise NotImplementedError

    def written(self, value: T) -> str | list[str]:
        """Return a value as the file has it."""
        return str(value)

    @property
    def value(self) -> T:
        """What is remembered, or else the usual value; never raises."""
        store = settings_file.opened()
        if store is None or not store.contains(self.name):
            return self.usual
        found: object = None
        try:
            found = store.value(self.name)
            return self.read(found)
        except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
            del store
            settings_file.set_value_aside(self.name, found)
            return self.usual

    def keep(self, value: T) -> None:
        """Remember a value."""
        settings_file.write(self.name, self.written(value))


@dataclass(frozen=True)
class Choice(Setting[str]):
    """One of several words."""

    words: tuple[str, ...]

    def read(self, found: object) -> str:
        if isinstance(found, str) and found in self.words:
            return found
        raise ValueError


@dataclass(frozen=True)
class Number(Setting[float]):
    """A number between two others; one beyond them is taken for the nearer one."""

    least: float
    most: float

    def read(self, found: object) -> float:
        if not isinstance(found, str | int | float):
            raise ValueError
        number = float(found)
        if not math.isfinite(number):
            raise ValueError
        return min(max(number, self.least), self.most)


class Flag(Setting[bool]):
    """Yes or no."""

    def read(self, found: object) -> bool:
        return {"0": False, "1": True, "false": False, "true": True}[str(found)]

    def written(self, value: bool) -> str:
        return str(int(value))


class Text(Setting[str]):
    """A text of one line."""

    def read(self, found: object) -> str:
        return _line(found)


@dataclass(frozen=True)
class Texts(Setting[tuple[str, ...]]):
    """Texts of one line, the first so many."""

    most: int

    def read(self, found: object) -> tuple[str, ...]:
        listed = [found] if isinstance(found, str) else found  # a list of one comes back so
        if not isinstance(listed, list):
            raise ValueError
        return tuple(_line(each) for each in listed[: self.most])

    def written(self, value: tuple[str, ...]) -> list[str]:
        return list(value[: self.most])


class State(Setting[bytes]):
    """What Qt has written down, with a checksum: Qt trusts every byte of it."""

    def read(self, found: object) -> bytes:
        if isinstance(found, QByteArray):
            return self.usual  # as earlier versions kept it, without a checksum
        if not isinstance(found, str) or len(found) > LARGEST_STATE:
            raise ValueError
        checksum, _, text = found.partition(" ")
        try:
            state = base64.b64decode(text, validate=True)
        except binascii.Error:
            raise ValueError from None
        if checksum != _checksum(state):
            raise ValueError
        return state

    def written(self, value: bytes) -> str:
        return f"{_checksum(value)} {base64.b64encode(value).decode()}"


def _checksum(state: bytes) -> str:
    return hashlib.sha256(state).hexdigest()[:16]


def _line(found: object) -> str:
    if not isinstance(found, str) or len(found) > LONGEST_TEXT or any(c < " " for c in found):
        raise ValueError
    return found


THEME = Choice("theme", "", ("", "dark", "light"))
"""Empty is the system's."""
TEXT_SIZE = Number("text_size", 10.0, 8.0, 24.0)
"""Points."""
REDUCED_MOTION = Flag("reduced_motion", False)
RECENT_TABLES = Texts("tables", (), 8)
"""The newest first."""
GEOMETRY = State("geometry", b"")
LAYOUT = State("layout", b"")
RECORDING = {
    "kind": Choice("recording/kind", "gif", ("gif", "mp4")),
    "size": Choice("recording/size", "screen", ("screen", "720p", "1080p")),
    "rate": Choice("recording/rate", "15", ("10", "15", "25")),
    "theme": Choice("recording/theme", "", ("", "dark", "light")),
}
"""How the last recording was saved."""
RECORDING_FOLDER = Text("recording/folder", "")


def forget_settings() -> None:
    """Set all settings aside: the program starts as on the first day."""
    if settings_file.place().exists():
        settings_file.set_aside("As was asked for")


def data_folder() -> Path:
    """Return the folder that the system has for what the program keeps; it may not exist yet."""
    folder = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(folder))
