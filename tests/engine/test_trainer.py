"""Training as an iterator: the same run however it is sliced, paused, restored or changed."""

from dataclasses import replace

import numpy as np
import pytest

from engine.activations import ReLU, Sigmoid, Tanh
from engine.datasets import Dataset
from engine.history import COLUMNS
from engine.initializers import Normal
from engine.knobs import SettingError
from engine.losses import BinaryCrossEntropy, MeanSquaredError
from engine.optimizers import SGD, AdaGrad, Adam, RMSProp
from engine.schedules import Step
from engine.spec import Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trainer import Trainer


def data(rows=90, task="classification", validation=0.0):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 5))
    score = x @ rng.normal(size=(5, 3))
    if task == "classification":
        y = np.eye(3)[score.argmax(axis=1)]
    else:
        y = score[:, :1]
    return Dataset.from_arrays(
        x, y, task=task, test_fraction=0.2, validation_fraction=validation, split_seed=1
    )


def experiment(units=6, dropout=0.0, dtype="float32", **train):
    network = NetworkSpec(hidden=(HiddenLayer(units, Tanh(), dropout),), dtype=dtype)
    return Experiment(network=network, train=TrainSpec(**{"batch_size": 16} | train))


def run(trainer, epochs, seconds=0.001):
    done = 0
    for completed in trainer.slices(seconds):
        done += completed
        if done == epochs:
            return trainer
    return trainer


def same(first, second):
    assert (first.network.parameters == second.network.parameters).all()
    for column in COLUMNS:
        np.testing.assert_array_equal(first.history[column], second.history[column])


# ---------------------------------------------------------------- slices


@pytest.mark.parametrize("settings", [{}, {"dropout": 0.3}, {"units": 80}, {"dtype": "float64"}])
@pytest.mark.parametrize("seconds", [0.0, 1e-5, 1.0])
def test_the_same_bits_whatever_the_slicing(settings, seconds):
    one, other = (Trainer(experiment(**settings), data()) for _ in range(2))
    same(run(one, 4), run(other, 4, seconds))


def test_another_seed_is_another_run():
    base = experiment()
    other = replace(base, network=replace(base.network, seed=1))
    first, second = run(Trainer(base, data()), 2), run(Trainer(other, data()), 2)
    assert (first.network.parameters != second.network.parameters).any()


def test_with_no_time_every_batch_is_a_slice():
    trainer = Trainer(experiment(), data())
    slices = trainer.slices(0.0)
    seen = [(next(slices), trainer.epoch, trainer.batch) for _ in range(6)]
    assert trainer.batches_per_epoch == 5  # 72 rows in batches of 16, the last of 8
    assert [completed for completed, _, _ in seen] == [False] * 4 + [True, False]
    assert [at for _, *at in seen] == [[0, 1], [0, 2], [0, 3], [0, 4], [1, 0], [1, 1]]


def test_a_slice_never_crosses_an_epoch():
    trainer = Trainer(experiment(), data())
    slices = trainer.slices(100.0)
    next(slices)  # the first one measures
    assert next(slices) is True
    assert (trainer.epoch, trainer.batch) == (1, 0)


def test_iterating_yields_a_snapshot_per_epoch():
    trainer = Trainer(experiment(epochs=3), data())
    assert [(s.epoch, s.batch, s.record.epoch) for s in trainer] == [
        (1, 0, 1),
        (2, 0, 2),
        (3, 0, 3),
    ]
    assert trainer.outcome.kind == "finished"
    assert list(trainer) == []


@pytest.mark.parametrize(
    ("batch_size", "batches"), [(1, 72), (72, 1), (500, 1), (None, 1), (50, 2)]
)
def test_batches_per_epoch(batch_size, batches):
    trainer = run(Trainer(experiment(batch_size=batch_size), data()), 1)
    assert trainer.batches_per_epoch == batches
    assert len(trainer.history) == 1


def test_rows_of_the_next_batch():
    trainer = Trainer(experiment(), data())
    seen, slices = [], trainer.slices(0.0)
    for _ in range(trainer.batches_per_epoch):
        seen.extend(trainer.rows_of_batch.tolist())
        next(slices)
    assert sorted(seen) == list(range(72))


def test_rows_are_shuffled_anew_unless_told_otherwise():
    shuffled, steady = (Trainer(experiment(shuffle=flag), data()) for flag in (True, False))
    first = shuffled.rows_of_batch
    run(shuffled, 1)
    run(steady, 1)
    assert (first != shuffled.rows_of_batch).any()
    assert steady.rows_of_batch.tolist() == list(range(16))


