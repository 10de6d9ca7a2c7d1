"""Forms generated from declared settings.

A setting's domain decides its editor: a new domain is one class with the decorator
:func:`gui.forms.editor.edits`, in a module that is imported here.
"""

from gui.forms import choices, listing, numbers, points, tables
from gui.forms.editor import Editor
from gui.forms.form import Form

__all__ = ["Editor", "Form", "choices", "listing", "numbers", "points", "tables"]
