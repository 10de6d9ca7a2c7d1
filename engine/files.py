"""Files of every kind: read with bounds, written whole or not at all.

Whatever is wrong with a file that is read is told by one class, :class:`FileError`, in one
sentence for people.
"""

import logging
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

log = logging.getLogger(__name__)

MOST_LETTERS = 300
"""Letters of a message; a damaged file could make it as long as itself."""
LONGEST_NAME = 60


class FileError(ValueError):
    """What is wrong with a file, as a sentence for people."""

    def __init__(self, message: str) -> None:
        super().__init__(short(message))


class NotOpenedError(FileError):
    """The file cannot be had, whatever it holds."""


class FlawError(ValueError):
    """What is wrong with what a file holds, to follow its name; without words, all of it."""


def short(text: str, most: int = MOST_LETTERS) -> str:
    r"""Return a text on one line, its middle left out where it is too long.

    >>> short("a\nb"), short("0123456789", 5)
    ('a b', '01…89')
    """
    if len(text) > 4 * most:
        text = f"{text[: 2 * most]}…{text[-2 * most :]}"
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) <= most:
        return line
    half = (most - 1) // 2
    return f"{line[:half]}…{line[len(line) - half :]}"


def name_of(path: str | os.PathLike[str]) -> str:
    """Return a file's name, shortened where no message could hold it."""
    return short(Path(path).name, LONGEST_NAME)


@contextmanager
def open_file(path: str | os.PathLike[str], most_bytes: int) -> Iterator[BinaryIO]:
    """Open a file for reading, if it is one, and not too large.

    A folder, a pipe or a device is refused, and never waited for.

    Raises
    ------
    FileError
        Saying why it cannot be read.
    """
    name = name_of(path)
    try:
        # A pipe would keep the caller waiting for somebody who writes into it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    except (OSError, ValueError) as error:
        if os.path.isdir(path):  # (Path.is_dir raises where there is no looking)
            raise NotOpenedError(f"{name} is a folder, not a file") from None
        raise NotOpenedError(f"{name} cannot be read: {reason_of(error)}") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe or a device"
        raise NotOpenedError(f"{name} is {kind}, not a file")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > most_bytes:
            raise FileError(
                f"{name} has {status.st_size / 1e6:,.0f} MB; at most {most_bytes / 1e6:,.0f} MB "
                f"can be read"
            )
        yield file


_BINARY = getattr(os, "O_BINARY", 0)  # Windows would translate line ends


@contextmanager
def reading(path: str | os.PathLike[str], noun: str, advice: str = "") -> Iterator[None]:
    """Let whatever goes wrong while a file is read be a :class:`FileError` that names it.

    Parameters
    ----------
    noun : str
        What the file should be, such as "a model file".
    advice : str
        What to do instead: sentences that follow.

    Raises
    ------
    FileError
    """
    name, ending = name_of(path), f". {advice}" if advice else ""
    try:
        yield
    except FileError as error:
        raise type(error)(f"{error}{ending}") from None
    except FlawError as flaw:
        what = str(flaw) or f"is not {noun}, or it is damaged"
        raise FileError(
            f"{name} {short(what, MOST_LETTERS - LONGEST_NAME - len(ending))}{ending}"
        ) from None
    except OSError as error:
        raise NotOpenedError(f"{name} cannot be read: {reason_of(error)}{ending}") from None
    except Exception as error:  # libraries fail in more ways on damaged files than they tell of
        log.warning("a file could not be read", exc_info=True)
        reason = (
            "is too large" if isinstance(error, MemoryError) else f"is not {noun}, or it is damaged"
        )
        raise FileError(f"{name} {reason}{ending}") from None


@contextmanager
def writing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Write a file; one that stands there is replaced whole or not at all.

    Yields
    ------
    Path
        Where to write: beside the file, with the same ending. It takes the file's place once
        everything is on the disk, and goes if anything fails.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    target = Path(path)
    # The file behind a link is replaced, not the link; the name stays short enough for any system.
    target = Path(os.path.realpath(target))
    unfinished = target.with_name(f".{target.stem[:40]}-{secrets.token_hex(4)}{target.suffix}")
    try:
        yield unfinished
        _settle(unfinished)
        unfinished.replace(target)
        if os.name == "posix":
            _settle(target.parent)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on the disk."""
    writable = os.O_RDWR if path.is_file() else os.O_RDONLY
    descriptor = os.open(path, writable)
    try:
        with suppress(OSError):  # not every file system can be told to
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reason_of(error: BaseException) -> str:
    """Say in a few words why the system refused.

    >>> reason_of(FileNotFoundError(2, "No such file or directory"))
    'no such file or directory'
    """
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return short(words[:1].lower() + words[1:], 120)
