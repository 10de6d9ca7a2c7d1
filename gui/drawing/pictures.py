"""Pictures of digits from files, and drawings as pictures."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter

from engine.files import FileError, FlawError, name_of, open_file, reading
from gui import export
from gui.drawing.ink import fitted, paint_strokes
from gui.drawing.sketch import Stroke

LARGEST = 1024  # pixels of the longer side that a picture is read with
MOST_BYTES = 50_000_000
MOST_PIXELS = 20_000_000
"""Of a picture that is read whole before it is made smaller: at most eight bytes each."""
MOST_JPEG_PIXELS = 60_000_000
"""Of one that is made smaller while it is read; as many as a telephone takes."""
ADVICE = "Choose another PNG or JPEG"
MARGIN = 0.14
ENDINGS = ("png", "jpg", "jpeg", "bmp", "gif", "webp")
FILTER = f"Pictures ({' '.join('*.' + ending for ending in ENDINGS)})"


@dataclass(frozen=True, eq=False)
class Traced:
    """The strokes of a picture, or why there are none, as a sentence for people."""

    strokes: tuple[Stroke, ...] = ()
    complaint: str = ""


def trace(source: Path | QImage) -> Traced:
    """Find the digit in a picture; may be called in any thread.

    Never raises: whatever is wrong with the picture is in the answer's complaint.
    """
    try:
        return _traced(source)
    except FileError as error:
        return Traced(complaint=f"{error}.")


def _traced(source: Path | QImage) -> Traced:
    from engine.digits.tracing import strokes_of  # SciPy is slow to start

    named = source if isinstance(source, Path) else Path("The picture")
    name = name_of(named)
    image = read_picture(source) if isinstance(source, Path) else source
    with reading(named, "a picture that can be used"):
        if image.isNull():
            return Traced(complaint=f"{name} is empty.")
        strokes = strokes_of(grey(image))
        if not strokes:
            return Traced(
                complaint=f"{name} shows nothing that stands out: it takes a digit, dark on light "
                "or light on dark. Choose another picture, or crop this one to the digit."
            )
        return Traced(fitted(strokes, MARGIN))


def read_picture(path: Path) -> QImage:
    """Read a picture file, upright and not larger than needed.

    Raises
    ------
    FileError
        When it cannot be read, or would take too much memory.
    """
    with reading(path, "a picture", ADVICE), open_file(path, MOST_BYTES) as file:
        data = QByteArray(file.read())
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
        reader.setAutoTransform(True)  # photographs know which way is up
        reader.setDecideFormatFromContent(True)
        size, kind = reader.size(), bytes(reader.format().data()).decode()
        if kind not in ENDINGS or not size.isValid():
            raise FlawError("cannot be read: it is no picture of these kinds, or damaged")
        pixels = size.width() * size.height()
        if pixels > (MOST_JPEG_PIXELS if kind in ("jpg", "jpeg") else MOST_PIXELS):
            raise FlawError(f"has too many pixels: {size.width():,} × {size.height():,}")
        if max(size.width(), size.height()) > LARGEST:
            smaller = size.scaled(QSize(LARGEST, LARGEST), Qt.AspectRatioMode.KeepAspectRatio)
            reader.setScaledSize(smaller.expandedTo(QSize(1, 1)))
        image = reader.read()
        if image.isNull():
            raise FlawError("cannot be read: it is damaged")
        return image


def grey(image: QImage) -> np.ndarray:
    """Return a picture's brightness, (height, width), 0 to 255; what is clear is paper."""
    if max(image.width(), image.height()) > LARGEST:
        image = image.scaled(
            LARGEST,
            LARGEST,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    if image.hasAlphaChannel():
        image = on_paper(image)
    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def on_paper(image: QImage) -> QImage:
    """Lay a picture with clear parts on paper: white, unless its ink is white itself."""
    pixels = image.convertToFormat(QImage.Format.Format_RGBA8888)
    values = np.frombuffer(pixels.constBits(), np.uint8).reshape(-1, 4).astype(np.float64)
    weight = values[:, 3].sum()
    lightness = (values[:, :3].mean(axis=1) * values[:, 3]).sum() / weight if weight else 0.0
    paper = QImage(image.size(), QImage.Format.Format_RGB32)
    paper.fill(QColor("black" if lightness > 160 else "white"))
    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()
    return paper


def save_picture(
    path: Path, strokes: tuple[Stroke, ...], pen_width: float, side: int = 512
) -> None:
    """Write a drawing, black on white, `side` pixels square, in the format that the path ends in.

    Raises
    ------
    OSError
        When it cannot be written; a file that was there is then untouched.
    """
    image = QImage(side, side, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_strokes(painter, strokes, side, side * pen_width, QColor("black"))
    painter.end()
    export.write_image(path, image)
