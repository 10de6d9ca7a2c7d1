"""Networks in files.

A model file holds the experiment that a network came from, what it is for, and its weights. The
description is checked setting by setting.
"""

import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.archives import explained, read_archive, write_archive
from engine.datasets import Task
from engine.knobs import from_plain, to_plain
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
    ValueError
        When the file is not a model file, is damaged, or comes from a newer version; the
        message says which, for people.
    OSError
        When it cannot be read at all.
    """
    description, arrays = read_archive(path, FORMAT, VERSION, "a model file")
    with explained(path):
        return _build(description, arrays)


def _build(description: dict[str, Any], arrays: dict[str, np.ndarray]) -> Model:
    experiment = from_plain(Experiment, description["experiment"])
    fan_in, *_, outputs = description["sizes"]
    task = description["task"]
    network = Network.build(experiment.network, fan_in, outputs, task, experiment.train.loss)
    layers = range(len(network.dense))
    biases = [arrays[f"bias{index}"] if experiment.network.bias else None for index in layers]
    network.set_weights([arrays[f"weights{index}"] for index in layers], biases)
    return Model(
        network=network,
        experiment=experiment,
        task=task,
        class_names=tuple(description["class_names"]),
        feature_names=tuple(description["feature_names"]),
        notes=description["notes"],
    )
