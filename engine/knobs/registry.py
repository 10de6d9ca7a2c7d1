"""What is to be chosen among, by name."""

from typing import Any, TypeVar

T = TypeVar("T")

MOST_LETTERS, MOST_KNOWN = 60, 30
"""Of a name, and names, that a message shows: either may come from a file."""


class Registry(dict[str, type[T]]):
    """The things of one kind that can be chosen, by name, in the order of definition.

    Parameters
    ----------
    noun : str
        What one of them is called in messages, such as 'activation'.
    kind : type
        The base class of everything in it.
    """

    def __init__(self, noun: str, kind: type) -> None:
        super().__init__()
        self.noun = noun
        self.kind = kind

    def register(self, cls: type[T]) -> type[T]:
        """Class decorator: add the class under its ``name``."""
        self[cls.name] = cls  # type: ignore[attr-defined]
        return cls

    def get(self, name: str, *_: Any) -> type[T]:
        """Return the class called `name`, or raise a ValueError that suggests one."""
        if isinstance(name, str) and name in self:
            return self[name]
        said = str(name)[:MOST_LETTERS]
        raise ValueError(f"unknown {self.noun} '{said}'{suggestion(said, self)}")

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)


def suggestion(name: str, known: Any) -> str:
    """Return what to add to 'unknown …': the nearest known name, or all of them."""
    import difflib  # only where something is misspelt

    near = difflib.get_close_matches(str(name)[:MOST_LETTERS], list(known)[:MOST_KNOWN], n=1)
    if near:
        return f"; did you mean '{near[0]}'?"
    shown = [str(each)[:MOST_LETTERS] for each in list(known)[:MOST_KNOWN]]
    return f"; there are {', '.join(shown)}{', …' if len(known) > MOST_KNOWN else ''}"
