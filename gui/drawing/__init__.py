"""What the drawing panel is composed of: the canvas, and how the answer is shown."""
