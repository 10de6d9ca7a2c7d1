"""The experiment that the program starts with."""

from engine.data_sources import Digits
from engine.spec import DataSpec, Experiment

FIRST_EXPERIMENT = Experiment(data=DataSpec(source=Digits(augment=True)))
"""The usual one, but for the handwriting: it is varied, so that drawings are read as well."""
