"""Damaged and hostile files: refused in one sentence, at once, and nothing has changed."""

import io
import json
import os
import struct
import tokenize
import tracemalloc
import zipfile
import zlib
from dataclasses import replace

import numpy as np
import pytest

from engine import descriptions
from engine.archives import write_archive
from engine.digits.drawings import Drawing, load_drawings, save_drawings
from engine.files import FileError, FlawError, NotOpenedError, open_file, reading, short
from engine.model_file import load_model
from engine.optimizers import Adam
from engine.scores import Score
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.table_data import Sheet, first_guess, problem_of
from engine.tables import MOST_COLUMNS, TableError, _distinct, decode, read_file, read_table
from engine.toy_data import Spirals
from engine.trainer import Trainer
from engine.training_file import SavedTraining, load_training, save_training, take_up
from tests.soak import files as soak
from tests.soak._damage import archived, members, npy
from tests.soak._samples import open_training

READERS = [load_training, load_drawings, load_model, read_file]
PATH = "a.chainrule"


@pytest.fixture(scope="module")
def trainer():
    """A training of two hidden layers of one size, in the middle of an epoch."""
    network = NetworkSpec(hidden=(HiddenLayer(6), HiddenLayer(6), HiddenLayer(6)))
    made = Trainer(
        Experiment(DataSpec(Spirals()), network, TrainSpec(batch_size=16, optimizer=Adam()))
    )
    for _completed in made.slices(0):
        if (made.epoch, made.batch) == (2, 7):
            return made
    raise AssertionError("it ended")


@pytest.fixture
def path(tmp_path, trainer):
    save_training(tmp_path / PATH, SavedTraining.of(trainer))
    return tmp_path / PATH


def peak_of(refused, path):
    """Return what refusing a file takes, in MB."""
    tracemalloc.start()
    try:
        with pytest.raises(FileError) as caught:
            refused(path)
        assert not list(soak.complaints(str(caught.value)))
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def rewritten(path, change):
    """Change description and arrays of a training, as somebody does who knows its sums."""
    with np.load(path) as file:
        arrays = dict(file)
    description = json.loads(str(arrays.pop("description")))
    change(description, arrays)
    write_archive(path, description, arrays)
    return path


# ---------------------------------------------------------------- what is no file


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path, read):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    strange = [
        tmp_path / name for name in ("pipe.csv", "folder.csv", "gone.csv", "n" * 300, "a\0b")
    ]
    for each in [*strange, "/dev/zero", "/dev/null"]:
        with pytest.raises(NotOpenedError) as caught:
            read(each)
        assert not list(soak.complaints(str(caught.value)))


def test_what_is_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(60_000_000)
    assert peak_of(read_file, path) < 1
    with pytest.raises(FileError, match=r"large\.csv has 60 MB; at most 50 MB can be read"):
        read_file(path)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("allow_pickle=False\n"), zlib.error("x"), tokenize.TokenError("x", (1, 2)),
        MemoryError(), RecursionError(), NotImplementedError(), RuntimeError("encrypted"),
        struct.error(), SyntaxError(), SystemError(), OverflowError(), KeyError("version"),
        UnicodeDecodeError("utf-8", b"x", 0, 1, "x"), AttributeError("x"), TypeError(None),
        zipfile.BadZipFile(), OSError(5, "Input/output error"), EOFError(None),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_whatever_goes_wrong_is_one_sentence(error):
    with pytest.raises(FileError) as caught, reading("a" * 500 + "\n.npz", "a model file"):
        raise error
    assert not list(soak.complaints(str(caught.value)))


def test_a_message_is_short_and_keeps_its_end():
    assert len(short("x" * 10_000 + " what to do.")) <= 300
    assert short("x" * 10_000 + " what to do.").endswith(" what to do.")
    with pytest.raises(FileError) as caught, reading("a.csv", "a table", "Take another"):
        raise FlawError("is damaged: " + "y" * 10_000)
    assert str(caught.value).endswith("Take another")


