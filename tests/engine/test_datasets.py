"""What is learnt from: the right rows, in the right parts, safe from being written to."""

import subprocess
import sys
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits, make_moons
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler

from engine.data_sources import RESOURCES, SOURCES, Digits, Scaling, SinglePoint, Source
from engine.datasets import Dataset, load, split
from engine.knobs import SettingError
from engine.spec import DataSpec
from engine.toy_data import Bumps, Circle, Clusters, Moons, Plane, Scatter, Sine, Spirals, Xor


def everything(source):
    """Return all rows of a source: inputs and targets."""
    data = load(DataSpec(source=source, test_fraction=0.0))
    return data.x_train, data.y_train


# ---------------------------------------------------------------- digits


def test_the_digits_are_those_of_scikit_learn():
    pixels, labels = Digits().rows()
    assert np.array_equal(pixels, load_digits().data)
    assert np.array_equal(labels, load_digits().target)


def test_loading_the_digits_leaves_scikit_learn_alone():
    program = (
        "import sys; from engine.spec import DataSpec; from engine.datasets import load;"
        "load(DataSpec()); sys.exit('sklearn' in sys.modules or 'scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=RESOURCES.parent, check=False)
    assert done.returncode == 0


def test_the_split_and_the_scaling_of_the_article():
    x = MinMaxScaler().fit_transform(load_digits().data)
    y = np.eye(10)[load_digits().target]
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=42)
    data = load(DataSpec(source=Digits(scale="minmax")))
    assert np.array_equal(data.x_train, x_train)
    assert np.array_equal(data.x_test, x_test)
    assert np.array_equal(data.y_train, y_train)
    assert np.array_equal(data.y_test, y_test)


def test_pixels_are_sixteenths_and_can_be_had_back():
    data = load(DataSpec())
    assert data.x_train.min() == 0
    assert data.x_train.max() == 1
    assert data.image_shape == (8, 8)
    raw = data.scaling.invert(data.x_train)
    assert np.array_equal(raw, raw.round())
    assert np.array_equal(data.scaling.apply(raw), data.x_train)


def test_a_feature_that_never_changes_is_only_shifted():
    raw = np.array([[3.0, 1.0], [3.0, 5.0]])
    scaled = Scaling.to_unit_interval(raw).apply(raw)
    assert np.array_equal(scaled, MinMaxScaler().fit_transform(raw))


# ---------------------------------------------------------------- splitting


@given(st.integers(3, 400), st.floats(0.01, 0.9), st.integers(0, 2**32 - 1))
def test_the_split_is_that_of_scikit_learn(n, fraction, seed):
    if np.ceil(fraction * n) >= n:
        return
    train, validation, test = split(n, fraction, 0.0, seed)
    their_train, their_test = train_test_split(np.arange(n), test_size=fraction, random_state=seed)
    assert np.array_equal(train, their_train)
    assert np.array_equal(test, their_test)
    assert len(validation) == 0


@given(st.integers(10, 200), st.floats(0, 0.4), st.floats(0, 0.4), st.integers(0, 99))
def test_every_row_is_dealt_out_once(n, test_fraction, validation_fraction, seed):
    parts = split(n, test_fraction, validation_fraction, seed)
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(n))


def test_the_test_rows_do_not_depend_on_the_validation_rows():
    assert np.array_equal(split(50, 0.2, 0.0, 7)[2], split(50, 0.2, 0.3, 7)[2])


@given(st.lists(st.integers(0, 3), min_size=10, max_size=100), st.integers(0, 9))
def test_a_stratified_split_keeps_the_shares(labels, seed):
    labels = np.array(labels)
    parts = split(len(labels), 0.3, 0.2, seed, labels)
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(len(labels)))
    for part in parts:
        for label in range(4):
            fair = (labels == label).mean() * len(part)
            assert abs((labels[part] == label).sum() - fair) < 3


@pytest.mark.parametrize("seed", [0, 7, 42])
def test_a_stratified_split_tests_on_scikit_learns_rows(seed):
    labels = np.random.default_rng(seed).integers(0, 5, 203)
    theirs = train_test_split(np.arange(203), test_size=0.3, random_state=seed, stratify=labels)
    train, _none, test = split(203, 0.3, 0.0, seed, labels)
    assert np.array_equal(train, theirs[0])
    assert np.array_equal(test, theirs[1])


