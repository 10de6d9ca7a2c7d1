"""The plot with what belongs to it: brush, switch, key, and a line that tells about a place."""

import numpy as np
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.datasets import Dataset
from engine.surfaces import Curve, Surface
from gui.data.brushes import Brushes
from gui.data.cloud import Cloud
from gui.data.editing import Change, edit, why_not
from gui.data.geometry import short
from gui.data.ground import axis_names
from gui.data.key import Key
from gui.data.matrix import ConfusionMatrix
from gui.data.plot import Plot
from gui.forms.buttons import Chip
from gui.frame import Frame
from gui.session import Session

HINT = "Click to add, drag to move, right-click to remove"


class PlotPage(QWidget):
    """Points, what the network makes of the places around them, and how to change them."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.plot = Plot()
        self.brushes = Brushes()
        self.key = Key()
        self.matrix = ConfusionMatrix()
        self.discrete = Chip(self.key, "Discretise", "Show the decision alone")
        self.discrete.setToolTip("Show the decision alone, not how sure the network is of it")
        self.told = QLabel(HINT)
        self.told.setProperty("role", "muted")
        self.told.setWordWrap(True)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._fit()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        beside = QHBoxLayout(self.key)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(
            self.discrete, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.brushes)
        column.addWidget(self.plot)
        column.addWidget(self.key)
        column.addWidget(self.told)
        column.addWidget(self.matrix)
        column.addStretch(1)

    def _fit(self) -> None:
        """Keep room for two lines, so that nothing moves while the pointer does."""
        self.told.setMinimumHeight(2 * self.told.fontMetrics().lineSpacing())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _connect(self) -> None:
        self.discrete.toggled.connect(self.plot.set_discrete)
        self.plot.added.connect(self._add)
        self.plot.moved.connect(self._move)
        self.plot.lifted.connect(self._lift)
        self.plot.removed.connect(self._remove)
        self.plot.answered.connect(self._answer)
        self.plot.chosen.connect(self._choose)
        self.brushes.classWanted.connect(self._add_class)
        self.plot.pointed.connect(self._tell)
        self.matrix.selected.connect(self.plot.show_cell)

    # ------------------------------------------------------------ what is shown

    def show_data(self, data: Dataset) -> None:
        """Show the points of a data set with one or two inputs."""
        self.plot.show_cloud(Cloud.of(data))
        self.brushes.offer(data)
        self.brushes.setVisible(bool(self.brushes.answer))
        self.discrete.setVisible(data.features == 2)
        self.matrix.select(None)
        self.matrix.setVisible(data.task != "regression")
        self._count()
        self._tell()

    def show_frame(self, frame: Frame) -> None:
        """Show what the network says now."""
        self.plot.show_frame(frame)
        self._count()
        self._show_answers(frame)
        if self.plot.place is not None:
            self._tell()

    def _show_answers(self, frame: Frame) -> None:
        cloud = self.plot.cloud
        answers = None if frame.seen is None else frame.seen.answers
        if cloud is None or answers is None or cloud.data.task == "regression":
            return
        if len(answers.confusion) == len(cloud.data.class_names):
            noun = "test points" if cloud.data.held_back else "training points"
            self.matrix.show_answers(answers, cloud.data.class_names, noun)

    def _count(self) -> None:
        cloud = self.plot.cloud
        if cloud is not None:
            regression = cloud.data.task == "regression"
            self.key.show_counts(cloud, None if regression else len(self.plot.misread()))

    @Slot()
    def _tell(self) -> None:
        """Say what is under the pointer, or what can be done."""
        cloud, place = self.plot.cloud, self.plot.place
        if cloud is None:
            return
        text = why_not(cloud.data) or hint(cloud.data)
        if place is not None:
            text = " · ".join(self._about(cloud, place))
        if text != self.told.text():
            self.told.setText(text)
            self.plot.setAccessibleDescription(text)

    def _about(self, cloud: Cloud, place: tuple[float, float]) -> list[str]:
        data, point = cloud.data, self.plot.point
        if point is not None:
            place = (float(cloud.places[point][0]), float(cloud.places[point][1]))
        names = axis_names(data)
        known = names if data.features == 2 else names[:1]
        parts = [", ".join(f"{n} {short(v)}" for n, v in zip(known, place, strict=False))]
        if point is not None:
            kind = "train" if point < cloud.trained else "test"
            height = self.plot.new_height
            answer = _answer(data, cloud.targets[point]) if height is None else short(height)
            parts.append(f"{kind} point, {answer}")
        said = self._said_at(place)
        if said is not None:
            parts.append(f"network {said}")
        return parts

    def _said_at(self, place: tuple[float, float]) -> str | None:
        """Look up what the network says at a place; it is not computed here."""
        cloud, seen = self.plot.cloud, self.plot.found()
        if cloud is None or seen is None:
            return None
        extent = seen.extent
        across = (place[0] - extent.left) / extent.width
        if isinstance(seen, Curve):
            index = round(across * (len(seen.x) - 1))
            return short(float(seen.values[0, min(max(index, 0), len(seen.x) - 1)]))
        assert isinstance(seen, Surface)
        _outputs, rows, columns = seen.values.shape
        down = (extent.top - place[1]) / extent.height
        row, column = min(max(int(down * rows), 0), rows - 1), int(across * columns)
        return _answer(cloud.data, seen.values[:, row, min(max(column, 0), columns - 1)])

    # ------------------------------------------------------------ changes

    @Slot(tuple)
    def _add(self, place: tuple[float, float]) -> None:
        point = (*place, *self.brushes.answer)
        self._edit(lambda drawn: drawn.added(point), "Add a point")

    @Slot(int, tuple)
    def _move(self, index: int, place: tuple[float, float]) -> None:
        self._edit(lambda drawn: drawn.moved(index, place), "Move a point")

    @Slot(int, float)
    def _lift(self, index: int, height: float) -> None:
        self._edit(lambda drawn: drawn.answered(index, height), "Change a height")

    @Slot(int)
    def _answer(self, index: int) -> None:
        """Let a point stand for what new points stand for."""
        if self.brushes.answer:
            answer = self.brushes.answer[0]
            self._edit(lambda drawn: drawn.answered(index, answer), "Change a point")

    @Slot()
    def _add_class(self) -> None:
        self._edit(lambda drawn: drawn.with_another_class(), "Add a class")

    @Slot(int)
    def _remove(self, index: int) -> None:
        self._edit(lambda drawn: drawn.removed(index), "Remove a point")

    def _edit(self, change: Change, text: str) -> None:
        try:
            edit(self._session, change, text)
        except ValueError as error:
            self.plot.reset()
            self._session.noticed.emit(str(error))

    @Slot(int)
    def _choose(self, index: int) -> None:
        """Let a point flow through the network."""
        cloud = self.plot.cloud
        if cloud is None:
            return
        tested = cloud.data.held_back
        if tested and index < cloud.trained:
            self._session.noticed.emit("Only test points can be followed through the network.")
        else:
            self._session.show_row(index - cloud.trained if tested else index)


def hint(data: Dataset) -> str:
    """Say what can be done with the points."""
    if data.features == 1:
        return f"{HINT}."
    if data.task == "regression":
        return f"{HINT}, Shift and drag up or down to set a height."
    return f"{HINT}, Shift and click to set the class."


def _answer(data: Dataset, values: np.ndarray) -> str:
    """Say a target or an output in a few words."""
    if not np.isfinite(values).all():
        return "not a number"
    if data.task == "regression":
        return short(float(values[0]))
    if data.task == "binary":
        yes = float(values[0])
        if yes in (0.0, 1.0):
            return f"class {data.class_names[round(yes)]}"
        return f"{yes:.2f}"
    winner = int(values.argmax())
    sure = "" if values[winner] == 1 else f" ({values[winner]:.0%})"
    return f"class {data.class_names[winner]}{sure}"
