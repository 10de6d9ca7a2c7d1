"""What the engine is compared with: each trains so many epochs of a workload when called."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from engine.activations import ReLU, Sigmoid, Tanh
from engine.blas import has_quick_tanh
from engine.datasets import Dataset
from engine.initializers import Normal
from engine.losses import HalfSumOfSquares
from engine.memory import aligned
from engine.network import Network
from engine.optimizers import SGD, Adam
from engine.plan.products import product, product_over_rows
from engine.plan.tape import Tape, Workspace, play
from engine.spec import Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trainer import Trainer
from gui.training.elsewhere import SLICE

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
    """Yield after each epoch, by the slices in which the window trains at full speed."""
    for completed in trainer.slices(SLICE):
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


def unavoidable(load: Workload) -> Run:
    """The article's epoch without all that could conceivably be left out, for one hidden layer.

    Its products in the plan's tiles, quicker than whole ``np.dot``s, and one pass each for the
    two layers' curves, the quicker of tanh and the exponential; no bias, slope, loss or update.
    """
    rng, space = np.random.default_rng(0), Workspace(np.dtype(load.dtype))
    inputs, hidden, outputs = load.sizes

    def array(name: str, *shape: int) -> np.ndarray:
        memory = space.array(name, shape)
        memory[...] = 0.1 * rng.standard_normal(shape)
        return memory

    first, second = array("first", inputs + 1, hidden), array("second", hidden, outputs)
    tape: Tape = []
    for name, data in (("train", load.data.x_train), ("test", load.data.x_test)):
        n = len(data)
        x, a = array(f"{name}.x", n, inputs + 1), array(f"{name}.a", n, hidden)
        p = array(f"{name}.p", outputs, n)
        tape += [*product(x, first, a), (np.tanh if has_quick_tanh() else np.exp, (a, a))]
        tape += [*product(second.T, a.T, p), (np.copyto, (p, 0.1)), (np.exp, (p, p))]
        if name == "train":
            delta = array("delta", n, hidden)
            tape += product(a.T, p.T, array("second.gradient", hidden, outputs))
            tape += product(p.T, array("second.transposed", outputs, hidden), delta)
            gradient = array("first.gradient", inputs + 1, hidden)
            tape += product_over_rows(space, "first", x.T, delta, gradient)

    def run(count: int) -> None:
        for _ in range(count):
            play(tape)

    return run


def products_and_adam(load: Workload) -> Run:
    """The bare products, and after each batch Adam's passes over the parameters; nothing else."""
    products = bare_gemms(load)
    size = sum((a + 1) * b for a, b in pairwise(load.sizes))
    numbers = np.abs(np.random.default_rng(0).standard_normal((4, size)))
    p, g, s, r = numbers.astype(load.dtype)
    shrink = np.array(0.9, load.dtype)
    passes: Tape = [
        (np.multiply, (s, shrink, s)),
        (np.multiply, (r, shrink, r)),
        (np.add, (s, g, s)),
        (np.multiply, (g, g, g)),
        (np.add, (r, g, r)),
        (np.sqrt, (r, g)),
        (np.add, (g, shrink, g)),
        (np.divide, (s, g, g)),
        (np.multiply, (g, shrink, g)),
        (np.subtract, (p, g, p)),
    ]
    batches = -(-len(load.data.x_train) // (load.batch or len(load.data.x_train)))

    def run(count: int) -> None:
        products(count)
        for _ in range(count * batches):
            play(passes)

    return run


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
