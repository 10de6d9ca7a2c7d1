"""Tables of one's own as data sets: which column is to be predicted, and from which others.

A table is part of the experiment itself, as its text: the same experiment gives the same run, on
any computer, whatever has become of the file.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from engine.data_sources import RESOURCES, SOURCES, Array, Scaling, Source, Task
from engine.files import short
from engine.knobs import (
    Declared,
    Domain,
    OneOf,
    SettingError,
    Text,
    Words,
    from_plain,
    knob,
    suggestion,
)
from engine.tables import LONGEST, Column, Table, TableError, many, read_table

Kind = Literal["class", "number"]

SAMPLES = RESOURCES / "tables"
MOST_WORDS = 30
"""Different entries of a column of words that is taken as input: each is an input of its own."""
MOST_CLASSES = 100
LONGEST_WORD = 1_000
"""Letters of what is a class, or an input of its own."""
MOST_NUMBERS = 8_000_000
"""Rows times inputs."""
FEW = 12
"""Different whole numbers that are more likely to be classes than measured."""
TARGETS = ("target", "class", "label", "species", "category", "outcome", "y")
"""What the column to be predicted is often called."""


@dataclass(frozen=True)
class Sheet(Declared):
    """A table, and what its columns are for.

    Attributes
    ----------
    file : str
        What the file was called.
    text : str
        All that was in it; empty for one of the tables shipped, called `file`.
    target : str
        The column to be predicted.
    kind : {'class', 'number'}
        What it is.
    left_out : tuple of str
        Columns that are not looked at. All others are inputs.
    """

    file: str = knob("iris.csv", label="File", domain=Text())
    text: str = knob("", label="Text", domain=Text())
    target: str = knob("species", label="Predict", domain=Text())
    kind: str = knob(
        "class", label="It is", domain=OneOf({"class": "a class", "number": "a number"})
    )
    left_out: tuple[str, ...] = knob((), label="Left out", domain=Words())

    @property
    def table(self) -> Table:
        """The table, read; raises :class:`TableError` where it cannot be."""
        return read_table(self.text or sample(self.file))

    @property
    def inputs(self) -> tuple[Column, ...]:
        """The columns that are looked at."""
        unused = {self.target, *self.left_out}
        return tuple(column for column in self.table.columns if column.name not in unused)


@lru_cache
def sample(file: str) -> str:
    """Return the text of a table that is shipped."""
    if file not in {path.name for path in SAMPLES.iterdir()}:
        raise TableError(f"There is no table called '{_said(file)}' here. Open its file.")
    return (SAMPLES / file).read_text(encoding="utf-8")


def first_guess(file: str, text: str) -> Sheet:
    r"""Return what the columns of a table are most likely for.

    >>> first_guess("a.csv", "n,height,sort\n1,1.5,oak\n2,2.5,elm\n3,0.1,oak")
    Sheet(file='a.csv', text='...', target='sort', kind='class', left_out=('n',))
    """
    table = read_table(text)
    possible = [each for each in table.columns if not why_no_target(each)] or [*table.columns]
    named = [each for each in possible if each.name.lower() in TARGETS]
    target = (named or possible)[-1]
    left_out = tuple(
        each.name
        for each in table.columns
        if each is not target
        and (why_no_input(each, table) or len(each.words) < 2 or counts_rows(each))
    )
    return Sheet(file, text, target.name, likely_kind(target), left_out)


def likely_kind(column: Column) -> Kind:
    """Tell whether a column looks like classes or like measured numbers."""
    numbers = column.numbers
    if numbers is None:
        return "class"
    known = numbers[~column.gaps]
    return "class" if len(column.words) <= FEW and (known == known.round()).all() else "number"


def counts_rows(column: Column) -> bool:
    """Tell whether a column only numbers the rows."""
    numbers = column.numbers
    return (
        numbers is not None
        and len(numbers) > 2
        and bool((np.diff(numbers) == 1).all() and numbers[0] in (0, 1))
    )


# ---------------------------------------------------------------- what can be used, and why not


def why_no_input(column: Column, table: Table) -> str:
    """Say why a column cannot be an input; empty if it can."""
    if column.odd:
        row = column.odd[0]
        return (
            f"Line {table.lines[row]}, column '{_said(column.name)}': '{_said(column.cells[row])}' "
            f"is not a number, as most others there are. Mend it in the file, or leave the column "
            f"out."
        )
    if not column.words:
        return f"Column '{_said(column.name)}' is empty. Leave it out."
    if column.numbers is None and max(map(len, column.words)) > LONGEST_WORD:
        return (
            f"Column '{_said(column.name)}' holds long texts: nothing to learn from. Leave it out."
        )
    if column.numbers is None and len(column.words) > MOST_WORDS:
        return (
            f"Column '{_said(column.name)}' has {len(column.words):,} different entries: too many "
            f"to learn anything from. Leave it out."
        )
    return ""


def why_no_target(column: Column, kind: str = "") -> str:
    """Say why a column cannot be predicted as a class or a number; empty if it can."""
    kind, count = kind or likely_kind(column), len(column.words)
    if count < 2:
        said = f"says '{_said(column.words[0])}' in every row" if count else "is empty"
        return f"Column '{_said(column.name)}' {said}: there is nothing to predict."
    if kind == "class" and count > MOST_CLASSES:
        return (
            f"Column '{_said(column.name)}' has {count:,} different entries: too many to be "
            f"classes. There may be {MOST_CLASSES}."
        )
    if kind == "class" and max(map(len, column.words)) > LONGEST_WORD:
        return f"Column '{_said(column.name)}' holds long texts: these are no classes."
    if kind == "number" and column.numbers is None:
        return f"Column '{_said(column.name)}' holds more than numbers: predict it as a class."
    return ""


def _said(text: str) -> str:
    return short(text, LONGEST)


def problem_of(sheet: Sheet) -> str:
    """Say what is wrong with a table or with the use made of it; empty if nothing is."""
    try:
        table = sheet.table
    except TableError as error:
        return str(error)
    if sheet.target not in table.names:
        near = suggestion(sheet.target, table.names)
        return f"There is no column '{_said(sheet.target)}'{near}."
    if not sheet.inputs:
        return "Every other column is left out: at least one must be an input."
    reasons = [why_no_target(table[sheet.target], sheet.kind)]
    reasons += [why_no_input(each, table) for each in sheet.inputs]
    numbers = len(table) * sum(map(count_features, sheet.inputs))
    if numbers > MOST_NUMBERS:
        reasons.append(
            f"Its columns of words make {numbers:,} numbers in all; at most {MOST_NUMBERS:,} can "
            f"be taken. Leave some out."
        )
    return next(filter(None, reasons), "")


def summary(sheet: Sheet) -> str:
    """Say what a network would be given, where nothing is wrong.

    >>> summary(Sheet())
    '150 rows, 4 inputs, 3 classes'
    """
    target, inputs = sheet.table[sheet.target], sheet.inputs
    features = sum(count_features(column) for column in inputs)
    gaps = int(np.any([column.gaps for column in (target, *inputs)], axis=0).sum())
    parts = [many(len(sheet.table), "row")]
    parts[0] += f" ({gaps:,} with gaps)" if gaps else ""
    parts.append(many(features, "input"))
    parts.append(
        many(len(target.words), "class", "classes")
        if sheet.kind == "class"
        else "1 number to predict"
    )
    return ", ".join(parts)


def count_features(column: Column) -> int:
    """Return how many inputs a column makes."""
    words = len(column.words)
    return 1 if column.numbers is not None or words == 2 else words


# ---------------------------------------------------------------- numbers for a network


@dataclass(frozen=True, eq=False)
class Reading:
    """A table as numbers.

    Attributes
    ----------
    x : ndarray (rows, features)
        A column of words is as many features, 0 or 1, as it has different words; one for two.
    names : tuple of str
        Of the features.
    measured : ndarray of bool (features,)
        Which of them come from a column of numbers.
    y : ndarray (rows,)
        The number to be predicted, or that of the class.
    classes : tuple of str
        None for numbers.
    dropped : int
        Rows that were left out because of gaps.
    """

    x: Array
    names: tuple[str, ...]
    measured: NDArray[np.bool_]
    y: Array
    classes: tuple[str, ...]
    dropped: int


@lru_cache(maxsize=4)
def read_sheet(sheet: Sheet, fill: bool) -> Reading:
    """Turn a table into numbers.

    Parameters
    ----------
    fill : bool
        Whether gaps are filled, with the mean or the commonest word of their column, or rows
        with gaps left out. Rows that do not say what is to be predicted are left out anyway.

    Raises
    ------
    SettingError
        Saying what is wrong, where, and what to do.
    """
    if problem := problem_of(sheet):
        raise SettingError("sheet", problem)
    target, inputs = sheet.table[sheet.target], sheet.inputs
    kept = ~target.gaps
    if not fill:
        kept &= ~np.any([column.gaps for column in inputs], axis=0)
    if not kept.any():
        worst = max(inputs, key=lambda column: int(column.gaps.sum()))
        raise SettingError(
            "gaps",
            f"every row has a gap: fill them, or leave out columns with many "
            f"('{_said(worst.name)}' has {int(worst.gaps.sum()):,})",
        )
    features = [feature for column in inputs for feature in features_of(column, kept)]
    classes = target.words if sheet.kind == "class" else ()
    y = codes(target, classes) if classes else target.numbers
    assert y is not None
    return Reading(
        np.stack([values for _name, values, _measured in features], axis=1),
        tuple(name for name, _values, _measured in features),
        np.array([measured for _name, _values, measured in features]),
        y[kept],
        classes,
        int((~kept).sum()),
    )


def features_of(column: Column, kept: NDArray[np.bool_]) -> list[tuple[str, Array, bool]]:
    """Return name, values (rows kept,) and whether they are measured, of each of its inputs."""
    if column.numbers is not None:
        known = kept & ~column.gaps
        mean = column.numbers[known].mean() if known.any() else 0.0
        return [(column.name, np.where(column.gaps, mean, column.numbers)[kept], True)]
    code = codes(column, column.words)[kept]
    known_codes = code[code >= 0].astype(np.intp)
    commonest = np.bincount(known_codes).argmax() if known_codes.size else 0
    code = np.where(code < 0, commonest, code)
    asked = column.words[1:] if len(column.words) == 2 else column.words
    first = len(column.words) - len(asked)
    return [
        (f"{column.name} = {word}", (code == number).astype(np.float64), False)
        for number, word in enumerate(asked, start=first)
    ]


def codes(column: Column, words: tuple[str, ...]) -> Array:
    """Return the number of each cell's word among `words`, −1 in gaps."""
    number = {word: float(index) for index, word in enumerate(words)}
    return np.array([number.get(cell, -1.0) for cell in column.cells])


