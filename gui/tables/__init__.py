"""Tables of one's own: opened, looked at, and taken as data.

See ``opening`` (a file chosen, or one opened before), ``dialog`` (what the columns are for),
``columns`` and ``preview`` (what it shows). The setting in the form is in :mod:`gui.forms.tables`.
"""
