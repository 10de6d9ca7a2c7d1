"""Settings declared once.

A setting is a dataclass field made by :func:`knob`. From that one declaration come its
validation and the message when it is refused, the form in the window, and the JSON file.
Adding a hyperparameter is one line::

    @dataclass(frozen=True)
    class SGD(Declared):
        momentum: float = knob(0.0, label="Momentum", domain=Real(0, 1, open_high=True), ...)

What is to be chosen among (activations, optimizers, data sets) are such dataclasses too,
gathered in a :class:`Registry` by the decorator that stands at their definition.

See ``domains`` (the values allowed), ``declarations`` (the fields), ``registry`` (what is
chosen among), ``plain`` (to JSON and back).
"""

from engine.knobs.declarations import (
    Applies,
    Declared,
    Knob,
    SettingError,
    changed_knobs,
    knob,
    knobs,
    needs_restart,
)
from engine.knobs.domains import (
    Choice,
    Domain,
    Flag,
    Integer,
    ListOf,
    Matrices,
    Matrix,
    OneOf,
    Optional,
    Positions,
    Real,
    Scale,
    Text,
    Words,
    read_number,
    show_number,
)
from engine.knobs.plain import (
    from_plain,
    to_plain,
)
from engine.knobs.registry import (
    Registry,
    suggestion,
)

__all__ = [
    "Applies",
    "Choice",
    "Declared",
    "Domain",
    "Flag",
    "Integer",
    "Knob",
    "ListOf",
    "Matrices",
    "Matrix",
    "OneOf",
    "Optional",
    "Positions",
    "Real",
    "Registry",
    "Scale",
    "SettingError",
    "Text",
    "Words",
    "changed_knobs",
    "from_plain",
    "knob",
    "knobs",
    "needs_restart",
    "read_number",
    "show_number",
    "suggestion",
    "to_plain",
]
