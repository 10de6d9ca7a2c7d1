"""Model files: what goes in comes out; what is not one is refused in words."""

import json
import pickle

import numpy as np
import pytest

from engine.activations import ELU
from engine.files import FileError
from engine.model_file import Model, load_model, save_model
from engine.network import Network
from engine.spec import Experiment, HiddenLayer, NetworkSpec, TrainSpec


def model(**settings):
    spec = NetworkSpec(hidden=(HiddenLayer(5, ELU(alpha=0.5), 0.2),), **settings)
    experiment = Experiment(network=spec, train=TrainSpec(learning_rate=0.02))
    network = Network.build(spec, 4, 3, "classification")
    return Model(network, experiment, "classification", ("a", "b", "c"), notes={"epochs": 12})


@pytest.mark.parametrize(
    "settings", [{}, {"dtype": "float64"}, {"bias": False}], ids=["default", "double", "no-bias"]
)
def test_round_trip(tmp_path, settings):
    before = model(**settings)
    save_model(tmp_path / "net.npz", before)
    after = load_model(tmp_path / "net.npz")
    assert (after.network.parameters == before.network.parameters).all()
    assert after.network.dtype == before.network.dtype
    assert after.experiment == before.experiment
    assert (after.task, after.class_names, after.notes) == (
        "classification",
        ("a", "b", "c"),
        {"epochs": 12},
    )
    x = np.ones(4, after.network.dtype)
    assert (after.network.predict(x) == before.network.predict(x)).all()


def test_saving_replaces_whole_and_leaves_nothing_behind(tmp_path):
    path = tmp_path / "net.npz"
    path.write_bytes(b"old")
    save_model(path, model())
    load_model(path)
    assert [each.name for each in tmp_path.iterdir()] == ["net.npz"]


def rewritten(tmp_path, change):
    """Save a model, change its description or arrays, and return the path."""
    path = tmp_path / "net.npz"
    save_model(path, model())
    with np.load(path) as file:
        arrays = {key: file[key] for key in file.files}
    description = json.loads(str(arrays["description"]))
    del description["arrays"], description["checksum"]  # else any change is found
    change(description, arrays)
    if "description" in arrays:
        arrays["description"] = np.array(json.dumps(description))
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d, a: d.update(format="other"), "not a model file"),
        (lambda d, a: a.pop("description"), "not a model file"),
        (lambda d, a: d.update(version=99), "newer version"),
        (lambda d, a: a.pop("weights1"), "weights1.* is missing|is damaged: weights1"),
        (lambda d, a: a.pop("bias0"), "bias0"),
        (lambda d, a: a.update(weights0=np.ones((2, 2))), "must have shape"),
        (lambda d, a: a.update(weights0=a["weights0"] * np.nan), "finite"),
        (lambda d, a: d["experiment"]["train"].update(learning_rate=-1), "learning_rate"),
        (lambda d, a: d.update(sizes=[0, 3]), "fan_in"),
        (lambda d, a: d.update(task="dance"), "task"),
        (lambda d, a: d.pop("task"), "task"),
    ],
)
def test_damaged_files_are_refused_in_words(tmp_path, change, message):
    with pytest.raises(ValueError, match=message) as caught:
        load_model(rewritten(tmp_path, change))
    assert "net.npz" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 broken", b"\x93NUMPY"])
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "net.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="not a model file"):
        load_model(path)


def test_pickles_are_never_opened(tmp_path):
    path = tmp_path / "net.npz"
    path.write_bytes(pickle.dumps({"description": "{}"}))
    with pytest.raises(ValueError, match="not a model file"):
        load_model(path)
    np.savez(path, description=np.array([object()], dtype=object))
    with pytest.raises(ValueError, match="not a model file"):
        load_model(path)


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(FileError, match=r"none\.npz cannot be read: no such file"):
        load_model(tmp_path / "none.npz")
