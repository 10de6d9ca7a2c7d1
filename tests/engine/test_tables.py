"""Tables that people bring: read whatever program wrote them, refused with where and why."""

import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import load
from engine.knobs import SettingError, from_plain, to_plain
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.table_data import MOST_CLASSES, Sheet, TableData, first_guess, problem_of, read_sheet
from engine.tables import TableError, decode, read_table
from engine.trainer import Trainer

PEOPLE = """name,age,sex,height,likes
Ada,36,f,1.65,yes
Bo,,m,1.80,no
Cy,51,m,?,yes
Di,28,f,1.71,no
Ed,40,x,1.69,
"""


def people(**changes):
    settings = {"target": "likes", "left_out": ("name",)} | changes
    return Sheet("people.csv", PEOPLE, **settings)


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter(delimiter):
    table = read_table("a,b,c\n1,2,3\n4,5,6\n".replace(",", delimiter))
    assert table.names == ("a", "b", "c")
    assert table["c"].numbers.tolist() == [3, 6]


def test_decimals_behind_a_comma():
    table = read_table("a;b\n1,5;2\n0,25;3\n")
    assert table["a"].numbers.tolist() == [1.5, 0.25]


def test_a_delimiter_within_quotation_marks_is_text():
    table = read_table('a,b\n"Smith, John",1\n"Doe, Jane",2\n')
    assert table["a"].cells == ("Smith, John", "Doe, Jane")


def test_a_first_line_of_numbers_has_no_names():
    table = read_table("1,2\n3,4\n")
    assert table.names == ("column 1", "column 2")
    assert len(table) == 2
    assert read_table("1,2\n3,4\n", named=True).names == ("1", "2")


def test_names_are_told_apart():
    assert read_table("a,,a\n1,2,3\n").names == ("a", "column 2", "a (2)")


@pytest.mark.parametrize(
    "data",
    [
        "größe,klasse\n1,a\n".encode(),
        "\ufeffgröße,klasse\n1,a\n".encode(),
        "größe,klasse\n1,a\n".encode("cp1252"),
        "größe,klasse\n1,a\n".encode("utf-16"),
    ],
    ids=["utf-8", "utf-8 with a mark", "windows", "utf-16"],
)
def test_any_usual_encoding(data):
    assert read_table(decode(data)).names == ("größe", "klasse")


def test_empty_lines_and_empty_cells_at_the_end_do_no_harm():
    table = read_table("\na,b\n\n1,2,\n3,4,,\n\n")
    assert len(table) == 2
    assert table.lines == (4, 5)


@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(
                st.floats(allow_nan=False, allow_infinity=False), min_size=width, max_size=width
            ),
            min_size=1,
            max_size=8,
        )
    )
)
def test_numbers_come_back_as_they_were(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    table = read_table(text.getvalue(), named=False)
    for column, values in zip(table.columns, zip(*rows, strict=True), strict=True):
        assert column.numbers.tolist() == list(values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty"),
        ("a,b\n", "no rows below it"),
        ("one\ntwo\n", "one column only: 'one'"),
        ("a,b\n1,2\n1,2,3\n", "Line 3 has 3 cells, the first line 2"),
        ("a,b\n1\n", "Line 2 has 1 cell, the first line 2"),
        ('a,b\n"1,2\n3,4\n', "quotation mark is opened and never closed"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text, message):
    with pytest.raises(TableError, match=message):
        read_table(text)


def test_a_file_that_is_no_text_is_refused():
    with pytest.raises(TableError, match="Save the table as CSV"):
        decode(b"PK\x03\x04\x00\x00\x08\x00")


# ---------------------------------------------------------------- what columns are for


def test_first_guess_at_people():
    sheet = first_guess("people.csv", PEOPLE)
    assert (sheet.target, sheet.kind) == ("likes", "class")
    assert problem_of(sheet) == ""


def test_measured_numbers_are_not_classes():
    rows = "\n".join(f"{i % 7},{i * 1.5}" for i in range(40))
    sheet = first_guess("a.csv", f"x,price\n{rows}\n")
    assert (sheet.target, sheet.kind) == ("price", "number")


def test_columns_of_no_use_are_left_out():
    rows = "\n".join(f"{i},p{i},same,{i * i},{i % 2}" for i in range(60))
    sheet = first_guess("a.csv", f"number,name,always,x,y\n{rows}\n")
    assert sheet.left_out == ("number", "name", "always")
    assert sheet.target == "y"


def test_a_column_called_species_is_predicted_wherever_it_stands():
    assert first_guess("a.csv", "Species,size\nelm,1.5\noak,2.5\n").target == "Species"


# ---------------------------------------------------------------- numbers


def test_rows_with_gaps_are_left_out():
    reading = read_sheet(people(), fill=False)
    assert reading.dropped == 3
    assert reading.x[:, 0].tolist() == [36, 28]


def test_gaps_are_filled_with_the_usual():
    reading = read_sheet(people(), fill=True)
    assert reading.dropped == 1  # the row that does not say whether
    assert reading.x[:, 0].tolist() == pytest.approx([36, (36 + 51 + 28) / 3, 51, 28])
    assert reading.x[2, -1] == pytest.approx((1.65 + 1.80 + 1.71) / 3)


def test_words_become_zeros_and_ones():
    reading = read_sheet(people(), fill=True)
    assert reading.names == ("age", "sex = f", "sex = m", "sex = x", "height")
    assert reading.x[:, 1:4].tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 0], [1, 0, 0]]
    assert reading.measured.tolist() == [True, False, False, False, True]