def test_stratifying_is_an_experiments_choice():
    data = load(DataSpec(stratify=True))
    tested, whole = data.y_test.sum(axis=0), data.y_test.sum(axis=0) + data.y_train.sum(axis=0)
    np.testing.assert_allclose(tested, 0.2 * whole, atol=1)
    load(DataSpec(source=Sine(), stratify=True))


def test_nothing_is_shuffled_where_nothing_is_held_back():
    assert np.array_equal(split(5, 0.0, 0.0, 42)[0], np.arange(5))


@pytest.mark.parametrize(
    ("fractions", "setting"),
    [((0.9, 0.5), "test_fraction"), ((0.3, 0.8), "validation_fraction")],
)
def test_a_split_that_leaves_nothing_is_refused(fractions, setting):
    with pytest.raises(SettingError, match="leave none to train on") as refusal:
        split(10, *fractions, 42)
    assert refusal.value.setting == setting


# ---------------------------------------------------------------- every source


@pytest.mark.parametrize("kind", SOURCES.values(), ids=SOURCES)
def test_every_source_keeps_the_promises_of_a_data_set(kind):
    data = load(DataSpec(source=kind()))
    assert data.name == kind().title
    assert data.features == len(data.feature_names)
    for part in ("train", "validation", "test"):
        x, y = getattr(data, f"x_{part}"), getattr(data, f"y_{part}")
        assert x.shape == (len(y), data.features)
        assert y.shape == (len(x), data.outputs)
        for rows in (x, y):
            assert rows.dtype == np.float64
            assert rows.flags.c_contiguous
            assert not rows.flags.writeable
    if data.task == "classification":
        assert data.outputs == len(data.class_names)
        assert (data.y_train.sum(axis=1) == 1).all()
    elif data.task == "binary":
        assert data.outputs == 1
        assert len(data.class_names) == 2
        assert ((data.y_train >= 0) & (data.y_train <= 1)).all()
    else:
        assert data.class_names == ()


@pytest.mark.parametrize("kind", SOURCES.values(), ids=SOURCES)
def test_loading_twice_gives_the_same_object(kind):
    assert load(DataSpec(source=kind())) is load(DataSpec(source=kind()))


@pytest.mark.parametrize("kind", SOURCES.values(), ids=SOURCES)
def test_every_source_reads_well(kind):
    assert kind.label[0].isupper()
    assert kind.about.endswith(".")


def test_a_new_data_set_is_one_class():
    @SOURCES.register
    @dataclass(frozen=True)
    class Two(Source):
        name: ClassVar[str] = "two_points"
        label: ClassVar[str] = "Two points"
        about: ClassVar[str] = "As few as there can be."
        task: ClassVar[str] = "classification"

        def rows(self):
            return np.array([[0.0], [1.0]]), np.array([0, 1])

    try:
        data = load(DataSpec(source=Two(), test_fraction=0.0))
    finally:
        del SOURCES["two_points"]
    assert data.feature_names == ("x1",)
    assert data.class_names == ("0", "1")


# ---------------------------------------------------------------- single sources


