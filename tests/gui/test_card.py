"""What the card says of a neuron or an edge, and who sits out a step of dropout."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from engine.spec import Experiment, HiddenLayer, NetworkSpec
from gui.network_view import Edge, Neuron
from gui.network_view.card import describe
from gui.network_view.sitting_out import LEGEND
from gui.training.gradients import loss_gradients
from gui.training.sitting_out import SittingOut, sitting_out
from tests.gui.network_frames import frame_of, shape_of


def rows_of(window):
    return dict(describe(window.network_view.picture())[1])


def point_at(window, qtbot, neuron):
    """Point at a neuron with the mouse."""
    view = window.network_view
    layout = view._scene.layout
    x, y = layout.centers[neuron.layer][layout.slot(neuron)]
    qtbot.mouseMove(view, QPoint(round(x), round(y)))
    qtbot.waitUntil(lambda: view._hover == neuron)


def test_a_neuron_tells_value_rank_and_gradient(window, qtbot):
    point_at(window, qtbot, Neuron(2, 4))
    qtbot.waitUntil(lambda: window.network_view.frame.gradients is not None, timeout=20_000)
    frame, rows = window.network_view.frame, rows_of(window)
    values = frame.probe.activations[2]
    place = 1 + int((np.abs(values) > abs(values[4])).sum())
    assert rows["Activation"] == f"{values[4]:.3g}"
    assert rows["Rank by size"].startswith(str(place))
    assert rows["Rank by size"].endswith(" of 10")
    assert rows["∂L/∂b"] == f"{frame.bias_gradients[1][4]:+.3g}".replace("-", "−")
    assert "Dropout" not in rows


def test_gradients_are_worked_out_only_while_they_are_looked_at(window, qtbot):
    view = window.network_view
    assert view.frame.gradients is None
    view.pin(Edge(0, 3, 7))
    qtbot.waitUntil(lambda: view.frame.gradients is not None, timeout=20_000)
    rows, weights = rows_of(window), view.frame.weights[0]
    assert rows["∂L/∂w"] == f"{view.frame.gradients[0][3, 7]:+.3g}".replace("-", "−")
    assert rows["Rank by size"].endswith(f" of {weights.size:,}")
    assert rows["Layer"] == "Input → Hidden layer"
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: view.frame.gradients is None, timeout=20_000)


def test_a_walk_tells_its_own_gradients(window, qtbot):
    view, panel = window.network_view, window.docks.panel("debugger")
    qtbot.mouseClick(panel.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.debugger.trace is not None, timeout=20_000)
    view.pin(Edge(1, 2, 5))
    slope = panel.debugger.trace["dW2"].value[2, 5]
    assert rows_of(window)["∂L/∂w"] == f"{slope:+.3g}".replace("-", "−")
    panel.debugger.leave()
    qtbot.waitUntil(lambda: not panel.debugger.active, timeout=20_000)


def test_in_a_walk_it_tells_who_sits_out_in_the_step_that_is_shown(window, qtbot):
    session, view, panel = window.session, window.network_view, window.docks.panel("debugger")
    session.change(with_dropout(0.5), "Dropout")
    qtbot.waitUntil(lambda: session.frame.shape.sizes == (64, 12, 10), timeout=20_000)
    qtbot.mouseClick(panel.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.debugger.trace is not None, timeout=20_000)
    mask = panel.debugger.trace.given["mask1"].value[0]
    view.pin(Neuron(1, int(np.argmin(mask))))
    assert rows_of(window)["Dropout"] == "sits out this step"
    view.pin(Neuron(1, int(np.argmax(mask))))
    assert rows_of(window)["Dropout"] == "takes part"


# ---------------------------------------------------------------- dropout


def with_dropout(*rates):
    layers = tuple(HiddenLayer(12, dropout=rate) for rate in rates)
    return Experiment(network=NetworkSpec(hidden=layers))


def test_the_neurons_that_sit_out_are_marked_and_the_card_says_so(window, qtbot):
    session, view = window.session, window.network_view
    session.change(with_dropout(0.5, 0.0), "Dropout")
    qtbot.waitUntil(lambda: session.frame.shape.sizes == (64, 12, 12, 10), timeout=20_000)
    assert session.frame.sits_out == ()  # before the first step
    session.step()
    trained = lambda: session.frame.epoch == 1 and session.frame.sits_out != ()  # noqa: E731
    qtbot.waitUntil(trained, timeout=20_000)
    absent, without = session.frame.sits_out[:2]
    assert absent.any()
    assert without is None
    one, another = int(np.argmax(absent)), int(np.argmin(absent))
    view.pin(Neuron(1, one))
    assert rows_of(window)["Dropout"] == "sat out the last step"
    view.pin(Neuron(1, another))
    assert rows_of(window)["Dropout"] == "took part"
    view.pin(Neuron(2, 0))
    assert "Dropout" not in rows_of(window)
    view.pin(None)
    marked = view.grab().toImage()
    view.set_frame(replace(session.frame, sits_out=()))
    assert view.grab().toImage() != marked
    assert "dropout" in LEGEND


def test_at_rest_it_is_the_last_step_that_is_shown(qapp):
    from engine.trainer import Trainer

    trainer, looking = Trainer(with_dropout(0.0, 0.4)), SittingOut()
    assert not looking.work(trainer, hurry=True)
    slices = trainer.slices(0)
    for _ in range(3):
        next(slices)
        assert looking.work(trainer, hurry=True)
        assert looking.seen[0] is None
        assert (looking.seen[1] == (trainer.snapshot().masks[0][0] == 0)).all()
    next(slices)
    assert not looking.work(trainer, hurry=False)  # another a moment later would only flicker
    assert sitting_out(trainer)[2] is None
    assert loss_gradients(trainer).biases[0].shape == (12,)


@pytest.mark.parametrize("sizes", [(2, 4, 1), (64, 64, 10)])
def test_marks_of_any_size_are_drawn_in_both_themes(window, qtbot, sizes):
    image = (8, 8) if sizes[0] == 64 else None
    frame = frame_of(shape_of(sizes, image))
    absent = np.arange(sizes[1]) % 2 == 0
    for _ in range(2):
        window.network_view.set_frame(frame)
        plain = window.network_view.grab().toImage()
        window.network_view.set_frame(replace(frame, sits_out=(absent, None)))
        assert window.network_view.grab().toImage() != plain
        window.appearance.toggle_theme()
