"""How fast the engine trains, beside what people would take instead.

``python3 dev.py bench engine [--json FILE] [--rounds N] [--only WORDS]``

All candidates of a row run interleaved in one process with one BLAS thread: same architecture,
batch, solver, dtype and number of epochs, process CPU time, medians over the rounds of the
ratios within each round. "Bare GEMMs" are the matrix products that the same steps cannot do
without, by ``np.dot(a, b, out)`` on memory allocated before, in the best orientation found.
Where test rows are scored after each epoch, all candidates do so.

PyTorch is an extra (``pip install torch==2.13.0``); its rows say so where it is absent.
"""

import os
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from engine.activations import Sigmoid
from engine.blas import use_one_thread
from engine.data_sources import Digits
from engine.datasets import Dataset, load
from engine.initializers import Normal
from engine.optimizers import SGD
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trainer import Trainer
from tests.benchmarks._peers import (
    Article,
    Run,
    Workload,
    article,
    bare_gemms,
    iter_epochs,
    ours,
    products_and_adam,
    sklearn_mlp,
    torch_eager,
    unavoidable,
)
from tests.benchmarks._report import options, save

# ---------------------------------------------------------------- measuring


def calibrate(run: Run, seconds: float) -> int:
    """Return how many epochs take about `seconds`."""
    run(1)
    count = 1
    while True:
        started = time.process_time()
        run(count)
        took = time.process_time() - started
        if took > seconds / 10 or count > 1e6:
            return max(1, round(count * seconds / max(took, 1e-9)))
        count *= 4


def interleave(candidates: dict[str, Run], rounds: int, seconds: float) -> dict[str, np.ndarray]:
    """Return CPU seconds per epoch of each candidate in each round."""
    counts = {name: calibrate(run, seconds) for name, run in candidates.items()}
    took: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, run in candidates.items():
            started = time.process_time()
            run(counts[name])
            took[name].append((time.process_time() - started) / counts[name])
    return {name: np.array(values) for name, values in took.items()}


def ratio(took: dict[str, np.ndarray], a: str, b: str) -> float:
    return float(np.median(took[a] / took[b]))


# ---------------------------------------------------------------- the rows


def digits(rows_for_test: bool) -> Dataset:
    data = load(DataSpec(Digits(scale="minmax")))
    if rows_for_test:
        return data
    return Dataset.from_arrays(data.x_train, data.y_train, name="digits")


def circle() -> Dataset:
    rng = np.random.default_rng(0)
    radius = np.concatenate([rng.uniform(0, 2.5, 125), rng.uniform(3.5, 5, 125)])
    angle = rng.uniform(0, 2 * np.pi, 250)
    x = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    y = np.repeat([1.0, -1.0], 125)
    return Dataset.from_arrays(x, y, task="regression", name="circle")


def images() -> Dataset:
    rng = np.random.default_rng(0)
    return Dataset.from_arrays(rng.random((20_000, 784)), np.eye(10)[rng.integers(0, 10, 20_000)])


def workloads() -> list[Workload]:
    small = digits(False)
    adam = {"sizes": (64, 64, 10), "activation": "relu", "solver": "adam", "batch": 32}
    return [
        Workload(
            "digits 64-64-10, Adam, batch 32, float32", **adam, data=small, dtype="float32",
            learning_rate=0.001,
            targets={"scikit-learn": (">=", 8), "PyTorch": (">=", 10), "bare GEMMs": ("<=", 3.4)},
        ),
        Workload(
            "the same, float64", **adam, data=small, dtype="float64", learning_rate=0.001,
            targets={"scikit-learn": (">=", 4.5), "PyTorch": (">=", 6)},
        ),
        Workload(
            "the article's epochs, full batch, float32", (64, 64, 10), "sigmoid", "sgd", None,
            "float32", small, 0.1, targets={"bare GEMMs": ("<=", 1.2)},
        ),
        Workload(
            "the same with its test loss after each epoch", (64, 64, 10), "sigmoid", "sgd", None,
            "float32", digits(True), 0.1, with_test=True,
            extra={"article": article, "unavoidable": unavoidable},
            targets={"article": (">=", 4.5)},
        ),
        Workload(
            "2-4-2-1 tanh, batch 10, SGD, float64", (2, 4, 2, 1), "tanh", "sgd", 10, "float64",
            circle(), 0.03,
            targets={"scikit-learn": (">=", 12), "PyTorch": (">=", 30), "bare GEMMs": ("<=", 1.7)},
        ),
        Workload(
            "784-256-128-10, Adam, batch 128, float32", (784, 256, 128, 10), "relu", "adam", 128,
            "float32", images(), 0.001, seconds=1.0, extra={"unavoidable": products_and_adam},
            targets={"scikit-learn": (">=", 2), "PyTorch": (">=", 1.25), "bare GEMMs": ("<=", 1.3)},
        ),
    ]  # fmt: skip


def candidates_of(load: Workload) -> dict[str, Run]:
    found = {"ours": ours(load), "bare GEMMs": bare_gemms(load)}
    if "scikit-learn" in load.targets:
        found["scikit-learn"] = sklearn_mlp(load)
    if "PyTorch" in load.targets:
        try:
            import torch  # noqa: F401
        except ImportError:
            print("  PyTorch: not installed")
        else:
            for variant in ("default", "foreach", "fused"):
                found[f"PyTorch {variant}"] = torch_eager(variant)(load)
    return found | {name: make(load) for name, make in load.extra.items()}


