"""An experiment, described once: the data, the network, the training.

Frozen, validated, comparable; saved as JSON by :func:`engine.knobs.to_plain`. Whether a
change applies to a running training or restarts it is declared with each setting.
"""

from dataclasses import dataclass, field

from engine import activations, datasets, initializers, losses, optimizers, schedules
from engine.knobs import (
    Choice,
    Declared,
    Flag,
    Integer,
    ListOf,
    OneOf,
    Optional,
    Positions,
    Real,
    knob,
)


@dataclass(frozen=True)
class DataSpec(Declared):
    """Which rows the network learns from, and which are kept back."""

    source: datasets.Source = knob(
        datasets.Digits(),
        label="Data set",
        help="What the network learns.",
        domain=Choice(datasets.SOURCES),
    )
    test_fraction: float = knob(
        0.2,
        label="Test rows",
        help="Share of the rows never trained on: they show what was understood, not learnt by "
        "heart. 0 trains on every row.",
        domain=Real(0, 0.9),
        relevant=lambda data: data.source.divisible,
    )
    validation_fraction: float = knob(
        0.0,
        label="Validation rows",
        help="Share of the rows kept to decide when to stop, so that the test rows stay unseen.",
        domain=Real(0, 0.9),
        relevant=lambda data: data.source.divisible,
        advanced=True,
    )
    split_seed: int = knob(
        42,
        label="Split seed",
        help="The same seed deals the rows out in the same way.",
        domain=Integer(0, 2**32 - 1),
        relevant=lambda data: data.source.divisible,
        advanced=True,
    )
    stratify: bool = knob(
        False,
        label="Keep the classes' shares",
        help="Give the rows kept back as much of each class as there is in the whole.",
        domain=Flag(),
        relevant=lambda data: data.source.divisible and data.source.task != "regression",
        advanced=True,
    )


@dataclass(frozen=True)
class HiddenLayer(Declared):
    """One hidden layer."""

    units: int = knob(
        64,
        label="Neurons",
        help="More neurons can draw finer distinctions, and learn by heart more easily.",
        domain=Integer(1, 4096),
        applies="live",
    )
    activation: activations.Activation = knob(
        activations.ReLU(),
        label="Activation",
        help="What each neuron makes of its weighted sum.",
        domain=Choice(activations.ACTIVATIONS),
        applies="live",
    )
    dropout: float = knob(
        0.0,
        label="Dropout",
        help="Share of the neurons that sit out each training step, so that none is relied upon.",
        domain=Real(0, 1, open_high=True),
        applies="live",
        advanced=True,
    )
    switched_off: tuple[int, ...] = knob(
        (),
        label="Off",
        help="Neurons that always say 0, to see what the network can do without them.",
        domain=Positions("neuron"),
        applies="live",
        relevant=lambda layer: bool(layer.switched_off),
        advanced=True,
    )

    def __post_init__(self) -> None:
        """Forget who is switched off and not there any more."""
        super().__post_init__()
        off = tuple(each for each in self.switched_off if each < self.units)
        object.__setattr__(self, "switched_off", off)


@dataclass(frozen=True)
class NetworkSpec(Declared):
    """The layers between the inputs and the outputs, whose numbers the data decide.

    Where layers change, what was learnt is carried over (:mod:`engine.carrying`).
    """

    hidden: tuple[HiddenLayer, ...] = knob(
        (HiddenLayer(),),
        label="Hidden layers",
        help="The layers between input and output. None at all makes a single-layer perceptron.",
        domain=ListOf(HiddenLayer, at_most=16, noun="layer"),
        applies="live",
    )
    output: activations.Activation | None = knob(
        None,
        label="Output activation",
        help="Automatic: softmax for classes, sigmoid for yes or no, linear for numbers.",
        domain=Optional(Choice(activations.ACTIVATIONS), "automatic"),
        applies="live",
    )
    initializer: initializers.Initializer = knob(
        initializers.He(),
        label="Initial weights",
        help="How the weights are drawn before anything is learnt.",
        domain=Choice(initializers.INITIALIZERS),
    )
    bias: bool = knob(
        True,
        label="Biases",
        help="A number added to every weighted sum, so that a neuron can fire on empty input.",
        domain=Flag(),
        advanced=True,
    )
    seed: int = knob(
        0,
        label="Seed",
        help="The same seed draws the same initial weights and the same batches: the same run.",
        domain=Integer(0, 2**32 - 1),
    )
    dtype: str = knob(
        "float32",
        label="Precision",
        help="float32 is faster; float64 keeps 16 digits.",
        domain=OneOf({"float32": "float32", "float64": "float64"}),
        advanced=True,
    )


