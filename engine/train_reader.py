"""Make the network that is shipped: ``python -m engine.train_reader``.

It learns from the 1,437 training digits of scikit-learn alone (the split of
``train_test_split(test_size=360, random_state=42, stratify=y)``), varied in every epoch by
:mod:`engine.digits.augmentation`. The same seed gives the same weights on processors of one kind.
"""

import argparse
from dataclasses import replace
from pathlib import Path

from engine import datasets
from engine.data_sources import Digits
from engine.handwriting import READER, save_reader
from engine.schedules import Cosine
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trainer import Trainer

EPOCHS = 1500

EXPERIMENT = Experiment(
    data=DataSpec(source=Digits(augment=True), test_fraction=0.2, split_seed=42, stratify=True),
    network=NetworkSpec(hidden=(HiddenLayer(128),)),
    train=TrainSpec(
        learning_rate=0.008,
        schedule=Cosine(epochs=EPOCHS),
        batch_size=64,
        l2=2e-4,
        epochs=EPOCHS,
    ),
)


def train(seed: int = 0, experiment: Experiment = EXPERIMENT) -> Trainer:
    """Carry the experiment out with `seed`, on all augmented copies from the first epoch on."""
    experiment = replace(experiment, network=replace(experiment.network, seed=seed))
    data = datasets.load(experiment.data)
    if data.fresh is not None:
        data.fresh.complete()
    trainer = Trainer(experiment, data)
    for _completed in trainer.slices(seconds=1.0):
        pass
    return trainer


def main() -> None:
    """Train, save, and say how well the test rows are read."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0, help="of the initial weights (0)")
    parser.add_argument("--out", type=Path, default=READER, metavar="FILE", help="where to save")
    wanted = parser.parse_args()
    trainer = train(wanted.seed)
    save_reader(wanted.out, trainer.experiment, trainer.network)
    accuracy = trainer.history["test_accuracy"][-1]
    print(f"{wanted.out}: reads {accuracy:.1%} of the {len(trainer.dataset.x_test)} test rows")


if __name__ == "__main__":
    main()
