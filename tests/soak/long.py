"""The equivalent of a long lesson: what is used and not given back?

    python3 dev.py soak long --hours 8

An hour is 1.25 million steps of training, and 400 drawings, with walks, examples, films, other
settings, undo and files between them. It takes as long as it takes: minutes, at full speed. Fails
where memory grows by more than 1 MB an hour, or anything else grows at all, after a warm-up.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
STEPS_AN_HOUR, DRAWINGS_AN_HOUR = 1_250_000, 400
MOST_MB_AN_HOUR = 1.0
WARM_UP = 0.3
COUNTS = ("threads", "processes", "descriptors", "widgets", "windows", "objects")


def slope(xs, ys):
    """Return the slope of the straight line through points."""
    return float(np.polyfit(xs, ys, 1)[0]) if len(xs) > 2 and np.ptp(xs) else 0.0


def judge(samples):
    """Return what grows after the warm-up, as sentences, and the slopes in MB."""
    rest = [s for s in samples if s["hours"] >= WARM_UP * samples[-1]["hours"]]
    hours, seconds = [s["hours"] for s in rest], [s["seconds"] / 3600 for s in rest]
    memory = [s["MB"] for s in rest]
    slopes = slope(hours, memory), slope(seconds, memory)
    faults = []
    if slopes[0] > MOST_MB_AN_HOUR:
        faults.append(f"memory grows by {slopes[0]:.2f} MB an hour")
    half = len(rest) // 2
    for name in COUNTS:
        early, late = [s[name] for s in rest[:half]], [s[name] for s in rest[half:]]
        if half > 1 and min(late) > max(early):
            faults.append(f"{name} grow: {max(early)} at most, then {min(late)} at least")
    return faults, slopes


def report(samples, kinds):
    """Print the samples and what is judged of them; return whether nothing grows."""
    faults, (by_lesson, by_clock) = judge(samples)
    shown = ("hours", "seconds", "steps", "drawings", "MB", "sprint", *COUNTS)
    print(" ".join(f"{name:>11}" for name in shown))
    for sample in samples[:: max(len(samples) // 20, 1)]:
        print(" ".join(f"{sample[name]:>11,.10g}" for name in shown))
    if kinds:
        print("more of these live at the end:", ", ".join(f"{k} +{n:,}" for k, n in kinds))
    print(f"slope after the warm-up: {by_lesson:.2f} MB an hour of lesson", end=", ")
    print(f"{by_clock:.1f} MB an hour by the clock")
    for fault in faults:
        print("FAULT", fault)
    return not faults


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="dev.py soak long", description=__doc__.split("\n")[0])
    parser.add_argument("--hours", type=float, default=8, help="of lesson")
    parser.add_argument("--scale", type=float, default=1, help="do so much of it in every hour")
    parser.add_argument("--minutes", type=float, default=60, help="stop after these in any case")
    parser.add_argument("--without", default="", help="parts of a round left out, by commas")
    parser.add_argument("--trace", action="store_true", help="tell which lines keep memory")
    parser.add_argument("--play", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.play is not None:
        return _play(options)
    with tempfile.TemporaryDirectory(prefix="long-", ignore_cleanup_errors=True) as folder:
        homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), folder)
        threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
        platform = {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
        command = [sys.executable, "-m", "tests.soak.long", "--play", folder]
        given = sys.argv[1:] if arguments is None else arguments
        environment = {**os.environ, **homes, **threads, **platform}
        return subprocess.run([*command, *given], cwd=ROOT, env=environment).returncode


def _play(options):
    """Give the lesson in this process."""
    from tests.soak._lesson import Lesson
    from tests.soak._program import run_program

    if options.trace:
        import tracemalloc

        tracemalloc.start(8)
    status, lesson = run_program(
        options.play, "1280x800", lambda window: Lesson(window, Path(options.play), options)
    )
    if lesson is None or status:
        print(f"FAULT the program ended with {status}")
        return 1
    sound = report(lesson.samples, lesson.grown_kinds())
    for fault, count in lesson.watch.faults.items():
        print(f"FAULT {fault} ({count} times)")
    lesson.watch.remove()
    return 0 if sound and not lesson.watch.faults else 1


if __name__ == "__main__":
    sys.exit(main())
