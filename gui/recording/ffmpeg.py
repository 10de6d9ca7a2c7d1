"""Whether videos can be written here: is ffmpeg installed, and what does it encode?"""

import shutil

from PySide6.QtCore import QObject, QProcess, Signal, Slot

from gui.recording.mp4 import LIST_ENCODERS, best_codec


class Ffmpeg(QObject):
    """Looks for the program, and asks it for its encoders while the window goes on.

    Attributes
    ----------
    program, codec : str
        Where it is and what writes the video; empty where there is none.
    reason : str
        Why there is none; empty where there is.

    Signals
    -------
    known
        It has answered.
    """

    known = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.program = self.codec = ""
        self.reason = "needs the program ffmpeg"
        self._process = QProcess(self)
        self._process.finished.connect(self._read)

    def look(self) -> None:
        """Look for it, unless it is known or has been asked."""
        running = self._process.state() != QProcess.ProcessState.NotRunning
        self.program = shutil.which("ffmpeg") or ""
        if self.program and not self.codec and not running:
            self.reason = "looking for ffmpeg"
            self._process.start(self.program, LIST_ENCODERS)

    def stop(self) -> None:
        """Wait for no answer any more."""
        self._process.blockSignals(True)
        self._process.kill()
        self._process.waitForFinished(1000)

    @Slot()
    def _read(self) -> None:
        self.codec = best_codec(bytes(self._process.readAllStandardOutput().data()).decode())
        self.reason = "" if self.codec else "needs an ffmpeg that encodes H.264 or MPEG-4"
        self.known.emit()
