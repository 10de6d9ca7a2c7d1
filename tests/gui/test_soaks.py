"""The ways to break the program, in short; in full: ``python3 dev.py soak``."""

import os
import sys

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of Linux")


def test_the_program_ends_like_closing_whatever_ends_it():
    from tests.soak import close

    found, _ends, done = close.run(3, seed=3, latest=1.5)
    assert found == []
    assert sum(done.values()) == 3


def test_pipes_where_files_should_be():
    from tests.soak import surroundings

    assert surroundings.tried("pipes") == []


def test_what_is_killed_while_saving_leaves_whole_files():
    import subprocess

    command = [sys.executable, "-m", "tests.soak.kill", "--times", "8"]  # it forks
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, cwd=os.fspath(_root())
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_damaged_settings_never_keep_the_program_from_starting():
    from tests.soak import settings

    assert settings.run(60, seed=11)[0] == 0


def _root():
    from tests.soak.programs import ROOT

    return ROOT
