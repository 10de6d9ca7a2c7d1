import numpy as np
import pytest

from engine.history import History, Record
from gui.plots.curves import COLUMNS, Curves


def grow(history, losses, accuracies=None):
    accuracies = np.zeros(len(losses)) if accuracies is None else accuracies
    for loss, accuracy in zip(losses, accuracies, strict=True):
        history.append(Record(len(history) + 1, train_loss=loss, test_accuracy=accuracy))
    return history


def drawn_losses(bins):
    return bins.part(("train_loss",)).outline(0)


def test_short_histories_are_drawn_epoch_by_epoch():
    curves = Curves()
    curves.follow(grow(History(), [3.0, 1.0, 2.0]))
    x, y = drawn_losses(curves.bins(most=100))
    assert x.tolist() == [1, 2, 3]
    assert y.tolist() == [3, 1, 2]


def test_columns_without_values_have_no_curve():
    curves = Curves()
    curves.follow(grow(History(), [3.0, 1.0]))
    assert len(curves.bins(100).part(("test_loss",)).outline(0)[0]) == 0
    assert set(curves.values(-1)) == {"train_loss", "test_accuracy"}


def test_long_histories_stay_small_and_keep_their_spikes():
    losses = np.full(9000, 0.5)
    losses[4321] = 8.0
    curves, history = Curves(), History()
    for part in np.split(losses, 30):
        curves.follow(grow(history, part))
    x, y = drawn_losses(curves.bins(most=400))
    assert len(x) <= 800
    assert y.max() == 8.0
    assert abs(x[y.argmax()] - 4322) < 9000 / 400 * 2
    assert x[-1] == 9000


def test_a_window_shows_every_epoch_in_it():
    losses = np.random.default_rng(0).random(9000)
    curves = Curves()
    curves.follow(grow(History(), losses))
    x, y = drawn_losses(curves.bins(400, window=(5000, 5050)))
    inside = (x >= 5000) & (x <= 5050)
    np.testing.assert_array_equal(y[inside], losses[4999:5050])
    assert (~inside).sum() == 2, "one epoch beyond either end, so that the line reaches the border"


def test_a_window_at_the_growing_end_follows():
    curves, history = Curves(), grow(History(), np.ones(50))
    for _ in range(3):
        curves.follow(history)
        x, _y = drawn_losses(curves.bins(400, window=(40, 100)))
        assert x[-1] == len(history)
        grow(history, [2.0])


@pytest.mark.parametrize("window", [(-5, 1), (0, 2), (49, 80), (70, 80)])
def test_windows_beyond_the_ends_are_harmless(window):
    curves = Curves()
    curves.follow(grow(History(), np.ones(50)))
    assert len(drawn_losses(curves.bins(400, window=window))[0]) > 0


def test_what_is_not_finite_is_passed_over_in_the_picture_but_told_in_numbers():
    curves = Curves()
    curves.follow(grow(History(), [1.0, np.inf, np.nan, 2.0]))
    assert drawn_losses(curves.bins(100))[1].tolist() == [1, 2]
    assert curves.values(1)["train_loss"] == np.inf


def test_the_best_epoch_is_the_first_with_the_highest_test_accuracy():
    curves, history = Curves(), History()
    assert curves.best is None
    curves.follow(grow(history, np.ones(3), [0.5, 0.9, 0.7]))
    assert curves.best == (2, 0.9)
    curves.follow(grow(history, np.ones(2), [0.9, 0.8]))
    assert curves.best == (2, 0.9)
    curves.follow(grow(history, np.ones(1), [0.95]))
    assert curves.best == (6, 0.95)


def test_the_nearest_epoch_to_a_place_on_the_axis():
    curves = Curves()
    assert curves.nearest_row(3) is None
    curves.follow(grow(History(), np.ones(10)))
    assert [curves.nearest_row(at) for at in (-4, 1, 3.4, 3.6, 99)] == [0, 0, 2, 3, 9]


def test_another_history_starts_over():
    curves = Curves()
    first, second = grow(History(), np.ones(10)), grow(History(), [4.0])
    assert curves.follow(first)
    assert not curves.follow(first)
    assert curves.follow(second)
    assert drawn_losses(curves.bins(100))[1].tolist() == [4]
    assert curves.follow(None)
    assert len(curves) == 0
    assert curves.values(-1) == {}
    assert curves.bins(100).low.shape == (len(COLUMNS), 0)
