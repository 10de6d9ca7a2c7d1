"""What happens in the worker now and then, told to the window once.

A fact carries the number of the newest command that was obeyed when it happened: the window knows
by it whether it has asked for something else since.
"""

from dataclasses import dataclass
from typing import Any

from engine.datasets import Dataset
from engine.history import History
from engine.spec import Experiment
from gui.frame import Frame
from gui.training.requests import Request


@dataclass(frozen=True)
class Loaded:
    """Another run is on screen: a new one, the trained network, or again the one in training.

    Attributes
    ----------
    frame : Frame
        Its first; it goes together with the data set.
    begun : bool
        Whether this run is new in training.
    """

    command: int
    generation: int
    dataset: Dataset
    history: History
    frame: Frame
    begun: bool


@dataclass(frozen=True)
class Refused:
    """An experiment could not be built or applied; the run before it goes on.

    Attributes
    ----------
    error : Exception
        A ValueError with a reason for people, or else a fault of the program.
    present : Experiment or None
        What is on screen still; None where nothing is.
    training : bool
        Whether that is being trained.
    """

    command: int
    error: Exception
    present: Experiment | None
    training: bool


@dataclass(frozen=True)
class Paused:
    """The training rests: it was told to, or a single epoch is complete."""

    command: int


@dataclass(frozen=True)
class Ended:
    """The training is over: `kind` is 'finished', 'stopped_early' or 'diverged'."""

    command: int
    kind: str
    message: str


@dataclass(frozen=True)
class Failed:
    """Something broke that should not have; the training is paused."""

    command: int
    message: str
    details: str


@dataclass(frozen=True)
class Answered:
    """What was asked for has been worked out."""

    request: Request
    answer: Any


@dataclass(frozen=True)
class NotAnswered:
    """What was asked for could not be worked out; nothing else is affected."""

    request: Request
    error: Exception


Fact = Loaded | Refused | Paused | Ended | Failed | Answered | NotAnswered
