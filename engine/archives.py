"""Files of arrays with a description: an npz archive with JSON inside, never a pickle.

Opening one runs no code of the file's author. Arrays are not compressed, so that none takes more
memory than its file has bytes. The description knows the checksum of every array, and its own.
"""

import errno
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np

from engine import descriptions
from engine.files import FlawError, open_file, reading, writing
from engine.npz import Header, Npz

DESCRIPTION = "description"
SUMS = "arrays"
MOST_BYTES = 2_000_000_000
MOST_LETTERS = 64_000_000


def write_archive(
    path: str | os.PathLike[str], description: dict[str, Any], arrays: dict[str, np.ndarray]
) -> None:
    """Write a file; one that stands there is replaced whole or not at all.

    Parameters
    ----------
    description : dict
        With its ``format`` and ``version``, and whatever else JSON allows.
    arrays : dict of ndarray

    Raises
    ------
    OSError
        When it cannot be written, or would be too large to be read again.
    """
    with writing(path) as unfinished, zipfile.ZipFile(unfinished, "w") as archive:
        for name, array in arrays.items():
            _write(archive, name, array)
        sums = {info.filename.removesuffix(".npy"): info.CRC for info in archive.infolist()}
        text = descriptions.written({**description, SUMS: sums})
        if len(text) > MOST_LETTERS or unfinished.stat().st_size + 4 * len(text) > MOST_BYTES:
            raise OSError(errno.EFBIG, "it would be too large to be opened again")
        _write(archive, DESCRIPTION, np.array(text))


def _write(archive: zipfile.ZipFile, name: str, array: np.ndarray) -> None:
    with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
        np.lib.format.write_array(member, array, allow_pickle=False)


@contextmanager
def opened(path: str | os.PathLike[str], kind: str, version: int, noun: str) -> Iterator["Archive"]:
    """Open a file for reading; whatever is wrong with it, also within the block, is told.

    Parameters
    ----------
    kind : str
        The ``format`` that is wanted.
    version : int
        The newest that is understood.
    noun : str
        What such a file is called, such as "a model file".

    Raises
    ------
    FileError
        When it cannot be read, is another kind of file, damaged, or newer; for people.
    """
    with reading(path, noun), open_file(path, MOST_BYTES) as file:
        yield Archive(file, kind, version)


class Archive:
    """A file that is open.

    Attributes
    ----------
    description : Description
    """

    def __init__(self, file: BinaryIO, kind: str, version: int) -> None:
        self._npz = Npz(file)
        if DESCRIPTION not in self._npz:
            raise FlawError
        text = self._npz.text(DESCRIPTION, MOST_LETTERS)
        self.description = descriptions.read(text)
        if "format" not in self.description or self.description["format"] != kind:
            raise FlawError
        found = self.description.whole("version", 1)
        if found > version:
            raise FlawError(
                f"was written by a newer version (format {found}; this program reads up to "
                f"{version})"
            )
        sums = {name: each for name, each in self._npz.sums.items() if name != DESCRIPTION}
        known = SUMS not in self.description or self.description[SUMS] == sums
        if not (known and descriptions.intact(text)):  # older files know neither
            raise FlawError("is damaged: it was changed since it was saved")

    def __contains__(self, name: str) -> bool:
        return name in self._npz

    def header(self, name: str) -> Header:
        """Return type and shape of an array, which is not read yet."""
        return self._npz.header(name)

    def expect(self, name: str, shape: tuple[int, ...], dtype: np.typing.DTypeLike) -> None:
        """Refuse the file unless an array, which is not read yet, has this shape and type."""
        header = self.header(name)
        if header.shape != shape:
            raise FlawError(f"is damaged: {name} must have shape {shape}, not {header.shape}")
        if header.dtype != dtype:
            raise FlawError(f"is damaged: {name} must hold {np.dtype(dtype)}, not {header.dtype}")

    def read(self, name: str) -> np.ndarray:
        """Return an array, read-only."""
        array = self._npz.read(name)
        array.flags.writeable = False
        return array
