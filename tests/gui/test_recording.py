"""Recording the training: from the button to the file, and all that may go wrong between."""

import errno
import stat
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QPushButton, QToolButton

from engine.spec import HiddenLayer
from gui import theme
from gui.network_view import Neuron
from gui.network_view.look import Moment
from gui.recording import recorder
from gui.recording.film import Film
from gui.recording.gif import GifWriter
from gui.recording.projector import Projector
from gui.recording.recorder import Length
from tests.gui.network_frames import frame_of, shape_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def control(window):
    return window.recording


def record(window, qtbot, moments=3):
    """Press the red button, wait for some moments, press it again; return the dialog."""
    control = window.recording
    button = next(
        each
        for each in window.network_view.bar.findChildren(QToolButton)
        if each.defaultAction() is window.menu_actions["record"]
    )
    window.session.play()
    qtbot.mouseClick(button, LEFT)
    assert control.recorder.recording
    qtbot.waitUntil(lambda: len(control.recorder.film) >= moments, timeout=10_000)
    assert "pictures" in button.text()
    qtbot.mouseClick(button, LEFT)
    window.session.pause()
    return window.recording._dialog


def save(dialog, path, monkeypatch, qtbot):
    """Press Save, and choose a file."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(path), ""))
    press(dialog, qtbot, "Save…")


def press(dialog, qtbot, text):
    button = next(each for each in dialog.findChildren(QPushButton) if each.text() == text)
    assert button.isEnabled()
    qtbot.mouseClick(button, LEFT)


def wait_until_saved(dialog, qtbot):
    qtbot.waitUntil(lambda: not dialog.saving, timeout=30_000)


def choose(dialog, name, value):
    choice = dialog._choices[name]
    choice.setCurrentIndex(choice.findData(value))


def said(dialog):
    return dialog._message.text()


def pictures_of(path):
    with Image.open(path) as image:
        found = []
        for number in range(image.n_frames):
            image.seek(number)
            found.append((np.array(image.convert("RGB")), image.info["duration"]))
    return found


# ---------------------------------------------------------------- from the button to the file


def test_a_recording_becomes_a_gif_that_moves(window, control, qtbot, tmp_path, monkeypatch):
    dialog = record(window, qtbot, moments=8)
    seconds = control.recorder.film.seconds
    messages = []
    window.session.noticed.connect(messages.append)
    save(dialog, tmp_path / "learning", monkeypatch, qtbot)
    qtbot.waitUntil(lambda: control._dialog is None, timeout=30_000)
    path = tmp_path / "learning.gif"
    assert [each.name for each in tmp_path.iterdir()] == ["learning.gif"]
    assert messages[-1].startswith("Saved learning.gif (")
    pictures = pictures_of(path)
    assert len(pictures) > 1
    assert sum(duration for _, duration in pictures) == pytest.approx(1000 * seconds, abs=50)
    shown = window.network_view.size()
    assert pictures[0][0].shape == (shown.height() // 2 * 2, shown.width() // 2 * 2, 3)
    assert (pictures[0][0] != pictures[-1][0]).any()
    assert pictures[0][0][2, 2].tolist() == theme.DARK.rgb("canvas").tolist()


def test_size_and_theme_are_chosen_afterwards(window, control, qtbot, tmp_path, monkeypatch):
    dialog = record(window, qtbot)
    choose(dialog, "size", "720p")
    choose(dialog, "theme", "light")
    choose(dialog, "rate", 10)
    save(dialog, tmp_path / "light.gif", monkeypatch, qtbot)
    qtbot.waitUntil(lambda: control._dialog is None, timeout=30_000)
    picture, _ = pictures_of(tmp_path / "light.gif")[0]
    assert picture.shape == (720, 1280, 3)
    assert picture[2, 2].tolist() == theme.LIGHT.rgb("canvas").tolist()
    assert theme.palette() is theme.DARK
    control.again.trigger()  # it is still there, and the choices are remembered
    assert control._dialog.wish.theme == "light"
    assert control._dialog.wish.rate == 10
    control._dialog.reject()


def test_the_key_starts_and_stops(window, control, qtbot):
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert control.recorder.recording
    assert window.menu_actions["record"].text() == "Stop &recording"
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert not control.recorder.recording
    assert "Nothing was recorded" in said(control._dialog)
    assert not control._dialog._save.isEnabled()
    control._dialog.reject()


def test_the_next_seconds_are_recorded(window, control, qtbot, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_a: (1, True))
    actions = {each.text(): each for each in control.lengths.actions()}
    actions["Other seconds…"].trigger()
    qtbot.waitUntil(lambda: control._dialog is not None, timeout=10_000)
    assert control.recorder.film.seconds >= 1
    control._dialog.reject()


def test_the_next_epochs_are_recorded_and_the_training_is_started(window, control, qtbot):
    assert not window.session.running
    control.start(Length(epochs=2))
    assert window.session.running
    qtbot.waitUntil(lambda: control._dialog is not None, timeout=20_000)
    assert window.session.frame.epoch >= 2
    control._dialog.reject()


def test_a_training_that_ends_ends_the_recording(window, control, qtbot):
    experiment = window.session.experiment
    train = replace(experiment.train, epochs=2)
    window.session.change(replace(experiment, train=train), "Two epochs")
    messages = []
    window.session.noticed.connect(messages.append)
    control.start(Length(epochs=50))
    qtbot.waitUntil(lambda: control._dialog is not None, timeout=20_000)
    assert "Recording stopped. The training ended after 2 of 50 epochs." in messages
    control._dialog.reject()


@pytest.mark.parametrize(
    ("limit", "most", "words"),
    [("MOST_SECONDS", 0.1, "is the longest"), ("MOST_BYTES", 30_000, "kept for it are full")],
)
def test_memory_and_length_are_bounded(window, control, qtbot, monkeypatch, limit, most, words):
    monkeypatch.setattr(recorder, limit, most)
    messages = []
    window.session.noticed.connect(messages.append)
    window.session.play()
    control.start(Length())
    qtbot.waitUntil(lambda: control._dialog is not None, timeout=10_000)
    assert words in messages[-1]
    control._dialog.reject()


def test_one_recording_at_a_time(window, control, qtbot):
    dialog = record(window, qtbot)
    film = control.recorder.film
    window.menu_actions["record"].trigger()
    assert control.recorder.film is film
    assert control._dialog is dialog
    dialog.reject()


# ---------------------------------------------------------------- what is seen


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.array(image.constBits()).reshape(image.height(), -1, 4)[..., :3].copy()


ROUNDING = 5
"""Of 255 steps of a colour."""


def assert_painted_as_seen(window, qtbot):
    """What is painted later of this moment is what the window shows, point by point.

    It is painted in bands; Qt rounds a line that reaches into two of them a little otherwise.
    """
    view = window.network_view
    moment = view.moment()
    projector = Projector(view.width(), view.height(), 1.0, theme.palette().name)

    def shown():
        image = QImage(view.size(), QImage.Format.Format_RGB32)
        view.render(image, QPoint(), renderFlags=view.RenderFlag.DrawWindowBackground)
        return pixels(image)

    while (data := projector.paint(moment)) is None:
        pass
    seen = np.frombuffer(data, np.uint8).reshape(view.height(), view.width(), 4)[..., :3]
    qtbot.waitUntil(lambda: np.allclose(shown(), seen, rtol=0, atol=ROUNDING), timeout=10_000)


@pytest.mark.parametrize("mode", ["weight", "contribution", "change"])
def test_what_is_painted_later_is_what_was_seen(window, qtbot, mode):
    view, session = window.network_view, window.session
    view.set_mode(mode)
    session.play_until(2)
    qtbot.waitUntil(lambda: session.state == "paused" and session.frame.epoch == 2, timeout=10_000)
    view.set_threshold(0.2)
    view.pin(Neuron(1, 3))
    view.zoom_in()
    assert_painted_as_seen(window, qtbot)


def test_what_is_only_pointed_at_is_not_recorded(window, qtbot):
    view = window.network_view
    x, y = view._scene.layout.centers[2][4].tolist()
    qtbot.mouseMove(view, QPoint(3, 3))  # it may stand there from a test before
    qtbot.mouseMove(view, QPoint(round(x), round(y)))
    qtbot.waitUntil(lambda: view.picture().focus == Neuron(2, 4))
    assert view.moment().look.pinned is None
    qtbot.mouseClick(view, LEFT, pos=QPoint(round(x), round(y)))
    assert view.moment().look.pinned == Neuron(2, 4)


def test_another_network_in_the_middle_is_recorded_too(
    window, control, qtbot, tmp_path, monkeypatch
):
    session = window.session
    session.play()
    control.start(Length())
    qtbot.waitUntil(lambda: len(control.recorder.film) >= 3, timeout=10_000)
    network = replace(session.experiment.network, hidden=(HiddenLayer(5),))
    session.change(replace(session.experiment, network=network), "Five neurons")
    qtbot.waitUntil(lambda: session.frame.shape.sizes == (64, 5, 10), timeout=10_000)
    before = len(control.recorder.film)
    qtbot.waitUntil(lambda: len(control.recorder.film) >= before + 3, timeout=10_000)
    control.toggle()
    session.pause()
    save(control._dialog, tmp_path / "both.gif", monkeypatch, qtbot)
    qtbot.waitUntil(lambda: control._dialog is None, timeout=30_000)
    assert len(pictures_of(tmp_path / "both.gif")) > 1


def test_a_restart_while_it_is_saved_does_no_harm(window, control, qtbot, tmp_path, monkeypatch):
    dialog = record(window, qtbot, moments=10)
    save(dialog, tmp_path / "kept.gif", monkeypatch, qtbot)
    window.session.reset()
    qtbot.waitUntil(lambda: control._dialog is None, timeout=30_000)
    assert len(pictures_of(tmp_path / "kept.gif")) > 1


def test_a_recording_rests_while_an_update_is_stepped_through(window, control, qtbot):
    window.menu_actions["debug"].trigger()
    qtbot.waitUntil(lambda: window.docks.panel("debugger").overlay.covers, timeout=10_000)
    assert window.network_view.moment() is None


# ---------------------------------------------------------------- what may go wrong


def test_cancelling_leaves_nothing_behind(window, control, qtbot, tmp_path, monkeypatch):
    dialog = record(window, qtbot, moments=10)
    save(dialog, tmp_path / "never.gif", monkeypatch, qtbot)
    press(dialog, qtbot, "Cancel")
    assert not dialog.saving
    assert list(tmp_path.iterdir()) == []
    assert said(dialog) == "Cancelled: nothing was written."
    press(dialog, qtbot, "Close")
    assert control._dialog is None


def test_a_folder_that_is_not_there_is_told(window, control, qtbot, tmp_path, monkeypatch):
    dialog = record(window, qtbot)
    save(dialog, tmp_path / "nowhere" / "x.gif", monkeypatch, qtbot)
    wait_until_saved(dialog, qtbot)
    assert said(dialog) == "x.gif was not written: no such file or directory."
    dialog.reject()


def test_a_full_disc_keeps_the_file_that_was_there(window, control, qtbot, tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(GifWriter, "close", full)
    path = tmp_path / "old.gif"
    path.write_bytes(b"as it was")
    dialog = record(window, qtbot)
    save(dialog, path, monkeypatch, qtbot)
    wait_until_saved(dialog, qtbot)
    assert said(dialog) == "old.gif was not written: no space left on device."
    assert path.read_bytes() == b"as it was"
    assert [each.name for each in tmp_path.iterdir()] == ["old.gif"]
    dialog.reject()


def test_an_ending_that_is_not_known_is_told(window, control, qtbot, tmp_path, monkeypatch):
    dialog = record(window, qtbot)
    save(dialog, tmp_path / "film.avi", monkeypatch, qtbot)
    assert "end in .gif" in said(dialog)
    assert not dialog.saving
    dialog.reject()


def test_a_window_with_a_recording_asks_before_it_closes(window, control, qtbot, monkeypatch):
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard]
    asked = []
    monkeypatch.setattr(QMessageBox, "question", lambda *a: asked.append(a[2]) or answers.pop(0))
    control.start(Length())
    assert not window.close()
    assert window.isVisible()
    assert control.recorder.recording
    assert window.close()
    assert "not saved" in asked[0]
    assert not control.recorder.recording


def test_closing_while_it_is_saved_leaves_nothing_behind(
    window, control, qtbot, tmp_path, monkeypatch
):
    dialog = record(window, qtbot, moments=10)
    save(dialog, tmp_path / "half.gif", monkeypatch, qtbot)
    lost = QMessageBox.StandardButton.Discard
    monkeypatch.setattr(QMessageBox, "question", lambda *_a: lost)
    assert window.close()
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- videos, by a stand-in for ffmpeg

STAND_IN = """#!{python}
import sys
if "-encoders" in sys.argv:
    print(" V....D mpeg4   MPEG-4 part 2")
    raise SystemExit
