"""Neural networks from scratch in NumPy; no Qt, usable alone."""
