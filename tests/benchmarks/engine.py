"""How fast the engine trains, beside what people would take instead.

``python3 dev.py bench engine [--json FILE] [--rounds N] [--only WORDS]``

All candidates of a row run interleaved in one process with one BLAS thread: same architecture,
batch, solver, dtype and number of epochs, process CPU time, medians over the rounds of the
ratios within each round. "Bare GEMMs" are the matrix products that the same steps cannot do
without, by ``np.dot(a, b, out)`` on memory allocated before, in the best orientation found.
Where test rows are scored after each epoch, all candidates do so.

PyTorch is an extra (``pip install torch==2.13.0``); its rows say so where it is absent.
"""

import argparse
import json
import os
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from engine.activations import ReLU, Sigmoid, Tanh
from engine.blas import use_one_thread
from engine.data_sources import Digits
from engine.datasets import Dataset, load
from engine.initializers import Normal
from engine.losses import HalfSumOfSquares
from engine.memory import aligned
from engine.network import Network
from engine.optimizers import SGD, Adam
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trainer import Trainer

Run = Callable[[int], object]  # trains for so many epochs


@dataclass
class Workload:
    """One row of the table: what is trained, and how."""

    name: str
    sizes: tuple[int, ...]
    activation: str
    solver: str
    batch: int | None
    dtype: str
    data: Dataset
    learning_rate: float
    targets: dict[str, tuple[str, float]]
    seconds: float = 0.3
    with_test: bool = False
    extra: dict[str, Callable[["Workload"], Run]] = field(default_factory=dict)


# ---------------------------------------------------------------- the candidates


def ours(load: Workload) -> Run:
    activation = {"relu": ReLU(), "sigmoid": Sigmoid(), "tanh": Tanh()}[load.activation]
    regression = load.data.task == "regression"
    network = NetworkSpec(
        hidden=tuple(HiddenLayer(units, activation) for units in load.sizes[1:-1]),
        output=Tanh() if regression else None,
        initializer=Normal(1.0) if load.with_test else NetworkSpec().initializer,
        dtype=load.dtype,
    )
    train = TrainSpec(
        optimizer=Adam() if load.solver == "adam" else SGD(),
        learning_rate=load.learning_rate,
        batch_size=load.batch,
        loss=HalfSumOfSquares() if regression else None,
    )
    epochs = iter_epochs(Trainer(Experiment(network=network, train=train), load.data))

    def run(count: int) -> None:
        for _ in range(count):
            next(epochs)

    return run


def iter_epochs(trainer: Trainer):
    """Yield after each epoch, by the slices that the window's worker takes."""
    for completed in trainer.slices(0.001):
        if completed:
            yield


def sklearn_mlp(load: Workload) -> Run:
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    regression = load.data.task == "regression"
    x = load.data.x_train.astype(load.dtype)
    y = load.data.y_train[:, 0] if regression else load.data.y_train.argmax(axis=1)
    y = y.astype(load.dtype) if regression else y

    def run(count: int) -> None:
        model = (MLPRegressor if regression else MLPClassifier)(
            hidden_layer_sizes=load.sizes[1:-1],
            activation={"sigmoid": "logistic"}.get(load.activation, load.activation),
            solver=load.solver,
            alpha=0.0,
            batch_size=min(load.batch or len(x), len(x)),
            learning_rate_init=load.learning_rate,
            momentum=0.0,
            nesterovs_momentum=False,
            max_iter=count,
            tol=0.0,
            n_iter_no_change=10**9,
            random_state=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x, y)

    return run


def torch_eager(variant: str) -> Callable[[Workload], Run]:
    def make(load: Workload) -> Run:
        import torch

        torch.set_num_threads(1)
        torch.manual_seed(0)
        kind = getattr(torch, load.dtype)
        curve = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh}
        regression = load.data.task == "regression"
        modules: list[torch.nn.Module] = []
        for index, (a, b) in enumerate(zip(load.sizes, load.sizes[1:], strict=False)):
            modules.append(torch.nn.Linear(a, b, dtype=kind))
            if index < len(load.sizes) - 2 or regression:
                modules.append(curve[load.activation]())
        net = torch.nn.Sequential(*modules)
        options = {variant: True} if variant != "default" else {}
        solver = torch.optim.Adam if load.solver == "adam" else torch.optim.SGD
        optimizer = solver(net.parameters(), load.learning_rate, **options)
        x = torch.from_numpy(load.data.x_train.astype(load.dtype))
        targets = load.data.y_train
        y = torch.from_numpy(targets.astype(load.dtype) if regression else targets.argmax(axis=1))
        criterion = torch.nn.MSELoss() if regression else torch.nn.CrossEntropyLoss()
        batch = load.batch or len(x)

        def run(count: int) -> None:
            for _ in range(count):
                order = torch.randperm(len(x)) if batch < len(x) else None
                xs, ys = (x, y) if order is None else (x[order], y[order])
                total = 0.0
                for start in range(0, len(x), batch):
                    optimizer.zero_grad(set_to_none=True)
                    loss = criterion(net(xs[start : start + batch]), ys[start : start + batch])
                    loss.backward()
                    optimizer.step()
                    total += loss.item()

        return run

    return make


