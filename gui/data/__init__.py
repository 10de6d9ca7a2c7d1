"""What the data panel is composed of."""
