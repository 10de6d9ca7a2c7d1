"""What is no digit is called that; what is one, is not."""

import numpy as np
import pytest

from engine import datasets
from engine.digits.novelty import Novelty, novelty_for
from engine.handwriting import picture, reader, sample_drawings


@pytest.fixture(scope="module")
def novelty():
    return novelty_for(datasets.load(reader()[0].data))


def drawing(name):
    return next(each for each in sample_drawings() if each["name"] == name)["strokes"]


def test_blank_paper_is_unlike_everything(novelty):
    assert novelty(picture([])) == np.inf


@pytest.mark.parametrize(
    "name", ["A", "E", "H", "K", "M", "N", "R", "V", "W", "m", "e", "horse", "fish", "house"]
)
def test_letters_and_animals_are_unlike_digits(novelty, name):
    assert novelty(picture(drawing(name))) > 1


@pytest.mark.parametrize("name", ["scribble", "scrawl", "zigzag", "spiral", "grid"])
def test_scribbles_are_unlike_digits(novelty, name):
    assert novelty(picture(drawing(name))) > 1


def test_sample_digits_are_like_digits(novelty):
    digits = [each for each in sample_drawings() if each["label"] is not None]
    assert [e["name"] for e in digits if novelty(picture(e["strokes"])) > 1] == []


def test_hardly_a_test_row_is_called_unlike(novelty):
    rows = datasets.load(reader()[0].data).x_test
    assert np.mean([novelty(16 * row) > 1 for row in rows]) < 0.02


def test_the_nearest_training_row_is_found(novelty):
    data = datasets.load(reader()[0].data)
    assert novelty.nearest(16 * data.x_train[5]) == 5
    assert novelty(16 * data.x_train[5]) < 0.5


def test_a_handful_of_pictures_is_enough():
    few = Novelty(np.eye(3, 64) * 16, [0, 1, 2])
    assert np.isfinite(few(np.full(64, 16.0)))