# ---------------------------------------------------------------- figures


def test_held_out_rows_are_scored_at_the_end_of_the_epoch():
    dataset = data(validation=0.2)
    trainer = run(Trainer(experiment(dtype="float64"), dataset), 3)
    record = trainer.history.record(-1)
    for name in ("test", "validation"):
        x, y = (getattr(dataset, f"{part}_{name}") for part in "xy")
        said = trainer.network.predict(x)
        loss = trainer.network.loss.value(said, y).mean()
        accuracy = (said.argmax(axis=1) == y.argmax(axis=1)).mean()
        assert getattr(record, f"{name}_loss") == pytest.approx(loss)
        assert getattr(record, f"{name}_accuracy") == pytest.approx(accuracy)


def test_training_loss_is_of_the_batches_as_they_were_met():
    trainer = Trainer(experiment(batch_size=None, dtype="float64"), data())
    x, y = trainer.dataset.x_train, trainer.dataset.y_train
    expected = trainer.network.loss.value(trainer.network.predict(x), y).mean()
    run(trainer, 1)
    assert trainer.history["train_loss"][0] == pytest.approx(expected)


def test_a_sum_is_reported_as_a_sum():
    mean, total = (
        run(Trainer(experiment(batch_size=None, reduction=each, learning_rate=1e-9), data()), 1)
        for each in ("mean", "sum")
    )
    ratio = total.history["train_loss"] / mean.history["train_loss"]
    assert ratio.item() == pytest.approx(72)


def test_regression_has_no_accuracy():
    trainer = run(Trainer(experiment(), data(task="regression")), 1)
    assert np.isnan(trainer.history["train_accuracy"]).all()
    assert np.isfinite(trainer.history["test_loss"]).all()


def test_learns():
    trainer = run(Trainer(experiment(units=12, learning_rate=0.01), data(300)), 60)
    assert trainer.history["train_accuracy"][-1] > 0.95
    assert trainer.history["train_loss"][-1] < 0.3 * trainer.history["train_loss"][0]


def test_the_schedule_is_followed():
    trainer = run(Trainer(experiment(schedule=Step(every=2, rate=0.1)), data()), 5)
    rates = trainer.history["learning_rate"] / trainer.experiment.train.learning_rate
    np.testing.assert_allclose(rates, [1, 1, 0.1, 0.1, 0.01])


# ---------------------------------------------------------------- snapshots


@pytest.mark.parametrize("settings", [{}, {"dropout": 0.3}, {"units": 80}, {"batch_size": 1}])
@pytest.mark.parametrize("batches", [0, 3, 5, 13])
def test_restored_it_goes_on_as_if_nothing_had_been(settings, batches):
    through, back = (Trainer(experiment(**settings), data()) for _ in range(2))
    slices = back.slices(0.0)
    for _ in range(batches):
        next(slices)
    snapshot = back.snapshot()
    run(back, 3)
    back.restore(snapshot)
    assert (back.epoch, back.batch) == (snapshot.epoch, snapshot.batch)
    while through.epoch < 4:
        next(through.slices())
    while back.epoch < 4:
        next(back.slices())
    same(through, back)


def test_snapshots_are_read_only_copies():
    trainer = run(Trainer(experiment(dropout=0.5), data()), 1)
    snapshot = trainer.snapshot()
    arrays = [*snapshot.weights, *snapshot.biases, *snapshot.optimizer_state.values()]
    for array in (*arrays, *snapshot.masks):
        assert not array.flags.writeable
        assert not np.shares_memory(array, trainer.network.parameters)
    kept = snapshot.weights[0].copy()
    run(trainer, 1)
    assert (snapshot.weights[0] == kept).all()
    assert (trainer.network.weights[0] != kept).any()


def test_the_mask_of_the_last_step_is_there():
    trainer = Trainer(experiment(dropout=0.5, batch_size=72), data())
    assert trainer.masks == ()
    run(trainer, 1)
    (mask,) = trainer.snapshot().masks
    assert mask.shape == (72, 6)
    assert set(np.unique(mask)) == {0.0, 2.0}


def test_a_snapshot_of_another_network_is_refused():
    trainer, other = Trainer(experiment(), data()), Trainer(experiment(units=9), data())
    before = trainer.network.parameters.copy()
    with pytest.raises(ValueError, match="weights"):
        trainer.restore(other.snapshot())
    assert (trainer.network.parameters == before).all()