class Article:
    """The long article's network and trainer, call by call as it writes them: float64, every
    array allocated anew, the losses of the training and of the test rows after each epoch.
    """

    def __init__(self, data: Dataset, weights: list[np.ndarray], learning_rate: float) -> None:
        self.data, self.learning_rate = data, learning_rate
        self.weights1, self.weights2 = (w.astype(np.float64) for w in weights)
        self.bias1 = np.zeros((1, self.weights1.shape[1]))
        self.bias2 = np.zeros((1, self.weights2.shape[1]))

    def forward(self, x):
        self.z1 = np.dot(x, self.weights1) + self.bias1
        self.a1 = 1 / (1 + np.exp(-self.z1))
        self.z2 = np.dot(self.a1, self.weights2) + self.bias2
        exps = np.exp(self.z2 - np.max(self.z2, axis=1, keepdims=True))
        self.a2 = exps / np.sum(exps, axis=1, keepdims=True)
        return self.a2

    def backward(self, x, y):
        m = x.shape[0]
        self.dz2 = self.a2 - y
        self.dw2 = (1 / m) * np.dot(self.a1.T, self.dz2)
        self.db2 = (1 / m) * np.sum(self.dz2, axis=0, keepdims=True)
        self.dz1 = np.dot(self.dz2, self.weights2.T) * (self.a1 * (1 - self.a1))
        self.dw1 = (1 / m) * np.dot(x.T, self.dz1)
        self.db1 = (1 / m) * np.sum(self.dz1, axis=0, keepdims=True)
        self.weights2 -= self.learning_rate * self.dw2
        self.bias2 -= self.learning_rate * self.db2
        self.weights1 -= self.learning_rate * self.dw1
        self.bias1 -= self.learning_rate * self.db1

    def train(self, epochs: int) -> None:
        data = self.data
        for _ in range(epochs):
            self.forward(data.x_train)
            self.backward(data.x_train, data.y_train)
            -np.mean(data.y_train * np.log(self.a2))
            self.forward(data.x_test)
            -np.mean(data.y_test * np.log(self.a2))

    def test_accuracy(self) -> float:
        said = self.forward(self.data.x_test).argmax(axis=1)
        return float((said == self.data.y_test.argmax(axis=1)).mean())


def article(load: Workload) -> Run:
    return Article(load.data, initial_weights(load), load.learning_rate).train


def initial_weights(load: Workload, seed: int = 0) -> list[np.ndarray]:
    spec = NetworkSpec(
        hidden=tuple(HiddenLayer(units) for units in load.sizes[1:-1]),
        initializer=Normal(1.0),
        seed=seed,
        dtype="float64",
    )
    return Network.build(spec, load.sizes[0], load.sizes[-1], "classification").weights


def bare_gemms(load: Workload) -> Run:
    """The products of forward and backward, nothing else; the data walked through in batches."""
    dtype, rng = np.dtype(load.dtype), np.random.default_rng(0)

    def array(*shape: int) -> np.ndarray:
        memory = aligned(int(np.prod(shape)), dtype).reshape(shape)
        memory[...] = 0.1 * rng.standard_normal(shape)
        return memory

    n, batch = len(load.data.x_train), load.batch or len(load.data.x_train)
    sizes = (load.sizes[0] + 1, *load.sizes[1:])
    x = array(n, sizes[0])
    layers = list(pairwise(sizes))
    last = len(layers) - 1
    # the output layer lies class first, the others rows first
    weights = [array(b, a) if i == last else array(a, b) for i, (a, b) in enumerate(layers)]
    gradients = [np.empty_like(w) for w in weights]
    calls = []

    def add(x_batch: np.ndarray, backward: bool) -> None:
        rows = len(x_batch)
        values = [
            array(b, rows) if i == last else array(rows, b) for i, (_, b) in enumerate(layers)
        ]
        inputs = [x_batch, *values[:-1]]
        for i in range(last):
            calls.append((inputs[i], weights[i], values[i]))
        calls.append((weights[last], inputs[last].T, values[last]))
        if not backward:
            return
        deltas = [array(*value.shape) for value in values]
        for i in reversed(range(len(layers))):
            if i == last:
                calls.append((deltas[i], inputs[i], gradients[i]))
                if i:
                    calls.append((deltas[i].T, weights[i], deltas[i - 1]))
                continue
            calls.append((inputs[i].T, deltas[i], gradients[i]))
            if i:
                calls.append((deltas[i], weights[i].T, deltas[i - 1]))

    for start in range(0, n, batch):
        add(x[start : start + batch], backward=True)
    if load.with_test:
        add(array(len(load.data.x_test), sizes[0]), backward=False)

    def run(count: int) -> None:
        for _ in range(count):
            for a, b, out in calls:
                np.dot(a, b, out)

    return run


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
            "float32", digits(True), 0.1, with_test=True, extra={"article": article},
            targets={"bare GEMMs": ("<=", 1.2), "article": (">=", 4.5)},
        ),
        Workload(
            "2-4-2-1 tanh, batch 10, SGD, float64", (2, 4, 2, 1), "tanh", "sgd", 10, "float64",
            circle(), 0.03,
            targets={"scikit-learn": (">=", 12), "PyTorch": (">=", 30), "bare GEMMs": ("<=", 1.7)},
        ),
        Workload(
            "784-256-128-10, Adam, batch 128, float32", (784, 256, 128, 10), "relu", "adam", 128,
            "float32", images(), 0.001, seconds=1.0,
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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="rows whose name contains this")
    options = parser.parse_args()
    use_one_thread()
    results: list[Result] = []
    for load_ in workloads():
        if options.only in load_.name:
            results += measure(load_, options.rounds)
    for name, part in (("accuracy", same_accuracy), ("prediction", prediction), ("drift", drift)):
        if options.only in name:
            results += part(options.rounds)
    missed = sum(not result.met for result in results)
    print(f"{len(results) - missed} of {len(results)} targets met")
    if options.json:
        options.json.write_text(json.dumps([vars(result) for result in results], indent=2))


if __name__ == "__main__":
    main()
