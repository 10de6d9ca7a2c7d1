"""Asks, once, whether unsaved work is to be saved before the window closes."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.session import Session
from gui.training_files import TrainingFiles
from gui.unsaved import Unsaved


class Leaving(QObject):
    """Lets the window close, or asks first.

    Parameters
    ----------
    session : Session
    files : TrainingFiles
        Saves the training.
    unsaved : Unsaved
        Knows whether there is work to save.
    window : QWidget
        What is closed.
    """

    def __init__(
        self, session: Session, files: TrainingFiles, unsaved: Unsaved, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._files, self._unsaved = session, files, unsaved
        self._window = window
        self._box: QMessageBox | None = None
        self._saving = self._decided = False
        files.saved.connect(self._close_when_saved)
        files.notSaved.connect(self._stay)

    def may_close(self) -> bool:
        """Tell whether nothing is lost by closing; ask a person otherwise, who may close then."""
        if self._decided or not self._unsaved.is_work:
            return True
        if self._box is None:
            self._ask()
        return False

    def _ask(self) -> None:
        epochs = len(self._session.history) if self._session.history is not None else 0
        name = self._files.path.name if self._files.path else "this training"
        box = self._box = QMessageBox(
            QMessageBox.Icon.Question,
            "Save the training?",
            f"Save {name} before you leave?",
            QMessageBox.StandardButton.Save
            | QMessageBox.StandardButton.Discard
            | QMessageBox.StandardButton.Cancel,
            self._window,
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(f"It has learnt for {epochs:,} epochs, which are lost otherwise.")
        box.setDefaultButton(QMessageBox.StandardButton.Save)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._answer)
        box.open()

    @Slot(int)
    def _answer(self, button: int) -> None:
        self._box = None
        if button == QMessageBox.StandardButton.Discard.value:
            self._close()
        elif button == QMessageBox.StandardButton.Save.value:
            self._saving = self._files.save()

    @Slot()
    def _close_when_saved(self) -> None:
        if self._saving:
            self._close()

    @Slot()
    def _stay(self) -> None:
        self._saving = False

    def _close(self) -> None:
        self._decided = True
        self._window.close()
        self._decided = False  # where it stayed open after all, as for a recording