@dataclass(frozen=True)
class Sheets(Domain):
    """Tables, as objects or as the plain dicts of files."""

    def check(self, value: Any) -> Sheet:
        if isinstance(value, dict):
            return from_plain(Sheet, value)
        if not isinstance(value, Sheet):
            raise ValueError(f"must be {self.describe()}, not {value!r}")
        return value

    def describe(self) -> str:
        return "a table and what its columns are for"


@SOURCES.register
@dataclass(frozen=True)
class TableData(Source):
    """Rows of a table of one's own; a number to be predicted is scaled like the inputs."""

    name: ClassVar[str] = "table"
    label: ClassVar[str] = "A table (CSV file)"
    about: ClassVar[str] = (
        "Rows and columns from a file of yours: File, Open table. Iris flowers to begin with."
    )

    sheet: Sheet = knob(
        Sheet(),
        label="Table",
        help="Which column is to be predicted, and from which others.",
        domain=Sheets(),
    )
    scale: str = knob(
        "standard",
        label="Numbers",
        help="Networks learn best from numbers around 0. Columns of words become zeros and ones.",
        domain=OneOf(
            {
                "standard": "mean 0, spread 1",
                "minmax": "each stretched to 0 … 1",
                "none": "as they are",
            }
        ),
    )
    gaps: str = knob(
        "leave_out",
        label="Gaps",
        help="What is done where a cell is empty: leave its row out, or put in the mean, or the "
        "commonest word, of its column.",
        domain=OneOf({"leave_out": "leave the row out", "fill": "fill with the usual"}),
    )

    @property
    def task(self) -> Task:  # type: ignore[override]  # depends on a setting here
        return "classification" if self.sheet.kind == "class" else "regression"

    @property
    def title(self) -> str:
        return self.sheet.file

    @property
    def target_name(self) -> str:
        return self.sheet.target

    @property
    def feature_names(self) -> tuple[str, ...]:  # type: ignore[override]
        return self._reading.names

    @property
    def class_names(self) -> tuple[str, ...]:  # type: ignore[override]
        return self._reading.classes

    @property
    def _reading(self) -> Reading:
        return read_sheet(self.sheet, self.gaps == "fill")

    def rows(self) -> tuple[Array, Array]:
        reading = self._reading
        return reading.x, reading.y

    def scaling(self, raw: Array) -> Scaling | None:
        scaling, measured = self._scaling_of(raw), self._reading.measured
        if scaling is None:
            return None
        return Scaling(np.where(measured, scaling.offset, 0), np.where(measured, scaling.factor, 1))

    def target_scaling(self, raw: Array) -> Scaling | None:
        return None if self._reading.classes else self._scaling_of(raw)

    def _scaling_of(self, raw: Array) -> Scaling | None:
        if self.scale == "none":
            return None
        return Scaling.to_unit_interval(raw) if self.scale == "minmax" else Scaling.standard(raw)