def test_restored_into_other_batches_the_epoch_starts_over():
    trainer = Trainer(experiment(), data())
    slices = trainer.slices(0.0)
    for _ in range(8):
        next(slices)
    snapshot = trainer.snapshot()
    trainer.apply(experiment(batch_size=72))
    trainer.restore(snapshot)
    assert (trainer.epoch, trainer.batch) == (1, 0)
    run(trainer, 1)
    assert len(trainer.history) == 2


def test_another_optimizer_does_not_take_over_what_this_one_remembers():
    trainer = run(Trainer(experiment(optimizer=AdaGrad()), data()), 1)
    snapshot = trainer.snapshot()
    trainer.apply(experiment(optimizer=RMSProp()))
    trainer.restore(snapshot)
    assert not trainer.snapshot().optimizer_state["squares"].any()
    trainer.apply(experiment(optimizer=AdaGrad()))
    trainer.restore(snapshot)
    assert trainer.snapshot().optimizer_state["squares"].any()


def test_restoring_cuts_the_history():
    trainer = run(Trainer(experiment(), data()), 2)
    snapshot, kept = trainer.snapshot(), trainer.history
    run(trainer, 3)
    trainer.restore(snapshot)
    assert len(trainer.history) == 2
    assert len(kept) == 5


# ---------------------------------------------------------------- live changes


def test_a_new_learning_rate_works_between_batches():
    trainer = Trainer(experiment(), data())
    slices = trainer.slices(0.0)
    next(slices)
    trainer.apply(experiment(learning_rate=1e-30))
    before = trainer.network.parameters.copy()
    next(slices)
    np.testing.assert_allclose(trainer.network.parameters, before, atol=1e-12)
    assert trainer.batch == 2


def test_a_new_optimizer_starts_afresh():
    trainer = run(Trainer(experiment(), data()), 1)
    trainer.apply(experiment(optimizer=SGD(momentum=0.5)))
    assert set(trainer.snapshot().optimizer_state) == {"step", "velocity"}
    assert int(trainer.snapshot().optimizer_state["step"]) == 0
    run(trainer, 1)
    trainer.apply(experiment(optimizer=SGD(momentum=0.9)))  # the same kind remembers
    assert int(trainer.snapshot().optimizer_state["step"]) == 5


def test_a_new_batch_size_deals_the_rows_anew():
    trainer = Trainer(experiment(), data())
    slices = trainer.slices(0.0)
    next(slices)
    trainer.apply(experiment(batch_size=8))
    assert (trainer.epoch, trainer.batch, trainer.batches_per_epoch) == (0, 0, 9)
    assert run(trainer, 1).epoch == 1


@pytest.mark.parametrize(
    "changes", [{"l2": 0.5}, {"l1": 0.5}, {"clip_norm": 0.01}, {"reduction": "sum"}]
)
def test_other_live_settings_take_effect_at_once(changes):
    plain, changed = Trainer(experiment(), data()), Trainer(experiment(), data())
    for trainer in (plain, changed):
        next(trainer.slices(0.0))
    changed.apply(experiment(**changes))
    assert changed.batch == 1
    for trainer in (plain, changed):
        next(trainer.slices(0.0))
    assert (plain.network.parameters != changed.network.parameters).any()


def test_a_mid_epoch_change_keeps_what_was_scored():
    whole, changed = Trainer(experiment(), data()), Trainer(experiment(), data())
    slices = changed.slices(0.0)
    next(slices)
    next(slices)
    changed.apply(experiment(l2=1e-12))
    run(changed, 1)
    run(whole, 1)
    assert changed.history["train_loss"] == pytest.approx(whole.history["train_loss"], rel=1e-4)


def test_what_needs_a_restart_is_refused():
    trainer = Trainer(experiment(), data())
    with pytest.raises(SettingError, match=r"network\.dtype"):
        trainer.apply(experiment(dtype="float64"))
    assert trainer.experiment == experiment()


def test_more_epochs_let_it_go_on():
    trainer = Trainer(experiment(epochs=2), data())
    run(trainer, 99)
    assert trainer.outcome.kind == "finished"
    trainer.apply(experiment(epochs=4))
    assert trainer.outcome is None
    run(trainer, 99)
    assert trainer.epoch == 4


# ---------------------------------------------------------------- endings