data = sys.stdin.buffer.read({most})
if {fails}:
    print("{words}\\nError initializing output stream 0:0 --.", file=sys.stderr)
    raise SystemExit(1)
with open(sys.argv[-1], "wb") as file:
    file.write(repr((sys.argv, len(data))).encode())
"""


@pytest.fixture
def stand_in(tmp_path_factory, monkeypatch):
    """Put a program called ffmpeg on the path; returns a function that says how it behaves."""
    folder = tmp_path_factory.mktemp("bin")
    monkeypatch.setenv("PATH", str(folder))

    def put(fails=False, most=-1, words=""):
        program = folder / "ffmpeg"
        program.write_text(
            STAND_IN.format(python=sys.executable, fails=fails, most=most, words=words)
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return put


def wait_for_video(dialog, qtbot):
    qtbot.waitUntil(lambda: not dialog._ffmpeg.reason, timeout=10_000)


def test_a_video_is_given_every_picture(window, control, qtbot, tmp_path, monkeypatch, stand_in):
    stand_in()
    dialog = record(window, qtbot)
    wait_for_video(dialog, qtbot)
    choose(dialog, "kind", "mp4")
    choose(dialog, "rate", 25)
    save(dialog, tmp_path / "film.mp4", monkeypatch, qtbot)
    qtbot.waitUntil(lambda: control._dialog is None, timeout=30_000)
    arguments, count = eval((tmp_path / "film.mp4").read_text())
    width, height = dialog_size(window)
    assert f"{width}x{height}" in arguments
    assert "mpeg4" in arguments
    assert count == 4 * width * height * round(25 * control.recorder.film.seconds)


def dialog_size(window):
    view = window.network_view
    return view.width() // 2 * 2, view.height() // 2 * 2


@pytest.mark.parametrize("most", [-1, 1000])
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("disc on fire", "the program ffmpeg could not make the video; save a GIF instead"),
        ("av_interleaved_write_frame(): No space left on device", "no space left on device"),
    ],
)
def test_why_there_is_no_video_is_told(
    window, control, qtbot, tmp_path, monkeypatch, stand_in, most, words, told
):
    stand_in(fails=True, most=most, words=words)
    dialog = record(window, qtbot)
    wait_for_video(dialog, qtbot)
    choose(dialog, "kind", "mp4")
    save(dialog, tmp_path / "film.mp4", monkeypatch, qtbot)
    wait_until_saved(dialog, qtbot)
    assert said(dialog) == f"film.mp4 was not written: {told}."
    assert list(tmp_path.iterdir()) == []
    dialog.reject()


def test_without_ffmpeg_the_video_says_what_it_needs(window, control, qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    dialog = record(window, qtbot)
    choice = dialog._choices["kind"]
    row = choice.findData("mp4")
    assert choice.itemText(row) == "MP4 video (needs the program ffmpeg)"
    assert not choice.model().item(row).isEnabled()
    dialog.reject()


# ---------------------------------------------------------------- films and GIFs by themselves


@pytest.fixture
def moments(window):
    """Three moments that differ."""
    look = window.network_view.moment().look
    frames = [frame_of(shape_of((2, 3, 1)), seed) for seed in range(3)]
    return [Moment(frame, look, None, 100, 80) for frame in frames]


def test_a_film_shows_each_moment_for_as_long_as_it_was_seen(moments):
    film = Film()
    a, b, c = moments
    for moment, seconds in ((a, 0.1), (a, 0.3), (b, 0.1), (c, 0.5)):
        film.add(moment, seconds)
    assert len(film) == 3
    assert list(film.pictures(10)) == [(a, 4), (b, 1), (c, 5)]
    assert list(film.pictures(5)) == [(a, 2), (b, 1), (c, 2)]
    assert film.bytes > sum(w.nbytes for each in moments for w in each.frame.weights)


def test_what_a_film_shares_is_counted_once(moments):
    film, first = Film(), moments[0]
    film.add(first, 0.1)
    once = film.bytes
    pinned = replace(first, look=replace(first.look, pinned=Neuron(1, 0)))
    film.add(pinned, 0.1)
    assert len(film) == 2
    assert film.bytes == once


def flat(color, width=20, height=10):
    return np.full((height, width), color, "<u4")


def write_gif(path, pictures, rate=10):
    writer = GifWriter(path, 20, 10, rate)
    writer.look_over([picture.tobytes() for picture, _count in pictures])
    for picture, count in pictures:
        writer.write(picture.tobytes(), count)
    writer.close()
    writer.release()
    return pictures_of(path)


def test_a_gif_keeps_colours_and_places_and_times(tmp_path):
    first = flat(0x0D1117)
    second = first.copy()
    second[3:5, 7:9] = 0xFF9B45
    shown = write_gif(tmp_path / "a.gif", [(first, 2), (first, 3), (second, 1)])
    assert [duration for _, duration in shown] == [500, 100]
    assert shown[0][0][0, 0].tolist() == [0x0D, 0x11, 0x17]
    assert shown[1][0][3, 7].tolist() == [0xFF, 0x9B, 0x45]
    assert shown[1][0][2, 7].tolist() == [0x0D, 0x11, 0x17]


def test_rounding_of_hundredths_never_adds_up(tmp_path):
    pictures = [(flat(0x010101 * number), 1) for number in range(30)]
    shown = write_gif(tmp_path / "b.gif", pictures, rate=15)
    assert {duration for _, duration in shown} == {60, 70}
    assert sum(duration for _, duration in shown) == 2000


def test_many_colours_are_divided_so_that_none_is_far(tmp_path):
    across = np.arange(20) * 12
    picture = flat(0)
    picture[:] = across[None, :] << 16 | (np.arange(10) * 25)[:, None]
    shown = write_gif(tmp_path / "c.gif", [(picture, 1), (picture ^ 0x0F00, 1)])
    wanted = np.stack([picture >> 16 & 255, picture >> 8 & 255, picture & 255], -1)
    assert np.abs(shown[0][0] - wanted.astype(int)).max() <= 25  # of the steps between them


def test_projected_pictures_are_complete_for_the_largest_networks(moments):
    frame = frame_of(shape_of((784, 128, 10), (28, 28)))
    projector = Projector(640, 480, 1.0, "dark")
    moment = replace(moments[0], frame=frame)
    while (first := projector.paint(moment)) is None:
        pass
    again = Projector(640, 480, 1.0, "dark")
    while (second := again.paint(moment)) is None:
        pass
    assert first == second
