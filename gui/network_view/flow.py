"""What flows along the edges: values to the outputs, then gradients back to the inputs."""

from dataclasses import dataclass

SWEEP = 0.4  # of a turn, until what flows has come all the way
EBB = 0.85  # of a turn, when it begins to fade


@dataclass(frozen=True)
class Flow:
    """The flow at one moment.

    Attributes
    ----------
    rounds : float
        How far particles have come in all, in rounds; it shrinks while they flow back.
    backward : bool
        Whether gradients flow to the inputs, rather than values to the outputs.
    front : float
        How far across the network the flow has come, from 0 to 1.
    strength : float
        How much is seen of it, from 0 to 1.
    """

    rounds: float
    backward: bool
    front: float
    strength: float


def flow_of(part: float, rounds: float) -> Flow:
    """Return the flow after a `part` of an update, from 0 to 1: forward, then backward.

    >>> flow_of(0.25, 3.0)
    Flow(rounds=3.0, backward=False, front=1.0, strength=1.0)
    >>> flow_of(0.6, 3.0)
    Flow(rounds=3.0, backward=True, front=0.5, strength=1.0)
    """
    backward = part >= 0.5
    turn = min(2 * part - backward, 1.0)
    ebb = max(0.0, (turn - EBB) / (1 - EBB))
    return Flow(rounds, backward, round(min(turn / SWEEP, 1.0), 9), 1.0 - ebb)
