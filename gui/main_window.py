"""The window: composition only. What it is made of stands in files of its own."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMainWindow

from gui import ending, log, placement, settings_file, theme
from gui.actions import Actions
from gui.appearance import Appearance
from gui.docks import Docks
from gui.dropping import TRAININGS, Dropping
from gui.examples import example_actions
from gui.going_back import GoingBack
from gui.help import Help
from gui.leaving import Leaving
from gui.network_view.unheld import deliver
from gui.network_view.view import NetworkView
from gui.recording.control import RecordingControl
from gui.recovery import Recovery
from gui.session import Session
from gui.tables.opening import TableOpening
from gui.training_files import TrainingFiles
from gui.transport import SPEEDS, TransportBar
from gui.unsaved import Unsaved

FRAME_MILLISECONDS = 16
READING_BEATS = 16
"""Curves and figures are drawn in every sixteenth frame of a training: nobody reads them faster."""
NOTICE_MILLISECONDS = 8000
MOST_IN_FRONT = 20
"""Dialogs and menus that are closed before the window, when the program is told to end."""


class MainWindow(QMainWindow):
    """Network in the middle, panels around it, transport on top.

    Parameters
    ----------
    session : Session
        What is shown; the window closes it.
    size : (int, int) or None
        Width and height; the remembered ones if None.
    remember : bool
        Whether place, layout and theme are read from and written to the settings.

    Signals
    -------
    closed
        It has closed; nothing is asked any more.
    """

    closed = Signal()

    def __init__(
        self, session: Session, size: tuple[int, int] | None = None, remember: bool = True
    ) -> None:
        super().__init__()
        self.session = session
        self._remember = remember
        self._painted = False
        self._beats = 0
        self._figures_are_old = False
        self._paint_is_due = False
        self._asks = True
        self._closed_in_front = 0
        self._waiting = ""
        self._standing = QTimer(self, singleShot=True, interval=NOTICE_MILLISECONDS)
        self._standing.timeout.connect(self._show_what_waited)
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(FRAME_MILLISECONDS)
        self._clock.timeout.connect(self.beat)
        self.setWindowTitle("Chainrule")
        self.appearance = Appearance(remember, self)
        self._help = Help(self)
        self.tables = TableOpening(session, self)
        self.files = TrainingFiles(session, self)
        self.unsaved = Unsaved(session, self.files)
        self.leaving = Leaving(session, self.files, self.unsaved, self)
        self.recovery = Recovery(session, self.files, self.unsaved, self)
        self.going_back = GoingBack(session, self)
        Dropping(self).dropped.connect(self.open_file)
        self.menu_actions = Actions(self, self._slots())
        self.network_view = NetworkView(session)
        self.setCentralWidget(self.network_view)
        self.transport = TransportBar(session, self.menu_actions)
        self.addToolBar(self.transport)
        self.recording = RecordingControl(
            self, self.network_view, session, self.menu_actions["record"]
        )
        self.docks = Docks(self, session)
        self._build_menus()
        self.statusBar().setSizeGripEnabled(False)
        self._dress()
        placement.restore(self, self.docks, size, remember)
        self._connect()
        self._restrain()
        self.network_view.setFocus()
        self._clock.start()

    def _slots(self) -> dict[str, Callable[..., object]]:
        session, look = self.session, self.appearance
        return {
            "play": session.toggle,
            "step": session.step,
            "debug": self.step_through,
            "reset": session.reset,
            "seed": session.new_seed,
            "back": self.going_back.ask_for_epoch,
            "faster": self._faster,
            "slower": self._slower,
            "next_row": self._next_row,
            "previous_row": self._previous_row,
            "table": self.tables.ask_for_file,
            "open": self.files.ask_what_to_open,
            "save": self.files.save,
            "save_as": self.files.ask_where_to_save,
            "screenshot": self._ask_for_screenshot,
            "record": self._record,
            "quit": self.close,
            "theme": look.toggle_theme,
            "larger": look.enlarge_text,
            "smaller": look.shrink_text,
            "usual_size": look.reset_text,
            "still": look.set_reduced_motion,
            "layout": self._reset_layout,
            "shortcuts": self._help.show_shortcuts,
            "log": self._help.open_log,
            "about": self._help.show_about,
        }

    def _build_menus(self) -> None:
        actions, bar = self.menu_actions, self.menuBar()
        stack = self.session.undo_stack
        undo, redo = stack.createUndoAction(self, "Undo"), stack.createRedoAction(self, "Redo")
        undo.setShortcut("Ctrl+Z")
        redo.setShortcut("Ctrl+Shift+Z")
        lengths, again = self.recording.lengths.menuAction(), self.recording.again
        actions["still"].setCheckable(True)
        actions["still"].setChecked(self.appearance.reduced_motion)
        menus: dict[str, list[str | QAction | None]] = {
            "&File": [
                *("table", self.tables.recent.menuAction(), None),
                *("open", "save", "save_as", None, "screenshot", None),
                *("record", lengths, again, None, "quit"),
            ],
            "&Edit": [undo, redo],
            "&Training": [
                *("play", "step", "debug", None, "reset", "seed", "back", None),
                *("faster", "slower", None),
                *("next_row", "previous_row"),
            ],
            "E&xamples": example_actions(self.session, self.docks, self),
            "&View": [
                *(dock.toggleViewAction() for dock in self.docks.docks.values()),
                *(None, "layout", None, "theme", "larger", "smaller", "usual_size", "still"),
            ],
            "&Help": ["shortcuts", "log", "about"],
        }
        for title, entries in menus.items():
            menu = bar.addMenu(title)
            menu.setToolTipsVisible(True)
            for entry in entries:
                if entry is None:
                    menu.addSeparator()
                else:
                    menu.addAction(actions[entry] if isinstance(entry, str) else entry)

    def _connect(self) -> None:
        session = self.session
        space = QShortcut(QKeySequence("Space"), self.network_view)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)  # elsewhere it types and ticks
        space.activated.connect(session.toggle)
        session.stateChanged.connect(self._show_state)
        session.frameChanged.connect(self._show_frame)
        session.noticed.connect(self._show_notice)
        self.appearance.changed.connect(self._dress)
        self.appearance.motionChanged.connect(self._restrain)
        self.network_view.bar.pictures.told.connect(self._show_notice)
        self.docks.completed.connect(self._join_debugger)
        self.docks.completed.connect(self.recovery.offer)

    def _tell_problems(self) -> None:
        """Say once what is wrong with what is kept; it stands a while, whatever else is said."""
        if said := " ".join([*log.take_problems(), *settings_file.take_problems()]):
            self._standing.stop()
            self._show_notice(said)
            self._standing.start()

    @Slot()
    def _show_what_waited(self) -> None:
        self._show_notice(self._waiting)
        self._waiting = ""

    @Slot()
    def _join_debugger(self) -> None:
        """Let the drawing show what is stepped through."""
        from gui.debugger.stage import Stage  # with its panel, after the first painting

        docks = self.docks.docks
        yields = [docks["experiment"], docks["curves"]]
        self.stage = Stage(self, self.network_view, docks["debugger"], yields)
        self._restrain()

    @Slot()
    def step_through(self) -> None:
        """Stop the training and unfold its next update."""
        if self.docks.complete:
            self.docks.panel("debugger").open()  # type: ignore[attr-defined]

    # ------------------------------------------------------------ the heartbeat

    @Slot()
    def beat(self) -> None:
        """Take the newest frame and paint it, while the training waits at the gate."""
        if ending.told():
            self._end_when_nothing_is_in_front()
            return
        self._beats += 1
        try:
            self._figures_are_old |= self.session.collect()
            if self._figures_are_old and not (self.session.running and self._beats % READING_BEATS):
                self._show_figures()
            self._paint_now()
        finally:
            self.session.release()
        self.network_view.draw_ahead()
        if self.docks.complete and not self._beats % READING_BEATS:
            self._tell_problems()
        if self._painted and (self.session.frame or self.session.state == "failed"):
            self.docks.make_more()  # the network comes first

    def _show_figures(self) -> None:
        self.transport.standing.refresh()
        if self.docks.complete:
            self.docks.panel("curves").refresh()  # type: ignore[attr-defined]
            self._figures_are_old = False

    def event(self, event: QEvent) -> bool:
        """Put off what asks to be painted to the next beat: once a frame, and at the gate."""
        if event.type() == QEvent.Type.UpdateRequest and self._clock.isActive():
            self._paint_is_due = True
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hold the training until the next beat: another size is painted at once."""
        self.session.hold()
        super().resizeEvent(event)

    def _paint_now(self) -> None:
        # What is about to get another place would be painted twice.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        if self._paint_is_due:
            self._paint_is_due = False
            deliver(self, QEvent(QEvent.Type.UpdateRequest))

    @Slot()
    def _show_frame(self) -> None:
        if self.session.frame is not None:
            self.network_view.set_frame(self.session.frame)

    @Slot()
    def _show_state(self) -> None:
        running = self.session.running
        play = self.menu_actions["play"]
        play.setText("&Pause" if running else "&Play")
        self.menu_actions.set_icon("play", "pause" if running else "play", "on_accent")
        self.menu_actions.set_tool_tip(
            "play", "Pause the training" if running else "Start the training"
        )

    @Slot(str)
    def _show_notice(self, message: str) -> None:
        if self._standing.isActive():
            self._waiting = message
        else:
            self.statusBar().showMessage(message, NOTICE_MILLISECONDS)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._painted = True

    # ------------------------------------------------------------ speed and examples

    def _change_speed(self, by: int) -> None:
        index = SPEEDS.index(self.session.speed) + by
        if 0 <= index < len(SPEEDS):
            self.session.set_speed(SPEEDS[index])

    @Slot()
    def _faster(self) -> None:
        self._change_speed(1)

    @Slot()
    def _slower(self) -> None:
        self._change_speed(-1)

    @Slot()
    def _next_row(self) -> None:
        self.session.show_next_row()

    @Slot()
    def _previous_row(self) -> None:
        self.session.show_next_row(-1)

    # ------------------------------------------------------------ the look

    @Slot()
    def _dress(self) -> None:
        """Redraw the icons in the colours of the theme."""
        self.docks.dress()
        self.recording.dress()
        self.menu_actions.refresh_icons()
        self.menu_actions.set_icon("theme", "sun" if theme.palette().name == "dark" else "moon")
        self._show_state()

    @Slot()
    def _restrain(self) -> None:
        """Let things move, or stand where a person wants less motion."""
        reduced = self.appearance.reduced_motion
        self.network_view.set_reduced_motion(reduced)
        if self.docks.complete:
            self.docks.panel("debugger").overlay.reduced = reduced  # type: ignore[attr-defined]

    @Slot()
    def _reset_layout(self) -> None:
        """Put every panel back in its place."""
        self.docks.reset()

    # ------------------------------------------------------------ files

    @Slot(Path)
    def open_file(self, path: Path) -> None:
        """Open a training that was saved, or else a table."""
        opens = self.files.open if path.suffix.lower() in TRAININGS else self.tables.open
        opens(path)

    @Slot()
    def _ask_for_screenshot(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self, "Save a picture of the window", "chainrule.png", "PNG picture (*.png)"
        )
        if name:
            self.save_picture(Path(name).with_suffix(".png"))

    def save_picture(self, path: Path) -> None:
        """Save what the window shows as a PNG; say so, or why not."""
        from gui.export import FileWriter

        writer = FileWriter(path, self._picture_for(path), self)
        writer.finished.connect(self._tell_saved)
        writer.start()

    def _picture_for(self, path: Path) -> Callable[[], None]:
        """Return what writes the window as it is now, in any thread."""
        from gui.export import write_image

        return partial(write_image, path, self.grab().toImage())

    @Slot(Path, str)
    def _tell_saved(self, path: Path, problem: str) -> None:
        self._show_notice(f"Could not write {path}: {problem}" if problem else f"Saved {path}")

    def write_picture(self, path: Path) -> None:
        """Write what the window shows as a PNG, at once; raise OSError where it cannot be."""
        self._picture_for(path)()

    @Slot()
    def _record(self) -> None:
        self.recording.toggle()

    # ------------------------------------------------------------ the end

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._asks and not (self._may_leave() and self.recording.may_close()):
            event.ignore()
            return
        self._clock.stop()
        try:
            self._put_away()
        finally:
            self.session.close()
            if self._asks:
                self.recovery.forget()
            else:
                self.recovery.keep_now()
        super().closeEvent(event)
        self.closed.emit()

    def _may_leave(self) -> bool:
        """Tell whether no work is lost; a window that remembers nothing was made for a while."""
        return not self._remember or self.leaving.may_close()

    def _put_away(self) -> None:
        """Stop what goes on, and remember how the window was left."""
        self.recording.close()
        if self.docks.complete:
            self.docks.panel("draw").put_away()  # type: ignore[attr-defined]
            self.stage.give_back()  # what is remembered is the usual layout
        if self._remember and self._painted:
            placement.keep(self, self.docks)
        self.hide()  # it may take a moment until everything has stopped

    def _end_when_nothing_is_in_front(self) -> None:
        """Close one menu or dialog a beat, so that whoever waits for its answer returns."""
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        self._closed_in_front += 1
        if front is None or self._closed_in_front > MOST_IN_FRONT:
            self.end()
        elif isinstance(front, QDialog):
            front.done(QDialog.DialogCode.Rejected)  # `close` is refused by some
        else:
            front.close()

    def end(self) -> None:
        """Close without asking anything, and leave the event loop.

        What is not saved is kept, for the next start to offer.
        """
        self._asks = False
        self.close()
