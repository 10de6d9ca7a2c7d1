"""Handwritten digits: strokes, pictures, variation, and what is unlike any of them."""