# ---------------------------------------------------------------- trainings


def test_a_flipped_bit_anywhere_is_found_or_changes_nothing(path):
    good, expected = path.read_bytes(), open_training(path)
    taken = 0
    for place in range(0, len(good), 97):
        path.write_bytes(good[:place] + bytes([good[place] ^ 4]) + good[place + 1 :])
        try:
            found = open_training(path)
        except FileError:
            continue
        taken += 1
        assert found == expected, f"byte {place}"
    assert taken < 40, "of a few, such as dates, nothing depends"


def swap_weights(parts):
    parts["weights1.npy"], parts["weights2.npy"] = parts["weights2.npy"], parts["weights1.npy"]


def set_rate(parts):
    text = str(np.load(io.BytesIO(parts["description.npy"])))
    parts["description.npy"] = npy(np.array(text.replace("0.001", "0.002")))


@pytest.mark.parametrize(
    "change",
    [
        swap_weights,
        lambda parts: parts.pop("bias0.npy"),
        lambda parts: parts.update({"weights9.npy": parts["weights1.npy"]}),
        lambda parts: parts.update({"weights1.npy": npy(np.zeros((6, 6), np.float32))}),
        set_rate,
    ],
    ids=["swapped", "left out", "one more", "others", "another setting"],
)  # fmt: skip
def test_a_change_with_sums_that_are_right_is_found(path, change):
    parts = members(path.read_bytes())
    before = dict(parts)
    change(parts)
    assert parts != before
    path.write_bytes(archived(list(parts.items())))
    with pytest.raises(FileError, match=r"a\.chainrule is damaged"):
        load_training(path)


def test_files_of_before_there_were_sums_are_opened(path, trainer):
    with np.load(path) as file:
        arrays = dict(file)
    description = json.loads(str(arrays.pop("description")))
    del description["arrays"], description["checksum"]
    with path.open("wb") as file:
        np.savez(file, description=np.array(json.dumps(description)), **arrays)
    saved = load_training(path)
    again = Trainer(saved.experiment)
    take_up(again, saved)
    assert np.array_equal(again.network.parameters, trainer.network.parameters)
    assert (again.epoch, again.batch) == (2, 7)


@pytest.mark.parametrize(
    "hidden",
    [[{"units": 10_000}] * 50, [{"units": 4096}] * 16, [{}] * 100_000, [{"units": 10**400}]],
    ids=["wide and deep", "as large as can be", "very deep", "beyond numbers"],
)
def test_a_network_that_is_not_in_the_file_is_never_built(path, hidden):
    def change(description, _arrays):
        description["experiment"]["network"]["hidden"] = hidden

    assert peak_of(load_training, rewritten(path, change)) < 20


@pytest.mark.parametrize(
    "shape", [b"(7000000000000,)", b"(1099511627776, 1099511627776)", b"(-1,)", b"(" * 900]
)
def test_a_header_that_lies_allocates_nothing(path, shape):
    parts = members(path.read_bytes())
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + b", }\n"
    length = len(header).to_bytes(2, "little")
    parts["history.npy"] = b"\x93NUMPY\x01\0" + length + header + bytes(64)
    path.write_bytes(archived(list(parts.items())))
    assert peak_of(load_training, path) < 5


def test_what_is_compressed_is_no_training_and_is_not_unpacked(path):
    parts = members(path.read_bytes())
    parts["weights0.npy"] += bytes(50_000_000)
    path.write_bytes(archived(list(parts.items()), compressed=True))
    assert path.stat().st_size < 1_000_000
    assert peak_of(load_training, path) < 5


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        "[" + "0," * 2_000_000 + "0]",
        "9" * 10_000,
        '{"format": 1e400}',
    ],
    ids=["deep list", "deep object", "two million values", "a long number", "infinite"],
)  # fmt: skip
def test_json_without_bounds_is_refused(path, text):
    path.write_bytes(archived([("description.npy", npy(np.array(text)))]))
    assert peak_of(load_training, path) < 60


