"""The real program in a process and folders of its own, for the ways to break it."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_END = 15.0


def surroundings(folder, x11=False, **changes):
    """Return an environment whose folders are all within `folder`."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    places = {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment = {**os.environ, **places, **changes}
    environment["QT_QPA_PLATFORM"] = "xcb" if x11 else "offscreen"
    return environment


def settings_of(folder):
    return folder / "config" / "Chainrule" / "Chainrule.ini"


def data_of(folder):
    return folder / "data" / "Chainrule" / "Chainrule"


def start(folder, *arguments, module="", environment=None, before=None):
    """Start the program, or a module that drives it, in a group of its own."""
    command = ["-m", module] if module else [str(ROOT / "main.py")]
    with (folder / "said.txt").open("ab") as said:
        return subprocess.Popen(
            [*(before or ()), sys.executable, *command, *arguments],
            cwd=ROOT,
            env=environment or surroundings(folder),
            stdout=said,
            stderr=said,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def hears_signals(process):
    """Return whether the program has come so far that signals are its own to heed."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return True
    caught = int(next(line.split()[1] for line in status.splitlines() if "SigCgt" in line), 16)
    return bool(caught & (1 << (signal.SIGTERM - 1)))


def ended(process, seconds=LONGEST_END):
    """Wait for the end and return the exit status; None where it does not come."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def left_of(process, seconds=3.0):
    """Return which processes of its session are still there after a while, and end them."""
    until = time.monotonic() + seconds
    while (found := _session(process.pid)) and time.monotonic() < until:
        time.sleep(0.02)
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    return found


def _session(leader):
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            fields = (each / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(each.name))
    return found


def crashes_in(folder):
    return [each for each in data_of(folder).glob("*.crash") if each.stat().st_size]


def log_of(folder):
    path = data_of(folder) / "chainrule.log"
    return path.read_text(errors="replace") if path.exists() else ""


@contextmanager
def killed_at_last(process):
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
