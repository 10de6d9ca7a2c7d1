"""From the strokes to what the network sees, in a row of small pictures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.drawing.ink import fitted, paint_strokes
from gui.drawing.sketch import Stroke
from gui.reading import Reading

GAP = 8.0
WIDEST_TILE = 120.0
MARGIN = 0.1
Paint = Callable[[QPainter, QRectF], None]


@dataclass(frozen=True, eq=False)
class Tile:
    """One picture of the strip: what stands under it, and what paints it (None: empty)."""

    caption: str
    help: str
    paint: Paint | None = None


class Strip(QWidget):
    """Pictures in a row, each made of the one before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("From your strokes to what the network sees")
        self.tiles: tuple[Tile, ...] = ()
        self.show_tiles((*stage_tiles((), None), why_tile(None)))

    def show_tiles(self, tiles: tuple[Tile, ...]) -> None:
        """Show other pictures; those that are the same objects are not painted again."""
        before, self.tiles = self.tiles, tiles
        if len(tiles) != len(before):
            self.setToolTip("\n".join(f"{tile.caption}: {tile.help}" for tile in tiles))
            self.updateGeometry()
            self.update()
            return
        for index, (new, old) in enumerate(zip(tiles, before, strict=True)):
            if new is not old:
                self.update(self.tile_rect(index).toAlignedRect())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._side(width) + self._line())

    def sizeHint(self) -> QSize:
        return QSize(280, self.heightForWidth(280))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(200))

    def _side(self, width: float) -> float:
        count = max(len(self.tiles), 1)
        return min((width - GAP * (count - 1)) / count, WIDEST_TILE)

    def _line(self) -> float:
        return QFontMetricsF(theme.font(8.5)).height() + 4

    def tile_rect(self, index: int) -> QRectF:
        """Return where a picture is."""
        side = min(self._side(self.width()), self.height() - self._line())
        width = len(self.tiles) * (side + GAP) - GAP
        return QRectF((self.width() - width) / 2 + index * (side + GAP), 0, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, tile in enumerate(self.tiles):
            box = self.tile_rect(index)
            if event.rect().intersects(box.toAlignedRect()):
                self._paint_tile(painter, box, tile)

    def _paint_tile(self, painter: QPainter, box: QRectF, tile: Tile) -> None:
        colors = theme.palette()
        painter.setPen(colors.color("line"))
        painter.setBrush(colors.color("plate"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if tile.paint is not None:
            painter.save()
            tile.paint(painter, box.adjusted(4, 4, -4, -4))
            painter.restore()
        painter.setPen(colors.color("muted"))
        painter.setFont(theme.font(8.5))
        caption = QRectF(box.left() - 4, box.bottom() + 3, box.width() + 8, self._line())
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(caption, flags, tile.caption)


# ---------------------------------------------------------------- what the tiles show


def stage_tiles(strokes: tuple[Stroke, ...], reading: Reading | None) -> tuple[Tile, ...]:
    """Return the stages from the strokes to the 8×8; empty where there is nothing to show."""
    upright = inked = seen = None
    if reading is not None and reading.stages is not None and not reading.stages.blank:
        boxed = tuple(each * (1 - 2 * MARGIN) + 0.5 for each in reading.stages.upright)
        upright = StrokesPaint(boxed)
        inked = PixelsPaint(reading.stages.inked, theme.grayscale)
    if reading is not None:
        seen = PixelsPaint(reading.picture / 16, theme.grayscale)
    yours = StrokesPaint(fitted(strokes, MARGIN)) if strokes else None
    return (
        Tile("yours", "your strokes, cropped", yours),
        Tile("upright", "its slant is taken out", upright),
        Tile("inked", "drawn anew with even ink, 32 by 32", inked),
        Tile("8 × 8", "all that the network sees", seen),
    )


def why_tile(reading: Reading | None) -> Tile:
    """Return what speaks for the answer and what against it, pixel by pixel."""
    weighed = None
    if reading is not None and reading.contributions is not None:
        weighed = PixelsPaint(_to_unit(reading.contributions), theme.diverging)
    return Tile("why", "orange speaks for the answer, blue against it", weighed)


def _to_unit(values: np.ndarray) -> np.ndarray:
    largest = float(np.abs(values).max())
    return values / largest if largest > 0 else values


@dataclass(frozen=True)
class StrokesPaint:
    """Paints strokes of the unit square as thin lines."""

    strokes: tuple[Stroke, ...]

    def __call__(self, painter: QPainter, box: QRectF) -> None:
        painter.translate(box.topLeft())
        side = box.width()
        paint_strokes(painter, self.strokes, side, side * 0.06, theme.palette().color("ink"))


@dataclass(frozen=True)
class PixelsPaint:
    """Paints a small picture as sharp squares, in the colours of the theme."""

    values: np.ndarray
    colored: Callable[[np.ndarray], np.ndarray]

    def __call__(self, painter: QPainter, box: QRectF) -> None:
        pixels = np.ascontiguousarray(self.colored(self.values))
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(box, image)
