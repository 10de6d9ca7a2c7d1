"""Tables that people bring: files of rows and columns, read and understood.

What separates the cells, whether the first line has names, and whether decimals stand behind a
comma is found out from the text itself. Messages say where something is wrong, and what to do.
"""

import csv
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.files import FileError, open_file, reading, short

Array = NDArray[np.float64]

GAPS = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-", "."})
"""What stands where nothing is known, in lower case."""
DELIMITERS = ",;\t|"
MOST_CELLS = 2_000_000
MOST_COLUMNS = 1_000
MOST_LINES = 1_200_000
LONGEST_LINE = 1_000_000
MOST_BYTES = 50_000_000
LONGEST = 60
"""Letters of a name or a cell that a message shows."""
LONGEST_NAME = 1_000
LOOKED_AT = 50  # lines, to find out what separates the cells


class TableError(FileError):
    """What is wrong with a table, where, and what to do about it."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column.

    Attributes
    ----------
    name : str
    cells : tuple of str
        As they stand in the file, without the spaces around them.
    comma : bool
        Whether decimals may stand behind a comma.
    """

    name: str
    cells: tuple[str, ...]
    comma: bool = False

    @cached_property
    def gaps(self) -> NDArray[np.bool_]:
        """Where nothing is known, (rows,)."""
        return np.array([cell.lower() in GAPS for cell in self.cells], np.bool_)

    @cached_property
    def numbers(self) -> Array | None:
        """The cells as numbers, NaN in gaps, (rows,); None where some are not numbers.

        >>> Column("height", ("1.5", "?", "2")).numbers
        array([1.5, nan, 2. ])
        """
        known = [
            "nan" if gap else cell for cell, gap in zip(self.cells, self.gaps.tolist(), strict=True)
        ]
        numbers = _numbers(known)
        if numbers is None and self.comma:
            numbers = _numbers([cell.replace(",", ".") for cell in known])
        if numbers is None or not np.isfinite(numbers[~self.gaps]).all() or self.gaps.all():
            return None
        return numbers

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The different cells but for gaps: numbers by size, text by the alphabet."""
        found = {cell for cell, gap in zip(self.cells, self.gaps.tolist(), strict=True) if not gap}
        if self.numbers is not None:
            value = dict(zip(self.cells, self.numbers.tolist(), strict=True))
            return tuple(sorted(found, key=lambda word: (value[word], word)))
        return tuple(sorted(found))

    @cached_property
    def odd(self) -> tuple[int, ...]:
        """The rows that hold no number, where most of a column are numbers."""
        if self.numbers is not None:
            return ()
        texts = [cell.replace(",", ".") if self.comma else cell for cell in self.cells]
        known = np.flatnonzero(~self.gaps).tolist()
        odd = tuple(row for row in known if not is_number(texts[row]))
        return odd if len(odd) < len(known) / 2 else ()


@dataclass(frozen=True, eq=False)
class Table:
    """A table that was read.

    Attributes
    ----------
    columns : tuple of Column
    lines : tuple of int
        Where each row stands in the file, 1 the first line.
    delimiter : str
        What separates the cells.
    named : bool
        Whether the first line has the columns' names.
    """

    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    delimiter: str
    named: bool

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        return self.columns[self.names.index(name)]


def read_file(path: str | os.PathLike[str]) -> str:
    """Return the text of a file.

    Raises
    ------
    FileError
        When it cannot be read, is too large, or no text; whole sentences, for people.
    """
    try:
        with reading(path, "a table"), open_file(path, MOST_BYTES) as file:
            return decode(file.read(MOST_BYTES + 1))
    except TableError:
        raise
    except FileError as error:
        raise type(error)(f"{error}.") from None


def decode(data: bytes) -> str:
    """Return the text of a file: Unicode if it is, else what Windows writes in Western Europe.

    Raises
    ------
    TableError
        When it is too large, or no text.
    """
    if len(data) > MOST_BYTES:
        raise TableError(
            f"The file has more than {MOST_BYTES / 1e6:,.0f} MB, the most that can be taken. Keep "
            f"a part of its rows."
        )
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0" if wide else data.decode("cp1252", "replace")
    if "\0" in text:
        raise TableError(
            "This is no text. Save the table as CSV (comma-separated values), and open that file."
        )
    return text


@lru_cache(maxsize=4)
def read_table(text: str, named: bool | None = None) -> Table:
    r"""Read a table.

    Parameters
    ----------
    text : str
    named : bool, optional
        Whether the first line has the columns' names; found out if not given.

    Raises
    ------
    TableError
        Saying where something is wrong, and what to do.

    Examples
    --------
    >>> table = read_table("height;weight\n1,5;70\n1,8;80\n")
    >>> table.names, table["height"].numbers
    (('height', 'weight'), array([1.5, 1.8]))
    """
    delimiter = find_delimiter(text)
    rows, lines = _rows(text, delimiter)
    if len(rows[0]) == 1:
        raise TableError(
            f"The file has one column only: '{short(rows[0][0], LONGEST)}'. Separate the cells of "
            f"a row by commas, semicolons or tabs."
        )
    if named is None:
        named = not any(is_number(cell.replace(",", ".")) for cell in rows[0])
    names = _distinct(rows[0] if named else [""] * len(rows[0]))
    if max(map(len, names)) > LONGEST_NAME:
        raise TableError(
            f"The first line is no names of columns: '{short(max(names, key=len), LONGEST)}' has "
            f"{len(max(names, key=len)):,} letters. At most {LONGEST_NAME:,} can be taken."
        )
    if named:
        rows, lines = rows[1:], lines[1:]
    if not rows:
        raise TableError("The table has a first line with names, and no rows below it.")
    columns = zip(*rows, strict=True)
    comma = delimiter != ","
    return Table(
        tuple(Column(name, cells, comma) for name, cells in zip(names, columns, strict=True)),
        tuple(lines),
        delimiter,
        named,
    )


def find_delimiter(text: str) -> str:
    r"""Return what separates the cells: what stands equally often in the first lines.

    >>> find_delimiter("a;b\n1,5;2,5\n2,0;1,25\n")
    ';'
    """
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:LOOKED_AT]

    def agreement(delimiter: str) -> tuple[float, int]:
        counts = Counter(_count(line, delimiter) for line in lines)
        if not counts:
            return 0.0, 0
        count, often = counts.most_common(1)[0]
        return (often / len(lines), count) if count else (0.0, 0)

    return max(DELIMITERS, key=agreement)


def _count(line: str, delimiter: str) -> int:
    """Count a delimiter outside quotation marks."""
    return sum(part.count(delimiter) for part in line.split('"')[::2])


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return the rows, all of one length, and the lines on which they end."""
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(_lines(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if not rows and len(cells) > MOST_COLUMNS:
                raise TableError(
                    f"Line {reader.line_num} has {len(cells):,} columns; at most {MOST_COLUMNS:,} "
                    f"can be taken. Keep those that matter."
                )
            rows.append(_as_wide(cells, len(rows[0]), reader.line_num) if rows else cells)
            lines.append(reader.line_num)
            if len(rows) * len(rows[0]) > MOST_CELLS:
                raise TableError(
                    f"The table has more than {MOST_CELLS:,} cells. Keep a part of its rows or "
                    f"columns."
                )
    except csv.Error as error:
        raise TableError(
            f"Line {reader.line_num}: {error}. Perhaps a quotation mark is opened and never closed."
        ) from None
    if not rows:
        raise TableError("The file is empty.")
    return rows, lines


def _lines(text: str) -> Iterator[str]:
    """Yield the lines one by one: all of them at once, as a file, would take the space again."""
    mark = "\n" if "\n" in text else "\r"
    if text.count(mark) > MOST_LINES:
        raise TableError(f"The file has more than {MOST_LINES:,} lines. Keep a part of them.")
    start, number, after = 0, 0, len(text)
    while start < after:
        end = text.find(mark, start) + 1 or after
        number += 1
        if end - start > LONGEST_LINE:
            raise TableError(
                f"Line {number} has {end - start:,} letters; at most {LONGEST_LINE:,} can be "
                f"taken. Is this a table?"
            )
        yield text[start:end]
        start = end


def _as_wide(cells: list[str], width: int, line: int) -> list[str]:
    """Return a row without empty cells at its end beyond the table's width; refuse others."""
    while len(cells) > width and not cells[-1]:
        cells.pop()
    if len(cells) != width:
        raise TableError(
            f"Line {line} has {many(len(cells), 'cell')}, the first line {width}. Give every row "
            f"as many; text with a comma in it wants quotation marks around it."
        )
    return cells


def many(count: int, noun: str, plural: str = "") -> str:
    """Say how many there are.

    >>> many(1, "row"), many(1200, "row"), many(2, "class", "classes")
    ('1 row', '1,200 rows', '2 classes')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _distinct(names: Sequence[str]) -> list[str]:
    """Return the columns' names, each another one and none empty.

    >>> _distinct(["a", "", "a"])
    ['a', 'column 2', 'a (2)']
    """
    found: dict[str, None] = {}  # in order
    times: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        wanted = name or f"column {number}"
        unique, again = wanted, times.get(wanted, 1)
        while unique in found:
            again += 1
            unique = f"{wanted} ({again})"
        found[unique] = None
        times[wanted] = again
    return [*found]


def is_number(text: str) -> bool:
    """Tell whether a cell holds a finite number."""
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _numbers(cells: list[str]) -> Array | None:
    try:
        return np.array(cells, np.float64)
    except ValueError:
        return None
