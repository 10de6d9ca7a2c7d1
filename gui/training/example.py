"""The example that is shown flowing through the network; lives in the worker's thread."""

from dataclasses import replace
from typing import Literal

import numpy as np

from engine.data_sources import Source
from engine.datasets import Dataset
from engine.digits import novelty
from engine.digits.strokes import stages
from engine.my_digits import own_pictures
from engine.network import Network
from engine.snapshot import frozen
from gui.frame import Probe
from gui.reading import Reading, contributions

DIGIT_SHAPE = (8, 8)


class Example:
    """A row of the data or a drawing, whichever was asked for last.

    Parameters
    ----------
    data : Dataset
        Whose rows can be looked at.
    source : Source
        Where it comes from; digits of one's own in it are known when they are drawn again.

    Attributes
    ----------
    reads_drawings : bool
        Whether a drawing is such a picture as the data are of.
    """

    def __init__(self, data: Dataset, source: Source) -> None:
        self.reads_drawings = data.image_shape == DIGIT_SHAPE
        self._data = data
        self._own = own_pictures(source)
        self._rows, self._targets = data.shown_rows
        self._row, self._row_wanted = 0, False
        self._drawing: Reading | None = None

    def show_row(self, index: int) -> None:
        """Show a row of the test data; the index wraps around at both ends."""
        self._row, self._row_wanted = index % len(self._rows), True

    def draw(self, strokes: list[np.ndarray] | None) -> None:
        """Show what was drawn; None goes back to the data."""
        self._drawing = self._read(strokes) if strokes and self.reads_drawings else None
        self._row_wanted = False

    def drawn(self) -> np.ndarray | None:
        """Return the drawing as the network's inputs, (fan_in,); None if nothing is drawn."""
        if self._drawing is None:
            return None
        raw, scaling = self._drawing.picture.reshape(1, -1), self._data.scaling
        return (raw if scaling is None else scaling.apply(raw))[0]

    def flow_through(self, network: Network) -> tuple[Probe, Reading | None]:
        """Return what is shown as it flows, and how the drawing is read, if there is one."""
        drawn = self.drawn()
        if self._drawing is None or drawn is None:
            return self._row_through(network), None
        probe = _through(network, "drawing", drawn, None, -1)
        why = contributions(network, drawn).reshape(DIGIT_SHAPE)
        reading = replace(self._drawing, probabilities=probe.outputs, contributions=why)
        return self._row_through(network) if self._row_wanted else probe, reading

    def _row_through(self, network: Network) -> Probe:
        x, label = self._rows[self._row], self._label(self._targets[self._row])
        row = _through(network, "row", x, label, self._row)
        return row if self._data.held_back else replace(row, caption=f"Training row #{self._row}")

    def _label(self, target: np.ndarray) -> int | None:
        if self._data.task == "classification":
            return int(target.argmax())
        return round(float(target[0])) if self._data.task == "binary" else None

    def _read(self, strokes: list[np.ndarray]) -> Reading | None:
        made = stages(strokes)
        if made.blank:
            return None
        doubt, like = novelty.measure().look(made)
        known = doubt <= 1 or novelty.resembles(made.picture, self._own)
        return Reading(
            made.picture, np.empty(0), known=known, novelty=doubt, like=like, stages=made
        )


def _through(
    network: Network,
    source: Literal["row", "drawing"],
    x: np.ndarray,
    label: int | None,
    index: int,
) -> Probe:
    passed = network.activations_of(np.asarray(x[None], dtype=network.dtype))
    return Probe(source, x, label, (x, *(frozen(a[0]) for _z, a in passed)), index)