@dataclass(frozen=True)
class TrainSpec(Declared):
    """How the weights are changed."""

    learning_rate: float = knob(
        0.001,
        label="Learning rate",
        help="The size of each step. Too small learns slowly; too large overshoots.",
        domain=Real(0, 100, open_low=True, scale="log"),
        applies="live",
    )
    batch_size: int | None = knob(
        32,
        label="Batch size",
        help="Rows per update. 1 is stochastic gradient descent; 'all' is gradient descent.",
        domain=Optional(Integer(1, 1_000_000, scale="log"), "all"),
        applies="live",
    )
    optimizer: optimizers.Optimizer = knob(
        optimizers.Adam(),
        label="Optimizer",
        help="How a gradient becomes a change of the weights.",
        domain=Choice(optimizers.OPTIMIZERS),
        applies="live",
    )
    schedule: schedules.Schedule = knob(
        schedules.Constant(),
        label="Schedule",
        help="How the learning rate changes as the training goes on.",
        domain=Choice(schedules.SCHEDULES),
        applies="live",
        advanced=True,
    )
    loss: losses.Loss | None = knob(
        None,
        label="Loss",
        help="What is made small. Automatic: cross-entropy for classes, squared error for numbers.",
        domain=Optional(Choice(losses.LOSSES), "automatic"),
    )
    reduction: str = knob(
        "mean",
        label="Over the batch",
        help="Whether a batch's gradient is the mean or the sum of its rows' gradients.",
        domain=OneOf({"mean": "mean", "sum": "sum"}),
        applies="live",
        advanced=True,
    )
    shuffle: bool = knob(
        True,
        label="Shuffle rows",
        help="Deal the rows into new batches in every epoch.",
        domain=Flag(),
        applies="live",
        advanced=True,
    )
    l1: float = knob(
        0.0,
        label="L1 penalty",
        help="Pulls every weight towards zero by the same amount: useless ones vanish.",
        domain=Real(0, 10, scale="log"),
        applies="live",
        advanced=True,
    )
    l2: float = knob(
        0.0,
        label="L2 penalty",
        help="Pulls large weights towards zero: the network stays smooth.",
        domain=Real(0, 10, scale="log"),
        applies="live",
        advanced=True,
    )
    clip_norm: float | None = knob(
        None,
        label="Clip gradient",
        help="Shortens a gradient that is longer than this.",
        domain=Optional(Real(0, 1e6, open_low=True, scale="log"), "off"),
        applies="live",
        advanced=True,
    )
    epochs: int | None = knob(
        None,
        label="Stop after",
        help="Epochs to train for; without end if left empty.",
        unit="epochs",
        domain=Optional(Integer(1, 10_000_000, scale="log"), "never"),
        applies="live",
    )
    patience: int | None = knob(
        None,
        label="Early stopping",
        help="Stop when the held-out loss has not improved for this many epochs, and keep the "
        "best weights.",
        unit="epochs",
        domain=Optional(Integer(1, 1_000_000), "off"),
        applies="live",
        advanced=True,
    )


@dataclass(frozen=True)
class Experiment(Declared):
    """Everything that decides a run: the same experiment gives the same run, to the bit."""

    data: DataSpec = field(default_factory=DataSpec)
    network: NetworkSpec = field(default_factory=NetworkSpec)
    train: TrainSpec = field(default_factory=TrainSpec)
