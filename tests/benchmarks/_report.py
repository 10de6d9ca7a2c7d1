"""What every benchmark shares: its command line, and how it prints and saves figures."""

import argparse
import json
import os
import platform
from pathlib import Path
from statistics import median
from typing import Any


def options(description: str, *extra: tuple[str, dict[str, Any]]) -> argparse.Namespace:
    """Read the command line: ``--json FILE``, ``--rounds N`` and what is added."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="save the figures there too")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="interleaved rounds (7)")
    for name, settings in extra:
        parser.add_argument(name, **settings)
    return parser.parse_args()


def summary(values: list[float]) -> dict[str, float]:
    """Return the least, the middle and the largest of `values`."""
    return {"min": min(values), "median": median(values), "max": max(values)}


def table(rows: list[list[str]]) -> None:
    """Print rows in columns; the first row is the heading."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def save(path: Path | None, name: str, figures: dict[str, Any]) -> None:
    """Write the figures as JSON if a file was named."""
    if path is None:
        return
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    path.write_text(json.dumps({"benchmark": name, "machine": machine, **figures}, indent=2))
