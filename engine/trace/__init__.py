"""One update, unfolded: every operation in order, with its operands, formula and numbers.

The numbers are those of the readable definition (the layers' own forward and backward, the
optimizer's own update), so that what is shown is what the training then does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.trace.backward import unfold_backward
from engine.trace.forward import Unfolding, unfold_forward, unfold_given, unfold_loss
from engine.trace.moment import Moment
from engine.trace.step import Array, Element, Factor, Operand, Place, Step, Terms
from engine.trace.updating import unfold_update
from engine.trainer import Trainer

__all__ = ["Element", "Factor", "Moment", "Operand", "Place", "Step", "Terms", "Trace"]


@dataclass(frozen=True, eq=False)
class Trace:
    """The steps of one update.

    Attributes
    ----------
    moment : Moment
        What the update starts from.
    steps : tuple of Step
        In the order in which they are computed.
    given : dict of Operand
        What is not computed: ``x``, ``y``, ``W1``, ``b1``, …, by key.

    Examples
    --------
    >>> from engine.spec import Experiment
    >>> trace = Trace.of(Moment.of(Trainer(Experiment())))
    >>> [step.key for step in trace][:5]
    ['z1', 'a1', 'z2', 'a2', 'l']
    >>> trace["dW2"].shape
    (64, 10)
    """

    moment: Moment
    steps: tuple[Step, ...]
    given: dict[str, Operand]

    @classmethod
    def of(cls, moment: Moment) -> "Trace":
        """Unfold the update of a moment."""
        unfolding = Unfolding(moment)
        unfold_given(unfolding)
        unfold_forward(unfolding)
        unfold_loss(unfolding)
        unfold_backward(unfolding)
        unfold_update(unfolding)
        made = {step.key for step in unfolding.steps}
        given = {key: each for key, each in unfolding.known.items() if key not in made}
        return cls(moment, tuple(unfolding.steps), given)

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, key: str) -> Step:
        """Return the step with this key, or raise KeyError."""
        return self.steps[self._positions[key]]

    def __contains__(self, key: object) -> bool:
        return key in self._positions

    def position(self, key: str) -> int:
        """Return where in the order a step is, or raise KeyError."""
        return self._positions[key]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {step.key: position for position, step in enumerate(self.steps)}

    def value(self, place: Place) -> float:
        """Return any number of the trace, computed or given."""
        array = self[place.key].value if place.key in self else self.given[place.key].value
        return float(array[place.index])

    @property
    def loss(self) -> float:
        """What the training makes small, before the update."""
        return float(self["L"].value.reshape(-1)[0])

    @property
    def outputs(self) -> Array:
        """What the network says to each row before the update, (rows, outputs)."""
        return self[f"a{len(self.moment.network.dense)}"].value


def trace_update(trainer: Trainer) -> Trace:
    """Unfold the next update of a training."""
    return Trace.of(Moment.of(trainer))
