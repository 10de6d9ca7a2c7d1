"""What is no digit is called that, and why; what is one, is not."""

from pathlib import Path

import numpy as np
import pytest

from engine.digits.hands import by_hand, otherwise
from engine.digits.novelty import (
    FEATURES,
    KINDS,
    NOVELTY,
    Novelty,
    features,
    measure,
    resembles,
    save_novelty,
)
from engine.digits.others import other, parsed, templates
from engine.handwriting import sample_drawings, stages
from engine.train_novelty import digits

SAMPLES = {each["name"]: each for each in sample_drawings()}
OTHERS = [name for name, each in SAMPLES.items() if each["label"] is None]
DIGITS = [each for each in sample_drawings() if each["label"] is not None]
UNSEEN = Path(__file__).parents[1] / "benchmarks" / "unseen-drawings.txt"


def drawing(name):
    return stages(SAMPLES[name]["strokes"])


def test_blank_paper_is_unlike_everything():
    assert measure().look(stages([])) == (np.inf, "")


@pytest.mark.parametrize("name", OTHERS)
def test_letters_things_and_scribbles_are_unlike_digits(name):
    assert measure()(drawing(name)) > 1


def test_what_was_never_learnt_from_is_unlike_digits():
    lines = [line for line in UNSEEN.read_text("utf-8").splitlines() if line and line[0] != "#"]
    unseen = [parsed(line) for line in lines]
    assert not {name for name, _strokes in unseen} & set(_names())
    assert np.mean([measure()(stages(strokes)) > 1 for _name, strokes in unseen]) > 0.85


def _names():
    text = (NOVELTY.parent / "other-drawings.txt").read_text("utf-8")
    return [line.partition(":")[0] for line in text.splitlines()]


def test_sample_digits_are_like_digits():
    assert [each["name"] for each in DIGITS if measure()(stages(each["strokes"])) > 1] == []


def test_digits_of_the_set_are_seldom_doubted():
    strokes, _labels = digits()
    assert np.mean([measure()(stages(each)) > 1 for each in strokes[::10]]) < 0.02


@pytest.mark.parametrize(
    ("name", "kind"),
    [("A", "letter"), ("W", "letter"), ("horse", "picture"), ("scrawl", "scribble")],
)
def test_it_says_what_a_drawing_is_more_like(name, kind):
    assert measure().look(drawing(name))[1] == kind


@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_where_and_how_large_makes_no_difference(scale):
    moved = [np.asarray(each) * scale + [17, -4] for each in SAMPLES["heart"]["strokes"]]
    np.testing.assert_allclose(features(stages(moved)), features(drawing("heart")), atol=1e-3)


@pytest.mark.parametrize(
    "strokes", [[[(0, 0)]], [[(0, 0), (9, 0)]], [[(0, 0), (0, 9)]], [[(i, i)] for i in range(500)]]
)
def test_dots_and_lines_have_finite_features(strokes):
    x = features(stages(strokes))
    assert x.shape == (FEATURES,)
    assert np.isfinite(x).all()


def test_what_one_trains_on_oneself_is_known():
    heart = drawing("heart").picture
    own = np.stack([heart.ravel(), drawing("A").picture.ravel()])
    assert resembles(heart + 1, own)
    assert not resembles(drawing("W").picture, own)
    assert not resembles(heart, np.zeros((0, 64)))


def test_what_is_saved_is_read_back(tmp_path):
    small = Novelty([np.eye(3), np.ones((3, 2))], [np.zeros(3), np.ones(2)], threshold=0.25)
    save_novelty(tmp_path / "small.npz", small)
    with np.load(tmp_path / "small.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(file["weights_1"], np.ones((3, 2)))
        assert float(file["threshold"]) == 0.25
    assert NOVELTY.stat().st_size < 300_000


# ---------------------------------------------------------------- what it learns from


def test_the_same_seed_draws_the_same():
    strokes = digits()[0][:5]
    kinds = set()
    for seed in range(40):
        kind, once = other(np.random.default_rng(seed), strokes)
        again = other(np.random.default_rng(seed), strokes)[1]
        assert all(np.array_equal(a, b) for a, b in zip(once, again, strict=True))
        assert all(np.isfinite(stroke).all() for stroke in once)
        kinds.add(kind)
    assert kinds == set(KINDS)


def test_every_template_is_drawn_by_other_hands():
    rng = np.random.default_rng(0)
    for drawings in templates().values():
        for strokes in drawings:
            assert not stages(by_hand(strokes, rng)).blank


@pytest.mark.parametrize("digit", range(10))
def test_digits_written_otherwise_are_still_digits(digit):
    rng = np.random.default_rng(digit)
    strokes, labels = digits()
    rows = np.flatnonzero(labels == digit)[:30]
    hands = [by_hand(otherwise(strokes[row], digit, rng), rng) for row in rows]
    assert np.mean([measure()(stages(hand)) > 1 for hand in hands]) < 0.15
