"""Experiments to begin with: those of the texts that the engine is checked against.

Each is a whole experiment: the same numbers come out on every machine of a kind, and the
figures printed in the texts are what the tests compare it with.
"""

from dataclasses import dataclass
from typing import Any

from engine.activations import Linear, ReLU, Sigmoid, Tanh
from engine.data_sources import Digits, FirstInputTable, SinglePoint, XorTable
from engine.drawn_data import DrawnCurve
from engine.initializers import Given, Normal, Uniform
from engine.losses import BinaryCrossEntropy, HalfSumOfSquares, SumOfSquares
from engine.optimizers import SGD, Adam
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.table_data import TableData
from engine.toy_data import Xor


@dataclass(frozen=True)
class Recipe:
    """An experiment worth looking at.

    Attributes
    ----------
    name, label, about : str
        The name in code, the name people read, and what there is to see in a sentence.
    source : str
        Which text it follows, and where in it.
    experiment : Experiment
        The whole of it.
    by_hand : bool
        Whether its updates are to be walked through one by one rather than run.
    """

    name: str
    label: str
    about: str
    source: str
    experiment: Experiment
    by_hand: bool = False


DIGITS = DataSpec(source=Digits(scale="minmax"), test_fraction=0.2, split_seed=42)


def gradient_descent(learning_rate: float, epochs: int | None, **settings: Any) -> TrainSpec:
    """Describe plain gradient descent over all rows at once."""
    return TrainSpec(
        optimizer=SGD(),
        learning_rate=learning_rate,
        batch_size=None,
        epochs=epochs,
        shuffle=False,
        **settings,
    )


LIBRARY_DIGITS = Recipe(
    "library_digits",
    "Digits with ReLU and Adam",
    "64-64-10, small batches: about 97 of 100 unseen digits are read right.",
    "Article on neural networks, 4.2: the same with a library.",
    Experiment(
        data=DIGITS,
        network=NetworkSpec(hidden=(HiddenLayer(64, ReLU()),)),
        train=TrainSpec(optimizer=Adam(), learning_rate=0.001, batch_size=32, epochs=1000),
    ),
)

ARTICLE_DIGITS = Recipe(
    "article_digits",
    "Digits with sigmoid and gradient descent",
    "64-64-10, all rows at once: the older way learns slower and gets less far.",
    "Article on neural networks, 4.1: a network in Python.",
    Experiment(
        data=DIGITS,
        network=NetworkSpec(hidden=(HiddenLayer(64, Sigmoid()),), initializer=Normal(1.0)),
        train=gradient_descent(0.1, epochs=1000),
    ),
)

ONE_UPDATE = Recipe(
    "one_update",
    "The chain rule by hand",
    "2-2-1 and one point, in round numbers: one hidden neuron is active, the other is dead.",
    "Article on neural networks, 3.4: step by step example.",
    Experiment(
        data=DataSpec(source=SinglePoint(x1=1.0, x2=2.0, y=0.0)),
        network=NetworkSpec(
            hidden=(HiddenLayer(2, ReLU()),),
            initializer=Given(
                layers=(
                    ((0.5, 0.5), (0.25, -0.75), (-0.5, 0.5)),
                    ((1.0,), (-0.5,), (0.5,)),
                )
            ),
            dtype="float64",
        ),
        train=TrainSpec(optimizer=SGD(), learning_rate=0.1, batch_size=1),
    ),
    by_hand=True,
)

SURE_AND_WRONG = Recipe(
    "sure_and_wrong",
    "One neuron, sure and wrong",
    "The output rounds to 1 and should be 0: ln 0 has no value, and the loss is still 49.8.",
    "Log on networks in NumPy: the weighted sum and the sigmoid.",
    Experiment(
        data=DataSpec(source=DrawnCurve(points=((100.0, 0.0),))),
        network=NetworkSpec(
            hidden=(),
            output=Sigmoid(),
            initializer=Given(layers=(((0.5,), (-0.2,)),)),
            dtype="float64",
        ),
        train=gradient_descent(0.01, epochs=None, loss=BinaryCrossEntropy()),
    ),
    by_hand=True,
)

