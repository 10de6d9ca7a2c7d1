"""Files of arrays with a description: an npz archive with JSON inside, never a pickle.

Opening one runs no code of the file's author: arrays are read with pickles refused.
"""

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

DESCRIPTION = "description"


def write_archive(
    path: str | os.PathLike[str], description: dict[str, Any], arrays: dict[str, np.ndarray]
) -> None:
    """Write a file; one that stands there is replaced whole or not at all.

    Parameters
    ----------
    description : dict
        With its ``format`` and ``version``, and whatever else JSON allows.
    arrays : dict of ndarray
    """
    target = Path(path)
    unfinished = target.with_name(target.name + ".part")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, description=np.array(json.dumps(description)), **arrays)  # type: ignore[arg-type]
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def read_archive(
    path: str | os.PathLike[str], kind: str, version: int, noun: str
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read description and arrays of a file.

    Parameters
    ----------
    kind : str
        The ``format`` that is wanted.
    version : int
        The newest that is understood.
    noun : str
        What such a file is called, such as "a model file".

    Raises
    ------
    ValueError
        When it is another kind of file, damaged, or newer; for people.
    OSError
        When it cannot be read at all.
    """
    name = Path(path).name
    try:
        with open(path, "rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
    except (ValueError, TypeError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise ValueError(f"{name} is not {noun}, or damaged ({error})") from None
    try:
        description = json.loads(str(arrays.pop(DESCRIPTION)))
        is_ours = description["format"] == kind
    except (KeyError, TypeError, json.JSONDecodeError):
        is_ours = False
    if not is_ours:
        raise ValueError(f"{name}: not {noun}")
    if description["version"] > version:
        raise ValueError(
            f"{name}: written by a newer version (format {description['version']}; "
            f"this program reads up to {version})"
        )
    return description, arrays


@contextmanager
def explained(path: str | os.PathLike[str]) -> Iterator[None]:
    """Let what is wrong with a file's content be a ValueError that names the file."""
    name = Path(path).name
    try:
        yield
    except KeyError as error:
        raise ValueError(f"{name} is damaged: {error.args[0]} is missing") from None
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name}: {error}") from None
