"""What a person chose for their eyes: the theme, the size of the text, less motion."""

from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.own_fonts import renew_fonts
from gui.settings import REDUCED_MOTION, TEXT_SIZE, THEME, Setting

USUAL_POINTS = TEXT_SIZE.usual
TEXT_SIZES = (8.0, 9.0, 10.0, 11.0, 12.0, 14.0, 16.0, 18.0, 21.0, 24.0)
T = TypeVar("T")


def chosen_theme(option: theme.ThemeName | None) -> theme.ThemeName:
    """Return the theme asked for, else the remembered one, else the system's."""
    remembered = THEME.value
    for name in theme.PALETTES:
        if option is None and remembered == name:
            return name
    return option or theme.system_theme()


def remembered_text_size() -> int:
    """Return the text's size in points, the usual one where nothing sensible is remembered."""
    return round(TEXT_SIZE.value)


class Appearance(QObject):
    """Changes how the whole application looks.

    Parameters
    ----------
    remember : bool
        Whether the choices are written to the settings, and the one about motion read.

    Attributes
    ----------
    reduced_motion : bool
        Whether nothing should flow or sweep.

    Signals
    -------
    changed
        Colours or the size of the text are others now.
    motionChanged
        `reduced_motion` is another one now.
    """

    changed = Signal()
    motionChanged = Signal()

    def __init__(self, remember: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._remember = remember
        self.reduced_motion = remember and REDUCED_MOTION.value

    def _keep(self, setting: Setting[T], value: T) -> None:
        if self._remember:
            setting.keep(value)

    @Slot()
    def toggle_theme(self) -> None:
        """Switch between dark and light; the choice is remembered."""
        name: theme.ThemeName = "light" if theme.palette().name == "dark" else "dark"
        self._keep(THEME, name)
        self.set_theme(name)

    def set_theme(self, name: theme.ThemeName) -> None:
        """Dress the whole application."""
        theme.apply_theme(QApplication.instance(), name)  # type: ignore[arg-type]
        self.changed.emit()

    @Slot()
    def enlarge_text(self) -> None:
        self._set_text_size(_beside_present(1))

    @Slot()
    def shrink_text(self) -> None:
        self._set_text_size(_beside_present(-1))

    @Slot()
    def reset_text(self) -> None:
        self._set_text_size(USUAL_POINTS)

    def _set_text_size(self, points: float) -> None:
        theme.apply_text_size(QApplication.instance(), points)  # type: ignore[arg-type]
        renew_fonts()
        self.changed.emit()
        self._keep(TEXT_SIZE, points)

    @Slot(bool)
    def set_reduced_motion(self, reduced: bool) -> None:
        """Let things move, or stand where a person wants less motion."""
        self.reduced_motion = reduced
        self._keep(REDUCED_MOTION, reduced)
        self.motionChanged.emit()


def _beside_present(steps: int) -> float:
    """Return the size of text that lies some steps from the present one."""
    present = QApplication.font().pointSizeF()
    nearest = min(TEXT_SIZES, key=lambda size: abs(size - present))
    index = TEXT_SIZES.index(nearest) + steps
    return TEXT_SIZES[min(max(index, 0), len(TEXT_SIZES) - 1)]