def test_early_stopping_keeps_the_best_weights():
    dataset = data(60, validation=0.3)
    trainer = Trainer(experiment(units=64, learning_rate=0.05, patience=5), dataset)
    best = None
    for snapshot in trainer:
        loss = snapshot.record.validation_loss
        if best is None or loss < best[0]:
            best = (loss, snapshot)
    assert trainer.outcome.kind == "stopped_early"
    assert trainer.epoch == best[1].epoch + 5
    assert str(best[1].epoch) in trainer.outcome.message
    for kept, weights in zip(best[1].weights, trainer.network.weights, strict=True):
        assert (kept == weights).all()


def test_early_stopping_counts_anew_when_it_goes_on():
    dataset = data(60, validation=0.3)
    settings = {"units": 64, "learning_rate": 0.05}
    trainer = run(Trainer(experiment(patience=3, **settings), dataset), 999)
    stopped = trainer.epoch
    trainer.apply(experiment(patience=4, **settings))
    run(trainer, 999)
    assert trainer.epoch >= stopped + 4


def diverging(**train):
    settings = {"optimizer": SGD(), "learning_rate": 100.0, "loss": MeanSquaredError()}
    network = NetworkSpec(hidden=(HiddenLayer(6, ReLU()),), initializer=Normal(std=2.0))
    return Experiment(network=network, train=TrainSpec(**settings | {"batch_size": 16} | train))


def test_divergence_is_a_result():
    trainer = Trainer(diverging(), data(task="regression"))
    run(trainer, 500)
    outcome = trainer.outcome
    assert outcome.kind == "diverged"
    assert "Learning rate 100 is too high for Gradient descent" in outcome.message
    assert "layer" in outcome.message
    assert outcome.layer in (0, 1)
    assert np.isfinite(trainer.network.parameters).all()
    assert np.isfinite(trainer.network.predict(trainer.dataset.x_train[0])).shape == (1,)


@pytest.mark.parametrize("seconds", [0.0, 1.0])
@pytest.mark.parametrize("rate", [1.0, 100.0])
def test_it_diverges_at_the_same_batch_whatever_the_slicing(seconds, rate):
    one, other = (Trainer(diverging(learning_rate=rate), data(task="regression")) for _ in range(2))
    run(one, 500)
    run(other, 500, seconds)
    assert one.outcome == other.outcome
    assert (one.epoch, one.batch) == (other.epoch, other.batch)
    same(one, other)


def test_after_divergence_a_lower_rate_goes_on_from_the_last_finite_weights():
    trainer = Trainer(diverging(), data(task="regression"))
    run(trainer, 500)
    epoch = trainer.epoch
    trainer.apply(diverging(learning_rate=1e-30))
    assert trainer.outcome is None
    run(trainer, 2)
    assert trainer.epoch == epoch + 2


def test_divergence_with_summed_gradients_says_so():
    trainer = Trainer(diverging(reduction="sum", learning_rate=2.0), data(task="regression"))
    run(trainer, 500)
    assert "added up over 16 rows" in trainer.outcome.message


def test_divergence_with_huge_inputs_says_so():
    rng = np.random.default_rng(0)
    dataset = Dataset.from_arrays(
        rng.normal(size=(64, 3)) * 1e6, rng.normal(size=(64, 1)), task="regression"
    )
    trainer = Trainer(diverging(learning_rate=0.1), dataset)
    run(trainer, 500)
    assert "scale them" in trainer.outcome.message


# ---------------------------------------------------------------- refusals and long runs


def test_cross_entropy_needs_targets_between_0_and_1():
    network = NetworkSpec(output=Sigmoid())
    settings = Experiment(network=network, train=TrainSpec(loss=BinaryCrossEntropy()))
    with pytest.raises(SettingError, match="targets between 0 and 1"):
        Trainer(settings, data(task="regression"))


def test_dead_memories_do_not_become_subnormal():
    """A dead neuron's moments fade for ever: too small ones are cleared."""
    trainer = Trainer(experiment(optimizer=Adam(beta1=0.5, beta2=0.5), batch_size=4), data())
    trainer.network.biases[0][0] = 1e4  # saturated: no gradient comes through
    trainer.network.weights[0][:, 0] = 0
    run(trainer, 30)
    tiny = np.finfo(np.float32).tiny
    for name in ("gradients", "squares"):
        memory = np.abs(trainer.snapshot().optimizer_state[name])
        assert ((memory == 0) | (memory > tiny)).all()
