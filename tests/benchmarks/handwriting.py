"""How well drawings are read: real pen strokes through the road that the canvas takes.

    python3 dev.py bench handwriting [--json FILE] [--strokes FILE] [--seeds N]

The strokes are no part of the project: they are looked for beside it, in shared/data, or
where ``--strokes`` says. The file is npz: ``pts`` (points, 2) with y down, ``stroke_off`` and
``sample_off`` (where each stroke and each digit starts), ``label``, ``writer``, ``src`` (0 UCI,
1 UNIPEN). Without it, only the drawings made for the project and the test rows are read.
"""

import time
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine import datasets
from engine.digits.hands import by_hand
from engine.digits.novelty import measure
from engine.digits.others import parsed
from engine.digits.strokes import clean
from engine.handwriting import read_digit, reader, sample_drawings, stages
from engine.train_reader import train
from tests.benchmarks._report import options, save, table

STROKES = Path(__file__).resolve().parents[3] / "shared" / "data" / "strokes-dev.npz"
SOURCES = ("UCI", "UNIPEN")
UNSEEN = Path(__file__).with_name("unseen-drawings.txt")
HANDS = 10  # ways in which each drawing of another thing is varied
FEWEST = 20  # digits that a writer must have written to be listed


@dataclass
class Drawings:
    """Real digits: strokes, the digit meant, who wrote it, and where it comes from."""

    strokes: list
    label: np.ndarray
    writer: np.ndarray
    source: np.ndarray

    @classmethod
    def load(cls, path):
        with np.load(path, allow_pickle=False) as file:
            points = file["pts"].astype(float)
            pen_down = np.split(points, file["stroke_off"][1:-1])
            first = file["sample_off"]
            strokes = [pen_down[a:b] for a, b in pairwise(first)]
            return cls(strokes, file["label"].astype(int), file["writer"], file["src"])


def percent(right):
    return f"{100 * np.mean(right):.2f} %" if len(right) else "–"


def read_all(drawings, network=None):
    """Return the answers, and the CPU milliseconds that each took."""
    answers, spent = [], []
    for strokes in drawings:
        started = time.process_time()
        answers.append(read_digit(strokes, network).argmax())
        spent.append(1000 * (time.process_time() - started))
    return np.array(answers), np.array(spent)


def placed(strokes, rng):
    """Put a digit anywhere on a canvas of 280, between a third and nine tenths of its height."""
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), max(np.ptp(points, axis=0).max(), 1)
    scale = rng.uniform(1 / 3, 0.9) * 280 / size
    corner = rng.uniform(0, 280 - size * scale, 2)
    return [(stroke - low) * scale + corner for stroke in strokes]


# ---------------------------------------------------------------- what is measured


def accuracy(drawings, answers):
    """Print and return the accuracy by source, digit and writer, and the confusions."""
    right = answers == drawings.label
    figures = {}
    for number, name in enumerate(SOURCES):
        here = drawings.source == number
        figures[name] = 100 * right[here].mean()
        print(f"\n{name}: {percent(right[here])} of {here.sum()} digits")
        digits = [right[here & (drawings.label == digit)] for digit in range(10)]
        table(
            [
                ["digit", *map(str, range(10))],
                ["read, %", *(f"{100 * d.mean():.1f}" for d in digits)],
            ]
        )
        pairs = Counter(
            f"{a} as {b}"
            for a, b in zip(drawings.label[here], answers[here], strict=True)
            if a != b
        )
        print("confused:", ", ".join(f"{pair} ({n})" for pair, n in pairs.most_common(10)))
        by_writer(drawings.writer[here], right[here])
    return figures


def by_writer(writers, what, worst_first=False):
    scores = {
        str(writer): 100 * what[writers == writer].mean()
        for writer in np.unique(writers)
        if (writers == writer).sum() >= FEWEST
    }
    order = sorted(scores, key=scores.get, reverse=worst_first)
    middle = np.median(list(scores.values()))
    worst = ", ".join(f"{writer} {scores[writer]:.0f} %" for writer in order[:5])
    print(
        f"{len(order)} writers with {FEWEST} digits or more: median {middle:.1f} %; worst {worst}"
    )


def placement(drawings, answers):
    rng = np.random.default_rng(0)
    moved, _spent = read_all([placed(strokes, rng) for strokes in drawings.strokes])
    right, still = moved == drawings.label, answers == drawings.label
    print(f"\nanywhere on the canvas, a third to nine tenths of its height: {percent(right)}")
    print(f"as they came: {percent(still)}; other answers: {(moved != answers).sum()}")
    return {"placed": 100 * right.mean(), "as_they_came": 100 * still.mean()}


