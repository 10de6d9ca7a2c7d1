"""The window: composition only. What it is made of stands in files of its own."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDesktopServices,
    QFont,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QMessageBox

from engine.version import __version__
from gui import theme
from gui.actions import Actions
from gui.docks import LAYOUT_VERSION, Docks
from gui.network_view.view import NetworkView
from gui.recording.control import RecordingControl
from gui.reporting import log_file
from gui.session import Session
from gui.settings import settings
from gui.transport import SPEEDS, TransportBar

FRAME_MILLISECONDS = 16
READING_BEATS = 6
"""Curves and figures are drawn in every sixth frame of a training: nobody reads them faster."""
USUAL_POINTS = 10.0
TEXT_SIZES = (8.0, 9.0, 10.0, 11.0, 12.0, 14.0, 16.0, 18.0, 21.0, 24.0)


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
    """

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
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(FRAME_MILLISECONDS)
        self._clock.timeout.connect(self.beat)
        self.setWindowTitle("Chainrule")
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
        self._restore(size)
        self._connect()
        self._restore_motion()
        self.network_view.setFocus()
        self._clock.start()

    def _slots(self) -> dict[str, Callable[[], object]]:
        session = self.session
        return {
            "play": session.toggle,
            "step": session.step,
            "debug": self.step_through,
            "reset": session.reset,
            "seed": session.new_seed,
            "faster": self._faster,
            "slower": self._slower,
            "next_row": self._next_row,
            "previous_row": self._previous_row,
            "screenshot": self._ask_for_screenshot,
            "record": self._record,
            "quit": self.close,
            "theme": self.toggle_theme,
            "larger": self._larger,
            "smaller": self._smaller,
            "usual_size": self._usual_size,
            "still": self._choose_motion,
            "layout": self.docks_reset,
            "shortcuts": self._show_shortcuts,
            "log": self._open_log,
            "about": self._show_about,
        }

    def _build_menus(self) -> None:
        actions, bar = self.menu_actions, self.menuBar()
        stack = self.session.undo_stack
        undo, redo = stack.createUndoAction(self, "Undo"), stack.createRedoAction(self, "Redo")
        undo.setShortcut("Ctrl+Z")
        redo.setShortcut("Ctrl+Shift+Z")
        lengths, again = self.recording.lengths.menuAction(), self.recording.again
        menus: dict[str, list[str | QAction | None]] = {
            "&File": ["screenshot", None, "record", lengths, again, None, "quit"],
            "&Edit": [undo, redo],
            "&Training": [
                *("play", "step", "debug", None, "reset", "seed", None, "faster", "slower", None),
                *("next_row", "previous_row"),
            ],
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
        self.network_view.bar.pictures.told.connect(self._show_notice)
        self.docks.completed.connect(self._join_debugger)

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
        self._beats += 1
        try:
            self._figures_are_old |= self.session.collect()
            if self._figures_are_old and not (self.session.running and self._beats % READING_BEATS):
                self._show_figures()
            self._paint_now()
        finally:
            self.session.release()
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
        QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        if self._paint_is_due:
            self._paint_is_due = False
            super().event(QEvent(QEvent.Type.UpdateRequest))

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
        self.statusBar().showMessage(message, 8000)

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
    def toggle_theme(self) -> None:
        """Switch between dark and light; the choice is remembered."""
        name: theme.ThemeName = "light" if theme.palette().name == "dark" else "dark"
        if self._remember:
            settings().setValue("theme", name)
        self.set_theme(name)

    def set_theme(self, name: theme.ThemeName) -> None:
        """Dress the whole application."""
        theme.apply_theme(QApplication.instance(), name)  # type: ignore[arg-type]
        self._dress()

    def _dress(self) -> None:
        """Redraw the icons in the colours of the theme."""
        self.docks.dress()
        self.recording.dress()
        self.menu_actions.refresh_icons()
        self.menu_actions.set_icon("theme", "sun" if theme.palette().name == "dark" else "moon")
        self._show_state()

    def _set_text_size(self, points: float) -> None:
        font = QFont(QApplication.font())
        font.setPointSizeF(points)
        QApplication.setFont(font)
        self.set_theme(theme.palette().name)  # styled widgets take the font with the style sheet
        if self._remember:
            settings().setValue("text_size", points)

    def _next_text_size(self, step: int) -> float:
        present = QApplication.font().pointSizeF()
        nearest = min(TEXT_SIZES, key=lambda size: abs(size - present))
        index = TEXT_SIZES.index(nearest) + step
        return TEXT_SIZES[min(max(index, 0), len(TEXT_SIZES) - 1)]

    @Slot()
    def _larger(self) -> None:
        self._set_text_size(self._next_text_size(1))

    @Slot()
    def _smaller(self) -> None:
        self._set_text_size(self._next_text_size(-1))

    @Slot()
    def _usual_size(self) -> None:
        self._set_text_size(USUAL_POINTS)

    @Slot()
    def _choose_motion(self) -> None:
        if self._remember:
            settings().setValue("reduced_motion", int(self.menu_actions["still"].isChecked()))
        self._restrain()

    def _restore_motion(self) -> None:
        still = self.menu_actions["still"]
        still.setCheckable(True)
        still.setChecked(self._remember and str(settings().value("reduced_motion", 0)) == "1")
        self._restrain()

    def _restrain(self) -> None:
        """Let things move, or stand where a person wants less motion."""
        reduced = self.menu_actions["still"].isChecked()
        self.network_view.set_reduced_motion(reduced)
        if self.docks.complete:
            self.docks.panel("debugger").overlay.reduced = reduced  # type: ignore[attr-defined]

    @Slot()
    def docks_reset(self) -> None:
        """Put every panel back in its place."""
        self.docks.reset()

    # ------------------------------------------------------------ remembering

    def _restore(self, size: tuple[int, int] | None) -> None:
        store = settings()
        geometry = store.value("geometry") if self._remember and size is None else None
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(*(size or (1280, 800)))
        self._pull_onto_screen()
        state = store.value("layout") if self._remember else None
        if state is None or not self.restoreState(state, LAYOUT_VERSION):
            self.docks.place()
            self.docks.completed.connect(self.docks.place)

    def _pull_onto_screen(self) -> None:
        screens = QApplication.screens()
        if not any(screen.availableGeometry().intersects(self.geometry()) for screen in screens):
            self.move(QApplication.primaryScreen().availableGeometry().topLeft())

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.recording.may_close():
            event.ignore()
            return
        self._clock.stop()
        self.recording.close()
        if self.docks.complete:
            self.stage.give_back()  # what is remembered is the usual layout
        if self._remember:
            store = settings()
            store.setValue("geometry", self.saveGeometry())
            store.setValue("layout", self.saveState(LAYOUT_VERSION))
        self.session.close()
        super().closeEvent(event)

    # ------------------------------------------------------------ files and help

    @Slot()
    def _ask_for_screenshot(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self, "Save a picture of the window", "chainrule.png", "PNG picture (*.png)"
        )
        if name:
            self.save_picture(Path(name).with_suffix(".png"))

    def save_picture(self, path: Path) -> bool:
        """Save what the window shows as a PNG; say so, or why not."""
        saved = self.grab().save(str(path), "PNG")
        self._show_notice(f"Saved {path}" if saved else f"Could not write {path}")
        return saved

    @Slot()
    def _record(self) -> None:
        self.recording.toggle()

    @Slot()
    def _show_shortcuts(self) -> None:
        rows = "".join(
            f"<tr><td><b>{keys}</b></td><td style='padding-left:16px'>{does}</td></tr>"
            for keys, does in self.menu_actions.table()
        )
        QMessageBox.information(self, "Keyboard shortcuts", f"<table>{rows}</table>")

    @Slot()
    def _open_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file().parent)))

    @Slot()
    def _show_about(self) -> None:
        QMessageBox.about(
            self,
            "About Chainrule",
            f"<h3>Chainrule {__version__}</h3><p>Watch a neural network learn, and understand "
            "why it does.</p><p>MIT licence. Digits: Optical Recognition of Handwritten Digits "
            "(E. Alpaydin, C. Kaynak), as shipped with scikit-learn. Typeface: Inter (SIL OFL)."
            "</p>",
        )