def test_two_words_are_one_input():
    reading = read_sheet(Sheet("a.csv", "a,b,c\nx,1,p\ny,2,q\n", "c"), fill=False)
    assert reading.names == ("a = y", "b")
    assert reading.x[:, 0].tolist() == [0, 1]


def test_classes_that_are_numbers_stand_in_their_order():
    text = "x,n\n" + "\n".join(f"{i}.5,{n}" for i, n in enumerate((10, 9, 100, 9)))
    reading = read_sheet(Sheet("a.csv", text, "n"), fill=False)
    assert reading.classes == ("9", "10", "100")
    assert reading.y.tolist() == [1, 0, 2, 0]


def test_only_measured_columns_are_scaled():
    data = load(DataSpec(TableData(people(), gaps="fill"), test_fraction=0.0))
    assert data.x_train[:, 0].mean() == pytest.approx(0)
    assert data.x_train[:, 0].std() == pytest.approx(1)
    assert set(data.x_train[:, 2]) == {0.0, 1.0}
    raw = data.scaling.invert(data.x_train)
    assert raw[0, 0] == pytest.approx(36)


def test_a_number_to_be_predicted_is_scaled_too():
    rows = "\n".join(f"{i},{200_000 + 1000 * i}" for i in range(20))
    sheet = Sheet("a.csv", f"size,price\n{rows}\n", "price", "number")
    data = load(DataSpec(TableData(sheet), test_fraction=0.0))
    assert data.y_train.mean() == pytest.approx(0)
    assert data.y_train.std() == pytest.approx(1)
    plain = load(DataSpec(TableData(sheet, scale="none"), test_fraction=0.0))
    assert plain.y_train[0, 0] == 200_000


# ---------------------------------------------------------------- bad use


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        (people(target="like"), "no column 'like'; did you mean 'likes'?"),
        (people(left_out=("name", "age", "sex", "height")), "at least one must be an input"),
        (people(target="sex", kind="number"), "holds more than numbers"),
        (
            Sheet("a.csv", "a,b\n1,x\n2,x\n", "b"),
            "Column 'b' says 'x' in every row: there is nothing to predict",
        ),
        (
            Sheet("a.csv", "a,b\n1,x\n2,y\nthree,x\n", "b"),
            "Line 4, column 'a': 'three' is not a number",
        ),
        (Sheet("nowhere.csv"), "There is no table called 'nowhere.csv'"),
        (Sheet("../digits.npz"), "There is no table called"),
    ],
)
def test_what_is_wrong_is_said(sheet, message):
    assert message in problem_of(sheet)
    with pytest.raises(SettingError, match="sheet"):
        read_sheet(sheet, fill=False)


def test_too_many_different_entries():
    rows = "\n".join(f"{i}.5,name {i}" for i in range(MOST_CLASSES + 1))
    text = f"x,name\n{rows}\n"
    assert "too many to be classes" in problem_of(Sheet("a.csv", text, "name"))
    assert "too many to learn" in problem_of(Sheet("a.csv", text, "x", "number"))


def test_no_row_without_a_gap():
    sheet = Sheet("a.csv", "a,b,c\n1,,x\n,2,y\n", "c")
    with pytest.raises(SettingError, match="every row has a gap: fill them"):
        read_sheet(sheet, fill=False)
    assert len(read_sheet(sheet, fill=True).x) == 2


# ---------------------------------------------------------------- the whole


def test_iris_flowers_are_learnt_at_once():
    network = NetworkSpec(hidden=(HiddenLayer(8),))
    train = TrainSpec(learning_rate=0.01, epochs=60)
    trainer = Trainer(Experiment(DataSpec(TableData()), network, train))
    for _ in trainer:
        pass
    assert trainer.dataset.name == "iris.csv"
    assert trainer.dataset.class_names == ("setosa", "versicolor", "virginica")
    assert trainer.history.record(-1).test_accuracy > 0.9


def test_a_table_goes_with_its_experiment():
    experiment = Experiment(data=DataSpec(TableData(people(), gaps="fill")))
    again = from_plain(Experiment, json.loads(json.dumps(to_plain(experiment))))
    assert again == experiment
    assert np.array_equal(load(again.data).x_train, load(experiment.data).x_train)
