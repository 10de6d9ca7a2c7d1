"""Colours, fonts and icons: the one place that decides how the window looks.

Two palettes of our own, dark and light. Signed values (weights, data, surfaces) go from
blue through neutral to orange, after Okabe & Ito (2008), the pair that stays apart under
every common colour blindness; gradients have hues of their own. Widgets take colours from
:func:`palette` when they paint and repaint on ``QEvent.PaletteChange``; none keeps one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QToolTip

ThemeName = Literal["dark", "light"]
RESOURCES = Path(__file__).resolve().parent.parent / "resources"
FONT_FAMILY = "Inter"


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as ``#rrggbb``.

    Attributes
    ----------
    canvas, plate : str
        Ground of the drawings, and of the plate under an image on them.
    window, field, line : str
        Ground of the panels, of what can be typed in, and of dividers.
    text, muted : str
        What is read first, and what stands beside it.
    accent, on_accent : str
        What can be pressed or is selected, and text upon it.
    positive, negative, neutral : str
        The ends and the middle of the scale of signed values.
    gradient_positive, gradient_negative : str
        The same for derivatives of the loss.
    train, test : str
        Curves and points of the rows trained on and of those kept back.
    ink : str
        Strokes drawn by hand, and the bright end of image pixels.
    node : str
        The outline of a neuron.
    good, warning, error : str
        Verdicts.
    """

    name: ThemeName
    canvas: str
    plate: str
    window: str
    field: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    positive: str
    negative: str
    neutral: str
    gradient_positive: str
    gradient_negative: str
    train: str
    test: str
    ink: str
    node: str
    good: str
    warning: str
    error: str

    def color(self, role: str, alpha: float = 1.0) -> QColor:
        """Return the colour of a role, `alpha` between 0 (clear) and 1 (opaque)."""
        color = QColor(getattr(self, role))
        color.setAlphaF(alpha)
        return color

    def rgb(self, role: str) -> np.ndarray:
        """Return the colour of a role as float array (3,) of 0..255."""
        color = QColor(getattr(self, role))
        return np.array([color.red(), color.green(), color.blue()], dtype=float)


DARK = Palette(
    name="dark",
    canvas="#0d1117",
    plate="#0a0d12",
    window="#161b22",
    field="#0d1117",
    line="#30363d",
    text="#e6edf3",
    muted="#9198a1",
    accent="#8b7cf6",
    on_accent="#0d1117",
    positive="#ff9b45",
    negative="#459fff",
    neutral="#161b22",
    gradient_positive="#f277bd",
    gradient_negative="#3fd0a4",
    train="#a79bff",
    test="#f2cc60",
    ink="#f0f3f8",
    node="#9198a1",
    good="#3fb950",
    warning="#d9a521",
    error="#ff7b72",
)

LIGHT = Palette(
    name="light",
    canvas="#ffffff",
    plate="#f3f5f8",
    window="#f6f8fa",
    field="#ffffff",
    line="#d1d9e0",
    text="#1f2328",
    muted="#59636e",
    accent="#5b48d9",
    on_accent="#ffffff",
    positive="#d55e00",
    negative="#0072b2",
    neutral="#f3f5f8",
    gradient_positive="#b8328a",
    gradient_negative="#00785a",
    train="#5b48d9",
    test="#946200",
    ink="#1f2328",
    node="#6e7781",
    good="#1a7f37",
    warning="#8a6100",
    error="#c4262e",
)

PALETTES: dict[ThemeName, Palette] = {"dark": DARK, "light": LIGHT}
_current = DARK


def palette() -> Palette:
    """Return the palette in force."""
    return _current


