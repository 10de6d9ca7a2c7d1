"""Networks in files: an npz archive with JSON inside, never a pickle.

A model file holds the experiment that a network came from, what it is for, and its weights.
Opening one runs no code of the file's author: arrays are read with pickles refused, and the
description is checked setting by setting.
"""

import json
import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

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
    target = Path(path)
    unfinished = target.with_name(target.name + ".part")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, description=np.array(json.dumps(description)), **arrays)  # type: ignore[arg-type]
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


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
    name = Path(path).name
    try:
        with open(path, "rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
    except (ValueError, TypeError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise ValueError(f"{name} is not a model file, or damaged ({error})") from None
    try:
        return _build(_description(arrays), arrays)
    except KeyError as error:
        raise ValueError(f"{name} is damaged: {error.args[0]} is missing") from None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _description(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    try:
        description = json.loads(str(arrays["description"]))
        is_ours = description["format"] == FORMAT
    except (KeyError, TypeError, json.JSONDecodeError):
        is_ours = False
    if not is_ours:
        raise ValueError("not a model file")
    if description["version"] > VERSION:
        raise ValueError(
            f"written by a newer version (format {description['version']}; "
            f"this program reads up to {VERSION})"
        )
    return description


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
