"""Writes MP4 videos through the program ffmpeg, where it is installed. No Qt in it."""

import errno
import logging
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

REASONS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)
"""What systems refuse a file for, in the words that ffmpeg passes on."""
LEAST_ROOM = 100_000
"""Bytes; with fewer the disk counts as full."""

CODECS = {
    "libx264": ("-preset", "veryfast", "-crf", "18"),
    "libopenh264": ("-b:v", "8M"),
    "mpeg4": ("-q:v", "3"),
}
"""Encoders by preference, with what asks them for thin lines that stay sharp."""
LIST_ENCODERS = ("-hide_banner", "-v", "error", "-encoders")


def best_codec(listed: str) -> str:
    r"""Return the encoder to use, of those that ``ffmpeg -encoders`` lists; '' for none.

    >>> best_codec(" V....D mpeg4   MPEG-4 part 2\n V....D libx264   H.264")
    'libx264'
    >>> best_codec(" V....D gif   GIF")
    ''
    """
    known = {words[1] for words in map(str.split, listed.splitlines()) if len(words) > 1}
    return next((codec for codec in CODECS if codec in known), "")


class Mp4Writer:
    """A video that every player and slide shows.

    Parameters
    ----------
    path : Path
        The file; it is overwritten.
    width, height : int
        In pixels, even.
    rate : int
        Pictures a second.
    program, codec : str
        Where ffmpeg is, and which of its encoders to use.
    """

    samples = 0

    def __init__(
        self, path: Path, width: int, height: int, rate: int, program: str, codec: str
    ) -> None:
        self._path = path
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (closed in `release`)
        pictures = ("-f", "rawvideo", "-pix_fmt", "bgr0", "-s", f"{width}x{height}")
        self._process = subprocess.Popen(
            [
                *(program, "-hide_banner", "-v", "error", "-nostdin", "-y"),
                *(*pictures, "-r", str(rate), "-i", "pipe:0", "-an"),
                *("-c:v", codec, *CODECS[codec], "-pix_fmt", "yuv420p"),
                *("-movflags", "+faststart", "-f", "mp4", str(path)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def look_over(self, pictures: list[bytes]) -> None:
        """Do nothing: a video has all colours."""

    def write(self, picture: bytes, count: int) -> None:
        """Write a picture `count` times."""
        assert self._process.stdin is not None
        try:
            for _ in range(count):
                self._process.stdin.write(picture)
        except BrokenPipeError:
            self._fail()

    def close(self) -> None:
        """Let ffmpeg finish the file."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            self._fail()
        if self._process.wait():
            self._fail()

    def _fail(self) -> None:
        """Say why, in words that people know; what ffmpeg says itself is for the log."""
        self._process.wait()
        self._said.seek(0)
        said = self._said.read(100_000).decode(errors="replace").strip()
        log.error("ffmpeg said: %s", said)
        known = next((code for code in REASONS if os.strerror(code).lower() in said.lower()), 0)
        if not known and shutil.disk_usage(self._path.parent).free < LEAST_ROOM:
            known = errno.ENOSPC
        if known:
            raise OSError(known, os.strerror(known))
        raise OSError("the program ffmpeg could not make the video; save a GIF instead")

    def interrupt(self) -> None:
        """Stop ffmpeg, if it still works."""
        self._process.kill()

    def release(self) -> None:
        """Stop ffmpeg, if it still works, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        self._said.close()
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # what was on its way is of no use
            self._process.stdin.close()
