"""Digits of one's own as a data set, and drawings in files."""

import json
from dataclasses import replace

import numpy as np
import pytest

from engine import datasets
from engine.data_sources import Digits
from engine.digits.drawings import Drawing, load_drawings, merge, save_drawings
from engine.digits.strokes import picture
from engine.knobs import SettingError, from_plain, to_plain
from engine.my_digits import MyDigits, read_digits, write_digit
from engine.spec import DataSpec, Experiment, TrainSpec
from engine.trainer import Trainer

BAR = (np.array([[0.5, 0.1], [0.52, 0.9]]),)
TWO_STROKES = (np.array([[0.1, 0.1], [0.9, 0.1], [0.4, 0.9]]), np.array([[0.2, 0.5]]))


@pytest.fixture
def written():
    return tuple(write_digit(label, picture(BAR)) for label in (1, 1, 7, 1, 1, 1))


# ---------------------------------------------------------------- the data set


def test_what_is_written_is_read_back():
    pixels = np.arange(64).reshape(8, 8) % 17
    pictures, labels = read_digits([write_digit(3, pixels), write_digit(9, np.zeros((8, 8)))])
    np.testing.assert_array_equal(pictures, [pixels.ravel(), np.zeros(64)])
    np.testing.assert_array_equal(labels, [3, 9])
    assert read_digits([])[0].shape == (0, 64)


def test_with_the_set_they_are_all_trained_on_and_the_test_rows_stay(written):
    own = datasets.load(DataSpec(source=MyDigits(digits=written)))
    alone = datasets.load(DataSpec())
    np.testing.assert_array_equal(own.x_test, alone.x_test)
    np.testing.assert_array_equal(own.x_train[:-6], alone.x_train)
    np.testing.assert_allclose(
        own.x_train[-6:], np.tile(np.rint(picture(BAR)).ravel() / 16, (6, 1))
    )
    np.testing.assert_array_equal(own.y_train[-6:].argmax(axis=1), [1, 1, 7, 1, 1, 1])


def test_alone_they_are_split_like_other_rows(written):
    data = datasets.load(DataSpec(source=MyDigits(digits=written, together=False)))
    assert (len(data.x_train), len(data.x_test), data.outputs) == (4, 2, 10)


def test_without_any_the_set_remains_and_alone_is_refused():
    data = datasets.load(DataSpec(source=MyDigits()))
    assert len(data.x_train) == len(datasets.load(DataSpec()).x_train)
    with pytest.raises(SettingError, match="no digits of yours"):
        datasets.load(DataSpec(source=MyDigits(together=False)))
    with pytest.raises(SettingError, match="number 2 is not"):
        MyDigits(digits=("1" + "0" * 64, "1" + "x" * 64))


def test_they_are_augmented_and_learnt(written):
    data = DataSpec(source=MyDigits(digits=written, augment=True))
    trainer = Trainer(Experiment(data=data, train=TrainSpec(epochs=2)))
    trainer.dataset.fresh.complete()
    for _epoch in trainer:
        pass
    assert trainer.outcome.kind == "finished"


def test_the_experiment_holds_them_as_plain_text(written):
    experiment = Experiment(data=DataSpec(source=MyDigits(digits=written, together=False)))
    plain = json.loads(json.dumps(to_plain(experiment)))
    assert from_plain(Experiment, plain) == experiment
    other = replace(experiment.data, source=Digits())
    assert hash(other) != hash(experiment.data)


# ---------------------------------------------------------------- files


def test_drawings_come_back_from_a_file(tmp_path):
    path = tmp_path / "digits.npz"
    save_drawings(path, [Drawing(BAR, 1), Drawing(TWO_STROKES), Drawing(BAR, 7)])
    back = load_drawings(path)
    assert [each.label for each in back] == [1, None, 7]
    for new, old in zip(back[1].strokes, TWO_STROKES, strict=True):
        np.testing.assert_allclose(new, old, atol=1e-6)
    with np.load(path) as file:
        assert file["pictures"].dtype == np.uint8
        np.testing.assert_array_equal(file["pictures"][0], np.rint(picture(BAR)))
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_without_drawings_is_one(tmp_path):
    save_drawings(tmp_path / "none.npz", [])
    assert load_drawings(tmp_path / "none.npz") == ()


def test_a_drawing_comes_once_and_keeps_its_label(tmp_path):
    save_drawings(tmp_path / "all.npz", [Drawing(BAR, 7), Drawing(TWO_STROKES, 7)])
    theirs = load_drawings(tmp_path / "all.npz")
    bar, plain = Drawing(BAR, 1), Drawing(TWO_STROKES)
    found = merge([bar, plain], theirs)
    assert (found.new, found.replaced) == (theirs[1:], (plain,)), "a label is news"
    assert (found.known, found.disputed) == (1, 1)
    again = merge(theirs, [*theirs, bar, plain])
    assert (again.new, again.known, again.disputed) == ((), 4, 1)
    twice = merge([], [plain, *theirs, *theirs])
    assert (twice.new, twice.replaced, twice.known) == ((theirs[0], theirs[1]), (), 2)


def broken(tmp_path, **arrays):
    path = tmp_path / "mine.npz"
    save_drawings(path, [Drawing(BAR, 1), Drawing(TWO_STROKES)])
    with np.load(path) as file:
        good = {name: file[name] for name in file.files}
    merged = {name: each for name, each in (good | arrays).items() if each is not None}
    np.savez(path, **merged)
    return path


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"labels": None}, "lacks the array 'labels'"),
        ({"labels": np.array([1, 12])}, "labels other than the digits"),
        ({"labels": np.array([1])}, "1 labels for 2 drawings"),
        ({"labels": np.array(["1", "2"])}, "where numbers are due"),
        ({"labels": np.array([1, None])}, "not a file of drawings"),
        ({"points": np.zeros((3, 3))}, r"shape \(3, 3\)"),
        ({"points": np.full((6, 2), np.nan)}, "points that are nowhere"),
        ({"stroke_lengths": np.array([2, 3, 9])}, "which points belong together"),
        ({"stroke_lengths": np.array([2, 3, 0])}, "which points belong together"),
        ({"drawing_lengths": np.array([1, 1])}, "which strokes belong together"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, arrays, reason):
    with pytest.raises(ValueError, match=rf"^mine\.npz .*{reason}.*\. Choose a file"):
        load_drawings(broken(tmp_path, **arrays))


@pytest.mark.parametrize("content", [b"", b"PK", b"\x89PNG\r\n", b"\x80\x04N."])
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "other.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"other\.npz is not a file of drawings"):
        load_drawings(path)
    np.save(tmp_path / "array.npy", np.zeros(3))
    with pytest.raises(ValueError, match="not a file of drawings"):
        load_drawings(tmp_path / "array.npy")
