"""Points drawn at random: two classes in the plane, a height over it, a curve."""
