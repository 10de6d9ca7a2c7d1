"""Joins the recording to the window: a button, a menu, a shortcut, and the dialog after it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox, QToolButton, QWidget

from gui import theme
from gui.network_view import NetworkView
from gui.own_fonts import give_font
from gui.recording.recorder import MOST_SECONDS, Length, Recorder
from gui.session import Session

if TYPE_CHECKING:
    from gui.recording.dialog import SaveRecording
    from gui.recording.ffmpeg import Ffmpeg

LENGTHS = {
    "10 seconds": Length(seconds=10),
    "30 seconds": Length(seconds=30),
    "10 epochs": Length(epochs=10),
    "100 epochs": Length(epochs=100),
}


class RecordingControl(QObject):
    """Starts and stops recordings of a view.

    Parameters
    ----------
    window : QWidget
        Above which the dialog stands.
    view : NetworkView
        What is recorded; its bar gets the button.
    session : Session
        Whose training it is.
    action : QAction
        Starts and stops.
    """

    def __init__(
        self, window: QWidget, view: NetworkView, session: Session, action: QAction
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._bar = view.bar
        self._action = action
        self._dialog: SaveRecording | None = None
        self._shown = False
        self.recorder = Recorder(view, session, self)
        self._ffmpeg: Ffmpeg | None = None
        self.lengths = self._length_menu()
        self.again = QAction("Save the last re&cording…", self, enabled=False)
        self.again.triggered.connect(self._open_dialog)
        self._button = QToolButton()
        self._button.setDefaultAction(action)
        self._button.setProperty("quiet", True)
        give_font(self._button, 9, tabular=True)
        self._bar.offer(self._button, [action, self.lengths.menuAction(), self.again])
        self.recorder.changed.connect(self._show_state)
        self.recorder.stopped.connect(self._stopped)
        self.dress()

    def _length_menu(self) -> QMenu:
        menu = QMenu("Record the &next", self._window)
        for text, length in LENGTHS.items():
            menu.addAction(text).triggered.connect(partial(self.start, length))
        menu.addSeparator()
        menu.addAction("Other seconds…").triggered.connect(self._ask_for_seconds)
        menu.addAction("Other epochs…").triggered.connect(self._ask_for_epochs)
        return menu

    # ------------------------------------------------------------ start and stop

    @Slot()
    def toggle(self) -> None:
        """Start recording, or stop."""
        if self.recorder.recording:
            self.recorder.stop()
        else:
            self.start(Length())

    def start(self, length: Length, _checked: bool = False) -> None:
        """Record until it is stopped, or for a while; the training is started for epochs."""
        if self._dialog is not None:
            self._dialog.activateWindow()
            self._session.noticed.emit("Save the last recording, or close it, before the next.")
            return
        self.recorder.start(length)
        self._look_for_ffmpeg()
        if length.epochs is not None and not self._session.running:
            self._session.play()

    def _look_for_ffmpeg(self) -> None:
        from gui.recording.ffmpeg import Ffmpeg  # not needed to start

        if self._ffmpeg is None:
            self._ffmpeg = Ffmpeg(self)
        self._ffmpeg.look()

    @Slot()
    def _ask_for_seconds(self) -> None:
        most = int(MOST_SECONDS)
        number, sure = QInputDialog.getInt(
            self._window, "Record", "Seconds to record:", 20, 1, most
        )
        if sure:
            self.start(Length(seconds=number))

    @Slot()
    def _ask_for_epochs(self) -> None:
        number, sure = QInputDialog.getInt(
            self._window, "Record", "Epochs to record:", 50, 1, 1_000_000
        )
        if sure:
            self.start(Length(epochs=number))

    @Slot(str)
    def _stopped(self, why: str) -> None:
        self._show_state()
        self.again.setEnabled(True)
        if why:
            self._session.noticed.emit(f"Recording stopped. {why}")
        self._open_dialog()

    @Slot()
    def _open_dialog(self) -> None:
        from gui.recording.dialog import SaveRecording  # not needed to start

        film = self.recorder.film
        if film is None or self._dialog is not None or self.recorder.recording:
            return
        assert self._ffmpeg is not None
        self._dialog = SaveRecording(film, self._session, self._ffmpeg, self._window)
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.finished.connect(self._forget_dialog)
        self._dialog.show()

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None

    def may_close(self) -> bool:
        """Ask whether the window may close while something is not saved; False is to stay."""
        if not self.recorder.recording and self._dialog is None:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "A recording is not saved",
            "A recording is not saved yet. Close the window and lose it?",
            buttons.Discard | buttons.Cancel,
            buttons.Cancel,
        )
        return answer == buttons.Discard

    def close(self) -> None:
        """Stop whatever goes on; nothing half written is left."""
        self.recorder.discard()
        if self._ffmpeg is not None:
            self._ffmpeg.stop()
        if self._dialog is not None:
            self._dialog.cancel()
            self._dialog.reject()

    # ------------------------------------------------------------ what is shown

    def dress(self) -> None:
        """Draw the icon in the colours of the theme."""
        self._button.setIconSize(self._bar.icon_size)
        self._show_recording(self.recorder.recording)

    @Slot()
    def _show_state(self) -> None:
        """Say that it records, for how long, and how many pictures there are."""
        film, recording = self.recorder.film, self.recorder.recording
        if recording != self._shown:
            self._show_recording(recording)
        if recording and film is not None:
            minutes, seconds = divmod(int(film.seconds), 60)
            self._action.setIconText(f"{minutes}:{seconds:02} · {len(film)} pictures")
            if self._button.width() < self._button.sizeHint().width():
                self._bar.place()

    def _show_recording(self, recording: bool) -> None:
        """Let button and menus say what a press does now."""
        self._shown = recording
        styles = Qt.ToolButtonStyle
        style = styles.ToolButtonTextBesideIcon if recording else styles.ToolButtonIconOnly
        self._button.setToolButtonStyle(style)
        self._action.setText("Stop &recording" if recording else "&Record the training")
        self._action.setIcon(theme.icon("stop" if recording else "record", "error"))
        self._bar.place()
