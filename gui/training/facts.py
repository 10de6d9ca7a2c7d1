"""What happens in the worker now and then, told to the window once."""

from dataclasses import dataclass
from typing import Any

from engine.datasets import Dataset
from engine.history import History
from engine.spec import Experiment


@dataclass(frozen=True)
class Loaded:
    """A new run is ready to be trained."""

    generation: int
    experiment: Experiment
    dataset: Dataset
    history: History


@dataclass(frozen=True)
class Refused:
    """An experiment could not be built or applied; the run before it goes on."""

    experiment: Experiment
    error: ValueError


@dataclass(frozen=True)
class Paused:
    """The training rests: it was told to, or a single epoch is complete."""


@dataclass(frozen=True)
class Ended:
    """The training is over: `kind` is 'finished', 'stopped_early' or 'diverged'."""

    kind: str
    message: str


@dataclass(frozen=True)
class Failed:
    """Something broke that should not have; the training is paused."""

    message: str
    details: str


@dataclass(frozen=True)
class Answered:
    """What was asked of the run has been worked out."""

    answer: Any


@dataclass(frozen=True)
class Shown:
    """Another network is on screen: the trained one, or again the one in training."""

    generation: int
    dataset: Dataset
    history: History


Fact = Loaded | Refused | Paused | Ended | Failed | Answered | Shown
