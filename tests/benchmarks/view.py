"""The drawing of the network against one QGraphicsLineItem per edge, repaint by repaint.

The real widget, 1000×700, every repaint with new weights. Both are painted in turn in one
run, and process CPU time is counted, so that a busy machine slows both alike.
"""

import os
import time
from dataclasses import replace

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsLineItem,
    QGraphicsScene,
    QGraphicsView,
)

from gui import theme
from gui.network_view import NetworkView, Neuron
from gui.network_view.strokes import strength_alpha
from tests.benchmarks._report import options, save, summary, table
from tests.gui.network_frames import frame_of, shape_of

SIZE = (1000, 700)
NETWORKS = {
    "64-64-10": ((64, 64, 10), (8, 8)),
    "784-128-64-10": ((784, 128, 64, 10), (28, 28)),
    "2-8-8-8-1": ((2, 8, 8, 8, 1), None),
}
WEIGHT_SETS = 4
HOVERS = 200


def frames_of(sizes, image_shape):
    """Some frames of one network, the weights of each a little further on."""
    first = frame_of(shape_of(sizes, image_shape), growth=0.7)
    rng = np.random.default_rng(1)
    frames = [first]
    for epoch in range(1, WEIGHT_SETS):
        weights = tuple(
            (w + 0.1 * w.std() * rng.normal(size=w.shape)).astype(np.float32)
            for w in frames[-1].weights
        )
        frames.append(replace(first, weights=weights, epoch=epoch))
    return frames


class Baseline:
    """One item per edge, its pen set anew for every frame."""

    def __init__(self, view):
        scene = self.scene = QGraphicsScene(0, 0, *SIZE)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.widget = QGraphicsView(scene)
        self.widget.setFrameStyle(QFrame.Shape.NoFrame)
        self.widget.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.widget.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.widget.setBackgroundBrush(QColor(theme.palette().canvas))
        full = QGraphicsView.ViewportUpdateMode.FullViewportUpdate
        self.widget.setViewportUpdateMode(full)
        self.widget.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        lines = view.picture().layout.lines.tolist()
        self.items = [QGraphicsLineItem(*line) for line in lines]
        for item in self.items:
            scene.addItem(item)
        self.widget.resize(*SIZE)
        self.widget.show()
        self.colors = QColor(theme.palette().positive), QColor(theme.palette().negative)

    def paint(self, values):
        alphas = (strength_alpha(np.abs(values)) * 255).astype(int).tolist()
        for item, alpha, negative in zip(self.items, alphas, (values < 0).tolist(), strict=True):
            color = QColor(self.colors[negative])
            color.setAlpha(alpha)
            item.setPen(QPen(color, 0))
        self.widget.viewport().repaint()


def milliseconds(work, clock=time.process_time):
    start = clock()
    work()
    return (clock() - start) * 1e3


def compare(sizes, image_shape, rounds, repaints):
    """Paint both in turn; return the times of each, in milliseconds per repaint."""
    frames = frames_of(sizes, image_shape)
    view = NetworkView()
    view.resize(*SIZE)
    view.set_frame(frames[0])
    view.show()
    baseline = Baseline(view)
    QApplication.processEvents()  # nothing is painted before the windows are exposed
    values = []
    for frame in frames:
        view.set_frame(frame)
        values.append(view.picture().values.scaled.copy())
    ours, theirs = [], []

    def repaint(number):
        view.set_frame(frames[number % WEIGHT_SETS])
        view.repaint()

    for number in range(repaints):
        repaint(number)
    for turn in range(rounds):
        baseline_time = milliseconds(lambda: baseline.paint(values[turn % WEIGHT_SETS]))  # noqa: B023
        theirs.append(baseline_time)
        ours += [milliseconds(lambda n=n: repaint(n)) for n in range(repaints)]
    baseline.widget.close()
    figures = {
        "edges": view.picture().layout.edges,
        "milliseconds": summary(ours) | {"p95": float(np.percentile(ours, 95))},
        "baseline_milliseconds": summary(theirs),
        "times_faster": summary(theirs)["median"] / summary(ours)["median"],
    }
    figures |= extras(view, repaint)
    view.close()
    return figures


def extras(view, repaint):
    """Time pointing at things, and count how often the haze is complete."""
    rng = np.random.default_rng(2)
    places = rng.uniform((300, 80), (800, 600), (HOVERS, 2)).tolist()
    hover = [milliseconds(lambda x=x, y=y: view.item_at(x, y)) for x, y in places]
    view.pin(Neuron(1, 5))
    focus = [milliseconds(lambda n=n: repaint(n)) for n in range(10)]
    view.pin(None)
    figures = {"hover_milliseconds": summary(hover), "focus_milliseconds": summary(focus)}
    edges = view._scene._edges
    if hasattr(edges, "cycles"):
        before, repaints = edges.cycles, 120
        for number in range(repaints):
            repaint(number)
        figures["haze_per_second_at_60"] = (edges.cycles - before) * 60 / repaints
    return figures


def main():
    chosen = options(__doc__)
    application = QApplication([])
    theme.load_fonts()
    theme.apply_theme(application, "dark")
    figures = {}
    rows = [
        ["network", "edges", "ms", "p95", "item per edge", "×", "hover ms", "focus ms", "haze/s"]
    ]
    for name, (sizes, image_shape) in NETWORKS.items():
        many = len(sizes) > 3 and sizes[0] > 100
        rounds = max(2, chosen.rounds // 3) if many else chosen.rounds
        found = compare(sizes, image_shape, rounds, 60 if many else 20)
        figures[name] = found
        rows.append(
            [
                name,
                f"{found['edges']:,}",
                f"{found['milliseconds']['median']:.2f}",
                f"{found['milliseconds']['p95']:.2f}",
                f"{found['baseline_milliseconds']['median']:.1f}",
                f"{found['times_faster']:.1f}",
                f"{found['hover_milliseconds']['median']:.3f}",
                f"{found['focus_milliseconds']['median']:.2f}",
                f"{found.get('haze_per_second_at_60', float('nan')):.1f}",
            ]
        )
    table(rows)
    save(chosen.json, "view", figures)


if __name__ == "__main__":
    main()
