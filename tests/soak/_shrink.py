"""Leaves out of recorded events whatever the fault does not need."""

import json
import time

from tests.soak._run import read_events, run

HANG_SECONDS = 20


def shrink(path, job, fault, minutes):
    """Write the shortest list that was found beside the recording; return the exit status."""
    events = read_events(path)
    end = time.monotonic() + 60 * minutes
    first = run(job, None, events=events, hang=HANG_SECONDS)
    fault = fault or next(iter(first.faults), "")
    fault = next((each for each in first.faults if _alike(each, fault)), "")
    if not fault:
        print("played again, the events show no such fault")
        return 1
    print(f"shrinking {len(events):,} events: {fault}")
    job = {**job, "until": fault}
    events = events[: first.faults[fault][1] + 1] if "crash" not in fault else events

    def fails(some):
        found = run(job, None, events=some, hang=HANG_SECONDS, loud=False).faults
        return any(_alike(each, fault) for each in found)

    events = _shortest_tail(events, fails, end)
    events = _without_parts(events, fails, end)
    short = path.with_suffix(".short.jsonl")
    lines = [json.dumps(each, ensure_ascii=False) for each in events]
    short.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(events)} events are left, in {short}", *lines[:40], sep="\n  ")
    return 0


def _alike(one, other):
    """Return whether two faults are one; a crash is seen now here, now there."""
    kinds = [each.partition(" /")[0].split(" ")[:2] for each in (one, other)]
    return one == other or (one.startswith("crash") and kinds[0] == kinds[1])


def _shortest_tail(events, fails, end):
    """Return the last events that suffice, by doubling."""
    size = 10
    while size < len(events) and time.monotonic() < end:
        if fails(events[-size:]):
            return events[-size:]
        size *= 3
    return events


def _without_parts(events, fails, end):
    """Leave out halves, quarters, and so on down to single events."""
    size = max(len(events) // 2, 1)
    while time.monotonic() < end:
        start, cut = 0, False
        while start < len(events) and time.monotonic() < end:
            fewer = events[:start] + events[start + size :]
            if fewer and fails(fewer):
                events, cut = fewer, True
            else:
                start += size
        if size == 1 and not cut:
            return events
        size = max(size // 2, 1)
    return events
