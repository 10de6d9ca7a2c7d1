"""The square to draw on, with mouse, pen or finger."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QEventPoint,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from gui.drawing.easel import ERASER_RADIUS, Easel, Tool
from gui.drawing.samples import sample
from gui.drawing.sketch import Stroke
from gui.dropping import TABLES, TRAININGS

KEYS = {
    QKeySequence.StandardKey.Undo: "undo",
    QKeySequence.StandardKey.Redo: "redo",
    QKeySequence.StandardKey.Delete: "clear",
    QKeySequence.StandardKey.Paste: "paste",
}
ASKING_KEYS = {Qt.Key.Key_W: "why_wanted", Qt.Key.Key_L: "label_wanted"}
TOOL_KEYS: dict[int, Tool] = {Qt.Key.Key_P: "pen", Qt.Key.Key_E: "eraser"}
TOUCH_EVENTS = (
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.TouchCancel,
)


class Canvas(Easel):
    """Is drawn on, and takes pictures from elsewhere.

    Signals
    -------
    changed
        The strokes are others now; also with every movement of the pen.
    stroke_finished
        The pen was lifted.
    put_away(tuple)
        These strokes are about to be cleared, or to make room for another drawing.
    why_wanted, label_wanted
        The key was pressed that asks what speaks for the answer, or to tell the right one.
    dropped(object)
        A picture, or the path of a file, was dropped or pasted here.
    tool_changed
        `tool` is another one now.
    """

    changed = Signal()
    put_away = Signal(tuple)
    why_wanted = Signal()
    label_wanted = Signal()
    dropped = Signal(object)
    tool_changed = Signal()
    stroke_finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._erasing = False
        self._finger: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Drawing canvas")
        self.setAccessibleDescription(
            "Draw a digit with mouse, pen or finger, press a digit key for a sample, "
            "or drop a picture here."
        )

    # ------------------------------------------------------------ commands

    def set_tool(self, tool: Tool) -> None:
        """Draw with the pen, or take whole strokes away with the eraser."""
        self.tool = tool
        self.update()
        self.tool_changed.emit()

    def paste(self) -> None:
        """Take the picture of the clipboard."""
        self._take(QGuiApplication.clipboard().mimeData())

    def undo(self) -> None:
        """Take the last change back."""
        if self.sketch.undo():
            self._on_changed()

    def redo(self) -> None:
        """Make the change again that was taken back."""
        if self.sketch.redo():
            self._on_changed()

    def clear(self) -> None:
        """Take everything away."""
        self._put_away()
        if self.sketch.clear():
            self._on_changed()

    def load(self, strokes: tuple[Stroke, ...]) -> None:
        """Put another drawing in place; can be undone."""
        self._put_away()
        self.sketch.replace(strokes)
        self._on_changed()

    def _put_away(self) -> None:
        self.sketch.finish()
        if self.sketch.finished:
            self.put_away.emit(self.sketch.finished)

    def _on_changed(self) -> None:
        self.update()
        self.changed.emit()

    # ------------------------------------------------------------ the pen, whoever holds it

    def _press(self, position: QPointF, erase: bool = False) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._erasing = erase or self.tool == "eraser"
        if self._erasing:
            self._erase(position)
        else:
            self.sketch.begin(*self._to_unit(position))
            self._on_changed()

    def _move(self, position: QPointF) -> None:
        if self._erasing:
            self._erase(position)
        elif self.sketch.extend(*self._to_unit(position)):
            self._on_changed()

    def _lift(self) -> None:
        self._erasing = False
        if self.sketch.current is not None:
            self.sketch.finish()
            self._on_changed()
            self.stroke_finished.emit()

    def _erase(self, position: QPointF) -> None:
        self._eraser_at = position
        self.update()
        if self.sketch.erase(*self._to_unit(position), ERASER_RADIUS):
            self._on_changed()

    # ------------------------------------------------------------ mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(event.position())
        elif self.tool == "eraser":
            self._eraser_at = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._lift()

    def leaveEvent(self, event: QEvent) -> None:
        self._eraser_at = None
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._lift()
        super().focusOutEvent(event)

    # ------------------------------------------------------------ pen and finger

    def tabletEvent(self, event: QTabletEvent) -> None:
        rubber = event.pointerType() == QPointingDevice.PointerType.Eraser
        if event.type() == QEvent.Type.TabletPress:
            self._press(event.position(), erase=rubber)
        elif event.type() == QEvent.Type.TabletRelease:
            self._lift()
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self._move(event.position())
        event.accept()

    def _touch(self, event: QTouchEvent) -> None:
        """Follow the first finger; a resting palm draws nothing."""
        event.accept()
        if event.type() == QEvent.Type.TouchCancel:
            self._finger = None
            self.sketch.cancel()
            self._on_changed()
            return
        for point in event.points():
            if self._finger is None and point.state() == QEventPoint.State.Pressed:
                self._finger = point.id()
                self._press(point.position())
            elif point.id() == self._finger and point.state() == QEventPoint.State.Released:
                self._finger = None
                self._lift()
            elif point.id() == self._finger:
                self._move(point.position())

    # ------------------------------------------------------------ pictures from elsewhere

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _has_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._take(event.mimeData())

    def _take(self, given: QMimeData) -> None:
        if given.hasUrls() and given.urls()[0].isLocalFile():
            self.dropped.emit(Path(given.urls()[0].toLocalFile()))
        elif isinstance(image := given.imageData(), QImage):  # bytes, where it is a damaged one
            self.dropped.emit(image)

    # ------------------------------------------------------------ keyboard

    def event(self, event: QEvent) -> bool:
        """Take touches, and keep undo and clear from the window's own shortcuts."""
        if event.type() in TOUCH_EVENTS and isinstance(event, QTouchEvent):
            self._touch(event)
            return True
        if event.type() == QEvent.Type.ShortcutOverride:
            key = cast(QKeyEvent, event)
            if self._command(key) is not None:
                key.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = self._command(event)
        if command is not None:
            getattr(self, command)()
        elif event.text() and event.text() in "0123456789":
            self.load(sample(int(event.text())))
        elif event.key() in TOOL_KEYS and not event.modifiers():
            self.set_tool(TOOL_KEYS[event.key()])
        elif event.key() in ASKING_KEYS and not event.modifiers():
            getattr(self, ASKING_KEYS[Qt.Key(event.key())]).emit()
        else:
            super().keyPressEvent(event)

    @staticmethod
    def _command(event: QKeyEvent) -> str | None:
        if event.key() == Qt.Key.Key_Backspace:
            return "clear"
        return next((name for keys, name in KEYS.items() if event.matches(keys)), None)


def _has_picture(given: QMimeData) -> bool:
    if given.hasUrls() and given.urls()[0].isLocalFile():  # what is not for the whole window
        return not given.urls()[0].fileName().lower().endswith((*TABLES, *TRAININGS))
    return given.hasImage()
