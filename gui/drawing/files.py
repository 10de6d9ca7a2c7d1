"""What is done aside with files of drawings and with pictures; not in the window's thread."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from engine.digits.drawings import Drawing, Merge, load_drawings, merge, save_drawings
from engine.files import reason_of
from engine.my_digits import write_digit
from gui.drawing.pictures import Traced, trace
from gui.training.requests import Request

if TYPE_CHECKING:
    from gui.training.run import Run


def read_file(path: Path, mine: tuple[Drawing, ...], _request: Request) -> Merge:
    """Return what a file brings to the drawings that are there."""
    return merge(mine, load_drawings(path))


def write_file(path: Path, mine: tuple[Drawing, ...], _request: Request) -> None:
    """Write my digits.

    Raises
    ------
    ValueError
        Saying why they cannot be written.
    """
    try:
        save_drawings(path, mine)
    except OSError as error:
        raise ValueError(f"{path} cannot be written: {reason_of(error)}.") from None


def trace_picture(source: Path | QImage, _request: Request) -> Traced:
    """Find the digit in a picture."""
    return trace(source)


def write_out(mine: tuple[Drawing, ...], _run: "Run") -> tuple[str, ...]:
    """Return my digits as an experiment holds them; in the training's thread."""
    return tuple(write_digit(each.label or 0, each.picture) for each in mine)