def rejection(drawings, answers):
    """Print and return how many real digits are called unlike a digit."""
    spent = time.process_time()
    novel = np.array([measure()(stages(strokes)) > 1 for strokes in drawings.strokes])
    spent = 1000 * (time.process_time() - spent) / len(novel)
    print(f"to draw a digit anew and look at it: {spent:.2f} ms of CPU")
    figures = {"milliseconds_with_stages": spent}
    right = answers == drawings.label
    for number, name in enumerate(SOURCES):
        here = drawings.source == number
        figures[f"{name}_rejected"] = 100 * novel[here].mean()
        print(
            f"{name}: {percent(novel[here])} called unlike a digit (of the misread "
            f"{percent(novel[here & ~right])}); of the others {percent(right[here & ~novel])} read"
        )
        digits = [f"{100 * novel[here & (drawings.label == d)].mean():.1f}" for d in range(10)]
        table([["digit", *map(str, range(10))], ["unlike, %", *digits]])
        by_writer(drawings.writer[here], novel[here], worst_first=True)
    return figures


def others():
    """Return drawings of what is no digit by kinds; none of them was learnt from."""
    samples = [each for each in sample_drawings() if each["label"] is None]
    rng = np.random.default_rng(0)
    lines = [line for line in UNSEEN.read_text("utf-8").splitlines() if ":" in line]
    return {
        "letters": [(e["name"], e["strokes"]) for e in samples if len(e["name"]) == 1],
        "things and signs": [(e["name"], e["strokes"]) for e in samples if len(e["name"]) > 1],
        "things of other kinds": [parsed(line) for line in lines if line[0] != "#"],
        "random lines": [("lines", [rng.random((rng.integers(8, 24), 2))]) for _ in range(300)],
    }


def other_drawings():
    """Print and return how many drawings of other things are called unlike a digit."""
    rng = np.random.default_rng(0)
    rows, figures = [["", "drawings", "called unlike", "by other hands", "not"]], {}
    for kind, drawings in others().items():
        taken = [name for name, strokes in drawings if measure()(stages(strokes)) <= 1]
        hands = [by_hand(clean(strokes), rng) for _, strokes in drawings for _ in range(HANDS)]
        unlike = [measure()(stages(strokes)) > 1 for strokes in hands]
        found = 100 * (1 - len(taken) / len(drawings))
        figures[f"{kind} rejected"] = found
        figures[f"{kind} by other hands rejected"] = 100 * float(np.mean(unlike))
        missed = ", ".join(taken[:9])
        rows.append([kind, str(len(drawings)), f"{found:.1f} %", percent(unlike), missed])
    table(rows)
    return figures


def own_digits():
    digits = [each for each in sample_drawings() if each["label"] is not None]
    answers, _spent = read_all([each["strokes"] for each in digits])
    right = answers == [each["label"] for each in digits]
    print(f"drawings made for the project: {right.sum()} of {len(right)} read")


def test_rows(network, data):
    right = network.predict(data.x_test).argmax(axis=1) == data.y_test.argmax(axis=1)
    return 100 * right.mean()


def over_seeds(drawings, seeds):
    """Train with each seed, and print the mean."""
    rows = []
    for seed in range(seeds):
        trainer = train(seed)
        answers, _spent = read_all(drawings.strokes, trainer.network)
        right = answers == drawings.label
        by_source = [100 * right[drawings.source == number].mean() for number in (0, 1)]
        rows.append([*by_source, test_rows(trainer.network, trainer.dataset)])
    rows.append(np.mean(rows, axis=0))
    names = [*map(str, range(seeds)), "mean"]
    print()
    shown = [[n, *(f"{x:.2f}" for x in row)] for n, row in zip(names, rows, strict=True)]
    table([["seed", *SOURCES, "test rows, %"], *shown])
    return dict(zip([*SOURCES, "test_rows"], map(float, rows[-1]), strict=True))


def main():
    wanted = options(
        __doc__.partition("\n")[0],
        ("--strokes", {"type": Path, "default": STROKES, "metavar": "FILE"}),
        ("--seeds", {"type": int, "default": 0, "help": "train so many networks, take the mean"}),
    )
    experiment, network = reader()
    data = datasets.load(experiment.data)
    figures = {"test_rows": test_rows(network, data)}
    print(f"the shipped network: {figures['test_rows']:.2f} % of {len(data.x_test)} test rows")
    own_digits()
    figures |= other_drawings()
    if not wanted.strokes.exists():
        print(f"\nno pen strokes at {wanted.strokes}: only the above was measured")
        save(wanted.json, "handwriting", figures)
        return
    drawings = Drawings.load(wanted.strokes)
    answers, spent = read_all(drawings.strokes)
    figures |= accuracy(drawings, answers)
    middle, slow = np.percentile(spent, [50, 95])
    figures |= {"milliseconds": middle, "milliseconds_p95": slow}
    figures |= placement(drawings, answers)
    print(f"one drawing: {middle:.2f} ms of CPU, 95 % below {slow:.2f} ms\n")
    figures |= rejection(drawings, answers)
    if wanted.seeds:
        figures["seeds"] = over_seeds(drawings, wanted.seeds)
    save(wanted.json, "handwriting", figures)


if __name__ == "__main__":
    main()
