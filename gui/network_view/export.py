"""What is seen, as a file or on the clipboard."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSaveFile
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

if TYPE_CHECKING:
    from gui.network_view.canvas import NetworkCanvas


def image_of(view: "NetworkCanvas", scale: float) -> QImage:
    """Draw a view, `scale` pixels for each device-independent one."""
    size = view.size()
    image = QImage(
        max(1, round(size.width() * scale)),
        max(1, round(size.height() * scale)),
        QImage.Format.Format_RGB32,
    )
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    view.paint_to(painter)
    painter.end()
    return image


def save_png(view: "NetworkCanvas", path: str | Path, scale: float) -> None:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image_of(view, scale))
    _write(path, buffer)


def save_svg(view: "NetworkCanvas", path: str | Path) -> None:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(view.size())
    generator.setViewBox(QRect(0, 0, view.width(), view.height()))
    generator.setTitle("Neural network")
    painter = QPainter(generator)
    view.paint_to(painter)
    painter.end()
    _write(path, buffer)


def copy(view: "NetworkCanvas") -> None:
    QGuiApplication.clipboard().setImage(image_of(view, 2.0))


def _write(path: str | Path, buffer: QBuffer) -> None:
    """Write a whole file or none."""
    file = QSaveFile(str(path))
    opened = file.open(QIODevice.OpenModeFlag.WriteOnly)
    if not opened or file.write(buffer.data()) < 0 or not file.commit():
        raise OSError(f"could not write {path}: {file.errorString()}")