@pytest.mark.parametrize(
    ("name", "answers"), [("first_input", [0, 0, 1, 1]), ("xor_table", [0, 1, 1, 0])]
)
def test_truth_tables_keep_all_their_rows(name, answers):
    data = load(DataSpec(source=SOURCES[name](), test_fraction=0.5, validation_fraction=0.3))
    assert data.x_train.tolist() == [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
    assert data.y_train.ravel().tolist() == answers
    assert len(data.x_test) == len(data.x_validation) == 0


def test_the_single_point_is_the_users():
    x, y = everything(SinglePoint(x1=2, x2=-3, y=0))
    assert x.tolist() == [[2, -3]]
    assert y.tolist() == [[0]]


RANDOM = [kind for kind in SOURCES.values() if issubclass(kind, Scatter)]


@pytest.mark.parametrize("kind", RANDOM)
def test_the_seed_decides_the_points(kind):
    (x, y), (x_again, y_again) = kind(seed=3).rows(), kind(seed=3).rows()
    assert np.array_equal(x, x_again)
    assert np.array_equal(y, y_again)
    assert not np.array_equal(x, kind(seed=4).rows()[0]) or kind is Spirals


@pytest.mark.parametrize("kind", RANDOM)
@pytest.mark.parametrize("samples", [2, 3, 101])
def test_as_many_points_as_asked(kind, samples):
    x, y = kind(samples=samples, noise=0.2).rows()
    assert x.shape == (samples, len(kind.feature_names))
    assert y.shape == (samples,)


def test_circle_a_disc_within_a_ring():
    x, y = everything(Circle())
    radius = np.linalg.norm(x, axis=1)
    assert radius[y[:, 0] == 1].max() < 2.5
    assert radius[y[:, 0] == 0].min() >= 3.5
    assert radius.max() <= 5
    assert y.mean() == 0.5


def test_xor_keeps_off_the_axes():
    x, y = everything(Xor())
    assert np.abs(x).min() >= 0.3
    assert np.abs(x).max() <= 5.3
    assert np.array_equal(x.prod(axis=1) > 0, y[:, 0] == 1)


def test_clusters_grow_with_noise():
    for noise, variance in [(0.0, 0.5), (0.5, 4.0)]:
        x, y = everything(Clusters(samples=20_000, noise=noise))
        ones = x[y[:, 0] == 1]
        np.testing.assert_allclose(ones.mean(axis=0), 2, atol=0.1)
        np.testing.assert_allclose(ones.var(axis=0), variance, rtol=0.05)


def test_spirals_are_each_others_mirror():
    x, y = Spirals(samples=100).rows()
    np.testing.assert_allclose(x[y == 1], -x[y == 0], atol=1e-14)
    np.testing.assert_allclose(np.linalg.norm(x[y == 1], axis=1), 5 * np.arange(50) / 50)


def test_moons_are_those_of_scikit_learn():
    x, y = Moons(samples=60, noise=0.0).rows()
    theirs, labels = make_moons(60, shuffle=False, noise=None)
    np.testing.assert_allclose(x, theirs, atol=1e-15)
    assert np.array_equal(y, labels)


def test_plane_and_bumps():
    x, y = Plane().rows()
    np.testing.assert_allclose(y, (x[:, 0] + x[:, 1]) / 10)
    peaks = np.array([(-4, 2.5), (0, 2.5), (4, 2.5), (-4, -2.5), (0, -2.5), (4, -2.5), (2, 0)])
    assert Bumps().height(peaks).tolist() == [1, -1, 1, -1, 1, -1, 0]
    np.testing.assert_allclose(Bumps().height(np.array([[-4, 1.5]])), 0.5)


def test_sine_without_noise_is_a_sine():
    x, y = Sine(noise=0.0, waves=2).rows()
    np.testing.assert_allclose(y, np.sin(2 * x[:, 0]))


@pytest.mark.parametrize("kind", [Circle, Xor])
def test_noise_mixes_the_labels_up(kind):
    x, clean = kind(noise=0.0).rows()
    same_x, noisy = kind(noise=0.5).rows()
    assert np.array_equal(x, same_x)
    assert 0.02 < (clean != noisy).mean() < 0.5


# ---------------------------------------------------------------- own data


def test_labels_become_one_hot_rows_in_the_order_of_their_names():
    data = Dataset.from_arrays([[1], [2], [3]], ["b", "a", "b"])
    assert data.class_names == ("a", "b")
    assert data.y_train.tolist() == [[0, 1], [1, 0], [0, 1]]


def test_one_hot_rows_stay_as_they_are():
    data = Dataset.from_arrays([[1], [2]], [[0, 1, 0], [0, 0, 1]], class_names=("a", "b", "c"))
    assert data.y_train.tolist() == [[0, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize("labels", [[0, 1], ["no", "yes"], [-1, 1], [False, True], [5.5, 7.0]])
def test_two_labels_become_zero_and_one(labels):
    data = Dataset.from_arrays([[1], [2]], labels, task="binary")
    assert data.y_train.tolist() == [[0], [1]]


def test_regression_may_have_several_outputs():
    data = Dataset.from_arrays([[1], [2]], [[1.5, 2], [3, 4]], task="regression")
    assert data.outputs == 2
    assert data.class_names == ()


def test_own_rows_are_copied_scaled_and_split():
    x = np.arange(20.0).reshape(10, 2)
    scaling = Scaling.to_unit_interval(x)
    data = Dataset.from_arrays(
        x, np.arange(10.0), task="regression", scaling=scaling, test_fraction=0.3
    )
    assert len(data.x_train) == 7
    assert len(data.x_test) == 3
    x[:] = 0
    np.testing.assert_allclose(scaling.invert(data.x_test)[:, 0], 2 * data.y_test[:, 0])
