"""Asks how large a picture is to be saved, and saves it."""

from pathlib import Path

from PySide6.QtCore import QObject, QSize, QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.files import name_of
from gui.export import FileWriter, Paint, painted, picture

KINDS = {"png": "Picture (PNG)", "svg": "Scalable picture (SVG)"}
USUAL_SCALE = 2.0
MOST_PIXELS = 8_000
"""Of the longer side: a larger picture takes hundreds of megabytes, and little can show it."""


class SavePicture(QDialog):
    """One picture of a part of the window, as PNG at any scale or as SVG.

    Parameters
    ----------
    size : QSize
        Of the picture on screen.
    paint : callable
        Draws it with any painter.
    title : str
        What it shows; also the name of the file that is proposed.

    Signals
    -------
    saved(str)
        It is written, in words.
    """

    saved = Signal(str)

    def __init__(self, size: QSize, paint: Paint, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Save a picture: {title.lower()}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._size, self._paint, self._title = size, paint, title
        self._kind = QComboBox()
        for kind, text in KINDS.items():
            self._kind.addItem(text, kind)
        self._scale = QDoubleSpinBox(singleStep=0.5, decimals=1, suffix=" ×")
        self._scale.setRange(0.5, max(1.0, MOST_PIXELS / max(size.width(), size.height())))
        self._scale.setValue(USUAL_SCALE)
        self._pixels, self._problem = QLabel(), QLabel()
        self._pixels.setProperty("role", "muted")
        self._problem.setProperty("role", "error")
        self._problem.setWordWrap(True)
        self._save, close = QPushButton("Save…"), QPushButton("Close")
        self._lay_out(close)
        self._kind.currentIndexChanged.connect(self._show_pixels)
        self._scale.valueChanged.connect(self._show_pixels)
        self._save.clicked.connect(self._ask_for_file)
        close.clicked.connect(self.reject)
        self._show_pixels()

    def _lay_out(self, close: QPushButton) -> None:
        form = QFormLayout()
        form.addRow("Save as", self._kind)
        form.addRow("Scale", self._scale)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._save)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self._pixels)
        column.addWidget(self._problem)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setMinimumWidth(360)

    @Slot()
    def _show_pixels(self) -> None:
        scaled = self._kind.currentData() == "png"
        self._scale.setEnabled(scaled)
        size = self._size * self._scale.value()
        pixels = f"{size.width()} × {size.height()} pixels"
        self._pixels.setText(pixels if scaled else "Sharp at any size")
        self._problem.setVisible(bool(self._problem.text()))

    @Slot()
    def _ask_for_file(self) -> None:
        kind = self._kind.currentData()
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        name = str(Path(folder) / f"{self._title.lower()}.{kind}")
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "Save the picture", name, f"{KINDS[kind]} (*.{kind})"
        )
        if chosen:
            self.save(Path(chosen))

    def save(self, path: Path) -> None:
        """Write the file, with the ending of its kind; say so, or why not."""
        kind = self._kind.currentData()
        path = path if path.suffix.lower() == f".{kind}" else Path(f"{path}.{kind}")
        write = painted(path, self._size, self._paint, self._title, self._scale.value())
        self._save.setEnabled(False)
        writer = FileWriter(path, write, self.parent())
        writer.finished.connect(self._finish)
        writer.start()

    @Slot(Path, str)
    def _finish(self, path: Path, problem: str) -> None:
        self._save.setEnabled(True)
        if problem:
            self._problem.setText(f"{name_of(path)} cannot be written: {problem}.")
            self._show_pixels()
            return
        self.saved.emit(f"Saved {name_of(path)}.")
        self.accept()


class PictureActions(QObject):
    """Copies or saves what a widget shows: the same two actions wherever there is a picture.

    Attributes
    ----------
    copy, save : QAction
        To be put into a menu.

    Signals
    -------
    told(str)
        What has been done.
    """

    told = Signal(str)

    def __init__(self, widget: QWidget, paint: Paint, title: str) -> None:
        super().__init__(widget)
        self._widget, self._paint, self._title = widget, paint, title
        self.copy, self.save = QAction("&Copy picture", self), QAction("&Save picture…", self)
        self.copy.triggered.connect(self._copy)
        self.save.triggered.connect(self._open_dialog)

    @Slot()
    def _copy(self) -> None:
        image = picture(self._widget.size(), self._paint, USUAL_SCALE)
        QGuiApplication.clipboard().setImage(image)
        self.told.emit(f"Copied a picture: {self._title.lower()}.")

    @Slot()
    def _open_dialog(self) -> None:
        window = self._widget.window()
        dialog = SavePicture(self._widget.size(), self._paint, self._title, window)
        dialog.saved.connect(self.told)
        dialog.show()
