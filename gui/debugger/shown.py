"""The frame that the drawing of the network shows during a walk."""

from dataclasses import replace

import numpy as np

from engine.trace import Trace
from gui.debugger.desk import Subject, Traced
from gui.debugger.words import caption
from gui.frame import Frame, Probe


def frame_of(frame: Frame, trace: Trace, traced: Traced | None, sample: int) -> Frame:
    """Return a frame that shows the walk's weights and one of its samples."""
    network = trace.moment.network
    activations = [trace.given["x"].value[sample]]
    activations += [trace[f"a{k + 1}"].value[sample] for k in range(len(network.dense))]
    subject = traced.subject if traced is not None else Subject()
    index = subject.index if subject.kind == "test" else -1
    y = trace.given["y"].value[sample]
    label = int(np.argmax(y)) if len(y) > 1 else None
    probe = Probe(
        "drawing" if subject.kind == "drawing" else "row",
        activations[0],
        label,
        tuple(activations),
        index,
        caption=caption(subject, sample),
    )
    layers = range(1, len(network.dense) + 1)
    return replace(
        frame,
        weights=tuple(network.weights),
        biases=tuple(network.biases),
        probe=probe,
        gradients=tuple(trace[f"dW{k}"].value for k in layers),
        bias_gradients=tuple(trace[f"db{k}"].value if f"db{k}" in trace else None for k in layers),
        sits_out=sitting_out(trace, sample),
        walked=True,
    )


def sitting_out(trace: Trace, sample: int) -> tuple[np.ndarray | None, ...]:
    """Return which neurons of each layer dropout leaves out for a row."""
    masks = [trace.given.get(f"mask{k + 1}") for k in range(len(trace.moment.network.dense))]
    found = tuple(None if mask is None else mask.value[sample] == 0 for mask in masks)
    return found if any(mask is not None for mask in masks) else ()
