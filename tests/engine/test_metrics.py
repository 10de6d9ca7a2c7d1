"""The metrics against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics as peer

from engine.metrics import accuracy, as_labels, confusion_matrix, precision_recall_f1, r2

label_pairs = arrays(np.intp, st.tuples(st.just(2), st.integers(1, 40)), elements=st.integers(0, 4))
number_pairs = arrays(
    np.float64,
    st.tuples(st.just(2), st.integers(2, 20), st.integers(1, 3)),
    elements=st.integers(-9, 9),
)


@given(label_pairs)
def test_counts_and_shares_are_those_of_scikit_learn(pair):
    true, predicted = pair
    table = confusion_matrix(true, predicted, classes=5)
    assert np.array_equal(table, peer.confusion_matrix(true, predicted, labels=range(5)))
    assert accuracy(true, predicted) == peer.accuracy_score(true, predicted)


@given(label_pairs)
def test_precision_recall_and_f1_are_those_of_scikit_learn(pair):
    true, predicted = pair
    scores = precision_recall_f1(confusion_matrix(true, predicted, classes=5))
    expected = peer.precision_recall_fscore_support(
        true, predicted, labels=range(5), zero_division=0
    )
    for ours, theirs in zip(
        (scores.precision, scores.recall, scores.f1, scores.support), expected, strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-15)
    macro = peer.precision_recall_fscore_support(true, predicted, average="macro", zero_division=0)
    np.testing.assert_allclose(scores.macro, macro[:3], rtol=1e-14)


@given(number_pairs)
def test_r2_is_that_of_scikit_learn(pair):
    true, predicted = pair
    np.testing.assert_allclose(r2(true, predicted), peer.r2_score(true, predicted), rtol=1e-12)


def test_no_rows_have_no_accuracy():
    assert np.isnan(accuracy([], []))
    assert np.isnan(r2([1.0], [1.0]))
    assert not confusion_matrix([], [], classes=3).any()
    assert np.isnan(precision_recall_f1(np.zeros((3, 3), int)).macro).all()


def test_labels_of_one_output_and_of_several():
    assert as_labels([[0.5], [0.49]]).tolist() == [1, 0]
    assert as_labels([[0.2, 0.2], [0.1, 0.3]]).tolist() == [0, 1]


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"true and predicted must be of one shape, not \(2,\)"):
        accuracy([0, 1], [0])
    with pytest.raises(ValueError, match=r"predicted must be labels from 0 to 1, not 2"):
        confusion_matrix([0, 1], [0, 2], classes=2)
    with pytest.raises(ValueError, match=r"true must be labels from 0 to 1, not -1"):
        confusion_matrix([-1, 1], [0, 1], classes=2)
