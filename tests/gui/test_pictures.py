"""Pictures of the parts of the window: on the clipboard, as PNG at any scale, as SVG."""

from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QPushButton
from shiboken6 import isValid

from engine.data_sources import Digits
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec
from engine.toy_data import Circle, Sine
from gui.picture_dialog import SavePicture
from tests.gui.windows import opened


@pytest.fixture(params=[Digits(), Circle(), Sine()], ids=lambda source: type(source).__name__)
def any_window(qtbot, request):
    """The window on data that are shown in different ways."""
    network = NetworkSpec(hidden=(HiddenLayer(4),))
    experiment = Experiment(data=DataSpec(source=request.param), network=network)
    with opened(qtbot, experiment) as made:
        made.docks.docks["data"].raise_()
        made.session.play_until(2)
        qtbot.waitUntil(lambda: made.session.frame.epoch == 2, timeout=20_000)
        yield made


def parts(window):
    panel = window.docks.panel
    return {
        "network": (window.network_view, window.network_view.bar.pictures),
        "curves": (panel("curves"), panel("curves").pictures),
        "data": (panel("data"), panel("data").pictures),
    }


def colors(image):
    across, down = range(0, image.width(), 3), range(0, image.height(), 3)
    return {image.pixel(x, y) for x in across for y in down}


def save(window, qtbot, monkeypatch, part, path, scale=None, kind="png"):
    """Save a part as a person does; return the dialog if it is still open."""
    parts(window)[part][1].save.trigger()
    dialog = window.findChild(SavePicture)
    dialog._kind.setCurrentIndex(dialog._kind.findData(kind))
    if scale:
        dialog._scale.setValue(scale)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(path), ""))
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Save…")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    # It is written aside; the dialog goes then, or says why not.
    qtbot.waitUntil(lambda: not isValid(dialog) or (dialog.isVisible() and button.isEnabled()))
    return dialog


@pytest.mark.parametrize("part", ["network", "curves", "data"])
def test_every_part_is_copied_and_saved(any_window, qtbot, monkeypatch, tmp_path, part):
    widget, pictures = parts(any_window)[part]
    pictures.copy.trigger()
    assert QGuiApplication.clipboard().image().size() == 2 * widget.size()
    for scale in (0.5, 3):
        path = tmp_path / f"{scale}.png"
        save(any_window, qtbot, monkeypatch, part, path, scale)
        saved = QImage(str(path))
        assert abs(saved.width() - scale * widget.width()) <= 1
        assert len(colors(saved)) > 20
    save(any_window, qtbot, monkeypatch, part, tmp_path / "lines", kind="svg")
    root = ET.parse(tmp_path / "lines.svg").getroot()
    drawn = [each.tag.rpartition("}")[2] for each in root.iter()]
    assert sum(map(drawn.count, ("path", "polyline", "polygon", "rect", "circle", "text"))) > 10
    assert any_window.statusBar().currentMessage() == "Saved lines.svg."


def test_a_picture_that_cannot_be_written_is_told(window, qtbot, monkeypatch, tmp_path):
    path = tmp_path / "missing" / "a.png"
    dialog = save(window, qtbot, monkeypatch, "network", path)
    assert dialog.isVisible()
    assert "a.png cannot be written" in dialog._problem.text()
    dialog.reject()
