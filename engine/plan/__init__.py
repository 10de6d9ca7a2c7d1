"""The plan: a network and a batch size compiled into a flat list of calls.

:mod:`engine.layers` and its companions say what is computed; here stands how it is computed
fast. Everything is allocated and every view is taken beforehand, so that a training step is
``for f, args in tape: f(*args)``. The rules that make the difference:

- Values are kept **units first**, (units, rows): a row of ones below them folds the bias
  into the matrix product, forward and backward, and softmax reduces over the first axis.
- What has no fast form here falls back on its definition; tests hold both to 1e-12.

See ``tape`` (calls and buffers), ``activations``, ``layers``, ``losses``, ``rules`` (one
function each per kind, found by type), ``layout`` (where the numbers lie), ``batch`` (one
batch size compiled), ``scores`` (loss and hits from stored outputs), ``steps`` (an epoch).
"""
