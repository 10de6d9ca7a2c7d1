"""Layers: forward by hand, backward by central differences, nothing kept in between."""

import numpy as np
import pytest

from engine.activations import Sigmoid, Tanh
from engine.layers import Dense, Dropout


def difference_quotient(f, array, h=1e-6):
    """Return ∂f/∂array by central differences; `array` is changed and put back."""
    slope = np.empty_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + h
        above = f()
        array[index] = kept - h
        slope[index] = (above - f()) / (2 * h)
        array[index] = kept
    return slope


@pytest.mark.parametrize("bias", [True, False])
def test_dense_backward(bias):
    rng = np.random.default_rng(0)
    layer = Dense(rng.normal(size=(3, 4)), rng.normal(size=4) if bias else None, Tanh())
    x, dy = rng.normal(size=(5, 3)), rng.normal(size=(5, 4))
    dx, grads = layer.backward(dy, layer.forward(x)[1])

    def objective():
        return float((dy * layer.forward(x)[0]).sum())

    for array, gradient in zip((x, *layer.parameters), (dx, *grads), strict=True):
        slope = difference_quotient(objective, array)
        np.testing.assert_allclose(gradient, slope, rtol=1e-6, atol=1e-9)
    assert len(grads) == 1 + bias


def test_dense_keeps_nothing_between_the_directions():
    rng = np.random.default_rng(1)
    layer = Dense(rng.normal(size=(3, 2)), None, Sigmoid())
    first, second = rng.normal(size=(2, 4, 3))
    _, cache = layer.forward(first)
    layer.forward(second)
    again, _ = layer.backward(np.ones((4, 2)), cache)
    alone, _ = layer.backward(np.ones((4, 2)), layer.forward(first)[1])
    assert (again == alone).all()


@pytest.mark.parametrize("rows", [0, 1])
def test_dense_takes_any_number_of_rows(rows):
    layer = Dense(np.ones((3, 2)), np.zeros(2), Tanh())
    a, cache = layer.forward(np.ones((rows, 3)))
    dx, (dW, db) = layer.backward(np.ones((rows, 2)), cache)
    assert a.shape == (rows, 2)
    assert dx.shape == (rows, 3)
    assert dW.shape == (3, 2)
    assert db.shape == (2,)


def test_dropout_does_nothing_in_prediction():
    x = np.arange(6.0).reshape(2, 3)
    assert (Dropout(0.5).forward(x)[0] == x).all()


def test_dropout_masks_both_directions_alike():
    x = np.ones((400, 50))
    y, mask = Dropout(0.2).forward(x, np.random.default_rng(0))
    assert set(np.unique(mask)) == {0.0, 1.25}
    assert (mask == 0).mean() == pytest.approx(0.2, abs=0.01)
    assert (y == mask).all()
    dx, grads = Dropout(0.2).backward(2 * x, mask)
    assert (dx == 2 * mask).all()
    assert grads == ()
