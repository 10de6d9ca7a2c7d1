"""Runs a process that plays events; says how it ended, whichever way that was."""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HANG_SECONDS = 60
MAIN_THREAD = re.compile(r"^Current thread .*?\n((?:  File .*\n)+)", re.M)
OWN_LINE = re.compile(r'File ".*?/((?:gui|engine)/[^"]+)", line (\d+) in (\S+)')


@dataclass
class Found:
    """What a run has shown: each fault with its number and details, and the figures."""

    faults: dict = field(default_factory=dict)
    figures: dict = field(default_factory=dict)
    beat: int = 0
    loud: bool = True

    def say(self, event, fault):
        """Print a fault that is seen for the first time."""
        if self.loud:
            print(f"  {event:>7,}  {fault}", flush=True)


def read_events(path):
    """Read recorded events; a last line that was cut is left out."""
    events = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        try:
            events.append(json.loads(line))
        except ValueError:
            break
    return events


def run(job, record, replay=None, events=None, hang=HANG_SECONDS, loud=True):
    """Play events in a process of its own; return what was found."""
    with tempfile.TemporaryDirectory(prefix="monkey-", ignore_cleanup_errors=True) as folder:
        job = {**job, "folder": folder, "trace": f"{folder}/trace"}
        job["record"] = str(record) if record else ""
        if replay is not None:
            job["replay"] = str(Path(replay).resolve())
        elif events is not None:
            job["replay"] = f"{folder}/replay"
            lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in events]
            Path(job["replay"]).write_text("".join(lines), encoding="utf-8")
        return _watched({**job, "loud": loud}, folder, hang)


def _watched(job, folder, hang):
    home = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), f"{folder}/home")
    Path(folder, "home").mkdir()
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    platform = {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    with Path(folder, "stderr").open("w") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.soak._child", json.dumps(job)],
            cwd=ROOT,
            env={**os.environ, **home, **threads, **platform},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    lines = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(child.stdout, lines), daemon=True)
    reader.start()
    found, over = Found(loud=job["loud"]), False
    while True:
        try:
            line = lines.get(timeout=hang)
        except queue.Empty:
            _hung(child, found, folder)
            break
        if line is None:
            break
        over |= _take(json.loads(line), found)
    try:
        status = child.wait(20)
    except subprocess.TimeoutExpired:
        _hung(child, found, folder)
        status = 0
    reader.join(5)
    child.stdout.close()
    said = Path(folder, "stderr").read_text(errors="replace")
    hung = any(each.startswith("hang") for each in found.faults)
    if status < 0 and not hung:
        _crashed(status, found, folder, said)
    elif not over and not hung:
        found.faults[f"end: the process ended early with {status}"] = [1, found.beat, said[-3000:]]
    return found


def _read(stream, lines):
    for line in stream:
        lines.put(line)
    lines.put(None)


def _take(fact, found):
    if "beat" in fact:
        found.beat = fact["beat"]
    elif "fault" in fact:
        found.faults[fact["fault"]] = [1, fact["event"], fact["details"]]
        found.say(fact["event"], fact["fault"])
    elif "figures" in fact:
        found.figures = fact["figures"]
        for key, count in found.figures["faults"].items():
            found.faults.setdefault(key, [count, found.beat, ""])[0] = count
    return "over" in fact


def _trace(folder):
    try:
        return Path(folder, "trace").read_text(errors="replace")
    except OSError:
        return ""


def _hung(child, found, folder):
    child.send_signal(signal.SIGUSR1)
    try:
        child.wait(2)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    trace = _trace(folder)
    own = OWN_LINE.search(trace)
    where = "{}:{} {}".format(*own.groups()) if own else ""
    found.faults[f"hang: {where}"] = [1, found.beat, trace]
    found.say(found.beat, f"hang: {where}")


def _crashed(status, found, folder, said):
    trace = _trace(folder)
    stack = MAIN_THREAD.search(trace)
    own = OWN_LINE.search(stack.group(1) if stack else trace)
    where = "{}:{} {}".format(*own.groups()) if own else "outside"
    name = signal.Signals(-status).name
    found.faults[f"crash: {name} {where}"] = [1, found.beat, trace[-5000:] + said[-1000:]]
    found.say(found.beat, f"crash: {name} {where}")
