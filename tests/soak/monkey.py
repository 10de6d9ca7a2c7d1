"""Random real events of every kind on the real window while it trains.

    python3 dev.py soak monkey --seed 1 --events 100000
    python3 dev.py soak monkey --replay FILE
    python3 dev.py soak monkey --shrink FILE

What is played is recorded as it goes, a line of JSON an event, and stays where a fault was found.
The program runs in a process of its own, without a screen unless QT_QPA_PLATFORM says so.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.soak._report import tell
from tests.soak._run import run
from tests.soak._shrink import shrink


def read_options(arguments):
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="dev.py soak monkey", description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--size", default="1280x800", metavar="WxH")
    parser.add_argument("--record", type=Path, metavar="FILE", help="keep the events here")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="play recorded events again")
    parser.add_argument("--shrink", type=Path, metavar="FILE", help="leave out what is not needed")
    parser.add_argument("--fault", default="", help="which one is shrunk; the first if not given")
    parser.add_argument("--rest", type=int, default=0, metavar="MS", help="after every event")
    parser.add_argument("--untimed", action="store_true", help="long turns are no fault")
    parser.add_argument("--without", default="", help="names of files left out, by commas")
    parser.add_argument("--minutes", type=float, default=10, help="to shrink at most")
    return parser.parse_args(arguments)


def job_of(options):
    """Return what the process that plays the events is told."""
    return {
        "seed": options.seed,
        "events": options.events,
        "size": options.size,
        "rest": options.rest,
        "timed": not options.untimed,
        "without": options.without.split(","),
    }


def main(arguments=None):
    options = read_options(arguments)
    job = job_of(options)
    if options.shrink:
        return shrink(options.shrink, job, options.fault, options.minutes)
    record = options.record or Path(tempfile.gettempdir()) / f"monkey-{options.seed}.jsonl"
    found = run(job, record, options.replay)
    tell(found, record)
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
