"""Pictures of digits from files, and drawings as pictures."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter

from gui.drawing.ink import fitted, paint_strokes
from gui.drawing.sketch import Stroke

LARGEST = 1024  # pixels of the longer side that a picture is read with
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
    from engine.digits.tracing import strokes_of  # SciPy is slow to start

    name = source.name if isinstance(source, Path) else "The picture"
    image = source
    if isinstance(image, Path):
        image, error = read_picture(image)
        if image.isNull():
            return Traced(complaint=f"{name} cannot be read: {error}. Choose another PNG or JPEG.")
    if image.isNull():
        return Traced(complaint=f"{name} is empty.")
    strokes = strokes_of(grey(image))
    if not strokes:
        return Traced(
            complaint=f"{name} shows nothing that stands out: it takes a digit, dark on light "
            "or light on dark. Choose another picture, or crop this one to the digit."
        )
    return Traced(fitted(strokes, MARGIN))


def read_picture(path: Path) -> tuple[QImage, str]:
    """Read a picture file, upright and not larger than needed; a null image says why not."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)  # photographs know which way is up
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if max(size.width(), size.height()) > LARGEST:
        smaller = size.scaled(QSize(LARGEST, LARGEST), Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(smaller.expandedTo(QSize(1, 1)))
    image = reader.read()
    if not path.exists():
        return image, "there is no such file"
    if path.is_dir():
        return image, "it is a folder"
    if image.isNull() and size.width() * size.height() * 4 > reader.allocationLimit() << 20:
        return image, f"its {size.width():,} × {size.height():,} pixels are too many"
    return image, reader.errorString().rstrip(".").lower()


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
) -> bool:
    """Write a drawing, black on white, `side` pixels square, in the format that the path ends in.

    Returns
    -------
    bool
        Whether it could be written.
    """
    image = QImage(side, side, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_strokes(painter, strokes, side, side * pen_width, QColor("black"))
    painter.end()
    return image.save(str(path))
