"""The optimizer's X-ray: one parameter through the next updates, by its optimizer and plainly.

Both start from the same point and meet the same batches: what differs is only what the
optimizer makes of the gradients.
"""

from dataclasses import dataclass, replace

import numpy as np

from engine.optimizers import SGD, Optimizer, State
from engine.snapshot import frozen, frozen_all
from engine.trace.moment import Moment, given_parameters
from engine.trace.rules import rules
from engine.trace.step import Array, Place
from engine.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Course:
    """One parameter, update by update.

    Attributes
    ----------
    label : str
        Of the optimizer.
    value : ndarray (updates + 1,)
        The parameter: before the first update, and after each.
    gradient, change : ndarray (updates,)
        What the loss says, and what the optimizer makes of it.
    memory : dict of str to ndarray (updates,)
        The optimizer's own quantities, such as m̂ and v̂, by their symbols.
    """

    label: str
    value: Array
    gradient: Array
    change: Array
    memory: dict[str, Array]


@dataclass(frozen=True, eq=False)
class XRay:
    """The course of a parameter with its optimizer, and with plain gradient descent."""

    place: Place
    learning_rate: float
    chosen: Course
    plain: Course


def xray(trainer: Trainer, moment: Moment, place: Place, updates: int = 40) -> XRay:
    """Follow one parameter through the next mini-batches, on copies.

    Parameters
    ----------
    trainer : Trainer
        Where the training stands; it is not touched.
    moment : Moment
        Its weights and memory are the start.
    place : Place
        Which parameter.
    updates : int
        How many, at least 1.

    Raises
    ------
    ValueError
        When there is no such parameter.
    """
    if place.key not in given_parameters(moment.network):
        known = ", ".join(given_parameters(moment.network))
        raise ValueError(f"'{place.key}' is no parameter; there are {known}")
    chosen = _course(trainer, moment, place, updates)
    plain_train = replace(moment.train, optimizer=SGD())
    size, dtype = moment.network.parameters.size, moment.network.dtype
    plainly = replace(moment, train=plain_train, state=SGD().init(size, dtype))
    return XRay(place, moment.learning_rate, chosen, _course(trainer, plainly, place, updates))


def _course(trainer: Trainer, moment: Moment, place: Place, updates: int) -> Course:
    optimizer = moment.train.optimizer
    view = given_parameters(moment.network)[place.key]
    offset = int(np.ravel_multi_index(place.index, view.shape))
    network = moment.network
    where = int(network.block_of(np.arange(network.parameters.size), view).flat[offset])
    walked = _walker(trainer, moment)
    values, gradients, changes = [float(network.parameters[where])], [], []
    memory: dict[str, list[float]] = {}
    for _ in range(updates):
        now = replace(Moment.of(walked), train=moment.train)
        update = now.update()
        gradients.append(float(update.gradient[where]))
        changes.append(float(update.change[where]))
        for name, value in _memory(optimizer, now.state, update.state, where):
            memory.setdefault(name, []).append(value)
        if next(walked.slices(0), None) is None:
            break
        values.append(float(walked.network.parameters[where]))
    return Course(
        optimizer.label,
        np.array(values),
        np.array(gradients),
        np.array(changes),
        {name: np.array(each) for name, each in memory.items()},
    )


def _memory(
    optimizer: Optimizer, before: State, after: State, where: int
) -> list[tuple[str, float]]:
    return [
        (rule.name, float(rule.value[where]))
        for rule in rules(optimizer, before, after)
        if rule.value is not None
    ]


def _walker(trainer: Trainer, moment: Moment) -> Trainer:
    """Return a trainer of its own that stands at a moment, with that moment's settings."""
    experiment = replace(trainer.experiment, train=replace(moment.train, epochs=None))
    walked = Trainer(experiment, trainer.dataset)
    network = moment.network
    walked.restore(
        replace(
            trainer.snapshot(),
            weights=frozen_all(network.weights),
            biases=tuple(None if b is None else frozen(b) for b in network.biases),
            optimizer_state=dict(moment.state),
        )
    )
    return walked
