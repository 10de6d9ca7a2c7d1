"""What is drawn depends on the seed and the moment alone."""

import numpy as np
import pytest

from engine.batches import Draws, Rows, one_hot_labels


def test_orders_are_permutations_that_differ():
    draws = Draws(0)
    orders = [draws.order(50, epoch) for epoch in range(5)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len({tuple(order) for order in orders}) == 5


def test_any_moment_can_be_drawn_again():
    first, second = Draws(3), Draws(3)
    expected = [first.masks(2, batch).random(4) for batch in range(3)]
    second.order(10, 7)
    for batch in (2, 0, 1):
        assert (second.masks(2, batch).random(4) == expected[batch]).all()
    assert (Draws(4).masks(2, 0).random(4) != expected[0]).all()


def test_streams_do_not_repeat_each_other():
    draws = Draws(0)
    first = draws.masks(0, 0).random(1000)
    assert not np.isin(draws.masks(0, 1).random(1000), first).any()
    assert not np.isin(draws.masks(1, 0).random(1000), first).any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rows_carry_a_one(dtype):
    rows = Rows(np.arange(6.0).reshape(3, 2), np.eye(3), dtype)
    assert rows.augmented[:, 2].tolist() == [1, 1, 1]
    assert rows.x.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert rows.labels.tolist() == [0, 1, 2]
    assert len(rows) == 3
    assert rows.augmented.dtype == rows.y.dtype == np.dtype(dtype)


@pytest.mark.parametrize(
    "y", [[[0.0], [1.0]], [[0.5, 0.5]], [[1.0, 1.0], [0.0, 0.0]], [[2.0, 0.0]]]
)
def test_not_one_hot(y):
    assert one_hot_labels(np.array(y)) is None
