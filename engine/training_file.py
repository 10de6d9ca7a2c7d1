"""Trainings in files: put away with all that was learnt, and gone on with another day."""

import os
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from engine import datasets
from engine.archives import Archive, opened, write_archive
from engine.compatibility import check_network
from engine.digits.fresh_copies import COPIES
from engine.files import FileError, FlawError
from engine.history import COLUMNS, Record
from engine.knobs import to_plain
from engine.network import block_lengths
from engine.scores import Score
from engine.snapshot import Snapshot
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

    Whether its parts go together is known before any of them takes memory.

    Raises
    ------
    FileError
        When the file cannot be read, is another kind of file, is damaged, or comes from a newer
        version; the message says which, for people.
    """
    with opened(path, FORMAT, VERSION, NOUN) as archive:
        experiment = archive.description.experiment
        try:
            data = datasets.load(experiment.data)
            check_network(experiment.network, data.task, data.outputs, experiment.train.loss)
        except ValueError as error:
            raise FlawError(f"cannot be gone on with: {error}") from None
        sizes = (data.features, *(each.units for each in experiment.network.hidden), data.outputs)
        _expect_network(archive, experiment, sizes)
        snapshot = _snapshot(archive, experiment, sizes)
        return SavedTraining(experiment, snapshot, _records(archive))


def _expect_network(archive: Archive, experiment: Experiment, sizes: tuple[int, ...]) -> None:
    """Refuse a file whose weights, or the optimizer's memory, are of another network."""
    bias, dtype = experiment.network.bias, np.dtype(experiment.network.dtype)
    for index, shape in enumerate(pairwise(sizes)):
        archive.expect(f"weights{index}", shape, dtype)
        if bias:
            archive.expect(f"bias{index}", shape[1:], dtype)
    optimizer = experiment.train.optimizer
    if archive.description.text("optimizer") != optimizer.name:
        raise FlawError(f"is damaged: its memory is not that of {optimizer.label}")
    if {*archive.description.items("memory", str)} != {"step", *optimizer.memory}:
        raise FlawError(f"is damaged: its memory is not that of {optimizer.label}")
    archive.expect("memory.step", (), np.int64)
    for name in optimizer.memory:
        archive.expect(f"memory.{name}", (sum(block_lengths(sizes, bias, dtype)),), dtype)


def _snapshot(archive: Archive, experiment: Experiment, sizes: tuple[int, ...]) -> Snapshot:
    description, layers = archive.description, range(len(sizes) - 1)
    progress = _progress(archive, sizes[-1])
    weights = tuple(_finite(archive, f"weights{index}") for index in layers)
    bias = experiment.network.bias
    memory = {name: archive.read(f"memory.{name}") for name in description["memory"]}
    if memory["step"] < 0 or any(np.isnan(each).any() for each in memory.values()):
        raise FlawError(
            "is damaged: the optimizer's memory cannot be so"
        )  # it may well be infinite
    return Snapshot(
        epoch=description.whole("epoch"),
        batch=description.whole("batch", 0, progress.batches),
        weights=weights,
        biases=tuple(_finite(archive, f"bias{index}") if bias else None for index in layers),
        optimizer_state=memory,
        optimizer=experiment.train.optimizer.name,
        progress=progress,
        copies=description.whole("copies", 0, COPIES),
    )


def _progress(archive: Archive, outputs: int) -> Progress:
    told, header = archive.description.part("progress"), archive.header("outputs")
    batches, batch_size = told.whole("batches"), told.whole("batch_size")
    rows = header.shape[0] if len(header.shape) == 2 and header.dtype.kind == "f" else -1
    whole = not rows or (batch_size and rows % batch_size == 0 and rows <= batches * batch_size)
    if rows < 0 or not whole or (rows and header.shape[1] != outputs):
        raise FlawError("is damaged: the epoch under way cannot be so")
    score = Score(told.number("loss"), told.whole("right"))
    return Progress(batches, score, archive.read("outputs"), batch_size)


def _finite(archive: Archive, name: str) -> np.ndarray:
    array = archive.read(name)
    if not np.isfinite(array).all():
        raise FlawError(f"is damaged: {name} must hold finite numbers")
    return array


def _records(archive: Archive) -> tuple[Record, ...]:
    """Return the figures of the epochs, which are counted from 1."""
    epochs = archive.description.whole("epoch")
    archive.expect("history", (epochs, len(COLUMNS)), np.float64)
    history = archive.read("history")
    if not np.array_equal(history[:, 0], np.arange(1, epochs + 1)):
        raise FlawError("is damaged: its epochs are not in order")
    return tuple(Record(*row) for row in history.tolist())


def take_up(training: Training, saved: SavedTraining) -> None:
    """Go on from where a saved training stood, in a new one of its experiment.

    Raises
    ------
    FileError
        When they do not go together; nothing is changed then.
    """
    if not _goes_together(training, saved):
        raise FileError("the file is damaged: its parts do not go together")
    training.follow(saved.snapshot, saved.records)


def _goes_together(training: Training, saved: SavedTraining) -> bool:
    snapshot, network = saved.snapshot, training.network
    fresh = training.experiment.train.optimizer.init(network.parameters.size, network.dtype)
    memory = {name: np.shape(each) for name, each in fresh.items()}
    outputs = snapshot.progress.outputs
    return (
        [each.shape for each in snapshot.weights] == [each.shape for each in network.weights]
        and [each is None for each in snapshot.biases] == [each is None for each in network.biases]
        and {name: each.shape for name, each in snapshot.optimizer_state.items()} == memory
        and snapshot.epoch == len(saved.records)
        and 0 <= snapshot.batch < training.batches_per_epoch
        and snapshot.batch == snapshot.progress.batches
        and outputs.ndim == 2
        and (not len(outputs) or outputs.shape[1] == network.sizes[-1])
    )
