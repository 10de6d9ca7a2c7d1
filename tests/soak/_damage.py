"""Ways to damage files: any bytes, zip archives of arrays, and the JSON in them."""

import io
import json
import math
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from random import Random

import numpy as np

from engine import descriptions

Damage = Callable[[bytes, Random], bytes]

# ---------------------------------------------------------------- any bytes


def flip_bits(data: bytes, rng: Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 8, 64])):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def set_bytes(data: bytes, rng: Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8])):
        damaged[rng.randrange(len(damaged))] = rng.choice([0, 1, 0x20, 0x7F, 0x80, 0xFF])
    return bytes(damaged)


def truncate(data: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data))]


def behead(data: bytes, rng: Random) -> bytes:
    return data[rng.randrange(len(data)) :]


def zero_block(data: bytes, rng: Random) -> bytes:
    start, length = _block(data, rng)
    return data[:start] + bytes(length) + data[start + length :]


def repeat_block(data: bytes, rng: Random) -> bytes:
    start, length = _block(data, rng)
    return (
        data[: start + length]
        + data[start : start + length] * rng.randint(1, 3)
        + data[start + length :]
    )


def remove_block(data: bytes, rng: Random) -> bytes:
    start, length = _block(data, rng)
    return data[:start] + data[start + length :]


def move_block(data: bytes, rng: Random) -> bytes:
    start, length = _block(data, rng)
    rest = data[:start] + data[start + length :]
    to = rng.randrange(len(rest) + 1)
    return rest[:to] + data[start : start + length] + rest[to:]


