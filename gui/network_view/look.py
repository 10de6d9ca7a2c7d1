"""What is seen of a network at one moment, kept so that it can be painted later."""

from dataclasses import dataclass

from gui.frame import Frame
from gui.network_view.flow import Flow
from gui.network_view.items import Item
from gui.network_view.values import Mode, Start
from gui.network_view.viewport import Viewport


@dataclass(frozen=True)
class Look:
    """How a network is looked at.

    Attributes
    ----------
    mode, fit, threshold
        What the colours tell, on which scale, and from which strength on edges are drawn.
    viewport : Viewport
        Zoom and pan, in a drawing as large as this one's.
    folds, unfolded
        Which neurons of which layers are shown, and which layers in whole.
    pinned : Item
        What is singled out.
    flow : Flow or None
        What flows along the edges.
    """

    mode: Mode
    fit: bool
    threshold: float
    viewport: Viewport
    folds: tuple[tuple[int, tuple[int, ...]], ...]
    unfolded: frozenset[int]
    pinned: Item
    flow: Flow | None


@dataclass(frozen=True, eq=False)
class Moment:
    """A frame, and how it was looked at.

    Attributes
    ----------
    frame : Frame
        The state of the training.
    look : Look
        How it was looked at.
    start : Start or None
        From where changes are counted.
    width, height : int
        Of the drawing.
    """

    frame: Frame
    look: Look
    start: Start | None
    width: int
    height: int

    def same_as(self, other: "Moment | None") -> bool:
        """Tell whether another moment looks just like this one."""
        return (
            other is not None
            and self.frame is other.frame
            and self.look == other.look
            and (self.width, self.height) == (other.width, other.height)
        )
