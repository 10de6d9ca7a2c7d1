"""Changes to the data by hand: each makes a new drawn data set of what is there."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.data_sources import Source
from engine.datasets import Dataset
from engine.drawn_data import (
    MOST_CLASSES,
    MOST_POINTS,
    Drawn,
    DrawnClasses,
    DrawnCurve,
    DrawnHeights,
    DrawnSeveral,
)
from engine.metrics import as_labels
from gui.session import Session

Change = Callable[[Drawn], Drawn]


def drawn_kind(data: Dataset) -> type[Drawn] | None:
    """Return the kind of drawn data set that can hold this one's points."""
    if data.features == 2 and data.task == "classification":
        return DrawnSeveral if data.outputs <= MOST_CLASSES else None
    if data.outputs != 1:
        return None
    if data.features == 2:
        return DrawnHeights if data.task == "regression" else DrawnClasses
    return DrawnCurve if data.features == 1 and data.task == "regression" else None


def why_not(data: Dataset) -> str:
    """Return why the points cannot be changed by hand; empty if they can."""
    if drawn_kind(data) is None:
        return (
            f"Points can be changed by hand for up to {MOST_CLASSES} classes, a height or a curve."
        )
    rows = len(data.x_train) + len(data.x_validation) + len(data.x_test)
    if rows >= MOST_POINTS:
        return f"{rows:,} points are too many to be changed by hand."
    return ""


def as_drawn(source: Source, data: Dataset) -> Drawn:
    """Return a data set as one that can be changed point by point.

    Raises
    ------
    ValueError
        With the reason why it cannot be.
    """
    if isinstance(source, Drawn):
        return source
    reason = why_not(data)
    kind = drawn_kind(data)
    if reason or kind is None:
        raise ValueError(reason)
    parts = (
        (data.x_train, data.y_train),
        (data.x_validation, data.y_validation),
        (data.x_test, data.y_test),
    )
    several = kind is DrawnSeveral
    trained, validation, tested = (
        np.hstack([x, as_labels(y)[:, None] if several else y]) for x, y in parts
    )
    settings = {"classes": data.outputs} if several else {}
    return kind.of(np.concatenate([trained, validation]), tested, **settings)


def edit(session: Session, change: Change, text: str) -> None:
    """Change the session's data; undoable, called `text` in the menu. The training goes on.

    Raises
    ------
    ValueError
        With the reason why it cannot be; nothing has changed then.
    """
    experiment, data = session.experiment, session.dataset
    if data is None:
        raise ValueError("The data are still being loaded.")
    source = change(as_drawn(experiment.data.source, data))
    data_spec = replace(experiment.data, source=source)
    session.change(replace(experiment, data=data_spec), text, apart=True, inherits=True)
