"""The optimizer's X-ray: one parameter through the last updates and the next.

The last ones are trained again from a state that was kept. The next ones are made twice, by the
chosen optimizer and by plain gradient descent: both start from the same point and meet the same
batches, so that what differs is only what the optimizer makes of the gradients.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from engine.network import Network
from engine.optimizers import SGD, Optimizer, State
from engine.snapshot import Snapshot
from engine.trace.moment import Moment, given_parameters
from engine.trace.past import updates_since
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
    """The course of a parameter up to now, and from now on.

    Attributes
    ----------
    place : Place
        Which parameter.
    learning_rate : float
        Of the next update.
    past : Course or None
        Its last updates; None where they cannot be trained again.
    chosen, plain : Course
        Its next ones, with the chosen optimizer and with plain gradient descent.
    """

    place: Place
    learning_rate: float
    past: Course | None
    chosen: Course
    plain: Course


Work = Generator[None, None, XRay]


def xray(
    trainer: Trainer, moment: Moment, place: Place, updates: int = 40,
    since: Snapshot | None = None, most: int = 100,
) -> Work:  # fmt: skip
    """Follow one parameter through its last mini-batches and the next, on copies.

    Parameters
    ----------
    trainer : Trainer
        Where the training stands; it is not touched, and may go on meanwhile.
    moment : Moment
        Its weights and memory are where the next updates start.
    place : Place
        Which parameter.
    updates : int
        How many of the next ones, at least 1.
    since : Snapshot, optional
        An earlier state of the training, from which the last ones are trained again.
    most : int
        How many of the last ones to follow.

    Returns
    -------
    generator
        It pauses after every update, and returns an :class:`XRay`; see :func:`finished`.

    Raises
    ------
    ValueError
        When there is no such parameter.
    """
    if place.key not in given_parameters(moment.network):
        known = ", ".join(given_parameters(moment.network))
        raise ValueError(f"'{place.key}' is no parameter; there are {known}")
    here = trainer.snapshot()
    count = updates_since(since, trainer) if since is not None else 0
    reached = trainer.network.parameters.copy()
    forever = replace(trainer.experiment.train, epochs=None, patience=None)
    experiment = replace(trainer.experiment, train=forever)

    def work() -> Work:
        past = None
        if since is not None and count > 0:
            walked = Trainer(experiment, trainer.dataset)
            walked.restore(since)
            for _ in zip(range(count - most), walked.slices(0), strict=False):
                yield
            past = yield from _course(walked, forever.optimizer, place, min(count, most))
            if not np.array_equal(walked.network.parameters, reached):
                past = None
        start = moment.put_into(here)
        courses = []
        for optimizer in (moment.train.optimizer, SGD()):
            train = replace(moment.train, optimizer=optimizer, epochs=None, patience=None)
            walked = Trainer(replace(experiment, train=train), trainer.dataset)
            walked.restore(start)  # another optimizer's memory is left out
            courses.append((yield from _course(walked, optimizer, place, updates)))
        return XRay(place, moment.learning_rate, past, *courses)

    return work()


def finished(work: Work) -> XRay:
    """Do all of the work at once."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            made: XRay = end.value
            return made


def _course(
    walked: Trainer, optimizer: Optimizer, place: Place, updates: int
) -> Generator[None, None, Course]:
    """Train on, and note what becomes of a parameter."""
    where = _position(walked.network, place)
    values, gradients, changes = [float(walked.network.parameters[where])], [], []
    memory: dict[str, list[float]] = {}
    for _ in range(updates):
        now = Moment.of(walked)
        update = now.update()
        gradients.append(float(update.gradient[where]))
        changes.append(float(update.change[where]))
        for name, value in _memory(optimizer, now.state, update.state, where):
            memory.setdefault(name, []).append(value)
        if next(walked.slices(0), None) is None:
            break
        values.append(float(walked.network.parameters[where]))
        yield
    return Course(
        optimizer.label,
        np.array(values),
        np.array(gradients),
        np.array(changes),
        {name: np.array(each) for name, each in memory.items()},
    )


def _position(network: Network, place: Place) -> int:
    """Return where a parameter stands in the network's flat vector."""
    view = given_parameters(network)[place.key]
    positions = network.block_of(np.arange(network.parameters.size), view)
    return int(positions[place.index])


def _memory(
    optimizer: Optimizer, before: State, after: State, where: int
) -> list[tuple[str, float]]:
    return [
        (rule.name, float(rule.value[where]))
        for rule in rules(optimizer, before, after)
        if rule.value is not None
    ]
