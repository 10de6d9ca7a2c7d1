"""Copies of the digits: reproducible, still digits, and never in the way of the training."""

import threading
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine import datasets
from engine.data_sources import Digits
from engine.digits.augmentation import Augmentation, sample
from engine.digits.bitmaps import bitmaps, footed, slashed
from engine.digits.fresh_copies import FreshCopies
from engine.handwriting import reader
from engine.optimizers import Adam
from engine.spec import DataSpec, Experiment, TrainSpec
from engine.trainer import Trainer


def digits(rows=None):
    return datasets.Dataset.from_arrays(
        *(each[:rows] for each in Digits().rows()),
        class_names=Digits.class_names,
        scaling=Digits().scaling(np.zeros((1, 64))),
        test_fraction=0.2,
    )


# ---------------------------------------------------------------- the copies


@given(arrays(np.float64, (2, 8, 8), elements=st.integers(0, 16)))
def test_rebuilt_bitmaps_count_to_the_picture(pictures):
    cells = bitmaps(pictures)
    assert set(np.unique(cells)) <= {0, 1}
    assert np.array_equal(cells.reshape(2, 8, 4, 8, 4).sum(axis=(2, 4)), pictures)


def test_a_copy_is_a_function_of_seed_and_number():
    pixels, labels = Digits().rows()
    one, other = Augmentation(pixels[:200], labels[:200]), Augmentation(pixels[:200], labels[:200])
    assert np.array_equal(one.copy(3), other.copy(3))
    assert not np.array_equal(one.copy(3), one.copy(4))
    assert not np.array_equal(one.copy(3), Augmentation(pixels[:200], labels[:200], 1).copy(3))
    assert np.array_equal(np.concatenate(list(one.parts(3))), one.copy(3))


def test_copies_are_pictures_of_the_same_digits():
    data = datasets.load(reader()[0].data)  # read by the network that learnt from other copies
    raw, labels = 16 * data.x_test, data.y_test.argmax(axis=1)
    copy = Augmentation(raw, labels, seed=5).copy(0)
    assert copy.shape == raw.shape
    assert copy.min() >= 0
    assert copy.max() <= 16
    assert (reader()[1].predict(copy / 16).argmax(axis=1) == labels).mean() > 0.8


@pytest.mark.parametrize("level", [0.0, 16.0])
def test_blank_and_black_pictures_do_no_harm(level):
    assert np.isfinite(Augmentation(np.full((3, 64), level)).copy(0)).all()


@pytest.mark.parametrize("way", [slashed, footed])
def test_other_ways_of_writing_add_ink(way):
    paper = np.zeros((32, 32), np.float32)
    line = way(paper, np.random.default_rng(0))
    assert line.sum() > 15
    np.testing.assert_array_equal(way(1 - paper, np.random.default_rng(0)), 1 - paper)


def test_sampling_on_the_grid_is_exact_and_between_it_is_linear():
    picture = np.arange(12, dtype=np.float32).reshape(1, 3, 4)
    x = np.array([[[0.0, 1.0, 1.5, 2.0]]], np.float32)
    y = np.array([[[0.0, 1.0, 1.0, 0.5]]], np.float32)
    np.testing.assert_allclose(sample(picture, x, y), [[[0, 5, 5.5, 4]]], rtol=1e-6)


# ---------------------------------------------------------------- mixed into the epochs


def test_clean_rows_until_a_copy_is_ready():
    data = digits(100)
    fresh = FreshCopies(data, count=1)
    np.testing.assert_array_equal(fresh.rows(epoch=0, copies=0), data.x_train.astype(np.float32))
    with pytest.raises(ValueError, match="between 0 and 0, not 1"):
        fresh.rows(epoch=0, copies=1)


def test_rows_are_a_function_of_seed_epoch_and_copies():
    data = digits(100)
    one, other = FreshCopies(data, count=3), FreshCopies(data, count=3)
    one.complete()
    other.complete()
    first = one.rows(epoch=7, copies=2, seed=1)
    assert np.array_equal(first, other.rows(epoch=7, copies=2, seed=1))
    for changed in ({"epoch": 8}, {"copies": 3}, {"seed": 2}):
        other_rows = one.rows(**({"epoch": 7, "copies": 2, "seed": 1} | changed))
        assert not np.array_equal(first, other_rows)


