"""Arrays in npz files, read with bounds: what is named only, nothing larger than it says.

What an array's header declares is compared with the archive's directory, and that with the file,
before anything is allocated. Never a pickle, and no expression is evaluated.
"""

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from math import prod
from typing import Any, BinaryIO

import numpy as np

from engine.files import FlawError

MOST_MEMBERS = 1_000
MOST_DIRECTORY = 200_000
"""Bytes that tell which members there are."""
MOST_HEADER = 1_000
CHUNK = 1 << 20
END = struct.Struct("<4s4H2LH")
END_MARK, LARGE_MARK = b"PK\x05\x06", b"PK\x06\x07"
HEADER = re.compile(
    rb"\{'descr': '([<>|][biufU]\d{1,9})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,15},? ?)*)\), \} *\n"
)
DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError)
"""What the zip library raises for archives that are none, or not as they should be."""


@dataclass(frozen=True)
class Header:
    """What an array says of itself.

    Attributes
    ----------
    dtype : dtype
    shape : tuple of int
    order : {'C', 'F'}
    start : int
        Where its numbers begin in the member.
    """

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    order: str
    start: int


class Npz:
    """The arrays of an npz file, each read when it is asked for.

    Parameters
    ----------
    file : binary file
    compressed : bool
        Whether members may be compressed; else they are as large in the file as in memory.

    Raises
    ------
    FlawError
        Here and in all methods: when the file is none, or damaged.
    """

    def __init__(self, file: BinaryIO, compressed: bool = False) -> None:
        self._size = _checked_end(file)
        self._methods = {zipfile.ZIP_STORED} | ({zipfile.ZIP_DEFLATED} if compressed else set())
        try:
            self._zip = zipfile.ZipFile(file)
        except DAMAGES:
            raise FlawError from None
        found = self._zip.infolist()
        self._infos = {info.filename.removesuffix(".npy"): info for info in found}
        self._headers: dict[str, Header] = {}
        if min((info.header_offset for info in found), default=0):
            raise FlawError("is damaged: something stands before what it holds")
        if len(self._infos) != len(found):
            raise FlawError("is damaged: it holds something twice")

    @property
    def sums(self) -> dict[str, int]:
        """The checksum of each array, by its name; it is compared when the array is read."""
        return {name: info.CRC for name, info in self._infos.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def header(self, name: str) -> Header:
        """Return what an array says of itself, once that is known to be true."""
        if name not in self._headers:
            info = self._info(name)
            try:
                with self._zip.open(info) as stream:
                    header = _header(stream)
            except DAMAGES as error:
                raise _flaw(name, error) from None
            if header.start + prod(header.shape) * header.dtype.itemsize != info.file_size:
                raise FlawError(f"is damaged: {name} has another size than it says")
            self._headers[name] = header
        return self._headers[name]

    def read(self, name: str) -> np.ndarray:
        """Return an array; its header tells how much that allocates."""
        header = self.header(name)
        flat = np.empty(prod(header.shape), header.dtype)
        self._fill(name, header.start, flat.view(np.uint8))
        return flat.reshape(header.shape, order="F" if header.order == "F" else "C")

    def text(self, name: str, most: int) -> str:
        """Return a text of at most so many letters that is kept as an array without dimensions."""
        header = self.header(name)
        if header.dtype.kind != "U" or header.shape:
            raise FlawError(f"is damaged: {name} is no text")
        if header.dtype.itemsize > 4 * most:
            raise FlawError(f"is too large: {name} has {header.dtype.itemsize // 4:,} letters")
        code = "utf-32-be" if header.dtype.byteorder == ">" else "utf-32-le"
        parts = []
        try:
            with self._zip.open(self._info(name)) as stream:
                stream.read(header.start)
                while data := stream.read(CHUNK):
                    parts.append(data.decode(code))
        except DAMAGES as error:
            raise _flaw(name, error) from None
        return "".join(parts).rstrip("\0")

    def _info(self, name: str) -> zipfile.ZipInfo:
        """Return what the archive says of an array, where that can be true."""
        info = self._infos.get(name)
        if info is None:
            raise FlawError(f"is damaged: {name} is missing")
        if info.flag_bits & 1:
            raise FlawError("is locked with a password")
        if info.compress_type not in self._methods:
            raise FlawError("is compressed in a way that Chainrule does not read")
        stored = info.compress_type == zipfile.ZIP_STORED
        if info.compress_size > self._size or (stored and info.compress_size != info.file_size):
            raise FlawError(f"is damaged: {name} has another size than it says")
        return info

    def _fill(self, name: str, start: int, room: np.ndarray) -> None:
        try:
            with self._zip.open(self._info(name)) as stream:
                stream.read(start)
                done = 0
                while data := stream.read(CHUNK):  # to the very end, where the checksum is compared
                    room[done : done + len(data)] = np.frombuffer(data, np.uint8)
                    done += len(data)
        except DAMAGES as error:
            raise _flaw(name, error) from None
        if done != len(room):
            raise FlawError(f"is damaged: {name} has another size than it says")


def _flaw(name: str, error: Exception) -> FlawError:
    return (
        error if isinstance(error, FlawError) else FlawError(f"is damaged: {name} cannot be read")
    )


def _checked_end(file: BinaryIO) -> int:
    """Return a file's size; refuse one that does not end as an archive of a few members does."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END.size - 20))
    tail = file.read()
    if len(tail) < END.size:
        raise FlawError
    mark, *_disks, count, length, _start, comment = END.unpack(tail[-END.size :])
    if mark != END_MARK or comment or tail.startswith(LARGE_MARK):
        raise FlawError
    if count > MOST_MEMBERS or length > MOST_DIRECTORY:
        raise FlawError("is too large: it has too many parts")
    return size


def _header(stream: Any) -> Header:
    """Read an array's header, in the one way in which it is written."""
    start = stream.read(8)
    wide = start[6:7] in (b"\x02", b"\x03")
    if start[:6] != b"\x93NUMPY" or not (wide or start[6:7] == b"\x01"):
        raise FlawError
    length = int.from_bytes(stream.read(4 if wide else 2), "little")
    text = stream.read(min(length, MOST_HEADER))
    told = HEADER.fullmatch(text) if len(text) == length else None
    if told is None:
        raise FlawError  # objects, whose pickles could do anything, are among what is not read
    try:
        dtype = np.dtype(told[1].decode())
    except TypeError:
        raise FlawError("is damaged: it holds unknown numbers") from None
    shape = tuple(int(each) for each in told[3].replace(b",", b" ").split())
    order = "F" if told[2] == b"True" else "C"
    return Header(dtype, shape, order, length + (12 if wide else 10))
