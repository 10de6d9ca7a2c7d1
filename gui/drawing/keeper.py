"""Writes drawings to a file behind the window's back."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from engine.digits.drawings import Drawing, load_drawings, save_drawings
from engine.files import FileError, NotOpenedError, reason_of
from engine.locks import locked

log = logging.getLogger(__name__)


class Keeper:
    """Keeps the newest of what it is given in one file; nobody waits for it.

    Each writing replaces the file whole. Where another program has written it since, only what
    has changed here is changed there: the drawings of both are kept. The thread that writes ends
    when there is nothing newer to write.

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
        self._kept: Sequence[Drawing] = ()  # ours, as they were when the file last took them up
        self._stamp: tuple[int, ...] | None = None  # tells whether the file is as we left it

    @property
    def busy(self) -> bool:
        """Whether something is still being written."""
        return self._thread is not None and self._thread.is_alive()

    def save(self, drawings: Sequence[Drawing]) -> None:
        """Write these soon, unless newer ones come before."""
        with self._lock:
            self._newest = drawings
            if self._thread is None:
                # The program ends without it where it hangs; see `gui.app.leave`.
                self._thread = threading.Thread(target=self._work, name="drawings", daemon=True)
                self._thread.start()

    def load(self) -> tuple[Drawing, ...]:
        """Return what was kept, nothing if there is nothing.

        A damaged file is put aside, so that it is not overwritten.

        Raises
        ------
        FileError
            When the file cannot be read; the message is for people.
        """
        stamp = _stamp(self.path)
        if stamp is None:
            return ()
        try:
            drawings = load_drawings(self.path)
        except NotOpenedError:
            raise  # what it holds may be as it should be
        except FileError:
            self._put_aside()
            raise
        self._kept, self._stamp = drawings, stamp
        return drawings

    def _put_aside(self) -> None:
        self.path.replace(self.path.with_stem(self.path.stem + "-damaged"))

    # ------------------------------------------------------------ in the thread

    def _work(self) -> None:
        while (drawings := self._take()) is not None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with locked(self.path):
                    self._write(drawings)
                self.problem = ""
            except Exception as error:  # whatever it is, the window says so
                log.exception("cannot keep the drawings")
                self.problem = f"{reason_of(error)}: {self.path}"

    def _write(self, drawings: Sequence[Drawing]) -> None:
        theirs = self._theirs()
        save_drawings(
            self.path, drawings if theirs is None else merged(self._kept, drawings, theirs)
        )
        self._kept, self._stamp = drawings, _stamp(self.path)

    def _theirs(self) -> Sequence[Drawing] | None:
        """Return what stands in the file, where another program has written it since."""
        stamp = _stamp(self.path)
        if stamp is None or stamp == self._stamp:
            return None
        try:
            return load_drawings(self.path)
        except ValueError:
            log.warning("the drawings were damaged by another program, and are put aside")
            self._put_aside()
            return None

    def _take(self) -> Sequence[Drawing] | None:
        with self._lock:
            drawings, self._newest = self._newest, None
            if drawings is None:
                self._thread = None
            return drawings


def merged(
    before: Sequence[Drawing], now: Sequence[Drawing], theirs: Sequence[Drawing]
) -> list[Drawing]:
    """Do to the drawings of another program what was done to ours: added, labelled, removed.

    Parameters
    ----------
    before, now : sequence of Drawing
        Ours.
    theirs : sequence of Drawing
        What stands in the file by now.
    """
    labels = {each.trail: each.label for each in before}
    ours = {each.trail: each for each in now}
    changed = {
        trail: each
        for trail, each in ours.items()
        if trail not in labels or labels[trail] != each.label
    }
    there = {each.trail for each in theirs}
    removed = labels.keys() - ours.keys()
    added = [each for trail, each in changed.items() if trail not in there]
    left = [changed.get(each.trail, each) for each in theirs if each.trail not in removed]
    return added + left


def _stamp(path: Path) -> tuple[int, ...] | None:
    """Return what changes when a file does; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
