"""What the Help menu opens."""

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.version import __version__
from gui.actions import shortcuts
from gui.reporting import log_file

ABOUT = (
    f"<h3>Chainrule {__version__}</h3><p>Watch a neural network learn, and understand "
    "why it does.</p><p>MIT licence. Digits: Optical Recognition of Handwritten Digits "
    "(E. Alpaydin, C. Kaynak), as shipped with scikit-learn. Typeface: Inter (SIL OFL)."
    "</p>"
)


class Help(QObject):
    """Shows what the Help menu offers, above a window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    @Slot()
    def show_shortcuts(self) -> None:
        rows = "".join(
            f"<tr><td><b>{keys}</b></td><td style='padding-left:16px'>{does}</td></tr>"
            for keys, does in shortcuts()
        )
        QMessageBox.information(self._window, "Keyboard shortcuts", f"<table>{rows}</table>")

    @Slot()
    def open_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file().parent)))

    @Slot()
    def show_about(self) -> None:
        QMessageBox.about(self._window, "About Chainrule", ABOUT)
