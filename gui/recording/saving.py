"""Paints a film between the window's frames, and has it encoded meanwhile."""

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui import theme
from gui.network_view.look import Moment
from gui.recording.encoding import Encoding, Writer
from gui.recording.film import Film
from gui.recording.projector import Projector
from gui.session import Session

Kind = Literal["gif", "mp4"]
TURN = 16  # milliseconds from one turn of painting to the next
PATIENCE = 2.0  # seconds until a writer that hangs is left to itself
SHARE = 0.006  # seconds of painting in a turn: the rest is the window's


@dataclass(frozen=True)
class Wish:
    """How a film is to be saved.

    Attributes
    ----------
    kind : {'gif', 'mp4'}
        What file is written.
    width, height : int
        Of the drawing, in device-independent pixels.
    ratio : float
        Pixels for each of those.
    rate : int
        Pictures a second.
    theme : {'dark', 'light'}
        In which colours.
    program, codec : str
        Where ffmpeg is, and which of its encoders writes the video.
    """

    kind: Kind
    width: int
    height: int
    ratio: float
    rate: int
    theme: theme.ThemeName
    program: str = ""
    codec: str = ""

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the pictures."""
        return round(self.width * self.ratio), round(self.height * self.ratio)

    def writer(self, path: Path) -> Writer:
        """Return what writes the file; called in the thread that encodes."""
        if self.kind == "mp4":
            from gui.recording.mp4 import Mp4Writer

            return Mp4Writer(path, *self.pixels, self.rate, self.program, self.codec)
        from gui.recording.gif import GifWriter  # Pillow is needed by nothing else

        return GifWriter(path, *self.pixels, self.rate)


class Saving(QObject):
    """Saves a film; the training and the window go on meanwhile.

    Signals
    -------
    progressed(int, int)
        So many of so many pictures are painted.
    ended(str)
        It is saved; or what went wrong.
    """

    progressed = Signal(int, int)
    ended = Signal(str)

    def __init__(
        self, film: Film, wish: Wish, path: Path, session: Session, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._pictures = list(film.pictures(wish.rate))
        self._projector = Projector(wish.width, wish.height, wish.ratio, wish.theme)
        self._encoding = Encoding(path, wish.writer)
        self._work = self._paint_all()
        self._timer = QTimer(self)
        self._timer.setInterval(TURN)
        self._timer.timeout.connect(self._take_turn)

    def start(self) -> None:
        self._encoding.start()
        self._timer.start()

    def cancel(self) -> None:
        """Stop, and leave nothing behind; nothing is emitted."""
        self._timer.stop()
        self._encoding.cancel()
        self._encoding.join(PATIENCE)

    @Slot()
    def _take_turn(self) -> None:
        if not self._encoding.is_alive():
            self._timer.stop()
            self._encoding.join()
            self.ended.emit(self._encoding.problem)
        elif self._encoding.ready:
            self._session.hold()  # else the two would fight for the interpreter
            try:
                until = time.perf_counter() + SHARE
                while self._encoding.ready and time.perf_counter() < until:
                    if next(self._work, False) is False:
                        return
            finally:
                self._session.release()

    def _paint_all(self) -> Iterator[bool]:
        """Paint and hand over all pictures; what is yielded between is True."""
        samples = []
        for moment in self._samples(self._encoding.samples or 0):
            samples.append((yield from self._painted(moment)))
        self._encoding.look_over(samples)
        for number, (moment, count) in enumerate(self._pictures):
            picture = yield from self._painted(moment)
            while not self._encoding.ready:
                yield True
            self._encoding.add(picture, count)
            self.progressed.emit(number + 1, len(self._pictures))
        while not self._encoding.ready:
            yield True
        self._encoding.finish()

    def _samples(self, count: int) -> list[Moment]:
        """Return moments from all over the film."""
        last = len(self._pictures) - 1
        chosen = {round(last * each / max(count - 1, 1)) for each in range(count)}
        return [self._pictures[number][0] for number in sorted(chosen)]

    def _painted(self, moment: Moment) -> Generator[bool, None, bytes]:
        """Paint a moment over as many turns as it takes; returns its pixels."""
        while (picture := self._projector.paint(moment)) is None:
            yield True
        yield True
        return picture
