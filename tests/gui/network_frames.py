"""Frames made up for tests and benchmarks of the drawing: no training behind them."""

import numpy as np

from gui.frame import Frame, Probe, Shape


def shape_of(sizes, image_shape=None, activation="ReLU", outputs="Softmax"):
    classes = sizes[-1] > 1
    return Shape(
        sizes=tuple(sizes),
        activations=(activation,) * (len(sizes) - 2) + (outputs if classes else "Sigmoid",),
        image_shape=image_shape,
        input_names=tuple(f"x{i + 1}" for i in range(sizes[0])),
        output_names=tuple(str(i) for i in range(sizes[-1])) if classes else ("y",),
        task="classification" if classes else "binary",
    )


def probe_of(shape, weights, biases, x, **how):
    activations = [np.asarray(x, dtype=np.float32)]
    for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        z = activations[-1] @ weight + (0 if bias is None else bias)
        if layer < len(weights) - 1:
            a = np.maximum(z, 0) if shape.activations[layer] == "ReLU" else np.tanh(z)
        elif len(z) > 1:
            a = np.exp(z - z.max())
            a /= a.sum()
        else:
            a = 1 / (1 + np.exp(-z))
        activations.append(a.astype(np.float32))
    how = {"source": "row", "label": 3, "index": 17} | how
    return Probe(x=activations[0], activations=tuple(activations), **how)


def frame_of(shape, seed=0, growth=1.0, epoch=12, generation=0, biased=True):
    """A frame with weights a trained network might have."""
    rng = np.random.default_rng(seed)
    weights, biases = [], []
    for fan_in, fan_out in zip(shape.sizes, shape.sizes[1:], strict=False):
        weight = rng.standard_t(6, (fan_in, fan_out)) * np.sqrt(2 / fan_in) * growth
        weights.append(weight.astype(np.float32))
        biases.append((0.2 * rng.normal(size=fan_out)).astype(np.float32) if biased else None)
    x = rng.random(shape.sizes[0]) if shape.image_shape else rng.normal(size=shape.sizes[0])
    probe = probe_of(shape, weights, biases, x)
    return Frame(generation, epoch, 3, 45, tuple(weights), tuple(biases), shape, probe)
