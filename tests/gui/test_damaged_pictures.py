"""Pictures that are none, or hostile, are complained of; what cannot be written says why."""

import errno
import os
import struct
import zlib
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from gui import export
from gui.drawing.pictures import save_picture, trace
from tests.soak import files as soak
from tests.soak._samples import lie_about_size


def complaint_of(path):
    complaint = trace(path).complaint
    assert not list(soak.complaints(complaint))
    return complaint


def test_what_is_no_file_is_a_complaint_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    assert "is a pipe or a device" in complaint_of(tmp_path / "pipe.png")
    assert "is a folder" in complaint_of(tmp_path / "folder.png")
    assert "cannot be read: file name too long" in complaint_of(tmp_path / ("n" * 300 + ".png"))
    assert "a pipe or a device" in complaint_of(Path("/dev/zero"))
    assert complaint_of(tmp_path / "a\0b.png")


def test_a_folder_without_permission(tmp_path, monkeypatch):
    def refuse(*_arguments, **_options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("engine.files.os.open", refuse)
    monkeypatch.setattr("pathlib.Path.is_dir", refuse)
    assert "a.png cannot be read: permission denied" in complaint_of(tmp_path / "a.png")


@pytest.mark.parametrize("side", [30_000, 2**31 - 1])
def test_a_picture_that_declares_a_huge_size(tmp_path, side):
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    image.save(str(tmp_path / "a.png"))
    data = bytearray((tmp_path / "a.png").read_bytes())
    data[16:24] = struct.pack(">LL", side, side)
    data[29:33] = struct.pack(">L", zlib.crc32(bytes(data[12:29])))
    (tmp_path / "a.png").write_bytes(data)
    assert complaint_of(tmp_path / "a.png").startswith("a.png ")


def test_another_kind_of_picture_is_not_opened(tmp_path):
    path = tmp_path / "a.png"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    assert "no picture of these kinds" in complaint_of(path)


def test_many_damaged_pictures(qapp, tmp_path, capfd):
    tally = soak.run(soak.KINDS["picture"], 150, seed=12, keep=tmp_path)
    assert not tally.faults, tally.faults
    assert tally.counts["refused"] > 50
    assert lie_about_size in soak.KINDS["picture"].damages


# ---------------------------------------------------------------- written whole or not at all


@pytest.fixture
def full_disk(monkeypatch):
    """Let nothing more be written."""

    def refuse(path, data):
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)


def test_a_picture_on_a_full_disk_leaves_the_one_before(tmp_path, full_disk):
    path = tmp_path / "a.png"
    with path.open("wb") as file:
        file.write(b"before")
    image = QImage(9, 9, QImage.Format.Format_RGB32)
    for write in (lambda: export.write_image(path, image), lambda: save_picture(path, (), 0.1)):
        with pytest.raises(OSError, match="No space left on device"):
            write()
        assert path.read_bytes() == b"before"
        assert list(tmp_path.iterdir()) == [path]


def test_a_picture_of_an_unknown_kind_says_so(tmp_path):
    image = QImage(9, 9, QImage.Format.Format_RGB32)
    with pytest.raises(OSError, match="no writing pictures as XYZ"):
        export.write_image(tmp_path / "a.xyz", image)
    assert not list(tmp_path.iterdir())


def test_the_window_says_why_its_picture_is_not_saved(window, qtbot, tmp_path, full_disk):
    window.save_picture(tmp_path / "a.png")
    ending = "a.png: no space left on device"
    qtbot.waitUntil(lambda: window.statusBar().currentMessage().endswith(ending))
    assert not list(tmp_path.iterdir())
