"""What the two estimators share: parameters into an experiment, and the training of it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from engine.activations import ACTIVATIONS
from engine.datasets import Dataset, Task
from engine.initializers import INITIALIZERS, Zeros
from engine.knobs import Integer, Real, Registry, SettingError, knobs
from engine.losses import LOSSES, Loss
from engine.network import Network
from engine.optimizers import OPTIMIZERS, Optimizer
from engine.outcome import Outcome
from engine.schedules import SCHEDULES
from engine.spec import Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.trainer import LONG, Trainer

Array = NDArray[Any]


FLOATS = [np.float64, np.float32]  # others become the first
THEIR_NAMES = {
    "identity": "linear",
    "logistic": "sigmoid",
    "squared_error": "half_sum_of_squares",
}
PARAMETERS = {  # by the setting that each becomes, where the names differ
    "units": "hidden_layer_sizes",
    "hidden": "hidden_layer_sizes",
    "optimizer": "solver",
    "learning_rate": "learning_rate_init",
    "schedule": "learning_rate",
    "l2": "alpha",
    "nesterov": "nesterovs_momentum",
    "beta1": "beta_1",
    "beta2": "beta_2",
}
DOMAINS = {  # of the parameters that become no setting just as they are
    "alpha": Real(0),
    "tol": Real(0),
    "max_iter": Integer(1),
    "n_iter_no_change": Integer(1),
    "validation_fraction": Real(0, 1, open_low=True, open_high=True),
}


class NetworkEstimator(BaseEstimator):
    """What classifier and regressor share; the parameters are described there."""

    _automatic_loss: ClassVar[Loss | None] = None

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: Any = "relu",
        *,
        solver: Any = "adam",
        alpha: float = 0.0001,
        batch_size: Any = "auto",
        learning_rate: Any = "constant",
        learning_rate_init: float = 0.001,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: bool = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: int = 10,
        loss: Any = None,
        initializer: Any = "xavier",
        dropout: float = 0.0,
        l1: float = 0.0,
        clip_norm: float | None = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.loss = loss
        self.initializer = initializer
        self.dropout = dropout
        self.l1 = l1
        self.clip_norm = clip_norm

    # ------------------------------------------------------------ translation

    def _experiment(self, rows: int, dtype: Any, seed: int) -> Experiment:
        """Say in the engine's words what the parameters ask for."""
        with names_of_parameters():
            network = NetworkSpec(
                hidden=self._hidden_layers(),
                initializer=chosen(INITIALIZERS, "initializer", self.initializer),
                seed=seed,
                dtype=np.dtype(dtype).name,
            )
            train = TrainSpec(
                optimizer=self._optimizer(),
                learning_rate=self.learning_rate_init,
                schedule=chosen(SCHEDULES, "schedule", self.learning_rate),
                batch_size=200 if self.batch_size == "auto" else self.batch_size,
                loss=chosen(LOSSES, "loss", self.loss) or self._automatic_loss,
                shuffle=self.shuffle,
                l1=self.l1,
                clip_norm=self.clip_norm,
                epochs=self.max_iter,
                patience=self.n_iter_no_change if self.early_stopping else None,
            )
            batch_size = min(train.batch_size or rows, rows)
            return Experiment(network=network, train=replace(train, l2=self.alpha / batch_size))

    def _hidden_layers(self) -> tuple[HiddenLayer, ...]:
        sizes = np.atleast_1d(np.asarray(self.hidden_layer_sizes)).tolist()
        activation = chosen(ACTIVATIONS, "activation", self.activation)
        return tuple(HiddenLayer(units, activation, self.dropout) for units in sizes)

    def _optimizer(self) -> Optimizer:
        if not isinstance(self.solver, str):
            return self.solver
        kind = type(chosen(OPTIMIZERS, "optimizer", self.solver))
        given = {
            "momentum": self.momentum,
            "nesterov": self.nesterovs_momentum,
            "beta1": self.beta_1,
            "beta2": self.beta_2,
            "epsilon": self.epsilon,
        }
        return kind(**{each.name: given[each.name] for each in knobs(kind) if each.name in given})

    # ------------------------------------------------------------ training

    def _fit(self, X: Array, y: Array, task: Task, classes: tuple[str, ...] = ()) -> None:
        """Train to the end on rows that were checked."""
        outcome = self._train(X, y, task, classes, resume=self.warm_start, epochs=None)
        if outcome is not None and outcome.kind == "finished":
            warnings.warn(
                f"the loss was still falling after all {self.max_iter} epochs (max_iter)",
                ConvergenceWarning,
                stacklevel=3,
            )

    def _partial_fit(self, X: Array, y: Array, task: Task, classes: tuple[str, ...] = ()) -> None:
        """Train for one more epoch on rows that were checked."""
        if self.early_stopping:
            raise ValueError("early_stopping must be False for partial_fit")
        self._train(X, y, task, classes, resume=True, epochs=1)

    def _train(
        self,
        X: Array,
        y: Array,
        task: Task,
        classes: tuple[str, ...],
        *,
        resume: bool,
        epochs: int | None,
    ) -> Outcome | None:
        """Train from the start, or from where the last training ended if there is one."""
        for name, domain in DOMAINS.items():
            checked(name, domain, getattr(self, name))
        before = getattr(self, "_snapshot", None) if resume else None
        dtype = X.dtype if before is None else before.weights[0].dtype
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        data = Dataset.from_arrays(
            X,
            y,
            task=task,
            class_names=classes,
            validation_fraction=self.validation_fraction if self.early_stopping else 0.0,
            split_seed=seed,
            stratify=True,
        )
        experiment = self._experiment(len(data.x_train), dtype, seed)
        done = 0 if before is None else before.epoch
        train = replace(experiment.train, epochs=done + (epochs or self.max_iter))
        trainer = Trainer(replace(experiment, train=train), data)
        if before is not None:
            weights, biases = tuple(self.coefs_), tuple(self.intercepts_)
            trainer.restore(replace(before, weights=weights, biases=biases))
        self._run(trainer)
        self._keep(trainer, [] if before is None else self.loss_curve_)
        return trainer.outcome

    def _run(self, trainer: Trainer) -> None:
        """Train until the epochs are done or the loss no longer falls by `tol`."""
        best, idle = np.inf, 0
        for completed in trainer.slices(LONG):
            if not completed:
                continue
            loss = trainer.history["train_loss"][-1]
            if self.verbose:
                print(f"Epoch {trainer.epoch}, loss {loss:.8f}")
            idle = idle + 1 if loss > best - self.tol else 0
            best = min(best, loss)
            if idle > self.n_iter_no_change and not self.early_stopping:
                break
        if trainer.outcome is not None and trainer.outcome.kind == "diverged":
            raise ValueError(trainer.outcome.message)

    def _keep(self, trainer: Trainer, earlier_losses: list[float]) -> None:
        """Set the fitted attributes."""
        self._spec = replace(trainer.experiment.network, initializer=Zeros())
        self._task = trainer.dataset.task
        self._snapshot = trainer.snapshot()
        self.coefs_ = [weights.copy() for weights in self._snapshot.weights]
        self.intercepts_ = [bias.copy() for bias in self._snapshot.biases if bias is not None]
        self.loss_curve_ = earlier_losses + trainer.history["train_loss"].tolist()
        self.loss_ = self.loss_curve_[-1]
        self.best_loss_ = min(self.loss_curve_)
        self.n_iter_ = trainer.epoch
        self.n_layers_ = len(self.coefs_) + 1
        self.n_outputs_ = trainer.dataset.outputs
        self.out_activation_ = trainer.network.dense[-1].activation.name
        if self.early_stopping:
            self.validation_loss_curve_ = trainer.history["validation_loss"].tolist()

    # ------------------------------------------------------------ rows

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "coefs_")

    def _checked(self, X: ArrayLike, y: Any, *, first: bool, **options: Any) -> tuple[Array, Array]:
        """Check rows to train on; the first ones say how many features there are."""
        rows: Any = validate_data(self, X, y, dtype=FLOATS, reset=first, **options)
        return rows

    def _outputs(self, X: ArrayLike) -> Array:
        """Return what the network says to `X`, shape (n, outputs)."""
        check_is_fitted(self)
        rows: Any = validate_data(self, X, dtype=FLOATS, reset=False)
        network = Network.build(self._spec, rows.shape[1], self.n_outputs_, self._task)
        network.set_weights(self.coefs_, self.intercepts_)
        return network.predict(rows)


# ---------------------------------------------------------------- translation


def chosen(registry: Registry[Any], setting: str, value: Any) -> Any:
    """Return what `value` names, in the engine's words or scikit-learn's, or is already."""
    if not isinstance(value, str):
        return value
    try:
        return registry.get(THEIR_NAMES.get(value, value))()
    except ValueError as error:
        raise SettingError(setting, str(error)) from None


def checked(name: str, domain: Real, value: Any) -> None:
    """Refuse a value outside its domain."""
    try:
        domain.check(value)
    except ValueError as error:
        raise SettingError(name, str(error)) from None


@contextmanager
def names_of_parameters() -> Iterator[None]:
    """Let a refusal speak of the estimator's parameter instead of the engine's setting."""
    try:
        yield
    except SettingError as error:
        setting = error.setting.rpartition(".")[2]
        raise SettingError(PARAMETERS.get(setting, setting), error.reason) from None
