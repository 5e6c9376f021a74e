"""Writing files that were not there before."""

import os
from pathlib import Path

from msgspec import Struct

from generator.model.problem import Problem


class New(Struct, frozen=True):
    """What was begun: paths of the files written, relative to the site's folder, with `/`."""

    files: tuple[str, ...] = ()


def write_new(root: Path, path: str, text: str) -> Problem | None:
    """Write a file of the site that does not exist yet; a Problem when it does (a link counts as existing).

    Raises: OSError when the folder cannot be written.
    """
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        return taken(path)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    return None


def taken(path: str) -> Problem:
    """What to say when the place of a new file is taken."""
    hint = "Choose another title, or go on writing in that file."
    return Problem("error", "CL912", "this file exists already and stays as it is", path, hint=hint)
