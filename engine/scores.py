"""What an epoch comes to: the sum of the row losses, and how many answers are right."""

from dataclasses import dataclass

import numpy as np

from engine.datasets import Task

Array = np.ndarray


@dataclass(frozen=True)
class Score:
    """Of some rows: the sum of their losses, and how many answers are right.

    >>> Score(0.5, 3) + Score(0.25, 1)
    Score(loss=0.75, right=4)
    """

    loss: float = 0.0
    right: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.loss + other.loss, self.right + other.right)


def count_right(outputs: Array, y: Array, task: Task, threshold: float = 0.5) -> int:
    """Return how many answers are right: the largest output, or the side of the threshold.

    Regression has no right and wrong: 0.

    >>> count_right(np.array([[0.2, 0.8], [0.9, 0.1]]), np.eye(2), "classification")
    0
    """
    if task == "classification":
        return int(np.count_nonzero(outputs.argmax(axis=-1) == y.argmax(axis=-1)))
    if task == "binary":
        return int(np.count_nonzero((outputs >= threshold) == (y >= 0.5)))
    return 0
