"""What the program remembers between two starts."""

from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths


def settings() -> QSettings:
    """Return the store of remembered settings, a plain text file on every system."""
    return QSettings(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Chainrule", "Chainrule"
    )


def data_folder() -> Path:
    """Return the folder that the system has for what the program keeps; it may not exist yet."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place))
