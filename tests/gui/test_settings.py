"""Settings that hold anything at all: the window starts, and says once what was set aside."""

import os
import random

import pytest
from PySide6.QtCore import QByteArray, QSettings

from engine.spec import Experiment
from gui import settings, settings_file
from gui.main_window import MainWindow
from gui.session import Session
from tests.gui.windows import discard
from tests.soak.whole import settings_are_whole


@pytest.fixture
def opened_again(qtbot):
    """Open windows that remember, and close them."""
    made = []

    def open_():
        window = MainWindow(Session(Experiment()))
        made.append(window)
        window.session.start(play=False)
        window.show()
        qtbot.waitUntil(lambda: window.docks.complete, timeout=20_000)
        return window

    yield open_
    for each in made:
        discard(each)


def keep(text):
    """Put a text into the file of the settings."""
    path = settings_file.place()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("name", "value", "usual"),
    [
        ("TEXT_SIZE", "nan", 10.0),
        ("TEXT_SIZE", "inf", 10.0),
        ("TEXT_SIZE", "large", 10.0),
        ("TEXT_SIZE", "10, 11", 10.0),
        ("TEXT_SIZE", "1e300", 24.0),
        ("THEME", "pink", ""),
        ("REDUCED_MOTION", "perhaps", False),
        ("RECENT_TABLES", r'"a\x1", b', ()),
        ("GEOMETRY", "@ByteArrey(x)", b""),
        ("LAYOUT", "0123456789abcdef AAAA", b""),
        ("LAYOUT", "a, b, c", b""),
    ],
)
def test_a_bad_value_is_the_usual_one_and_only_that_is_set_aside(qapp, name, value, usual):
    setting = getattr(settings, name)
    keep(f"[General]\n{setting.name}={value}\n[recording]\nkind=mp4\n")
    assert setting.value == usual
    assert settings.RECORDING["kind"].value == "mp4"
    told = settings_file.take_problems()
    if value != "1e300":
        assert len(told) == 1
        assert setting.name in settings_file.damaged_place().read_text()
    assert setting.value == usual
    assert settings_file.take_problems() == []
    assert settings_are_whole(settings_file.place()) or told


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe[\0G\0",
        b"[General]\nlayout=@Variant(\\0\\0\\0\\x7f)\n",
        b"[General]\nlayout=\\x40Variant(\\0\\0\\0\\x7f)\n",
        b'[General]\nlayout="@Var"iant(x)\n',
        b"[General]\nlayout=@Date\\\nTime(x)\n",
        b"[General]\nthis is no setting\n",
        b"[General]\ntheme=" + b"x" * 2_000_000,
    ],
)
def test_a_file_that_is_no_settings_is_set_aside_whole(qapp, content):
    path = keep(content)
    assert settings.THEME.value == ""
    assert not path.exists()
    assert settings_file.damaged_place().read_bytes() == content
    [told] = settings_file.take_problems()
    assert "Chainrule-damaged.ini" in told
    settings.THEME.keep("light")
    assert settings.THEME.value == "light"


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_left_alone(qapp, kind):
    path = keep("")
    path.unlink()
    (path.mkdir if kind == "folder" else lambda: os.mkfifo(path))()
    try:
        assert settings.THEME.value == ""
        settings.THEME.keep("light")
        assert settings.THEME.value == ""
        assert len(settings_file.take_problems()) == 1
    finally:
        path.rmdir() if kind == "folder" else path.unlink()


def test_the_layout_of_an_earlier_version_is_no_damage(qapp):
    path = keep("")
    old = QSettings(str(path), QSettings.Format.IniFormat)
    old.setValue("layout", QByteArray(bytes(range(256))))
    old.setValue("geometry", QByteArray(b"\0\1\2"))
    old.setValue("theme", "light")
    old.sync()
    assert settings.LAYOUT.value == settings.GEOMETRY.value == b""
    assert settings.THEME.value == "light"
    assert settings_file.take_problems() == []


def test_any_changed_byte_of_the_layout_starts_it_anew_and_says_so(qtbot, opened_again):
    window = opened_again()
    window.resize(900, 650)
    window.close()
    whole = settings_file.place().read_bytes()
    assert settings_are_whole(settings_file.place())
    assert b"@" not in whole.replace(b"\\", b"")
    chance = random.Random(5)
    start = whole.index(b"layout=") + 7
    for _ in range(40):
        damaged = bytearray(whole)
        damaged[chance.randrange(start, start + 400)] ^= 1 << chance.randrange(7)
        keep(bytes(damaged))
        assert settings.LAYOUT.value in (b"", settings.LAYOUT.read(_layout(whole)))
    settings_file.take_problems()
    settings_file._told.clear()
    keep(whole.replace(b"layout=", b"layout=0"))
    again = opened_again()
    said = again.statusBar()
    qtbot.waitUntil(lambda: "starts anew" in said.currentMessage())
    again.session.noticed.emit("Something else.")
    assert "starts anew" in said.currentMessage()
    again._standing.timeout.emit()
    again._standing.stop()


def _layout(data):
    lines = data.decode().splitlines()
    return (
        next(each for each in lines if each.startswith("layout="))
        .removeprefix("layout=")
        .strip('"')
    )


def test_two_programs_keep_each_others_settings(qapp):
    settings.THEME.keep("light")
    other = QSettings(str(settings_file.place()), QSettings.Format.IniFormat)
    other.setValue("text_size", "14")
    other.sync()
    settings.GEOMETRY.keep(b"somewhere")
    assert (settings.THEME.value, settings.TEXT_SIZE.value) == ("light", 14.0)


def test_what_was_asked_for_is_reset(qapp):
    settings.THEME.keep("light")
    settings.forget_settings()
    assert settings.THEME.value == ""
    assert "light" in settings_file.damaged_place().read_text()


@pytest.mark.parametrize("content", ["", "1\nnobody\nnowhere\n"])
def test_a_lock_that_was_left_behind_does_not_keep_the_settings(qapp, content):
    path = keep("[General]\n")
    lock = path.with_name(path.name + ".lock")
    lock.write_text(content)
    try:
        settings.THEME.keep("light")
        assert settings.THEME.value == ("light" if not content else "")
        assert bool(settings_file.take_problems()) == bool(content)
    finally:
        lock.unlink(missing_ok=True)
