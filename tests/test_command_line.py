"""The command line as a person types it, in a process of its own."""

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def chainrule(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        cwd=cwd or ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_version_and_help():
    version = chainrule("--version")
    assert version.returncode == 0
    assert version.stdout.startswith("Chainrule ")
    assert "--screenshot" in chainrule("--help").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--frobnicate"], "--frobnicate"),
        (["--theme", "pink"], "pink"),
        (["--size", "12"], "'12' is not a size such as 1280x800"),
        (["--epochs", "-3"], "-3"),
        (["--screenshot", "/nowhere/at/all.png"], "cannot write '/nowhere/at/all.png'"),
        (["--screenshot", "picture.jpg"], "does not end in .png"),
        (["nowhere.csv"], "there is no file 'nowhere.csv'"),
    ],
)
def test_a_wrong_option_is_one_line_and_status_2(arguments, said):
    done = chainrule(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_screenshot_trains_and_saves_the_window(tmp_path):
    path = tmp_path / "window.png"
    done = chainrule(
        "--screenshot", str(path), "--epochs", "3", "--theme", "light", "--size", "1100x700"
    )
    assert (done.returncode, done.stderr) == (0, "")
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    assert (width, height) == (1100, 700)
