"""Stepping through backpropagation: formulas, numbers, and the walk along them."""
