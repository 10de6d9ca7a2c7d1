"""Writes animated GIFs with Pillow, a picture at a time. No Qt in it.

All pictures share one palette of colours that were seen in some of them, without dithering:
its noise would move. Of each picture only what has changed is written.
"""

from pathlib import Path

import numpy as np
from PIL import GifImagePlugin, Image
from scipy.spatial import cKDTree

CLEAR = 255
"""The index that leaves a point as it is; the palette has the others."""
COMMON = 112
"""Colours that cover most, such as the ground and the pixels of a digit: they are kept."""
LONGEST = 65_535


class GifWriter:
    """An animated GIF that repeats for ever.

    Parameters
    ----------
    path : Path
        The file.
    width, height : int
        In pixels.
    rate : int
        Pictures a second.
    """

    samples = 8

    def __init__(self, path: Path, width: int, height: int, rate: int) -> None:
        self._size = width, height
        self._rate = rate
        self._file = path.open("wb")
        self._index_of = np.full(2**24, CLEAR, np.uint8)  # every colour's, where it is known
        self._shown: np.ndarray | None = None
        self._patch: tuple[Image.Image, tuple[int, int]] | None = None
        self._since = self._pictures = 0

    def look_over(self, pictures: list[bytes]) -> None:
        """Choose the palette, and begin the file."""
        palette = shared_palette(pictures)
        self._palette, self._nearest = palette.tobytes(), cKDTree(palette[:CLEAR])
        first = Image.new("P", self._size)
        first.putpalette(self._palette)
        header, _used = GifImagePlugin.getheader(first, info={"loop": 0, "optimize": False})
        self._file.writelines(header)

    def write(self, picture: bytes, count: int) -> None:
        """Write what has changed; the same picture again is only shown for longer."""
        points = self._indices(picture)
        changed = np.ones_like(points, bool) if self._shown is None else points != self._shown
        if changed.any():
            self._flush()
            self._patch = self._cut(points, changed)
            self._shown, self._since = points, self._pictures
        self._pictures += count

    def _indices(self, picture: bytes) -> np.ndarray:
        """Return each point's place in the palette, (rows, columns)."""
        width, height = self._size
        pixels = np.frombuffer(picture, "<u4").reshape(height, width) & 0xFFFFFF
        points = self._index_of.take(pixels)
        new = np.unique(pixels[points == CLEAR])
        if len(new):
            self._index_of[new] = self._nearest.query(_rgb(new))[1]
            points = self._index_of.take(pixels)
        return points

    def _cut(self, points: np.ndarray, changed: np.ndarray) -> tuple[Image.Image, tuple[int, int]]:
        """Return the part of a picture that has changed, clear where it has not, and its place."""
        rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
        box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        patch = Image.fromarray(np.where(changed[box], points[box], np.uint8(CLEAR)))
        patch.putpalette(self._palette)
        return patch, (int(columns[0]), int(rows[0]))

    def _flush(self) -> None:
        """Write the patch that waits to be told how long it is shown."""
        if self._patch is None:
            return
        image, offset = self._patch
        shown = self._hundredths(self._pictures) - self._hundredths(self._since)
        blocks = GifImagePlugin.getdata(
            image,
            offset,
            duration=10 * min(shown, LONGEST),
            transparency=CLEAR,
            disposal=1,
        )
        self._file.writelines(blocks)
        self._patch = None

    def _hundredths(self, pictures: int) -> int:
        return round(100 * pictures / self._rate)

    def close(self) -> None:
        """Write the last picture and the end."""
        self._flush()
        self._file.write(b";")
        self._file.flush()

    def interrupt(self) -> None:
        """Do nothing: a picture takes no longer than the blink of an eye."""

    def release(self) -> None:
        """Close the file."""
        self._file.close()


def shared_palette(pictures: list[bytes]) -> np.ndarray:
    """Return colours (256, 3) of 0..255 that suit all pictures; the last repeats the first.

    The most common ones are kept as they are. Of the others, one that covers ever so much
    counts little more than one of a few points: a thin line of a hue of its own keeps it.
    """
    pixels = np.concatenate([np.frombuffer(each, "<u4") for each in pictures]) & 0xFFFFFF
    colors, counts = np.unique(pixels, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    common, rest = colors[order[:COMMON]], order[COMMON:]
    weighed = np.repeat(colors[rest], 1 + np.log2(counts[rest]).astype(int))
    palette = np.concatenate([_rgb(common), _divided(weighed, CLEAR - len(common))])
    spare = np.repeat(palette[:1], 256 - len(palette), axis=0)
    return np.concatenate([palette, spare])


def _divided(colors: np.ndarray, most: int) -> np.ndarray:
    """Return at most so many colours (n, 3) that stand for all of these."""
    if not len(colors):
        return _rgb(colors)
    image = Image.fromarray(_rgb(colors)[None])
    made = image.quantize(most, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return np.array(made.getpalette(), np.uint8).reshape(-1, 3)[:most]


def _rgb(packed: np.ndarray) -> np.ndarray:
    shifted = packed[:, None] >> np.array([16, 8, 0], packed.dtype)
    return (shifted & 255).astype(np.uint8)
