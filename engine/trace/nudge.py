"""The nudge test: does the loss change as backpropagation says it would?

A parameter is moved a little to both sides and the loss computed anew, in double precision
and with the same neurons dropped. The slope found, ΔL / 2ε, must be the gradient.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engine.layers import Dropout
from engine.network import Network
from engine.trace.moment import Moment, copy_of, given_parameters
from engine.trace.step import Array, Index, Place
from engine.update import penalty_gradient

EPSILON = 1e-5  # about the cube root of double precision, where a central difference is best
SAMPLE = 400  # parameters that are checked where there are more


@dataclass(frozen=True)
class Nudge:
    """What came of moving one parameter.

    Attributes
    ----------
    place : Place
        Which one: ``W1``, (12, 3).
    epsilon : float
        How far to each side.
    below, loss, above : float
        The loss at w − ε, w and w + ε.
    gradient : float
        What backpropagation says.
    """

    place: Place
    epsilon: float
    below: float
    loss: float
    above: float
    gradient: float

    @property
    def forward(self) -> float:
        """The slope to the one side, ΔL/ε."""
        return (self.above - self.loss) / self.epsilon

    @property
    def central(self) -> float:
        """The slope over both sides, which converges much faster."""
        return (self.above - self.below) / (2 * self.epsilon)

    @property
    def difference(self) -> float:
        """How far `central` is from `gradient`, relative to the larger of the two."""
        size = max(abs(self.central), abs(self.gradient))
        return abs(self.central - self.gradient) / size if size > 1e-9 else 0.0


@dataclass(frozen=True, eq=False)
class NudgeTest:
    """Nudges the parameters of a moment.

    Examples
    --------
    >>> from engine.spec import Experiment
    >>> from engine.trainer import Trainer
    >>> test = NudgeTest(Moment.of(Trainer(Experiment())))
    >>> test.nudge(Place("W2", (5, 3))).difference < 1e-4
    True
    """

    moment: Moment

    @cached_property
    def _network(self) -> Network:
        return copy_of(self.moment.network, np.float64)

    @cached_property
    def _parameters(self) -> dict[str, Array]:
        return given_parameters(self._network)

    @cached_property
    def _caches(self) -> list[Any]:
        """Those of the update itself, where its dropout masks are."""
        return self.moment.update().caches

    @cached_property
    def _gradients(self) -> dict[str, Array]:
        """Backpropagation's answer, penalties included, before any clipping."""
        network, train = self.moment.network, self.moment.train
        with np.errstate(all="ignore"):
            gradient = network.backward(self._caches, self.moment.y, self._share)
            gradient = gradient + penalty_gradient(network, train)
        named = given_parameters(network)
        return {key: network.block_of(gradient, view) for key, view in named.items()}

    @property
    def _share(self) -> float:
        return 1.0 / len(self.moment.x) if self.moment.train.reduction == "mean" else 1.0

    # ------------------------------------------------------------ nudging

    @cached_property
    def loss(self) -> float:
        """The loss as it is, in double precision."""
        return self._loss()

    def nudge(self, place: Place, epsilon: float = EPSILON) -> Nudge:
        """Move one parameter by `epsilon` to both sides.

        Raises
        ------
        ValueError
            When there is no such parameter, or `epsilon` is not positive.
        """
        if not epsilon > 0:
            raise ValueError(f"epsilon must be above 0, not {epsilon}")
        if place.key not in self._parameters:
            known = ", ".join(self._parameters)
            raise ValueError(f"'{place.key}' is no parameter; there are {known}")
        array, kept = self._parameters[place.key], float(self._parameters[place.key][place.index])
        loss = self.loss
        try:
            array[place.index] = kept - epsilon
            below = self._loss()
            array[place.index] = kept + epsilon
            above = self._loss()
        finally:
            array[place.index] = kept
        gradient = float(self._gradients[place.key][place.index])
        return Nudge(place, epsilon, below, loss, above, gradient)

    def series(self, place: Place, largest: float = 1.0, count: int = 9) -> list[Nudge]:
        """Nudge by ever smaller steps, each a tenth of the one before."""
        return [self.nudge(place, largest / 10**k) for k in range(count)]

    def check(self, limit: int = SAMPLE, seed: int = 0) -> Iterator[Nudge]:
        """Nudge every parameter, or a sample of `limit` spread over all of them."""
        places = self._places()
        if len(places) > limit:
            chosen = np.random.default_rng(seed).choice(len(places), limit, replace=False)
            places = [places[k] for k in sorted(chosen.tolist())]
        for key, index in places:
            yield self.nudge(Place(key, index))

    def _places(self) -> list[tuple[str, Index]]:
        named = self._parameters.items()
        return [(key, index) for key, array in named for index in np.ndindex(array.shape)]

    def _loss(self) -> float:
        """Return the objective: the rows' losses, mean or sum, and the penalties."""
        network, train = self._network, self.moment.train
        x = self.moment.x.astype(np.float64)
        caches = []
        for layer, known in zip(network.layers, self._caches, strict=True):
            if isinstance(layer, Dropout):
                x, cache = x * known, known
            else:
                x, cache = layer.forward(x)
            caches.append(cache)
        with np.errstate(all="ignore"):
            rows = network.row_losses(caches, self.moment.y.astype(np.float64))
        weights = network.parameters * network.penalised
        penalty = train.l1 * np.abs(weights).sum() + 0.5 * train.l2 * np.square(weights).sum()
        return float(rows.sum() * self._share + penalty)
