"""The loss's gradient on the drawing: asked for, worked out, told apart from the weights."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data_sources import Digits
from engine.spec import DataSpec, Experiment, TrainSpec
from engine.toy_data import Circle, Sine
from engine.trainer import Trainer
from gui import theme
from gui.network_view.values import MODES
from gui.training.gradients import Gradients, loss_gradients


def objective(trainer, rows):
    """The loss of a batch and the penalties, by the definition's forward pass."""
    network, train = trainer.network, trainer.experiment.train
    x, y = trainer.x_train[rows], trainer.dataset.y_train[rows]
    _outputs, caches = network.forward(x)
    loss = network.row_losses(caches, y).sum() / (len(rows) if train.reduction == "mean" else 1)
    size = sum(np.square(w).sum() for w in network.weights)
    return loss + 0.5 * train.l2 * size


@pytest.mark.parametrize("source", [Circle(), Sine(), Digits()])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_they_tell_how_the_loss_of_the_next_batch_changes(source, reduction):
    train = TrainSpec(batch_size=16, reduction=reduction, l2=0.01)
    made = Experiment(data=DataSpec(source=source), train=train)
    made = replace(made, network=replace(made.network, dtype="float64"))
    trainer = Trainer(made)
    slices = trainer.slices(0)
    for _ in range(3):
        next(slices)
    rows, slopes = trainer.rows_of_batch, loss_gradients(trainer)
    network = trainer.network
    parameters = (*network.weights, *network.biases)
    for weights, slope in zip(parameters, (*slopes.weights, *slopes.biases), strict=True):
        at = np.unravel_index(np.abs(slope).argmax(), slope.shape)
        kept, step = weights[at], 1e-6
        weights[at] = kept + step
        above = objective(trainer, rows)
        weights[at] = kept - step
        below = objective(trainer, rows)
        weights[at] = kept
        assert slope[at] == pytest.approx((above - below) / (2 * step), rel=1e-4, abs=1e-8)
        assert not slope.flags.writeable


def test_they_are_worked_out_once_for_each_stage_of_the_network():
    trainer, gradients = Trainer(Experiment()), Gradients()
    assert gradients.work(trainer, hurry=True)
    assert not gradients.work(trainer, hurry=True)
    trainer.network.weights[0][3, 4] += 0.5
    assert gradients.work(trainer, hurry=True)
    assert gradients.version == 2


def choose(window, mode):
    """Choose what the colours tell, as from the menu in the drawing's corner."""
    menu = window.network_view.bar._mode.menu()
    next(action for action in menu.actions() if action.text() == MODES[mode]).trigger()


def test_choosing_the_gradient_brings_it_live(window, qtbot):
    view, session = window.network_view, window.session
    assert session.frame.gradients is None
    choose(window, "gradient")
    qtbot.waitUntil(lambda: session.frame.gradients is not None, timeout=10_000)
    first = session.frame.gradients
    assert [g.shape for g in first] == [w.shape for w in session.frame.weights]
    session.play_until(2)
    qtbot.waitUntil(lambda: session.frame.epoch == 2, timeout=10_000)
    qtbot.waitUntil(lambda: not np.array_equal(session.frame.gradients[0], first[0]))
    assert view.picture().values.scaled.any()
    assert view.picture().look == (theme.palette().name, "gradient_")
    session.reset()
    qtbot.waitUntil(lambda: session.frame.generation == 2 and session.frame.gradients is not None)
    choose(window, "weight")
    qtbot.waitUntil(lambda: session.frame.gradients is None, timeout=10_000)
