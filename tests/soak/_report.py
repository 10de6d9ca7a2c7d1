"""The figures of a run, as a table."""


def tell(found, record):
    """Print faults and figures of a run."""
    figures = found.figures
    if figures:
        rate = figures["events"] / max(figures["seconds"], 0.1)
        print(f"{figures['events']:,} events in {figures['seconds']:,} s, {rate:.0f} a second")
        print("by kind:", _pairs(figures["kinds"]))
        print("seconds:", _pairs(figures["took"]))
        print("nothing there:", _pairs(figures["gone"]))
        over = ", ".join(f"{n} over {limit} ms" for limit, n in figures["over"].items())
        print(f"turns: {figures['turns']:,}; of own time {over}")
        for seconds, event, where in figures["worst"]:
            print(f"  {seconds * 1000:5.0f} ms  {_short(event)}  in {', '.join(where) or '?'}")
        for sample in figures["samples"]:
            print("  ", _pairs(sample))
        if figures["borne"]:
            print("borne:", _pairs(figures["borne"]))
    for key, (count, event, details) in found.faults.items():
        print(f"\nFAULT {key}\n  {count} times, first at event {event:,}")
        if details:
            print("    " + details.strip().replace("\n", "\n    "))
    if found.faults:
        print(f"\nThe events are in {record}")
    else:
        print("no fault")


def _pairs(counts):
    return ", ".join(f"{name} {n:,}" for name, n in counts.items())


def _short(event):
    words = [str(event.get(name)) for name in ("do", "name", "how", "key", "path", "files")]
    place = str(event.get("at", "")).rpartition("/")[2]
    return " ".join(word for word in [*words, place] if word and word != "None")