ONE_STEP = Recipe(
    "one_step",
    "One step of gradient descent",
    "w = 0.5 and b = −0.2 with the slopes −10 and −5, at a rate of 0.01: 0.6 and −0.15.",
    "Log on networks in NumPy: the update of a weight.",
    Experiment(
        data=DataSpec(source=DrawnCurve(points=((2.0, 5.8),))),  # z = 0.8, z − y = −5
        network=NetworkSpec(
            hidden=(),
            output=Linear(),
            initializer=Given(layers=(((0.5,), (-0.2,)),)),
            dtype="float64",
        ),
        train=gradient_descent(0.01, epochs=None, loss=HalfSumOfSquares()),
    ),
    by_hand=True,
)

ONE_LAYER = Recipe(
    "one_layer",
    "A truth table, one layer",
    "3-1 without a bias learns that the answer is the first input.",
    "Log on networks in NumPy: the network in code.",
    Experiment(
        data=DataSpec(source=FirstInputTable()),
        network=NetworkSpec(
            hidden=(),
            output=Sigmoid(),
            initializer=Given(  # 2·random((3, 1)) − 1 of NumPy's RandomState(42)
                layers=(
                    ((-0.250919762305275,), (0.9014286128198323,), (0.4639878836228102,), (0.0,)),
                )
            ),
            bias=False,
            dtype="float64",
        ),
        train=gradient_descent(1.0, epochs=10_000, loss=HalfSumOfSquares(), reduction="sum"),
    ),
)

TWO_LAYERS = Recipe(
    "two_layers",
    "A network as a function",
    "3-4-1 without biases learns exclusive or, which one layer cannot.",
    "Introduction to a network as a function: two layers in code.",
    Experiment(
        data=DataSpec(source=XorTable()),
        network=NetworkSpec(
            hidden=(HiddenLayer(4, Sigmoid()),),
            output=Sigmoid(),
            initializer=Uniform(low=0.0, high=1.0),
            bias=False,
            dtype="float64",
        ),
        train=gradient_descent(1.0, epochs=1500, loss=SumOfSquares(), reduction="sum"),
    ),
)

PERCEPTRON = Recipe(
    "perceptron",
    "Exclusive or: a perceptron fails",
    "Without a hidden layer there is one straight line, and no line parts these points.",
    "Article on neural networks, 1.1: from the perceptron on.",
    Experiment(
        data=DataSpec(source=Xor()),
        network=NetworkSpec(hidden=()),
        train=TrainSpec(optimizer=SGD(), learning_rate=0.1, batch_size=10),
    ),
)

MULTI_LAYER = Recipe(
    "multi_layer",
    "Exclusive or: a hidden layer solves it",
    "Four hidden neurons draw a line each, and the output puts them together.",
    "Article on neural networks, 1.1: from the perceptron on.",
    Experiment(
        data=DataSpec(source=Xor()),
        network=NetworkSpec(hidden=(HiddenLayer(4, Tanh()),)),
        train=TrainSpec(optimizer=SGD(), learning_rate=0.1, batch_size=10),
    ),
)

IRIS = Recipe(
    "iris",
    "Iris flowers, from a table",
    "Three kinds told apart by four lengths. File, Open table takes one of yours.",
    "R. A. Fisher 1936, doi:10.1111/j.1469-1809.1936.tb02137.x.",
    Experiment(
        data=DataSpec(TableData(), test_fraction=0.2, stratify=True),
        network=NetworkSpec(hidden=(HiddenLayer(8, Tanh()),)),
        train=TrainSpec(optimizer=Adam(), learning_rate=0.01, batch_size=16),
    ),
)

RECIPES = (
    (ONE_UPDATE, SURE_AND_WRONG, ONE_STEP),
    (ONE_LAYER, TWO_LAYERS),
    (PERCEPTRON, MULTI_LAYER),
    (ARTICLE_DIGITS, LIBRARY_DIGITS),
    (IRIS,),
)
"""In groups that belong together, from one neuron to the digits and to tables of one's own."""
