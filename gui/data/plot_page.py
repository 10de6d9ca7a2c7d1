"""The plot with what belongs to it: brush, switch, key, and a line that tells about a place."""

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.datasets import Dataset
from engine.surfaces import Curve, Surface
from gui import theme
from gui.data.cloud import Cloud, dot
from gui.data.colors import point_colors
from gui.data.editing import Change, drawn_kind, edit, why_not
from gui.data.geometry import short
from gui.data.ground import axis_names
from gui.data.key import Key
from gui.data.matrix import ConfusionMatrix
from gui.data.plot import Plot
from gui.frame import Frame
from gui.session import Session

HINT = "Click to add a point, drag to move, right-click to remove."


class Brushes(QWidget):
    """What a new point stands for: one button for each answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: Dataset | None = None
        self._answers: tuple[float, ...] = ()
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)

    @property
    def answer(self) -> tuple[float, ...]:
        """The answer of a new point; empty where its height tells."""
        return (self._answers[self._group.checkedId()],) if self._answers else ()

    def offer(self, data: Dataset) -> None:
        """Offer the answers that points of a data set may have."""
        kind = drawn_kind(data)
        answers = kind.answers if kind is not None else ()
        before, self._data = self._data, data
        if answers != self._answers or before is None or before.class_names != data.class_names:
            self._answers = answers
            self._make_buttons()
        self._dress()

    def _make_buttons(self) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        for index, answer in enumerate(self._answers):
            button = QToolButton(self)
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setText(self._name(answer))
            button.setToolTip(f"New points are {self._name(answer)}")
            button.setAccessibleName(button.toolTip())
            button.setChecked(index == len(self._answers) - 1)
            self._group.addButton(button, index)
            self._row.addWidget(button)

    def _name(self, answer: float) -> str:
        assert self._data is not None
        if self._data.task == "regression":
            return short(answer)
        return f"class {self._data.class_names[round(answer)]}"

    def _dress(self) -> None:
        if self._data is None or not self._answers:
            return
        colors = point_colors(self._data, np.array(self._answers)[:, None])
        ratio = self.devicePixelRatioF()
        rim = "muted" if self._data.task == "regression" else "canvas"
        for button, color in zip(self._group.buttons(), colors, strict=True):
            opaque = QColor(color).rgb()
            button.setIcon(QIcon(dot(theme.palette().name, opaque, False, 5.0, ratio, rim)))
            button.setIconSize(QSize(14, 14))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)


class PlotPage(QWidget):
    """Points, what the network makes of the places around them, and how to change them."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.plot = Plot()
        self.brushes = Brushes()
        self.key = Key()
        self.matrix = ConfusionMatrix()
        self.discrete = QToolButton()
        self.discrete.setText("Discretise")
        self.discrete.setCheckable(True)
        self.discrete.setToolTip("Show the decision alone, not how sure the network is of it")
        self.told = QLabel(HINT)
        self.told.setProperty("role", "muted")
        self.told.setWordWrap(True)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.told.setMinimumHeight(2 * self.told.fontMetrics().lineSpacing())
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self.brushes)
        top.addStretch(1)
        top.addWidget(self.discrete)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 8)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.plot)
        column.addWidget(self.key)
        column.addWidget(self.told)
        column.addWidget(self.matrix)
        column.addStretch(1)

    def _connect(self) -> None:
        self.discrete.toggled.connect(self.plot.set_discrete)
        self.plot.added.connect(self._add)
        self.plot.moved.connect(self._move)
        self.plot.removed.connect(self._remove)
        self.plot.chosen.connect(self._choose)
        self.plot.pointed.connect(self._tell)
        self.matrix.selected.connect(self.plot.show_cell)

    # ------------------------------------------------------------ what is shown

    def show_data(self, data: Dataset) -> None:
        """Show the points of a data set with one or two inputs."""
        self.plot.show_cloud(Cloud.of(data))
        self.brushes.offer(data)
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
            noun = "test points" if len(cloud.data.x_test) else "training points"
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
        text = why_not(cloud.data) or HINT
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
            answer = _answer(data, cloud.targets[point])
            parts.append(f"{kind} point, {answer}")
        said = self._said_at(place)
        if said is not None:
            parts.append(f"network {said}")
        return parts

    def _said_at(self, place: tuple[float, float]) -> str | None:
        """Look up what the network says at a place; it is not computed here."""
        cloud, frame = self.plot.cloud, self.plot.frame
        seen = frame.seen.surface if frame is not None and frame.seen is not None else None
        if cloud is None or seen is None or seen.extent != self.plot.extent:
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
        tested = bool(len(cloud.data.x_test))
        if tested and index < cloud.trained:
            self._session.noticed.emit("Only test points can be followed through the network.")
        else:
            self._session.show_row(index - cloud.trained if tested else index)


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
    return f"class {data.class_names[winner]} ({values[winner]:.0%})"
