"""The chain rule for single weights gives what backpropagation gives."""

import numpy as np
import pytest

from engine.formulas.writer import to_text
from engine.trace import trace_update
from engine.trace.chain import chain
from tests.engine.test_trace import lesson, trainer


@pytest.mark.parametrize("task", ["classification", "binary", "regression"])
@pytest.mark.parametrize("batch", [1, 8])
def test_the_factors_multiply_to_the_samples_share(task, batch):
    trace = trace_update(trainer(task, batch=batch, dropout=0.3))
    for layer in (1, 2, 3):
        shares = [chain(trace, layer, 1, 0, n) for n in range(batch)]
        products = [np.prod([each.value for each in share.factors]) for share in shares]
        np.testing.assert_allclose(sum(products), shares[0].gradient, rtol=1e-9, atol=1e-15)
        assert shares[0].gradient == trace[f"dW{layer}"].value[1, 0]


def test_every_factor_leads_to_where_it_was_made():
    trace = trace_update(trainer(batch=2))
    for factor in chain(trace, 2, 1, 0, 1).factors:
        assert trace.value(factor.place) == factor.value


def test_softmax_is_taken_in_one():
    trace = trace_update(trainer(batch=1))
    assert len(chain(trace, 3, 0, 0).factors) == 2
    assert len(chain(trace, 2, 0, 0).factors) == 3


def test_in_words_for_the_two_two_one_network():
    trace = trace_update(lesson())
    lines = [to_text(line).strip() for line in chain(trace, 1, 1, 0).lines]
    assert lines[0] == "∂L/∂w₂,₁⁽¹⁾ = ∂L/∂a₁⁽¹⁾·∂a₁⁽¹⁾/∂z₁⁽¹⁾·∂z₁⁽¹⁾/∂w₂,₁⁽¹⁾"
    assert lines[1] == "= −0.2692·1·(−1)"
    assert lines[2] == "= 0.269231"
