"""The panel of every setting, on a session that answers at once and on the real one."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.activations import LeakyReLU, Softmax
from engine.data_sources import SinglePoint
from engine.knobs import SettingError, knobs
from engine.optimizers import SGD
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from gui import theme
from gui.forms.buttons import LabelBox, QuietButton, Switch
from gui.forms.choices import QuietCombo
from gui.forms.numbers import NumberField
from gui.panels.hyperparameters import HyperparametersPanel, UprightArea

BUSY = Experiment(
    data=DataSpec(validation_fraction=0.1),
    network=NetworkSpec(hidden=(HiddenLayer(64, LeakyReLU(0.2), 0.25), HiddenLayer(32))),
    train=TrainSpec(optimizer=SGD(0.9), batch_size=None, epochs=200, patience=10, l2=0.001),
)


class FakeSession(QObject):
    experimentChanged = Signal()
    refused = Signal(object)

    def __init__(self):
        super().__init__()
        self.experiment = Experiment()
        self.changes = []
        self.refusal = None

    def change(self, experiment, text):
        if self.refusal is not None:
            raise self.refusal
        self.changes.append(text)
        self.use(experiment)

    def use(self, experiment):
        self.experiment = experiment
        self.experimentChanged.emit()


@pytest.fixture
def fake():
    return FakeSession()


@pytest.fixture
def panel(qtbot, fake):
    made = HyperparametersPanel(fake)
    made.resize(300, 800)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def entry(panel, section, name):
    return panel.sections[section].form.fields[name]


def write(widget, text):
    widget.setFocus()
    widget.selectAll()
    QTest.keyClicks(widget, text)
    QTest.keyClick(widget, Qt.Key.Key_Return)


def test_every_setting_of_the_experiment_has_a_field(panel):
    for name, section in panel.sections.items():
        declared = [each.name for each in knobs(getattr(Experiment(), name))]
        assert list(section.form.fields) == declared


def test_a_change_reaches_the_session_with_words_for_the_undo_menu(panel, fake):
    write(entry(panel, "train", "learning_rate").editor.field, "0,01")
    assert fake.experiment.train.learning_rate == 0.01
    assert fake.changes == ["Learning rate 0.01"]


def test_a_change_from_elsewhere_shows_in_the_fields(panel, fake):
    fake.use(BUSY)
    assert entry(panel, "train", "epochs").editor.field.text() == "200"
    assert entry(panel, "train", "batch_size").editor.none.isChecked()
    assert entry(panel, "train", "optimizer").editor.combo.currentText() == SGD.label
    assert len(entry(panel, "network", "hidden").editor.rows) == 2
    assert fake.changes == []


def test_a_refused_change_is_said_at_the_field_and_the_old_value_stands(panel, fake):
    fake.refusal = SettingError("network.output", "softmax needs at least 2 outputs")
    combo = entry(panel, "network", "output").editor.combo
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_End)
    assert entry(panel, "network", "output").complaint == "Softmax needs at least 2 outputs"
    assert combo.currentText() == "Automatic"
    assert fake.experiment == Experiment()


def test_a_change_refused_later_is_said_at_the_field_too(panel, fake):
    write(entry(panel, "train", "batch_size").editor.field, "7")
    fake.use(Experiment())
    fake.refused.emit(ValueError("no batches of 7 today"))
    assert entry(panel, "train", "batch_size").complaint == "No batches of 7 today"
    assert entry(panel, "train", "batch_size").editor.field.text() == "32"


def test_what_others_asked_for_is_not_said_at_a_field(panel, fake):
    write(entry(panel, "train", "batch_size").editor.field, "7")
    fake.use(BUSY)
    fake.refused.emit(ValueError("not yours"))
    assert entry(panel, "train", "batch_size").complaint == ""


def test_a_section_goes_back_to_its_defaults_at_once(panel, fake, qtbot):
    fake.use(BUSY)
    section = panel.sections["train"]
    assert section.reset.isVisible()
    qtbot.mouseClick(section.reset, Qt.MouseButton.LeftButton)
    assert fake.experiment == replace(BUSY, train=TrainSpec())
    assert fake.changes == ["Reset Training"]
    assert not section.reset.isVisible()


def test_a_section_folds_with_the_keyboard(panel):
    section = panel.sections["data"]
    section.head.setFocus()
    QTest.keyClick(section.head, Qt.Key.Key_Space)
    assert not section.form.isVisible()
    QTest.keyClick(section.head, Qt.Key.Key_Space)
    assert section.form.isVisible()


@pytest.mark.parametrize(
    ("section", "name", "words"),
    [
        ("train", "learning_rate", "This applies at once"),
        ("network", "seed", "This restarts the training"),
    ],
)
def test_the_headline_tells_what_will_happen(panel, section, name, words):
    headline = panel.findChild(QLabel)
    entry(panel, section, name).editor.field.setFocus()
    assert headline.text() == words
    panel.sections["data"].head.setFocus()
    assert headline.text() == "Applies at once, unless marked"


def set_text_size(application, points):
    theme.apply_text_size(application, points)


@pytest.mark.parametrize("points", [10, 18])
def test_nothing_is_wider_than_the_panel(panel, fake, qtbot, qapp, points):
    set_text_size(qapp, points)
    try:
        fake.use(BUSY)
        for section in panel.sections.values():
            section.form.more.button.setChecked(True)
        panel.resize(panel.minimumSizeHint().width(), 800)
        qtbot.wait(1)
        area = panel.findChild(UprightArea)
        assert area.widget().width() == area.viewport().width()
        for label in panel.findChildren(LabelBox):
            text = label.findChild(QLabel)
            longest = max(text.text().split(), key=len)
            assert text.fontMetrics().horizontalAdvance(longest) <= text.width(), text.text()
    finally:
        set_text_size(qapp, 10)


def test_at_the_usual_text_size_it_fits_a_narrow_dock(panel, fake):
    fake.use(BUSY)
    assert panel.minimumSizeHint().width() <= 260
    assert panel.sizeHint().width() == 300


def test_space_stays_with_the_control_that_has_the_focus(qtbot, fake):
    window = QWidget()
    qtbot.addWidget(window)
    inside = HyperparametersPanel(fake)
    QHBoxLayout(window).addWidget(inside)
    play = QAction(window)
    play.setShortcut(Qt.Key.Key_Space)
    window.addAction(play)
    window.resize(300, 800)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    head = inside.sections["data"].head
    head.setFocus()
    with qtbot.assertNotEmitted(play.triggered):
        QTest.keyClick(head, Qt.Key.Key_Space)
    assert not head.isChecked()


def test_undo_means_the_experiment_once_a_value_is_committed(qtbot, fake):
    window = QWidget()
    qtbot.addWidget(window)
    inside = HyperparametersPanel(fake)
    QHBoxLayout(window).addWidget(inside)
    undo = QUndoStack(window).createUndoAction(window)
    undo.setEnabled(True)
    undo.setShortcut("Ctrl+Z")
    window.addAction(undo)
    window.resize(300, 800)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field = entry(inside, "train", "learning_rate").editor.field
    write(field, "0.5")
    with qtbot.waitSignal(undo.triggered, timeout=1000):
        QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "1")
    with qtbot.assertNotEmitted(undo.triggered):
        QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_every_control_can_be_reached_and_has_a_name(panel, fake):
    fake.use(BUSY)
    for kind in (QuietCombo, NumberField, QuietButton, Switch):
        for each in panel.findChildren(kind):
            assert each.accessibleName(), each
            assert each.focusPolicy() == Qt.FocusPolicy.StrongFocus, each


def test_the_real_session_takes_a_change_and_undoes_it(qtbot, session):
    panel = HyperparametersPanel(session)
    qtbot.addWidget(panel)
    session.start(play=False)
    write(entry(panel, "train", "learning_rate").editor.field, "0.02")
    assert session.experiment.train.learning_rate == 0.02
    assert session.undo_stack.undoText() == "Learning rate 0.02"
    session.undo_stack.undo()
    assert entry(panel, "train", "learning_rate").editor.field.text() == "0.001"


def test_what_the_training_cannot_do_is_said_at_the_field(qtbot, session):
    panel = HyperparametersPanel(session)
    qtbot.addWidget(panel)
    session.start(play=False)
    session.change(Experiment(data=DataSpec(source=SinglePoint())), "A single point")
    output = entry(panel, "network", "output")
    softmax = output.editor.combo.findText(Softmax.label)
    output.editor.combo.setCurrentIndex(softmax)
    output.editor.combo.activated.emit(softmax)

    def answered():
        session.collect()
        session.release()
        return bool(output.complaint)

    qtbot.waitUntil(answered, timeout=10_000)
    assert "at least 2 outputs" in output.complaint
    assert session.undo_stack.undoText() == "A single point"
    assert session.experiment.network.output is None
    assert output.editor.combo.currentText() == "Automatic"


def test_larger_text_reaches_the_fields_of_the_real_window(window, qtbot):
    panel = window.findChild(HyperparametersPanel)
    field = entry(panel, "train", "learning_rate").editor.field
    before = field.height()
    window.menu_actions["larger"].trigger()
    window.menu_actions["larger"].trigger()
    qtbot.waitUntil(lambda: field.height() > before, timeout=2000)
    assert panel.width() >= panel.minimumSizeHint().width()
    window.menu_actions["usual_size"].trigger()
    qtbot.waitUntil(lambda: field.height() == before, timeout=2000)