@pytest.mark.parametrize(
    "value", [None, "7", -1, 1.5, True, [], 2**63, 10**300, float("nan")], ids=repr
)
@pytest.mark.parametrize("key", ["version", "epoch", "batch", "copies"])
def test_numbers_are_whole_and_within_their_range(path, key, value):
    rewritten(path, lambda description, _arrays: description.update({key: value}))
    with pytest.raises(FileError, match=rf"{key} must be a whole number"):
        load_training(path)


def test_a_long_value_makes_no_long_message(path):
    def change(description, _arrays):
        description["experiment"]["train"]["learning_rate"] = "x" * 100_000

    assert peak_of(load_training, rewritten(path, change)) < 20


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("weights1", np.nan, "weights1 must hold finite numbers"),
        ("bias0", np.inf, "bias0 must hold finite numbers"),
        ("memory.squares", np.nan, "memory cannot be so"),
        ("history", 7.0, "epochs are not in order"),
    ],
)
def test_numbers_that_no_training_has(path, name, value, message):
    def change(_description, arrays):
        arrays[name].flat[0] = value

    with pytest.raises(FileError, match=message):
        load_training(rewritten(path, change))


def test_losses_and_memories_beyond_all_bounds_are_what_they_are(path, trainer):
    snapshot = SavedTraining.of(trainer).snapshot
    memory = {name: each.copy() for name, each in snapshot.optimizer_state.items()}
    memory["squares"][0] = np.inf  # a float32 that has overflown: its weight stands still
    progress = replace(snapshot.progress, score=Score(float("inf"), 3))
    snapshot = replace(snapshot, optimizer_state=memory, progress=progress)
    save_training(path, SavedTraining(trainer.experiment, snapshot, trainer.history.records()))
    saved = load_training(path)
    assert saved.snapshot.progress.score == Score(float("inf"), 3)
    take_up(Trainer(saved.experiment), saved)


def test_an_epoch_that_another_machine_scores_otherwise_begins_again(path, monkeypatch):
    monkeypatch.setattr("engine.plan.steps.WINDOW_SLOTS", 4)
    saved = load_training(path)
    again = Trainer(saved.experiment)
    take_up(again, saved)
    assert (again.epoch, again.batch) == (2, 0)
    next(again.slices(0))


def test_a_network_without_weights_in_the_file_is_not_taken_up(path):
    saved = load_training(path)
    other = Trainer(replace(saved.experiment, network=NetworkSpec()))
    before = other.network.parameters.copy()
    with pytest.raises(FileError, match="do not go together"):
        take_up(other, saved)
    assert np.array_equal(other.network.parameters, before)


def test_a_seal_is_the_last_word():
    text = descriptions.written({"a": [1.5, float("inf")], "checksum": "of before"})
    assert descriptions.intact(text)
    assert not descriptions.intact(text.replace("1.5", "1.6"))
    assert descriptions.read(text)["a"] == [1.5, float("inf")]


# ---------------------------------------------------------------- my digits


def test_drawings_that_would_fill_the_memory(tmp_path):
    path = tmp_path / "mine.npz"
    rng = np.random.default_rng(0)
    save_drawings(path, [Drawing((rng.random((5, 2)),), 3)])
    parts = members(path.read_bytes())
    with io.BytesIO() as file:
        np.save(file, np.zeros((30_000_000, 2), np.float32))
        parts["points.npy"] = file.getvalue()
    path.write_bytes(archived(list(parts.items()), compressed=True))
    assert path.stat().st_size < 2_000_000
    assert peak_of(load_drawings, path) < 5
    with pytest.raises(FileError, match="more than 100,000 strokes or 2,000,000 points"):
        load_drawings(path)


def test_a_file_that_begins_as_another_is_refused(tmp_path):
    path = tmp_path / "mine.npz"
    save_drawings(path, [Drawing((np.zeros((5, 2)),), 3)])
    path.write_bytes(path.read_bytes()[:200] + path.read_bytes())
    with pytest.raises(FileError, match="something stands before"):
        load_drawings(path)


