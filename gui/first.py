"""The experiment that the program starts with."""

from engine.data_sources import Digits
from engine.recipes import Recipe
from engine.spec import DataSpec, Experiment

FIRST_EXPERIMENT = Experiment(data=DataSpec(source=Digits(augment=True)))
"""The usual one, but for the handwriting: it is varied, so that drawings are read as well."""

FIRST = Recipe(
    "first",
    "Digits in many hands",
    "What the program starts with: the handwriting is varied, so that it reads yours as well.",
    "",
    FIRST_EXPERIMENT,
)
