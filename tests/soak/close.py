"""Closes the program at random moments, in every state, by its window and by signals.

python3 dev.py soak close [--times 200] [--seed 0] [--x11]
"""

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.soak import programs
from tests.soak.driver import STATES
from tests.soak.whole import settings_are_whole

WAYS = ("window", "SIGTERM", "SIGINT")
LATEST = 6.0  # seconds after the start


def close_once(folder, way, state, delay, x11=False):
    """Start, end, and return what was wrong, and how long the end took."""
    environment = programs.surroundings(folder, x11)
    arguments = [state, str(max(0.0, delay - 1.0))] if way == "window" else [state]
    process = programs.start(
        folder, *arguments, module="tests.soak.driver", environment=environment
    )
    with programs.killed_at_last(process):
        if way == "window":
            status, took = programs.ended(process, delay + programs.LONGEST_END), 0.0
        else:
            time.sleep(delay)
            while not programs.hears_signals(process):
                time.sleep(0.001)  # Python itself is not up yet
            told = time.monotonic()
            process.send_signal(getattr(signal, way))
            status, took = programs.ended(process), time.monotonic() - told
        faults = [] if status == 0 else [f"exit status {status}"]
    if left := programs.left_of(process):
        faults.append(f"{len(left)} processes left")
    if programs.crashes_in(folder):
        faults.append("a crash trace")
    if not settings_are_whole(programs.settings_of(folder)):
        faults.append("damaged settings")
    said = (folder / "said.txt").read_text(errors="replace")
    if "Traceback" in said or "Error" in said or "uncaught" in programs.log_of(folder):
        faults.append("an error was told")
    return faults, took


def run(times, seed, x11=False, latest=LATEST):
    """Close so many times; return the faults, and the times that ends took."""
    chance = random.Random(seed)
    found, ends, done = [], [], Counter()
    with tempfile.TemporaryDirectory() as kept:
        for number in range(times):
            way, state = WAYS[number % len(WAYS)], chance.choice(STATES)
            delay = chance.uniform(0, latest)
            folder = Path(kept) / str(number // 10)  # each is the next start of the one before
            folder.mkdir(exist_ok=True)
            (folder / "said.txt").write_text("")
            log = programs.data_of(folder) / "chainrule.log"
            log.unlink(missing_ok=True)
            faults, took = close_once(folder, way, state, delay, x11)
            ends.append(took)
            done[way] += 1
            if faults:
                told = (folder / "said.txt").read_text(errors="replace") + programs.log_of(folder)
                found.append(f"{number}: {way}, {state}, {delay:.2f} s: {', '.join(faults)}")
                print(found[-1] + "\n" + told[-1500:], flush=True)
    return found, ends, done


def main():
    parser = argparse.ArgumentParser(prog="soak close", description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--x11", action="store_true", help="on a real screen, such as Xvfb")
    options = parser.parse_args()
    found, ends, done = run(options.times, options.seed, options.x11)
    print(
        f"{sum(done.values())} closings ({', '.join(f'{n} by {way}' for way, n in done.items())}), "
        f"{len(found)} faults; longest end after a signal {max(ends):.1f} s"
    )
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