# ---------------------------------------------------------------- tables


def test_names_are_made_distinct_in_one_pass():
    names = _distinct(["a"] * 100_000 + [f"a ({i})" for i in range(100_000)])
    assert len(set(names)) == 200_000
    assert names[:3] == ["a", "a (2)", "a (3)"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (",".join(f"a{i}" for i in range(20_000)) + "\n", f"at most {MOST_COLUMNS:,} can be taken"),
        (",".join("a" * 200_000) + "\n", f"at most {MOST_COLUMNS:,} can be taken"),
        ("x" * 7_000_000, "Line 1 has 7,000,000 letters"),
        ("a,b\n1,2\n" + "1," * 3_000_000, "Line 3 has 6,000,000 letters"),
        ('a,b\n"1,2\n' + "3,4\n" * 100_000, "quotation mark is opened and never closed"),
        ("\n" * 20_000_000, "more than 1,200,000 lines"),
        ("x" * 5_000 + ",b\n1,2\n", "first line is no names of columns"),
    ],
    ids=["columns", "equal columns", "a line", "a later line", "a quote", "lines", "a name"],
)
def test_tables_that_are_none(text, message):
    with pytest.raises(TableError, match=message) as caught:
        read_table(text)
    assert len(str(caught.value)) <= 300


@pytest.mark.parametrize(
    "data",
    [b"a,b\n" * 2_000 + b"\0", b"\xff\xfe" + bytes(range(255)), b"\xfe\xffa", b"\xff\xfe\0\xd8"],
)
def test_what_is_no_text(data):
    with pytest.raises(TableError, match="This is no text"):
        decode(data)


def test_lines_of_old_macs_are_lines():
    assert len(read_table("a,b\r1,2\r3,4\r")) == 2


def test_long_texts_are_said_before_the_table_is_offered():
    rows = "\n".join(f"{i},{'w' * 5_000}{i % 2}" for i in range(20))
    sheet = first_guess("a.csv", f"n,sort\n{rows}\n")
    problem = problem_of(replace(sheet, target="sort", kind="class", left_out=()))
    assert "holds long texts" in problem
    assert len(problem) <= 300


def test_a_name_of_a_sample_that_is_none():
    assert "no table called" in problem_of(Sheet(file="n" * 5_000))
    assert "no table called" in problem_of(Sheet(file="../iris.csv"))


# ---------------------------------------------------------------- many


@pytest.mark.parametrize("kind", ["training", "drawings", "table"])
def test_many_damaged_files(kind, tmp_path):
    tally = soak.run(soak.KINDS[kind], 100, seed=12, keep=tmp_path)
    assert not tally.faults, tally.faults
    assert tally.counts["refused"] > 50


def believe(path):
    """Read anything at all, but for what breaks the reader."""
    if path.read_bytes()[:1] != b"h":
        raise IndexError("list index out of range")
    if b"wor" not in path.read_bytes():
        raise FileError("None.")
    return path.read_bytes()


def test_what_the_machinery_looks_for_it_finds(tmp_path):
    kind = soak.Kind(".x", lambda _folder: [b"hello world"], believe, (), sealed=True)
    tally = soak.run(kind, 300, seed=1, keep=tmp_path)
    told = {what.partition(":")[0].partition(" of")[0] for _number, what in tally.faults}
    assert told == {"escaped", "silent difference", "message with 'None.'", "message"}
    number = tally.faults[0][0]
    kept = (tmp_path / f"1-{number}.x").read_bytes()
    assert kept == soak.damaged(kind, [b"hello world"], number, 1)[1]


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
def test_what_is_refused_is_closed_again(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    before = os.listdir("/proc/self/fd")
    for path, what in ((tmp_path / "pipe", "a pipe or a device"), (tmp_path, "a folder")):
        with pytest.raises(NotOpenedError, match=what), open_file(path, 9):
            pass
    assert os.listdir("/proc/self/fd") == before
