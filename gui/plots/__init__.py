"""Curves over the epochs, of any length, at a constant cost."""
