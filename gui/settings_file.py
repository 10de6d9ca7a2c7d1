"""The file of the settings: looked at before Qt reads it, set aside where it is damaged.

It is a plain text file on every system, an ini file that Qt reads and writes. Two programs that
have it open write only what each has changed.
"""

import logging
import os
import re
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QLockFile, QSettings

from engine.files import FileError, open_file, reason_of, short

log = logging.getLogger(__name__)

LARGEST = 1_000_000  # bytes
LOCK_MILLISECONDS = 500
"""How long another program may write the settings before this one goes on without."""
_OBJECTS = re.compile(rb"(?<!@)@(Variant|DateTime)\(")
"""Values that Qt makes objects of, whatever bytes they are made of: some take the process down."""
_ESCAPES = re.compile(rb'"|\\(?:\r?\n|x([0-9a-fA-F]+)|([0-7]{1,3})|.)?', re.DOTALL)

_seen: dict[Path, tuple[int, ...] | None] = {}  # files that were looked at, as they were then
_problems: list[str] = []  # not told yet
_told: set[str] = set()


def place() -> Path:
    """Return where the settings are kept, without reading them."""
    # Qt says where by reading a file; this one is nowhere.
    nowhere = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Chainrule nowhere")
    return Path(nowhere.fileName()).parent / "Chainrule" / "Chainrule.ini"


def damaged_place() -> Path:
    """Return where damaged settings are put."""
    return place().with_name("Chainrule-damaged.ini")


def tell(problem: str) -> None:
    """Keep a sentence for people until the window takes it; the same one is told once."""
    log.warning(problem)
    if problem not in _told:
        _told.add(problem)
        _problems.append(problem)


def take_problems() -> list[str]:
    """Return what is to be told of the settings, and forget it."""
    told = _problems[:]
    _problems.clear()
    return told


def forget() -> None:
    """Remove the settings, and know nothing of them: for the tests."""
    for path in (place(), damaged_place()):
        path.unlink(missing_ok=True)
    for known in (_seen, _problems, _told):
        known.clear()


def opened() -> QSettings | None:
    """Return the settings, once their file has been looked at; None where there are none to use."""
    path = place()
    now = _status(path)
    if now is not None and _seen.get(path) == now:
        return QSettings(str(path), QSettings.Format.IniFormat)
    if not _is_fit(path):
        return None
    store = QSettings(str(path), QSettings.Format.IniFormat)
    store.allKeys()  # only then is every line looked at
    if store.status() == QSettings.Status.FormatError:
        del store  # else Qt would go on with what it has read
        set_aside("They are damaged")
        store = QSettings(str(path), QSettings.Format.IniFormat)
    _seen[path] = _status(path)
    return store


def write(name: str, value: str | list[str] | None) -> None:
    """Put a value in the file, None takes it out; say so once where that fails."""
    path = place()
    if not _may_lock(path):
        tell("The settings cannot be kept: another program holds them.")
        return
    store = opened()
    if store is None:
        return
    if value is None:
        store.remove(name)
    else:
        store.setValue(name, value)
    store.sync()
    if store.status() == QSettings.Status.AccessError:
        tell("The settings cannot be kept: there is no writing in their folder, or no room.")
    _seen[path] = _status(path)  # it was written here: it need not be looked at again


def set_aside(why: str) -> None:
    """Move the whole file out of the way; the program goes on with the usual settings."""
    path, damaged = place(), damaged_place()
    try:
        path.replace(damaged)
    except OSError as error:
        tell(f"The settings are not used. {why}; they cannot be set aside: {reason_of(error)}.")
    else:
        tell(f"The settings start anew. {why}; the file is kept as {damaged.name}.")


def set_value_aside(name: str, value: object) -> None:
    """Take a single value out, and write it where damaged settings are put."""
    write(name, None)
    damaged = damaged_place()
    with suppress(OSError):
        damaged.parent.mkdir(parents=True, exist_ok=True)
        _make_room(damaged)
        with damaged.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{name}={short(repr(value), 1000)}\n")
    tell(f"A setting was damaged and starts anew; it is kept in {damaged.name}.")


def _make_room(path: Path) -> None:
    """Remove what nothing can be added to."""
    if path.is_symlink() or (path.exists() and not path.is_file()) or _size(path) > LARGEST:
        path.unlink()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _status(path: Path) -> tuple[int, ...] | None:
    """Return what changes when a file does; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode


def _is_fit(path: Path) -> bool:
    """Look at the file as bytes; one that is damaged is set aside."""
    if not os.path.lexists(path):
        return True
    if path.is_dir():
        tell(f"The settings are not used, and not kept: {path.name} is a folder.")
        return False
    try:
        with open_file(path, LARGEST) as file:
            data = file.read(LARGEST + 1)
    except FileError as error:
        if path.is_file() and _size(path) > LARGEST:
            set_aside("Their file is too large")
            return True
        tell(f"The settings are not used, and not kept: {error}.")
        return False
    except OSError as error:
        tell(f"The settings are not used, and not kept: {reason_of(error)}.")
        return False
    if damage := _damage(data):
        set_aside(damage)
        return not os.path.lexists(path)
    return True


def _damage(data: bytes) -> str:
    """Say what keeps bytes from being settings that Qt can be given; empty if nothing does."""
    if b"\0" in data:
        return "Their file is no text"
    try:
        data.decode()
    except UnicodeDecodeError:
        return "Their file is no text"
    # Qt resolves escapes first, so a name can hide in them; of an unknown one it drops a part.
    for unknown in (b"", b"?"):
        if _OBJECTS.search(_ESCAPES.sub(lambda found, u=unknown: _resolved(found, u), data)):  # type: ignore[misc]
            return "They hold what is no setting"
    return ""


def _resolved(found: "re.Match[bytes]", unknown: bytes) -> bytes:
    digits, octal = found.group(1), found.group(2)
    if digits or octal:
        code = int(digits[-8:], 16) if digits else int(octal, 8)
        return bytes([code]) if code < 128 else b"\xff"
    return found.group()[1:] if unknown and found.group() != b'"' else b""


def _may_lock(path: Path) -> bool:
    """Return whether Qt will get the file's lock; it would wait for it without a limit."""
    lock, file = QLockFile(f"{path}.lock"), Path(f"{path}.lock")
    if lock.tryLock(LOCK_MILLISECONDS):
        lock.unlock()
        return True
    if lock.error() != QLockFile.LockError.LockFailedError:
        return True  # there is no writing there, as Qt will find out
    if _size(file):
        return False
    with suppress(OSError):
        file.unlink()  # whoever made it died before it said who it is
    return True