@dataclass
class Result:
    row: str
    against: str
    figure: float
    wanted: str
    met: bool

    def __str__(self) -> str:
        mark = "ok  " if self.met else "MISS"
        return f"  {mark} {self.against:32s} {self.figure:8.2f}   wanted {self.wanted}"


def judge(row: str, against: str, figure: float, sign: str, bound: float) -> Result:
    met = figure >= bound if sign == ">=" else figure <= bound
    result = Result(row, against, round(figure, 3), f"{sign} {bound:g}", met)
    print(result, flush=True)
    return result


def measure(load: Workload, rounds: int) -> list[Result]:
    print(load.name, flush=True)
    took = interleave(candidates_of(load), rounds, load.seconds)
    for name, values in took.items():
        print(f"       {name:32s} {np.median(values) * 1e3:10.4f} ms per epoch")
    torches = [name for name in took if name.startswith("PyTorch")]
    results = []
    for against, (sign, bound) in load.targets.items():
        if against == "PyTorch":
            if not torches:
                continue
            against = min(torches, key=lambda name: np.median(took[name]))
        pair = ("ours", against) if sign == "<=" else (against, "ours")
        results.append(judge(load.name, against, ratio(took, *pair), sign, bound))
        if "unavoidable" in took:
            least = ratio(took, *(name if name != "ours" else "unavoidable" for name in pair))
            if least > bound if sign == "<=" else least < bound:
                print(f"       beyond NumPy here: what cannot be left out reaches {least:.2f}")
    return results


def same_accuracy(rounds: int) -> list[Result]:
    """Train the article's recipe both ways from the same weights, 1000 epochs each."""
    row = "the article's test accuracy, seed by seed"
    print(row, flush=True)
    data = digits(True)
    largest = 0.0
    for seed in range(5):
        network = NetworkSpec((HiddenLayer(64, Sigmoid()),), initializer=Normal(1.0), seed=seed)
        train = TrainSpec(optimizer=SGD(), learning_rate=0.1, batch_size=None, epochs=1000)
        trainer = Trainer(Experiment(network=network, train=train), data)
        theirs = Article(data, trainer.network.weights, 0.1)
        theirs.train(1000)
        for _ in trainer.slices(0.01):
            pass
        mine = trainer.history["test_accuracy"][-1]
        print(f"       seed {seed}: ours {mine:.4f}, article {theirs.test_accuracy():.4f}")
        largest = max(largest, abs(mine - theirs.test_accuracy()))
    return [judge(row, "largest difference", largest, "<=", 0.0)]


def prediction(rounds: int) -> list[Result]:
    """One row through 64-64-10, float32."""
    from sklearn.neural_network import MLPClassifier

    row = "one prediction, 64-64-10, float32"
    print(row, flush=True)
    data = digits(False)
    x = data.x_train.astype(np.float32)
    model = MLPClassifier((64,), max_iter=2, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(x, data.y_train.argmax(axis=1))
    network = Trainer(Experiment(), data).network
    one, one_row = x[0].copy(), x[:1].copy()
    first, second = (w.copy() for w in network.weights)
    hidden, out = np.empty(64, np.float32), np.empty(10, np.float32)

    def gemvs(count: int) -> None:
        for _ in range(count):
            np.dot(one, first, hidden)
            np.dot(hidden, second, out)

    def repeat(f: Callable[[np.ndarray], object], x: np.ndarray) -> Run:
        def run(count: int) -> None:
            for _ in range(count):
                f(x)

        return run

    took = interleave(
        {
            "ours": repeat(network.predict, one),
            "scikit-learn": repeat(model.predict_proba, one_row),
            "its two GEMVs": gemvs,
        },
        rounds,
        0.1,
    )
    for name, values in took.items():
        print(f"       {name:32s} {np.median(values) * 1e6:10.3f} µs")
    return [
        judge(row, "scikit-learn", ratio(took, "scikit-learn", "ours"), ">=", 30),
        judge(row, "its two GEMVs", ratio(took, "ours", "its two GEMVs"), "<=", 3.6),
    ]


def drift(rounds: int) -> list[Result]:
    """Whether training slows down as it goes on: dead weights must not turn subnormal."""
    row = "epoch 3,600 against epoch 1, digits, float32"
    print(row, flush=True)

    def trained(epochs: int) -> Run:
        trainer = Trainer(Experiment(), digits(False))
        going = iter_epochs(trainer)
        for _ in range(epochs):
            next(going)
        state = trainer.snapshot()

        def run(count: int) -> None:
            nonlocal going
            for _ in range(count):
                if trainer.epoch >= epochs + 50:
                    trainer.restore(state)
                    going = iter_epochs(trainer)
                next(going)

        return run

    took = interleave({"epoch 3,600": trained(3600), "epoch 1": trained(0)}, rounds, 0.2)
    return [judge(row, "epoch 1", ratio(took, "epoch 3,600", "epoch 1"), "<=", 1.1)]


def main() -> None:
    only = ("--only", {"default": "", "metavar": "WORDS", "help": "rows whose name has these"})
    chosen = options((__doc__ or "").splitlines()[0], only)
    use_one_thread()
    results: list[Result] = []
    for each in workloads():
        if chosen.only in each.name:
            results += measure(each, chosen.rounds)
    for name, part in (("accuracy", same_accuracy), ("prediction", prediction), ("drift", drift)):
        if chosen.only in name:
            results += part(chosen.rounds)
    missed = sum(not result.met for result in results)
    print(f"{len(results) - missed} of {len(results)} targets met")
    save(chosen.json, "engine", {"results": [vars(result) for result in results]})


if __name__ == "__main__":
    main()
