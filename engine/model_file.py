"""Networks in files.

A model file holds the experiment that a network came from, what it is for, and its weights. The
description is checked setting by setting.
"""

import os
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from engine.archives import Archive, opened, write_archive
from engine.datasets import Task
from engine.files import FlawError
from engine.knobs import to_plain
from engine.network import Network
from engine.spec import Experiment

FORMAT = "chainrule-model"
VERSION = 1


@dataclass(frozen=True, eq=False)
class Model:
    """A network and where it comes from.

    Attributes
    ----------
    network : Network
    experiment : Experiment
        Its architecture, its data and how it was trained.
    task : {'classification', 'binary', 'regression'}
    class_names, feature_names : tuple of str
        What outputs and inputs mean; may be empty.
    notes : dict
        Whatever else is worth keeping, as JSON allows.
    """

    network: Network
    experiment: Experiment
    task: Task
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    notes: dict[str, Any] = field(default_factory=dict)


def save_model(path: str | os.PathLike[str], model: Model) -> None:
    """Write a model file; one that stands there is replaced whole or not at all."""
    network = model.network
    description = {
        "format": FORMAT,
        "version": VERSION,
        "experiment": to_plain(model.experiment),
        "task": model.task,
        "sizes": list(network.sizes),
        "class_names": list(model.class_names),
        "feature_names": list(model.feature_names),
        "notes": model.notes,
    }
    arrays = {f"weights{index}": w for index, w in enumerate(network.weights)}
    arrays |= {f"bias{index}": b for index, b in enumerate(network.biases) if b is not None}
    write_archive(path, description, arrays)


def load_model(path: str | os.PathLike[str]) -> Model:
    """Read a model file.

    Raises
    ------
    FileError
        When the file cannot be read, is not a model file, is damaged, or comes from a newer
        version; the message says which, for people.
    """
    with opened(path, FORMAT, VERSION, "a model file") as archive:
        try:
            return _build(archive)
        except ValueError as error:
            raise FlawError(
                str(error) if isinstance(error, FlawError) else f"is damaged: {error}"
            ) from None


def _build(archive: Archive) -> Model:
    description, experiment = archive.description, archive.description.experiment
    spec, task = experiment.network, description.text("task")
    sizes = description.items("sizes", int)
    if sizes[1:-1] != tuple(each.units for each in spec.hidden) or min(sizes, default=0) < 1:
        raise FlawError(
            "is damaged: its sizes are not those of its layers, fan_in and outputs included"
        )
    layers = range(len(sizes) - 1)
    for index, shape in enumerate(pairwise(sizes)):  # before a network of that size is made
        archive.expect(f"weights{index}", shape, spec.dtype)
        if spec.bias:
            archive.expect(f"bias{index}", shape[1:], spec.dtype)
    network = Network.build(spec, sizes[0], sizes[-1], task, experiment.train.loss)  # type: ignore[arg-type]
    biases = [archive.read(f"bias{index}") if spec.bias else None for index in layers]
    network.set_weights([archive.read(f"weights{index}") for index in layers], biases)
    return Model(
        network=network,
        experiment=experiment,
        task=task,  # type: ignore[arg-type]  # `build` has checked it
        class_names=description.items("class_names", str),
        feature_names=description.items("feature_names", str),
        notes=description["notes"],
    )
