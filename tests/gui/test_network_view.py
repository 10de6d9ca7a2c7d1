"""The network view as a user meets it: painted, pointed at, zoomed, exported."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication

from engine.health import Finding, Health
from engine.surfaces import Extent, Surface
from gui import theme
from gui.export import painted
from gui.network_view import Edge, NetworkView, Neuron
from gui.network_view.captions import captions, example_caption
from gui.network_view.card import describe, note_on
from gui.network_view.table import WeightsTable
from gui.training.overview import Seen
from tests.gui.network_frames import frame_of, probe_of, shape_of


class Training(QObject):
    """As much of a session as the view looks at."""

    stateChanged = Signal()
    running = hurried = gradients = False
    speed = None

    def show_gradients(self, shown):
        self.gradients = shown

    def run(self, running):
        self.running = self.hurried = running
        self.stateChanged.emit()


@pytest.fixture
def digits():
    return frame_of(shape_of((64, 64, 10), (8, 8)))


@pytest.fixture
def small():
    return frame_of(shape_of((2, 4, 2, 1), activation="Tanh"))


@pytest.fixture
def view(qtbot):
    made = NetworkView()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def shot(view):
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    view.render(image)
    return image


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    array = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return array[..., 2::-1].astype(int)  # red, green, blue


def place(view, neuron):
    layout = view.picture().layout
    x, y = layout.centers[neuron.layer][layout.slot(neuron)]
    return QPoint(round(x), round(y))


def hover(qtbot, view, point):
    qtbot.mouseMove(view, QPoint(5, 5))
    qtbot.mouseMove(view, point)


def test_before_any_frame_it_says_what_will_come(view):
    image = pixels(shot(view))
    ground = theme.palette().rgb("canvas")
    assert (image != ground).any(axis=-1).sum() > 50


def test_positive_weights_are_orange_and_negative_blue(view, digits):
    for sign, (strong, weak) in ((1, (0, 2)), (-1, (2, 0))):
        weights = (np.full((64, 64), sign, np.float32), digits.weights[1] * 0)
        view.set_frame(replace(digits, weights=weights))
        bundle = pixels(shot(view))[300:380, 330:480]
        assert bundle[..., strong].mean() > bundle[..., weak].mean() + 40


def test_every_frame_is_painted_anew(view, digits):
    view.set_frame(digits)
    before = pixels(shot(view))
    view.set_frame(frame_of(digits.shape, seed=5))
    assert (pixels(shot(view)) != before).any()


def test_stronger_weights_are_more_opaque(view, digits):
    means = []
    for size in (0.1, 0.4, 0.7):
        weights = tuple(np.full_like(w, size) for w in digits.weights)
        view.set_frame(replace(digits, weights=weights))
        means.append(pixels(shot(view))[300:380, 330:480, 0].mean())
    assert means == sorted(means)
    assert means[0] < 0.6 * means[2]


def test_pointing_at_a_neuron_shows_its_weights_over_the_input(view, digits, qtbot):
    view.set_frame(digits)
    shot(view)
    with qtbot.waitSignal(view.hovered) as heard:
        hover(qtbot, view, place(view, Neuron(1, 7)))
    assert heard.args == [Neuron(1, 7)]
    image = shot(view)
    column = digits.weights[0][:, 7]
    expected = theme.diverging(column / np.abs(column).max())
    layout = view.picture().layout
    for pixel in (0, 9, 36, 63):
        x, y = layout.centers[0][pixel]
        assert image.pixel(round(x), round(y)) == expected[pixel]


def test_pointing_at_a_neuron_dims_the_others(view, digits, qtbot):
    view.set_frame(digits)
    before = pixels(shot(view))[300:380, 330:480]
    hover(qtbot, view, place(view, Neuron(1, 0)))
    after = pixels(shot(view))[300:380, 330:480]
    assert after.mean() < 0.7 * before.mean()


def test_leaving_lets_go(view, digits, qtbot):
    view.set_frame(digits)
    hover(qtbot, view, place(view, Neuron(1, 0)))
    with qtbot.waitSignal(view.hovered) as heard:
        hover(qtbot, view, QPoint(600, 690))
    assert heard.args == [None]


def test_a_click_pins_and_a_second_one_lets_go(view, digits, qtbot):
    view.set_frame(digits)
    at = place(view, Neuron(2, 3))
    with qtbot.waitSignal(view.pinned) as heard:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert heard.args == [Neuron(2, 3)]
    assert view.selection == Neuron(2, 3)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert view.selection is None


def test_an_edge_is_found_and_pinned(view, small, qtbot):
    view.set_frame(small)
    shot(view)
    x0, y0, x1, y1 = view.picture().layout.lines[8 + 2 * 2 + 1]
    point = QPoint(round(x0 + 0.12 * (x1 - x0)), round(y0 + 0.04 * (y1 - y0)))
    assert view.item_at(point.x(), point.y()) == Edge(1, 2, 1)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=point)
    assert view.selection == Edge(1, 2, 1)
    shot(view)


def test_the_keyboard_walks_pins_and_lets_go(view, digits, qtbot):
    view.set_frame(digits)
    shot(view)
    keys = Qt.Key
    for key in (keys.Key_Down, keys.Key_Down, keys.Key_Right, keys.Key_Return):
        qtbot.keyClick(view, key)
    assert view.selection == Neuron(2, 0)
    assert "Output" in view.accessibleDescription()
    assert "Bias" in view.accessibleDescription()
    qtbot.keyClick(view, keys.Key_Escape)
    assert view.selection is None


def test_another_network_forgets_what_was_pinned(view, digits, small, qtbot):
    view.set_frame(digits)
    view.pin(Neuron(1, 60))
    view.set_frame(small)
    assert view.selection is None
    shot(view)
    view.set_frame(digits)
    shot(view)


def test_the_threshold_hides_weak_edges(view, digits):
    view.set_frame(digits)
    before = pixels(shot(view))[300:380, 330:480].mean()
    view.set_threshold(0.95)
    after = pixels(shot(view))[300:380, 330:480].mean()
    assert after < 0.5 * before


def test_the_bar_shows_and_sets_the_options(view, digits, qtbot):
    view.set_frame(digits)
    view.set_mode("contribution")
    assert "contribution" in view.bar._mode.text()
    view.bar._slider.setValue(40)
    assert view.threshold == 0.4
    qtbot.mouseClick(view.bar._fit, Qt.MouseButton.LeftButton)
    assert view.fit
    change = next(a for a in view.bar._mode.menu().actions() if a.data() == "change")
    change.trigger()
    assert view.mode == "change"
    shot(view)


def test_the_bar_gives_way_in_a_narrow_view(view):
    view.resize(1400, 800)
    assert view.bar._label.isVisibleTo(view)
    view.resize(420, 400)
    assert not view.bar._label.isVisibleTo(view)
    assert view.bar.geometry().right() <= view.width()


def wheel(view, at, steps):
    position = QPointF(at)
    event = QWheelEvent(
        position,
        view.mapToGlobal(position),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_the_wheel_zooms_about_the_pointer_and_0_shows_all(view, digits, qtbot):
    view.set_frame(digits)
    home = place(view, Neuron(1, 20))
    wheel(view, home, 3)
    assert (place(view, Neuron(1, 20)) - home).manhattanLength() <= 2
    assert (place(view, Neuron(1, 30)) - home).y() > 100
    shot(view)
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert place(view, Neuron(1, 20)) == home


def test_dragging_moves_a_zoomed_drawing_without_pinning(view, digits, qtbot):
    view.set_frame(digits)
    shot(view)
    wheel(view, QPoint(500, 350), 4)
    before = place(view, Neuron(1, 20))
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(420, 300))
    for step in (15, 30, 45):
        QApplication.sendEvent(view, drag_event(view, QPointF(420 + step, 300)))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(465, 300))
    assert (place(view, Neuron(1, 20)) - before).x() == 45
    assert view.selection is None


def drag_event(view, at):
    return QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        view.mapToGlobal(at),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )


def test_wide_layers_fold_and_unfold(view, qtbot):
    view.set_frame(frame_of(shape_of((4, 60, 3))))
    shot(view)
    assert view.picture().layout.edges == 4 * 60 + 60 * 3
    view.toggle_fold(1)
    assert view.picture().layout.edges == 4 * 24 + 24 * 3
    view.toggle_fold(1)
    assert view.picture().layout.edges == 4 * 60 + 60 * 3
    view.toggle_fold(2)  # three neurons are never too many
    assert not view.picture().layout.is_folded(2)


def test_a_click_on_a_caption_folds(view, qtbot):
    view.set_frame(frame_of(shape_of((4, 60, 3))))
    shot(view)
    at = captions(view.picture())[1][0].center().toPoint()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert view.picture().layout.is_folded(1)


def test_a_layer_too_wide_for_the_window_folds_by_itself_and_can_be_opened(view):
    view.set_frame(frame_of(shape_of((4, 900, 3))))
    assert view.picture().layout.is_folded(1)
    view.toggle_fold(1)
    assert not view.picture().layout.is_folded(1)


def test_large_networks_finish_their_haze(view, qtbot):
    view.set_frame(frame_of(shape_of((784, 64, 32, 10), (28, 28))))
    view.repaint()
    qtbot.waitUntil(lambda: view._scene._edges.cycles > 0)
    assert pixels(shot(view))[300:380, 330:400].std() > 5


def test_particles_flow_only_while_training_runs(qtbot, small):
    training = Training()
    view = NetworkView(training)
    qtbot.addWidget(view)
    view.set_frame(small)
    view.show()
    assert view.picture().flow is None
    training.run(True)
    start = view.picture().flow.rounds
    qtbot.waitUntil(lambda: view.picture().flow.rounds > start)
    shot(view)
    view.set_reduced_motion(True)
    assert view.picture().flow is None
    view.set_reduced_motion(False)
    training.run(False)
    assert view.picture().flow is None
    view.close()


def test_curves_catch_up_with_the_newest_frame(view, small, qtbot):
    view.set_frame(small)
    view.repaint()
    flipped = replace(small, weights=tuple(-w for w in small.weights))
    view.set_frame(flipped)
    edges = view._scene._edges
    qtbot.waitUntil(lambda: view.picture().values.version == edges._version and not edges._back)
    np.testing.assert_array_equal(edges._values, view.picture().values.scaled)


@pytest.mark.parametrize("kind", ["digits", "small", "large"])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_export(view, qapp, digits, small, tmp_path, kind, name):
    theme.apply_theme(qapp, name)
    large = frame_of(shape_of((784, 32, 10), (28, 28)))
    view.set_frame({"digits": digits, "small": small, "large": large}[kind])
    view.pin(Neuron(1, 1))
    painted(tmp_path / "a.png", view.size(), view.paint_to, "Network", 1.5)()
    saved = QImage(str(tmp_path / "a.png"))
    assert (saved.width(), saved.height()) == (1500, 1050)
    assert saved.pixelColor(3, 3) == QColor(theme.palette().canvas)
    painted(tmp_path / "a.svg", view.size(), view.paint_to, "Network")()
    text = (tmp_path / "a.svg").read_text()
    assert text.count("<poly") + text.count("<path") > 15
    assert "Output" in text
    view.bar.pictures.copy.trigger()
    assert QGuiApplication.clipboard().image().width() == 2000


@pytest.mark.parametrize("size", [(320, 240), (700, 1100), (1900, 500)])
@pytest.mark.parametrize(
    "shape",
    [
        shape_of((64, 64, 10), (8, 8)),
        shape_of((2, 3, 1)),
        shape_of((1, 1)),
        shape_of((300, 5, 2)),
        shape_of((3, 120, 40)),
    ],
    ids=lambda shape: "-".join(map(str, shape.sizes)),
)
def test_any_network_at_any_size(view, size, shape):
    view.resize(*size)
    view.set_frame(frame_of(shape, biased=False))
    for item in (None, Neuron(0, 0), Neuron(len(shape.sizes) - 1, 0), Edge(0, 0, 0)):
        view.pin(item)
        shot(view)


def test_without_an_example_the_network_is_drawn_all_the_same(view, digits):
    view.set_frame(replace(digits, probe=None))
    view.pin(Neuron(1, 3))
    shot(view)
    view.set_mode("contribution")
    shot(view)


def test_weights_that_are_not_finite_do_no_harm(view, digits):
    broken = tuple(np.full_like(w, np.nan) for w in digits.weights)
    x = np.full(64, np.nan)
    probe = replace(digits.probe, x=x, activations=(x, np.full(64, np.inf), np.full(10, np.nan)))
    view.set_frame(replace(digits, weights=broken, probe=probe))
    view.pin(Neuron(2, 3))
    shot(view)


def test_a_drawing_is_captioned_as_such(view, digits):
    drawn = probe_of(
        digits.shape, digits.weights, digits.biases, np.zeros(64), source="drawing", label=None
    )
    view.set_frame(replace(digits, probe=drawn))
    assert example_caption(view.picture())[0] == "Your drawing"
    view.set_frame(digits)
    title, detail = example_caption(view.picture())
    assert title == "Test digit #17"
    assert detail.startswith("true label 3")


def test_two_input_networks_show_a_map_in_every_neuron(view, small):
    ramp = np.linspace(-1, 1, 20)
    maps = tuple(np.broadcast_to(ramp, (n, 20, 20)) for n in small.shape.sizes)
    extent = Extent(-1, 1, -1, 1)
    surface = Surface(extent, maps[-1], maps)
    view.set_frame(replace(small, seen=Seen(surface=surface)))
    image = pixels(shot(view))
    at = place(view, Neuron(1, 1))
    left, right = image[at.y(), at.x() - 8], image[at.y(), at.x() + 8]
    assert left[2] > left[0]
    assert right[0] > right[2]


def test_at_full_speed_all_is_as_in_a_rest_a_moment_later(qtbot, digits):
    training = Training()
    view = NetworkView(training)
    qtbot.addWidget(view)
    view.resize(1000, 700)
    faint = tuple(0.01 * each for each in digits.weights)
    digits = replace(digits, weights=faint)  # test_network_values.py is about the edges' shades
    view.set_frame(digits)
    shot(view)
    training.run(True)
    other = probe_of(digits.shape, digits.weights, digits.biases, digits.probe.x[::-1])
    later = replace(digits, probe=other, epoch=9)
    shot(view)
    view.set_frame(later)
    training.run(False)
    rested = pixels(shot(view)).astype(int)
    training.run(True)
    # What is kept is rounded once more.
    qtbot.waitUntil(lambda: np.abs(pixels(shot(view)) - rested).max() <= 1)


def test_ailing_neurons_are_marked_and_say_why(view, digits, small):
    findings = (
        Finding("vanishing", 1, None, "Nothing comes back.", "Try ReLU."),
        Finding("dead", 1, 2, "It is silent for every row.", "Try a smaller learning rate."),
    )
    for frame in (digits, small):
        view.set_frame(frame)
        well = pixels(shot(view))
        view.set_frame(replace(frame, seen=Seen(health=Health(100, findings, (1.0, 1.0)))))
        assert (pixels(shot(view)) != well).any()
        view.pin(Neuron(1, 2))
        shot(view)
        assert note_on(view.picture()).startswith("It is silent")
        assert "Try ReLU" in view._scene.caption_help(1)
        neurons = frame.shape.sizes[1]
        assert f"1 of {neurons} neurons is dead. Try a smaller" in view._scene.caption_help(1)


def test_the_badge_beside_a_caption_tells_too(view, small, qtbot):
    findings = tuple(
        Finding("saturated", 1, k, "At its flat ends.", "Try smaller initial weights.")
        for k in range(3)
    )
    view.set_frame(replace(small, seen=Seen(health=Health(100, findings, (1.0, 1.0)))))
    view.grab()
    box, *_words = captions(view.picture())[1]
    hover(qtbot, view, QPoint(round(box.left()) - 12, round(box.top()) + 8))
    assert view.toolTip().startswith("3 of 4 neurons are saturated. Try smaller initial weights.")


def test_the_weights_as_a_table(view, small, qtbot):
    view.set_frame(small)
    qtbot.keyClick(view, Qt.Key.Key_T)
    table = view.findChild(WeightsTable)
    model = table._model
    assert (model.rowCount(), model.columnCount()) == (3, 4)
    corner = model.index(1, 2)
    assert float(model.data(corner).replace("−", "-")) == pytest.approx(
        small.weights[0][1, 2], rel=1e-3
    )
    assert model.data(corner, Qt.ItemDataRole.AccessibleTextRole).startswith("x2 to neuron 3")
    assert model.headerData(2, Qt.Orientation.Vertical) == "bias"
    table._layers.setCurrentIndex(1)
    assert (model.rowCount(), model.columnCount()) == (5, 2)
    view.set_frame(replace(small, weights=tuple(2 * w for w in small.weights)))
    table.refresh()
    assert model.value(0, 0) == pytest.approx(2 * small.weights[1][0, 0])
    table.copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 6
    assert float(lines[1].split("\t")[1]) == pytest.approx(model.value(0, 0))
    view.set_frame(frame_of(shape_of((4, 2))))
    table.refresh()
    assert model.columnCount() == 2
    table.close()


def test_gradients_have_hues_of_their_own(view, digits):
    view.set_frame(digits)
    view.set_mode("gradient")
    assert not view.picture().values.scaled.any()  # none have come yet
    view.set_frame(replace(digits, gradients=tuple(np.ones_like(w) for w in digits.weights)))
    view.pin(Edge(0, 3, 4))
    assert ("∂L/∂w", "+1") in describe(view.picture())[1]
    view.pin(None)
    bundle = pixels(shot(view))[300:380, 330:480].reshape(-1, 3)
    brightest = bundle[bundle.sum(axis=1).argmax()]
    wanted = theme.palette().rgb("gradient_positive")
    assert np.abs(brightest - wanted).max() < 40


def pink_pixels(view):
    return np.all(pixels(shot(view)) == theme.palette().rgb("gradient_positive"), axis=-1).sum()


def test_values_flow_forward_then_gradients_backward(qtbot, small):
    training = Training()
    view = NetworkView(training)
    qtbot.addWidget(view)
    view.set_frame(replace(small, gradients=tuple(np.ones_like(w) for w in small.weights)))
    view.show()
    training.run(True)
    assert not training.gradients
    assert pink_pixels(view) == 0
    qtbot.waitUntil(lambda: view.picture().flow.backward, timeout=20_000)
    assert training.gradients, "what flows back has to be worked out"
    turned = view.picture().flow.rounds
    qtbot.waitUntil(lambda: view.picture().flow.front > 0.5, timeout=20_000)
    assert view.picture().flow.rounds < turned
    assert pink_pixels(view) > 0
    training.run(False)
    assert view.picture().flow is None
    view.close()


def test_the_line_over_the_legend_stays_while_only_the_network_is_painted(view, small):
    absent = tuple(np.arange(units) == 0 for units in small.shape.sizes[1:])
    view.set_frame(replace(small, sits_out=absent))
    picture, rect = view.picture(), view.rect()
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    seen = []
    for part in (rect, view._scene.changing(rect)):
        painter = QPainter(image)
        view._scene.paint(painter, rect, picture, part)
        painter.end()
        seen.append(pixels(image))
    assert rect != part
    np.testing.assert_array_equal(*seen)


def test_an_update_that_can_be_seen_has_a_turn_of_its_own(qtbot, small):
    training = Training()
    training.speed = 0.5
    view = NetworkView(training)
    qtbot.addWidget(view)
    alone = replace(small, batches_per_epoch=1, batch=0)
    view.set_frame(alone)
    view.show()
    training.run(True)
    qtbot.waitUntil(lambda: view.picture().flow.backward, timeout=20_000)
    view.set_frame(replace(alone, epoch=alone.epoch + 1))
    assert not view.picture().flow.backward, "the next update begins with its values"
    training.run(False)
    view.close()


def test_a_wrong_answer_is_told(view, digits):
    probe = replace(digits.probe, label=int(digits.probe.outputs.argmin()))
    view.set_frame(replace(digits, probe=probe))
    answer = int(probe.outputs.argmax())
    assert example_caption(view.picture())[1].endswith(f"taken for {answer}")


@pytest.mark.parametrize("width", [330, 400, 671, 1400])
def test_captions_never_run_into_each_other(view, digits, width):
    view.resize(width, 350)
    for frame in (digits, frame_of(shape_of((2, 8, 8, 8, 1)))):
        view.set_frame(frame)
        boxes = [box for box, *_ in captions(view.picture()).values()]
        assert not any(a.intersects(b) for a, b in pairwise(boxes))


@pytest.mark.parametrize("sizes", [(2, 60, 1), (784, 64, 10)])
def test_resizing_zooming_and_folding_never_leave_the_ground_bare(view, qapp, sizes):
    view.set_frame(frame_of(shape_of(sizes, (28, 28) if sizes[0] == 784 else None)))
    for _ in range(12):
        shot(view)
    inked = (pixels(shot(view)) != theme.palette().rgb("canvas")).any(axis=-1).mean()
    view.resize(900, 650)
    assert (pixels(shot(view)) != theme.palette().rgb("canvas")).any(axis=-1).mean() > inked / 2
    view.zoom_in()
    shot(view)
    view.toggle_fold(1)
    shot(view)
    theme.apply_theme(qapp, "light")
    shot(view)
    assert pixels(shot(view))[2, 2].tolist() == theme.palette().rgb("canvas").tolist()
