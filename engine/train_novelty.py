"""Make the network that doubts: ``python -m engine.train_novelty``.

It learns to tell the 1,437 training digits of scikit-learn, traced and drawn by other hands
again and again, from drawings of what is no digit; see :mod:`engine.digits.novelty`. Nine in
ten of the rows are learnt from; what the others' drawings score sets the threshold. The same
seed gives the same network on processors of one kind. To draw takes some minutes.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import datasets
from engine.datasets import Dataset
from engine.digits.bitmaps import bitmaps
from engine.digits.hands import Strokes, by_hand, otherwise
from engine.digits.novelty import FEATURES, KINDS, NOVELTY, Novelty, features, odds, save_novelty
from engine.digits.others import other
from engine.digits.strokes import box, stages
from engine.digits.tracing import enlarged, thin, trace
from engine.optimizers import Adam
from engine.schedules import Cosine
from engine.spec import Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.train_reader import EXPERIMENT as READER_EXPERIMENT
from engine.trainer import Trainer

COPIES = 48  # of the rows, each drawn by another hand
OTHERS = 2000  # other drawings for each copy
KEPT_BACK = 10  # one row in so many
DOUBTED = 0.0125  # share of the digits kept back that is doubted: sets the threshold
EPOCHS = 30
CLASSES = (*"0123456789", *KINDS)

EXPERIMENT = Experiment(
    network=NetworkSpec(hidden=(HiddenLayer(128, dropout=0.2),)),
    train=TrainSpec(
        learning_rate=0.002,
        optimizer=Adam(),
        schedule=Cosine(epochs=EPOCHS),
        batch_size=256,
        l2=1e-4,
        epochs=EPOCHS,
    ),
)

Examples = tuple[NDArray[np.float32], NDArray[np.intp], NDArray[np.bool_]]


@lru_cache(maxsize=1)
def digits() -> tuple[list[Strokes], NDArray[np.intp]]:
    """Trace the digits that the reader is trained on; return their strokes and labels."""
    data = datasets.load(replace(READER_EXPERIMENT.data, source=datasets.Digits()))
    drawn = bitmaps(16 * data.x_train.reshape(-1, 8, 8)) > 0.5
    return [box(trace(thin(enlarged(each)))) for each in drawn], data.y_train.argmax(axis=1)


def examples(copy: int, seed: int = 0) -> Examples:
    """Draw one copy of all digits, and other drawings.

    Returns
    -------
    features, classes, kept_back : ndarray
        Of shapes (n, 515), (n,) and (n,); the last for the rows not to be trained on.
    """
    rng = np.random.default_rng([seed, copy])
    strokes, labels = digits()
    digit_rows = zip(strokes, labels, strict=True)
    rows = [features(stages(by_hand(otherwise(s, label, rng), rng))) for s, label in digit_rows]
    classes = list(labels)
    for _ in range(OTHERS):
        kind, drawn = other(rng, strokes)
        rows.append(features(stages(drawn)))
        classes.append(CLASSES.index(kind))
    kept_back = np.arange(len(rows)) % KEPT_BACK == 0
    return np.array(rows), np.array(classes), kept_back


def train(seed: int = 0) -> tuple[Novelty, dict[str, float]]:
    """Train the network and set its threshold; return how many of what was kept back it doubts."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(examples, range(COPIES), [seed] * COPIES))
    x, classes, kept_back = (np.concatenate(parts) for parts in zip(*made, strict=True))
    data = Dataset.from_arrays(x[~kept_back], classes[~kept_back], class_names=CLASSES)
    network = replace(EXPERIMENT.network, seed=seed)
    trainer = Trainer(replace(EXPERIMENT, network=network), data)
    for _completed in trainer.slices(seconds=10.0):
        pass
    x, classes = x[kept_back], classes[kept_back]
    biases = [each for each in trainer.network.biases if each is not None]
    novelty = Novelty(trainer.network.weights, biases)
    doubt = odds(novelty.logits(x))
    novelty.threshold = float(np.quantile(doubt[classes < len(CLASSES) - len(KINDS)], 1 - DOUBTED))
    doubted = doubt > novelty.threshold
    return novelty, {name: doubted[classes == number].mean() for number, name in enumerate(CLASSES)}


def main() -> None:
    """Train, save, and say how much of what was kept back is doubted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0, help="of drawings and weights (0)")
    parser.add_argument("--out", type=Path, default=NOVELTY, metavar="FILE", help="where to save")
    wanted = parser.parse_args()
    novelty, doubted = train(wanted.seed)
    save_novelty(wanted.out, novelty)
    print(f"{wanted.out}: {FEATURES} features; doubted of what was kept back:")
    print(", ".join(f"{name} {share:.1%}" for name, share in doubted.items()))


if __name__ == "__main__":
    main()
