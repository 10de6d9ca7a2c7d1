"""Locks between programs: a file that one holds, and that the system frees when it ends."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

log = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds
REST = 0.02
_BEYOND = 1 << 30  # the byte that is locked on Windows, where nobody reads


def take(file: IO) -> bool:
    """Lock an open file until it is closed; return whether nobody else has.

    Raises
    ------
    OSError
        Where the file system knows no locks.
    """
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(_BEYOND)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


@contextmanager
def locked(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of a file, which stands beside it; where there are no locks, go on without.

    Raises
    ------
    TimeoutError
        When another program has held it for `patience` seconds.
    OSError
        When nothing can be written beside the file.
    """
    with path.with_name(f".{path.name}.lock").open("ab") as file:
        until = time.monotonic() + patience
        while not _takes(file):
            if time.monotonic() > until:
                raise TimeoutError(None, "another program holds the file")
            time.sleep(REST)
        yield


def _takes(file: IO) -> bool:
    try:
        return take(file)
    except OSError as error:
        log.info("no locks here: %s", error)
        return True
