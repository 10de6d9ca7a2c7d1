"""A network's answers beside the true ones."""

import numpy as np

from engine.answers import Answers


def test_answers_count_what_is_taken_for_what():
    outputs = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.2, 0.5, 0.3]])
    answers = Answers.judge(outputs, np.eye(3)[[0, 1, 1]])
    assert answers.predicted.tolist() == [0, 2, 1]
    assert answers.misread.tolist() == [1]
    assert answers.confusion.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 0]]
    assert answers.certainty.tolist() == [0.7, 0.6, 0.5]
    assert answers.accuracy == 2 / 3


def test_yes_or_no_is_decided_at_one_half():
    answers = Answers.judge(np.array([[0.5], [0.49], [0.2]]), np.array([[1.0], [1.0], [0.0]]))
    assert answers.predicted.tolist() == [1, 0, 0]
    assert answers.confusion.tolist() == [[1, 0], [1, 1]]
    np.testing.assert_allclose(answers.certainty, [0.5, 0.51, 0.8])
