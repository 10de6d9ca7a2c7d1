"""Valid files of every kind, small ones, and how the program opens them."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import resource
import struct
import zlib
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from engine.activations import Tanh
from engine.data_sources import XorTable
from engine.datasets import Digits
from engine.digits.drawings import Drawing, load_drawings, save_drawings
from engine.files import FileError
from engine.initializers import Given
from engine.knobs import SettingError, to_plain
from engine.optimizers import SGD, Adam
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.table_data import TableData, first_guess, problem_of
from engine.tables import read_file
from engine.toy_data import Sine, Spirals
from engine.trainer import Trainer
from engine.training_file import SavedTraining, load_training, save_training, take_up
from tests.soak._damage import Damage

STATUS = Path("/proc/self/status")

# ---------------------------------------------------------------- memory


def reset_peak() -> float:
    """Begin to watch the memory in use anew; return what is in use now, in MB."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return peak()
    return peak()


def peak() -> float:
    """Return the most memory in use since, in MB."""
    if STATUS.exists():
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


# ---------------------------------------------------------------- trainings


def trainings(folder: Path) -> list[bytes]:
    hidden = (HiddenLayer(5, Tanh(), dropout=0.2), HiddenLayer(3))
    given = Given(
        layers=(((1.0, 2.0), (0.5, 0.1), (0.0, 0.0), (0.3, 0.2)), ((1.0,), (2.0,), (0.0,)))
    )
    experiments = [
        Experiment(DataSpec(Spirals(samples=80)), NetworkSpec(hidden), TrainSpec(batch_size=16)),
        Experiment(DataSpec(Digits()), NetworkSpec((HiddenLayer(4),)), TrainSpec(optimizer=SGD(0.9))),
        Experiment(DataSpec(TableData()), NetworkSpec(bias=False, hidden=(HiddenLayer(3),))),
        Experiment(DataSpec(Sine(samples=40)), NetworkSpec((), dtype="float64"),
                   TrainSpec(optimizer=Adam(), batch_size=None)),
        Experiment(DataSpec(XorTable()), NetworkSpec((HiddenLayer(2),), initializer=given)),
    ]  # fmt: skip
    found = []
    for number, experiment in enumerate(experiments):
        trainer = Trainer(experiment)
        for steps, _completed in enumerate(trainer.slices(0)):
            if steps == 4 * number + 3:
                break
        path = folder / "good.chainrule"
        save_training(path, SavedTraining.of(trainer))
        found.append(path.read_bytes())
    return found


def open_training(path: Path) -> Any:
    saved = load_training(path)
    try:
        trainer = Trainer(saved.experiment)
    except ValueError as error:  # as the window refuses an experiment that cannot be built
        raise FileError(str(error)) from None
    take_up(trainer, saved)
    found = _print_of(saved)
    next(trainer.slices(0), None)
    return found


def _print_of(saved: SavedTraining) -> Any:
    """Return all that a saved training holds, to be compared."""
    snapshot = saved.snapshot
    progress = snapshot.progress
    arrays = [*snapshot.weights, *snapshot.biases, *snapshot.optimizer_state.values()]
    return repr((
        to_plain(saved.experiment), snapshot.epoch, snapshot.batch, snapshot.copies,
        snapshot.optimizer, list(snapshot.optimizer_state), progress.batches, progress.score,
        progress.batch_size, progress.outputs.tobytes(), saved.records,
        [None if each is None else (each.shape, each.tobytes()) for each in arrays],
    ))  # fmt: skip


# ---------------------------------------------------------------- my digits


def drawings(folder: Path) -> list[bytes]:
    rng = np.random.default_rng(0)
    found = []
    for count in (0, 1, 12):
        made = [
            Drawing(tuple(rng.random((n, 2)) for n in (5, 9)), label)
            for label in [None, *range(10), 3][:count]
        ]
        path = folder / "good.npz"
        save_drawings(path, made)
        found.append(path.read_bytes())
    return found


def open_drawings(path: Path) -> Any:
    return [(each.trail, each.label) for each in load_drawings(path)]


# ---------------------------------------------------------------- tables

TABLE = "number;size;colour;big\n" + "".join(
    f"{i};{i % 9},5;{('red', 'green', 'blue')[i % 3]};{'yes' if i % 9 > 4 else 'no'}\n"
    for i in range(60)
)


def tables(_folder: Path) -> list[bytes]:
    quoted = 'name,"a, b",class\n' + "".join(
        f'"n{i}, x",{i * 0.5},{"uv"[i % 2]}\n' for i in range(40)
    )
    plain = "".join(f"{i * 0.25},{i % 7},{i % 2}\n" for i in range(30))
    return [
        TABLE.encode(), TABLE.replace("size", "größe").encode("utf-16"), quoted.encode("utf-8-sig"),
        plain.encode(), TABLE.replace(";", "\t").replace("red", "röt").encode("cp1252"),
    ]  # fmt: skip


