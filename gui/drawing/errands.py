"""What is too slow for a frame, done in the training's thread: files, pictures."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from engine.digits.drawings import Drawing, Merge, load_drawings, merge, save_drawings
from engine.my_digits import write_digit
from gui.drawing.pictures import Traced, trace

if TYPE_CHECKING:
    from gui.training.run import Run


@dataclass(frozen=True)
class Written:
    """My digits as an experiment holds them."""

    mode: str
    digits: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Imported:
    """What a file brings."""

    path: Path
    merge: Merge


@dataclass(frozen=True)
class Exported:
    """So many digits were written."""

    path: Path
    count: int


@dataclass(frozen=True)
class Failed:
    """Why something could not be done, for people."""

    title: str
    text: str


def read_file(path: Path, mine: tuple[Drawing, ...], _run: "Run") -> Imported | Failed:
    try:
        return Imported(path, merge(mine, load_drawings(path)))
    except ValueError as error:
        return Failed("Not imported", str(error))
    except OSError as error:
        return Failed("Not imported", f"{path.name} cannot be read: {error.strerror}.")


def write_file(path: Path, mine: tuple[Drawing, ...], _run: "Run") -> Exported | Failed:
    try:
        save_drawings(path, mine)
    except OSError as error:
        return Failed("Not exported", f"{path} cannot be written: {error.strerror}.")
    return Exported(path, len(mine))


def trace_picture(source: Path | QImage, _run: "Run") -> Traced:
    return trace(source)


def write_out(mode: str, mine: tuple[Drawing, ...], _run: "Run") -> Written:
    return Written(mode, tuple(write_digit(each.label or 0, each.picture) for each in mine))
