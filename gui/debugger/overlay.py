"""The step on the drawing of the network: what is active lit, everything else quiet.

Values flow to the right, gradients to the left in hues of their own, and weights swell
while they are changed. Motion means phase, and nothing else.
"""

from PySide6.QtCore import QEasingCurve, QObject, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QPainter

from gui.debugger.debugger import Debugger
from gui.debugger.lighting import HUES, draw_nodes, draw_rings
from gui.debugger.lit import Lit, lit_by
from gui.debugger.lit_edges import LitEdges
from gui.debugger.lit_legend import SITS_OUT, draw_lit_legend
from gui.debugger.words import PHASE_TITLES, quantity
from gui.network_view.legend import LEFT, legend_top
from gui.network_view.picture import Picture
from gui.network_view.sitting_out import legend_line_width
from gui.network_view.style import write

SWEEP_MILLISECONDS = 320
FLOW = {1: "values flow on →", -1: "← gradients flow back", 0: ""}


class Overlay(QObject):
    """Draws what the present step is about over the network.

    Attributes
    ----------
    moved : Signal
        It wants to be painted again.
    """

    moved = Signal()

    def __init__(self, debugger: Debugger) -> None:
        super().__init__(debugger)
        self._debugger = debugger
        self._lit: Lit | None = None
        self._words = ""
        self._progress = 1.0
        self._shown: tuple[object, ...] = ()
        self._edges: LitEdges | None = None
        self._sweep = QVariantAnimation(self)
        self._sweep.setStartValue(0.0)
        self._sweep.setEndValue(1.0)
        self._sweep.setDuration(SWEEP_MILLISECONDS)
        self._sweep.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._sweep.valueChanged.connect(self._advance)
        self.reduced = False
        debugger.moved.connect(self.refresh)

    @property
    def lit(self) -> Lit | None:
        """What is lit; None while nothing is stepped through."""
        return self._lit

    @property
    def covers(self) -> bool:
        """Whether it hides the network's own edges."""
        return self._lit is not None

    @Slot()
    def refresh(self) -> None:
        """Take over the debugger's step."""
        debugger = self._debugger
        if debugger.trace is None or debugger.step is None:
            self._lit, self._shown = None, ()
            self._sweep.stop()
        else:
            step = debugger.step
            self._lit = lit_by(debugger.trace, step, debugger.focus)
            self._words = f"{PHASE_TITLES[step.phase]}: {quantity(step)}"
            shown = (step.key, debugger.trace)
            if shown != self._shown:
                self._shown = shown
                self._begin()
        self._edges = None
        self.moved.emit()

    def _begin(self) -> None:
        self._sweep.stop()
        self._progress = 1.0
        if not self.reduced and self._lit is not None and self._lit.edges is not None:
            self._progress = 0.0
            self._sweep.start()

    @Slot(object)
    def _advance(self, progress: float) -> None:
        self._progress = progress
        self.moved.emit()

    # ------------------------------------------------------------ painting

    def paint(self, painter: QPainter, picture: Picture) -> None:
        """Draw what is lit."""
        lit = self._lit
        if lit is None or len(picture.layout.sizes) <= max([0, *lit.nodes, lit.gap or 0]):
            return
        painter.save()
        if lit.edges is not None:
            if self._edges is None or not self._edges.fits(picture):
                self._edges = LitEdges(lit, picture)
            self._edges.draw(painter, picture, self._progress)
        for layer, values in lit.nodes.items():
            role = lit.roles.get(layer, "data")
            draw_nodes(painter, picture, layer, values, role, lit.mark.get(layer))
        if not lit.nodes and lit.gap is not None:
            for layer in (lit.gap, lit.gap + 1):
                draw_rings(painter, picture, layer, lit.mark.get(layer))
        painter.restore()

    def draw_legend(self, painter: QPainter, picture: Picture, wide: float, height: float) -> None:
        """Tell what the colours of the step mean, and over that which step it is."""
        if self._lit is not None:
            draw_lit_legend(painter, picture, self._lit, wide, height)
            self._draw_words(painter, picture, self._lit, wide, height)

    def _draw_words(
        self, painter: QPainter, picture: Picture, lit: Lit, wide: float, height: float
    ) -> None:
        """Write right over the legend what happens: under the numbers of the lowest neurons."""
        style, stage, title = picture.style, picture.layout.stage, picture.style.title
        gradients = "gradient" in (lit.edge_role, *lit.roles.values())
        color = style.color(HUES["gradient"][0] if gradients else "text")
        words = "   ".join(each for each in (self._words, lit.note or FLOW[lit.direction]) if each)
        half = title.width(words) / 2
        middle = wide / 2 if picture.zoomed else stage.x + stage.width / 2
        after_line = LEFT * style.unit + legend_line_width(picture, SITS_OUT) + title.height
        at = max(middle, after_line + half), legend_top(style, height) - 0.6 * title.height
        write(painter, title, color, at, words, Qt.AlignmentFlag.AlignHCenter)