def test_some_rows_stay_clean():
    data = digits(400)
    fresh = FreshCopies(data, count=2)
    fresh.complete()
    clean = (fresh.rows(epoch=0, copies=2) == data.x_train).all(axis=1)
    assert 0.1 < clean.mean() < 0.3


def test_copies_are_made_in_the_background():
    fresh = FreshCopies(digits(100), count=2)
    assert fresh.ask() == 0
    thread = next(each for each in threading.enumerate() if each.name == "fresh copies")
    thread.join(timeout=30)
    assert fresh.ask() == 2


def test_the_first_copy_is_made_without_a_rest(monkeypatch):
    fresh = FreshCopies(digits(300), count=2)
    rests = []
    monkeypatch.setattr(
        "engine.digits.fresh_copies.time.sleep", lambda _seconds: rests.append(fresh.ready)
    )
    fresh.ask()
    for each in threading.enumerate():
        if each.name == "fresh copies":
            each.join(timeout=30)
    assert rests
    assert rests[0] == 1


def test_the_thread_ends_when_nobody_asks_and_goes_on_later():
    fresh = FreshCopies(digits(100), count=10_000)
    fresh.ask()
    thread = next(each for each in threading.enumerate() if each.name == "fresh copies")
    fresh.release()
    thread.join(timeout=30)
    assert not thread.is_alive()
    made = fresh.ready
    fresh.ask()
    fresh.release()
    assert made <= fresh.ready < 10_000


# ---------------------------------------------------------------- training on them


def augmented(copies=2):
    data = digits(300)
    fresh = FreshCopies(data, count=copies)
    fresh.complete()
    return replace(data, fresh=fresh)


def experiment(batch_size=32, epochs=4):
    return Experiment(train=TrainSpec(optimizer=Adam(), batch_size=batch_size, epochs=epochs))


def weights_after(trainer, seconds=1.0):
    for _completed in trainer.slices(seconds):
        pass
    return trainer.network.parameters.copy()


@pytest.mark.parametrize("batch_size", [32, None])
@pytest.mark.parametrize("planned", [True, False])
def test_every_epoch_has_rows_of_its_own(batch_size, planned):
    trainer = Trainer(experiment(batch_size), augmented(), planned=planned)
    seen = [trainer.x_train.copy()]
    for _snapshot in trainer:
        seen.append(trainer.x_train.copy())
    assert all((one != other).any() for one, other in pairwise(seen))
    clean = Trainer(experiment(batch_size), replace(augmented(), fresh=None), planned=planned)
    assert not np.array_equal(weights_after(clean), trainer.network.parameters)


def test_plan_and_definition_take_the_same_rows():
    planned = weights_after(Trainer(experiment(None), augmented()))
    defined = weights_after(Trainer(experiment(None), augmented(), planned=False))
    np.testing.assert_allclose(planned, defined, atol=1e-4)


def test_the_same_copies_give_the_same_bits_however_it_is_sliced():
    whole = weights_after(Trainer(experiment(), augmented()))
    assert np.array_equal(whole, weights_after(Trainer(experiment(), augmented()), seconds=0.0))


def test_an_epoch_is_taken_up_with_the_rows_it_had():
    data = augmented(copies=3)
    data.fresh.ready = 1  # as if the others were not made yet
    trainer = Trainer(experiment(), data)
    slices = trainer.slices(0.0)
    for _ in range(3):
        next(slices)
    snapshot, rows = trainer.snapshot(), trainer.x_train.copy()
    data.fresh.ready = 3
    for _ in range(20):
        next(slices)
    trainer.restore(snapshot)
    assert snapshot.copies == 1
    assert np.array_equal(trainer.x_train, rows)


def test_live_changes_keep_the_epochs_rows():
    data = augmented()
    trainer = Trainer(experiment(), data)
    rows = trainer.x_train.copy()
    trainer.apply(experiment(batch_size=16))
    assert np.array_equal(trainer.x_train, rows)


def test_test_rows_stay_clean_and_augmentation_is_a_choice():
    plain, varied = (datasets.load(DataSpec(source=Digits(augment=a))) for a in (False, True))
    assert plain.fresh is None
    assert varied.fresh is not None
    assert np.array_equal(plain.x_test, varied.x_test)
    assert not Digits().augment
