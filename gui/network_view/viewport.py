"""Zoom and pan."""

from dataclasses import dataclass

SMALLEST, LARGEST = 1.0, 16.0


@dataclass(frozen=True)
class Viewport:
    """How the whole drawing is magnified, then moved, in the widget's coordinates."""

    scale: float = 1.0
    dx: float = 0.0
    dy: float = 0.0

    @property
    def is_fit(self) -> bool:
        """Whether everything is in view as laid out."""
        return self == FIT

    def zoomed(self, factor: float, x: float, y: float) -> "Viewport":
        """Return the view magnified with the point x, y in its place.

        >>> Viewport().zoomed(2, 10, 0)
        Viewport(scale=2.0, dx=-10.0, dy=0.0)
        """
        scale = min(max(self.scale * factor, SMALLEST), LARGEST)
        if scale == SMALLEST:
            return FIT
        by = scale / self.scale
        return Viewport(scale, x - (x - self.dx) * by, y - (y - self.dy) * by)

    def on(self, wider: float, higher: float) -> "Viewport":
        """Return the same view of a drawing so many times as wide and as high.

        >>> Viewport(2.0, -100.0, 10.0).on(0.5, 2.0)
        Viewport(scale=2.0, dx=-50.0, dy=20.0)
        """
        return Viewport(self.scale, self.dx * wider, self.dy * higher)

    def moved(self, dx: float, dy: float, width: float, height: float) -> "Viewport":
        """Return the view moved, the drawing of this size never out of sight."""
        low = 1 - self.scale
        half_x, half_y = width / 2, height / 2
        return Viewport(
            self.scale,
            min(max(self.dx + dx, low * width - half_x), half_x),
            min(max(self.dy + dy, low * height - half_y), half_y),
        )


FIT = Viewport()
