"""Trainings in files: they go on as if they had never rested, and bad files are refused."""

import json

import numpy as np
import pytest

from engine.activations import Tanh
from engine.archives import write_archive
from engine.optimizers import OPTIMIZERS, SGD, Adam
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.table_data import TableData
from engine.toy_data import Spirals
from engine.trainer import Trainer
from engine.training_file import SavedTraining, load_training, save_training, take_up


def experiment(source=None, **train):
    network = NetworkSpec(hidden=(HiddenLayer(6, Tanh(), dropout=0.2),))
    settings = {"batch_size": 16, "learning_rate": 0.01} | train
    return Experiment(DataSpec(source or Spirals()), network, TrainSpec(**settings))


def trained(experiment, epochs=2, batches=3):
    trainer = Trainer(experiment)
    for completed in trainer.slices(0):
        batches -= trainer.epoch == epochs and not completed
        if not batches:
            return trainer
    return trainer


def there_and_back(tmp_path, trainer):
    """Save a training, and take it up again in a new one."""
    path = tmp_path / "a.chainrule"
    save_training(path, SavedTraining.of(trainer))
    saved = load_training(path)
    again = Trainer(saved.experiment)
    take_up(again, saved)
    return again


@pytest.mark.parametrize("optimizer", [c() for c in OPTIMIZERS.values()], ids=list(OPTIMIZERS))
@pytest.mark.parametrize("source", [Spirals(), TableData()], ids=["spirals", "table"])
def test_a_training_goes_on_to_the_same_bits(tmp_path, optimizer, source):
    trainer = trained(experiment(source, optimizer=optimizer))
    again = there_and_back(tmp_path, trainer)
    assert (again.epoch, again.batch) == (trainer.epoch, trainer.batch) == (2, 3)
    for each in (trainer, again):
        epochs = iter(each)
        next(epochs), next(epochs)
    assert np.array_equal(again.network.parameters, trainer.network.parameters)
    for column in ("train_loss", "test_loss", "train_accuracy", "learning_rate"):
        assert np.array_equal(again.history[column], trainer.history[column])


def test_an_untrained_one(tmp_path):
    again = there_and_back(tmp_path, Trainer(experiment()))
    assert (again.epoch, again.batch, len(again.history)) == (0, 0, 0)


def test_what_stood_in_the_file_stays_if_writing_fails(tmp_path):
    path = tmp_path / "a.chainrule"
    save_training(path, SavedTraining.of(Trainer(experiment())))
    before = path.read_bytes()
    with pytest.raises(TypeError):
        write_archive(path, {"format": object()}, {})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "a.chainrule"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match=r"a\.chainrule is not a training that Chainrule saved"):
        load_training(path)
    write_archive(path, {"format": "chainrule-model", "version": 1}, {})
    with pytest.raises(ValueError, match="not a training that Chainrule saved"):
        load_training(path)


def rewritten(tmp_path, change):
    """Write a training whose description or arrays were changed."""
    path = tmp_path / "a.chainrule"
    save_training(path, SavedTraining.of(trained(experiment(optimizer=Adam()))))
    with np.load(path) as file:
        arrays = dict(file)
    description = json.loads(str(arrays.pop("description")))
    change(description, arrays)
    write_archive(path, description, arrays)
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d, a: d.update(version=2), "written by a newer version"),
        (lambda d, a: a.pop("weights1"), "weights1 is missing"),
        (lambda d, a: a.pop("history"), "damaged: history is missing"),
        (lambda d, a: d["experiment"]["train"].update(learning_rate=-1), "learning_rate"),
        (lambda d, a: d["experiment"]["train"].update(speed=1), "unknown setting"),
        (lambda d, a: d.update(batch=10_000), "batch must be a whole number"),
        (lambda d, a: d.update(epoch=7), "history must have shape"),
        (lambda d, a: a.update(history=a["history"][:1]), "history must have shape"),
        (lambda d, a: d.update(memory=["step"]), "memory is not that of Adam"),
        (lambda d, a: a.update(weights0=a["weights0"][:1]), "weights"),
    ],
    ids=[
        "newer", "without weights", "without history", "bad setting", "unknown setting",
        "no such batch", "no such epoch", "shorter history", "half a memory", "other weights",
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused_and_nothing_changes(tmp_path, change, message):
    path = rewritten(tmp_path, change)
    other = Trainer(experiment(optimizer=Adam()))
    before = other.network.parameters.copy()
    with pytest.raises(ValueError, match=message):
        take_up(other, load_training(path))
    assert np.array_equal(other.network.parameters, before)
    assert (other.epoch, len(other.history)) == (0, 0)


def test_another_optimizer_s_memory_does_not_fit(tmp_path):
    path = rewritten(tmp_path, lambda d, a: None)
    with pytest.raises(ValueError, match="do not go together"):
        take_up(Trainer(experiment(optimizer=SGD())), load_training(path))
