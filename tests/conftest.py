"""What every test runs under: no screen, one BLAS thread, nothing remembered, nothing leaked."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

import threading

import pytest


@pytest.fixture(autouse=True)
def no_leaked_threads():
    """Fail a test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=20)
    leaked = [each.name for each in set(threading.enumerate()) - before]
    assert not leaked, f"threads left running: {', '.join(leaked)}"
