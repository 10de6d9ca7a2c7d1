"""What is too slow for a frame, done in the training's thread: a file is read."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.table_data import Sheet, first_guess, problem_of
from engine.tables import MOST_BYTES, TableError, decode

if TYPE_CHECKING:
    from gui.training.run import Run


@dataclass(frozen=True, eq=False)
class TableRead:
    """A file's table, and what its columns are most likely for."""

    path: Path
    sheet: Sheet


@dataclass(frozen=True)
class NotRead:
    """Why a file's table could not be had, for people."""

    path: Path
    why: str


def read_file(path: Path, _run: "Run") -> TableRead | NotRead:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        sheet = first_guess(path.name, decode(data))
    except TableError as error:
        return NotRead(path, str(error))
    except OSError as error:
        return NotRead(path, f"It cannot be read: {error.strerror}.")
    problem_of(sheet)  # every column is looked at here, once, and not while someone waits
    return TableRead(path, sheet)
