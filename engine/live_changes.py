"""Settings that change while a training is under way, and what they ask of it."""

from dataclasses import dataclass

from engine.knobs import SettingError, changed_knobs
from engine.spec import Experiment

READ_WHEN_NEEDED = {"train.learning_rate", "train.epochs", "train.patience"}
"""Nothing is compiled of these: the steps can stay."""
DEAL_ANEW = ("train.batch_size", "train.shuffle", "network.output")
"""Where one of these changes, what the epoch under way has dealt or scored no longer fits."""


@dataclass(frozen=True)
class LiveChange:
    """What a training has to do to take over other settings.

    Attributes
    ----------
    network : bool
        Put another network in place, and carry over what was learnt.
    steps : bool
        Compile its steps anew.
    optimizer : bool
        Give the optimizer a fresh memory: it is one of another kind.
    batches : bool
        Begin the epoch under way anew.
    """

    network: bool
    steps: bool
    optimizer: bool
    batches: bool


def live_change(before: Experiment, after: Experiment) -> LiveChange | None:
    """Return what it takes to go from `before` to `after`; None where they are the same.

    Raises
    ------
    SettingError
        When it takes a restart.
    """
    changes = dict(changed_knobs(before, after))
    for path, each in changes.items():
        if each.applies == "restart":
            raise SettingError(path, f"{each.label} cannot change while training: restart")
    if not changes:
        return None
    return LiveChange(
        network=any(path.startswith("network.") for path in changes),
        steps=not changes.keys() <= READ_WHEN_NEEDED,
        optimizer=type(before.train.optimizer) is not type(after.train.optimizer),
        batches=any(path.startswith(DEAL_ANEW) for path in changes),
    )
