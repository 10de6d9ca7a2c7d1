"""One click puts the trained network on screen, another goes back to the training."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.panel_parts import SmallButton
from gui.session import Session


class TrainedButton(SmallButton):
    """Swaps the network in training for the one that comes with the program, and back."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setCheckable(True)
        self.clicked.connect(self._swap)
        session.trainedChanged.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say what a click does now."""
        trained = self._session.trained
        self.setChecked(trained)
        self.setText("Back to training" if trained else "Trained network")
        self.setToolTip(
            "Go on with the network in training, exactly where it was"
            if trained
            else "Put the network on screen that comes with the program, trained to the end; "
            "yours waits exactly where it is"
        )

    @Slot()
    def _swap(self) -> None:
        if self._session.trained:
            self._session.show_training()
        else:
            self._session.show_trained()
        self.refresh()
