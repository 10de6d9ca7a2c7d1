"""Asks how a recording is to be saved, and shows how far it is."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.recording.ffmpeg import Ffmpeg
from gui.recording.film import Film
from gui.recording.saving import Kind, Saving, Wish
from gui.session import Session
from gui.settings import RECORDING, RECORDING_FOLDER

KINDS: dict[Kind, str] = {"gif": "Animated GIF", "mp4": "MP4 video"}
SIZES = {"screen": None, "720p": 1.0, "1080p": 1.5}
"""Pixels for each point of a drawing of 1280 × 720; None is as large as on screen."""
RATES = (10, 15, 25)
THEMES = {"": "As on screen", "dark": "Dark", "light": "Light"}


class SaveRecording(QDialog):
    """One recording, to be saved as often as wished; the window goes on meanwhile."""

    def __init__(self, film: Film, session: Session, ffmpeg: Ffmpeg, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Save the recording")
        self._film = film
        self._session = session
        self._saving: Saving | None = None
        self._path = Path()
        self._ffmpeg = ffmpeg
        self._choices = {
            "kind": _choice("Save as", KINDS),
            "size": _choice("Size", {name: self._size_text(name) for name in SIZES}),
            "rate": _choice("Pictures a second", {rate: str(rate) for rate in RATES}),
            "theme": _choice("Colours", THEMES),
        }
        self._summary, self._message = QLabel(), QLabel()
        self._summary.setProperty("role", "muted")
        self._message.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._save, self._close = QPushButton("Save…"), QPushButton("Close")
        self._save.setDefault(True)
        self._lay_out()
        self._recall()
        self._offer_video()
        self._show_state()
        self._ffmpeg.known.connect(self._offer_video)
        self._save.clicked.connect(self._ask_for_file)
        self._close.clicked.connect(self.reject)
        for choice in self._choices.values():
            choice.currentIndexChanged.connect(self._summarise)

    def _lay_out(self) -> None:
        form = QFormLayout()
        for choice in self._choices.values():
            form.addRow(choice.accessibleName(), choice)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._save)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self._summary)
        column.addWidget(self._bar)
        column.addWidget(self._message)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setMinimumWidth(380)

    # ------------------------------------------------------------ what is chosen

    @property
    def saving(self) -> bool:
        """Whether a file is being written."""
        return self._saving is not None

    @property
    def wish(self) -> Wish:
        """How the recording is to be saved."""
        kind, size, rate, colors = (each.currentData() for each in self._choices.values())
        width, height, ratio = self._dimensions(size)
        return Wish(
            kind,
            width,
            height,
            ratio,
            rate,
            colors or theme.palette().name,
            self._ffmpeg.program,
            self._ffmpeg.codec,
        )

    def _dimensions(self, size: str) -> tuple[int, int, float]:
        """Return width, height and pixels for each; videos need even numbers."""
        ratio, last = SIZES[size], self._film.last
        if ratio is not None or last is None:
            return 1280, 720, ratio or 1.0
        return last.width // 2 * 2, last.height // 2 * 2, 1.0

    def _size_text(self, size: str) -> str:
        width, height, ratio = self._dimensions(size)
        name = "As on screen" if size == "screen" else size
        return f"{name} ({width * ratio:.0f} × {height * ratio:.0f})"

    @Slot()
    def _offer_video(self) -> None:
        """Offer the video only where it can be written, and say why where it cannot."""
        choice = self._choices["kind"]
        row = choice.findData("mp4")
        reason = self._ffmpeg.reason
        choice.setItemText(row, f"{KINDS['mp4']} ({reason})" if reason else KINDS["mp4"])
        cast(QStandardItemModel, choice.model()).item(row).setEnabled(not reason)
        if reason and choice.currentIndex() == row:
            choice.setCurrentIndex(choice.findData("gif"))
        elif not reason and RECORDING["kind"].value == "mp4":
            choice.setCurrentIndex(row)
        self._summarise()

    @Slot()
    def _summarise(self) -> None:
        rate = self.wish.rate
        count = max(1, round(self._film.seconds * rate))
        self._summary.setText(f"{self._film.seconds:.1f} seconds, {count} pictures")

    def _recall(self) -> None:
        """Choose what was chosen the last time."""
        for name, choice in self._choices.items():
            rows = [str(choice.itemData(row)) for row in range(choice.count())]
            choice.setCurrentIndex(rows.index(RECORDING[name].value))

    # ------------------------------------------------------------ saving

    @Slot()
    def _ask_for_file(self) -> None:
        kind = self.wish.kind
        folder = RECORDING_FOLDER.value or QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.MoviesLocation
        )
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "Save the recording", f"{folder}/training.{kind}", f"{KINDS[kind]} (*.{kind})"
        )
        if chosen:
            self.save(Path(chosen))

    def save(self, path: Path) -> None:
        """Write the recording to a file; where it has no ending, it gets one."""
        kind = self.wish.kind
        path = path if path.suffix else path.with_suffix(f".{kind}")
        if path.suffix.lower() != f".{kind}":
            self._tell(f"{KINDS[kind]}s end in .{kind}, and “{path.name}” does not.", "error")
            return
        for name, choice in self._choices.items():
            RECORDING[name].keep(str(choice.currentData()))
        RECORDING_FOLDER.keep(str(path.parent))
        self._path = path
        self._saving = Saving(self._film, self.wish, path, self._session, self)
        self._saving.progressed.connect(self._show_progress)
        self._saving.ended.connect(self._end)
        self._tell("")
        self._bar.setRange(0, 0)
        self._show_state()
        self._saving.start()

    @Slot(int, int)
    def _show_progress(self, done: int, of: int) -> None:
        self._bar.setRange(0, of)
        self._bar.setValue(done)
        self._tell(f"Picture {done} of {of}" if done < of else "Finishing the file …", "muted")

    @Slot(str)
    def _end(self, problem: str) -> None:
        self._saving = None
        self._show_state()
        if problem:
            self._tell(f"{self._path.name} was not written: {problem}.", "error")
            return
        size = self._path.stat().st_size / 1e6
        self._session.noticed.emit(f"Saved {self._path.name} ({size:.1f} MB).")
        self.accept()

    def cancel(self) -> None:
        """Stop saving, if it does; nothing is left of the file."""
        if self._saving is not None:
            self._saving.cancel()
            self._saving = None
            self._show_state()
            self._tell("Cancelled: nothing was written.", "muted")

    def reject(self) -> None:
        """Cancel the saving; or else close."""
        if self.saving:
            self.cancel()
        else:
            super().reject()

    # ------------------------------------------------------------ what is shown

    def _show_state(self) -> None:
        for choice in self._choices.values():
            choice.setEnabled(not self.saving)
        self._save.setEnabled(not self.saving and len(self._film) > 0)
        self._close.setText("Cancel" if self.saving else "Close")
        self._bar.setVisible(self.saving)
        if not len(self._film):
            self._tell("Nothing was recorded: there was nothing to see yet.", "error")

    def _tell(self, text: str, role: str = "muted") -> None:
        if self._message.property("role") != role:
            self._message.setProperty("role", role)
            self._message.style().polish(self._message)
        self._message.setText(text)


def _choice(name: str, entries: "dict") -> QComboBox:
    choice = QComboBox()
    choice.setAccessibleName(name)
    choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for value, text in entries.items():
        choice.addItem(text, value)
    return choice
