"""What the program remembers between two starts."""

from PySide6.QtCore import QSettings


def settings() -> QSettings:
    """Return the store of remembered settings, a plain text file on every system."""
    return QSettings(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Chainrule", "Chainrule"
    )
