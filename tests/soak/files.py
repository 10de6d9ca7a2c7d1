"""Opens thousands of damaged files of every kind with the program's own readers.

    python3 dev.py soak files [--each N] [--seed S] [--kind KIND …] [--keep FOLDER]

Each must be taken as it was saved or be refused in one sentence, within a second of the
processor's time and 200 MB. What can be known to have been changed must be refused.
"""

import argparse
import logging
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from engine.files import FileError
from tests.soak import _samples as samples
from tests.soak._damage import ANY, Damage, lie_in_directory, rebuilt, splice

SECONDS, MEGABYTES, HANGS = 1.0, 200, 20
LONGEST = 300
POOR = ("allow_pickle", "None.", "\n", "Traceback", "object at 0x", "Error(")


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Attributes
    ----------
    suffix : str
    good : callable
        Makes valid files, given a folder.
    read : callable
        Opens one as the program does; raises FileError or returns something to compare.
    damages : tuple of Damage
        Ways to damage what is in it, with sums that are right: it may be another then.
    sealed : bool
        Whether any other change is known from sums.
    """

    suffix: str
    good: Callable[[Path], list[bytes]]
    read: Callable[[Path], Any]
    damages: tuple[Damage, ...]
    sealed: bool = False


KINDS: dict[str, Kind] = {
    "training": Kind(
        ".chainrule", samples.trainings, samples.open_training, (rebuilt,), sealed=True
    ),
    "drawings": Kind(".npz", samples.drawings, samples.open_drawings, (rebuilt,), sealed=True),
    "table": Kind(".csv", samples.tables, samples.open_table, samples.TABLE_DAMAGES),
    "picture": Kind(".png", samples.pictures, samples.open_picture, samples.PICTURE_DAMAGES),
}


@dataclass
class Tally:
    """What became of the files of one kind."""

    counts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    largest: float = 0.0
    faults: list[tuple[int, str]] = field(default_factory=list)


class Watch(logging.Handler):
    """Counts what readers had not foreseen, though they bore it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen = 0
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.seen += 1
        self.last = repr(record.exc_info[1]) if record.exc_info else record.getMessage()


class TimeOver(BaseException):
    pass


def _ring(*_: Any) -> None:
    raise TimeOver


def damaged(kind: Kind, good: list[bytes], number: int, seed: int) -> tuple[int, bytes, bool]:
    """Return which good file it was, the damaged one, and whether it may be another now."""
    rng = Random(f"{seed}-{kind.suffix}-{number}")
    which = rng.randrange(len(good))
    data = good[which]
    if rng.random() < 0.4:
        for _ in range(rng.choice([1, 1, 2])):
            try:
                data = rng.choice(kind.damages)(data, rng)
            except Exception:
                break  # it cannot be taken apart a second time
        return which, data, True
    if kind.sealed and rng.random() < 0.25:
        return which, lie_in_directory(data, rng), False
    if rng.random() < 0.1:
        other = rng.randrange(len(good))
        data = splice(data, good[other], rng)
        return which, data, data == good[other]
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        data = rng.choice(ANY)(data or b"\0", rng)
    return which, data, False


def run(kind: Kind, each: int, seed: int, keep: Path | None = None) -> Tally:
    """Open so many damaged files of a kind."""
    tally, watch = Tally(), Watch()
    logging.getLogger().addHandler(watch)
    signal.signal(signal.SIGALRM, _ring)
    try:
        with tempfile.TemporaryDirectory() as folder:
            good = kind.good(Path(folder))
            path = Path(folder) / f"file{kind.suffix}"
            expected = []
            for data in good:
                path.write_bytes(data)
                expected.append(kind.read(path))
            for number in range(each):
                which, data, may_differ = damaged(kind, good, number, seed)
                path.write_bytes(data)
                before = len(tally.faults)
                _open(kind, path, expected[which], may_differ, number, tally, watch)
                if keep and len(tally.faults) > before:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{seed}-{number}{kind.suffix}").write_bytes(data)
    finally:
        logging.getLogger().removeHandler(watch)
    return tally


def _open(
    kind: Kind, path: Path, expected: Any, may_differ: bool, number: int, tally: Tally, watch: Watch
) -> None:
    unforeseen, base = watch.seen, samples.reset_peak()
    started = time.process_time()
    signal.alarm(HANGS)
    try:
        found = kind.read(path)
    except FileError as error:
        tally.counts["refused"] += 1
        for complaint in complaints(str(error)):
            tally.faults.append((number, complaint))
    except TimeOver:
        tally.faults.append((number, "hangs"))
    except BaseException as error:
        tally.counts["escaped"] += 1
        tally.faults.append((number, f"escaped: {type(error).__name__}: {str(error)[:200]}"))
    else:
        same = found == expected
        tally.counts["taken" if same else "another"] += 1
        if not same and kind.sealed and not may_differ:
            tally.faults.append((number, "silent difference"))
    finally:
        signal.alarm(0)
    seconds, megabytes = time.process_time() - started, samples.peak() - base
    tally.slowest, tally.largest = max(tally.slowest, seconds), max(tally.largest, megabytes)
    if seconds > SECONDS:
        tally.faults.append((number, f"takes {seconds:.1f} s"))
    if megabytes > MEGABYTES:
        tally.faults.append((number, f"takes {megabytes:.0f} MB"))
    if watch.seen > unforeseen:
        tally.counts["unforeseen"] += 1
        tally.counts[f"  {watch.last[:100]}"] += 1


def complaints(message: str) -> Iterator[str]:
    """Yield what is wrong with a message to people."""
    if len(message) > LONGEST or len(message) < 10:
        yield f"message of {len(message):,} letters: {message[:80]}"
    if poor := [each for each in POOR if each in message]:
        yield f"message with {poor[0]!r}: {message[:200]}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("dev.py soak files")
    parser.add_argument("--each", type=int, default=20_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="put what fails there")
    options = parser.parse_args(arguments)
    logging.getLogger().addHandler(logging.NullHandler())
    print(f"seed {options.seed}, {options.each:,} of each kind")
    print(f"{'':10}{'taken':>8}{'another':>9}{'refused':>9}{'escaped':>9}{'faults':>8}"
          f"{'unforeseen':>12}{'slowest':>9}{'largest':>9}")  # fmt: skip
    faults = 0
    for name in options.kind:
        tally = run(KINDS[name], options.each, options.seed, options.keep)
        c = tally.counts
        print(f"{name:10}{c['taken']:8,}{c['another']:9,}{c['refused']:9,}{c['escaped']:9,}"
              f"{len(tally.faults):8,}{c['unforeseen']:12,}{tally.slowest:7.2f} s"
              f"{tally.largest:6.0f} MB", flush=True)  # fmt: skip
        for what, count in c.most_common():
            if what.startswith("  "):
                print(f"    unforeseen {count}: {what.strip()}")
        for number, what in tally.faults[:20]:
            print(f"    number {number}: {what}")
        faults += len(tally.faults)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