def open_table(path: Path) -> Any:
    sheet = first_guess(path.name, read_file(path))
    if problem := problem_of(sheet):
        raise FileError(problem) if len(problem) <= 300 else ValueError(problem)
    experiment = Experiment(DataSpec(TableData(sheet)))
    try:
        trainer = Trainer(experiment)
    except SettingError as error:
        raise AssertionError(f"refused after it was offered: {error}") from None
    next(trainer.slices(0), None)
    return sheet.target, sheet.kind, trainer.dataset.features


def widen(data: bytes, rng: Random) -> bytes:
    width = rng.choice([10, 1_000, 1_001, 20_000, 200_000])
    name = rng.choice([lambda _i: "a", lambda i: f"a{i}", lambda _i: "", lambda i: f"a ({i})"])
    return (
        ",".join(map(name, range(width))).encode()
        + b"\n"
        + b"1," * (width - 1)
        + b"2\n"
        + data[:100]
    )


def lengthen(data: bytes, rng: Random) -> bytes:
    filler = rng.choice([b"x", b",", b'"', b" ", b'""', b"1,", b"\r", b"\0", b"\n", "é".encode()])
    at = rng.randrange(len(data) + 1)
    return data[:at] + filler * rng.choice([100, 10_000, 150_000, 3_000_000]) + data[at:]


def odd_cells(data: bytes, rng: Random) -> bytes:
    lines = data.split(b"\n")
    odd = [b"1e999", b"nan", b"-inf", b"1_000", "١٢".encode(), b"0x1", b'"', b"'", b"", b"=1+1",
           b"1e308", b"-1e308", b"w" * 5_000, b"\xff", b"\x00", b"5e-324", b"1" * 400]  # fmt: skip
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(lines))
        cells = lines[at].split(b";")
        cells[rng.randrange(len(cells))] = rng.choice(odd)
        lines[at] = b";".join(cells)
    return b"\n".join(lines)


def another_mark(data: bytes, rng: Random) -> bytes:
    return (
        rng.choice([b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0", b"\x1f\x8b"]) + data
    )


def few_rows(data: bytes, rng: Random) -> bytes:
    return b"\n".join(data.split(b"\n")[: rng.randint(1, 4)])


TABLE_DAMAGES: tuple[Damage, ...] = (widen, lengthen, odd_cells, odd_cells, another_mark, few_rows)

# ---------------------------------------------------------------- pictures

FORMATS = ("png", "jpg", "gif", "bmp", "webp")


def pictures(folder: Path) -> list[bytes]:
    from PySide6.QtGui import QColor, QImage, QPainter

    image = QImage(60, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.fillRect(28, 10, 6, 60, QColor("black"))
    painter.end()
    found = []
    for kind in FORMATS:
        path = folder / f"good.{kind}"
        if image.save(str(path)):
            found.append(path.read_bytes())
    from PIL import Image

    Image.new("P", (40, 40), 3).save(folder / "good.gif")
    return [*found, (folder / "good.gif").read_bytes()]


def open_picture(path: Path) -> Any:
    from gui.drawing.pictures import trace

    traced = trace(path)
    if traced.complaint:
        raise FileError(traced.complaint) if len(traced.complaint) <= 300 else ValueError("long")
    return [each.tobytes() for each in traced.strokes]


def lie_about_size(data: bytes, rng: Random) -> bytes:
    """Let a picture declare another size, its checksum right where there is one."""
    side = rng.choice([0, 1, 4_000, 10_000, 20_000, 60_000, 2**31 - 1, 2**32 - 1, 2_000_000_000])
    damaged = bytearray(data)
    if data.startswith(b"\x89PNG"):
        at = 16 + 4 * rng.randrange(2)
        damaged[at : at + 4] = struct.pack(">L", side)
        if rng.random() < 0.3:
            damaged[16:24] = struct.pack(">LL", side, side)
        damaged[24] = rng.choice([8, 16, damaged[24]])
        damaged[29:33] = struct.pack(">L", zlib.crc32(bytes(damaged[12:29])))
    elif data.startswith(b"BM"):
        at = 18 + 4 * rng.randrange(2)
        damaged[at : at + 4] = struct.pack("<L", side)
    elif data.startswith(b"GIF"):
        at = rng.choice([6, 8, max(data.find(b",", 700) + 5, 6)])
        damaged[at : at + 2] = struct.pack("<H", side % 65_536)
    elif data.startswith(b"\xff\xd8") and (at := data.find(b"\xff\xc0")) > 0:
        damaged[at + 5 : at + 9] = struct.pack(">HH", side % 65_536, rng.choice([60, 65_535]))
    else:
        at = rng.randrange(12, min(len(data) - 4, 40))
        damaged[at : at + 4] = struct.pack("<L", side)
    return bytes(damaged)


PICTURE_DAMAGES: tuple[Damage, ...] = (lie_about_size,)
