"""A table's file is read, and every column looked at, in a thread of its own."""

from pathlib import Path

from engine import tables
from engine.table_data import Sheet, first_guess, problem_of
from gui.training.requests import Request


def read_file(path: Path, request: Request) -> Sheet:
    """Return a file's table, and what its columns are most likely for.

    Raises
    ------
    FileError
        Saying what is wrong, where, and what to do.
    """
    text = tables.read_file(path)
    request.advance(0.2)
    sheet = first_guess(path.name, text)
    request.advance(0.8)
    problem_of(sheet)  # every column is looked at here, once, and not while someone waits
    return sheet
