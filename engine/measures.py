"""How well a network does: loss and accuracy of every part of its data."""

from engine.batches import Rows
from engine.datasets import Dataset
from engine.history import NAN
from engine.network import Network
from engine.plan.steps import Evaluation
from engine.scores import Score


class Measures:
    """Measures a network in training, at the end of each epoch.

    Parameters
    ----------
    network : Network
    data : Dataset
        Whose rows for testing and validation, if there are any, are kept ready.
    """

    def __init__(self, network: Network, data: Dataset) -> None:
        self._data = data
        self._held_out = {
            name: Rows(x, y, network.dtype)
            for name, x, y in (
                ("test", data.x_test, data.y_test),
                ("validation", data.x_validation, data.y_validation),
            )
            if len(x)
        }
        self.follow(network)

    def follow(self, network: Network) -> None:
        """Measure this network from now on."""
        self._evaluations = {
            name: Evaluation(network, rows, self._data.task)
            for name, rows in self._held_out.items()
        }

    def figures(self, trained: Score, mean: bool) -> dict[str, float]:
        """Return losses and accuracies, named as in :class:`~engine.history.Record`.

        Parameters
        ----------
        trained : Score
            Of the rows trained on, as the epoch met them.
        mean : bool
            Whether losses are averaged over the rows, or added up.
        """
        figures = self._of("train", trained, len(self._data.x_train), mean)
        for name, evaluation in self._evaluations.items():
            figures |= self._of(name, evaluation.score(), len(self._held_out[name]), mean)
        return figures

    def _of(self, name: str, score: Score, rows: int, mean: bool) -> dict[str, float]:
        task = self._data.task
        answers = rows * (self._data.outputs if task == "binary" else 1)
        return {
            f"{name}_loss": score.loss / rows if mean else score.loss,
            f"{name}_accuracy": score.right / answers if task != "regression" else NAN,
        }
