"""Whether what was kept can be read again."""

from PySide6.QtCore import QSettings

from gui import settings, settings_file
from gui.settings import Setting

KNOWN = [each for each in vars(settings).values() if isinstance(each, Setting)]
KNOWN += settings.RECORDING.values()


def settings_are_whole(path):
    """Return whether a settings file holds nothing that would be set aside."""
    if not path.exists():
        return True
    if path.with_name("Chainrule-damaged.ini").exists() or settings_file._damage(path.read_bytes()):
        return False
    store = QSettings(str(path), QSettings.Format.IniFormat)
    if store.status() != QSettings.Status.NoError:
        return False
    for each in KNOWN:
        if store.contains(each.name):
            try:
                each.read(store.value(each.name))
            except (ValueError, LookupError):
                return False
    return True
