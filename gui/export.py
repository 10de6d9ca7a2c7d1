"""Pictures and tables of what the window shows, written to files."""

import errno
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QObject,
    QRect,
    QSize,
    QTimer,
    Signal,
)
from PySide6.QtGui import QImage, QPaintDevice, QPainter, QPicture
from PySide6.QtSvg import QSvgGenerator

from engine.files import name_of, reason_of, short, writing
from engine.history import COLUMNS, History

Paint = Callable[[QPainter], None]

ROWS_AT_A_TIME = 500


def picture(size: QSize, paint: Paint, ratio: float = 2.0) -> QImage:
    """Return what `paint` draws on `size` logical pixels, `ratio` device pixels each."""
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    _paint_on(image, paint)
    return image


def svg(size: QSize, paint: Paint, title: str) -> bytes:
    """Return the same as scalable vector graphics."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    _paint_on(generator, paint)
    buffer.close()
    return bytes(data.data())


def _paint_on(device: QPaintDevice, paint: Paint) -> None:
    painter = QPainter(device)
    try:
        paint(painter)
    finally:
        painter.end()


def painted(
    path: Path, size: QSize, paint: Paint, title: str, ratio: float = 2.0
) -> Callable[[], None]:
    """Paint a picture, and return what writes it to a file, in any thread.

    It is SVG or, by the path's ending, PNG of `ratio` pixels for each. What writes it raises
    OSError when it cannot; a file that was there is then untouched.
    """
    if path.suffix.lower() == ".svg":
        return partial(write, path, svg(size, paint, title))
    drawn = QPicture()  # what is painted, as commands: to carry them out takes far longer
    _paint_on(drawn, paint)
    return partial(_write_drawn, path, size, drawn, ratio)


def _write_drawn(path: Path, size: QSize, drawn: QPicture, ratio: float) -> None:
    write_image(path, picture(size, lambda painter: painter.drawPicture(0, 0, drawn), ratio))


class FileWriter(QObject):
    """Writes a file in a thread of its own: a large picture takes longer than a frame.

    Parameters
    ----------
    path : Path
    write : callable
        Writes it; raises OSError where it cannot.

    Signals
    -------
    finished(Path, str)
        The file, and what went wrong, in a few words; empty when it is written. To be connected
        to a slot of a QObject: anything else would be called in the other thread.
    """

    finished = Signal(Path, str)

    def __init__(self, path: Path, write: Callable[[], None], parent: QObject | None) -> None:
        super().__init__(parent)
        self._path, self._write = path, write

    def start(self) -> None:
        """Go to work; the program does not end before it is done."""
        self.finished.connect(self.deleteLater)  # the last to hear of it, or others would not
        threading.Thread(target=self._work, name="picture").start()

    def _work(self) -> None:
        problem = ""
        try:
            self._write()
        except OSError as error:
            problem = reason_of(error)
        with suppress(RuntimeError):  # the window has gone meanwhile
            self.finished.emit(self._path, problem)


def write_image(path: Path, image: QImage) -> None:
    """Write a picture in the format that its path ends in, whole or not at all.

    Raises
    ------
    OSError
        When it cannot be written; a file that was there is then untouched.
    """
    kind = path.suffix.removeprefix(".").upper() or "PNG"
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, kind):  # type: ignore[call-overload]
        raise OSError(errno.EINVAL, f"there is no writing pictures as {short(kind, 20)}")
    write(path, bytes(data.data()))


def csv_lines(history: History) -> Iterator[str]:
    """Yield the whole history as text, a few hundred epochs at a time, names first."""
    yield ",".join(COLUMNS) + "\n"
    end = len(history)
    for start in range(0, end, ROWS_AT_A_TIME):
        rows = slice(start, min(start + ROWS_AT_A_TIME, end))
        table = np.stack([history[column][rows] for column in COLUMNS], axis=1).tolist()
        yield "".join(",".join(map(_cell, row)) + "\n" for row in table)


def _cell(value: float) -> str:
    return "" if value != value else repr(value).removesuffix(".0")


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; raise OSError where it cannot be written."""
    with writing(path) as unfinished:
        unfinished.write_bytes(data)


def written_csv(path: Path, history: History) -> Iterator[None]:
    """Write the whole history to a file, a part at each step; the file is there at the end."""
    with writing(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        for text in csv_lines(history):
            file.write(text)
            yield


class CsvWriter(QObject):
    """Writes a history to a file between two frames, however long it is.

    Signals
    -------
    finished(str, str)
        The file's name; and what went wrong, empty when it is written.
    """

    finished = Signal(str, str)

    def __init__(self, path: Path, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name_of(path)
        self._work = written_csv(path, history)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._write_some)

    def start(self) -> None:
        """Go to work whenever the event loop is idle."""
        self._timer.start()

    def _write_some(self) -> None:
        try:
            next(self._work)
        except StopIteration:
            self._finish("")
        except OSError as error:
            self._finish(reason_of(error))

    def _finish(self, problem: str) -> None:
        self._timer.stop()
        self.finished.emit(self._name, problem)
        self.deleteLater()
