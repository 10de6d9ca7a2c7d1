"""Trainings in files: put away with all that was learnt, and gone on with another day."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.archives import explained, read_archive, write_archive
from engine.history import COLUMNS, Record
from engine.knobs import from_plain, to_plain
from engine.scores import Score
from engine.snapshot import Snapshot, frozen
from engine.spec import Experiment
from engine.steps import Progress
from engine.training import Training

if TYPE_CHECKING:
    from engine.timeline import Timeline

FORMAT = "chainrule-training"
VERSION = 1
NOUN = "a training that Chainrule saved"


@dataclass(frozen=True, eq=False)
class SavedTraining:
    """A training as it stood.

    Attributes
    ----------
    experiment : Experiment
        With the settings in use; a table of one's own is part of it.
    snapshot : Snapshot
        Weights, the optimizer's memory, and how far the epoch under way had come.
    records : tuple of Record
        The figures of the completed epochs.
    timeline : Timeline or None
        What leads to it, if that is known; it is not saved.
    """

    experiment: Experiment
    snapshot: Snapshot
    records: tuple[Record, ...]
    timeline: "Timeline | None" = None

    @classmethod
    def of(cls, training: Training) -> "SavedTraining":
        """Return where a training stands now."""
        return cls(training.experiment, training.snapshot(), training.history.records())


def save_training(path: str | os.PathLike[str], saved: SavedTraining) -> None:
    """Write a training; a file that stands there is replaced whole or not at all."""
    snapshot = saved.snapshot
    progress = snapshot.progress
    description = {
        "format": FORMAT,
        "version": VERSION,
        "experiment": to_plain(saved.experiment),
        "epoch": snapshot.epoch,
        "batch": snapshot.batch,
        "copies": snapshot.copies,
        "optimizer": snapshot.optimizer,
        "memory": list(snapshot.optimizer_state),
        "progress": {
            "batches": progress.batches,
            "loss": progress.score.loss,
            "right": progress.score.right,
            "batch_size": progress.batch_size,
        },
    }
    arrays = {f"weights{index}": each for index, each in enumerate(snapshot.weights)}
    arrays |= {f"bias{index}": b for index, b in enumerate(snapshot.biases) if b is not None}
    arrays |= {f"memory.{name}": each for name, each in snapshot.optimizer_state.items()}
    arrays["outputs"] = progress.outputs
    arrays["history"] = np.array(saved.records, np.float64).reshape(-1, len(COLUMNS))
    write_archive(path, description, arrays)


def load_training(path: str | os.PathLike[str]) -> SavedTraining:
    """Read a training.

    Raises
    ------
    ValueError
        When the file is another kind of file, is damaged, or comes from a newer version; the
        message says which, for people.
    OSError
        When it cannot be read at all.
    """
    description, arrays = read_archive(path, FORMAT, VERSION, NOUN)
    with explained(path):
        return _build(description, arrays)


def _build(description: dict[str, Any], arrays: dict[str, np.ndarray]) -> SavedTraining:
    layers = range(sum(key.startswith("weights") for key in arrays))
    told = description["progress"]
    biases = [arrays.get(f"bias{index}") for index in layers]
    snapshot = Snapshot(
        epoch=int(description["epoch"]),
        batch=int(description["batch"]),
        weights=tuple(frozen(arrays[f"weights{index}"]) for index in layers),
        biases=tuple(None if bias is None else frozen(bias) for bias in biases),
        optimizer_state={name: arrays[f"memory.{name}"] for name in description["memory"]},
        optimizer=description["optimizer"],
        progress=Progress(
            int(told["batches"]),
            Score(float(told["loss"]), int(told["right"])),
            arrays["outputs"],
            int(told["batch_size"]),
        ),
        copies=int(description["copies"]),
    )
    records = tuple(Record(*row) for row in arrays["history"].tolist())
    return SavedTraining(from_plain(Experiment, description["experiment"]), snapshot, records)


def take_up(training: Training, saved: SavedTraining) -> None:
    """Go on from where a saved training stood, in a new one of its experiment.

    Raises
    ------
    ValueError
        When they do not go together; nothing is changed then.
    """
    if not _goes_together(training, saved):
        raise ValueError("the file is damaged: its parts do not go together")
    training.follow(saved.snapshot, saved.records)


def _goes_together(training: Training, saved: SavedTraining) -> bool:
    snapshot, network = saved.snapshot, training.network
    fresh = training.experiment.train.optimizer.init(network.parameters.size, network.dtype)
    memory = {name: np.shape(each) for name, each in fresh.items()}
    outputs = snapshot.progress.outputs
    return (
        {name: each.shape for name, each in snapshot.optimizer_state.items()} == memory
        and snapshot.epoch == len(saved.records)
        and 0 <= snapshot.batch < training.batches_per_epoch
        and outputs.ndim == 2
        and (not len(outputs) or outputs.shape[1] == network.sizes[-1])
    )
