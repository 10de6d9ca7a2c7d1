"""Tables of one's own in the real window: opened, dropped, refused, taken, taken back."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from engine.table_data import Sheet, TableData
from gui.drawing.canvas import Canvas
from gui.forms.tables import ElidedButton
from gui.settings import RECENT_TABLES
from gui.tables.dialog import TableDialog
from tests.gui.windows import drop

ROWS = "\n".join(
    f"{i};{i % 9},5;{['red', 'green', 'blue'][i % 3]};{'yes' if i % 9 > 4 else 'no'}"
    for i in range(90)
)
TEXT = f"number;size;colour;big\n{ROWS}\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "things.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


def shown(qtbot, window, kind):
    """Wait for a dialog, and return it."""

    def found():
        return [each for each in window.findChildren(kind) if each.isVisible()]

    def there():
        window.beat()
        return bool(found())

    qtbot.waitUntil(there, timeout=10_000)
    dialog = found()[0]
    qtbot.waitUntil(dialog.isActiveWindow)  # else it does not hear keys yet
    return dialog


def accept(qtbot, window, dialog):
    """Press the button, and wait until its table is trained on."""
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    wait_for_data(qtbot, window, dialog.sheet.file)


def wait_for_data(qtbot, window, name):
    def there():
        window.beat()
        return window.session.dataset.name == name

    qtbot.waitUntil(there, timeout=10_000)


def test_a_table_is_opened_and_trained_on(qtbot, window, file):
    before = window.session.experiment
    window.tables.open(file)
    dialog = shown(qtbot, window, TableDialog)
    assert dialog.message.text() == "90 rows, 4 inputs, 2 classes."
    accept(qtbot, window, dialog)
    data = window.session.dataset
    assert data.class_names == ("no", "yes")
    assert data.feature_names == ("size", "colour = blue", "colour = green", "colour = red")
    assert window.session.running
    window.session.undo_stack.undo()
    assert window.session.experiment == before
    wait_for_data(qtbot, window, "Handwritten digits")


def test_another_column_is_predicted(qtbot, window, file):
    window.tables.open(file)
    dialog = shown(qtbot, window, TableDialog)
    dialog.target.setFocus()
    for _ in range(2):  # from 'big' up to 'size'
        qtbot.keyClick(dialog.target, Qt.Key.Key_Up)
    dialog.target.activated.emit(dialog.target.currentIndex())
    assert (dialog.sheet.target, dialog.sheet.kind) == ("size", "number")
    assert dialog.kind.currentText() == "a number"
    accept(qtbot, window, dialog)
    assert window.session.dataset.task == "regression"
    assert window.session.dataset.target_name == "size"
    assert window.network_view.frame.shape.output_names == ("size",)


def test_a_choice_that_cannot_be_learnt_is_refused_and_explained(qtbot, window, file):
    window.tables.open(file)
    dialog = shown(qtbot, window, TableDialog)
    qtbot.mouseClick(dialog.none, Qt.MouseButton.LeftButton)
    assert not dialog.accept_button.isEnabled()
    assert "at least one must be an input" in dialog.message.text()
    qtbot.mouseClick(dialog.all, Qt.MouseButton.LeftButton)
    assert dialog.accept_button.isEnabled()
    assert dialog.sheet.left_out == ()
    dialog.reject()
    assert window.session.dataset.name == "Handwritten digits"


def test_a_column_is_left_out_by_its_box(qtbot, window, file):
    window.tables.open(file)
    dialog = shown(qtbot, window, TableDialog)
    dialog.columns.setFocus()
    dialog.columns.setCurrentItem(dialog.columns.topLevelItem(2))
    qtbot.keyClick(dialog.columns, Qt.Key.Key_Space)
    assert dialog.sheet.left_out == ("number", "colour")
    assert dialog.message.text() == "90 rows, 1 input, 2 classes."
    dialog.reject()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n1,2\n1,2,3\n", "Line 3 has 3 cells"),
        (b"", "The file is empty"),
        (b"PK\x03\x04\x00\x00", "Save the table as CSV"),
    ],
    ids=["ragged", "empty", "a spreadsheet"],
)
def test_a_bad_file_is_refused_with_where_and_why(qtbot, window, tmp_path, content, message):
    before = window.session.experiment
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    window.tables.open(path)
    box = shown(qtbot, window, QMessageBox)
    assert "bad.csv was not opened" in box.text()
    assert message in box.informativeText()
    box.close()
    assert window.session.experiment == before


def test_a_file_that_is_gone_leaves_the_recent_ones(qtbot, window, file):
    window.tables.open(file)
    accept(qtbot, window, shown(qtbot, window, TableDialog))
    assert RECENT_TABLES.value == (str(file),)
    window.tables.recent.aboutToShow.emit()
    [again] = window.tables.recent.actions()
    assert again.text() == "things.csv"
    file.unlink()
    again.trigger()
    box = shown(qtbot, window, QMessageBox)
    assert "cannot be read" in box.informativeText()
    box.close()
    window.tables.recent.aboutToShow.emit()
    assert not window.tables.recent.actions()


def test_a_file_is_dropped_on_the_window(qtbot, window, file):
    assert drop(window, file)
    shown(qtbot, window, TableDialog).reject()


def test_a_table_that_is_dropped_on_the_canvas_is_the_windows(qtbot, window, file):
    assert drop(window.findChild(Canvas), file)
    shown(qtbot, window, TableDialog).reject()


def test_a_table_or_a_training_is_opened_by_its_ending(qtbot, window, file, tmp_path):
    window.open_file(file)
    shown(qtbot, window, TableDialog).reject()
    other = tmp_path / "a.CHAINRULE"
    other.write_text("nothing of the kind")
    window.open_file(other)
    box = shown(qtbot, window, QMessageBox)
    assert "is not a training that Chainrule saved" in box.informativeText()
    box.close()


def test_other_files_are_not_taken(window, tmp_path):
    assert not drop(window, tmp_path / "picture.png")


def test_columns_are_chosen_again_from_the_form(qtbot, window, file):
    window.tables.open(file)
    accept(qtbot, window, shown(qtbot, window, TableDialog))
    button = window.docks.panel("experiment").findChild(ElidedButton)
    assert button.text() == "things.csv …"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = shown(qtbot, window, TableDialog)
    dialog.columns.setCurrentItem(dialog.columns.topLevelItem(2))
    qtbot.keyClick(dialog.columns, Qt.Key.Key_Space)
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _features(window) == 1, timeout=10_000)
    assert window.session.experiment.data.source.sheet.left_out == ("number", "colour")


def _features(window):
    window.beat()
    return window.session.dataset.features


def test_the_list_of_data_sets_begins_with_iris_flowers(qtbot, window):
    experiment = window.session.experiment
    window.session.change(
        replace(experiment, data=replace(experiment.data, source=TableData())), "A table"
    )
    wait_for_data(qtbot, window, "iris.csv")
    assert window.session.experiment.data.source.sheet == Sheet()