def insert_noise(data: bytes, rng: Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + rng.randbytes(rng.randint(1, 64)) + data[start:]


def append_noise(data: bytes, rng: Random) -> bytes:
    return data + rng.randbytes(rng.randint(1, 4096))


def _block(data: bytes, rng: Random) -> tuple[int, int]:
    start = rng.randrange(len(data))
    return start, min(len(data) - start, rng.choice([1, 4, 16, 64, 512, 4096]))


ANY: tuple[Damage, ...] = (
    flip_bits, flip_bits, flip_bits, set_bytes, truncate, behead, zero_block, repeat_block,
    remove_block, move_block, insert_noise, append_noise,
)  # fmt: skip


def splice(data: bytes, other: bytes, rng: Random) -> bytes:
    """Begin as one file and end as another."""
    return data[: rng.randrange(len(data))] + other[rng.randrange(len(other)) :]


# ---------------------------------------------------------------- what archives say of themselves


def lie_in_directory(data: bytes, rng: Random) -> bytes:
    """Change a field of the archive's own headers: sizes, methods, flags, places, counts."""
    damaged = bytearray(data)
    local = rng.random() < 0.4
    mark, fields = (
        (b"PK\x03\x04", {6: 2, 8: 2, 14: 4, 18: 4, 22: 4, 26: 2, 28: 2})
        if local
        else (b"PK\x01\x02", {6: 2, 8: 2, 10: 2, 16: 4, 20: 4, 24: 4, 28: 2, 30: 2, 32: 2, 42: 4})
    )
    if rng.random() < 0.15:
        mark, fields = b"PK\x05\x06", {4: 2, 8: 2, 10: 2, 12: 4, 16: 4, 20: 2}
    places = [at for at in range(len(data) - 46) if data.startswith(mark, at)] or [
        data.rfind(b"PK\x05\x06")
    ]
    offset, size = rng.choice(list(fields.items()))
    value = rng.choice(
        [0, 1, 8, 9, 12, 14, 99, 2 ** (8 * size) - 1, rng.randrange(2 ** (8 * size))]
    )
    at = rng.choice(places) + offset
    damaged[at : at + size] = (value % 2 ** (8 * size)).to_bytes(size, "little")
    return bytes(damaged)


# ---------------------------------------------------------------- what is in archives of arrays

HEADERS = (
    "(7000000000000,)", "(1099511627776, 1099511627776)", "(-1,)", "(0,)", "()", "(1, 2, 3)", "(2,",
    "(9999999999999999999999999,)", "(1e3,)", "'x'", "(" * 900 + ")" * 900, "(True,)", "(64, 2)",
)  # fmt: skip
TYPES = ("<f4", "<f8", "<f2", "<f16", ">f4", "<c8", "<i8", "|O", "|S9", "<U99999", "|b1", "<f0",
         "<f99", "<M8", "|V8", "[('a', '<f4')]", "x")  # fmt: skip
VALUES = (
    -1, 0, 1, 0.5, 2**31, 2**63, -(2**63), 10**300, math.nan, math.inf, -math.inf, None, True, "",
    "x",
    "x" * 100_000, "\ud800", [], {}, [[]], {"name": "relu"}, "nan", [0] * 1000, {"": {}}, 10_000,
    [{"units": 10_000}] * 50, [{"units": 4096}] * 16, [{}] * 100_000, ["a"] * 100_000,
)  # fmt: skip
TEXTS = (
    "", "{", "[]", "null", "NaN", '{"format": 1e400}', "[" * 100_000, '{"a":' * 50_000,
    "1" * 10_000,
    "\0", '"' * 1000, "[" + "0," * 2_000_000 + "0]", '{"format": "chainrule-training"}',
    '{"format": "chainrule-training", "version": ' + "9" * 5000 + "}",
    '{"format": "chainrule-training", "version": 1e400}',
    '{"format": "chainrule-training", "version": [9]}',
)  # fmt: skip
STRANGE_NAMES = ("../../outside", "/etc/passwd", "weights99", "a" * 5000, "memory.", "", "outputs")


def members(data: bytes) -> dict[str, bytes]:
    """Return what is in an archive; not of a bomb."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > 50_000_000:
            raise ValueError("too large to be taken apart")
        return {info.filename: archive.read(info) for info in archive.infolist()}


def archived(parts: list[tuple[str, bytes]], compressed: bool = False) -> bytes:
    """Return an archive of these parts, with checksums that are right."""
    file = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, method, 1)
    return file.getvalue()


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=True)
    return file.getvalue()


def with_header(content: bytes, rng: Random) -> bytes:
    """Let an array say something else of itself."""
    (length,) = struct.unpack_from("<H", content, 8)
    header = content[10 : 10 + length].decode()
    descr, shape = (
        header.split("'")[3],
        header[header.index("'shape': ") + 9 : header.rindex(", }")],
    )
    if rng.random() < 0.5:
        header = header.replace(shape, rng.choice(HEADERS))
    elif rng.random() < 0.8:
        header = header.replace(f"'{descr}'", repr(rng.choice(TYPES)))
    else:
        header = rng.choice(
            ["", "{", "{}\n", "__import__('os')", "{'descr': 1}", header[:-20], "\0"]
        )
    start = content[:6] + bytes([rng.choice([1, 1, 1, 2, 3, 9]), 0])
    return (
        start
        + struct.pack("<H", min(len(header), 65_535))
        + header.encode()
        + content[10 + length :]
    )


def with_numbers(content: bytes, rng: Random) -> bytes:
    """Put other numbers into an array."""
    try:
        array = np.load(io.BytesIO(content)).copy()
    except ValueError:
        return content
    if array.dtype.kind not in "fiu" or not array.size:
        return content
    values = [0, 1, 9, 255] if array.dtype.kind == "u" else [-1, 0, 1, 99]
    values = [math.nan, math.inf, 1e30, -1, 0] if array.dtype.kind == "f" else values
    array.reshape(-1)[rng.randrange(array.size)] = rng.choice(values)
    return npy(array)


def with_settings(text: str, rng: Random, sums: dict[str, int], change: bool) -> str:
    """Change JSON somewhere, if that is wanted; it may be sealed again."""
    if change and rng.random() < 0.1:
        return rng.choice(TEXTS)
    values = json.loads(text)
    holder = values
    for _ in range(rng.randint(0, 5)):  # down to any depth
        inner = [each for each in (holder.values() if isinstance(holder, dict) else holder)
                 if isinstance(each, dict | list) and each]  # fmt: skip
        if not inner:
            break
        holder = rng.choice(inner)
    key = rng.choice(list(holder)) if isinstance(holder, dict) else rng.randrange(len(holder))
    match rng.random() if change else 1.0:
        case 1.0:
            pass
        case chance if chance < 0.75:
            holder[key] = rng.choice(VALUES)
        case chance if chance < 0.85:
            del holder[key]
        case _ if isinstance(holder, dict):
            holder[rng.choice(["", "name", "x" * 1000, "units", "text"])] = rng.choice(VALUES)
    values.pop("checksum", None)
    if rng.random() < 0.5:
        return descriptions.written({**values, "arrays": sums})
    values.pop("arrays", None)  # as files were before they knew their sums
    return json.dumps(values)


def bomb() -> bytes:
    """Return an array of 300 MB of zeros as compressed bytes, which are few."""
    return npy(np.zeros(1, np.float64)).replace(b"(1,)", b"(37500000,)")[:128] + bytes(300_000_000)


@cache
def bombing(name: str) -> bytes:
    return archived([(name, bomb())], compressed=True)


def rebuilt(data: bytes, rng: Random) -> bytes:
    """Take an archive apart, change what is in it, and put it together with sums that are right."""
    parts = members(data)
    untouched = dict(parts)
    names = list(parts)
    name = rng.choice(names)
    compressed = rng.random() < 0.2
    match rng.randrange(10):
        case 0 | 1:
            parts[name] = with_header(parts[name], rng)
        case 2:
            del parts[name]
        case 3:
            other = rng.choice(names)
            parts[name], parts[other] = parts[other], parts[name]
        case 4:
            parts[rng.choice(STRANGE_NAMES) + ".npy"] = parts.pop(name)
        case 5:
            parts[name] = rng.choice([b"", b"\x93NUMPY", b"text", parts[name][:-1], parts[name] * 2,
                                      npy(np.array([{}, 1], object)),
                                      flip_bits(parts[name], rng)])  # fmt: skip
        case 6 if rng.random() < 0.03:
            return bombing(name)
        case 6:
            return archived([*parts.items(), (name, parts[name])], compressed)
        case _ if "description.npy" not in parts or rng.random() < 0.3:
            parts[name] = with_numbers(parts[name], rng)
    if "description.npy" in parts and name != "description.npy":
        change = untouched == parts or rng.random() < 0.2
        text = str(np.load(io.BytesIO(data))["description"])
        sums = {each.removesuffix(".npy"): zlib.crc32(parts[each]) for each in parts}
        del sums["description"]
        parts["description.npy"] = npy(np.array(with_settings(text, rng, sums, change)))
    return archived(list(parts.items()), compressed)