def system_theme() -> ThemeName:
    """Return what the desktop asks for; dark where it does not say."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return "light" if scheme == Qt.ColorScheme.Light else "dark"


def load_fonts() -> None:
    """Make the shipped fonts known to Qt, so that the window looks alike everywhere."""
    for name in ("Inter-Regular", "Inter-SemiBold", "Inter-Italic"):
        data = (RESOURCES / "fonts" / f"{name}.ttf").read_bytes()
        QFontDatabase.addApplicationFontFromData(QByteArray(data))


def font(points: float = 10.0, bold: bool = False, tabular: bool = False) -> QFont:
    """Return the window's font at a size, scaled with the application's.

    Parameters
    ----------
    points : float
        Size where the application's font is at its usual 10 points.
    bold : bool
        Whether it is set in semibold.
    tabular : bool
        Whether all figures are equally wide, so that running numbers stand still.
    """
    usual = QApplication.font()
    return QFont(_made_font(usual.family(), points * usual.pointSizeF() / 10.0, bold, tabular))


@lru_cache(maxsize=256)
def _made_font(family: str, points: float, bold: bool, tabular: bool) -> QFont:
    made = QFont(family)
    made.setPointSizeF(points)
    if bold:
        made.setFamilies([f"{family} SemiBold", family])  # a family of its own here
        made.setWeight(QFont.Weight.DemiBold)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


@contextmanager
def painted_in(name: ThemeName) -> Iterator[None]:
    """Let pictures be painted in a theme, whichever the window wears."""
    global _current
    before, _current = _current, PALETTES[name]
    try:
        yield
    finally:
        _current = before


def apply_theme(application: QApplication, name: ThemeName) -> None:
    """Dress the whole application, live."""
    global _current
    from gui.look import Look  # which draws in the colours of this module

    _current = PALETTES[name]
    if not isinstance(application.style(), Look):
        application.setStyle(Look())
    made = qt_palette(_current)
    application.setPalette(made)
    QToolTip.setPalette(made)
    made.setColor(QPalette.ColorRole.WindowText, QColor(_current.muted))
    application.setPalette(made, "QStatusBar")  # type: ignore[arg-type]
    # Else the widgets hear of it a turn later, after what is painted or grabbed meanwhile.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.ApplicationPaletteChange)


def apply_text_size(application: QApplication, points: float) -> None:
    """Give the whole application letters of another size, live."""
    made = QFont(application.font())
    made.setPointSizeF(points)
    application.setFont(made)
    # Else the widgets hear of it a turn later, and all is laid out and painted twice.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.ApplicationFontChange)


def qt_palette(colors: Palette) -> QPalette:
    made = QPalette()
    roles = QPalette.ColorRole
    for role, color in (
        (roles.Window, colors.window),
        (roles.WindowText, colors.text),
        (roles.Base, colors.field),
        (roles.AlternateBase, colors.window),
        (roles.Text, colors.text),
        (roles.PlaceholderText, colors.muted),
        (roles.Button, colors.window),
        (roles.ButtonText, colors.text),
        (roles.BrightText, colors.error),
        (roles.Highlight, colors.accent),
        (roles.HighlightedText, colors.on_accent),
        (roles.ToolTipBase, colors.field),
        (roles.ToolTipText, colors.text),
        (roles.Link, colors.accent),
        (roles.LinkVisited, colors.warning),
        (roles.Light, colors.line),
        (roles.Midlight, colors.line),
        (roles.Mid, colors.line),
        (roles.Dark, colors.line),
        (roles.Shadow, colors.canvas),
        (roles.Accent, colors.accent),
    ):
        made.setColor(role, QColor(color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, colors.color("muted", 0.6))
    return made


# ---------------------------------------------------------------- icons


def icon_pixmap(name: str, role: str, size: int, ratio: float) -> QPixmap:
    """Draw an icon of ``resources/icons`` in a colour of the palette.

    Parameters
    ----------
    name, role : str
        The icon's file name without its ending, and the palette's role for its colour.
    size : int
        Side in device-independent pixels.
    ratio : float
        Device pixels for each of those.
    """
    return _drawn_icon(name, getattr(_current, role), size, ratio)


@lru_cache(maxsize=256)
def _drawn_icon(name: str, color: str, size: int, ratio: float) -> QPixmap:
    svg = (RESOURCES / "icons" / f"{name}.svg").read_text()
    svg = svg.replace("currentColor", color)
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def application_icon() -> QIcon:
    """Return the program's own icon, in the sizes that title bars and task bars ask for."""
    made = QIcon()
    for side in (16, 32, 64, 256):
        made.addPixmap(icon_pixmap("chainrule", "text", side, 1.0))
    return made


def icon(name: str, role: str = "text") -> QIcon:
    """Return an icon in the palette's colour, sharp on this screen."""
    made = QIcon()
    for ratio in {1.0, QGuiApplication.primaryScreen().devicePixelRatio()}:
        made.addPixmap(icon_pixmap(name, role, 20, ratio))
        made.addPixmap(icon_pixmap(name, "muted", 20, ratio), QIcon.Mode.Disabled)
    return made


# ---------------------------------------------------------------- signed values


def diverging(values: np.ndarray, gamma: float = 0.8) -> np.ndarray:
    """Colour signed values: blue below zero, neutral at zero, orange above.

    Parameters
    ----------
    values : ndarray
        Any shape, in [-1, 1]; what lies outside is drawn as the nearer end.
    gamma : float
        Exponent of the strength; below 1 brings out small values.

    Returns
    -------
    ndarray of uint32
        ``0xffRRGGBB``, ready for a QImage of ``Format_RGB32``.
    """
    table = _diverging_table(_current.name, gamma)
    bounded = np.clip(np.nan_to_num(values), -1, 1)
    return table[((bounded + 1.0) * 127.5 + 0.5).astype(np.uint8)]


@lru_cache(maxsize=8)
def _diverging_table(name: ThemeName, gamma: float) -> np.ndarray:
    colors = PALETTES[name]
    value = np.linspace(-1, 1, 256)[:, None]
    strength = np.abs(value) ** gamma
    end = np.where(value < 0, colors.rgb("negative"), colors.rgb("positive"))
    return pack_rgb(colors.rgb("neutral") * (1 - strength) + end * strength)


def grayscale(values: np.ndarray) -> np.ndarray:
    """Colour intensities in [0, 1] from the plate to the ink, as ``0xffRRGGBB``."""
    bounded = np.clip(np.nan_to_num(values), 0, 1)
    return _grayscale_table(_current.name)[(bounded * 255 + 0.5).astype(np.uint8)]


@lru_cache(maxsize=2)
def _grayscale_table(name: ThemeName) -> np.ndarray:
    strength = np.linspace(0, 1, 256)[:, None]
    colors = PALETTES[name]
    return pack_rgb(colors.rgb("plate") * (1 - strength) + colors.rgb("ink") * strength)


def pack_rgb(rgb: np.ndarray) -> np.ndarray:
    """Pack ``(..., 3)`` of 0..255 into ``0xffRRGGBB``."""
    part = np.rint(rgb).astype(np.uint32)
    return np.uint32(0xFF000000) | (part[..., 0] << 16) | (part[..., 1] << 8) | part[..., 2]
