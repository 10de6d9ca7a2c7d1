"""Numbers predicted beside the true ones, in the units that they came in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics as peer

from engine.data_sources import Scaling
from engine.datasets import Dataset, load
from engine.fit import Fit, in_own_units
from engine.metrics import r2, rmse
from engine.spec import DataSpec
from engine.table_data import Sheet, TableData

PRICES = "size,rooms,age,price\n" + "\n".join(
    f"{50 + i},{i % 5},{i % 7},{200_000 + 1000 * i}" for i in range(20)
)
column_pairs = arrays(
    np.float64, st.tuples(st.just(2), st.integers(2, 20)), elements=st.integers(-9, 9)
)


def column(*values):
    return np.array(values, np.float64)[:, None]


def test_figures_against_those_worked_by_hand():
    fit = Fit.judge(column(2, 4, 9), column(1, 5, 9))
    assert fit.true.tolist() == [1, 5, 9]
    assert fit.predicted.tolist() == [2, 4, 9]
    assert fit.r2 == 1 - 2 / 32  # errors 1, 1, 0; from the mean 5: 4, 0, 4
    assert fit.rmse == pytest.approx((2 / 3) ** 0.5)


@given(column_pairs)
def test_figures_are_those_of_scikit_learn(pair):
    true, predicted = pair
    fit = Fit.judge(predicted[:, None], true[:, None])
    np.testing.assert_allclose(fit.r2, peer.r2_score(true, predicted), rtol=1e-12)
    error = peer.root_mean_squared_error(true, predicted)
    np.testing.assert_allclose(fit.rmse, error, rtol=1e-12)


def test_targets_that_never_vary_are_met_or_not():
    assert Fit.judge(column(5, 5, 5), column(5, 5, 5)).r2 == 1
    missed = Fit.judge(column(5, 5, 6), column(5, 5, 5))
    assert missed.r2 == 0
    assert missed.rmse == pytest.approx(3**-0.5)
    tenths = [0.1] * 3  # whose mean, rounded, is another number
    assert r2(tenths, [0.2] * 3) == 0


def test_a_single_row_has_no_variance_and_none_no_error():
    assert np.isnan(Fit.judge(column(1), column(2)).r2)
    assert np.isnan(rmse([], []))


def test_the_farthest_off_come_first():
    fit = Fit.judge(column(0, 0, 0, 0), column(1, -3, 0, 2))
    assert fit.farthest_first.tolist() == [1, 3, 0, 2]


def test_scaling_is_inverted_in_double_precision():
    scaling = Scaling(np.array([1e6]), np.array([0.001]))
    outputs = np.array([[0.5]], np.float32)
    fit = Fit.judge(outputs, column(0.25), scaling)
    assert fit.true.tolist() == [1_000_250]
    assert fit.predicted.tolist() == [1_000_500]
    assert fit.rmse == 250


@pytest.mark.parametrize("scale", ["standard", "minmax", "none"])
def test_a_table_knows_how_its_targets_were_scaled(scale):
    source = TableData(Sheet("a.csv", PRICES, "price", "number"), scale=scale)
    data = load(DataSpec(source, test_fraction=0.25))
    prices = in_own_units(np.concatenate([data.y_train, data.y_test]), data.target_scaling)
    expected = 200_000 + 1000 * np.arange(20)
    np.testing.assert_allclose(np.sort(prices), expected, rtol=1e-12)
    assert (data.target_scaling is None) == (scale == "none")


def test_classes_are_not_scaled():
    assert load(DataSpec(TableData())).target_scaling is None


def test_rows_that_come_later_are_scaled_alike():
    scaling = Scaling(np.array([10.0]), np.array([0.5]))
    data = Dataset.from_arrays([[1.0], [2.0]], [10, 12], task="regression", target_scaling=scaling)
    more = data.with_rows(np.array([[3.0]]), np.array([14.0]))
    assert more.y_train.tolist() == [[0], [1], [2]]
