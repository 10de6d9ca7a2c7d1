"""Writes drawings to a file behind the window's back."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from engine.digits.drawings import Drawing, load_drawings, save_drawings
from engine.files import FileError, NotOpenedError

log = logging.getLogger(__name__)


class Keeper:
    """Keeps the newest of what it is given in one file; nobody waits for it.

    Each writing replaces the file whole. The thread that writes ends when there is nothing
    newer to write, and the program does not end before it.

    Parameters
    ----------
    path : Path
        The file; its folder is made when there is something to write.

    Attributes
    ----------
    problem : str
        Why the last writing failed; empty where it did not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        self._newest: Sequence[Drawing] | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether something is still being written."""
        return self._thread is not None and self._thread.is_alive()

    def save(self, drawings: Sequence[Drawing]) -> None:
        """Write these soon, unless newer ones come before."""
        with self._lock:
            self._newest = drawings
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="drawings")
                self._thread.start()

    def load(self) -> tuple[Drawing, ...]:
        """Return what was kept, nothing if there is nothing.

        A damaged file is put aside, so that it is not overwritten.

        Raises
        ------
        FileError
            When the file cannot be read; the message is for people.
        """
        if not self.path.exists():
            return ()
        try:
            return load_drawings(self.path)
        except NotOpenedError:
            raise  # what it holds may be as it should be
        except FileError:
            self.path.replace(self.path.with_stem(self.path.stem + "-damaged"))
            raise

    def _work(self) -> None:
        while (drawings := self._take()) is not None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                save_drawings(self.path, drawings)
                self.problem = ""
            except OSError as error:
                log.exception("cannot keep the drawings")
                self.problem = f"{error.strerror or error}: {self.path}"

    def _take(self) -> Sequence[Drawing] | None:
        with self._lock:
            drawings, self._newest = self._newest, None
            if drawings is None:
                self._thread = None
            return drawings
